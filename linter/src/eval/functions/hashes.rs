//! Hashes of text, and identifiers made of hashes.

use std::fmt::Write as _;

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use uuid::Uuid;

use super::{Call, Function, FunctionError, Parameter, Signature, base64_text};
use crate::eval::Context;
use crate::value::Value;

const STR: Parameter = Parameter::new("str", Signature::String);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("base64sha256", &[STR], Signature::String, |call, _| of_text(call, base64_of::<Sha256>)),
    Function::new("base64sha512", &[STR], Signature::String, |call, _| of_text(call, base64_of::<Sha512>)),
    Function::new("md5", &[STR], Signature::String, |call, _| of_text(call, hex_of::<Md5>)),
    Function::new("sha1", &[STR], Signature::String, |call, _| of_text(call, hex_of::<Sha1>)),
    Function::new("sha256", &[STR], Signature::String, |call, _| of_text(call, hex_of::<Sha256>)),
    Function::new("sha512", &[STR], Signature::String, |call, _| of_text(call, hex_of::<Sha512>)),
    Function::new(
        "uuidv5",
        &[Parameter::new("namespace", Signature::String), Parameter::new("name", Signature::String)],
        Signature::String,
        uuidv5,
    ),
];

fn of_text(call: &Call<'_>, hash: fn(&[u8]) -> String) -> Result<Value, FunctionError> {
    Ok(Value::string(hash(call.text(0)?.as_bytes())))
}

/// The hash of bytes as hexadecimal digits.
pub(super) fn hex_of<D: Digest>(bytes: &[u8]) -> String {
    D::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The hash of bytes as Base64.
pub(super) fn base64_of<D: Digest>(bytes: &[u8]) -> String {
    base64_text::encode(&D::digest(bytes))
}

fn uuidv5(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let namespace = match call.text(0)? {
        "dns" => Uuid::NAMESPACE_DNS,
        "url" => Uuid::NAMESPACE_URL,
        "oid" => Uuid::NAMESPACE_OID,
        "x500" => Uuid::NAMESPACE_X500,
        text => parse_uuid(text)
            .map_err(|reason| FunctionError::new(format!("uuidv5() doesn't support namespace {text} ({reason})")))?,
    };
    Ok(Value::string(Uuid::new_v5(&namespace, call.text(1)?.as_bytes()).to_string()))
}

/// A UUID in the forms that Terraform reads: plain, with dashes, in braces, with `urn:uuid:`.
fn parse_uuid(text: &str) -> Result<Uuid, String> {
    let inner = match text.len() {
        32 | 36 => Some(text),
        // Whatever stands around them, braces by convention, is not looked at.
        38 => text.get(1..37),
        45 => match (text.get(..9), text.get(9..)) {
            (Some(prefix), Some(rest)) if prefix.eq_ignore_ascii_case("urn:uuid:") => Some(rest),
            (prefix, _) => return Err(format!("invalid urn prefix: {:?}", prefix.unwrap_or_default())),
        },
        length => return Err(format!("invalid UUID length: {length}")),
    };
    inner.and_then(|inner| Uuid::try_parse(inner).ok()).ok_or_else(|| "invalid UUID format".to_owned())
}
