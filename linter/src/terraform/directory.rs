//! A directory as a root: load, evaluate, collect.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use super::evaluator::{Evaluator, ModuleInstance, ResourceInstance};
use super::expand::Repetition;
use super::instance::{Backend, Instance, Lifecycle, ModuleState, Move, Root};
use super::load::{self, Child, Sources};
use super::module::{MergedBody, Module};
use super::scope::{ModuleScope, join_address};
use super::variables::{Inputs, Options};
use crate::diagnostic::Diagnostic;
use crate::eval::functions::Call;
use crate::eval::{Context, Dialect, EvalError, Resolved, Scope};
use crate::source::{Boundary, SourceMap, System};
use crate::syntax::{Expr, ExprKind, Traversal, Tree};
use crate::value::{Fields, Origin, OriginKind, Value};

/// A root and what was said on the way.
#[derive(Debug)]
pub struct Loaded {
    /// The root.
    pub root: Root,
    /// Problems with the input.
    pub diagnostics: Vec<Diagnostic>,
    /// Files with a syntax error or that could not be read, as shown to the user.
    pub unparsed: Vec<PathBuf>,
}

/// A root module's directory, read and not evaluated yet; evaluating it under several options reads it once.
pub struct Directory<'s> {
    system: &'s dyn System,
    map: &'s SourceMap,
    boundary: &'s Boundary,
    dir: PathBuf,
    data_dir: PathBuf,
    sources: Sources,
}

/// The scope inside a provisioner: `when = destroy` and `on_failure = continue` are words, not references.
struct Keywords<'k> {
    outer: &'k dyn Scope,
}

impl Scope for Keywords<'_> {
    fn resolve(&self, reference: &Traversal<'_>, context: &Context<'_>) -> Result<Resolved, EvalError> {
        if reference.steps.is_empty() && matches!(reference.root, "create" | "destroy" | "continue" | "fail") {
            return Ok(Resolved { value: Value::string(reference.root), steps: 0 });
        }
        self.outer.resolve(reference, context)
    }

    fn call(&self, call: &Call<'_>, context: &Context<'_>) -> Option<Result<Value, EvalError>> {
        self.outer.call(call, context)
    }
}

/// Evaluates the root module in `dir`.
pub fn load_directory(
    system: &dyn System,
    map: &SourceMap,
    boundary: &Boundary,
    dir: &Path,
    options: &Options,
) -> Loaded {
    Directory::read(system, map, boundary, dir).evaluate(options)
}

impl<'s> Directory<'s> {
    /// Reads the root module in `dir` and all modules it calls.
    pub fn read(system: &'s dyn System, map: &'s SourceMap, boundary: &'s Boundary, dir: &Path) -> Self {
        let data_dir = system.env_var("TF_DATA_DIR").map_or_else(|| PathBuf::from(".terraform"), PathBuf::from);
        let dir = load::clean(dir);
        let sources = load::load(system, map, boundary, &dir, &data_dir);
        Self { system, map, boundary, dir, data_dir, sources }
    }

    /// The files that were read, as shown to the user.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.sources.files
    }

    /// The files with an error.
    #[must_use]
    pub fn unparsed(&self) -> &[PathBuf] {
        &self.sources.unparsed
    }

    /// The syntax trees of all files.
    pub fn trees(&self) -> impl Iterator<Item = &Tree> {
        self.sources.directories.iter().flat_map(|directory| directory.files.iter().map(|(tree, _)| tree))
    }

    /// Evaluates the root with these values for its variables.
    #[must_use]
    pub fn evaluate(&self, options: &Options) -> Loaded {
        let context = self.context();
        let mut problems = Vec::new();
        let (inputs, variable_files) =
            Inputs::collect(self.system, self.map, &context, &self.dir, options, &mut problems);
        let workspace = self.workspace(options);
        let mut loaded = self.run(context, &inputs, workspace, problems);
        loaded.root.files.extend(variable_files);
        loaded
    }

    /// Evaluates the root with the values a plan holds for its variables.
    #[must_use]
    pub fn evaluate_with(&self, variables: &Fields, workspace: Option<Arc<str>>) -> Loaded {
        let values = variables.iter().map(|(name, value)| (name.to_string(), value.clone()));
        self.run(self.context(), &Inputs::from_values(values), workspace, Vec::new())
    }

    fn context(&self) -> Context<'_> {
        Context::new(self.system, self.boundary, self.map, self.dir.clone(), Dialect::Terraform)
    }

    fn workspace(&self, options: &Options) -> Option<Arc<str>> {
        let named = options.workspace.clone().or_else(|| self.system.env_var("TF_WORKSPACE"));
        let selected = || {
            let bytes = self.system.read(&self.dir.join(&self.data_dir).join("environment"), 4096).ok()?;
            Some(String::from_utf8(bytes).ok()?.trim().to_owned())
        };
        named.or_else(selected).filter(|name| !name.is_empty()).map(Arc::from)
    }

    fn run(
        &self,
        context: Context<'_>,
        inputs: &Inputs,
        workspace: Option<Arc<str>>,
        problems: Vec<Diagnostic>,
    ) -> Loaded {
        let mut diagnostics = self.sources.diagnostics.clone();
        diagnostics.extend(problems);
        let modules: Vec<Module<'_>> = self
            .sources
            .directories
            .iter()
            .map(|directory| {
                let files: Vec<(&Tree, bool)> = directory.files.iter().map(|(tree, over)| (tree, *over)).collect();
                Module::build(&directory.path, &files, &mut diagnostics)
            })
            .collect();
        let majors = self.locked_majors();
        let evaluator = Evaluator::new(context, &modules, &self.sources.nodes, inputs, workspace.clone(), majors);
        let mut root = Root {
            path: self.dir.clone(),
            instances: Vec::new(),
            workspace,
            backend: None,
            moves: Vec::new(),
            removed: Vec::new(),
            providers: Vec::new(),
            modules: Vec::new(),
            files: self.sources.files.clone(),
            has_source: true,
            others: crate::terraform::Others::None,
        };
        if let Some(instance) = evaluator.root() {
            root.backend = evaluator.backend(&instance);
            for provider in &instance.module.providers {
                if let Some(config) = evaluator.provider_config(&instance, &provider.name) {
                    root.providers.push((provider.name.as_str().into(), config));
                }
            }
            evaluator.collect(&instance, &mut root);
            evaluator.evaluate_rest(&instance);
        }
        diagnostics.extend(evaluator.into_diagnostics());
        Loaded { root, diagnostics, unparsed: self.sources.unparsed.clone() }
    }

    fn locked_majors(&self) -> BTreeMap<String, u32> {
        let lock = self.dir.join(".terraform.lock.hcl");
        self.system.read(&lock, 1 << 20).map(|bytes| super::lock::majors(&bytes)).unwrap_or_default()
    }
}

impl<'a> Evaluator<'a> {
    /// Adds the instances of a module and of the modules it calls.
    fn collect(&self, module: &Rc<ModuleInstance<'a>>, root: &mut Root) {
        root.moves.extend(moves(module));
        for idx in 0..module.module.resources.len() {
            for (_, instance) in &self.resource_instances(module, idx).items {
                root.instances.push(self.instance(module, instance));
            }
        }
        for &name in module.module.calls.keys() {
            let address = join_address(&module.address, &format!("module.{name}"));
            if let Some(Child::Missing(reason)) = module.node.children.get(name) {
                root.modules.push((address.into(), ModuleState::Missing(reason.clone())));
                continue;
            }
            root.modules.push((address.into(), ModuleState::Loaded));
            for (_, child) in &self.children(module, name).items {
                if let Some(child) = self.module(*child) {
                    self.collect(&child, root);
                }
            }
        }
    }

    /// Evaluates what no resource asked for, so that its mistakes are said too.
    fn evaluate_rest(&self, root: &Rc<ModuleInstance<'a>>) {
        let repetition = Repetition::default();
        let scope = ModuleScope { evaluator: self, instance: root, repetition: &repetition, itself: None };
        for body in root.module.outputs.values() {
            if let Some(value) = body.attribute("value") {
                self.evaluate(value.expr(), &scope);
            }
        }
    }

    fn instance(&self, module: &ModuleInstance<'a>, instance: &ResourceInstance<'a>) -> Instance {
        let resource = instance.resource;
        let origin = Origin::new(OriginKind::Block(resource.resource_type.into()), Some(resource.span));
        Instance {
            address: instance.address.clone(),
            module: module.address.clone(),
            mode: resource.mode,
            resource_type: resource.resource_type.into(),
            name: resource.name.into(),
            key: instance.key.clone(),
            values: self.whole(instance).from_origin(Some(origin)),
            span: Some(resource.span),
            calls: module.calls.clone(),
            provider: self.provider(module, resource),
            extent: instance.extent,
            lifecycle: lifecycle(&resource.body),
            depends_on: depends_on(&resource.body, &module.address),
            provisioners: self.provisioners(module, instance),
            change: None,
        }
    }

    fn provisioners(&self, module: &ModuleInstance<'a>, instance: &ResourceInstance<'a>) -> Vec<Value> {
        let blocks = instance.resource.body.blocks();
        let provisioners = blocks.iter().filter(|block| block.kind() == "provisioner");
        let scope =
            ModuleScope { evaluator: self, instance: module, repetition: &instance.repetition, itself: Some(instance) };
        let scope = Keywords { outer: &scope };
        let value = |block: &crate::syntax::Block<'a>| {
            let mut fields: Fields = self.fields(&MergedBody::one(block.body()), None, &scope);
            fields.insert("type".into(), Value::string(block.label(0).map_or("", |label| label.text)));
            let origin = Origin::new(OriginKind::Block("provisioner".into()), Some(block.header_span()));
            Value::object(fields).from_origin(Some(origin))
        };
        provisioners.map(value).collect()
    }

    fn backend(&self, root: &Rc<ModuleInstance<'a>>) -> Option<Backend> {
        let (kind, block) = root.module.backend?;
        // Terraform wants literal values here, OpenTofu takes variables too.
        let repetition = Repetition::default();
        let scope = ModuleScope { evaluator: self, instance: root, repetition: &repetition, itself: None };
        let values = Value::object(self.fields(&MergedBody::one(block.body()), None, &scope));
        Some(Backend { kind: kind.into(), values, span: Some(block.header_span()) })
    }
}

fn lifecycle(body: &MergedBody<'_>) -> Lifecycle {
    let Some(block) = body.block("lifecycle") else { return Lifecycle::default() };
    let prevent = block.body().attribute("prevent_destroy").and_then(|attribute| match attribute.expr().kind() {
        ExprKind::Bool(value) => Some(value),
        _ => None,
    });
    let ignored = block.body().attribute("ignore_changes").map(|attribute| attribute.expr());
    let ignore_changes = match ignored.map(|expr| (expr, expr.kind())) {
        Some((_, ExprKind::Variable(all))) => vec![all.into()],
        Some((expr, _)) => expr.children().map(|item| reference(item).into()).collect(),
        None => Vec::new(),
    };
    Lifecycle { prevent_destroy: prevent, ignore_changes }
}

fn depends_on(body: &MergedBody<'_>, module: &str) -> Vec<Arc<str>> {
    let Some(attribute) = body.attribute("depends_on") else { return Vec::new() };
    attribute.expr().children().map(|item| join_address(module, &reference(item)).into()).collect()
}

fn moves(module: &ModuleInstance<'_>) -> Vec<Move> {
    let full = |expr: Expr<'_>| Arc::from(join_address(&module.address, &reference(expr)));
    module.module.moves.iter().map(|(from, to)| Move { from: full(*from), to: full(*to) }).collect()
}

/// A reference as text, whether written as one or, in JSON, as a string.
fn reference(expr: Expr<'_>) -> String {
    match expr.kind() {
        ExprKind::String(text) => text.to_owned(),
        _ => expr.text().to_owned(),
    }
}
