//! Calls of functions in unit tests.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Call, call};
use crate::eval::{Context, Dialect, Limits};
use crate::source::{Boundary, FileId, Memory, SourceMap, Span, System};
use crate::value::{Kind, Knowledge, Reason, Symbol, TemplatePart, Type, Unknown, Value};

/// A context over a machine: its boundary and working directory.
pub(super) fn on<T>(system: &dyn System, root: &str, limits: Limits, work: impl FnOnce(&Context<'_>) -> T) -> T {
    let (boundary, sources) = (Boundary::at(system, Path::new(root)), SourceMap::default());
    let mut context = Context::new(system, &boundary, &sources, PathBuf::from(root), Dialect::Terraform);
    context.limits = limits;
    work(&context)
}

/// The result of a call, or the message of its error.
pub(super) fn called_in(name: &str, args: &[Value], context: &Context<'_>) -> Result<Value, String> {
    let span = Span::new(file(), 0, 0);
    let spans = vec![span; args.len()];
    call(&Call { name, args, arg_spans: &spans, span }, context).map_err(|error| error.message)
}

/// The result of a call on a machine without files.
pub(super) fn called(name: &str, args: &[Value]) -> Result<Value, String> {
    on(&Memory::new(), "/", Limits::default(), |context| called_in(name, args, context))
}

fn file() -> FileId {
    SourceMap::default().add(Path::new("test"), Arc::from([]))
}

/// An unknown string that is an attribute of a resource.
pub(super) fn symbol(address: &str) -> Value {
    let mut unknown = Unknown::new(Type::String, Reason::Computed(address.into(), "id".into()));
    unknown.knowledge = Knowledge::Symbol(Symbol { address: address.into(), attribute: "id".into() });
    Kind::Unknown(Arc::new(unknown)).into()
}

/// Text with holes.
pub(super) fn template(parts: &[Result<&str, Value>]) -> Value {
    let parts = parts.iter().map(|part| match part {
        Ok(text) => TemplatePart::Text((*text).into()),
        Err(hole) => TemplatePart::Hole(hole.clone()),
    });
    let mut unknown = Unknown::new(Type::String, Reason::NoValue("var.x".into()));
    unknown.knowledge = Knowledge::Template(parts.collect());
    Kind::Unknown(Arc::new(unknown)).into()
}

/// The value at a path of names and positions.
pub(super) fn at(value: &Value, path: &[&str]) -> Value {
    path.iter().fold(value.clone(), |value, step| match value.as_fields() {
        Some(fields) => fields.get(*step).unwrap().clone(),
        None => value.as_items().unwrap().get(step.parse::<usize>().unwrap()).unwrap().clone(),
    })
}
