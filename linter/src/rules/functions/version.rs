//! Versions: of software, and of TLS as the many services write it.

use std::cmp::Ordering;

use super::{RuleFunction, Surroundings, anything, text};
use crate::eval::functions::{Call, FunctionError, Signature, Unknowns};
use crate::value::Value;

pub(super) const FUNCTIONS: &[RuleFunction] = &[
    RuleFunction::new(
        "version_at_least",
        &[anything("version").with_unknowns(Unknowns::No), text("minimum")],
        Signature::Bool,
        "Whether a version is the minimum or newer: version_at_least(\"1.29.3\", \"1.28\"). Null is not.",
        version_at_least,
    ),
    RuleFunction::new(
        "tls_version_at_least",
        &[text("version").or_null(), text("minimum")],
        Signature::Bool,
        "Whether a TLS version is the minimum or newer, in any spelling: TLS1_2, TLSv1.2, TLS_1_2, Tls12, 1.2. Null is not.",
        tls_version_at_least,
    ),
];

fn version_at_least(call: &Call<'_>, _: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let version = call.value(0)?;
    let shown = match (version.as_str(), version.as_number()) {
        (Some(text), _) => text.to_owned(),
        (None, Some(number)) => number.to_string(),
        (None, None) if version.is_null() => return Ok(false.into()),
        (None, None) => return Err(FunctionError::argument(0, "a version is text or a number")),
    };
    Ok((compare(&shown, call.text(1)?) != Ordering::Less).into())
}

fn compare(left: &str, right: &str) -> Ordering {
    let numbers = |text: &str| -> Vec<u64> {
        let digits = text.trim_start_matches(|ch: char| !ch.is_ascii_digit());
        digits.split(|ch: char| !ch.is_ascii_digit()).map_while(|part| part.parse().ok()).collect()
    };
    let (mut left, mut right) = (numbers(left), numbers(right));
    let length = left.len().max(right.len());
    left.resize(length, 0);
    right.resize(length, 0);
    left.cmp(&right)
}

fn tls_version_at_least(call: &Call<'_>, _: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let Some(text) = call.value(0)?.as_str() else { return Ok(false.into()) };
    let wanted = tls_version(call.text(1)?).ok_or_else(|| FunctionError::argument(1, "it names no version of TLS"))?;
    Ok(tls_version(text).is_some_and(|version| version >= wanted).into())
}

/// The version that a spelling means, as major and minor. SSL is older than every TLS.
fn tls_version(text: &str) -> Option<(u32, u32)> {
    let lower = text.to_ascii_lowercase();
    if lower.contains("ssl") {
        return Some((0, 0));
    }
    let digits: Vec<u32> = lower.chars().filter_map(|ch| ch.to_digit(10)).take(2).collect();
    match *digits.as_slice() {
        [major, minor] => Some((major, minor)),
        [major] => Some((major, 0)),
        _ => None,
    }
}
