//! JSON text to values, as Terraform reads it; the text may have holes.
//!
//! A hole is an unknown value within the text. It may stand inside a string, and then the string is unknown with known
//! pieces, or where a value is expected. We take it that a hole inside a string holds no quotation mark that would
//! end the string, as everybody does who writes such text. A hole of text where an item of an array is expected may
//! become any number of items.

use std::sync::Arc;

use super::FunctionError;
use super::json_holes::{open_array, open_object, text_with_holes, value_of_hole};
use crate::eval::Limits;
use crate::value::{Fields, Number, TemplatePart, Type, Value};

/// Text with holes: where each hole stands, in order.
pub(super) struct Source<'s> {
    /// The known text.
    pub(super) text: &'s str,
    /// Offsets into the text and what is to be filled in there.
    pub(super) holes: Vec<(usize, &'s Value)>,
}

/// The value of JSON text.
///
/// # Errors
/// When the text is no JSON (in the words of Terraform), or is too large or too deep, or a hole stands where none may.
pub(super) fn decode(source: &Source<'_>, limits: &Limits) -> Result<Value, FunctionError> {
    let mut parser = Parser { source, at: 0, hole: 0, values: 0, limits };
    parser.skip_blanks();
    if parser.peek().is_none() && !parser.at_hole() {
        return Err(FunctionError::new("EOF"));
    }
    let value = parser.value(0)?;
    parser.skip_blanks();
    // Terraform lets a closing bracket too many pass.
    match parser.peek() {
        None | Some(b']' | b'}') if !parser.at_hole() => Ok(value),
        _ => Err(FunctionError::new("extraneous data after JSON object")),
    }
}

/// Documents nest no deeper than this, lest they use up the stack of a small thread.
const MAX_DEPTH: usize = 128;

struct Parser<'p, 's> {
    source: &'p Source<'s>,
    at: usize,
    /// The next hole.
    hole: usize,
    values: usize,
    limits: &'p Limits,
}

type Parsed<T> = Result<T, FunctionError>;

impl<'s> Parser<'_, 's> {
    fn peek(&self) -> Option<u8> {
        self.source.text.as_bytes().get(self.at).copied()
    }

    fn at_hole(&self) -> bool {
        self.source.holes.get(self.hole).is_some_and(|&(offset, _)| offset == self.at)
    }

    fn take_hole(&mut self) -> Option<&'s Value> {
        let hole = self.source.holes.get(self.hole).filter(|&&(offset, _)| offset == self.at).map(|&(_, value)| value);
        self.hole += usize::from(hole.is_some());
        hole
    }

    fn skip_blanks(&mut self) {
        while !self.at_hole() && matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// What is wrong at the current place.
    fn unexpected<T>(&self, place: &str) -> Parsed<T> {
        if self.at_hole() {
            return Err(FunctionError::new(format!("an unknown value {place}")));
        }
        Err(FunctionError::new(match self.peek() {
            None => "unexpected EOF".to_owned(),
            Some(byte) => format!("invalid character {} {place}", quote(byte)).trim_end().to_owned(),
        }))
    }

    fn value(&mut self, depth: usize) -> Parsed<Value> {
        self.values += 1;
        if self.values > self.limits.items {
            return Err(FunctionError::limit(format!("{} values in one document", self.limits.items)));
        }
        let deepest = self.limits.depth.min(MAX_DEPTH);
        if depth > deepest {
            return Err(FunctionError::limit(format!("{deepest} levels of nesting in one document")));
        }
        self.skip_blanks();
        if let Some(hole) = self.take_hole() {
            return Ok(value_of_hole(hole));
        }
        match self.peek() {
            None => Err(FunctionError::new("EOF")),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => Ok(text_with_holes(self.string()?)),
            Some(b't') => self.literal("true", Value::from(true)),
            Some(b'f') => self.literal("false", Value::from(false)),
            Some(b'n') => self.literal("null", Value::null()),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => self.unexpected("looking for beginning of value"),
        }
    }

    fn literal(&mut self, word: &str, value: Value) -> Parsed<Value> {
        for expected in word.bytes() {
            if self.at_hole() || self.peek() != Some(expected) {
                return self.unexpected(&format!("in literal {word} (expecting {})", quote(expected)));
            }
            self.at += 1;
        }
        Ok(value)
    }

    fn array(&mut self, depth: usize) -> Parsed<Value> {
        self.at += 1;
        let (mut items, mut open) = (Vec::new(), Vec::new());
        self.skip_blanks();
        if !self.at_hole() && self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::tuple(items));
        }
        loop {
            self.skip_blanks();
            let is_hole = self.at_hole();
            let item = self.value(depth + 1)?;
            // Unquoted text of unknown content: `[${join(",", ...)}]`.
            if is_hole && matches!(item.type_of(), Type::Any | Type::String) && item.is_unknown() {
                open.push(item);
            } else {
                items.push(item);
            }
            if !self.more(b']', "after array element")? {
                break;
            }
        }
        Ok(if open.is_empty() { Value::tuple(items) } else { open_array(items, &open) })
    }

    /// Whether a comma follows; otherwise the end must.
    fn more(&mut self, end: u8, place: &str) -> Parsed<bool> {
        self.skip_blanks();
        match self.peek() {
            _ if self.at_hole() => self.unexpected(place),
            Some(byte) if byte == b',' || byte == end => {
                self.at += 1;
                Ok(byte == b',')
            }
            None => Err(FunctionError::new("EOF")),
            Some(_) => self.unexpected(place),
        }
    }

    fn object(&mut self, depth: usize) -> Parsed<Value> {
        self.at += 1;
        let (mut fields, mut open) = (Fields::new(), Vec::new());
        self.skip_blanks();
        if !self.at_hole() && self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::object(fields));
        }
        loop {
            let key = self.key(fields.is_empty() && open.is_empty())?;
            let value = self.value(depth + 1)?;
            match key.as_str() {
                Some(name) => drop(fields.insert(name.into(), value)),
                None => open.push((key, value)),
            }
            if !self.more(b'}', "after object key:value pair")? {
                break;
            }
        }
        Ok(if open.is_empty() { Value::object(fields) } else { open_object(fields, open) })
    }

    fn key(&mut self, first: bool) -> Parsed<Value> {
        self.skip_blanks();
        match self.peek() {
            Some(b'"') if !self.at_hole() => {}
            None if !self.at_hole() => return Err(FunctionError::new("EOF")),
            _ => return self.unexpected(if first { "" } else { "looking for beginning of object key string" }),
        }
        let key = text_with_holes(self.string()?);
        self.skip_blanks();
        match self.peek() {
            Some(b':') if !self.at_hole() => {
                self.at += 1;
                Ok(key)
            }
            None if !self.at_hole() => Err(FunctionError::new("EOF")),
            _ => self.unexpected("after object key"),
        }
    }

    /// The parts of a string, escapes resolved.
    fn string(&mut self) -> Parsed<Vec<TemplatePart>> {
        self.at += 1;
        let (mut parts, mut text) = (Vec::new(), String::new());
        loop {
            if let Some(hole) = self.take_hole() {
                if !text.is_empty() {
                    parts.push(TemplatePart::Text(Arc::from(std::mem::take(&mut text))));
                }
                parts.push(TemplatePart::Hole(hole.clone()));
                continue;
            }
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => text.push(self.escape()?),
                None | Some(0..0x20) => return self.unexpected("in string literal"),
                Some(_) => self.plain_text(&mut text),
            }
        }
        self.at += 1;
        if !text.is_empty() || parts.is_empty() {
            parts.push(TemplatePart::Text(text.into()));
        }
        Ok(parts)
    }

    /// Takes text up to the next hole or character that means something.
    fn plain_text(&mut self, text: &mut String) {
        let end = self.source.holes.get(self.hole).map_or(self.source.text.len(), |&(offset, _)| offset);
        let rest = self.source.text.get(self.at..end).unwrap_or("");
        let length = rest.find(|c: char| c == '"' || c == '\\' || c < ' ').unwrap_or(rest.len());
        text.push_str(rest.get(..length).unwrap_or(""));
        self.at += length;
    }

    fn escape(&mut self) -> Parsed<char> {
        self.at += 1;
        let place = "in string escape code";
        if self.at_hole() {
            return self.unexpected(place);
        }
        let character = match self.peek() {
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'u') => return self.unicode_escape(),
            _ => return self.unexpected(place),
        };
        self.at += 1;
        Ok(character)
    }

    fn unicode_escape(&mut self) -> Parsed<char> {
        let high = self.code_unit()?;
        if let Some(character) = char::from_u32(high) {
            return Ok(character);
        }
        // Half of a surrogate pair without the other half becomes the replacement character.
        let before = (self.at, self.hole);
        if high < 0xDC00 && self.source.text.get(self.at..).is_some_and(|rest| rest.starts_with("\\u")) {
            self.at += 1;
            let low = self.code_unit()?;
            if (0xDC00..0xE000).contains(&low) {
                let code = 0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            (self.at, self.hole) = before;
        }
        Ok(char::REPLACEMENT_CHARACTER)
    }

    /// Reads `uXXXX`, the backslash being read already.
    fn code_unit(&mut self) -> Parsed<u32> {
        self.at += 1;
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().filter(|_| !self.at_hole()).and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                return self.unexpected("in \\u hexadecimal character escape");
            };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    fn number(&mut self) -> Parsed<Value> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            // What follows a leading zero is no longer part of the number.
            Some(b'0') => self.at += 1,
            _ => self.digits("in numeric literal")?,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
        }
        let hole_within = self.source.holes.get(self.hole).is_some_and(|&(offset, _)| offset <= self.at);
        if hole_within {
            return Err(FunctionError::new("an unknown value in numeric literal"));
        }
        let text = self.source.text.get(start..self.at).unwrap_or("");
        Number::parse(text)
            .map(Value::from)
            .ok_or_else(|| FunctionError::new(format!("{text} is no number that Terraform can hold")))
    }

    fn digits(&mut self, place: &str) -> Parsed<()> {
        if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            return self.unexpected(place);
        }
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        Ok(())
    }
}

/// A byte in single quotes, as Go shows it.
fn quote(byte: u8) -> String {
    match byte {
        b'\'' => "'\\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        _ => format!("'{}'", char::from(byte).escape_debug()),
    }
}
