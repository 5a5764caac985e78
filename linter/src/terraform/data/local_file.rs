//! `local_file` and `template_file`: files of the repository.

use std::path::Path;

use super::Input;
use crate::eval::{self, Context, EvalError, Resolved, Scope};
use crate::syntax::{self, Traversal};
use crate::value::{Fields, Value};

/// `content` and `content_base64` of `data "local_file"`.
pub(super) fn compute(input: &Input<'_>) -> Vec<(&'static str, Value)> {
    let Some(name) = input.get("filename") else { return Vec::new() };
    let content = input.call("file", std::slice::from_ref(name));
    let encoded = input.call("base64encode", std::slice::from_ref(&content));
    vec![("content", content), ("content_base64", encoded)]
}

/// `rendered` of `data "template_file"`: the template with `vars` as its only names.
pub(super) fn template(input: &Input<'_>) -> Vec<(&'static str, Value)> {
    let Some(text) = input.get("template").and_then(Value::as_str) else { return Vec::new() };
    let empty = Fields::new();
    let names = input.get("vars").and_then(Value::as_fields).unwrap_or(&empty);
    let shown = input.context.sources.file(input.file()).map(|file| file.path.clone()).unwrap_or_default();
    let id =
        input.context.sources.add(Path::new(&format!("<template in {}>", shown.display())), text.as_bytes().into());
    let (tree, problems) = syntax::parse_template(id, text.as_bytes().into());
    let Some(expr) = tree.expr().filter(|_| problems.is_empty()) else { return Vec::new() };
    match eval::evaluate(expr, &Names(names), input.context) {
        Ok(value) => vec![("rendered", value)],
        Err(error) => vec![("rendered", error.to_unknown())],
    }
}

struct Names<'n>(&'n Fields);

impl Scope for Names<'_> {
    fn resolve(&self, reference: &Traversal<'_>, _: &Context<'_>) -> Result<Resolved, EvalError> {
        match self.0.get(reference.root) {
            Some(value) => Ok(Resolved { value: value.clone(), steps: 0 }),
            None => {
                let message = format!("{:?} is not among the vars of the template", reference.root);
                Err(EvalError::fixed(reference.span, message))
            }
        }
    }
}
