//! Heredocs: `<<NAME` and `<<-NAME`, their end, and the removal of indentation.

use super::template::{Piece, Text};
use super::{Parsed, Parser};

/// How a heredoc begins.
#[derive(Clone, Copy)]
pub(super) struct HeredocStart {
    /// Whether common indentation is removed (`<<-`).
    flush: bool,
    marker: (usize, usize),
    /// Where the first line begins.
    pub(super) body: usize,
}

impl HeredocStart {
    /// Whether this line ends the heredoc.
    pub(super) fn is_ended_by(self, line: &[u8], src: &[u8]) -> bool {
        src.get(self.marker.0..self.marker.1) == Some(trim_space(line))
    }
}

impl Parser<'_, '_> {
    /// The beginning of a heredoc, if one is at `pos`.
    pub(super) fn heredoc_start(&mut self, pos: usize) -> Option<HeredocStart> {
        if !self.slice(pos, pos + 2).starts_with(b"<<") {
            return None;
        }
        let flush = self.src.get(pos + 2) == Some(&b'-');
        let saved = std::mem::replace(&mut self.pos, pos + 2 + usize::from(flush));
        let marker = self.identifier();
        let at_newline = self.at_newline();
        let body = self.pos + if self.peek() == b'\r' { 2 } else { 1 };
        self.pos = saved;
        marker.filter(|_| at_newline).map(|marker| HeredocStart { flush, marker, body })
    }

    pub(super) fn heredoc(&mut self) -> Parsed {
        let open = self.pos;
        let Some(start) = self.heredoc_start(open) else { return Err(super::Failed) };
        let marker = self.slice(start.marker.0, start.marker.1);
        let mark = self.pieces.len();
        let mut height = 0;
        let mut trim = false;
        let mut line_start = true;
        self.pos = start.body;
        let inner_end = loop {
            let rest = self.src.get(self.pos..).unwrap_or_default();
            let Some(len) = memchr::memchr(b'\n', rest) else {
                return Err(self.unclosed_heredoc(open, start));
            };
            let line_end = self.pos + len;
            if line_start && trim_space(self.slice(self.pos, line_end)) == marker {
                let begin = self.pos;
                let ended_cr = self.src.get(line_end - 1) == Some(&b'\r');
                self.pos = line_end - usize::from(ended_cr);
                break begin;
            }
            if let Some(at) = bare_return(self.slice(self.pos, line_end + 1)) {
                let at = self.pos + at;
                let help = "Lines end with a line feed, or with a carriage return and a line feed.";
                return Err(self.fail(at, at + 1, "A carriage return alone cannot stand in a heredoc", help));
            }
            line_start = self.line_text(line_end + 1, trim)?;
            trim = false;
            if !line_start {
                trim = self.sequence()?;
                height = height.max(self.height);
            }
        };
        if start.flush {
            self.remove_indentation(mark);
        }
        self.height = height;
        self.assemble(mark, (open, self.pos), (start.body, inner_end))
    }

    fn unclosed_heredoc(&mut self, open: usize, start: HeredocStart) -> super::Failed {
        self.pos = self.src.len();
        // The marker is not said: in a file of values it may be a secret that lacks its quotes.
        let message = "This heredoc has no end: no line holds its marker and nothing else";
        let help = "Put the marker alone on a line of its own, with a line end after it.";
        self.fail(open, start.marker.1, message, help)
    }

    /// Takes as many blanks from each line as the line with the fewest has. Lines of blanks alone neither count nor change.
    fn remove_indentation(&mut self, mark: usize) {
        let mut fewest = usize::MAX;
        let mut at_line_start = true;
        let mut adjust = Vec::new();
        for (idx, piece) in self.pieces.iter().enumerate().skip(mark) {
            let Piece::Text(text) = piece else {
                if at_line_start {
                    fewest = 0;
                }
                at_line_start = false;
                continue;
            };
            let value = self.text_value(text);
            let ends_line = value.ends_with('\n');
            if at_line_start {
                let content = value.trim_start();
                if !content.is_empty() || !ends_line {
                    let blanks = value.get(..value.len() - content.len()).unwrap_or("");
                    fewest = fewest.min(blanks.chars().count());
                    adjust.push(idx);
                }
            }
            at_line_start = ends_line;
        }
        if fewest == 0 {
            return;
        }
        for idx in adjust {
            let Some(Piece::Text(text)) = self.pieces.get(idx) else { continue };
            let value = self.text_value(text);
            let kept = value.char_indices().nth(fewest).map_or("", |(at, _)| value.get(at..).unwrap_or(""));
            let cut = value.len() - kept.len();
            let owned = text.owned.is_some().then(|| kept.to_owned());
            if let Some(Piece::Text(text)) = self.pieces.get_mut(idx) {
                text.start += if owned.is_some() { 0 } else { cut };
                text.owned = owned;
            }
        }
    }

    fn text_value<'t>(&'t self, text: &'t Text) -> &'t str {
        match &text.owned {
            Some(owned) => owned,
            None => std::str::from_utf8(self.slice(text.start, text.end)).unwrap_or(""),
        }
    }
}

/// Where in a line a carriage return stands that is not part of its end.
pub(super) fn bare_return(line: &[u8]) -> Option<usize> {
    let at = memchr::memchr(b'\r', line)?;
    (line.get(at + 1) != Some(&b'\n')).then_some(at)
}

/// The bytes without blanks at both ends, those beyond ASCII included.
fn trim_space(bytes: &[u8]) -> &[u8] {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.trim().as_bytes(),
        Err(_) => bytes.trim_ascii(),
    }
}
