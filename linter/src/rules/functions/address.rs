//! Addresses and CIDR blocks as sets: every function takes an address, a block, a range `first-last`, or a list of them.

use super::{RuleFunction, Surroundings, anything};
use crate::eval::functions::{Call, FunctionError, Signature, Unknowns};
use crate::network::address::AddressSet;
use crate::network::exposure::Width;
use crate::value::{Number, Value};

pub(super) const FUNCTIONS: &[RuleFunction] = &[
    RuleFunction::new(
        "cidr_overlaps",
        &[addresses("a"), addresses("b")],
        Signature::Bool,
        "Whether an address is in both: cidr_overlaps(\"10.0.0.0/8\", [\"10.1.0.0/16\"]).",
        cidr_overlaps,
    ),
    RuleFunction::new(
        "cidr_contains",
        &[addresses("outer"), addresses("inner")],
        Signature::Bool,
        "Whether all addresses of the second are in the first. Parts may add up: [\"0.0.0.0/1\", \"128.0.0.0/1\"] contains all of IPv4.",
        cidr_contains,
    ),
    RuleFunction::new(
        "is_public",
        &[addresses("addresses")],
        Signature::Bool,
        "Whether strangers on the Internet may have one of the addresses.",
        is_public,
    ),
    RuleFunction::new(
        "is_world",
        &[addresses("addresses")],
        Signature::Bool,
        "Whether so many public addresses are among them that they are strangers: more than a /24 (or a /48) in one range, in whatever pieces.",
        is_world,
    ),
    RuleFunction::new(
        "address_count",
        &[addresses("addresses")],
        Signature::Number,
        "How many addresses these are: address_count(\"10.0.0.1-10.0.0.9\") is 9.",
        address_count,
    ),
];

const fn addresses(name: &'static str) -> crate::eval::functions::Parameter {
    anything(name).with_unknowns(Unknowns::No)
}

/// The set that an argument names; null is empty.
pub(super) fn set(call: &Call<'_>, idx: usize) -> Result<AddressSet, FunctionError> {
    let value = call.value(idx)?;
    let items = value.as_items().unwrap_or(std::slice::from_ref(value));
    let mut sum = AddressSet::empty();
    for item in items.iter().filter(|item| !item.is_null()) {
        let text = item.as_str().ok_or_else(|| FunctionError::argument(idx, "addresses are text"))?;
        sum = sum.union(&named(text).map_err(|problem| FunctionError::argument(idx, problem))?);
    }
    Ok(sum)
}

/// Addresses in any cloud's words.
fn named(text: &str) -> Result<AddressSet, String> {
    match text.to_ascii_lowercase().as_str() {
        "*" | "any" => Ok(AddressSet::world()),
        "internet" => Ok(AddressSet::public().clone()),
        // Names of the cloud's own address lists are nobody's range.
        _ if text.starts_with(|ch: char| ch.is_ascii_alphabetic()) && !text.contains(':') => Ok(AddressSet::empty()),
        _ => text.parse().map_err(|problem: crate::network::address::NotAnAddress| problem.to_string()),
    }
}

fn cidr_overlaps(call: &Call<'_>, _: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    Ok(set(call, 0)?.overlaps(&set(call, 1)?).into())
}

fn cidr_contains(call: &Call<'_>, _: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    Ok(set(call, 0)?.includes(&set(call, 1)?).into())
}

fn is_public(call: &Call<'_>, _: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    Ok((!set(call, 0)?.public_part().is_empty()).into())
}

fn is_world(call: &Call<'_>, _: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    Ok(Width::default().is_exceeded_by(&set(call, 0)?.public_part()).into())
}

fn address_count(call: &Call<'_>, _: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    Ok(count(set(call, 0)?.count()))
}

/// A count of addresses as a number.
pub(super) fn count(addresses: u128) -> Value {
    Number::parse(&addresses.to_string()).map_or_else(Value::null, Value::from)
}
