//! Lines of source around a finding, safe to show: masked, made visible, bounded.

use super::visible::{command_starts, push_visible, visible_line};
use crate::source::{Location, SourceFile, SourceMap, Span};
use crate::syntax::{Suspicion, holds_values, secret_ranges};

/// Bytes of a line that are shown before and after the place; minified files have lines of megabytes.
const MAX_BEFORE: usize = 120;
const MAX_AFTER: usize = 200;
/// A place that covers more lines is shown by its first.
const MAX_LINES: u32 = 6;
/// What stands for sensitive text, whatever its length.
const MASK: &str = "********";

/// Lines of one file with marked places in them.
#[derive(Debug, Default)]
pub(super) struct Excerpt {
    /// Path of the file, safe to show.
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "only the terminal shows it"))]
    pub(super) name: String,
    /// The lines, with line feeds; not all of them are neighbours.
    pub(super) text: String,
    /// The lines of `text`, in order.
    pub(super) lines: Vec<ExcerptLine>,
    /// The marked places, in the order asked for.
    pub(super) marks: Vec<Mark>,
}

/// A line of an [`Excerpt`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ExcerptLine {
    /// Its number in the file, from 1.
    pub(super) number: u32,
    /// Where it begins in the text.
    pub(super) start: usize,
    /// Where it ends in the text, line feed included.
    pub(super) end: usize,
}

/// A marked place in an [`Excerpt`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// First byte in the text.
    pub(super) start: usize,
    /// One past the last byte in the text.
    pub(super) end: usize,
    /// Line in the file, from 1.
    pub(super) line: u32,
    /// Column in the file, from 1.
    pub(super) column: u32,
}

impl Excerpt {
    /// The lines of these places, all of one file, with `context` lines around each and the `sensitive` places masked, as is
    /// what is given to a name that secrets have; `None` if the file is not in the map.
    pub(super) fn of(sources: &SourceMap, places: &[Span], context: u32, sensitive: &[Span]) -> Option<Self> {
        let first = places.first()?;
        let file = sources.file(first.file)?;
        // The neighbours in a file of values are other values, perhaps of variables that nothing says are secret.
        let context = if holds_values(&file.display_path()) { 0 } else { context };
        let mut lines: Vec<Line> = Vec::new();
        let mut clipped: Vec<(Span, Location)> = Vec::new();
        for &place in places.iter().filter(|place| place.file == first.file) {
            let at = sources.location(place)?;
            let (around, shown) = lines_of(&file, place, &at, context);
            lines.extend(around);
            clipped.push((shown, at));
        }
        lines.sort_by_key(|line| (line.number, line.start));
        lines.dedup_by(|next, kept| next.number == kept.number && kept.widen(*next));
        let is_near = |span: &Span| {
            let touches = |line: &Line| span.start <= line.end as u32 && line.start as u32 <= span.end;
            span.file == first.file && lines.iter().any(touches)
        };
        let hidden = sensitive.iter().copied().filter(is_near).map(|span| without_name(&file.bytes, span));
        let by_name = file.secrets(|bytes| secret_ranges(bytes, Suspicion::ByName)).iter();
        let by_name = by_name.map(|range| Span::new(first.file, range.start as u32, range.end as u32));
        let hidden: Vec<Span> = hidden.chain(by_name.filter(is_near)).collect();
        let mut excerpt = Self { name: visible_line(&file.display_path()).into_owned(), ..Self::default() };
        let mut borders = Vec::new();
        for line in &lines {
            excerpt.push_line(&file, *line, &hidden, &mut borders);
        }
        excerpt.marks = clipped.iter().map(|(place, at)| mark(*place, at, &borders)).collect();
        Some(excerpt)
    }

    /// Appends a line and notes where its characters went.
    fn push_line(&mut self, file: &SourceFile, line: Line, hidden: &[Span], borders: &mut Vec<Border>) {
        let start = self.text.len();
        let bytes = file.bytes.get(line.start..line.end).unwrap_or_default();
        if line.start > 0 && file.bytes.get(line.start - 1) != Some(&b'\n') {
            self.text.push('…');
        }
        let mut byte = line.start as u32;
        let hidden: Vec<&Span> = hidden.iter().filter(|span| span.start < line.end as u32 && byte < span.end).collect();
        let mut mask_start = None;
        let line_text = String::from_utf8_lossy(bytes.strip_suffix(b"\r").unwrap_or(bytes));
        let commands = command_starts(&line_text);
        for (offset, ch) in line_text.char_indices() {
            let at = self.text.len();
            borders.push(Border { byte, low: mask_start.unwrap_or(at), high: at });
            if hidden.iter().any(|span| span.start <= byte && byte < span.end) {
                if mask_start.is_none() {
                    mask_start = Some(at);
                    self.text.push_str(MASK);
                }
            } else {
                if let Some(border) = borders.last_mut().filter(|_| mask_start.take().is_some()) {
                    border.low = at;
                }
                match ch {
                    '\t' => self.text.push_str("  "),
                    _ if commands.binary_search(&offset).is_ok() => self.text.extend(ch.escape_unicode()),
                    _ => push_visible(&mut self.text, ch),
                }
            }
            byte += ch.len_utf8() as u32;
        }
        borders.push(Border { byte, low: self.text.len(), high: self.text.len() });
        if file.bytes.get(line.end).is_some_and(|&byte| byte != b'\n') {
            self.text.push('…');
        }
        self.text.push('\n');
        self.lines.push(ExcerptLine { number: line.number, start, end: self.text.len() });
    }
}

/// Where a character of the file stands in the text. Inside a mask `low` is its beginning and `high` its end.
struct Border {
    byte: u32,
    low: usize,
    high: usize,
}

fn mark(place: Span, at: &Location, borders: &[Border]) -> Mark {
    let before = borders.partition_point(|border| border.byte <= place.start);
    let start = before.checked_sub(1).and_then(|idx| borders.get(idx)).map_or(0, |border| border.low);
    let after = borders.partition_point(|border| border.byte < place.end);
    let end = borders.get(after).or(borders.last()).map_or(start, |border| border.high);
    Mark { start, end: end.max(start), line: at.start.line, column: at.start.column }
}

/// A place that covers an attribute, without the name of the attribute: `name =` or `"name":`.
fn without_name(bytes: &[u8], place: Span) -> Span {
    let text = bytes.get(place.start as usize..place.end as usize).unwrap_or_default();
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || !byte.is_ascii();
    let quoted = text.strip_prefix(b"\"");
    let name = quoted.unwrap_or(text).iter().take_while(|byte| is_name(byte)).count();
    let signs: &[u8] = if quoted.is_some() { b"\":" } else { b"=" };
    let mut at = name + usize::from(quoted.is_some());
    for (idx, sign) in signs.iter().enumerate() {
        if idx + 1 == signs.len() {
            at += text.get(at..).unwrap_or_default().iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        }
        if name == 0 || text.get(at) != Some(sign) {
            return place;
        }
        at += 1;
    }
    at += text.get(at..).unwrap_or_default().iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    Span { start: place.start + at as u32, ..place }
}

/// A line of the file, or a cut of a long one; the line feed is not in it.
#[derive(Clone, Copy, Debug)]
struct Line {
    number: u32,
    start: usize,
    end: usize,
}

impl Line {
    /// Takes in another cut of the same line, unless the gap is long; always true, for `dedup_by`.
    fn widen(&mut self, other: Self) -> bool {
        let (start, end) = (self.start.min(other.start), self.end.max(other.end));
        if end - start <= 2 * (MAX_BEFORE + MAX_AFTER) {
            (self.start, self.end) = (start, end);
        }
        true
    }
}

/// The lines a place covers with `context` lines around, and the place cut to its first line if it is long.
fn lines_of(file: &SourceFile, span: Span, at: &Location, context: u32) -> (Vec<Line>, Span) {
    let bytes = &file.bytes;
    let first = line_around(bytes, span.start as usize, at.start.line);
    let mut lines = vec![first];
    if at.end.line.saturating_sub(at.start.line) < MAX_LINES {
        for number in at.start.line + 1..=at.end.line {
            let Some(next) = line_after(bytes, lines.last().copied(), number) else { break };
            // A place that ends with a line feed does not cover the line after it.
            if next.start >= span.end as usize {
                break;
            }
            lines.push(next);
        }
    }
    let shown_end = lines.last().map_or(span.end, |last| span.end.min(last.end as u32));
    let span = Span { end: shown_end.max(span.start), ..span };
    for _ in 0..context {
        let (head, tail) = (lines.first().copied(), lines.last().copied());
        if let Some(before) = line_before(bytes, head) {
            lines.insert(0, before);
        }
        if let Some(number) = tail.map(|tail| tail.number + 1)
            && let Some(after) = line_after(bytes, tail, number)
        {
            lines.push(after);
        }
    }
    (lines, span)
}

/// The line that `at` is in, cut to [`MAX_BEFORE`] and [`MAX_AFTER`] bytes.
fn line_around(bytes: &[u8], at: usize, number: u32) -> Line {
    let at = at.min(bytes.len());
    let low = at.saturating_sub(MAX_BEFORE);
    let high = (at + MAX_AFTER).min(bytes.len());
    let start = memchr::memrchr(b'\n', bytes.get(low..at).unwrap_or_default()).map_or(low, |found| low + found + 1);
    let end = memchr::memchr(b'\n', bytes.get(at..high).unwrap_or_default()).map_or(high, |found| at + found);
    Line { number, start: boundary(bytes, start), end: boundary(bytes, end) }
}

fn line_before(bytes: &[u8], line: Option<Line>) -> Option<Line> {
    let line = line?;
    let feed = line.start.checked_sub(1)?;
    (bytes.get(feed) == Some(&b'\n')).then(|| {
        let low = feed.saturating_sub(MAX_AFTER);
        let start = memchr::memrchr(b'\n', bytes.get(low..feed).unwrap_or_default()).map_or(low, |at| low + at + 1);
        Line { number: line.number.saturating_sub(1), start: boundary(bytes, start), end: feed }
    })
}

fn line_after(bytes: &[u8], line: Option<Line>, number: u32) -> Option<Line> {
    let line = line?;
    let start = line.end + 1;
    (bytes.get(line.end) == Some(&b'\n') && start < bytes.len()).then(|| line_around(bytes, start, number))
}

/// The next offset at which a character begins.
fn boundary(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|byte| byte & 0xC0 == 0x80) {
        at += 1;
    }
    at
}

#[cfg(all(test, feature = "cli"))]
mod tests;
