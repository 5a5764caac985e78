//! What the schema found wrong, in words.

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;

use super::document::Document;
use crate::diagnostic::Diagnostic;

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
            (format!("{} is not a setting of {place}", names.join(", ")), None)
        }
        ValidationErrorKind::Pattern { .. } if pointer.ends_with("/expires") || pointer.ends_with("/date") => {
            (format!("{what} is not a date: {}", error.instance()), Some("Write it as 2027-03-31.".to_owned()))
        }
        _ => (format!("{what}: {error}"), None),
    }
}
