//! Functions that change the case of letters, one by one: `ß` has no capital.

use super::items::{derived, unknown_result};
use super::strings::push;
use super::{Call, Function, FunctionError, Parameter, Signature, Unknowns};
use crate::eval::Context;
use crate::eval::template::Text;
use crate::value::{Knowledge, TemplatePart, Type, Value};

const STR: Parameter = Parameter::new("str", Signature::String);
const OPEN: Parameter = STR.with_unknowns(Unknowns::Any);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("lower", &[OPEN], Signature::String, lower),
    Function::new("title", &[STR], Signature::String, title),
    Function::new("upper", &[OPEN], Signature::String, upper),
];

fn lower(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    each(call, context, |text| text.chars().map(lower_letter).collect())
}

fn upper(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    each(call, context, |text| text.chars().map(upper_letter).collect())
}

/// The letter's own small letter; of those that become several letters, the first.
fn lower_letter(letter: char) -> char {
    letter.to_lowercase().next().unwrap_or(letter)
}

/// The letter's own capital; those that would become several letters stay.
fn upper_letter(letter: char) -> char {
    let mut capitals = letter.to_uppercase();
    match (capitals.next(), capitals.next()) {
        (Some(capital), None) => capital,
        _ => letter,
    }
}

/// The letter as it begins a word: double letters such as `ǆ` and Georgian ones have a form of their own for that.
fn title_letter(letter: char) -> char {
    match letter {
        'Ǆ' | 'ǅ' | 'ǆ' => 'ǅ',
        'Ǉ' | 'ǈ' | 'ǉ' => 'ǈ',
        'Ǌ' | 'ǋ' | 'ǌ' => 'ǋ',
        'Ǳ' | 'ǲ' | 'ǳ' => 'ǲ',
        '\u{10d0}'..='\u{10ff}' => letter,
        _ => upper_letter(letter),
    }
}

/// Changes text, or what is known of it.
fn each(call: &Call<'_>, context: &Context<'_>, change: fn(&str) -> String) -> Result<Value, FunctionError> {
    let value = call.value(0)?;
    let Some(unknown) = value.as_unknown() else {
        return Ok(Value::string(change(call.text(0)?)));
    };
    let Knowledge::Template(parts) = &unknown.knowledge else {
        return Ok(unknown_result(call, Type::String));
    };
    let mut text = Text::new(context.limits.string_bytes, call.span);
    for part in parts.iter() {
        match part {
            TemplatePart::Text(known) => push(&mut text, &change(known))?,
            TemplatePart::Hole(hole) => text.push_unknown(&derived(Type::String, hole.as_unknown())),
        }
    }
    Ok(text.finish())
}

fn title(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let mut previous = ' ';
    let capitalised = call.text(0)?.chars().map(|letter| {
        let starts = separates(previous);
        previous = letter;
        if starts { title_letter(letter) } else { letter }
    });
    Ok(Value::string(capitalised.collect::<String>()))
}

/// Whether a word may begin after this letter.
fn separates(letter: char) -> bool {
    if letter.is_ascii() {
        return !letter.is_ascii_alphanumeric() && letter != '_';
    }
    !letter.is_alphanumeric() && letter.is_whitespace()
}
