//! Functions that read files. They read inside the boundary only; what lies outside is unknown, and whether it is there at all
//! does not show either.

use std::path::Path;

use md5::Md5;
use sha1::Sha1;
use sha2::{Sha256, Sha512};

use super::paths::{absolute, not_null, starts_at_home, unreadable};
use super::{Call, Function, FunctionError, Parameter, Signature, base64_text, hashes};
use crate::eval::Context;
use crate::source::{EntryKind, Escape, ReadError};
use crate::value::{Reason, Type, Unknown, Value};

const PATH: Parameter = Parameter::new("path", Signature::String);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("file", &[PATH], Signature::String, file),
    Function::new("filebase64", &[PATH], Signature::String, filebase64),
    Function::new("filebase64sha256", &[PATH], Signature::String, |call, context| {
        hash_of_file(call, context, hashes::base64_of::<Sha256>)
    }),
    Function::new("filebase64sha512", &[PATH], Signature::String, |call, context| {
        hash_of_file(call, context, hashes::base64_of::<Sha512>)
    }),
    Function::new("fileexists", &[PATH], Signature::Bool, fileexists),
    Function::new("filemd5", &[PATH], Signature::String, |call, context| {
        hash_of_file(call, context, hashes::hex_of::<Md5>)
    }),
    Function::new("filesha1", &[PATH], Signature::String, |call, context| {
        hash_of_file(call, context, hashes::hex_of::<Sha1>)
    }),
    Function::new("filesha256", &[PATH], Signature::String, |call, context| {
        hash_of_file(call, context, hashes::hex_of::<Sha256>)
    }),
    Function::new("filesha512", &[PATH], Signature::String, |call, context| {
        hash_of_file(call, context, hashes::hex_of::<Sha512>)
    }),
];

/// What became of reading a file.
pub(super) enum Content {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// An unknown value that stands for what the file would give.
    Unknown(Value),
    /// Nothing is there, and the place is one that configuration may see.
    Missing,
    /// It cannot be read; the system's words.
    Failed(String),
}

/// Reads a file as configuration may. `ty` is the type of the unknown value where it may not.
///
/// # Errors
/// When the bound on work is reached.
pub(super) fn read(call: &Call<'_>, context: &Context<'_>, ty: Type) -> Result<Content, FunctionError> {
    let text = call.text(0)?;
    if starts_at_home(text) {
        return Ok(Content::Unknown(unreadable(ty, text)));
    }
    let path = absolute(text, context);
    let limit = context.limits.file_bytes;
    Ok(match context.boundary.read(context.system, &path, limit) {
        Ok(bytes) => {
            spend(bytes.len(), call, context)?;
            Content::Bytes(bytes)
        }
        Err(Escape::Outside { .. }) => Content::Unknown(unreadable(ty, text)),
        Err(Escape::Unreadable(_)) if !is_visible(&path, context) => Content::Unknown(unreadable(ty, text)),
        Err(Escape::Unreadable(ReadError::NotFound)) => Content::Missing,
        Err(Escape::Unreadable(ReadError::TooLarge(limit))) => {
            Content::Unknown(not_null(Unknown::new(ty, Reason::Limit(format!("{limit} bytes in one file").into()))))
        }
        Err(Escape::Unreadable(ReadError::Other(reason))) => Content::Failed(reason),
    })
}

/// Counts work on so many bytes.
pub(super) fn spend(bytes: usize, call: &Call<'_>, context: &Context<'_>) -> Result<(), FunctionError> {
    let work = context.spend(bytes as u64 / 16, call.span);
    work.map_err(|_| FunctionError::limit(format!("{} evaluation steps", context.limits.steps)))
}

/// Whether what is at the path, or the nearest directory above that exists, is inside the boundary.
pub(super) fn is_visible(path: &Path, context: &Context<'_>) -> bool {
    for ancestor in path.ancestors() {
        match context.boundary.resolve(context.system, ancestor) {
            Ok(_) => return !is_dangling_link(ancestor, path, context),
            Err(Escape::Outside { .. }) => return false,
            Err(Escape::Unreadable(_)) => {}
        }
    }
    false
}

/// Whether the name below `existing` on the way to `path` is there but leads nowhere: it may point outside.
fn is_dangling_link(existing: &Path, path: &Path, context: &Context<'_>) -> bool {
    let Some(name) = path.strip_prefix(existing).ok().and_then(|rest| rest.components().next()) else {
        return false;
    };
    let name = name.as_os_str().to_string_lossy();
    let entries = context.system.read_dir(existing).unwrap_or_default();
    entries.iter().any(|entry| entry.name == name && entry.kind == EntryKind::Other)
}

fn file(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let bytes = match content(call, context, Type::String)? {
        Ok(bytes) => bytes,
        Err(unknown) => return Ok(unknown),
    };
    String::from_utf8(bytes).map(Value::string).map_err(|_| {
        let path = call.text(0).unwrap_or_default();
        FunctionError::new(format!(
            "contents of {path:?} are not valid UTF-8; use the filebase64 function to obtain the Base64 encoded \
             contents or the other file functions (e.g. filemd5, filesha256) to obtain file hashing results instead"
        ))
    })
}

fn filebase64(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    Ok(match content(call, context, Type::String)? {
        Ok(bytes) => Value::string(base64_text::encode(&bytes)),
        Err(unknown) => unknown,
    })
}

/// The bytes of the file that the first argument names, or the unknown value that stands for what they give.
///
/// # Errors
/// As Terraform: when the file is missing or cannot be read.
pub(super) fn content(
    call: &Call<'_>,
    context: &Context<'_>,
    ty: Type,
) -> Result<Result<Vec<u8>, Value>, FunctionError> {
    let path = call.text(0)?;
    match read(call, context, ty)? {
        Content::Bytes(bytes) => Ok(Ok(bytes)),
        Content::Unknown(value) => Ok(Err(value)),
        Content::Missing => Err(FunctionError::argument(
            0,
            format!(
                "no file exists at {path:?}; this function works only with files that are distributed as part of the \
                 configuration source code, so if this file will be created by a resource in this configuration you \
                 must instead obtain this result from an attribute of that resource"
            ),
        )),
        Content::Failed(reason) => Err(FunctionError::argument(0, format!("failed to read {path:?}: {reason}"))),
    }
}

fn hash_of_file(call: &Call<'_>, context: &Context<'_>, hash: fn(&[u8]) -> String) -> Result<Value, FunctionError> {
    let path = call.text(0)?;
    match read(call, context, Type::String)? {
        Content::Bytes(bytes) => Ok(Value::string(hash(&bytes))),
        Content::Unknown(value) => Ok(value),
        Content::Missing => Err(FunctionError::new(format!("open {path}: no such file or directory"))),
        Content::Failed(reason) => Err(FunctionError::new(format!("read {path}: {reason}"))),
    }
}

fn fileexists(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let text = call.text(0)?;
    if starts_at_home(text) {
        return Ok(unreadable(Type::Bool, text));
    }
    let path = absolute(text, context);
    match context.boundary.resolve(context.system, &path) {
        Ok(real) => match context.system.kind(&real) {
            Some(EntryKind::File) => Ok(Value::from(true)),
            Some(EntryKind::Directory) => {
                Err(FunctionError::argument(0, format!("{text:?} is a directory, not a file")))
            }
            Some(EntryKind::Other) => Err(FunctionError::argument(0, format!("{text:?} is not a regular file"))),
            None => Ok(Value::from(false)),
        },
        Err(Escape::Unreadable(ReadError::NotFound)) if is_visible(&path, context) => Ok(Value::from(false)),
        Err(Escape::Unreadable(ReadError::Other(_) | ReadError::TooLarge(_))) if is_visible(&path, context) => {
            Err(FunctionError::new(format!("failed to stat {text:?}")))
        }
        Err(_) => Ok(unreadable(Type::Bool, text)),
    }
}

#[cfg(test)]
mod tests;
