//! Text of users made safe to show: what would steer a terminal, break a line or hide is written out.

use std::borrow::Cow;

/// The text with control characters, direction overrides and invisible characters written as `\u{202e}`.
/// Line feeds and tabs stay.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().any(|ch| is_hidden(ch) && !is_layout(ch)) {
        Cow::Owned(text.chars().fold(String::with_capacity(text.len() + 16), |mut shown, ch| {
            if is_layout(ch) {
                shown.push(ch)
            } else {
                push_visible(&mut shown, ch)
            }
            shown
        }))
    } else {
        Cow::Borrowed(text)
    }
}

/// The same on one line: runs of line ends and tabs become one space.
#[must_use]
pub fn visible_line(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut in_gap = false;
    for ch in text.trim().chars() {
        if is_layout(ch) || ch == '\r' {
            in_gap = true;
        } else if !(in_gap && ch == ' ') {
            if in_gap && !shown.ends_with(' ') {
                shown.push(' ');
            }
            in_gap = false;
            push_visible(&mut shown, ch);
        }
    }
    Cow::Owned(shown)
}

/// Appends the character, written out if it is hidden.
pub(super) fn push_visible(shown: &mut String, ch: char) {
    if is_hidden(ch) { shown.extend(ch.escape_unicode()) } else { shown.push(ch) }
}

/// Whether a character acts on the reader's screen instead of standing on it.
pub(super) fn is_hidden(ch: char) -> bool {
    match ch {
        ' '..='~' => false,
        // Soft hyphen; marks, overrides and isolates of direction; zero-width space and joiner of words;
        // separators of lines and paragraphs; interlinear annotation; tags. The joiners U+200C and U+200D are
        // part of ordinary writing in several languages and stay.
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => true,
        _ => ch.is_control(),
    }
}

fn is_layout(ch: char) -> bool {
    matches!(ch, '\n' | '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_direction_overrides_are_written_out() {
        assert_eq!(visible("a\u{1b}[31mb\r\n\tc\u{202e}d\u{9b}2J"), "a\\u{1b}[31mb\\u{d}\n\tc\\u{202e}d\\u{9b}2J");
        assert_eq!(visible_line("one\r\n\r\n  two\tthree\n"), "one two three");
    }

    #[test]
    fn ordinary_writing_stays() {
        for text in ["naïve ☂ 日本語", "عربى", "می\u{200c}خواهم", "👩\u{200d}💻", ""] {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text));
            assert!(matches!(visible_line(text), Cow::Borrowed(same) if same == text));
        }
    }
}
