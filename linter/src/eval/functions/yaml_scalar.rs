//! What plain words in YAML mean to Terraform: a mix of YAML 1.1 and 1.2.
//!
//! `yes` and `on` are true, `012` is twelve and `0o14` too, dates become timestamps, `1:30` stays text.

use super::base64_text;
use super::timestamp::Timestamp;
use crate::value::{Kind, Number, Value};

const BOOL_TAG: &str = "tag:yaml.org,2002:bool";
const FLOAT_TAG: &str = "tag:yaml.org,2002:float";
const INTEGER_TAG: &str = "tag:yaml.org,2002:int";
const NULL_TAG: &str = "tag:yaml.org,2002:null";
const STRING_TAG: &str = "tag:yaml.org,2002:str";
const BINARY_TAG: &str = "tag:yaml.org,2002:binary";
const TIMESTAMP_TAG: &str = "tag:yaml.org,2002:timestamp";

/// The value of a scalar.
///
/// # Errors
/// When the tag is not one that Terraform knows, or the text is not what the tag says.
pub(super) fn resolve(text: &str, quoted: bool, tag: Option<&str>) -> Result<Value, String> {
    let tag = tag.filter(|tag| !tag.is_empty());
    match tag {
        Some(STRING_TAG) => return Ok(Value::string(text)),
        Some(BINARY_TAG) => return binary(text),
        None | Some(BOOL_TAG | FLOAT_TAG | INTEGER_TAG | NULL_TAG | TIMESTAMP_TAG) => {}
        Some(tag) => return Err(format!("unsupported tag {tag:?}")),
    }
    if may_have_meaning(text) {
        if quoted {
            return Ok(Value::string(text));
        }
        if let Some(value) = word(text) {
            return Ok(value);
        }
        if tag.is_none() && matches!(text, ".nan" | ".NaN" | ".NAN") {
            return Err("floating point NaN is not supported".to_owned());
        }
        if let Some(value) = by_form(text, tag) {
            return value;
        }
    }
    by_tag(text, tag)
}

/// A value as the text that names a mapping's key; `None` for null.
pub(super) fn to_key(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Bool(value) => Some(value.to_string()),
        Kind::Number(number) => number.to_text(),
        Kind::String(text) => Some(text.to_string()),
        Kind::Null(_) | Kind::Unknown(_) => None,
        Kind::List(..) | Kind::Set(..) | Kind::Tuple(_) | Kind::Map(..) | Kind::Object(_) => None,
    }
}

fn binary(text: &str) -> Result<Value, String> {
    match base64_text::decode(text) {
        Ok(_) => Ok(Value::string(text)),
        Err(_) => Err(format!("cannot parse {text:?} as {BINARY_TAG}: not valid base64")),
    }
}

/// Whether text that begins like this can be anything but text.
fn may_have_meaning(text: &str) -> bool {
    match text.bytes().next() {
        None => true,
        Some(first) => first.is_ascii_digit() || b"+-.yYnNtTfFoO~".contains(&first),
    }
}

/// The value of a word that stands for one.
fn word(text: &str) -> Option<Value> {
    Some(match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Value::from(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Value::from(false),
        "" | "~" | "null" | "Null" | "NULL" => Value::null(),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Number::from_f64(f64::INFINITY)?.into(),
        "-.inf" | "-.Inf" | "-.INF" => Number::from_f64(f64::NEG_INFINITY)?.into(),
        _ => return None,
    })
}

/// The value of text that looks like a number or a date.
fn by_form(text: &str, tag: Option<&str>) -> Option<Result<Value, String>> {
    if text.starts_with('.') {
        return is_float(text).then(|| Number::parse(text).map(|number| Ok(number.into())))?;
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-')) {
        return None;
    }
    if tag.is_none_or(|tag| tag == TIMESTAMP_TAG)
        && let Some(timestamp) = Timestamp::parse_loosely(text)
    {
        return Some(Ok(Value::string(timestamp.to_string())));
    }
    if is_integer(text) {
        return Some(number(text, INTEGER_TAG));
    }
    is_float(text).then(|| number(text, FLOAT_TAG))
}

fn by_tag(text: &str, tag: Option<&str>) -> Result<Value, String> {
    let cannot = |tag: &str| Err(format!("cannot parse {text:?} as {tag}"));
    match tag {
        Some(BOOL_TAG) => match word(text) {
            Some(value) if value.as_bool().is_some() => Ok(value),
            _ => cannot(BOOL_TAG),
        },
        Some(tag @ (FLOAT_TAG | INTEGER_TAG)) => number(text, tag),
        Some(NULL_TAG) => Ok(Value::null()),
        Some(TIMESTAMP_TAG) => match Timestamp::parse_loosely(text) {
            Some(timestamp) => Ok(Value::string(timestamp.to_string())),
            None => cannot(TIMESTAMP_TAG),
        },
        _ => Ok(Value::string(text)),
    }
}

/// Decimal digits with a sign, `0o` octal or `0x` hexadecimal without.
fn is_integer(text: &str) -> bool {
    let all = |digits: &str, radix| !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    match (text.strip_prefix("0o"), text.strip_prefix("0x")) {
        (Some(digits), _) => all(digits, 8),
        (_, Some(digits)) => all(digits, 16),
        _ => all(text.strip_prefix(['+', '-']).unwrap_or(text), 10),
    }
}

/// A decimal number with a sign, a fraction, an exponent, each of which may be missing.
fn is_float(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let has_digits = !whole.is_empty() || !fraction.is_empty();
    has_digits && digits(whole) && digits(fraction) && exponent.is_none_or(|e| !e.is_empty() && digits(e))
}

/// The number that text says, underscores ignored, in decimal or with a prefix for another base.
fn number(text: &str, tag: &str) -> Result<Value, String> {
    let plain = text.replace('_', "");
    let cannot = || format!("cannot parse {text:?} as {tag}");
    if is_float(&plain) {
        return Number::parse(&decimal_form(&plain)).map(Value::from).ok_or_else(cannot);
    }
    let (negative, digits) = match plain.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let lower = digits.to_ascii_lowercase();
    let prefixes = [("0x", 16), ("0o", 8), ("0b", 2)];
    let with_prefix = prefixes.iter().find_map(|&(prefix, base)| Some((lower.strip_prefix(prefix)?, base)));
    let (digits, base) = with_prefix.ok_or_else(cannot)?;
    let magnitude = u64::from_str_radix(digits, base).map_err(|_| cannot())?;
    // Terraform reads what has a sign into 64 bits with a sign.
    let in_range = if negative { magnitude <= 1 << 63 } else { !plain.starts_with('+') || magnitude < 1 << 63 };
    let sign = if negative { "-" } else { "" };
    let parsed = in_range.then(|| Number::parse(&format!("{sign}{magnitude}"))).flatten();
    parsed.map(Value::from).ok_or_else(cannot)
}

/// The same number without a plus sign, and with digits on both sides of a point.
fn decimal_form(text: &str) -> String {
    let text = text.strip_prefix('+').unwrap_or(text);
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => ("-", text),
        None => ("", text),
    };
    let (mantissa, exponent) = text.split_at_checked(text.find(['e', 'E']).unwrap_or(text.len())).unwrap_or((text, ""));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let or_zero = |digits: &str| if digits.is_empty() { "0".to_owned() } else { digits.to_owned() };
    format!("{sign}{}.{}{exponent}", or_zero(whole), or_zero(fraction))
}
