//! `yamlencode` and `yamldecode`. What is partly unknown stays visible: the text of a partly known value remembers the value.

use std::sync::Arc;

use super::json_holes::decode_within;
use super::{Call, Function, FunctionError, Parameter, Signature, Unknowns, yaml_decode, yaml_encode};
use crate::eval::Context;
use crate::value::{Kind, Knowledge, Refinement, Type, Unknown, Value};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "yamldecode",
        &[Parameter::new("src", Signature::String).with_unknowns(Unknowns::Any)],
        Signature::Any,
        yamldecode,
    ),
    Function::new(
        "yamlencode",
        &[Parameter::new("value", Signature::Any).or_null().with_unknowns(Unknowns::Any)],
        Signature::String,
        yamlencode,
    ),
];

fn yamldecode(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let value = call.value(0)?;
    if let Some(text) = value.as_str() {
        return yaml_decode::decode(text, &context.limits);
    }
    if let Some(Knowledge::Yaml(shadow)) = value.as_unknown().map(|unknown| &unknown.knowledge) {
        return Ok(Value::clone(shadow));
    }
    // JSON is YAML too, so what is known of partly known JSON is known here.
    Ok(decode_within(value, &context.limits).unwrap_or_else(|| unknown(value, Type::Any, Knowledge::Nothing)))
}

fn yamlencode(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let value = call.value(0)?;
    let work = context.spend(value.count_parts() as u64, call.span);
    work.map_err(|_| FunctionError::limit(format!("{} evaluation steps", context.limits.steps)))?;
    if value.is_wholly_known() {
        return Ok(Value::string(yaml_encode::encode(value, &context.limits)?));
    }
    Ok(unknown(value, Type::String, Knowledge::Yaml(Arc::new(value.clone()))))
}

fn unknown(value: &Value, ty: Type, knowledge: Knowledge) -> Value {
    let mut unknown = Unknown::derived(ty, value.unknowns_within());
    unknown.refinement = Refinement { not_null: unknown.ty != Type::Any, ..Refinement::default() };
    unknown.knowledge = knowledge;
    Kind::Unknown(Arc::new(unknown)).into()
}

#[cfg(test)]
mod tests;
