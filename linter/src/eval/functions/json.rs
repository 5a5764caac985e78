//! `jsonencode` and `jsondecode`. What is partly unknown stays visible: the text of a partly known value remembers the value.

use std::sync::Arc;

use super::json_decode::{Source, decode};
use super::json_encode::encode;
use super::json_holes::decode_within;
use super::{Call, Function, FunctionError, Parameter, Signature, Unknowns};
use crate::eval::Context;
use crate::value::{Kind, Knowledge, Refinement, Type, Unknown, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "jsondecode",
        &[Parameter::new("str", Signature::String).with_unknowns(Unknowns::Any)],
        Signature::Any,
        jsondecode,
    ),
    Function::new(
        "jsonencode",
        &[Parameter::new("val", Signature::Any).or_null().with_unknowns(Unknowns::Any)],
        Signature::String,
        jsonencode,
    ),
];

fn jsonencode(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let value = call.value(0)?;
    let work = context.spend(value.count_parts() as u64, call.span);
    work.map_err(|_| FunctionError::limit(format!("{} evaluation steps", context.limits.steps)))?;
    if value.is_wholly_known() {
        return Ok(Value::string(encode(value, &context.limits)?));
    }
    let mut unknown = Unknown::derived(Type::String, value.unknowns_within());
    let prefix = first_character(value).map(Into::into);
    unknown.refinement = Refinement { not_null: true, prefix, ..Refinement::default() };
    unknown.knowledge = Knowledge::Json(Arc::new(value.clone()));
    Ok(Kind::Unknown(Arc::new(unknown)).into())
}

/// How the JSON text of a value surely begins.
fn first_character(value: &Value) -> Option<&'static str> {
    let may_be_null = value.as_unknown().is_some_and(|unknown| !unknown.refinement.not_null);
    match value.type_of() {
        _ if may_be_null => None,
        Type::String => Some("\""),
        Type::List(_) | Type::Set(_) | Type::Tuple(_) => Some("["),
        Type::Map(_) | Type::Object(_) => Some("{"),
        Type::Any | Type::Bool | Type::Number => None,
    }
}

fn jsondecode(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let value = call.value(0)?;
    if let Some(text) = value.as_str() {
        return decode(&Source { text, holes: Vec::new() }, &context.limits);
    }
    Ok(decode_within(value, &context.limits).unwrap_or_else(|| unknown_from(value, Type::Any)))
}

/// An unknown value that follows from an unknown one.
pub(super) fn unknown_from(value: &Value, ty: Type) -> Value {
    Kind::Unknown(Arc::new(Unknown::derived(ty, value.unknowns_within()))).into()
}
