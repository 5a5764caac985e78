//! Functions of numbers.

use super::{Call, Function, FunctionError, Parameter, Signature, Unknowns};
use crate::eval::Context;
use crate::value::{Kind, Number, Type, Unknown, Value, convert};

const NUM: Parameter = Parameter::new("num", Signature::Number);
const NUMBERS: Parameter = Parameter::new("numbers", Signature::Number).with_unknowns(Unknowns::Any);
const PARSED: Parameter = Parameter::new("number", Signature::Any);
const BASE: Parameter = Parameter::new("base", Signature::Number);
const POWER: Parameter = Parameter::new("power", Signature::Number);
const LIST: Parameter = Parameter::new("list", Signature::Any);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("abs", &[NUM], Signature::Number, abs),
    Function::new("ceil", &[NUM], Signature::Number, ceil),
    Function::new("floor", &[NUM], Signature::Number, floor),
    Function::new("log", &[NUM, BASE], Signature::Number, log),
    Function::new("max", &[], Signature::Number, max).with_variadic(NUMBERS),
    Function::new("min", &[], Signature::Number, min).with_variadic(NUMBERS),
    Function::new("parseint", &[PARSED, BASE], Signature::Number, parseint),
    Function::new("pow", &[NUM, POWER], Signature::Number, pow),
    Function::new("signum", &[NUM], Signature::Number, signum),
    Function::new("sum", &[LIST], Signature::Number, sum),
];

fn abs(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    Ok(call.number(0)?.abs().into())
}

fn ceil(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    Ok(call.number(0)?.ceil().into())
}

fn floor(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    Ok(call.number(0)?.floor().into())
}

fn log(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    float(call.number(0)?.to_f64().ln() / call.number(1)?.to_f64().ln())
}

fn pow(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    float(call.number(0)?.to_f64().powf(call.number(1)?.to_f64()))
}

fn float(value: f64) -> Result<Value, FunctionError> {
    Number::from_f64(value).map(Value::from).ok_or_else(|| FunctionError::new("the result is not a number"))
}

fn signum(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    Ok(Number::from(call.integer(0)?.signum()).into())
}

fn max(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    extreme(call, |number, best| number > best, |unknown| &mut unknown.refinement.min)
}

fn min(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    extreme(call, |number, best| number < best, |unknown| &mut unknown.refinement.max)
}

/// `bound` is the limit that the known arguments set for the result.
fn extreme(
    call: &Call<'_>,
    better: fn(&Number, &Number) -> bool,
    bound: fn(&mut Unknown) -> &mut Option<Number>,
) -> Result<Value, FunctionError> {
    if call.args.is_empty() {
        return Err(FunctionError::new("at least one number is required"));
    }
    let mut best: Option<&Number> = None;
    for number in call.args.iter().filter_map(Value::as_number) {
        if best.is_none_or(|best| better(number, best)) {
            best = Some(number);
        }
    }
    if call.args.iter().any(Value::is_unknown) {
        let mut unknown = Unknown::derived(Type::Number, call.args.iter().filter_map(Value::as_unknown));
        unknown.refinement.not_null = true;
        *bound(&mut unknown) = best.cloned();
        return Ok(Kind::Unknown(unknown.into()).into());
    }
    best.cloned().map(Value::from).ok_or_else(|| FunctionError::new("at least one number is required"))
}

fn parseint(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let Some(text) = call.value(0)?.as_str() else {
        return Err(FunctionError::argument(0, "a string is required"));
    };
    let base = u32::try_from(call.integer(1)?).ok().filter(|base| (2..=62).contains(base));
    let Some(base) = base else {
        return Err(FunctionError::argument(1, "the base must be a whole number from 2 to 62"));
    };
    match Number::parse_integer(text, base) {
        Some(number) => Ok(number.into()),
        None => {
            let shown = call.value(0)?.brief();
            Err(FunctionError::argument(0, format!("{shown} cannot be read as a whole number in base {base}")))
        }
    }
}

fn sum(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let items = call.items(0)?;
    let (Some(first), rest) = (items.first(), items.get(1..).unwrap_or_default()) else {
        return Err(FunctionError::argument(0, "an empty list has no sum"));
    };
    let mut total = summand(first)?;
    for item in rest {
        total = total.add(&summand(item)?).map_err(|undefined| FunctionError::new(undefined.to_string()))?;
    }
    Ok(total.into())
}

fn summand(item: &Value) -> Result<Number, FunctionError> {
    let number = convert(item, &Type::Number).map_err(|error| FunctionError::argument(0, error.to_string()))?;
    number.as_number().cloned().ok_or_else(|| FunctionError::argument(0, "all items must be numbers, but one is null"))
}
