//! Equality: Terraform's `==`, three-valued, and sameness for tests.

use super::{Fields, Kind, Knowledge, Refinement, TemplatePart, Unknown, Value};

/// Whether two values are equal as `==` has it; `None` if what is unknown decides it. Marks and origins do not matter.
#[must_use]
pub fn equal(left: &Value, right: &Value) -> Option<bool> {
    match (&left.kind, &right.kind) {
        (Kind::Unknown(left), Kind::Unknown(right)) => equal_unknowns(left, right),
        (Kind::Unknown(unknown), _) => equal_to_known(unknown, right),
        (_, Kind::Unknown(unknown)) => equal_to_known(unknown, left),
        (Kind::Null(_), Kind::Null(_)) => Some(true),
        (Kind::Null(_), _) | (_, Kind::Null(_)) => Some(false),
        (Kind::Bool(left), Kind::Bool(right)) => Some(left == right),
        (Kind::Number(left), Kind::Number(right)) => Some(left == right),
        (Kind::String(left), Kind::String(right)) => Some(left == right),
        (Kind::List(left_type, left), Kind::List(right_type, right))
        | (Kind::Set(left_type, left), Kind::Set(right_type, right)) => {
            if left_type.excludes(right_type) {
                Some(false)
            } else {
                equal_items(left, right)
            }
        }
        (Kind::Tuple(left), Kind::Tuple(right)) => equal_items(left, right),
        (Kind::Map(left_type, left), Kind::Map(right_type, right)) => {
            if left_type.excludes(right_type) {
                Some(false)
            } else {
                equal_fields(left, right)
            }
        }
        (Kind::Object(left), Kind::Object(right)) => equal_fields(&left.fields, &right.fields),
        (
            Kind::Bool(_)
            | Kind::Number(_)
            | Kind::String(_)
            | Kind::List(..)
            | Kind::Set(..)
            | Kind::Tuple(_)
            | Kind::Map(..)
            | Kind::Object(_),
            _,
        ) => Some(false),
    }
}

/// Three-valued "and": false if any is false.
fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            None => result = None,
            Some(true) => {}
        }
    }
    result
}

fn equal_items(left: &[Value], right: &[Value]) -> Option<bool> {
    if left.len() != right.len() {
        return Some(false);
    }
    all(left.iter().zip(right).map(|(left, right)| equal(left, right)))
}

fn equal_fields(left: &Fields, right: &Fields) -> Option<bool> {
    if !left.keys().eq(right.keys()) {
        return Some(false);
    }
    all(left.values().zip(right.values()).map(|(left, right)| equal(left, right)))
}

fn equal_unknowns(left: &Unknown, right: &Unknown) -> Option<bool> {
    let never_null = left.refinement.not_null || right.refinement.not_null;
    match (&left.knowledge, &right.knowledge) {
        (Knowledge::Symbol(first), Knowledge::Symbol(second)) if first == second => {
            // A symbol converted to another type is another value.
            (left.ty == right.ty).then_some(true)
        }
        (Knowledge::Template(left), Knowledge::Template(right)) => equal_templates(left, right),
        (Knowledge::OneOf(values), _) => the_one_answer(values.iter().map(|value| equal_to_unknown(value, right))),
        (_, Knowledge::OneOf(values)) => the_one_answer(values.iter().map(|value| equal_to_unknown(value, left))),
        _ if never_null && left.ty.excludes(&right.ty) => Some(false),
        _ => None,
    }
}

fn equal_to_unknown(value: &Value, unknown: &Unknown) -> Option<bool> {
    match &value.kind {
        Kind::Unknown(value) => match (&value.knowledge, &unknown.knowledge) {
            // Alternatives of alternatives would multiply.
            (Knowledge::OneOf(_), Knowledge::OneOf(_)) => None,
            _ => equal_unknowns(value, unknown),
        },
        _ => equal_to_known(unknown, value),
    }
}

/// The answer that all alternatives have in common.
fn the_one_answer(mut answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let first = answers.next()??;
    answers.all(|answer| answer == Some(first)).then_some(first)
}

fn equal_to_known(unknown: &Unknown, known: &Value) -> Option<bool> {
    if known.is_null() {
        return match &unknown.knowledge {
            _ if unknown.refinement.not_null => Some(false),
            Knowledge::OneOf(values) => the_one_answer(values.iter().map(|value| equal(value, known))),
            Knowledge::Template(_)
            | Knowledge::Json(_)
            | Knowledge::Yaml(_)
            | Knowledge::Base64(_)
            | Knowledge::Members(_) => Some(false),
            Knowledge::Nothing | Knowledge::Symbol(_) => None,
        };
    }
    if unknown.ty.excludes(&known.type_of()) || outside(&unknown.refinement, known) {
        return Some(false);
    }
    match &unknown.knowledge {
        Knowledge::OneOf(values) => the_one_answer(values.iter().map(|value| equal(value, known))),
        Knowledge::Template(parts) => match known.as_str() {
            Some(text) if !may_become(parts, text) => Some(false),
            _ => None,
        },
        Knowledge::Nothing
        | Knowledge::Symbol(_)
        | Knowledge::Json(_)
        | Knowledge::Yaml(_)
        | Knowledge::Base64(_)
        | Knowledge::Members(_) => None,
    }
}

/// Whether a known value breaks the limits that the unknown one will keep.
fn outside(refinement: &Refinement, known: &Value) -> bool {
    let Refinement { not_null: _, prefix, min_length, max_length, min, max } = refinement;
    let wrong_text = match (known.as_str(), prefix) {
        (Some(text), Some(prefix)) => !text.starts_with(&**prefix),
        _ => false,
    };
    let wrong_number = known.as_number().is_some_and(|number| {
        min.as_ref().is_some_and(|min| number < min) || max.as_ref().is_some_and(|max| number > max)
    });
    let length = known.as_items().map(<[Value]>::len).or_else(|| known.as_fields().map(|fields| fields.len()));
    let wrong_length = length
        .is_some_and(|length| min_length.is_some_and(|min| length < min) || max_length.is_some_and(|max| length > max));
    wrong_text || wrong_number || wrong_length
}

/// Whether text with holes may become this text: what is known of it occurs there, in order, from the start to the end.
fn may_become(parts: &[TemplatePart], text: &str) -> bool {
    let mut rest = text;
    let mut anchored = true;
    for (idx, part) in parts.iter().enumerate() {
        match part {
            TemplatePart::Hole(_) => anchored = false,
            TemplatePart::Text(known) if anchored => match rest.strip_prefix(&**known) {
                Some(after) => rest = after,
                None => return false,
            },
            TemplatePart::Text(known) if idx + 1 == parts.len() => return rest.ends_with(&**known),
            TemplatePart::Text(known) => match rest.find(&**known) {
                Some(place) => {
                    rest = rest.get(place + known.len()..).unwrap_or("");
                }
                None => return false,
            },
        }
    }
    !anchored || rest.is_empty()
}

fn equal_templates(left: &[TemplatePart], right: &[TemplatePart]) -> Option<bool> {
    let same = left.len() == right.len()
        && left.iter().zip(right).all(|parts| match parts {
            (TemplatePart::Text(left), TemplatePart::Text(right)) => left == right,
            (TemplatePart::Hole(left), TemplatePart::Hole(right)) => equal(left, right) == Some(true),
            (TemplatePart::Text(_), TemplatePart::Hole(_)) | (TemplatePart::Hole(_), TemplatePart::Text(_)) => false,
        });
    if same {
        return Some(true);
    }
    let ends_agree = match (left.first(), right.first(), left.last(), right.last()) {
        (Some(TemplatePart::Text(left)), Some(TemplatePart::Text(right)), _, _)
            if !either(left, right, |a, b| a.starts_with(b)) =>
        {
            false
        }
        (_, _, Some(TemplatePart::Text(left)), Some(TemplatePart::Text(right))) => {
            either(left, right, |a, b| a.ends_with(b))
        }
        _ => true,
    };
    if ends_agree { None } else { Some(false) }
}

fn either(left: &str, right: &str, holds: fn(&str, &str) -> bool) -> bool {
    holds(left, right) || holds(right, left)
}

impl Value {
    /// Whether two values are alike in every respect but origin: kind, type, parts, marks, and what is known of unknowns.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        self.marks == other.marks && same_kind(&self.kind, &other.kind)
    }
}

fn same_kind(left: &Kind, right: &Kind) -> bool {
    let items = |left: &[Value], right: &[Value]| {
        left.len() == right.len() && left.iter().zip(right).all(|(left, right)| left.same(right))
    };
    let fields = |left: &Fields, right: &Fields| {
        left.keys().eq(right.keys()) && left.values().zip(right.values()).all(|(left, right)| left.same(right))
    };
    match (left, right) {
        // What references share is not gone through again: parts that share parts would take twice the time per level.
        (Kind::Unknown(left), Kind::Unknown(right)) if std::sync::Arc::ptr_eq(left, right) => true,
        (Kind::Unknown(left), Kind::Unknown(right)) => {
            left.ty == right.ty
                && left.reasons == right.reasons
                && left.refinement == right.refinement
                && same_knowledge(&left.knowledge, &right.knowledge)
        }
        (Kind::Null(left), Kind::Null(right)) => left == right,
        (Kind::Bool(left), Kind::Bool(right)) => left == right,
        (Kind::Number(left), Kind::Number(right)) => left == right,
        (Kind::String(left), Kind::String(right)) => left == right,
        (Kind::List(left_type, left), Kind::List(right_type, right))
        | (Kind::Set(left_type, left), Kind::Set(right_type, right)) => left_type == right_type && items(left, right),
        (Kind::Tuple(left), Kind::Tuple(right)) => items(left, right),
        (Kind::Map(left_type, left), Kind::Map(right_type, right)) => left_type == right_type && fields(left, right),
        (Kind::Object(left), Kind::Object(right)) => {
            left.identity == right.identity && fields(&left.fields, &right.fields)
        }
        (
            Kind::Unknown(_)
            | Kind::Null(_)
            | Kind::Bool(_)
            | Kind::Number(_)
            | Kind::String(_)
            | Kind::List(..)
            | Kind::Set(..)
            | Kind::Tuple(_)
            | Kind::Map(..)
            | Kind::Object(_),
            _,
        ) => false,
    }
}

fn same_knowledge(left: &Knowledge, right: &Knowledge) -> bool {
    let same_all = |left: &[Value], right: &[Value]| {
        left.len() == right.len() && left.iter().zip(right).all(|(left, right)| left.same(right))
    };
    match (left, right) {
        (Knowledge::Nothing, Knowledge::Nothing) => true,
        (Knowledge::Symbol(left), Knowledge::Symbol(right)) => left == right,
        (Knowledge::Json(left), Knowledge::Json(right))
        | (Knowledge::Yaml(left), Knowledge::Yaml(right))
        | (Knowledge::Base64(left), Knowledge::Base64(right)) => left.same(right),
        (Knowledge::OneOf(left), Knowledge::OneOf(right)) => same_all(left, right),
        (Knowledge::Template(left), Knowledge::Template(right)) => {
            left.len() == right.len()
                && left.iter().zip(right.iter()).all(|parts| match parts {
                    (TemplatePart::Text(left), TemplatePart::Text(right)) => left == right,
                    (TemplatePart::Hole(left), TemplatePart::Hole(right)) => left.same(right),
                    (TemplatePart::Text(_), TemplatePart::Hole(_)) | (TemplatePart::Hole(_), TemplatePart::Text(_)) => {
                        false
                    }
                })
        }
        (Knowledge::Members(left), Knowledge::Members(right)) => {
            left.len() == right.len()
                && left.iter().zip(right.iter()).all(|(left, right)| {
                    let same_keys = match (&left.key, &right.key) {
                        (Some(left), Some(right)) => left.same(right),
                        (None, None) => true,
                        (Some(_), None) | (None, Some(_)) => false,
                    };
                    same_keys && left.certain == right.certain && left.value.same(&right.value)
                })
        }
        (
            Knowledge::Nothing
            | Knowledge::Symbol(_)
            | Knowledge::Template(_)
            | Knowledge::Json(_)
            | Knowledge::Yaml(_)
            | Knowledge::Base64(_)
            | Knowledge::OneOf(_)
            | Knowledge::Members(_),
            _,
        ) => false,
    }
}
