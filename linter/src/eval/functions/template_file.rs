//! `templatefile`: a file as a template that sees only the variables it is given.

use std::path::Path;

use super::files::content;
use super::paths::absolute;
use super::{Call, Function, FunctionError, Parameter, Signature, Unknowns};
use crate::eval::{Context, EvalError, render_template};
use crate::value::{Type, Value};

pub(super) const FUNCTIONS: &[Function] = &[Function::new(
    "templatefile",
    &[
        Parameter::new("path", Signature::String),
        Parameter::new("vars", Signature::Any).with_unknowns(Unknowns::Inside).with_marks(),
    ],
    Signature::Any,
    templatefile,
)];

fn templatefile(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let Some(variables) = call.value(1)?.as_fields() else {
        return Err(FunctionError::argument(1, "invalid vars value: must be a map"));
    };
    if let Some(name) = variables.keys().find(|name| !is_identifier(name)) {
        let message = format!(
            "invalid template variable name {name:?}: must start with a letter, followed by zero or more letters, \
             digits, and underscores"
        );
        return Err(FunctionError::argument(1, message));
    }
    let bytes = match content(call, context, Type::Any)? {
        Ok(bytes) => bytes,
        Err(unknown) => return Ok(unknown),
    };
    if std::str::from_utf8(&bytes).is_err() {
        return Err(FunctionError::argument(0, format!("contents of {:?} are not valid UTF-8", call.text(0)?)));
    }
    let path = absolute(call.text(0)?, context);
    let here = context.system.current_dir();
    let shown: &Path = path.strip_prefix(&here).unwrap_or(&path);
    let rendered = render_template(shown, bytes.into(), variables, call.span, context);
    let rendered = rendered.map_err(|error| within_template(&error, context))?;
    if rendered.is_null() {
        return Err(FunctionError::new("the result of the template is null"));
    }
    Ok(rendered.marked(call.value(1)?.marks))
}

/// What went wrong in the template, with its place there.
fn within_template(error: &EvalError, context: &Context<'_>) -> FunctionError {
    if let Some(limit) = error.message.strip_prefix("Limit reached: ") {
        return FunctionError::limit(limit);
    }
    let place = context.sources.location(error.span);
    let place = place.map_or_else(String::new, |place| format!("{}:{}: ", place.file, place.start.line));
    FunctionError::new(format!("{place}{}", error.message))
}

/// Whether a template can refer to a variable of this name.
fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    let first = characters.next().is_some_and(|first| first.is_alphabetic() || first == '_');
    first && characters.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}
