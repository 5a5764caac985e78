//! Text that is probably secret, going by the names it is given to: for excerpts and messages.
//!
//! Works on bytes, not on trees: it has to find what the parser did not understand. Where in doubt text is taken for
//! secret. One pass over the file; nothing is nested deeper than the file has brackets.

mod names;
mod withhold;

use std::ops::Range;

use names::{Secrecy, looks_random, secrecy_of};

pub use withhold::withheld;
pub(super) use withhold::withhold;

/// More heredocs without an end are not looked for: each is sought through the whole file.
const MAX_UNCLOSED: usize = 32;
/// Longer end markers are none.
const MAX_MARKER: usize = 256;

/// Whether what has this name is a secret.
#[must_use]
pub fn is_secret_name(name: &str) -> bool {
    secrecy_of(name.as_bytes()) == Secrecy::Secret
}

/// Whether a file holds values rather than configuration, going by its name.
#[must_use]
pub fn holds_values(name: &str) -> bool {
    let is_json = name.ends_with(".json") && !name.ends_with(".tf.json") && !name.ends_with(".tofu.json");
    is_json || [".tfvars", ".tfstate", ".tfstate.backup", "tfplan"].iter().any(|end| name.ends_with(end))
}

/// Which literals count as secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suspicion {
    /// Those given to a name that secrets have.
    ByName,
    /// All that are given to anything, as in files of values.
    Always,
}

/// The ranges of bytes, in order and apart, that hold literals which are probably secret. Quotes are not in them.
#[must_use]
pub fn secret_ranges(source: &[u8], suspicion: Suspicion) -> Vec<Range<usize>> {
    let mut scan = Scan {
        source,
        at: 0,
        found: Vec::new(),
        frames: vec![Frame::default()],
        prose: None,
        given: None,
        name: None,
        starts_item: true,
        header: Vec::new(),
        last: 0,
        unclosed: 0,
        suspicion,
    };
    while scan.at < source.len() {
        scan.step();
    }
    scan.found.sort_by_key(|range| (range.start, range.end));
    scan.found.dedup_by(|next, kept| next.start < kept.end && next.end <= kept.end);
    scan.found
}

/// An open bracket, or the file.
#[derive(Default)]
struct Frame {
    close: u8,
    /// Of everything inside.
    secrecy: Secrecy,
    /// What the bracket as a whole is given to.
    given: Option<Given>,
    /// Inside `variable "db_password" {`: its default is secret.
    is_secret_variable: bool,
    /// Beside `name = "DB_PASSWORD"`: the value is secret.
    is_named_secret: bool,
    /// What was given to `value` before it was known for what.
    values: Vec<Range<usize>>,
}

/// What a value is given to.
#[derive(Clone, Copy)]
struct Given {
    secrecy: Secrecy,
    role: Role,
}

/// Names that say something about the values beside them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Name,
    Value,
    Default,
    Other,
}

/// Text that is not configuration: its brackets do not count, and a secret goes to the end of its line.
struct Prose {
    end: usize,
    frames: usize,
    /// What stood before a comment counts after it.
    given: Option<Given>,
    name: Option<Range<usize>>,
}

struct Scan<'s> {
    source: &'s [u8],
    at: usize,
    found: Vec<Range<usize>>,
    frames: Vec<Frame>,
    prose: Option<Prose>,
    /// What the value here is given to.
    given: Option<Given>,
    /// The word or string just before.
    name: Option<Range<usize>>,
    /// Whether nothing of an argument, block or object item was read.
    starts_item: bool,
    /// The words and strings of what may become a block's header.
    header: Vec<Range<usize>>,
    /// The sign that was read last, blanks aside.
    last: u8,
    /// Heredocs without an end so far.
    unclosed: usize,
    suspicion: Suspicion,
}

impl<'s> Scan<'s> {
    fn step(&mut self) {
        if self.prose.as_ref().is_some_and(|prose| self.at >= prose.end) {
            self.leave_prose();
        }
        let (byte, next) = (self.byte(self.at), self.byte(self.at + 1));
        let in_prose = self.prose.is_some();
        match byte {
            b' ' | b'\t' | b'\r' => self.at += 1,
            b'\n' => self.line_end(),
            b'"' => self.string(),
            b'\'' | b'`' if self.secrecy() == Secrecy::Secret => self.wrongly_quoted(byte),
            b'#' if !in_prose => self.enter_prose(self.line_end_after(self.at), 1),
            b'/' if next == b'/' && !in_prose => self.enter_prose(self.line_end_after(self.at), 2),
            b'/' if next == b'*' && !in_prose => self.enter_prose(self.find(b"*/"), 2),
            b'<' if next == b'<' && self.heredoc() => {}
            b'{' | b'[' | b'(' => self.open(byte),
            b'}' | b']' | b')' => self.close(byte),
            b',' => {
                self.at += 1;
                self.next_item();
            }
            b'=' if matches!(next, b'=' | b'>') => self.operator(2),
            b'!' | b'<' | b'>' if next == b'=' => self.operator(2),
            b'=' => self.assign(),
            b':' if self.name.is_some() && self.starts_item => self.assign(),
            b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | 0x80..=0xFF => self.word(),
            _ => self.operator(1),
        }
        if !byte.is_ascii_whitespace() {
            self.last = byte;
        }
    }

    /// What names say about the literal here.
    fn secrecy(&self) -> Secrecy {
        let around = self.frames.last().map_or(Secrecy::Open, |frame| frame.secrecy);
        let Some(given) = self.given else { return around };
        let by_place = self.frames.last().is_some_and(|frame| match given.role {
            Role::Default => frame.is_secret_variable,
            Role::Value => frame.is_named_secret || frame.is_secret_variable,
            Role::Name | Role::Other => false,
        });
        let always = self.suspicion == Suspicion::Always;
        if by_place || always { Secrecy::Secret } else { around.max(given.secrecy) }
    }

    fn hide(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            self.found.push(range);
        }
    }

    fn operator(&mut self, length: usize) {
        self.at += length;
        (self.name, self.starts_item) = (None, false);
    }

    fn next_item(&mut self) {
        (self.given, self.name, self.starts_item) = (None, None, true);
        self.header.clear();
    }

    fn line_end(&mut self) {
        self.at += 1;
        // In JSON a value may stand on the line after its name.
        if self.last == b':' && self.prose.is_none() {
            return;
        }
        let in_value = self.frames.last().is_some_and(|frame| matches!(frame.close, b')' | b']'));
        if self.prose.is_none() && self.begins_top_level_block() {
            // Whatever was left open above, this is not inside it.
            self.frames.truncate(1);
        } else if in_value && self.prose.is_none() {
            return;
        }
        self.next_item();
    }

    fn begins_top_level_block(&self) -> bool {
        const KEYWORDS: [&[u8]; 12] = [
            b"resource ",
            b"data ",
            b"variable ",
            b"output ",
            b"module ",
            b"provider ",
            b"locals {",
            b"terraform {",
            b"moved {",
            b"import {",
            b"check ",
            b"ephemeral ",
        ];
        let rest = self.source.get(self.at..).unwrap_or_default();
        KEYWORDS.iter().any(|keyword| rest.starts_with(keyword))
    }

    fn open(&mut self, byte: u8) {
        let secrecy = if self.calls_sensitive() { Secrecy::Secret } else { self.secrecy() };
        let close = match byte {
            b'{' => b'}',
            b'[' => b']',
            _ => b')',
        };
        let mut words = self.header.iter().filter_map(|range| self.source.get(range.clone()));
        let is_secret_variable = byte == b'{'
            && matches!(words.next(), Some(b"variable" | b"output"))
            && words.any(|label| secrecy_of(label) == Secrecy::Secret);
        let given = self.given;
        self.frames.push(Frame { close, secrecy, given, is_secret_variable, ..Frame::default() });
        self.at += 1;
        self.next_item();
    }

    /// Whether the parenthesis here opens the arguments of `sensitive`.
    fn calls_sensitive(&self) -> bool {
        let name = self.name.clone().filter(|name| name.end == self.at);
        name.and_then(|name| self.source.get(name)).is_some_and(|name| name == b"sensitive")
    }

    fn close(&mut self, byte: u8) {
        self.at += 1;
        (self.name, self.starts_item) = (None, false);
        let least = self.prose.as_ref().map_or(1, |prose| prose.frames);
        if self.frames.len() > least && self.frames.last().is_some_and(|frame| frame.close == byte) {
            self.given = self.frames.pop().and_then(|frame| frame.given);
        }
    }

    fn assign(&mut self) {
        self.at += 1;
        let name = self.name.take().and_then(|name| self.source.get(name)).unwrap_or_default();
        let role = match name {
            b"name" | b"key" => Role::Name,
            b"value" => Role::Value,
            b"default" => Role::Default,
            _ => Role::Other,
        };
        self.given = Some(Given { secrecy: secrecy_of(name), role });
        self.starts_item = false;
        self.header.clear();
        if self.prose.is_some() && self.given.is_some_and(|given| given.secrecy == Secrecy::Secret) {
            self.rest_of_line();
        }
    }

    /// Hides what stands on the line after `PASSWORD=` in a script or comment, unless it is a reference.
    fn rest_of_line(&mut self) {
        let end = self.line_end_after(self.at);
        let text = self.source.get(self.at..end).unwrap_or_default();
        let start = self.at + text.len() - text.trim_ascii_start().len();
        if !matches!(self.byte(start), b'$' | b'%') {
            self.hide(start..start + text.trim_ascii().len());
        }
        self.at = end;
    }

    fn word(&mut self) {
        let start = self.at;
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || byte >= 0x80;
        while is_part(self.byte(self.at)) && self.at < self.source.len() {
            self.at += 1;
        }
        let range = start..self.at;
        let is_step = start > 0 && self.byte(start - 1) == b'.';
        let goes_on = matches!(self.byte(self.at), b'.' | b'[' | b'(' | b':') && !self.starts_item;
        if self.starts_item {
            self.header.push(range.clone());
        } else if self.secrecy() == Secrecy::Secret && !is_step && !goes_on && !is_keyword(self.text(&range)) {
            self.hide(range.clone());
        }
        // Words after the first may be a block's labels, and in scripts the name: `export PASSWORD=x`.
        self.name = Some(range);
    }

    fn text(&self, range: &Range<usize>) -> &'s [u8] {
        self.source.get(range.clone()).unwrap_or_default()
    }

    fn string(&mut self) {
        let content = self.string_content();
        let after = self.source.get(self.at..).unwrap_or_default().trim_ascii_start();
        let is_key =
            self.starts_item && (after.starts_with(b":") || (after.starts_with(b"=") && !after.starts_with(b"==")));
        if is_key {
            self.name = Some(content);
            return;
        }
        let in_body = self.frames.last().is_some_and(|frame| matches!(frame.close, 0 | b'}'));
        if self.starts_item && in_body && !self.header.is_empty() && self.secrecy() != Secrecy::Secret {
            self.header.push(content);
            return;
        }
        self.literal(content);
        (self.name, self.starts_item) = (None, false);
    }

    /// Reads a string to its closing quote or the end of its line; gives what is inside.
    fn string_content(&mut self) -> Range<usize> {
        let start = self.at + 1;
        let mut at = start;
        // Braces of the interpolations around, and whether a string inside them is open.
        let mut open: Vec<usize> = Vec::new();
        let mut in_text = true;
        while at < self.source.len() {
            match (self.byte(at), in_text) {
                (b'\n', _) => break,
                (b'\\', true) => at += 1,
                (b'$' | b'%', true) if self.byte(at + 1) == b'{' => {
                    open.push(0);
                    (in_text, at) = (false, at + 1);
                }
                (b'"', true) if open.is_empty() => {
                    self.at = at + 1;
                    return start..at;
                }
                (b'"', _) => in_text = !in_text,
                (b'{', false) => open.last_mut().into_iter().for_each(|depth| *depth += 1),
                (b'}', false) => match open.last_mut() {
                    Some(0) | None => {
                        open.pop();
                        in_text = true;
                    }
                    Some(depth) => *depth -= 1,
                },
                _ => {}
            }
            at += 1;
        }
        self.at = at.min(self.source.len());
        start.min(self.at)..self.at
    }

    fn literal(&mut self, content: Range<usize>) {
        let text = self.text(&content);
        let is_hidden = match self.secrecy() {
            Secrecy::Secret => !is_reference(text),
            Secrecy::IfRandom => looks_random(text) || holds_private_key(text),
            Secrecy::Open => holds_private_key(text),
        };
        let role = self.given.map_or(Role::Other, |given| given.role);
        if let Some(frame) = self.frames.last_mut() {
            match role {
                Role::Name if secrecy_of(text) == Secrecy::Secret => {
                    frame.is_named_secret = true;
                    self.found.append(&mut frame.values);
                }
                Role::Value if !is_reference(text) => frame.values.push(content.clone()),
                Role::Name | Role::Value | Role::Default | Role::Other => {}
            }
        }
        if is_hidden {
            self.hide(content);
        }
    }

    /// Text in quotes that are none in configuration.
    fn wrongly_quoted(&mut self, quote: u8) {
        let start = self.at + 1;
        let line = self.source.get(start..self.line_end_after(start)).unwrap_or_default();
        let length = memchr::memchr(quote, line).unwrap_or(line.len());
        self.hide(start..start + length);
        self.at = start + length;
        self.operator(1);
    }

    /// Reads a heredoc; false if none begins here.
    fn heredoc(&mut self) -> bool {
        let dash = usize::from(self.byte(self.at + 2) == b'-');
        let beginning = self.source.get(self.at..(self.at + MAX_MARKER).min(self.source.len())).unwrap_or_default();
        let Some(end) = memchr::memchr(b'\n', beginning).map(|found| self.at + found) else { return false };
        let marker = self.source.get(self.at + 2 + dash..end).unwrap_or_default().trim_ascii();
        let is_marker = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || *byte >= 0x80;
        if marker.is_empty() || !marker.iter().all(is_marker) || self.unclosed >= MAX_UNCLOSED {
            return false;
        }
        let secrecy = self.secrecy();
        let mut line = (end + 1).min(self.source.len());
        let body = line;
        let closed = loop {
            if line >= self.source.len() {
                break false;
            }
            let line_end = self.line_end_after(line);
            if self.source.get(line..line_end).is_some_and(|text| text.trim_ascii() == marker) {
                break true;
            }
            line = line_end + 1;
        };
        self.unclosed += usize::from(!closed);
        let line = line.min(self.source.len());
        let text = self.source.get(body..line).unwrap_or_default();
        match (secrecy, closed) {
            (Secrecy::Secret, _) => {
                self.hide(body..line);
                self.at = line;
            }
            // What follows an open one is more likely configuration than text.
            (Secrecy::Open | Secrecy::IfRandom, false) => self.at = body,
            (Secrecy::Open | Secrecy::IfRandom, true) if holds_private_key(text) => {
                self.hide(body..line);
                self.at = line;
            }
            (Secrecy::Open | Secrecy::IfRandom, true) => self.enter_prose(line, body - self.at),
        }
        if closed && self.prose.is_none() {
            self.at = self.line_end_after(self.at);
        }
        true
    }

    /// Goes into text up to `end`, past a sign before it.
    fn enter_prose(&mut self, end: usize, sign: usize) {
        self.at += sign;
        if self.prose.is_none() {
            self.prose = Some(Prose {
                end: end.max(self.at),
                frames: self.frames.len(),
                given: self.given,
                name: self.name.take(),
            });
            self.next_item();
        }
    }

    fn leave_prose(&mut self) {
        let Some(prose) = self.prose.take() else { return };
        self.frames.truncate(prose.frames);
        self.at = prose.end;
        (self.given, self.name, self.starts_item) = (prose.given, prose.name, prose.given.is_none());
        self.header.clear();
    }

    fn byte(&self, at: usize) -> u8 {
        self.source.get(at).copied().unwrap_or(0)
    }

    fn line_end_after(&self, at: usize) -> usize {
        let rest = self.source.get(at..).unwrap_or_default();
        memchr::memchr(b'\n', rest).map_or(self.source.len(), |found| at + found)
    }

    fn find(&self, end: &[u8]) -> usize {
        let rest = self.source.get(self.at..).unwrap_or_default();
        memchr::memmem::find(rest, end).map_or(self.source.len(), |found| self.at + found + end.len())
    }
}

/// Whether a bare word is no literal that somebody forgot the quotes of.
fn is_keyword(word: &[u8]) -> bool {
    let is_number = word.iter().all(u8::is_ascii_digit) && word.len() < 6;
    is_number || matches!(word, b"true" | b"false" | b"null" | b"for" | b"in" | b"if" | b"each" | b"var" | b"local")
}

/// Whether the text is one reference and nothing else: `${var.password}`.
fn is_reference(text: &[u8]) -> bool {
    let inner = text.strip_prefix(b"${").and_then(|rest| rest.strip_suffix(b"}"));
    inner.is_some_and(|inner| !inner.iter().any(|byte| matches!(byte, b'"' | b'{' | b'}')))
}

fn holds_private_key(text: &[u8]) -> bool {
    memchr::memmem::find(text, b"-----BEGIN").is_some() && memchr::memmem::find(text, b"PRIVATE KEY").is_some()
}

#[cfg(test)]
mod tests;
