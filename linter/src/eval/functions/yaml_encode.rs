//! Known values to YAML text, laid out as Terraform lays it out.
//!
//! Strings are in double quotes and folded beyond 80 columns, text of several lines is a literal block where that is
//! possible, keys too long or of several lines are written with `?`.

use std::fmt::Write as _;

use super::FunctionError;
use crate::eval::Limits;
use crate::value::{Fields, Kind, Number, Value};

/// Columns after which a string is folded at the next space.
const WIDTH: usize = 80;
/// Columns that each level is indented.
const INDENT: usize = 2;
/// Longest key in bytes that is written without `?`.
const MAX_SIMPLE_KEY: usize = 128;

/// The YAML text of a wholly known value.
///
/// # Errors
/// When parts are unknown, or the text would be too long or too deep.
pub(super) fn encode(value: &Value, limits: &Limits) -> Result<String, FunctionError> {
    let mut writer =
        Writer { text: String::new(), column: 0, indent: None, after_blank: true, only_indented: true, limits };
    writer.value(value, Place::Root, 0)?;
    writer.start_line();
    // A plain word could go on, so it is closed explicitly.
    if matches!(value.kind, Kind::Null(_) | Kind::Bool(_) | Kind::Number(_)) {
        writer.text.push_str("...\n");
    }
    Ok(writer.text)
}

/// Where a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Root,
    Item,
    /// A mapping's value, or a key after `?`.
    InMapping,
    /// A key before `:` on the same line.
    SimpleKey,
}

struct Writer<'l> {
    text: String,
    column: usize,
    /// `None` before the first level.
    indent: Option<usize>,
    /// Whether the last thing written is white space.
    after_blank: bool,
    /// Whether nothing but indentation and indicators is on the line.
    only_indented: bool,
    limits: &'l Limits,
}

impl Writer<'_> {
    fn value(&mut self, value: &Value, place: Place, depth: usize) -> Result<(), FunctionError> {
        if depth > self.limits.depth {
            return Err(FunctionError::limit(format!("{} levels of nesting", self.limits.depth)));
        }
        match &value.kind {
            Kind::Unknown(_) => return Err(FunctionError::new("cannot serialize unknown value as YAML")),
            Kind::Null(_) => self.plain("null"),
            Kind::Bool(value) => self.plain(if *value { "true" } else { "false" }),
            Kind::Number(number) => self.number(number)?,
            Kind::String(text) => self.string(text, place),
            Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => self.items(items, place, depth)?,
            Kind::Map(_, fields) => self.fields(fields, depth)?,
            Kind::Object(object) => self.fields(&object.fields, depth)?,
        }
        if self.text.len() > self.limits.string_bytes {
            return Err(FunctionError::limit(format!("{} bytes in one string", self.limits.string_bytes)));
        }
        Ok(())
    }

    fn items(&mut self, items: &[Value], place: Place, depth: usize) -> Result<(), FunctionError> {
        if items.is_empty() {
            self.plain("[]");
            return Ok(());
        }
        let outer = self.indent;
        // Items of a mapping's value stand below its key without further indentation.
        if place != Place::InMapping || self.only_indented {
            self.indent = Some(outer.map_or(0, |indent| indent + INDENT));
        }
        for item in items {
            self.start_line();
            self.indicator("-");
            self.value(item, Place::Item, depth + 1)?;
        }
        self.indent = outer;
        Ok(())
    }

    fn fields(&mut self, fields: &Fields, depth: usize) -> Result<(), FunctionError> {
        if fields.is_empty() {
            self.plain("{}");
            return Ok(());
        }
        let outer = self.indent;
        self.indent = Some(outer.map_or(0, |indent| indent + INDENT));
        for (name, value) in fields {
            self.start_line();
            if name.len() <= MAX_SIMPLE_KEY && !name.contains(is_break) {
                self.string(name, Place::SimpleKey);
                self.put(":");
                (self.after_blank, self.only_indented) = (false, false);
            } else {
                self.indicator("?");
                self.string(name, Place::InMapping);
                self.start_line();
                self.indicator(":");
            }
            self.value(value, Place::InMapping, depth + 1)?;
        }
        self.indent = outer;
        Ok(())
    }

    fn number(&mut self, number: &Number) -> Result<(), FunctionError> {
        let text = number.to_text();
        let text = text.ok_or_else(|| FunctionError::limit(format!("{} digits in one number", Number::MAX_DIGITS)))?;
        self.plain(&text);
        Ok(())
    }

    fn string(&mut self, text: &str, place: Place) {
        let outer = self.indent;
        self.indent = Some(outer.map_or(INDENT, |indent| indent + INDENT));
        if place != Place::SimpleKey && text.contains('\n') && fits_block(text) {
            self.literal(text);
        } else {
            self.quoted(text, place != Place::SimpleKey);
        }
        self.indent = outer;
    }

    /// A word as it is.
    fn plain(&mut self, word: &str) {
        self.separate();
        self.put(word);
        (self.after_blank, self.only_indented) = (false, false);
    }

    /// A sign that may be followed by more structure on the same line.
    fn indicator(&mut self, sign: &str) {
        self.separate();
        self.put(sign);
        self.after_blank = false;
    }

    fn separate(&mut self) {
        if !self.after_blank {
            self.put(" ");
        }
    }

    fn put(&mut self, text: &str) {
        self.text.push_str(text);
        self.column += text.chars().count();
    }

    fn put_break(&mut self) {
        self.text.push('\n');
        self.column = 0;
    }

    /// Goes to where the next thing of this level begins, on a new line if need be.
    fn start_line(&mut self) {
        let indent = self.indent.unwrap_or(0);
        if !self.only_indented || self.column > indent || (self.column == indent && !self.after_blank) {
            self.put_break();
        }
        while self.column < indent {
            self.put(" ");
        }
        (self.after_blank, self.only_indented) = (true, true);
    }

    fn literal(&mut self, text: &str) {
        self.separate();
        self.put("|");
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.put("2");
        }
        let mut from_end = text.chars().rev();
        match (from_end.next().is_some_and(is_break), from_end.next()) {
            (false, _) => self.put("-"),
            (true, Some(before)) if !is_break(before) => {}
            (true, _) => self.put("+"),
        }
        self.put_break();
        (self.after_blank, self.only_indented) = (true, true);
        let mut at_start = true;
        for character in text.chars() {
            if is_break(character) {
                self.text.push(character);
                self.column = 0;
                (self.only_indented, at_start) = (true, true);
            } else {
                if at_start {
                    self.start_line();
                }
                self.text.push(character);
                self.column += 1;
                (self.only_indented, at_start) = (false, false);
            }
        }
    }

    fn quoted(&mut self, text: &str, may_fold: bool) {
        self.separate();
        self.put("\"");
        // Terraform's writer looks for a byte order mark only at the start, and escapes everything if it finds one.
        let escape_all = text.starts_with('\u{feff}');
        let mut after_space = false;
        let mut characters = text.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            if escape_all || !is_printable(character) || is_break(character) || matches!(character, '"' | '\\') {
                self.escape(character);
                after_space = false;
            } else if character == ' ' {
                let inside = at > 0 && at + 1 < text.len();
                if may_fold && !after_space && self.column > WIDTH && inside {
                    self.start_line();
                    if characters.peek().is_some_and(|&(_, next)| next == ' ') {
                        self.put("\\");
                    }
                } else {
                    self.put(" ");
                }
                after_space = true;
            } else {
                self.text.push(character);
                self.column += 1;
                after_space = false;
            }
            self.only_indented = false;
        }
        self.put("\"");
        (self.after_blank, self.only_indented) = (false, false);
    }

    fn escape(&mut self, character: char) {
        let before = self.text.len();
        let short = match character {
            '\0' => "\\0",
            '\u{7}' => "\\a",
            '\u{8}' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\u{b}' => "\\v",
            '\u{c}' => "\\f",
            '\r' => "\\r",
            '\u{1b}' => "\\e",
            '"' => "\\\"",
            '\\' => "\\\\",
            '\u{85}' => "\\N",
            '\u{a0}' => "\\_",
            '\u{2028}' => "\\L",
            '\u{2029}' => "\\P",
            _ => "",
        };
        self.text.push_str(short);
        // Writing to a string cannot fail.
        let _ = match character as u32 {
            _ if !short.is_empty() => Ok(()),
            code @ ..=0xFF => write!(self.text, "\\x{code:02X}"),
            code @ ..=0xFFFF => write!(self.text, "\\u{code:04X}"),
            code => write!(self.text, "\\U{code:08X}"),
        };
        self.column += self.text.len() - before;
    }
}

fn is_break(character: char) -> bool {
    matches!(character, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_printable(character: char) -> bool {
    matches!(character, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

/// Whether text can be a literal block: nothing to be escaped, and no space that the end of a line would hide.
fn fits_block(text: &str) -> bool {
    let space_before_break = || text.chars().zip(text.chars().skip(1)).any(|(a, b)| a == ' ' && is_break(b));
    text.chars().all(is_printable) && !text.ends_with(' ') && !space_before_break()
}
