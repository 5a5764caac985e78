//! Values as references: which instances a value points at.

use std::sync::Arc;

use crate::terraform::Instance;
use crate::value::{Kind, Knowledge, Reason, Symbol, TemplatePart, Unknown, Value};

/// Deeper nesting of alternatives and members is not followed.
const MAX_DEPTH: usize = 16;

/// Whether something holds or may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// It holds.
    Certain,
    /// It may hold, depending on values that are not known.
    Possible,
}

impl Certainty {
    /// Holds only if both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.max(other)
    }
}

/// The instances that a value points at.
#[derive(Clone, Debug, Default)]
pub struct Resolution<'r> {
    /// It points at these.
    pub certain: Vec<&'r Instance>,
    /// It may point at these.
    pub possible: Vec<&'r Instance>,
    /// Why it may point at anything else, if it may.
    pub open: Vec<Reason>,
}

/// One thing that a value says about what it points at.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pointer<'v> {
    /// At the instance with this symbol.
    Symbol(&'v Symbol),
    /// At the instance that is this very object.
    Identity(&'v Arc<str>),
    /// At whatever is known by this text.
    Text(&'v str),
    /// At whatever is known by a text that begins like this; the unknown says why it is not known.
    Open(&'v Unknown, &'v str),
}

/// Tells `visit` everything that a value points at.
pub(super) fn pointers<'v>(value: &'v Value, visit: &mut dyn FnMut(Pointer<'v>, Certainty)) {
    walk(value, Certainty::Certain, MAX_DEPTH, visit);
}

fn walk<'v>(value: &'v Value, certainty: Certainty, depth: usize, visit: &mut dyn FnMut(Pointer<'v>, Certainty)) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match &value.kind {
        Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) => {}
        Kind::String(text) if text.is_empty() => {}
        Kind::String(text) => visit(Pointer::Text(text), certainty),
        Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
            items.iter().for_each(|item| walk(item, certainty, depth, visit));
        }
        Kind::Map(_, fields) => fields.values().for_each(|item| walk(item, certainty, depth, visit)),
        Kind::Object(object) => match &object.identity {
            Some(address) => visit(Pointer::Identity(address), certainty),
            None => object.fields.values().for_each(|item| walk(item, certainty, depth, visit)),
        },
        Kind::Unknown(unknown) => walk_unknown(unknown, certainty, depth, visit),
    }
}

fn walk_unknown<'v>(
    unknown: &'v Unknown,
    certainty: Certainty,
    depth: usize,
    visit: &mut dyn FnMut(Pointer<'v>, Certainty),
) {
    match &unknown.knowledge {
        Knowledge::Symbol(symbol) => visit(Pointer::Symbol(symbol), certainty),
        Knowledge::Nothing => {
            visit(Pointer::Open(unknown, unknown.refinement.prefix.as_deref().unwrap_or("")), Certainty::Possible);
        }
        Knowledge::Json(inner) | Knowledge::Yaml(inner) | Knowledge::Base64(inner) => {
            walk(inner, certainty, depth, visit)
        }
        Knowledge::OneOf(values) => values.iter().for_each(|item| walk(item, Certainty::Possible, depth, visit)),
        Knowledge::Members(members) => {
            for member in members.iter() {
                let here = if member.certain { Certainty::Certain } else { Certainty::Possible };
                walk(&member.value, certainty.and(here), depth, visit);
            }
            if !unknown.reasons.iter().all(|reason| matches!(reason, Reason::InstanceKey(_))) {
                visit(Pointer::Open(unknown, ""), Certainty::Possible);
            }
        }
        Knowledge::Template(parts) => walk_template(unknown, parts, certainty, depth, visit),
    }
}

/// `"${aws_s3_bucket.x.arn}/*"` points where its holes point; without a hole that does, only its beginning is known.
fn walk_template<'v>(
    unknown: &'v Unknown,
    parts: &'v [TemplatePart],
    certainty: Certainty,
    depth: usize,
    visit: &mut dyn FnMut(Pointer<'v>, Certainty),
) {
    let mut found = false;
    for part in parts {
        let TemplatePart::Hole(hole) = part else { continue };
        walk(hole, certainty, depth, &mut |pointer, certainty| {
            if let Pointer::Symbol(_) | Pointer::Identity(_) = pointer {
                found = true;
                visit(pointer, certainty);
            }
        });
    }
    if !found {
        let prefix = match parts.first() {
            Some(TemplatePart::Text(text)) => text,
            Some(TemplatePart::Hole(_)) | None => "",
        };
        visit(Pointer::Open(unknown, prefix), Certainty::Possible);
    }
}

/// The parts of a value at a path of names: list items are gone through, alternatives too.
pub(super) fn values_at<'v>(value: &'v Value, path: &[&str], visit: &mut dyn FnMut(&'v Value, Certainty)) {
    descend(value, path, Certainty::Certain, MAX_DEPTH, visit);
}

fn descend<'v>(
    value: &'v Value,
    path: &[&str],
    certainty: Certainty,
    depth: usize,
    visit: &mut dyn FnMut(&'v Value, Certainty),
) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let Some((name, rest)) = path.split_first() else { return visit(value, certainty) };
    match &value.kind {
        Kind::Map(_, fields) => {
            fields.get(*name).into_iter().for_each(|item| descend(item, rest, certainty, depth, visit));
        }
        Kind::Object(object) => {
            object.fields.get(*name).into_iter().for_each(|item| descend(item, rest, certainty, depth, visit));
        }
        Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
            items.iter().for_each(|item| descend(item, path, certainty, depth, visit));
        }
        Kind::Unknown(unknown) => match &unknown.knowledge {
            Knowledge::OneOf(values) => {
                values.iter().for_each(|item| descend(item, path, Certainty::Possible, depth, visit));
            }
            Knowledge::Members(members) => {
                for member in members.iter() {
                    let here = if member.certain { certainty } else { Certainty::Possible };
                    match member.key.as_ref().map(Value::as_str) {
                        None => descend(&member.value, path, here, depth, visit),
                        Some(Some(key)) if key == *name => descend(&member.value, rest, here, depth, visit),
                        Some(Some(_)) => {}
                        Some(None) => descend(&member.value, rest, Certainty::Possible, depth, visit),
                    }
                }
            }
            Knowledge::Json(inner) | Knowledge::Yaml(inner) => descend(inner, path, certainty, depth, visit),
            Knowledge::Nothing | Knowledge::Symbol(_) | Knowledge::Template(_) | Knowledge::Base64(_) => {
                visit(value, Certainty::Possible);
            }
        },
        Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
    }
}
