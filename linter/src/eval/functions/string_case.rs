//! Functions that change the case of letters.

use super::{Call, Function, FunctionError, Parameter, Signature};
use crate::eval::Context;
use crate::value::Value;

const STR: Parameter = Parameter::new("str", Signature::String);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("lower", &[STR], Signature::String, lower),
    Function::new("upper", &[STR], Signature::String, upper),
];

fn lower(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    Ok(Value::string(call.text(0)?.to_lowercase()))
}

fn upper(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    Ok(Value::string(call.text(0)?.to_uppercase()))
}
