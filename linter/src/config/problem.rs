//! What the schema found wrong, in words.

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value as Json;

use super::document::Document;
use crate::diagnostic::{Diagnostic, closest};

/// The diagnostic for a violation of the schema.
pub(super) fn diagnostic(document: &Document, error: &ValidationError<'_>) -> Diagnostic {
    let pointer = error.instance_path().to_string();
    let (message, help) = words(&pointer, error);
    let mut place = pointer.clone();
    if let ValidationErrorKind::AdditionalProperties { unexpected } = error.kind()
        && let Some(name) = unexpected.first()
    {
        place = format!("{pointer}/{}", super::document::escape(name));
    }
    let diagnostic = match document.place(&place) {
        Some(span) => Diagnostic::error(span, message),
        None => Diagnostic::file_error("palisade.hcl", message),
    };
    match help {
        Some(help) => diagnostic.with_help(help),
        None => diagnostic,
    }
}

fn words(pointer: &str, error: &ValidationError<'_>) -> (String, Option<String>) {
    let what = pointer.trim_start_matches('/').replace('/', " ");
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            let help = if pointer.starts_with("/waiver") {
                Some("A waiver needs a rule, a reason, an owner and the date it expires.".to_owned())
            } else {
                None
            };
            (format!("{what} has no {name:?}"), help)
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let names: Vec<String> = unexpected.iter().map(|name| format!("{name:?}")).collect();
            let place = if what.is_empty() { "the configuration".to_owned() } else { what };
            (format!("{} is not a setting of {place}", names.join(", ")), settings_help(unexpected, error))
        }
        ValidationErrorKind::Pattern { .. } if pointer.ends_with("/expires") || pointer.ends_with("/date") => {
            (format!("{what} is not a date: {}", error.instance()), Some("Write it as 2027-03-31.".to_owned()))
        }
        ValidationErrorKind::Enum { options } => {
            let options: Vec<String> = options.as_array().into_iter().flatten().map(plain).collect();
            (format!("{what}: {:?} is not one of {}", plain(error.instance()), options.join(", ")), None)
        }
        ValidationErrorKind::Type { kind: TypeKind::Single(JsonType::Array) } => {
            let help = format!("Write a list: [{}].", error.instance());
            (format!("{what} is no list: {}", error.instance()), Some(help))
        }
        _ => (format!("{what}: {error}"), None),
    }
}

/// A value as its text, without the quotes of JSON.
fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What may stand where an unknown setting stands, nearest name first.
fn settings_help(unexpected: &[String], error: &ValidationError<'_>) -> Option<String> {
    let schema: Json = serde_json::from_str(super::SCHEMA).ok()?;
    let path = error.schema_path().to_string();
    let properties = schema.pointer(path.strip_suffix("/additionalProperties")?)?.get("properties")?.as_object()?;
    let known = || properties.keys().map(String::as_str);
    if let Some(close) = unexpected.iter().find_map(|name| closest(name, known())) {
        return Some(format!("Did you mean {close:?}?"));
    }
    Some(format!("There are {}.", known().collect::<Vec<_>>().join(", ")))
}
