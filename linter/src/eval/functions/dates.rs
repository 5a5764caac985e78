//! Functions that compute with dates and times. They never look at the clock.

use std::cmp::Ordering;

use super::timestamp::{Clock, Timestamp};
use super::{Call, Function, FunctionError, Parameter, Signature, duration};
use crate::eval::Context;
use crate::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "formatdate",
        &[Parameter::new("format", Signature::String), Parameter::new("time", Signature::String)],
        Signature::String,
        formatdate,
    ),
    Function::new(
        "timeadd",
        &[Parameter::new("timestamp", Signature::String), Parameter::new("duration", Signature::String)],
        Signature::String,
        timeadd,
    ),
    Function::new(
        "timecmp",
        &[Parameter::new("timestamp_a", Signature::String), Parameter::new("timestamp_b", Signature::String)],
        Signature::Number,
        timecmp,
    ),
];

fn timeadd(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let timestamp = Timestamp::parse(call.text(0)?).map_err(FunctionError::new)?;
    let nanoseconds = duration::parse(call.text(1)?).map_err(FunctionError::new)?;
    Ok(Value::string(timestamp.plus(nanoseconds).to_string()))
}

fn timecmp(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let timestamp = |idx| Timestamp::parse(call.text(idx)?).map_err(|message| FunctionError::argument(idx, message));
    Ok(Value::from(match timestamp(0)?.compare(timestamp(1)?) {
        Ordering::Less => -1_i64,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    }))
}

fn formatdate(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let timestamp = Timestamp::parse(call.text(1)?).map_err(|message| FunctionError::argument(1, message))?;
    let mut formatted = String::new();
    let mut rest = call.text(0)?;
    while let Some(first) = rest.chars().next() {
        let length = token_length(rest, first);
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let text = match first {
            '\'' => unquote(token),
            _ if first.is_ascii_alphabetic() => verb(token, first, timestamp),
            _ => Ok(token.to_owned()),
        };
        formatted.push_str(&text.map_err(|message| FunctionError::argument(0, message))?);
        rest = after;
    }
    Ok(Value::string(formatted))
}

/// How many bytes the token at the start of `rest` has.
fn token_length(rest: &str, first: char) -> usize {
    match first {
        '\'' => quoted_length(rest),
        _ if first.is_ascii_alphabetic() => rest.bytes().take_while(|&byte| char::from(byte) == first).count(),
        _ => rest.find(|c: char| c == '\'' || c.is_ascii_alphabetic()).unwrap_or(rest.len()),
    }
}

/// Length of text in single quotes; the whole rest if the quote is not closed. Two quotes inside stand for one.
fn quoted_length(rest: &str) -> usize {
    if rest.starts_with("''") {
        return 2;
    }
    let mut bytes = rest.bytes().enumerate().skip(1).peekable();
    while let Some((idx, byte)) = bytes.next() {
        if byte == b'\'' && bytes.next_if(|&(_, next)| next == b'\'').is_none() {
            return idx + 1;
        }
    }
    rest.len()
}

fn unquote(token: &str) -> Result<String, String> {
    if token == "''" {
        return Ok("'".to_owned());
    }
    let inner = token.strip_prefix('\'').and_then(|inner| inner.strip_suffix('\''));
    inner.map(|inner| inner.replace("''", "'")).ok_or_else(|| "unterminated literal '".to_owned())
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// What a verb such as `YYYY` stands for.
fn verb(token: &str, letter: char, timestamp: Timestamp) -> Result<String, String> {
    let Clock { year, month, day, weekday, hour, minute, second } = timestamp.clock();
    let number = |number: u32| match token.len() {
        1 => Some(number.to_string()),
        2 => Some(format!("{number:02}")),
        _ => None,
    };
    let month_name = MONTHS.get(month.saturating_sub(1) as usize).copied().unwrap_or_default();
    let day_name = DAYS.get(weekday).copied().unwrap_or_default();
    let text = match (letter, token.len()) {
        ('Y', 2) => Some(format!("{:02}", year % 100)),
        ('Y', 4) => Some(format!("{year:04}")),
        ('M', 3) => month_name.get(..3).map(str::to_owned),
        ('M', 4) => Some(month_name.to_owned()),
        ('M', _) => number(month),
        ('D', _) => number(day),
        ('E', 3) => day_name.get(..3).map(str::to_owned),
        ('E', 4) => Some(day_name.to_owned()),
        ('h', _) => number(hour),
        ('H', _) => number(if hour % 12 == 0 { 12 } else { hour % 12 }),
        ('A', 2) => Some(if hour < 12 { "AM" } else { "PM" }.to_owned()),
        ('a', 2) => Some(if hour < 12 { "am" } else { "pm" }.to_owned()),
        ('m', _) => number(minute),
        ('s', _) => number(second),
        ('Z', 1) if timestamp.is_utc() => Some("Z".to_owned()),
        ('Z', 3) if timestamp.is_utc() => Some("UTC".to_owned()),
        ('Z', 1 | 5) => Some(timestamp.offset_text(":")),
        ('Z', 3 | 4) => Some(timestamp.offset_text("")),
        _ => None,
    };
    text.ok_or_else(|| format!("invalid date format verb {token:?}{}", expected(letter)))
}

/// What Terraform says a verb should have been.
fn expected(letter: char) -> &'static str {
    match letter {
        'Y' => r#": year must either be "YY" or "YYYY""#,
        'M' => r#": month must be "M", "MM", "MMM", or "MMMM""#,
        'D' => r#": day of month must either be "D" or "DD""#,
        'E' => r#": day of week must either be "EEE" or "EEEE""#,
        'h' => r#": 24-hour must either be "h" or "hh""#,
        'H' => r#": 12-hour must either be "H" or "HH""#,
        'A' => r#": must be "AA""#,
        'a' => r#": must be "aa""#,
        'm' => r#": minute must either be "m" or "mm""#,
        's' => r#": second must either be "s" or "ss""#,
        'Z' => ": timezone must be Z, ZZZZ, or ZZZZZ",
        _ => "",
    }
}
