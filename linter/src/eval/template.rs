//! Templates: text with interpolations and directives.

use std::sync::Arc;

use super::EvalError;
use super::alternatives::{MAX_ALTERNATIVES, one_of};
use super::conditional::Condition;
use super::expression::Evaluation;
use super::unknown_access::alternatives_of;
use crate::source::Span;
use crate::syntax::{Expr, For, Part};
use crate::value::{Kind, Knowledge, Marks, Reason, TemplatePart, Type, Unknown, Value, convert};

impl Evaluation<'_> {
    /// The text of a template; always a string, or unknown with the pieces that are known.
    pub(super) fn template(&self, expr: Expr<'_>) -> Result<Value, EvalError> {
        let mut text = Text::new(self.context.limits.string_bytes, expr.span());
        self.strict().add_parts(expr, &mut text)?;
        let value = text.finish();
        self.check_extent(&value, expr.span())?;
        Ok(value)
    }

    fn add_parts(&self, expr: Expr<'_>, text: &mut Text) -> Result<(), EvalError> {
        for part in expr.parts() {
            self.context.spend(1, expr.span())?;
            match part {
                Part::Text(known, _) => self.add_text(known, text)?,
                Part::Interpolation(inner) => {
                    let value = self.operand(inner)?;
                    self.add_value(&value, inner.span(), text)?;
                }
                Part::If { condition, then, otherwise } => self.add_if(condition, then, otherwise, text)?,
                Part::For(parts) => self.add_for(&parts, text)?,
            }
        }
        Ok(())
    }

    fn add_value(&self, value: &Value, span: Span, text: &mut Text) -> Result<(), EvalError> {
        text.marks = text.marks.union(value.marks);
        if value.is_null() {
            return Err(EvalError::new(span, "The expression result is null: a template cannot include null"));
        }
        if value.is_unknown() {
            self.doubts();
            text.push_unknown(value);
            return Ok(());
        }
        let string = convert(value, &Type::String).map_err(|error| {
            EvalError::new(span, format!("Cannot include the given value in a string template: {error}"))
        })?;
        match string.as_str() {
            Some(known) => self.add_text(known, text),
            None => Ok(()),
        }
    }

    fn add_text(&self, known: &str, text: &mut Text) -> Result<(), EvalError> {
        self.spend_bytes(known.len(), text.span)?;
        text.push(known)
    }

    fn add_if(
        &self,
        condition: Expr<'_>,
        then: Expr<'_>,
        otherwise: Expr<'_>,
        text: &mut Text,
    ) -> Result<(), EvalError> {
        let Condition { value, raw } = self.condition(condition)?;
        text.marks = text.marks.union(raw.marks);
        let (then, otherwise) = (self.arm(then), self.arm(otherwise));
        // The marks of both arms count, as in a conditional, whichever is taken.
        for arm in [&then, &otherwise] {
            match arm {
                Ok(arm) => text.marks = text.marks.union(arm.marks),
                Err(error) if !error.catchable => return Err(error.clone()),
                Err(_) => {}
            }
        }
        let span = condition.span();
        match value {
            Some(true) => self.add_value(&then?, span, text),
            Some(false) => self.add_value(&otherwise?, span, text),
            None => {
                let open = |arm: Result<Value, EvalError>| arm.unwrap_or_else(|error| error.to_unknown());
                let either = one_of(vec![open(then), open(otherwise)], raw.as_unknown());
                self.add_value(&either, span, text)
            }
        }
    }

    /// An arm of a directive, always a string.
    fn arm(&self, expr: Expr<'_>) -> Result<Value, EvalError> {
        self.context.deeper(expr.span(), || self.template(expr))
    }

    fn add_for(&self, parts: &For<'_>, text: &mut Text) -> Result<(), EvalError> {
        let collection = self.operand(parts.collection)?;
        let span = parts.collection.span();
        text.marks = text.marks.union(collection.marks);
        let items = self.items(&collection, span)?;
        if let Some(unknown) = collection.as_unknown() {
            // How often the body stands there is not known, so nothing that follows has a place.
            let mut hole = Unknown::derived(Type::String, [unknown]);
            hole.refinement.not_null = true;
            text.push_unknown(&Kind::Unknown(hole.into()).into());
            return Ok(());
        }
        for item in items {
            self.context.spend(1, span)?;
            let body = self.with_item(parts, item, |inner| inner.arm(parts.value))?;
            self.add_value(&body, span, text)?;
        }
        Ok(())
    }
}

/// Text as it grows.
pub(super) struct Text {
    parts: Vec<TemplatePart>,
    tail: String,
    bytes: usize,
    limit: usize,
    span: Span,
    marks: Marks,
}

impl Text {
    pub(super) fn new(limit: usize, span: Span) -> Self {
        Self { parts: Vec::new(), tail: String::new(), bytes: 0, limit, span, marks: Marks::NONE }
    }

    pub(super) fn push(&mut self, known: &str) -> Result<(), EvalError> {
        self.bytes = self.bytes.saturating_add(known.len());
        if self.bytes > self.limit {
            return Err(EvalError::limit(self.span, format!("{} bytes in one string", self.limit)));
        }
        self.tail.push_str(known);
        Ok(())
    }

    fn flush(&mut self) {
        if !self.tail.is_empty() {
            self.parts.push(TemplatePart::Text(std::mem::take(&mut self.tail).into()));
        }
    }

    /// Adds a value that is not known; one that is itself text with holes brings its pieces.
    pub(super) fn push_unknown(&mut self, value: &Value) {
        if let Some(Knowledge::Template(pieces)) = value.as_unknown().map(|unknown| &unknown.knowledge)
            && self.parts.len() + pieces.len() < MAX_PIECES
        {
            for piece in pieces.iter() {
                match piece {
                    TemplatePart::Text(text) => self.tail.push_str(text),
                    TemplatePart::Hole(hole) => self.push_hole(hole.clone()),
                }
            }
        } else {
            self.push_hole(value.clone());
        }
    }

    fn push_hole(&mut self, hole: Value) {
        self.flush();
        if self.parts.len() < MAX_PIECES {
            self.parts.push(TemplatePart::Hole(hole));
        }
    }

    pub(super) fn finish(mut self) -> Value {
        if self.parts.is_empty() {
            return Value::string(&self.tail).marked(self.marks);
        }
        self.flush();
        let marks = self.marks;
        match expand(&self.parts) {
            Some(texts) => one_of(texts, first_hole(&self.parts)).marked(marks),
            None => with_holes(self.parts).marked(marks),
        }
    }
}

/// More pieces of one text than this are not kept apart.
const MAX_PIECES: usize = 4096;

fn first_hole(parts: &[TemplatePart]) -> Option<&Unknown> {
    parts.iter().find_map(|part| match part {
        TemplatePart::Hole(hole) => hole.as_unknown(),
        TemplatePart::Text(_) => None,
    })
}

/// Text whose holes are not known.
fn with_holes(parts: Vec<TemplatePart>) -> Value {
    let holes = parts.iter().filter_map(|part| match part {
        TemplatePart::Hole(hole) => hole.as_unknown(),
        TemplatePart::Text(_) => None,
    });
    let mut unknown = Unknown::derived(Type::String, holes);
    if parts.len() >= MAX_PIECES {
        unknown.reasons = [Reason::Limit(format!("{MAX_PIECES} pieces in one template").into())].into();
    }
    unknown.refinement.not_null = true;
    unknown.refinement.prefix = match parts.as_slice() {
        [TemplatePart::Text(text), ..] => safe_prefix(text),
        [TemplatePart::Hole(hole), ..] => {
            let ty = hole.type_of();
            hole.as_unknown().filter(|_| ty == Type::String).and_then(|unknown| unknown.refinement.prefix.clone())
        }
        [] => None,
    };
    if parts.len() < MAX_PIECES {
        unknown.knowledge = Knowledge::Template(parts.into());
    }
    Kind::Unknown(unknown.into()).into()
}

/// The part of known text that stays whatever follows: an accent that follows a letter would change it.
fn safe_prefix(text: &Arc<str>) -> Option<Arc<str>> {
    let last = text.chars().next_back()?;
    if last.is_ascii() {
        return Some(text.clone());
    }
    let kept = text.trim_end_matches(|c: char| !c.is_ascii());
    (!kept.is_empty()).then(|| kept.into())
}

/// All texts that it can be, when every hole is one of a few known values.
fn expand(parts: &[TemplatePart]) -> Option<Vec<Value>> {
    let mut texts = vec![String::new()];
    for part in parts {
        match part {
            TemplatePart::Text(text) => texts.iter_mut().for_each(|one| one.push_str(text)),
            TemplatePart::Hole(hole) => {
                let alternatives = alternatives_of(hole)?;
                if alternatives.is_empty() || alternatives.len() * texts.len() > MAX_ALTERNATIVES {
                    return None;
                }
                let known: Option<Vec<Value>> = alternatives.iter().map(as_text).collect();
                let known = known?;
                let every = |one: &String| {
                    known.iter().filter_map(Value::as_str).map(|text| format!("{one}{text}")).collect::<Vec<_>>()
                };
                texts = texts.iter().flat_map(every).collect();
            }
        }
    }
    Some(texts.into_iter().map(Value::string).collect())
}

fn as_text(value: &Value) -> Option<Value> {
    convert(value, &Type::String).ok().filter(|text| text.as_str().is_some())
}
