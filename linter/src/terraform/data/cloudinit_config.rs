//! `cloudinit_config`: parts to one document.
//!
//! What Terraform renders is a MIME archive, compressed and in Base64 by default; its exact bytes do not matter to
//! rules. The result is unknown text of which the parts are known: a template of all contents.

use std::sync::Arc;

use super::Input;
use crate::value::{Kind, Knowledge, Reason, TemplatePart, Type, Unknown, Value};

/// `rendered`.
pub(super) fn compute(input: &Input<'_>) -> Vec<(&'static str, Value)> {
    let Some(parts) = input.get("part").and_then(Value::as_items) else { return Vec::new() };
    let mut pieces: Vec<TemplatePart> = Vec::new();
    pieces.push(TemplatePart::Text(
        "Content-Type: multipart/mixed; boundary=\"MIMEBOUNDARY\"\nMIME-Version: 1.0\r\n\r\n".into(),
    ));
    for part in parts {
        let Some(fields) = part.as_fields() else { continue };
        let kind = fields.get("content_type").and_then(Value::as_str).unwrap_or("text/plain");
        pieces.push(TemplatePart::Text(format!("--MIMEBOUNDARY\r\nContent-Type: {kind}\r\n\r\n").into()));
        match fields.get("content") {
            Some(content) => match content.as_str() {
                Some(text) => pieces.push(TemplatePart::Text(text.into())),
                None => pieces.push(TemplatePart::Hole(content.clone())),
            },
            None => continue,
        }
        pieces.push(TemplatePart::Text("\r\n".into()));
    }
    pieces.push(TemplatePart::Text("--MIMEBOUNDARY--\r\n".into()));
    let mut unknown = Unknown::new(Type::String, Reason::Function("cloudinit_config".into()));
    unknown.refinement.not_null = true;
    unknown.knowledge = Knowledge::Template(pieces.into());
    vec![("rendered", Kind::Unknown(Arc::new(unknown)).into())]
}
