//! What the wire says of unknown values: limits that they will keep.

use palisade::value::{Number, Refinement};

use super::decode::number;
use super::encode::number_value;

/// Code of extensions that say nothing.
pub(super) const PLAIN: i8 = 0;
/// Code of extensions that say limits.
const LIMITS: i8 = 12;
/// Larger limits are not read.
const MAX_BYTES: usize = 64 << 10;

const NULL: u64 = 1;
const PREFIX: u64 = 2;
const MIN: u64 = 3;
const MAX: u64 = 4;
const MIN_LENGTH: u64 = 5;
const MAX_LENGTH: u64 = 6;

/// What an extension says.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// It will certainly be null.
    pub(super) is_null: bool,
    /// Limits it will keep.
    pub(super) limits: Refinement,
}

/// Reads an extension. What cannot be read says nothing: it is always safe to know less.
pub(super) fn read(code: i8, payload: &[u8]) -> Said {
    let mut said = Said::default();
    if code != LIMITS || payload.len() > MAX_BYTES {
        return said;
    }
    let mut rest = payload;
    let Ok(rmpv::Value::Map(entries)) = rmpv::decode::read_value_with_max_depth(&mut rest, 8) else { return said };
    for (key, value) in entries {
        let length = || value.as_u64().and_then(|length| usize::try_from(length).ok());
        match key.as_u64() {
            Some(NULL) => match value.as_bool() {
                Some(true) => said.is_null = true,
                Some(false) => said.limits.not_null = true,
                None => {}
            },
            Some(PREFIX) => said.limits.prefix = value.as_str().map(Into::into),
            Some(MIN) => said.limits.min = bound(&value),
            Some(MAX) => said.limits.max = bound(&value),
            Some(MIN_LENGTH) => said.limits.min_length = length(),
            Some(MAX_LENGTH) => said.limits.max_length = length(),
            _ => {}
        }
    }
    said
}

/// A pair of number and whether it is itself allowed; the latter is not kept.
fn bound(raw: &rmpv::Value) -> Option<Number> {
    number(raw.as_array()?.first()?)
}

/// The extension that says limits.
pub(super) fn write(limits: &Refinement) -> rmpv::Value {
    let mut entries: Vec<(rmpv::Value, rmpv::Value)> = Vec::new();
    let mut add = |key: u64, value: rmpv::Value| entries.push((key.into(), value));
    let bound = |number: &Number| number_value(number).map(|number| rmpv::Value::Array(vec![number, true.into()]));
    if limits.not_null {
        add(NULL, false.into());
    }
    if let Some(prefix) = &limits.prefix {
        add(PREFIX, rmpv::Value::from(&**prefix));
    }
    for (key, number) in [(MIN, &limits.min), (MAX, &limits.max)] {
        if let Some(bound) = number.as_ref().and_then(bound) {
            add(key, bound);
        }
    }
    for (key, length) in [(MIN_LENGTH, limits.min_length), (MAX_LENGTH, limits.max_length)] {
        if let Some(length) = length {
            add(key, (length as u64).into());
        }
    }
    let mut payload = Vec::new();
    let written = rmpv::encode::write_value(&mut payload, &rmpv::Value::Map(entries.clone()));
    // Terraform refuses an extension of this code that says nothing.
    match (entries.is_empty(), written) {
        (false, Ok(())) => rmpv::Value::Ext(LIMITS, payload),
        (true, _) | (false, Err(_)) => rmpv::Value::Ext(PLAIN, vec![0]),
    }
}
