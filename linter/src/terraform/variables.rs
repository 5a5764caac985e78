//! Where the root module's variables get their values, in Terraform's order of precedence.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files::automatic_variable_files;
use super::load::clean;
use crate::diagnostic::Diagnostic;
use crate::eval::{self, Context, EvalError, Resolved, Scope};
use crate::source::{SourceMap, Span, System};
use crate::syntax::{self, Expr, ExprKind, Traversal, Tree};
use crate::value::{Origin, OriginKind, Value};

/// Largest variables file, in bytes.
const MAX_FILE_BYTES: u64 = 16 << 20;

/// What the user gives besides the directory.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `--var-file`, in order. Relative paths start from the current directory.
    pub var_files: Vec<PathBuf>,
    /// `--var name=value`, in order; they win over files.
    pub vars: Vec<(String, String)>,
    /// The workspace; `None` reads `TF_WORKSPACE`, then the one selected in the data directory.
    pub workspace: Option<String>,
}

/// Values given to the root module.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    given: BTreeMap<String, Given>,
}

#[derive(Debug)]
enum Given {
    /// Evaluated from a variables file.
    Value(Value),
    /// Text from the command line or the environment: what it means depends on the variable's type.
    Text(String),
}

impl Inputs {
    /// Reads all sources of values for the root module in `dir`; gives the files read too.
    pub(super) fn collect(
        system: &dyn System,
        map: &SourceMap,
        context: &Context<'_>,
        dir: &Path,
        options: &Options,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> (Self, Vec<PathBuf>) {
        let mut inputs = Self::default();
        for (name, text) in system.env_vars("TF_VAR_") {
            if let Some(name) = name.strip_prefix("TF_VAR_") {
                inputs.given.insert(name.to_owned(), Given::Text(text));
            }
        }
        let entries = system.read_dir(dir).unwrap_or_default();
        let automatic = automatic_variable_files(&entries).into_iter().map(|name| clean(&dir.join(name)));
        let files: Vec<PathBuf> = automatic.chain(options.var_files.iter().cloned()).collect();
        let found = files.len() - options.var_files.len();
        for (idx, path) in files.iter().enumerate() {
            // Files that are found may be links to anywhere; those that the user names are the user's choice.
            let read = if idx < found {
                context.boundary.read(system, path, MAX_FILE_BYTES).map_err(|escape| escape.to_string())
            } else {
                system.read(path, MAX_FILE_BYTES).map_err(|error| error.to_string())
            };
            match read {
                Ok(bytes) => inputs.read_file(map, context, path, bytes.into(), diagnostics),
                Err(error) => {
                    let message = format!("The variables file cannot be read: {error}");
                    diagnostics.push(Diagnostic::file_error(crate::source::display_path(path), message));
                }
            }
        }
        for (name, text) in &options.vars {
            inputs.given.insert(name.clone(), Given::Text(text.clone()));
        }
        (inputs, files)
    }

    /// Inputs from values that are already there, as plans hold them.
    pub(super) fn from_values(values: impl IntoIterator<Item = (String, Value)>) -> Self {
        Self { given: values.into_iter().map(|(name, value)| (name, Given::Value(value))).collect() }
    }

    /// The value given to a variable. `is_text` says that its type makes given text mean itself.
    pub(super) fn value(&self, name: &str, is_text: bool, context: &Context<'_>) -> Option<Result<Value, String>> {
        match self.given.get(name)? {
            Given::Value(value) => Some(Ok(value.clone())),
            Given::Text(text) => {
                let value = if is_text { Ok(Value::string(text)) } else { parse_text(name, text, context) };
                let origin = Origin::new(OriginKind::VariableGiven(name.into()), None);
                Some(value.map(|value| value.from_origin(Some(origin))))
            }
        }
    }

    fn read_file(
        &mut self,
        map: &SourceMap,
        context: &Context<'_>,
        path: &Path,
        bytes: Arc<[u8]>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let id = map.add(path, bytes.clone());
        let (tree, problems) = syntax::parse_file(path, id, bytes);
        diagnostics.extend(problems);
        self.take_tree(&tree, context, diagnostics);
    }

    fn take_tree(&mut self, tree: &Tree, context: &Context<'_>, diagnostics: &mut Vec<Diagnostic>) {
        for attribute in tree.body().attributes() {
            let name = attribute.name();
            match eval::evaluate(attribute.expr(), &NoNames, context) {
                Ok(value) => {
                    let origin = Origin::after(OriginKind::VariableFile(name.into()), Some(attribute.span()), None);
                    self.given.insert(name.to_owned(), Given::Value(value.from_origin(Some(origin))));
                }
                // What the evaluator says may quote a secret that lacks its quotes.
                Err(error) => diagnostics.push(no_names(error.span).to_diagnostic()),
            }
        }
        for block in tree.body().blocks() {
            // The block's type is not said: where a line is broken it may be part of a secret.
            let message = "A variables file holds `name = value` lines only, no blocks";
            diagnostics.push(Diagnostic::error(block.header_span(), message));
        }
    }
}

/// Given text as an expression: `["a"]`, `{a = 1}`, `true`.
fn parse_text(name: &str, text: &str, context: &Context<'_>) -> Result<Value, String> {
    let id = context.sources.add(Path::new(&format!("<value of {name}>")), text.as_bytes().into());
    let (tree, problems) = syntax::parse_expression(id, text.as_bytes().into());
    // What is wrong is not said: the message would quote what may be a secret that lacks its quotes.
    let refused = |what: &str| format!("The value given for var.{name} {what}");
    if !problems.is_empty() {
        return Err(refused("is not an expression"));
    }
    let expr = tree.expr().ok_or_else(|| refused("is empty"))?;
    eval::evaluate(expr, &NoNames, context).map_err(|_| refused("cannot be evaluated: write a value without names"))
}

/// Whether a variable's type makes text from the command line mean itself: primitive types and no type at all.
pub(super) fn takes_text(type_expr: Option<Expr<'_>>) -> bool {
    match type_expr.map(Expr::kind) {
        None => true,
        Some(ExprKind::Variable(name) | ExprKind::String(name)) => matches!(name, "string" | "number" | "bool"),
        Some(_) => false,
    }
}

/// The scope of variable files and defaults: nothing has a name there.
pub(super) struct NoNames;

impl Scope for NoNames {
    fn resolve(&self, reference: &Traversal<'_>, _: &Context<'_>) -> Result<Resolved, EvalError> {
        Err(no_names(reference.span))
    }
}

fn no_names(span: Span) -> EvalError {
    EvalError::fixed(span, "References are not allowed here; write the value itself")
}
