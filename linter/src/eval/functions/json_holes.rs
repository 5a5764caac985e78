//! Looking into JSON text that is only partly known.

use std::sync::Arc;

use super::json_decode::{Source, decode};
use crate::eval::Limits;
use crate::value::{Fields, Kind, Knowledge, Member, Refinement, TemplatePart, Type, Unknown, Value};

/// More alternatives than this are not decoded.
const MAX_ALTERNATIVES: usize = 8;

/// The value that JSON text stands for, as far as it is known: of known text, of what `jsonencode` made of a partly
/// known value, of text with holes such as a heredoc with interpolations, and of a choice between such texts.
///
/// `None` if the text is not JSON, or nothing is known of it. Marks of the text are on the result.
#[must_use]
pub fn decode_partly_known_json(text: &Value) -> Option<Value> {
    decode_within(text, &Limits::default())
}

/// The same with other limits.
pub(super) fn decode_within(text: &Value, limits: &Limits) -> Option<Value> {
    let decoded = match &text.kind {
        Kind::String(known) => decode(&Source { text: known, holes: Vec::new() }, limits).ok()?,
        Kind::Unknown(unknown) => match &unknown.knowledge {
            Knowledge::Json(value) => Value::clone(value),
            Knowledge::Template(parts) => decode_template(parts, limits)?,
            Knowledge::OneOf(values) => decode_alternatives(unknown, values, limits)?,
            Knowledge::Nothing
            | Knowledge::Symbol(_)
            | Knowledge::Yaml(_)
            | Knowledge::Base64(_)
            | Knowledge::Members(_) => return None,
        },
        Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) => return None,
        Kind::List(..) | Kind::Set(..) | Kind::Tuple(_) | Kind::Map(..) | Kind::Object(_) => return None,
    };
    Some(decoded.marked(text.marks))
}

fn decode_template(parts: &[TemplatePart], limits: &Limits) -> Option<Value> {
    let (mut text, mut holes) = (String::new(), Vec::new());
    for part in parts {
        match part {
            TemplatePart::Text(known) => text.push_str(known),
            TemplatePart::Hole(value) => holes.push((text.len(), value)),
        }
        if text.len() > limits.string_bytes {
            return None;
        }
    }
    // A text that begins with a hole may be anything.
    let starts_known = text.trim_start().starts_with(['{', '[', '"']) && holes.first().is_none_or(|&(at, _)| at > 0);
    if !starts_known {
        return None;
    }
    decode(&Source { text: &text, holes }, limits).ok()
}

fn decode_alternatives(unknown: &Unknown, values: &[Value], limits: &Limits) -> Option<Value> {
    if values.len() > MAX_ALTERNATIVES {
        return None;
    }
    let decoded: Option<Vec<Value>> = values.iter().map(|value| decode_within(value, limits)).collect();
    let mut result = Unknown::derived(Type::Any, [unknown]);
    result.knowledge = Knowledge::OneOf(decoded?.into());
    Some(Kind::Unknown(Arc::new(result)).into())
}

/// The string that a JSON string with holes stands for.
pub(super) fn text_with_holes(parts: Vec<TemplatePart>) -> Value {
    match parts.as_slice() {
        [TemplatePart::Text(text)] => return Value::string(text),
        // The value itself, so that what is known of it is not lost.
        [TemplatePart::Hole(hole)] if hole.type_of() == Type::String => return hole.clone(),
        _ => {}
    }
    let holes = parts.iter().filter_map(|part| match part {
        TemplatePart::Hole(hole) => Some(hole),
        TemplatePart::Text(_) => None,
    });
    let marks = holes.clone().fold(crate::value::Marks::NONE, |marks, hole| marks.union(hole.deep_marks()));
    let mut unknown = Unknown::derived(Type::String, holes.flat_map(Value::unknowns_within));
    let prefix = match parts.first() {
        Some(TemplatePart::Text(text)) => Some(text.clone()),
        Some(TemplatePart::Hole(_)) | None => None,
    };
    unknown.refinement = Refinement { not_null: true, prefix, ..Refinement::default() };
    unknown.knowledge = Knowledge::Template(parts.into());
    Value::from(Kind::Unknown(Arc::new(unknown))).marked(marks)
}

/// What stands where a hole is a value of its own.
pub(super) fn value_of_hole(hole: &Value) -> Value {
    let Some(unknown) = hole.as_unknown() else {
        return decode_partly_known_json(hole).unwrap_or_else(|| hole.clone());
    };
    if let Knowledge::Json(value) = &unknown.knowledge {
        return Value::clone(value).marked(hole.marks);
    }
    // The text of a number or a truth value is that value.
    if matches!(unknown.ty, Type::Number | Type::Bool) {
        return hole.clone();
    }
    Value::from(Kind::Unknown(Arc::new(Unknown::derived(Type::Any, [unknown])))).marked(hole.marks)
}

/// An array that holds these items and an unknown number of others.
pub(super) fn open_array(items: Vec<Value>, open: &[Value]) -> Value {
    let members = items.into_iter().map(|value| Member { key: None, value, certain: true }).collect();
    with_members(members, open)
}

/// An object that has these fields and others whose names are not known.
pub(super) fn open_object(fields: Fields, open: Vec<(Value, Value)>) -> Value {
    let known = fields.into_iter().map(|(name, value)| (Value::string(name), value));
    let keys: Vec<Value> = open.iter().map(|(key, _)| key.clone()).collect();
    let members = known.chain(open).map(|(key, value)| Member { key: Some(key), value, certain: true }).collect();
    with_members(members, &keys)
}

fn with_members(members: Vec<Member>, open: &[Value]) -> Value {
    let marks = open.iter().fold(crate::value::Marks::NONE, |marks, value| marks.union(value.deep_marks()));
    let mut unknown = Unknown::derived(Type::Any, open.iter().flat_map(Value::unknowns_within));
    unknown.refinement.not_null = true;
    unknown.knowledge = Knowledge::Members(members.into());
    Value::from(Kind::Unknown(Arc::new(unknown))).marked(marks)
}

#[cfg(test)]
mod tests;
