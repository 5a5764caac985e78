//! Functions that compute with IP networks.

use dashu_int::ops::UnsignedAbs as _;
use dashu_int::{IBig, UBig};

use super::ip_network::Network;
use super::{Call, Function, FunctionError, Parameter, Signature};
use crate::eval::Context;
use crate::value::{Kind, Type, Value};

const PREFIX: Parameter = Parameter::new("prefix", Signature::String);
const NEW_BITS: Parameter = Parameter::new("newbits", Signature::Number);
const LIST_OF_STRINGS: Signature = Signature::List(&Signature::String);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("cidrhost", &[PREFIX, Parameter::new("hostnum", Signature::Number)], Signature::String, host),
    Function::new("cidrnetmask", &[PREFIX], Signature::String, netmask),
    Function::new(
        "cidrsubnet",
        &[PREFIX, NEW_BITS, Parameter::new("netnum", Signature::Number)],
        Signature::String,
        subnet,
    ),
    Function::new("cidrsubnets", &[PREFIX], LIST_OF_STRINGS, subnets).with_variadic(NEW_BITS),
];

/// Terraform's own limit, so that subnet numbers fit on machines of 32 bits.
const MAX_NEW_BITS: i64 = 32;

/// Numbers with more digits than this are too large for any address.
const MAX_DIGITS: usize = 400;

const NO_INTEGER: &str = "value must be a whole number, between -9223372036854775808 and 9223372036854775807";

fn parse(call: &Call<'_>) -> Result<Network, String> {
    let text = call.text(0).map_err(|error| error.message)?;
    Network::parse(text).ok_or_else(|| format!("invalid CIDR expression: invalid CIDR address: {text}"))
}

fn host(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let number = big_integer(call, 1)?;
    let network = parse(call).map_err(FunctionError::new)?;
    let highest = network.family.max() & !network.family.mask(network.prefix);
    let (number, size) = if number < IBig::ZERO {
        let back = -number - IBig::ONE;
        (IBig::from(highest) - &back, back)
    } else {
        // Terraform compares only the low 64 bits, and takes them for signed.
        let low = low_64_bits(&number).cast_signed();
        (number, IBig::from(low))
    };
    if size > IBig::from(highest) {
        let prefix = network.prefix;
        return Err(FunctionError::new(format!("prefix of {prefix} does not accommodate a host numbered {number}")));
    }
    let length = if network.is_v4() { 32 } else { 128 };
    let address = insert(network, &number, length)?;
    Ok(Value::string(network.family.address_text(address)))
}

fn netmask(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let network = parse(call).map_err(FunctionError::new)?;
    if !network.is_v4() {
        return Err(FunctionError::new(format!("IPv6 addresses cannot have a netmask: {}", call.text(0)?)));
    }
    Ok(Value::string(network.family.address_text(network.family.mask(network.prefix))))
}

fn subnet(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let new_bits = call.number(1)?.to_i64().ok_or_else(|| FunctionError::new(NO_INTEGER))?;
    let number = big_integer(call, 2)?;
    let network = parse(call).map_err(FunctionError::new)?;
    let bits = network.family.bits();
    let prefix = i64::from(network.prefix).saturating_add(new_bits);
    if prefix > i64::from(bits) {
        let parent = network.prefix;
        let message = format!("insufficient address space to extend prefix of {parent} by {new_bits}");
        return Err(FunctionError::new(message));
    }
    let room = u32::try_from(new_bits).ok().and_then(|shift| 1_u64.checked_shl(shift)).unwrap_or(0);
    // From 64 bits on Terraform lets any number pass here.
    if low_64_bits(&number) > room.wrapping_sub(1) {
        let message = format!("prefix extension of {new_bits} does not accommodate a subnet numbered {number}");
        return Err(FunctionError::new(message));
    }
    let Ok(prefix) = u32::try_from(prefix) else {
        return negative_prefix(&number);
    };
    let address = insert(network, &number, prefix)?;
    Ok(Value::string(Network { address, prefix, family: network.family }.text()))
}

/// Terraform answers a prefix below zero with the text of Go's nil.
fn negative_prefix(number: &IBig) -> Result<Value, FunctionError> {
    if number.is_zero() { Ok(Value::string("<nil>")) } else { Err(does_not_fit(number)) }
}

fn does_not_fit(number: &IBig) -> FunctionError {
    FunctionError::new(format!("the number {number} does not fit into the address"))
}

fn subnets(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let network = parse(call).map_err(|message| FunctionError::argument(0, message))?;
    let count = call.args.len().saturating_sub(1);
    if count > context.limits.items {
        return Err(FunctionError::limit(format!("{} items in one collection", context.limits.items)));
    }
    let mut found: Vec<Value> = Vec::with_capacity(count);
    let mut current: Option<Network> = None;
    for idx in 1..=count {
        let prefix = subnet_prefix(call, idx, network)?;
        let before = current.unwrap_or_else(|| before(network, prefix));
        let next = after(before, prefix);
        if next.address == 0 || !network.contains(next.address) {
            let text = before.text();
            let message =
                format!("not enough remaining address space for a subnet with a prefix of {prefix} bits after {text}");
            return Err(FunctionError::argument(idx, message));
        }
        current = Some(next);
        found.push(Value::string(next.text()));
    }
    Ok(Kind::List(Type::String, found.into()).into())
}

fn subnet_prefix(call: &Call<'_>, idx: usize, network: Network) -> Result<u32, FunctionError> {
    let fail = |message: String| Err(FunctionError::argument(idx, message));
    let Some(new_bits) = call.number(idx)?.to_i64() else {
        return fail(NO_INTEGER.to_owned());
    };
    if new_bits < 1 {
        return fail("must extend prefix by at least one bit".to_owned());
    }
    if new_bits > MAX_NEW_BITS {
        return fail("may not extend prefix by more than 32 bits".to_owned());
    }
    let prefix = network.prefix + new_bits as u32;
    if prefix > network.family.bits() {
        let family = network.family.name();
        return fail(format!("would extend prefix to {prefix} bits, which is too long for an {family} address"));
    }
    Ok(prefix)
}

/// The subnet of this prefix that lies before the network, from the other end if there is none.
fn before(network: Network, prefix: u32) -> Network {
    let family = network.family;
    let address = network.address.wrapping_sub(1) & family.mask(prefix);
    Network { address, prefix, family }
}

/// The next subnet of this prefix after `network`; address zero if there is none.
fn after(network: Network, prefix: u32) -> Network {
    let family = network.family;
    let covering = Network { address: network.last() & family.mask(prefix), prefix, family };
    Network { address: covering.last().wrapping_add(1) & family.max(), prefix, family }
}

/// Puts the number into the bits that end at `length`, as Terraform does: negative numbers in two's complement.
fn insert(network: Network, number: &IBig, length: u32) -> Result<u128, FunctionError> {
    let bits = network.family.bits();
    // A number so large cannot fit, and shifting it would cost memory.
    if number.clone().unsigned_abs() > UBig::from(u128::MAX) {
        return Err(does_not_fit(number));
    }
    let shifted = number.clone() << bits.saturating_sub(length) as usize;
    let address = (IBig::from(network.address) | shifted).unsigned_abs();
    u128::try_from(address).ok().filter(|&address| address <= network.family.max()).ok_or_else(|| does_not_fit(number))
}

fn big_integer(call: &Call<'_>, idx: usize) -> Result<IBig, FunctionError> {
    let number = call.number(idx)?;
    if !number.is_integer() {
        return Err(FunctionError::new("value must be a whole number"));
    }
    let digits = number.to_text().filter(|digits| digits.len() <= MAX_DIGITS).and_then(|digits| digits.parse().ok());
    digits.ok_or_else(|| FunctionError::argument(idx, "the number is too large for any address"))
}

fn low_64_bits(number: &IBig) -> u64 {
    let magnitude = number.clone().unsigned_abs() & UBig::from(u64::MAX);
    u64::try_from(magnitude).unwrap_or(0)
}
