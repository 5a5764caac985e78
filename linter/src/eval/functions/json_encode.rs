//! Known values to JSON text, as Terraform writes it.

use std::fmt::Write as _;

use super::FunctionError;
use crate::eval::Limits;
use crate::value::{Fields, Kind, Number, Value};

/// The JSON text of a wholly known value.
///
/// # Errors
/// When the value cannot be written (infinity, unknown parts) or the text would be too long or too deep.
pub(super) fn encode(value: &Value, limits: &Limits) -> Result<String, FunctionError> {
    let mut writer = Writer { text: String::new(), limits };
    writer.value(value, 0)?;
    Ok(writer.text)
}

struct Writer<'l> {
    text: String,
    limits: &'l Limits,
}

impl Writer<'_> {
    fn value(&mut self, value: &Value, depth: usize) -> Result<(), FunctionError> {
        if depth > self.limits.depth {
            return Err(FunctionError::limit(format!("{} levels of nesting", self.limits.depth)));
        }
        match &value.kind {
            Kind::Unknown(_) => return Err(FunctionError::new("the value is not known")),
            Kind::Null(_) => self.text.push_str("null"),
            Kind::Bool(true) => self.text.push_str("true"),
            Kind::Bool(false) => self.text.push_str("false"),
            Kind::Number(number) => self.number(number)?,
            Kind::String(text) => self.string(text),
            Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => self.items(items, depth)?,
            Kind::Map(_, fields) => self.fields(fields, depth)?,
            Kind::Object(object) => self.fields(&object.fields, depth)?,
        }
        if self.text.len() > self.limits.string_bytes {
            return Err(FunctionError::limit(format!("{} bytes in one string", self.limits.string_bytes)));
        }
        Ok(())
    }

    fn items(&mut self, items: &[Value], depth: usize) -> Result<(), FunctionError> {
        self.text.push('[');
        for (idx, item) in items.iter().enumerate() {
            if idx > 0 {
                self.text.push(',');
            }
            self.value(item, depth + 1)?;
        }
        self.text.push(']');
        Ok(())
    }

    fn fields(&mut self, fields: &Fields, depth: usize) -> Result<(), FunctionError> {
        self.text.push('{');
        for (idx, (name, value)) in fields.iter().enumerate() {
            if idx > 0 {
                self.text.push(',');
            }
            self.string(name);
            self.text.push(':');
            self.value(value, depth + 1)?;
        }
        self.text.push('}');
        Ok(())
    }

    fn number(&mut self, number: &Number) -> Result<(), FunctionError> {
        if number.is_infinite() {
            return Err(FunctionError::new("cannot serialize infinity as JSON"));
        }
        let text = number.to_text();
        let text = text.ok_or_else(|| FunctionError::limit(format!("{} digits in one number", Number::MAX_DIGITS)))?;
        self.text.push_str(&text);
        Ok(())
    }

    /// Quotes as Go does: what could end a script or a line of JavaScript is escaped too.
    fn string(&mut self, text: &str) {
        self.text.push('"');
        for character in text.chars() {
            match character {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '\r' => self.text.push_str("\\r"),
                '\t' => self.text.push_str("\\t"),
                '\u{8}' => self.text.push_str("\\b"),
                '\u{c}' => self.text.push_str("\\f"),
                '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                    // Writing to a string cannot fail.
                    let _ = write!(self.text, "\\u{:04x}", character as u32);
                }
                _ => self.text.push(character),
            }
        }
        self.text.push('"');
    }
}
