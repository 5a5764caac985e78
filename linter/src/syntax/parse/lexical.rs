//! Blanks, comments, identifiers, numbers.

use super::bytes::{self, BLANK, CONTINUE, SPACE, START};
use super::{Failed, Newlines, Parsed, Parser};
use crate::syntax::tree::NodeKind;

impl<'s> Parser<'s, '_> {
    /// The byte at the position; 0 at the end, see [`Parser::at_end`].
    pub(super) fn peek(&self) -> u8 {
        self.src.get(self.pos).copied().unwrap_or(0)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> u8 {
        self.src.get(self.pos + ahead).copied().unwrap_or(0)
    }

    pub(super) fn at_end(&self) -> bool {
        self.pos >= self.src.len()
    }

    pub(super) fn looking_at(&self, text: &[u8]) -> bool {
        self.src.get(self.pos..).is_some_and(|rest| rest.starts_with(text))
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'s [u8] {
        self.src.get(start..end).unwrap_or_default()
    }

    /// At a line end, `\n` or `\r\n`.
    pub(super) fn at_newline(&self) -> bool {
        match self.peek() {
            b'\n' => true,
            b'\r' => self.peek_at(1) == b'\n',
            _ => false,
        }
    }

    /// One past the character that begins at `pos`, for pointing at it.
    pub(super) fn char_end(&self, pos: usize) -> usize {
        let mut end = (pos + 1).min(self.src.len());
        while end < self.src.len() && self.src.get(end).is_some_and(|&byte| byte & 0xC0 == 0x80) {
            end += 1;
        }
        end.max(pos.min(self.src.len()))
    }

    /// Passes blanks and comments, and line ends where they do not matter.
    #[inline]
    pub(super) fn skip_space(&mut self) {
        if bytes::is(self.peek(), SPACE) {
            self.skip_some_space(self.newlines);
        }
    }

    /// Passes blanks, comments and line ends.
    #[inline]
    pub(super) fn skip_lines(&mut self) {
        if bytes::is(self.peek(), SPACE) {
            self.skip_some_space(Newlines::Ignored);
        }
    }

    fn skip_some_space(&mut self, newlines: Newlines) {
        loop {
            self.skip_run(newlines);
            match self.peek() {
                b'#' => self.line_comment(),
                b'/' => match self.peek_at(1) {
                    b'/' => self.line_comment(),
                    b'*' => self.block_comment(),
                    _ => return,
                },
                _ => return,
            }
        }
    }

    /// Passes a run of blanks, and of line ends where they do not matter.
    #[inline]
    fn skip_run(&mut self, newlines: Newlines) {
        let rest = self.src.get(self.pos..).unwrap_or_default();
        let is_space = |byte: u8| match newlines {
            Newlines::Matter => bytes::is(byte, BLANK),
            Newlines::Ignored => bytes::is(byte, BLANK) || byte == b'\n',
        };
        let mut len = rest.iter().position(|&byte| !is_space(byte)).unwrap_or(rest.len());
        while newlines == Newlines::Ignored && rest.get(len) == Some(&b'\r') && rest.get(len + 1) == Some(&b'\n') {
            let tail = rest.get(len + 2..).unwrap_or_default();
            len += 2 + tail.iter().position(|&byte| !is_space(byte)).unwrap_or(tail.len());
        }
        self.pos += len;
    }

    fn line_comment(&mut self) {
        let start = self.pos;
        let rest = self.src.get(start..).unwrap_or_default();
        let line_end = memchr::memchr(b'\n', rest).map_or(self.src.len(), |at| start + at);
        let mut end = line_end;
        if end < self.src.len() && self.src.get(end - 1) == Some(&b'\r') {
            end -= 1;
        }
        self.out.comment(start, end);
        self.pos = end;
    }

    fn block_comment(&mut self) {
        let start = self.pos;
        let rest = self.src.get(start + 2..).unwrap_or_default();
        if let Some(at) = memchr::memmem::find(rest, b"*/") {
            self.pos = start + 2 + at + 2;
        } else {
            self.out.report(
                start,
                start + 2,
                "This comment is never closed",
                "Add `*/` where it ends. Everything after this place was taken as comment.",
            );
            self.pos = self.src.len();
        }
        self.out.comment(start, self.pos);
    }

    pub(super) fn at_identifier(&self) -> bool {
        let byte = self.peek();
        bytes::is(byte, START) && (byte.is_ascii() || self.wide_char().is_some_and(is_wide_start))
    }

    /// The character beyond ASCII at the position.
    fn wide_char(&self) -> Option<char> {
        let rest = self.src.get(self.pos..(self.pos + 4).min(self.src.len()))?;
        let text = match std::str::from_utf8(rest) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(rest.get(..error.valid_up_to())?).ok()?,
        };
        text.chars().next()
    }

    /// Passes an identifier, if one is here, and gives its range.
    #[inline]
    pub(super) fn identifier(&mut self) -> Option<(usize, usize)> {
        if !self.at_identifier() {
            return None;
        }
        let start = self.pos;
        loop {
            let byte = self.peek();
            if !bytes::is(byte, CONTINUE) {
                break;
            }
            if byte.is_ascii() {
                self.pos += 1;
            } else {
                match self.wide_char() {
                    Some(ch) if is_wide_continue(ch) => self.pos += ch.len_utf8(),
                    _ => break,
                }
            }
        }
        (self.pos > start).then_some((start, self.pos))
    }

    /// Whether exactly this word stands here.
    pub(super) fn at_keyword(&self, word: &[u8]) -> bool {
        self.looking_at(word) && !bytes::is(self.peek_at(word.len()), CONTINUE)
    }

    /// A number. Its digits are kept as written.
    pub(super) fn number(&mut self) -> Parsed {
        let start = self.pos;
        self.number_token();
        let digits = self.slice(start, self.pos);
        if !is_number(digits) {
            return Err(self.bad_number(start));
        }
        self.height = 1;
        Ok(self.out.add_slice(NodeKind::Number, self.src, (start, self.pos), (start, self.pos)))
    }

    fn bad_number(&mut self, start: usize) -> Failed {
        let text = String::from_utf8_lossy(self.slice(start, self.pos)).into_owned();
        let help = if text.matches('.').count() > 1 {
            "Addresses and versions are text: put quotes around it."
        } else {
            "Write digits, at most one point, and perhaps an exponent such as e3."
        };
        self.fail(start, self.pos, format!("`{}` is not a number", super::text::shorten(&text)), help)
    }

    /// Passes the longest run that looks like a number: digits, points and exponents, not ending in a point.
    pub(super) fn number_token(&mut self) {
        let mut end = self.pos;
        let mut at = self.pos;
        while let Some(&byte) = self.src.get(at) {
            match byte {
                b'0'..=b'9' => {
                    at += 1;
                    end = at;
                }
                b'.' => at += 1,
                b'e' | b'E' => {
                    let signed = matches!(self.src.get(at + 1), Some(b'+' | b'-'));
                    let digit = at + 1 + usize::from(signed);
                    if !self.src.get(digit).is_some_and(u8::is_ascii_digit) {
                        break;
                    }
                    at = digit + 1;
                    end = at;
                }
                _ => break,
            }
        }
        self.pos = end;
    }
}

/// Whether the character has the property `ID_Start`, which is `XID_Start` and a few more.
fn is_wide_start(ch: char) -> bool {
    unicode_ident::is_xid_start(ch)
        || is_outside_xid(ch)
        || matches!(ch, '\u{e33}' | '\u{eb3}' | '\u{ff9e}' | '\u{ff9f}')
}

/// Whether the character has the property `ID_Continue`, without the joiners that were added to it later.
fn is_wide_continue(ch: char) -> bool {
    let joiner = matches!(ch, '\u{200c}' | '\u{200d}' | '\u{30fb}' | '\u{ff65}');
    !joiner && (unicode_ident::is_xid_continue(ch) || is_outside_xid(ch))
}

/// Characters of `ID_Start` and `ID_Continue` that are not in the XID properties, because normalisation breaks them up.
fn is_outside_xid(ch: char) -> bool {
    matches!(ch, '\u{37a}' | '\u{309b}'..='\u{309c}' | '\u{fc5e}'..='\u{fc63}' | '\u{fdfa}'..='\u{fdfb}')
        || (matches!(ch, '\u{fe70}'..='\u{fe7e}') && (u32::from(ch) % 2 == 0))
}

/// Largest exponent of ten that Terraform's numbers take.
const MAX_EXPONENT: u64 = 2_147_483_000;

/// Whether the digits are one number: at most one point, at most one exponent after it, of a size that can be held.
pub(in crate::syntax) fn is_number(digits: &[u8]) -> bool {
    let exponent = digits.iter().position(|byte| matches!(byte, b'e' | b'E'));
    let (mantissa, exponent) = match exponent {
        Some(at) => (digits.get(..at).unwrap_or_default(), digits.get(at + 1..)),
        None => (digits, None),
    };
    let one_point = mantissa.iter().filter(|&&byte| byte == b'.').count() <= 1;
    let plain = mantissa.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    one_point && plain && exponent.is_none_or(is_exponent)
}

fn is_exponent(digits: &[u8]) -> bool {
    let digits = match digits {
        [b'+' | b'-', rest @ ..] => rest,
        _ => digits,
    };
    let size = digits.iter().try_fold(0u64, |size, byte| {
        byte.is_ascii_digit().then(|| (size * 10 + u64::from(byte - b'0')).min(MAX_EXPONENT + 1))
    });
    !digits.is_empty() && size.is_some_and(|size| size <= MAX_EXPONENT)
}
