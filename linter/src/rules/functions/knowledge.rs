//! Asking what is known, and giving way to a fallback.

use std::sync::Arc;

use super::{RuleFunction, Surroundings, anything};
use crate::eval::functions::{Call, FunctionError, Signature, Unknowns};
use crate::rules::scope::unknown_because;
use crate::value::{Kind, Knowledge, TemplatePart, Type, Value};

pub(super) const FUNCTIONS: &[RuleFunction] = &[
    RuleFunction::new(
        "is_known",
        &[anything("value")],
        Signature::Bool,
        "Whether a value is known as a whole. Rules seldom need it: what is not known makes a verdict undetermined.",
        is_known,
    ),
    RuleFunction::new(
        "default",
        &[anything("value"), anything("fallback")],
        Signature::Any,
        "The value, or the fallback if it is null. Unlike coalesce() it keeps empty strings.",
        default,
    ),
    RuleFunction::new(
        "matches_any",
        &[anything("text"), anything("patterns").with_unknowns(Unknowns::No)],
        Signature::Bool,
        "Whether a text matches one of the patterns, in which * stands for anything and ? for one character. Null matches none.",
        matches_any,
    ),
];

fn is_known(call: &Call<'_>, _: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    Ok(call.value(0)?.is_wholly_known().into())
}

fn default(call: &Call<'_>, _: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let value = call.value(0)?;
    Ok(if value.is_null() { call.value(1)?.clone() } else { value.clone() })
}

fn matches_any(call: &Call<'_>, _: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let (value, patterns) = (call.value(0)?, call.value(1)?);
    let patterns = patterns.as_items().unwrap_or(std::slice::from_ref(patterns));
    let ends = Ends::of(value);
    let mut is_open = false;
    for pattern in patterns {
        let pattern = pattern.as_str().ok_or_else(|| FunctionError::argument(1, "the patterns must be strings"))?;
        match (value.as_str(), &ends) {
            (Some(text), _) => {
                // Nothing is a directory here, so one star is as good as two.
                let pattern = pattern.replace("**", "*").replace('*', "**");
                if crate::graph::glob_matches(&pattern, text) {
                    return Ok(true.into());
                }
            }
            (None, Some(ends)) => match ends.matches(pattern) {
                Some(true) => return Ok(true.into()),
                Some(false) => {}
                None => is_open = true,
            },
            (None, None) if value.is_null() => {}
            (None, None) => return Err(FunctionError::argument(0, "it must be a string")),
        }
    }
    match value.as_unknown().filter(|_| is_open) {
        Some(unknown) => Ok(Kind::Unknown(Arc::new(unknown_because(Type::Bool, &unknown.reasons))).into()),
        None => Ok(false.into()),
    }
}

/// How a text that is not known begins and ends.
struct Ends<'v> {
    start: &'v str,
    end: &'v str,
}

impl<'v> Ends<'v> {
    /// `None` for what is known.
    fn of(value: &'v Value) -> Option<Self> {
        let unknown = value.as_unknown()?;
        let text = |part: Option<&'v TemplatePart>| match part {
            Some(TemplatePart::Text(text)) => &**text,
            Some(TemplatePart::Hole(_)) | None => "",
        };
        Some(match &unknown.knowledge {
            Knowledge::Template(parts) => Self { start: text(parts.first()), end: text(parts.last()) },
            Knowledge::Nothing
            | Knowledge::Symbol(_)
            | Knowledge::Json(_)
            | Knowledge::Yaml(_)
            | Knowledge::Base64(_)
            | Knowledge::OneOf(_)
            | Knowledge::Members(_) => Self { start: unknown.refinement.prefix.as_deref().unwrap_or(""), end: "" },
        })
    }

    /// Whether a pattern certainly matches, certainly does not, or may.
    fn matches(&self, pattern: &str) -> Option<bool> {
        let mut parts = pattern.split(['*', '?']);
        let (first, last) = (parts.next().unwrap_or(""), parts.next_back());
        let Some(last) = last else { return if self.may_be(pattern, pattern) { None } else { Some(false) } };
        if !self.may_be(first, last) {
            return Some(false);
        }
        let is_one_star = pattern.matches(['*', '?']).eq(["*"]);
        (is_one_star && self.start.starts_with(first) && self.end.ends_with(last)).then_some(true)
    }

    /// Whether a text with these ends may begin and end so.
    fn may_be(&self, first: &str, last: &str) -> bool {
        (self.start.starts_with(first) || first.starts_with(self.start))
            && (self.end.ends_with(last) || last.ends_with(self.end))
    }
}
