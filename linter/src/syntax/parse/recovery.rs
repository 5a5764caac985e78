//! Finding the place to go on after an error.

use super::Parser;
use super::bytes::{self, BLANK, CONTINUE, START};

impl Parser<'_, '_> {
    /// Goes past the broken item that began at `start`: to the end of the line on which its brackets are closed,
    /// or to a line that by its indentation and form begins another item, or ends the block around.
    pub(super) fn recover(&mut self, start: usize) {
        let failed_at = self.pos;
        let column = self.column(start);
        // Often a bracket was left open and the line where that shows is the next item.
        let failed_line = (failed_at - self.column(failed_at)).saturating_sub(1);
        let failed_line = if failed_line > start { failed_line } else { failed_at };
        let mut depth = 0usize;
        let mut pos = start;
        while let Some(&byte) = self.src.get(pos) {
            match byte {
                b'\n' => {
                    if pos >= failed_line && self.begins_item(pos + 1, column) {
                        self.pos = pos;
                        return;
                    }
                    if pos >= failed_at && depth == 0 {
                        break;
                    }
                    pos += 1;
                }
                b'"' => pos = self.after_string(pos),
                b'#' => pos = self.line_end_from(pos),
                b'/' if self.src.get(pos + 1) == Some(&b'/') => pos = self.line_end_from(pos),
                b'<' if pos < failed_at => pos = self.after_heredoc(pos, failed_at),
                b'(' | b'[' | b'{' => {
                    depth += 1;
                    pos += 1;
                }
                b')' | b']' | b'}' if depth > 0 => {
                    depth -= 1;
                    pos += 1;
                }
                b'}' if pos >= failed_at => break,
                _ => pos += 1,
            }
        }
        self.pos = pos.max(failed_at).max((start + 1).min(self.src.len()));
    }

    /// How many bytes stand before `pos` on its line; looks back a bounded way.
    fn column(&self, pos: usize) -> usize {
        const FAR_ENOUGH: usize = 256;
        let before = self.slice(pos.saturating_sub(FAR_ENOUGH), pos);
        memchr::memrchr(b'\n', before).map_or(before.len(), |at| before.len() - at - 1)
    }

    fn line_end_from(&self, pos: usize) -> usize {
        memchr::memchr(b'\n', self.src.get(pos..).unwrap_or_default()).map_or(self.src.len(), |at| pos + at)
    }

    /// One past the string's closing quote, or the end of its line.
    fn after_string(&self, pos: usize) -> usize {
        let mut at = pos + 1;
        while let Some(&byte) = self.src.get(at) {
            match byte {
                b'"' => return at + 1,
                b'\n' => return at,
                b'\\' if self.src.get(at + 1) != Some(&b'\n') => at += 2,
                _ => at += 1,
            }
        }
        self.src.len()
    }

    /// One past a heredoc that ends before `limit`, otherwise past the byte.
    fn after_heredoc(&mut self, pos: usize, limit: usize) -> usize {
        let Some(start) = self.heredoc_start(pos) else { return pos + 1 };
        let mut line = start.body;
        while line < limit {
            let end = self.line_end_from(line);
            if start.is_ended_by(self.slice(line, end), self.src) {
                return end;
            }
            line = end + 1;
        }
        limit
    }

    /// Whether the line beginning at `pos` looks like another item, or closes the block that an item at `column` is in.
    fn begins_item(&self, pos: usize, column: usize) -> bool {
        let rest = self.src.get(pos..).unwrap_or_default();
        let indent = rest.iter().take(column + 1).take_while(|&&byte| bytes::is(byte, BLANK)).count();
        let Some(&first) = rest.get(indent) else { return false };
        if first == b'}' {
            return indent < column;
        }
        if indent > column || !bytes::is(first, START) {
            return false;
        }
        const FAR_ENOUGH: usize = 256;
        let line = rest.get(indent..).unwrap_or_default().iter().take(FAR_ENOUGH);
        let after = line.skip_while(|&&byte| bytes::is(byte, CONTINUE)).find(|&&byte| !bytes::is(byte, BLANK));
        matches!(after, Some(b'=' | b'{' | b'"'))
    }
}
