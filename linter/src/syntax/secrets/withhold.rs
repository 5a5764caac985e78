//! Messages without the secrets they would quote.

use std::borrow::Cow;
use std::ops::Range;

use super::{Suspicion, secret_ranges};
use crate::diagnostic::Diagnostic;
use crate::source::{SourceFile, Span};

/// What stands for sensitive text, whatever its length.
const MASK: &str = "********";
/// Shorter secrets are not looked for: they would be found in every message.
const LEAST: usize = 3;
/// So much of a secret is recognised where a message cuts it short.
const BEGINNING: usize = 8;

/// The message about a place in a file, with what the file has of secrets on the lines of the place masked.
#[must_use]
pub fn withheld<'t>(message: &'t str, file: &SourceFile, place: Span, suspicion: Suspicion) -> Cow<'t, str> {
    let owned;
    let ranges = match suspicion {
        Suspicion::ByName => file.secrets(|bytes| secret_ranges(bytes, Suspicion::ByName)),
        Suspicion::Always => {
            owned = secret_ranges(&file.bytes, Suspicion::Always);
            &owned
        }
    };
    masked(message, &file.bytes, &near(&file.bytes, ranges, place))
}

/// The same for everything that the diagnostics of a file say.
pub(in crate::syntax) fn withhold(diagnostics: &mut [Diagnostic], source: &[u8], suspicion: Suspicion) {
    if diagnostics.is_empty() {
        return;
    }
    let ranges = secret_ranges(source, suspicion);
    for diagnostic in diagnostics {
        let Some(span) = diagnostic.span else { continue };
        let near = near(source, &ranges, span);
        diagnostic.message = masked(&diagnostic.message, source, &near).into_owned();
        diagnostic.help = diagnostic.help.take().map(|help| masked(&help, source, &near).into_owned());
        for label in &mut diagnostic.labels {
            label.message = masked(&label.message, source, &near).into_owned();
        }
    }
}

/// The ranges on the lines of a place.
fn near(source: &[u8], ranges: &[Range<usize>], place: Span) -> Vec<Range<usize>> {
    let lines = lines_of(source, place);
    ranges.iter().filter(|range| range.start <= lines.end && lines.start <= range.end).cloned().collect()
}

/// The place with the rest of its first and last line.
fn lines_of(source: &[u8], place: Span) -> Range<usize> {
    let (start, end) = ((place.start as usize).min(source.len()), (place.end as usize).min(source.len()));
    let before = source.get(..start).unwrap_or_default();
    let after = source.get(end..).unwrap_or_default();
    let first = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    first..memchr::memchr(b'\n', after).map_or(source.len(), |at| end + at)
}

fn masked<'t>(message: &'t str, source: &[u8], secrets: &[Range<usize>]) -> Cow<'t, str> {
    let mut shown = Cow::Borrowed(message);
    for range in secrets {
        let text = String::from_utf8_lossy(source.get(range.clone()).unwrap_or_default());
        for line in text.lines() {
            mask(&mut shown, line.trim());
            let escaped = line.trim().escape_debug().to_string();
            if escaped != line.trim() {
                mask(&mut shown, &escaped);
            }
        }
    }
    shown
}

/// Masks the text wherever it begins to stand.
fn mask(shown: &mut Cow<'_, str>, secret: &str) {
    let beginning = secret.char_indices().nth(BEGINNING).map_or(secret, |(at, _)| secret.get(..at).unwrap_or(secret));
    if beginning.chars().count() < LEAST {
        return;
    }
    let mut from = 0;
    while let Some(found) = shown.get(from..).and_then(|rest| rest.find(beginning)) {
        let start = from + found;
        let same = shown.get(start..).unwrap_or("").chars().zip(secret.chars()).take_while(|(a, b)| a == b);
        let length: usize = same.map(|(ch, _)| ch.len_utf8()).sum();
        shown.to_mut().replace_range(start..start + length, MASK);
        from = start + MASK.len();
    }
}
