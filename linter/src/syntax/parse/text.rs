//! Literal text: escapes, and showing foreign text in messages.

use std::borrow::Cow;

use super::{Failed, Parser};

/// How escapes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escapes {
    /// Inside quotes: backslash, `$${`, `%%{`.
    Quoted,
    /// In heredocs and template files: `$${` and `%%{` alone.
    Bare,
}

impl<'s> Parser<'s, '_> {
    /// The text between two positions with its escapes resolved; `None` when it is the source as it stands.
    pub(super) fn unescape(&mut self, start: usize, end: usize, escapes: Escapes) -> Result<Option<String>, Failed> {
        let text = self.checked_text(start, end)?;
        let text: &str = match &text {
            Cow::Borrowed(text) => text,
            // Escapes in such a text are left alone: their places could no longer be told.
            Cow::Owned(text) => return Ok(Some(text.clone())),
        };
        let escaped = match escapes {
            Escapes::Quoted => memchr::memchr(b'\\', text.as_bytes()).is_some(),
            Escapes::Bare => false,
        };
        if !escaped && !has_doubled_marker(text.as_bytes()) {
            return Ok(None);
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(['\\', '$', '%']) {
            let (plain, tail) = rest.split_at(at);
            out.push_str(plain);
            let taken = if tail.starts_with("$${") || tail.starts_with("%%{") {
                out.extend(tail.chars().next());
                out.push('{');
                3
            } else if escapes == Escapes::Quoted && tail.starts_with('\\') {
                self.escape(start + text.len() - tail.len(), tail, &mut out)
            } else {
                out.extend(tail.chars().next());
                1
            };
            rest = tail.get(taken..).unwrap_or("");
        }
        out.push_str(rest);
        Ok(Some(out))
    }

    /// Resolves one backslash escape at the beginning of `tail`; gives its length.
    fn escape(&mut self, at: usize, tail: &str, out: &mut String) -> usize {
        let plain = match tail.as_bytes().get(1) {
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'u') => return self.code_point(at, tail, 4, out),
            Some(b'U') => return self.code_point(at, tail, 8, out),
            _ => {
                let len = 1 + tail.get(1..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
                let shown = tail.get(..len).unwrap_or("\\");
                let message = format!("`{}` is not an escape sequence", shown.escape_debug());
                let help = "Known are \\n \\r \\t \\\" \\\\ \\uXXXX \\UXXXXXXXX; a backslash itself is written \\\\.";
                self.out.report(at, at + len, message, help);
                out.push_str(shown);
                return len;
            }
        };
        out.push(plain);
        2
    }

    fn code_point(&mut self, at: usize, tail: &str, digits: usize, out: &mut String) -> usize {
        let code = tail.get(2..2 + digits).filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let Some(code) = code else {
            let message = format!("`{}` needs {digits} hexadecimal digits", tail.get(..2).unwrap_or(""));
            self.out.report(at, at + 2, message, "Write for example \\u00e9, or \\\\ for a backslash itself.");
            return 2;
        };
        match u32::from_str_radix(code, 16).ok().and_then(char::from_u32) {
            Some(ch) => out.push(ch),
            None => {
                let message = format!("There is no character with the number {code}");
                let help = "Characters beyond \\uffff are written with eight digits: \\U0001f600.";
                self.out.report(at, at + 2 + digits, message, help);
            }
        }
        2 + digits
    }

    /// The text between two positions. Fails when it is not UTF-8. Terraform lets surrogates and overlong
    /// sequences pass; they become replacement characters.
    fn checked_text(&mut self, start: usize, end: usize) -> Result<Cow<'s, str>, Failed> {
        let bytes = self.slice(start, end);
        std::str::from_utf8(bytes).map(Cow::Borrowed).or_else(|error| {
            if is_loose_utf8(bytes) {
                return Ok(Cow::Owned(String::from_utf8_lossy(bytes).into_owned()));
            }
            let at = start + error.valid_up_to();
            let message = format!("The byte 0x{:02x} here is not UTF-8", self.src.get(at).copied().unwrap_or(0));
            Err(self.fail(at, at + 1, message, "Save the file as UTF-8; other encodings are fine in comments only."))
        })
    }
}

/// Whether each leading byte has its number of continuing bytes, whatever they encode.
fn is_loose_utf8(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some((&first, tail)) = rest.split_first() {
        let more = match first {
            0x00..=0x7F => 0,
            0xC0..=0xDF => 1,
            0xE0..=0xEF => 2,
            0xF0..=0xF7 => 3,
            _ => return false,
        };
        match tail.split_at_checked(more) {
            Some((continued, tail)) if continued.iter().all(|byte| byte & 0xC0 == 0x80) => rest = tail,
            _ => return false,
        }
    }
    true
}

/// Whether `$${` or `%%{` may be there.
fn has_doubled_marker(text: &[u8]) -> bool {
    memchr::memchr_iter(b'{', text).any(|at| at >= 2 && matches!(text.get(at - 2..at), Some(b"$$" | b"%%")))
}

/// A text cut to a length that fits a message.
pub(in crate::syntax) fn shorten(text: &str) -> String {
    const LIMIT: usize = 40;
    if text.chars().count() <= LIMIT {
        return text.to_owned();
    }
    text.chars().take(LIMIT - 1).chain(['…']).collect()
}
