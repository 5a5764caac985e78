//! Functions that ask what a collection holds.

use super::items::{Items, derived, members, unknown_result};
use super::{Call, Function, FunctionError, Parameter, Signature, Unknowns};
use crate::eval::Context;
use crate::eval::alternatives::one_of;
use crate::value::{Kind, Number, Type, Unknown, Value, equal};

const BOOLS: Parameter = Parameter::new("list", Signature::List(&Signature::Bool)).with_unknowns(Unknowns::Any);
const LIST: Parameter = Parameter::new("list", Signature::Any).with_unknowns(Unknowns::Any);
const SOUGHT: Parameter = Parameter::new("value", Signature::Any).with_unknowns(Unknowns::Any);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("alltrue", &[BOOLS], Signature::Bool, alltrue),
    Function::new("anytrue", &[BOOLS], Signature::Bool, anytrue),
    Function::new("contains", &[LIST, SOUGHT], Signature::Bool, contains),
    Function::new("index", &[LIST, SOUGHT], Signature::Number, index),
    Function::new("length", &[SOUGHT.with_inner_marks()], Signature::Number, length),
    Function::new("one", &[LIST.with_inner_marks()], Signature::Any, one),
];

fn sequence<'c>(call: &Call<'c>, idx: usize) -> Result<Items<'c>, FunctionError> {
    let value = call.value(idx)?;
    Items::of(value).ok_or_else(|| {
        let ty = value.type_of().friendly();
        FunctionError::argument(idx, format!("a list, set or tuple is required, but this is {ty}"))
    })
}

/// Whether some item passes: three-valued, over all that there are or may be.
fn any(items: Items<'_>, test: impl Fn(&Value) -> Option<bool>) -> Option<bool> {
    let mut open = false;
    for member in items.into_members() {
        match (test(&member.value), member.certain) {
            (Some(true), true) => return Some(true),
            (Some(true), false) | (None, _) => open = true,
            (Some(false), _) => {}
        }
    }
    if open { None } else { Some(false) }
}

fn truth(call: &Call<'_>, verdict: Option<bool>) -> Value {
    verdict.map_or_else(|| unknown_result(call, Type::Bool), Value::from)
}

fn alltrue(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let is_false = |item: &Value| (!item.is_unknown()).then(|| item.as_bool() != Some(true));
    Ok(truth(call, any(sequence(call, 0)?, is_false).map(|found| !found)))
}

fn anytrue(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let is_true = |item: &Value| (!item.is_unknown()).then(|| item.as_bool() == Some(true));
    Ok(truth(call, any(sequence(call, 0)?, is_true)))
}

fn contains(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let sought = call.value(1)?;
    Ok(truth(call, any(sequence(call, 0)?, |item| equal(item, sought))))
}

fn index(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let (list, sought) = (call.value(0)?, call.value(1)?);
    let items = match &list.kind {
        Kind::List(_, items) | Kind::Tuple(items) => items,
        Kind::Unknown(unknown) if matches!(unknown.ty, Type::Any | Type::List(_) | Type::Tuple(_)) => {
            return Ok(unknown_result(call, Type::Number));
        }
        Kind::Unknown(_)
        | Kind::Null(_)
        | Kind::Bool(_)
        | Kind::Number(_)
        | Kind::String(_)
        | Kind::Set(..)
        | Kind::Map(..)
        | Kind::Object(_) => return Err(FunctionError::argument(0, "a list or tuple is required")),
    };
    let mut open = false;
    for (idx, item) in items.iter().enumerate() {
        match equal(item, sought) {
            Some(true) if open => break,
            Some(true) => return Ok(Number::from(idx).into()),
            None => open = true,
            Some(false) => {}
        }
    }
    if open { Ok(unknown_result(call, Type::Number)) } else { Err(FunctionError::new("the list has no such item")) }
}

fn length(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let value = call.value(0)?;
    match &value.kind {
        Kind::Unknown(unknown) => unknown_length(unknown),
        Kind::String(text) => Ok(Number::from(graphemes(text)).into()),
        Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => Ok(Number::from(items.len()).into()),
        Kind::Map(_, fields) => Ok(Number::from(fields.len()).into()),
        Kind::Object(object) => Ok(Number::from(object.fields.len()).into()),
        Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) => Err(no_length(&value.type_of())),
    }
}

fn no_length(ty: &Type) -> FunctionError {
    FunctionError::argument(0, format!("a string or a collection is required, but this is {}", ty.friendly()))
}

/// Letters as people count them: grapheme clusters.
pub(super) fn graphemes(text: &str) -> usize {
    use unicode_segmentation::UnicodeSegmentation as _;
    if text.is_ascii() && !text.contains('\r') { text.len() } else { text.graphemes(true).count() }
}

fn unknown_length(unknown: &Unknown) -> Result<Value, FunctionError> {
    let (min, max) = match &unknown.ty {
        Type::Bool | Type::Number => return Err(no_length(&unknown.ty)),
        Type::Tuple(items) => (Some(items.len()), Some(items.len())),
        Type::Object(attributes) => (Some(attributes.len()), Some(attributes.len())),
        Type::String => (unknown.refinement.prefix.as_ref().map(|prefix| graphemes(prefix)), None),
        Type::Any | Type::List(_) | Type::Set(_) | Type::Map(_) => {
            (unknown.refinement.min_length, unknown.refinement.max_length)
        }
    };
    if let (Some(min), Some(max)) = (min, max)
        && min == max
    {
        return Ok(Number::from(min).into());
    }
    let mut length = Unknown::derived(Type::Number, [unknown]);
    length.refinement.not_null = true;
    length.refinement.min = Some(Number::from(min.unwrap_or(0)));
    length.refinement.max = max.map(Number::from);
    Ok(Kind::Unknown(length.into()).into())
}

fn one(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let value = call.value(0)?;
    match sequence(call, 0)? {
        Items::Known([]) => Ok(Value::null_of(value.type_of().item().cloned().unwrap_or(Type::Any))),
        Items::Known([item]) => Ok(item.clone()),
        Items::Known(items) => {
            let count = items.len();
            Err(FunctionError::argument(0, format!("it must have no item or one, but it has {count}")))
        }
        Items::Open(_) => Ok(value.as_unknown().map_or_else(Value::null, one_of_open)),
    }
}

/// The one item of a collection of which only members are known, or null if it may be empty.
fn one_of_open(unknown: &Unknown) -> Value {
    let item = unknown.ty.item().cloned().unwrap_or(Type::Any);
    let members = members(unknown);
    let mut values: Vec<Value> = members.iter().map(|member| member.value.clone()).collect();
    if values.iter().any(|value| value.as_unknown().is_some_and(says_nothing)) {
        return derived(item, [unknown]);
    }
    if !members.iter().any(|member| member.certain) {
        values.push(Value::null_of(item));
    }
    one_of(values, Some(unknown))
}

fn says_nothing(unknown: &Unknown) -> bool {
    matches!(unknown.knowledge, crate::value::Knowledge::Nothing)
}
