//! Functions that change the type or the marks of a value, or choose among values.

use super::items::derived;
use super::{Call, Function, FunctionError, Parameter, Signature, Unknowns};
use crate::eval::Context;
use crate::value::{Kind, Knowledge, Marks, Type, Unknown, Value, convert, unify};

const V: Parameter = Parameter::new("v", Signature::Any).or_null().with_unknowns(Unknowns::Any).with_marks();
const VALUE: Parameter = Parameter { name: "value", ..V };
const VALS: Parameter = Parameter::new("vals", Signature::Any).or_null().with_unknowns(Unknowns::Any);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("coalesce", &[], Signature::Any, coalesce).with_variadic(VALS),
    Function::new("coalescelist", &[], Signature::Any, coalescelist).with_variadic(VALS),
    Function::new("ephemeralasnull", &[VALUE], Signature::Any, ephemeralasnull),
    Function::new("issensitive", &[VALUE], Signature::Bool, issensitive),
    Function::new("list", &[], Signature::Any, list).with_variadic(VALS),
    Function::new("map", &[], Signature::Any, map).with_variadic(VALS),
    Function::new("nonsensitive", &[VALUE], Signature::Any, nonsensitive),
    Function::new("sensitive", &[VALUE], Signature::Any, sensitive),
    Function::new("tobool", &[V], Signature::Bool, tobool),
    Function::new("tolist", &[V], Signature::Any, tolist),
    Function::new("tomap", &[V], Signature::Any, tomap),
    Function::new("tonumber", &[V], Signature::Number, tonumber),
    Function::new("toset", &[V], Signature::Any, toset),
    Function::new("tostring", &[V], Signature::String, tostring),
];

fn converted(call: &Call<'_>, ty: &Type) -> Result<Value, FunctionError> {
    convert(call.value(0)?, ty).map_err(|error| FunctionError::argument(0, error.to_string()))
}

fn tobool(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    converted(call, &Type::Bool)
}

fn tonumber(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    converted(call, &Type::Number)
}

fn tostring(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    converted(call, &Type::String)
}

fn tolist(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    converted(call, &Type::list(Type::Any))
}

fn toset(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    converted(call, &Type::set(Type::Any))
}

fn tomap(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    converted(call, &Type::map(Type::Any))
}

fn list(_: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    Err(FunctionError::new("it is no longer part of Terraform; write tolist([ ... ])"))
}

fn map(_: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    Err(FunctionError::new("it is no longer part of Terraform; write tomap({ ... })"))
}

fn sensitive(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    Ok(call.value(0)?.clone().marked(Marks::SENSITIVE))
}

fn nonsensitive(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let value = call.value(0)?.clone();
    Ok(Value { marks: value.marks.without(Marks::SENSITIVE), ..value })
}

fn issensitive(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let value = call.value(0)?;
    match value.as_unknown() {
        _ if value.marks.is_sensitive() => Ok(true.into()),
        Some(unknown) => Ok(derived(Type::Bool, [unknown])),
        None => Ok(false.into()),
    }
}

fn ephemeralasnull(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    Ok(call.value(0)?.replace_marked(Marks::EPHEMERAL, &|value| Value {
        kind: Kind::Null(value.type_of()),
        marks: value.marks.without(Marks::EPHEMERAL),
        origin: value.origin.clone(),
    }))
}

fn coalesce(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let types: Vec<Type> = call.args.iter().map(Value::type_of).collect();
    let Some(ty) = unify(&types) else {
        return Err(FunctionError::new("all arguments must be of one type"));
    };
    let mut candidates: Vec<Value> = Vec::new();
    for (idx, arg) in call.args.iter().enumerate() {
        let arg = convert(arg, &ty).map_err(|error| FunctionError::argument(idx, error.to_string()))?;
        match &arg.kind {
            Kind::Null(_) => {}
            Kind::String(text) if text.is_empty() => {}
            Kind::Unknown(unknown) => match stays(unknown) {
                true if candidates.is_empty() => return Ok(arg),
                true => {
                    candidates.push(arg);
                    return Ok(chosen(&ty, candidates));
                }
                false => candidates.push(arg),
            },
            Kind::String(_)
            | Kind::Bool(_)
            | Kind::Number(_)
            | Kind::List(..)
            | Kind::Set(..)
            | Kind::Tuple(_)
            | Kind::Map(..)
            | Kind::Object(_) => {
                if candidates.is_empty() {
                    return Ok(arg);
                }
                candidates.push(arg);
                return Ok(chosen(&ty, candidates));
            }
        }
    }
    if candidates.is_empty() {
        return Err(FunctionError::new("every argument is null or an empty string"));
    }
    Ok(chosen(&ty, candidates))
}

/// Whether an unknown value is certainly neither null nor an empty string.
fn stays(unknown: &Unknown) -> bool {
    let text = unknown.refinement.prefix.as_ref().is_some_and(|prefix| !prefix.is_empty());
    unknown.refinement.not_null && (text || !matches!(unknown.ty, Type::String | Type::Any))
}

/// One of the candidates that is not null.
fn chosen(ty: &Type, candidates: Vec<Value>) -> Value {
    let mut unknown = Unknown::derived(ty.clone(), candidates.iter().filter_map(Value::as_unknown));
    unknown.refinement.not_null = true;
    if candidates.len() <= crate::eval::alternatives::MAX_ALTERNATIVES {
        unknown.knowledge = match candidates.as_slice() {
            // The one candidate, if anything.
            [only] => only.as_unknown().map_or(Knowledge::Nothing, |unknown| unknown.knowledge.clone()),
            _ => Knowledge::OneOf(candidates.into()),
        };
    }
    Kind::Unknown(unknown.into()).into()
}

fn coalescelist(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    if call.args.is_empty() {
        return Err(FunctionError::new("at least one argument is required"));
    }
    if !call.args.iter().any(Value::is_unknown) {
        let wrong = call.args.iter().position(|arg| !matches!(arg.type_of(), Type::List(_) | Type::Tuple(_)));
        if let Some(idx) = wrong {
            return Err(FunctionError::argument(idx, "a list or tuple is required"));
        }
    }
    for (idx, arg) in call.args.iter().enumerate() {
        let empty = match &arg.kind {
            Kind::Unknown(unknown) => match unknown.refinement.min_length {
                Some(min) if min > 0 && unknown.refinement.not_null => false,
                _ => return Ok(derived(Type::Any, [&**unknown])),
            },
            Kind::List(_, items) | Kind::Tuple(items) => items.is_empty(),
            Kind::Null(_) => true,
            Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Set(..) | Kind::Map(..) | Kind::Object(_) => {
                return Err(FunctionError::argument(idx, "a list or tuple is required"));
            }
        };
        if !empty {
            return Ok(arg.clone());
        }
    }
    Err(FunctionError::new("every argument is null or empty"))
}
