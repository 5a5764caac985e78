//! A policy's value to a structure: parsed from text where it is text, holes kept as what fills them.

use std::sync::Arc;

use crate::value::{Fields, Kind, Knowledge, Number, TemplatePart, Unknown, Value};

/// Longer texts are not parsed.
const MAX_BYTES: usize = 1 << 20;

/// Deeper structures are cut.
const MAX_DEPTH: usize = 32;

/// Stands for a hole in text while it is parsed; private characters that no policy holds.
const HOLE: (char, char) = ('\u{E000}', '\u{E001}');

/// The structure of a policy; `None` if nothing is known of it or it is no JSON.
pub(super) fn structure(value: &Value) -> Option<Value> {
    match &value.kind {
        Kind::Null(_) => Some(Value::object(Fields::new())),
        Kind::String(text) => parse(text, &[]).map(|parsed| parsed.marked(value.marks)),
        Kind::Map(..) | Kind::Object(_) | Kind::List(..) | Kind::Set(..) | Kind::Tuple(_) => Some(value.clone()),
        Kind::Unknown(unknown) => match &unknown.knowledge {
            Knowledge::Json(inner) => Some((**inner).clone().marked(value.marks)),
            Knowledge::Template(parts) => template(parts).map(|parsed| parsed.marked(value.marks)),
            Knowledge::Nothing
            | Knowledge::Symbol(_)
            | Knowledge::Yaml(_)
            | Knowledge::Base64(_)
            | Knowledge::OneOf(_)
            | Knowledge::Members(_) => None,
        },
        Kind::Bool(_) | Kind::Number(_) => None,
    }
}

/// JSON text with holes, as a heredoc has them: inside strings and in place of whole values.
fn template(parts: &[TemplatePart]) -> Option<Value> {
    let (mut text, mut holes, mut in_string) = (String::new(), Vec::new(), false);
    for part in parts {
        match part {
            TemplatePart::Text(piece) => {
                in_string = ends_in_string(piece, in_string);
                text.push_str(piece);
            }
            TemplatePart::Hole(value) => {
                let mark = format!("{}{}{}", HOLE.0, holes.len(), HOLE.1);
                text.push_str(&if in_string { mark } else { format!("\"{mark}\"") });
                holes.push(value.clone());
            }
        }
    }
    parse(&text, &holes)
}

/// Whether text that begins inside or outside a JSON string ends inside one.
fn ends_in_string(text: &str, mut inside: bool) -> bool {
    let mut escaped = false;
    for ch in text.chars() {
        match ch {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            _ => {}
        }
    }
    inside
}

fn parse(text: &str, holes: &[Value]) -> Option<Value> {
    if text.len() > MAX_BYTES {
        return None;
    }
    if text.trim().is_empty() {
        return Some(Value::object(Fields::new()));
    }
    serde_json::from_str(text).ok().map(|json| from_json(&json, holes, MAX_DEPTH))
}

fn from_json(json: &serde_json::Value, holes: &[Value], depth: usize) -> Value {
    use serde_json::Value as Json;
    let Some(depth) = depth.checked_sub(1) else { return Value::null() };
    match json {
        Json::Null => Value::null(),
        Json::Bool(value) => (*value).into(),
        Json::Number(number) => Number::parse(&number.to_string()).map_or_else(Value::null, Value::from),
        Json::String(text) => filled(text, holes),
        Json::Array(items) => Value::tuple(items.iter().map(|item| from_json(item, holes, depth)).collect::<Vec<_>>()),
        Json::Object(fields) => {
            let field = |(name, value): (&String, &Json)| (Arc::from(name.as_str()), from_json(value, holes, depth));
            Value::object(fields.iter().map(field).collect())
        }
    }
}

/// A string in which marks stand for holes: the hole's own value if it is all there is, otherwise text with holes.
fn filled(text: &str, holes: &[Value]) -> Value {
    if holes.is_empty() || !text.contains(HOLE.0) {
        return Value::string(text);
    }
    let mut parts: Vec<TemplatePart> = Vec::new();
    for (idx, piece) in text.split(HOLE.0).enumerate() {
        let (hole, rest) = match (idx, piece.split_once(HOLE.1)) {
            (0, _) | (_, None) => (None, piece),
            (_, Some((number, rest))) => (number.parse().ok().and_then(|idx: usize| holes.get(idx)), rest),
        };
        parts.extend(hole.map(|value| TemplatePart::Hole(value.clone())));
        if !rest.is_empty() {
            parts.push(TemplatePart::Text(rest.into()));
        }
    }
    if let [TemplatePart::Hole(only)] = parts.as_slice() {
        return structure_of_hole(only);
    }
    let inner = parts.iter().filter_map(|part| match part {
        TemplatePart::Hole(value) => value.as_unknown(),
        TemplatePart::Text(_) => None,
    });
    let mut unknown = Unknown::derived(crate::value::Type::String, inner);
    unknown.knowledge = Knowledge::Template(parts.into());
    Kind::Unknown(Arc::new(unknown)).into()
}

/// `"Resource": ${jsonencode(x)}` puts a whole structure in.
fn structure_of_hole(value: &Value) -> Value {
    match value.as_unknown().map(|unknown| &unknown.knowledge) {
        Some(Knowledge::Json(inner)) => (**inner).clone(),
        _ => value.clone(),
    }
}
