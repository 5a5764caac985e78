//! The verbs of format strings: how they are written and what they make of a value.

use super::FunctionError;
use super::items::check_bytes;
use super::membership::graphemes;
use crate::eval::Context;
use crate::value::{Decimal, Kind, Number, Type, Value, convert};

/// A piece of a format string.
pub(super) enum Piece<'f> {
    /// Text as it is.
    Text(&'f str),
    /// Where an argument goes.
    Verb(Verb<'f>),
}

/// A verb such as `%-5.2f`.
#[derive(Default)]
pub(super) struct Verb<'f> {
    /// As it is written.
    pub(super) raw: &'f str,
    /// Which argument, from 1.
    pub(super) argument: usize,
    /// The letter.
    pub(super) mode: char,
    zero: bool,
    sharp: bool,
    minus: bool,
    plus: bool,
    space: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

impl Verb<'_> {
    /// Whether it says nothing but the letter.
    pub(super) fn is_plain(&self) -> bool {
        self.width.is_none()
            && self.precision.is_none()
            && !(self.zero || self.sharp || self.minus || self.plus || self.space)
    }

    fn refuses(&self, what: impl std::fmt::Display) -> FunctionError {
        FunctionError::new(format!("{:?} cannot format it: {what}", self.raw))
    }
}

/// The pieces of a format string.
///
/// # Errors
/// When a verb is not written as Terraform wants it.
pub(super) fn parse(format: &str) -> Result<Vec<Piece<'_>>, FunctionError> {
    let mut pieces = Vec::new();
    let mut rest = format;
    let mut next = 1_usize;
    while let Some((text, after)) = rest.split_once('%') {
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        if let Some(after) = after.strip_prefix('%') {
            pieces.push(Piece::Text("%"));
            rest = after;
            continue;
        }
        let start = format.len() - after.len() - 1;
        let mut reader = Reader { rest: after };
        let mut verb = reader
            .verb(next)
            .ok_or_else(|| FunctionError::argument(0, format!("what follows the % at byte {start} is no verb")))?;
        rest = reader.rest;
        verb.raw = format.get(start..format.len() - rest.len()).unwrap_or("");
        next = verb.argument.saturating_add(1);
        pieces.push(Piece::Verb(verb));
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    Ok(pieces)
}

struct Reader<'f> {
    rest: &'f str,
}

impl<'f> Reader<'f> {
    fn verb(&mut self, next: usize) -> Option<Verb<'f>> {
        let mut verb = Verb { argument: next, ..Verb::default() };
        loop {
            match self.rest.chars().next()? {
                '0' => verb.zero = true,
                '#' => verb.sharp = true,
                '-' => verb.minus = true,
                '+' => verb.plus = true,
                ' ' => verb.space = true,
                _ => break,
            }
            self.skip(1);
        }
        verb.width = self.digits();
        if self.rest.starts_with('.') {
            self.skip(1);
            verb.precision = Some(self.digits().unwrap_or(0));
        }
        if self.rest.starts_with('[') {
            self.skip(1);
            verb.argument = if self.rest.starts_with('0') { None } else { self.digits() }?;
            self.rest = self.rest.strip_prefix(']')?;
        }
        verb.mode = self.rest.chars().next().filter(char::is_ascii_alphabetic)?;
        self.skip(1);
        Some(verb)
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or("");
    }

    /// A number; one too large for anything is the largest.
    fn digits(&mut self) -> Option<usize> {
        let count = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let digits = self.rest.get(..count).filter(|digits| !digits.is_empty())?;
        self.skip(count);
        Some(digits.parse().unwrap_or(usize::MAX))
    }
}

/// The text of a value.
///
/// # Errors
/// When the verb is not for such values, or the text would be too long.
pub(super) fn apply(verb: &Verb<'_>, value: &Value, context: &Context<'_>) -> Result<String, FunctionError> {
    check_bytes(verb.width.unwrap_or(0).max(verb.precision.unwrap_or(0)), context)?;
    if value.is_null() && verb.mode != 'v' {
        return Err(verb.refuses("it is null"));
    }
    match verb.mode {
        'v' => as_it_is(verb, value),
        't' => {
            let value = converted(verb, value, &Type::Bool)?;
            Ok(if value.as_bool() == Some(true) { "true" } else { "false" }.to_owned())
        }
        'b' | 'd' | 'o' | 'x' | 'X' => integer(verb, &number_of(verb, value)?),
        'e' | 'E' | 'f' | 'g' | 'G' => float(verb, &number_of(verb, value)?),
        's' | 'q' => string(verb, value),
        mode => Err(FunctionError::argument(0, format!("%{mode} is no verb"))),
    }
}

fn converted(verb: &Verb<'_>, value: &Value, ty: &Type) -> Result<Value, FunctionError> {
    convert(value, ty).map_err(|error| verb.refuses(error))
}

fn number_of(verb: &Verb<'_>, value: &Value) -> Result<Number, FunctionError> {
    let value = converted(verb, value, &Type::Number)?;
    value.as_number().cloned().ok_or_else(|| verb.refuses("a number is required"))
}

/// Pads to the width, in letters as people count them.
fn padded(verb: &Verb<'_>, text: String) -> String {
    let missing = verb.width.unwrap_or(0).saturating_sub(graphemes(&text));
    let padding = if verb.zero { "0" } else { " " }.repeat(missing);
    if verb.minus { text + &padding } else { padding + &text }
}

fn as_it_is(verb: &Verb<'_>, value: &Value) -> Result<String, FunctionError> {
    match &value.kind {
        Kind::String(text) if !verb.sharp => Ok(padded(verb, text.to_string())),
        Kind::Number(number) if !verb.sharp => {
            let sign = if number.is_negative() { "-" } else { "" };
            Ok(padded(verb, format!("{sign}{}", float_digits(verb, number, 'g', None)?)))
        }
        Kind::String(_)
        | Kind::Number(_)
        | Kind::Unknown(_)
        | Kind::Null(_)
        | Kind::Bool(_)
        | Kind::List(..)
        | Kind::Set(..)
        | Kind::Tuple(_)
        | Kind::Map(..)
        | Kind::Object(_) => value.to_json_text().map(|json| padded(verb, json)).map_err(|error| verb.refuses(error)),
    }
}

fn string(verb: &Verb<'_>, value: &Value) -> Result<String, FunctionError> {
    use unicode_segmentation::UnicodeSegmentation as _;
    let value = converted(verb, value, &Type::String)?;
    let text = value.as_str().unwrap_or_default();
    // A precision of nothing is none.
    let text: String = match verb.precision {
        Some(precision) if precision > 0 => text.graphemes(true).take(precision).collect(),
        _ => text.to_owned(),
    };
    if verb.mode == 's' {
        return Ok(padded(verb, text));
    }
    Value::string(text).to_json_text().map(|json| padded(verb, json)).map_err(|error| verb.refuses(error))
}

fn sign(verb: &Verb<'_>, number: &Number) -> &'static str {
    match () {
        () if number.is_negative() => "-",
        () if verb.plus => "+",
        () if verb.space => " ",
        () => "",
    }
}

fn integer(verb: &Verb<'_>, number: &Number) -> Result<String, FunctionError> {
    let (base, prefix) = match verb.mode {
        'b' => (2, "0b"),
        'o' => (8, "0"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        _ => (10, ""),
    };
    if !number.is_integer() {
        return Err(verb.refuses("a whole number is required"));
    }
    let digits = number.to_integer_text(base).ok_or_else(too_long)?;
    let digits = if verb.mode == 'X' { digits.to_ascii_uppercase() } else { digits };
    let sign = if number.is_zero() && number.is_negative() { sign(verb, &Number::ZERO) } else { sign(verb, number) };
    let prefix = if verb.sharp { prefix } else { "" };
    if verb.precision == Some(0) && digits == "0" {
        return Ok(String::new());
    }
    let mut zeros = verb.precision.unwrap_or(0).saturating_sub(digits.len());
    let missing = verb.width.unwrap_or(0).saturating_sub(sign.len() + prefix.len() + zeros + digits.len());
    let (mut left, mut right) = (0, 0);
    match () {
        () if verb.minus => right = missing,
        () if verb.zero && verb.precision.is_none() => zeros = missing,
        () => left = missing,
    }
    Ok(format!("{}{sign}{prefix}{}{digits}{}", " ".repeat(left), "0".repeat(zeros), " ".repeat(right)))
}

fn too_long() -> FunctionError {
    FunctionError::limit(format!("{} digits in a number", Number::MAX_DIGITS))
}

fn float(verb: &Verb<'_>, number: &Number) -> Result<String, FunctionError> {
    let precision = match verb.mode {
        'g' | 'G' => verb.precision,
        _ => Some(verb.precision.unwrap_or(6)),
    };
    let digits = float_digits(verb, number, verb.mode, precision)?;
    let (sign, digits) = match digits.strip_prefix('+') {
        // Infinity shows its sign always.
        Some(digits) => (if verb.space { " " } else { "+" }, digits.to_owned()),
        None => (sign(verb, number), digits),
    };
    let missing = verb.width.unwrap_or(0).saturating_sub(sign.len() + digits.len());
    Ok(match () {
        () if verb.zero && !verb.minus && !number.is_infinite() => format!("{sign}{}{digits}", "0".repeat(missing)),
        () if verb.minus => format!("{sign}{digits}{}", " ".repeat(missing)),
        () => format!("{}{sign}{digits}", " ".repeat(missing)),
    })
}

/// The digits of a number without a minus sign. Without precision: as few as say it.
fn float_digits(
    verb: &Verb<'_>,
    number: &Number,
    mode: char,
    precision: Option<usize>,
) -> Result<String, FunctionError> {
    if number.is_infinite() {
        return Ok(if number.is_negative() { "Inf" } else { "+Inf" }.to_owned());
    }
    let Some(precision) = precision else {
        let shortest = number.shortest_decimal().ok_or_else(too_long)?;
        return Ok(general(&shortest, mode, None));
    };
    let exact = number.exact_decimal().ok_or_else(too_long)?;
    let signed = i64::try_from(precision).map_err(|_| verb.refuses("the precision is too large"))?;
    Ok(match mode {
        'f' => {
            let places = exact.point.saturating_add(signed);
            fixed(&exact.rounded(places), precision)
        }
        'e' | 'E' => scientific(&exact.rounded(signed.saturating_add(1)), precision, mode),
        _ => general(&exact.rounded(signed.max(1)), mode, Some(precision.max(1))),
    })
}

fn digit(value: u8) -> char {
    char::from(b'0' + value)
}

fn fixed(decimal: &Decimal, places: usize) -> String {
    let whole = usize::try_from(decimal.point).unwrap_or(0);
    let mut text: String = (0..whole).map(|idx| digit(decimal.at(idx))).collect();
    if whole == 0 {
        text.push('0');
    }
    if places > 0 {
        text.push('.');
    }
    let leading = usize::try_from(-decimal.point).unwrap_or(0);
    text.extend((0..places).map(|place| match place.checked_sub(leading) {
        Some(place) => digit(decimal.at(whole + place)),
        None => '0',
    }));
    text
}

fn scientific(decimal: &Decimal, places: usize, mode: char) -> String {
    let mut text = String::new();
    text.push(digit(decimal.at(0)));
    if places > 0 {
        text.push('.');
        text.extend((1..=places).map(|idx| digit(decimal.at(idx))));
    }
    let exponent = if decimal.digits.is_empty() { 0 } else { decimal.point - 1 };
    text.push(if matches!(mode, 'E' | 'G') { 'E' } else { 'e' });
    text.push(if exponent < 0 { '-' } else { '+' });
    text + &format!("{:02}", exponent.unsigned_abs())
}

/// With an exponent if the number is very large or small, without otherwise.
fn general(decimal: &Decimal, mode: char, precision: Option<usize>) -> String {
    let digits = decimal.digits.len();
    let count = i64::try_from(digits).unwrap_or(i64::MAX);
    let threshold = match precision {
        None => 6,
        Some(precision) if precision > digits && count >= decimal.point => count,
        Some(precision) => i64::try_from(precision).unwrap_or(i64::MAX),
    };
    let exponent = decimal.point - 1;
    if exponent < -4 || exponent >= threshold {
        let shown = precision.map_or(digits, |precision| precision.min(digits));
        return scientific(decimal, shown.saturating_sub(1), mode);
    }
    fixed(decimal, usize::try_from(count - decimal.point).unwrap_or(0))
}
