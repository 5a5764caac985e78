//! Asking what is known, and giving way to a fallback.

use super::{RuleFunction, Surroundings, anything, text};
use crate::eval::functions::{Call, FunctionError, Signature, Unknowns};
use crate::value::Value;

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
        &[text("text").or_null(), super::anything("patterns").with_unknowns(Unknowns::No)],
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
    let Some(text) = call.value(0)?.as_str() else { return Ok(false.into()) };
    let patterns = call.value(1)?;
    let patterns = match patterns.as_items() {
        Some(items) => items,
        None => std::slice::from_ref(patterns),
    };
    let mut found = false;
    for pattern in patterns {
        let pattern = pattern.as_str().ok_or_else(|| FunctionError::argument(1, "the patterns must be strings"))?;
        // Nothing is a directory here, so one star is as good as two.
        let pattern = pattern.replace("**", "*").replace('*', "**");
        found |= crate::graph::glob_matches(&pattern, text);
    }
    Ok(found.into())
}
