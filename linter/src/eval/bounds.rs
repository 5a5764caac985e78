//! Bounds on what values may grow to, by way of references, without any expression being large.

use super::EvalError;
use super::expression::Evaluation;
use crate::source::Span;
use crate::value::{Kind, Knowledge, TemplatePart, Value};

/// So many bytes of new text count as one step, which bounds the memory that a run can take.
const BYTES_PER_STEP: u64 = 4;

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

    /// Checks that a value is not nested deeper than expressions may be: a chain of references can nest
    /// without any expression being deep, and whoever goes through the value needs stack for each level.
    pub(super) fn check_depth(&self, value: &Value, span: Span) -> Result<(), EvalError> {
        let allowed = self.context.limits.depth;
        let mut open = Vec::new();
        push_parts(value, 1, &mut open);
        while let Some((part, depth)) = open.pop() {
            if depth > allowed {
                return Err(EvalError::limit(span, format!("{allowed} levels in one value")));
            }
            let before = open.len();
            push_parts(part, depth + 1, &mut open);
            self.context.spend((open.len() - before) as u64, span)?;
        }
        Ok(())
    }
}

/// Adds the parts that have parts themselves.
fn push_parts<'v>(value: &'v Value, depth: usize, open: &mut Vec<(&'v Value, usize)>) {
    let mut push = |part: &'v Value| {
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
            Knowledge::Json(value) | Knowledge::Base64(value) => push(value),
            Knowledge::OneOf(values) => values.iter().for_each(push),
            Knowledge::Members(members) => members.iter().for_each(|member| push(&member.value)),
            Knowledge::Template(parts) => parts.iter().for_each(|part| match part {
                TemplatePart::Text(_) => {}
                TemplatePart::Hole(hole) => push(hole),
            }),
        },
    }
}
