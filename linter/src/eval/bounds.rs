//! Bounds on what values may grow to, by way of references, without any expression being large.

use super::EvalError;
use super::expression::Evaluation;
use crate::source::Span;
use crate::value::{Kind, Knowledge, TemplatePart, Value};

/// So many bytes of new text count as one step, which bounds the memory that a run can take.
const BYTES_PER_STEP: u64 = 4;
/// So many parts are looked at in one step; looking costs less than evaluating.
const PARTS_PER_STEP: u64 = 4;
/// A value may have so many times more parts than a collection may have items.
const PARTS_PER_ITEM: usize = 4;

impl Evaluation<'_> {
    /// Counts the work of making text.
    pub(super) fn spend_bytes(&self, bytes: usize, span: Span) -> Result<(), EvalError> {
        self.context.spend(bytes as u64 / BYTES_PER_STEP, span)
    }

    /// Counts the work that went into the result of a function.
    pub(super) fn spend_on(&self, value: &Value, span: Span) -> Result<(), EvalError> {
        match &value.kind {
            Kind::String(text) => self.spend_bytes(text.len(), span),
            Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
                self.context.spend(items.len() as u64, span)
            }
            Kind::Map(_, fields) => self.context.spend(fields.len() as u64, span),
            Kind::Object(object) => self.context.spend(object.fields.len() as u64, span),
            Kind::Unknown(_) | Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) => Ok(()),
        }
    }

    /// Checks that a value is neither nested deeper nor made of more parts than expressions may be: by way of
    /// references both can grow without any expression being large, the second twofold with every step.
    /// Whoever goes through the value needs stack for each level and time for each part, shared or not.
    pub(super) fn check_extent(&self, value: &Value, span: Span) -> Result<(), EvalError> {
        let (levels, parts) = (self.context.limits.depth, self.context.limits.items.saturating_mul(PARTS_PER_ITEM));
        let (mut open, mut count) = (Vec::new(), 0_usize);
        let mut next = Some((value, 0));
        while let Some((part, depth)) = next {
            if depth > levels {
                return Err(EvalError::limit(span, format!("{levels} levels in one value")));
            }
            let found = push_parts(part, depth + 1, &mut open);
            count = count.saturating_add(found);
            if count > parts {
                return Err(EvalError::limit(span, format!("{parts} parts in one value")));
            }
            self.context.spend(found as u64 / PARTS_PER_STEP, span)?;
            next = open.pop();
        }
        Ok(())
    }
}

/// Adds the parts that may have parts themselves; gives the number of all.
fn push_parts<'v>(value: &'v Value, depth: usize, open: &mut Vec<(&'v Value, usize)>) -> usize {
    let mut count = 0;
    let mut push = |part: &'v Value| {
        count += 1;
        if !matches!(part.kind, Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_)) {
            open.push((part, depth));
        }
    };
    match &value.kind {
        Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
        Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => items.iter().for_each(push),
        Kind::Map(_, fields) => fields.values().for_each(push),
        Kind::Object(object) => object.fields.values().for_each(push),
        Kind::Unknown(unknown) => match &unknown.knowledge {
            Knowledge::Nothing | Knowledge::Symbol(_) => {}
            Knowledge::Json(value) | Knowledge::Yaml(value) | Knowledge::Base64(value) => push(value),
            Knowledge::OneOf(values) => values.iter().for_each(push),
            Knowledge::Members(members) => members.iter().for_each(|member| push(&member.value)),
            Knowledge::Template(parts) => parts.iter().for_each(|part| match part {
                TemplatePart::Text(_) => {}
                TemplatePart::Hole(hole) => push(hole),
            }),
        },
    }
    count
}
