//! Functions that cut, join and search text.

use unicode_segmentation::UnicodeSegmentation as _;

use super::items::{Items, check_bytes, check_count, unknown_result};
use super::membership::graphemes;
use super::{Call, Function, FunctionError, Parameter, Signature, Unknowns};
use crate::eval::Context;
use crate::eval::template::Text;
use crate::value::{Kind, Knowledge, TemplatePart, Type, Unknown, Value};

const STR: Parameter = Parameter::new("str", Signature::String);
const OPEN: Parameter = STR.with_unknowns(Unknowns::Any);
const LISTS: Parameter = Parameter::new("lists", Signature::List(&Signature::String)).with_unknowns(Unknowns::Any);

const fn text(name: &'static str) -> Parameter {
    Parameter { name, ..STR }
}

const fn number(name: &'static str) -> Parameter {
    Parameter::new(name, Signature::Number)
}

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("chomp", &[STR], Signature::String, chomp),
    Function::new("endswith", &[OPEN, text("suffix")], Signature::Bool, endswith),
    Function::new("indent", &[number("spaces"), STR], Signature::String, indent),
    Function::new("join", &[text("separator")], Signature::String, join).with_variadic(LISTS),
    Function::new("split", &[text("separator"), STR], Signature::List(&Signature::String), split),
    Function::new("startswith", &[OPEN, text("prefix")], Signature::Bool, startswith),
    Function::new("strcontains", &[OPEN, text("substr")], Signature::Bool, strcontains),
    Function::new("strrev", &[STR], Signature::String, strrev),
    Function::new("substr", &[STR, number("offset"), number("length")], Signature::String, substr),
    Function::new("trim", &[STR, text("cutset")], Signature::String, trim),
    Function::new("trimprefix", &[OPEN, text("prefix")], Signature::String, trimprefix),
    Function::new("trimspace", &[STR], Signature::String, trimspace),
    Function::new("trimsuffix", &[OPEN, text("suffix")], Signature::String, trimsuffix),
];

fn chomp(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    Ok(Value::string(call.text(0)?.trim_end_matches(['\r', '\n'])))
}

fn trim(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let cutset = call.text(1)?;
    Ok(Value::string(call.text(0)?.trim_matches(|letter| cutset.contains(letter))))
}

fn trimspace(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    Ok(Value::string(call.text(0)?.trim()))
}

/// The pieces of text with holes.
fn pieces(value: &Value) -> Option<&[TemplatePart]> {
    if let Knowledge::Template(parts) = &value.as_unknown()?.knowledge { Some(parts) } else { None }
}

/// What text with holes certainly begins or ends with.
fn edge(part: Option<&TemplatePart>) -> Option<&str> {
    match part? {
        TemplatePart::Text(text) => Some(text),
        TemplatePart::Hole(_) => None,
    }
}

fn known_prefix(unknown: &Unknown) -> Option<&str> {
    unknown.refinement.prefix.as_deref()
}

/// Whether text of which one end is known has this at that end.
fn has_edge(known: &str, sought: &str, holds: fn(&str, &str) -> bool) -> Option<bool> {
    match () {
        () if holds(known, sought) => Some(true),
        () if holds(sought, known) => None,
        () => Some(false),
    }
}

fn truth(call: &Call<'_>, verdict: Option<bool>) -> Value {
    verdict.map_or_else(|| unknown_result(call, Type::Bool), Value::from)
}

fn startswith(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let (value, prefix) = (call.value(0)?, call.text(1)?);
    let known = value.as_unknown().map(|unknown| known_prefix(unknown).unwrap_or(""));
    Ok(match known {
        None => call.text(0)?.starts_with(prefix).into(),
        Some(known) => truth(call, has_edge(known, prefix, |text, start| text.starts_with(start))),
    })
}

fn endswith(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let (value, suffix) = (call.value(0)?, call.text(1)?);
    if !value.is_unknown() {
        return Ok(call.text(0)?.ends_with(suffix).into());
    }
    let known = pieces(value).and_then(|parts| edge(parts.last())).unwrap_or("");
    Ok(truth(call, has_edge(known, suffix, |text, end| text.ends_with(end))))
}

fn strcontains(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let (value, sought) = (call.value(0)?, call.text(1)?);
    let Some(unknown) = value.as_unknown() else {
        return Ok(call.text(0)?.contains(sought).into());
    };
    let parts = pieces(value).unwrap_or_default().iter().filter_map(|part| edge(Some(part)));
    let found = sought.is_empty() || parts.chain(known_prefix(unknown)).any(|known| known.contains(sought));
    Ok(truth(call, found.then_some(true)))
}

fn trimprefix(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let (value, prefix) = (call.value(0)?, call.text(1)?);
    if !value.is_unknown() {
        let text = call.text(0)?;
        return Ok(Value::string(text.strip_prefix(prefix).unwrap_or(text)));
    }
    let Some([TemplatePart::Text(first), rest @ ..]) = pieces(value) else {
        return Ok(unknown_result(call, Type::String));
    };
    match (first.strip_prefix(prefix), prefix.starts_with(&**first)) {
        (Some(left), _) => {
            rebuilt(call, context, std::iter::once(TemplatePart::Text(left.into())).chain(rest.iter().cloned()))
        }
        (None, false) => Ok(value.clone()),
        (None, true) => Ok(unknown_result(call, Type::String)),
    }
}

fn trimsuffix(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let (value, suffix) = (call.value(0)?, call.text(1)?);
    if !value.is_unknown() {
        let text = call.text(0)?;
        return Ok(Value::string(text.strip_suffix(suffix).unwrap_or(text)));
    }
    let Some([rest @ .., TemplatePart::Text(last)]) = pieces(value) else {
        return Ok(unknown_result(call, Type::String));
    };
    match (last.strip_suffix(suffix), suffix.ends_with(&**last)) {
        (Some(left), _) => {
            rebuilt(call, context, rest.iter().cloned().chain(std::iter::once(TemplatePart::Text(left.into()))))
        }
        (None, false) => Ok(value.clone()),
        (None, true) => Ok(unknown_result(call, Type::String)),
    }
}

/// Text made of pieces.
fn rebuilt(
    call: &Call<'_>,
    context: &Context<'_>,
    parts: impl Iterator<Item = TemplatePart>,
) -> Result<Value, FunctionError> {
    let mut text = Text::new(context.limits.string_bytes, call.span);
    for part in parts {
        match part {
            TemplatePart::Text(known) => push(&mut text, &known)?,
            TemplatePart::Hole(hole) => text.push_unknown(&hole),
        }
    }
    Ok(text.finish())
}

/// Adds known text, within the bound on its length.
pub(super) fn push(text: &mut Text, known: &str) -> Result<(), FunctionError> {
    text.push(known).map_err(|error| FunctionError::limit(error.message.trim_start_matches("Limit reached: ")))
}

fn indent(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let Ok(spaces) = usize::try_from(call.integer(0)?) else {
        return Err(FunctionError::argument(0, "it must not be negative"));
    };
    let text = call.text(1)?;
    let breaks = text.matches('\n').count();
    check_bytes(text.len().saturating_add(breaks.saturating_mul(spaces)), context)?;
    if breaks == 0 {
        return Ok(Value::string(text));
    }
    Ok(Value::string(text.replace('\n', &format!("\n{}", " ".repeat(spaces)))))
}

fn split(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let (separator, text) = (call.text(0)?, call.text(1)?);
    let parts: Vec<Value> = if separator.is_empty() {
        // Without a separator the letters are the parts, and empty text has none.
        text.chars().map(|letter| Value::string(letter.to_string())).collect()
    } else {
        text.split(separator).map(Value::string).collect()
    };
    check_count(parts.len(), context)?;
    Ok(Kind::List(Type::String, parts.into()).into())
}

fn join(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let separator = call.text(0)?;
    if call.args.len() < 2 {
        return Err(FunctionError::new("at least one list is required"));
    }
    let mut text = Text::new(context.limits.string_bytes, call.span);
    let mut first = true;
    for (idx, list) in call.args.iter().enumerate().skip(1) {
        let Some(Items::Known(items)) = Items::of(list) else {
            return Ok(unknown_result(call, Type::String));
        };
        for (place, item) in items.iter().enumerate() {
            if !first {
                push(&mut text, separator)?;
            }
            first = false;
            match (item.as_str(), item.is_null()) {
                (Some(known), _) => push(&mut text, known)?,
                (None, true) => {
                    return Err(FunctionError::argument(idx, format!("item {place} is null and cannot be joined")));
                }
                (None, false) => text.push_unknown(item),
            }
        }
    }
    Ok(text.finish())
}

fn strrev(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    Ok(Value::string(call.text(0)?.graphemes(true).rev().collect::<String>()))
}

fn substr(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let (text, offset, length) = (call.text(0)?, call.integer(1)?, call.integer(2)?);
    let total = graphemes(text);
    if length == 0 && offset >= 0 {
        return Ok(Value::string(""));
    }
    let start = match usize::try_from(offset) {
        Ok(offset) => offset,
        // Counted from the end; before the start is the start.
        Err(_) => total.saturating_sub(usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX)),
    };
    let count = match usize::try_from(length) {
        // From the end, Terraform takes all that follows where it was asked for nothing.
        Ok(0) | Err(_) => usize::MAX,
        Ok(length) => length,
    };
    Ok(Value::string(text.graphemes(true).skip(start).take(count).collect::<String>()))
}
