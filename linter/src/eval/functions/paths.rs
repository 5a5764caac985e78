//! Functions that compute with paths as text, the way Go does on Unix.

use std::path::PathBuf;

use super::{Call, Function, FunctionError, Parameter, Signature};
use crate::eval::Context;
use crate::value::{Kind, Reason, Refinement, Type, Unknown, Value};

const PATH: Parameter = Parameter::new("path", Signature::String);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("abspath", &[PATH], Signature::String, abspath),
    Function::new("basename", &[PATH], Signature::String, |call, _| Ok(Value::string(basename(call.text(0)?)))),
    Function::new("dirname", &[PATH], Signature::String, |call, _| Ok(Value::string(dirname(call.text(0)?)))),
    Function::new("pathexpand", &[PATH], Signature::String, pathexpand),
];

/// The path without `.`, `..` and empty parts, as far as that is possible by name alone; `.` if nothing is left.
pub(super) fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    match (rooted, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// The path as seen from the directory where Terraform would run, cleaned.
pub(super) fn absolute(path: &str, context: &Context<'_>) -> PathBuf {
    if path.starts_with('/') {
        return PathBuf::from(clean(path));
    }
    let dir = context.system.current_dir().join(&context.working_dir);
    PathBuf::from(clean(&format!("{}/{path}", dir.to_string_lossy())))
}

/// Whether the path begins with the home directory of a user, which no configuration may look into.
pub(super) fn starts_at_home(path: &str) -> bool {
    path.starts_with('~')
}

/// A value that depends on a file that cannot be read, or may not be.
pub(super) fn unreadable(ty: Type, path: &str) -> Value {
    not_null(Unknown::new(ty, Reason::Unreadable(path.into())))
}

/// An unknown value that will not be null.
pub(super) fn not_null(mut unknown: Unknown) -> Value {
    unknown.refinement = Refinement { not_null: unknown.ty != Type::Any, ..Refinement::default() };
    Kind::Unknown(unknown.into()).into()
}

fn abspath(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    Ok(Value::string(absolute(call.text(0)?, context).to_string_lossy()))
}

fn basename(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() { "/" } else { trimmed.rsplit('/').next().unwrap_or(trimmed) }
}

fn dirname(path: &str) -> String {
    let end = path.rfind('/').map_or(0, |at| at + 1);
    clean(path.get(..end).unwrap_or(""))
}

fn pathexpand(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let path = call.text(0)?;
    match path.strip_prefix('~') {
        None => Ok(Value::string(path)),
        // Whose home it is must not show in any finding.
        Some(rest) if rest.is_empty() || rest.starts_with('/') => {
            Ok(not_null(Unknown::new(Type::String, Reason::Function("pathexpand".into()))))
        }
        Some(_) => Err(FunctionError::new("cannot expand user-specific home dir")),
    }
}
