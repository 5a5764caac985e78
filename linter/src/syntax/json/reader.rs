//! JSON text to JSON values with spans, in an arena.

use super::super::parse::{Builder, MAX_DEPTH};

/// Index of a [`Value`] in [`Document::values`].
pub(super) type ValueId = u32;

/// What a [`Value`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ValueKind {
    /// Kids: key, value, key, value...
    Object,
    /// Kids: items.
    Array,
    /// Between quotes; `escaped` says whether a backslash is in it.
    String {
        escaped: bool,
    },
    Number,
    True,
    False,
    Null,
    /// Could not be read; the diagnostic was given.
    Missing,
}

/// One value: where it stands, and its kids as a range of [`Document::kids`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    pub(super) kind: ValueKind,
    pub(super) start: usize,
    pub(super) end: usize,
    kids: (u32, u32),
}

/// A JSON text that was read, as far as it could be.
pub(super) struct Document {
    values: Vec<Value>,
    kids: Vec<ValueId>,
    pub(super) root: Option<ValueId>,
}

impl Document {
    pub(super) fn value(&self, id: ValueId) -> Value {
        const NULL: Value = Value { kind: ValueKind::Null, start: 0, end: 0, kids: (0, 0) };
        self.values.get(id as usize).copied().unwrap_or(NULL)
    }

    /// Items of an array; keys and values of an object, one after the other.
    pub(super) fn kids(&self, value: Value) -> &[ValueId] {
        self.kids.get(value.kids.0 as usize..value.kids.1 as usize).unwrap_or_default()
    }
}

/// Reads the text; the first error ends the reading and is told.
pub(super) fn read(src: &[u8], start: usize, out: &mut Builder) -> Document {
    let document = Document {
        values: Vec::with_capacity(src.len() / 16 + 4),
        kids: Vec::with_capacity(src.len() / 16 + 4),
        root: None,
    };
    let mut reader = Reader { src, pos: start, depth: 0, document, scratch: Vec::new(), out };
    if let Ok(()) = reader.value() {
        reader.skip_space();
        if reader.pos < src.len() {
            let end = (reader.pos + 1).min(src.len());
            let help = "A JSON file is one object; remove what follows it.";
            reader.out.report(reader.pos, end, "Something follows the end of the JSON value", help);
        }
    }
    let mut document = reader.document;
    document.root = reader.scratch.first().copied();
    document
}

/// A diagnostic was given; nothing more is read.
struct Stopped;

struct Reader<'s, 'b> {
    src: &'s [u8],
    pos: usize,
    depth: u32,
    document: Document,
    scratch: Vec<ValueId>,
    out: &'b mut Builder,
}

impl Reader<'_, '_> {
    fn peek(&self) -> Option<u8> {
        self.src.get(self.pos).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.pos += 1;
        }
    }

    fn stop(&mut self, start: usize, end: usize, message: impl Into<String>, help: &str) -> Stopped {
        self.out.report(start, end.min(self.src.len()).max(start), message, help);
        Stopped
    }

    /// Reads a value and puts it on the pile, on an error as far as it was read.
    fn value(&mut self) -> Result<(), Stopped> {
        self.skip_space();
        match self.peek() {
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            Some(b'"') => self.string(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'a'..=b'z' | b'A'..=b'Z') => self.word(),
            other => {
                let message = match other {
                    None => "Expected a JSON value before the end of the file".to_owned(),
                    Some(byte) => format!("Expected a JSON value before `{}`", byte.escape_ascii()),
                };
                let help = match other {
                    Some(b'\'') => "Strings are written with double quotes.",
                    Some(b'}' | b']') => "Remove the comma before it, or add what is missing.",
                    Some(b'/' | b'#') => "JSON has no comments; use a property named \"//\".",
                    Some(b'.' | b'+') => "Numbers begin with a digit or `-`.",
                    _ => "A value is a string, number, object, array, true, false or null.",
                };
                let at = self.pos;
                Err(self.stop(at, at + 1, message, help))
            }
        }
    }

    fn push(&mut self, kind: ValueKind, start: usize) {
        self.document.values.push(Value { kind, start, end: self.pos, kids: (0, 0) });
        self.scratch.push(self.document.values.len() as ValueId - 1);
    }

    /// Closes an object or array whose kids were put on the pile since `mark`.
    fn close(&mut self, kind: ValueKind, start: usize, mark: usize) {
        let first = self.document.kids.len() as u32;
        self.document.kids.extend(self.scratch.drain(mark..));
        let kids = (first, self.document.kids.len() as u32);
        self.document.values.push(Value { kind, start, end: self.pos, kids });
        self.scratch.push(self.document.values.len() as ValueId - 1);
        self.depth -= 1;
    }

    fn enter(&mut self) -> Result<(), Stopped> {
        if self.depth >= MAX_DEPTH {
            let at = self.pos;
            let message = format!("This is nested more than {MAX_DEPTH} levels deep");
            return Err(self.stop(at, at + 1, message, "Nothing deeper is read, to bound memory and time."));
        }
        self.depth += 1;
        Ok(())
    }

    fn object(&mut self) -> Result<(), Stopped> {
        self.enter()?;
        let (start, mark) = (self.pos, self.scratch.len());
        self.pos += 1;
        let result = self.properties(start);
        if (self.scratch.len() - mark) % 2 == 1 {
            self.push(ValueKind::Missing, self.pos);
        }
        self.close(ValueKind::Object, start, mark);
        result
    }

    fn properties(&mut self, open: usize) -> Result<(), Stopped> {
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.pos += 1;
            return Ok(());
        }
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return Err(self.no_key(open));
            }
            self.string()?;
            self.skip_space();
            if self.peek() != Some(b':') {
                let at = self.pos;
                let help = "A property is written `\"name\": value`.";
                return Err(self.stop(at, at + 1, "Expected `:` after the name of the property", help));
            }
            self.pos += 1;
            self.value()?;
            self.skip_space();
            match self.peek() {
                Some(b',') => self.pos += 1,
                Some(b'}') => {
                    self.pos += 1;
                    return Ok(());
                }
                found => return Err(self.no_separator(found, open, "object", '}')),
            }
        }
    }

    fn no_key(&mut self, open: usize) -> Stopped {
        let at = self.pos;
        match self.peek() {
            None => self.stop(open, open + 1, "This object is never closed", "Add `}` where it ends."),
            Some(b'}') => {
                let help = "JSON allows no comma before a closing brace: remove it.";
                self.stop(at, at + 1, "A property is missing after the comma", help)
            }
            Some(_) => {
                let help = "Names of properties are written with double quotes; comments are properties named \"//\".";
                self.stop(at, at + 1, "Expected the name of a property, in double quotes", help)
            }
        }
    }

    fn no_separator(&mut self, found: Option<u8>, open: usize, what: &str, close: char) -> Stopped {
        if found.is_none() {
            let message = format!("This {what} is never closed");
            return self.stop(open, open + 1, message, &format!("Add `{close}` where it ends."));
        }
        let at = self.pos;
        let message = format!("Expected `,` or `{close}` after this value");
        self.stop(at, at + 1, message, "Separate what follows with a comma.")
    }

    fn array(&mut self) -> Result<(), Stopped> {
        self.enter()?;
        let (start, mark) = (self.pos, self.scratch.len());
        self.pos += 1;
        let result = self.items(start);
        self.close(ValueKind::Array, start, mark);
        result
    }

    fn items(&mut self, open: usize) -> Result<(), Stopped> {
        self.skip_space();
        if self.peek() == Some(b']') {
            self.pos += 1;
            return Ok(());
        }
        loop {
            self.value()?;
            self.skip_space();
            match self.peek() {
                Some(b',') => self.pos += 1,
                Some(b']') => {
                    self.pos += 1;
                    return Ok(());
                }
                found => return Err(self.no_separator(found, open, "array", ']')),
            }
        }
    }

    fn string(&mut self) -> Result<(), Stopped> {
        let start = self.pos;
        let mut at = start + 1;
        let mut escaped = false;
        loop {
            match self.src.get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    at += self.escape_len(at)?;
                }
                Some(0x20..) => at += 1,
                _ => {
                    let help = "Add the quote; line ends and tabs inside are written \\n and \\t.";
                    return Err(self.stop(start, start + 1, "This string has no closing quote on its line", help));
                }
            }
        }
        self.pos = at + 1;
        self.push(ValueKind::String { escaped }, start);
        Ok(())
    }

    fn escape_len(&mut self, at: usize) -> Result<usize, Stopped> {
        match self.src.get(at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(2),
            Some(b'u') if self.src.get(at + 2..at + 6).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)) => {
                Ok(6)
            }
            _ => {
                let help =
                    "Known are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\uXXXX; a backslash itself is written \\\\.";
                Err(self.stop(at, at + 2, "This is not an escape sequence of JSON", help))
            }
        }
    }

    fn number(&mut self) -> Result<(), Stopped> {
        let start = self.pos;
        while let Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9') = self.peek() {
            self.pos += 1;
        }
        let text = self.src.get(start..self.pos).unwrap_or_default();
        if !is_json_number(text) {
            let message = format!("`{}` is not a JSON number", text.escape_ascii());
            let help = "Numbers have no leading zeros or plus sign, and digits on both sides of a point.";
            let end = self.pos;
            return Err(self.stop(start, end, message, help));
        }
        self.push(ValueKind::Number, start);
        Ok(())
    }

    fn word(&mut self) -> Result<(), Stopped> {
        let start = self.pos;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            self.pos += 1;
        }
        let kind = match self.src.get(start..self.pos).unwrap_or_default() {
            b"true" => ValueKind::True,
            b"false" => ValueKind::False,
            b"null" => ValueKind::Null,
            other => {
                let message = format!("`{}` is not a JSON value", other.escape_ascii());
                let end = self.pos;
                return Err(self.stop(start, end, message, "Text and references are written in double quotes."));
            }
        };
        self.push(kind, start);
        Ok(())
    }
}

/// Whether the text is one number by JSON's grammar, of a size that can be held.
fn is_json_number(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let leading_zero = whole > 1 && digits.first() == Some(&b'0');
    let fraction = match digits.get(whole..) {
        Some([b'.', rest @ ..]) => rest.first().is_some_and(u8::is_ascii_digit),
        _ => true,
    };
    whole > 0 && !leading_zero && fraction && super::super::parse::is_number(digits)
}
