//! `format` and `formatlist`.

use super::format_verb::{Piece, Verb, apply, parse};
use super::items::{check_count, derived, unknown_result};
use super::strings::push;
use super::{Call, Function, FunctionError, Parameter, Signature, Unknowns};
use crate::eval::Context;
use crate::eval::template::Text;
use crate::value::{Kind, Reason, Type, Unknown, Value, convert};

const FORMAT: Parameter = Parameter::new("format", Signature::String);
const ARGS: Parameter = Parameter::new("args", Signature::Any).or_null().with_unknowns(Unknowns::Any);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("format", &[FORMAT], Signature::String, format).with_variadic(ARGS),
    Function::new("formatlist", &[FORMAT], Signature::List(&Signature::String), formatlist).with_variadic(ARGS),
];

/// A bare `null`, whose type nobody knows: Terraform leaves open what becomes of it.
fn is_untyped_null(value: &Value) -> bool {
    matches!(value.kind, Kind::Null(Type::Any))
}

fn untyped_null() -> Value {
    let reason = Reason::Error("null without a type cannot be formatted".into());
    let mut unknown = Unknown::new(Type::String, reason);
    unknown.refinement.not_null = true;
    Kind::Unknown(unknown.into()).into()
}

fn format(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let pieces = parse(call.text(0)?)?;
    let args: Vec<&Value> = call.args.iter().skip(1).collect();
    if args.iter().any(|arg| is_untyped_null(arg)) {
        return Ok(untyped_null());
    }
    render(call, &pieces, &args, context)
}

fn render(
    call: &Call<'_>,
    pieces: &[Piece<'_>],
    args: &[&Value],
    context: &Context<'_>,
) -> Result<Value, FunctionError> {
    let mut text = Text::new(context.limits.string_bytes, call.span);
    let mut used = 0;
    for piece in pieces {
        match piece {
            Piece::Text(known) => push(&mut text, known)?,
            Piece::Verb(verb) => {
                used = used.max(verb.argument);
                let Some(arg) = verb.argument.checked_sub(1).and_then(|idx| args.get(idx)) else {
                    return Err(FunctionError::new(format!(
                        "{:?} asks for argument {}, but there are {}",
                        verb.raw,
                        verb.argument,
                        args.len()
                    )));
                };
                if arg.is_wholly_known() {
                    push(&mut text, &apply(verb, arg, context)?)?;
                } else {
                    text.push_unknown(&hole(verb, arg));
                }
            }
        }
    }
    if used < args.len() {
        return Err(FunctionError::argument(
            used + 1,
            format!("there are {} arguments, but {used} are used", args.len()),
        ));
    }
    Ok(text.finish())
}

/// What stands for an unknown argument: the argument itself where the verb only makes it a string.
fn hole(verb: &Verb<'_>, arg: &Value) -> Value {
    let as_it_is = match verb.mode {
        's' => true,
        // Numbers may be written with an exponent.
        'v' => matches!(arg.type_of(), Type::String | Type::Bool),
        'd' => matches!(arg.type_of(), Type::Number),
        _ => false,
    };
    match convert(arg, &Type::String) {
        Ok(text) if as_it_is && verb.is_plain() => text,
        _ => derived(Type::String, arg.unknowns_within()),
    }
}

fn formatlist(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let list = |items: Vec<Value>| Value::from(Kind::List(Type::String, items.into()));
    let args = call.args.get(1..).unwrap_or_default();
    if args.iter().any(is_untyped_null) {
        let ty = Type::list(Type::String);
        return Ok(Value::unknown(ty, Reason::Error("null without a type cannot be formatted".into())));
    }
    let pieces = parse(call.text(0)?)?;
    let mut length = None;
    for (idx, arg) in args.iter().enumerate() {
        let Some(items) = arg.as_items() else { continue };
        match length {
            None => length = Some(items.len()),
            Some(length) if length == items.len() => {}
            Some(length) => {
                let count = items.len();
                return Err(FunctionError::argument(idx + 1, format!("it has {count} items, another list {length}")));
            }
        }
    }
    let open = |arg: &Value| {
        let ty = arg.type_of();
        arg.is_unknown() && matches!(ty, Type::Any | Type::List(_) | Type::Set(_) | Type::Tuple(_))
    };
    if args.iter().any(open) {
        return Ok(unknown_result(call, Type::list(Type::String)));
    }
    let length = length.unwrap_or(1);
    check_count(length, context)?;
    let mut results = Vec::with_capacity(length);
    for place in 0..length {
        context.spend(args.len() as u64, call.span).map_err(|error| FunctionError::limit(error.message))?;
        let row: Vec<&Value> =
            args.iter().map(|arg| arg.as_items().and_then(|items| items.get(place)).unwrap_or(arg)).collect();
        let result = render(call, &pieces, &row, context)
            .map_err(|error| FunctionError { message: format!("in item {place}: {}", error.message), ..error })?;
        results.push(result);
    }
    Ok(list(results))
}
