//! Functions whose result differs from run to run, or that nobody but Terraform can compute.
//!
//! Their results are unknown, with the function's name as the reason; arguments are checked as Terraform checks them.

use std::sync::Arc;

use super::{Call, Function, FunctionError, Parameter, Signature, base64_text};
use crate::eval::Context;
use crate::value::{Kind, Knowledge, Reason, Refinement, Type, Unknown, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("bcrypt", &[Parameter::new("str", Signature::String)], Signature::String, bcrypt)
        .with_variadic(Parameter::new("cost", Signature::Number)),
    Function::new("plantimestamp", &[], Signature::String, |_, _| {
        Ok(unknown_text("plantimestamp", Knowledge::Nothing))
    }),
    Function::new(
        "rsadecrypt",
        &[Parameter::new("ciphertext", Signature::String), Parameter::new("privatekey", Signature::String)],
        Signature::String,
        rsadecrypt,
    ),
    Function::new("timestamp", &[], Signature::String, |_, _| Ok(unknown_text("timestamp", Knowledge::Nothing))),
    Function::new("uuid", &[], Signature::String, |_, _| Ok(unknown_text("uuid", Knowledge::Nothing))),
];

/// Longest password that bcrypt hashes, in bytes.
const MAX_PASSWORD_BYTES: usize = 72;

/// Highest cost that bcrypt accepts.
const MAX_BCRYPT_COST: i64 = 31;

/// Text that only a run of Terraform will know.
pub(super) fn unknown_text(function: &str, knowledge: Knowledge) -> Value {
    let mut unknown = Unknown::new(Type::String, Reason::Function(function.into()));
    unknown.refinement = Refinement { not_null: true, ..Refinement::default() };
    unknown.knowledge = knowledge;
    Kind::Unknown(Arc::new(unknown)).into()
}

fn bcrypt(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    if call.args.len() > 2 {
        return Err(FunctionError::new("bcrypt() takes no more than two arguments"));
    }
    let cost = if call.args.len() == 2 { call.number(1)?.to_i64() } else { Some(10) };
    let cost = cost.ok_or_else(|| {
        FunctionError::new("value must be a whole number, between -9223372036854775808 and 9223372036854775807")
    })?;
    if call.text(0)?.len() > MAX_PASSWORD_BYTES {
        let message = "error occured generating password bcrypt: password length exceeds 72 bytes";
        return Err(FunctionError::new(message));
    }
    if cost > MAX_BCRYPT_COST {
        let message =
            format!("error occured generating password crypto/bcrypt: cost {cost} is outside allowed range (4,31)");
        return Err(FunctionError::new(message));
    }
    Ok(unknown_text("bcrypt", Knowledge::Nothing))
}

fn rsadecrypt(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let (ciphertext, key) = (call.text(0)?, call.text(1)?);
    if base64_text::decode(ciphertext).is_err() {
        let message = format!("failed to decode input {ciphertext:?}: cipher text must be base64-encoded");
        return Err(FunctionError::argument(0, message));
    }
    if !key.contains("-----BEGIN ") {
        return Err(FunctionError::argument(1, "invalid private key: ssh: no key found"));
    }
    Ok(unknown_text("rsadecrypt", Knowledge::Nothing))
}

#[cfg(test)]
mod tests;
