//! Functions that write text in another alphabet: Base64 and URLs.

use std::fmt::Write as _;
use std::sync::Arc;

use super::run_time::unknown_text;
use super::text_encoding::{TextEncoding, find};
use super::{Call, Function, FunctionError, Parameter, Signature, Unknowns, base64_text};
use crate::eval::Context;
use crate::value::{Kind, Knowledge, Refinement, Type, Unknown, Value};

const STR: Parameter = Parameter::new("str", Signature::String);
const STR_OR_UNKNOWN: Parameter = STR.with_unknowns(Unknowns::Any);
const ENCODING: Parameter = Parameter::new("encoding", Signature::String);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("base64decode", &[STR_OR_UNKNOWN], Signature::String, base64decode),
    Function::new("base64encode", &[STR_OR_UNKNOWN], Signature::String, base64encode),
    Function::new("base64gzip", &[STR_OR_UNKNOWN], Signature::String, base64gzip),
    Function::new(
        "textdecodebase64",
        &[Parameter::new("source", Signature::String), ENCODING],
        Signature::String,
        textdecodebase64,
    ),
    Function::new(
        "textencodebase64",
        &[Parameter::new("string", Signature::String), ENCODING],
        Signature::String,
        textencodebase64,
    ),
    Function::new("urlencode", &[STR], Signature::String, urlencode),
];

fn base64encode(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let value = call.value(0)?;
    match value.as_str() {
        Some(text) => Ok(Value::string(base64_text::encode(text.as_bytes()))),
        None => Ok(unknown_with(value, Knowledge::Base64(Arc::new(value.clone())))),
    }
}

fn base64decode(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let value = call.value(0)?;
    if let Some(text) = value.as_str() {
        let bytes = base64_text::decode(text)
            .map_err(|_| FunctionError::new(format!("failed to decode base64 data {text:?}")))?;
        return match String::from_utf8(bytes) {
            Ok(text) => Ok(Value::string(text)),
            Err(_) => Err(FunctionError::new("the result of decoding the provided string is not valid UTF-8")),
        };
    }
    if let Some(Knowledge::Base64(inner)) = value.as_unknown().map(|unknown| &unknown.knowledge) {
        return Ok(Value::clone(inner));
    }
    Ok(unknown_with(value, Knowledge::Nothing))
}

/// Terraform's compressor writes other bytes than ours would, so the result is not known; what was compressed is.
fn base64gzip(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    Ok(unknown_text("base64gzip", Knowledge::Base64(Arc::new(call.value(0)?.clone()))))
}

fn unknown_with(value: &Value, knowledge: Knowledge) -> Value {
    let mut unknown = Unknown::derived(Type::String, value.unknowns_within());
    unknown.refinement = Refinement { not_null: true, ..Refinement::default() };
    unknown.knowledge = knowledge;
    Kind::Unknown(Arc::new(unknown)).into()
}

fn encoding(call: &Call<'_>) -> Result<&'static TextEncoding, FunctionError> {
    let name = call.text(1)?;
    find(name).ok_or_else(|| {
        let message = format!("{name:?} is not a supported IANA encoding name or alias in this Terraform version");
        FunctionError::argument(1, message)
    })
}

fn textencodebase64(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let encoding = encoding(call)?;
    if !encoding.is_modelled() {
        return Ok(unknown_text("textencodebase64", Knowledge::Nothing));
    }
    let bytes = encoding.encode(call.text(0)?).ok_or_else(|| {
        let name = encoding.name();
        FunctionError::argument(0, format!("the given string contains characters that cannot be represented in {name}"))
    })?;
    Ok(Value::string(base64_text::encode(&bytes)))
}

fn textdecodebase64(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let encoding = encoding(call)?;
    let bytes = base64_text::decode(call.text(0)?).map_err(|offset| {
        let message = format!("the given value is has an invalid base64 symbol at offset {offset}");
        FunctionError::argument(0, message)
    })?;
    if !encoding.is_modelled() {
        return Ok(unknown_text("textdecodebase64", Knowledge::Nothing));
    }
    let decoded = encoding.decode(&bytes).filter(|text| !text.contains(char::REPLACEMENT_CHARACTER));
    decoded.map(Value::string).ok_or_else(|| {
        let name = encoding.name();
        FunctionError::argument(0, format!("the given string contains symbols that are not defined for {name}"))
    })
}

fn urlencode(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let mut encoded = String::new();
    for byte in call.text(0)?.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            b' ' => encoded.push('+'),
            // Writing to a string cannot fail.
            _ => drop(write!(encoded, "%{byte:02X}")),
        }
    }
    Ok(Value::string(encoded))
}
