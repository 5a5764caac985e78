//! Text of users made safe to show: what would steer a terminal, break a line or hide is written out.

use std::borrow::Cow;

/// The text with control characters, direction overrides and invisible characters written as `\u{202e}`, and with the
/// beginnings of commands to build services broken. Line feeds and tabs stay.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    let commands = command_starts(text);
    if commands.is_empty() && !text.chars().any(|ch| is_hidden(ch) && !is_layout(ch)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for (at, ch) in text.char_indices() {
        if commands.binary_search(&at).is_ok() {
            shown.extend(ch.escape_unicode());
        } else if is_layout(ch) {
            shown.push(ch);
        } else {
            push_visible(&mut shown, ch);
        }
    }
    Cow::Owned(shown)
}

/// The same on one line: line ends and tabs become spaces, one for each run.
#[must_use]
pub fn visible_line(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return visible(text);
    }
    let mut line = String::with_capacity(text.len());
    let mut in_gap = false;
    for ch in text.trim().chars() {
        if is_layout(ch) || ch == '\r' {
            in_gap = true;
        } else if !(in_gap && ch == ' ') {
            if in_gap && !line.ends_with(' ') {
                line.push(' ');
            }
            in_gap = false;
            line.push(ch);
        }
    }
    Cow::Owned(visible(&line).into_owned())
}

/// Offsets, in order, of the characters to write out so that no build service reads a command: the logs of GitHub Actions take
/// `::name ...::` at the beginning of a line (and a wrapped line may begin at any word), those of Azure Pipelines and
/// TeamCity `##name[` anywhere.
pub(super) fn command_starts(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    for (at, _) in text.match_indices("::") {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + 2..).unwrap_or_default();
        let at_word = before.is_none_or(char::is_whitespace);
        if at_word && after.starts_with(|ch: char| ch.is_ascii_alphabetic()) && after.contains("::") {
            starts.push(at);
        }
    }
    for (at, _) in text.match_indices('[') {
        let before = text.get(..at).unwrap_or_default().trim_end_matches(|ch: char| ch.is_ascii_alphanumeric());
        if before.ends_with("##") {
            starts.push(before.len() - 1);
        }
    }
    starts.sort_unstable();
    starts
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
    fn commands_to_build_services_are_broken() {
        for (text, expected) in [
            ("::add-mask::x", "\\u{3a}:add-mask::x"),
            ("see\n  ::error file=a::b", "see\n  \\u{3a}:error file=a::b"),
            ("open to ::/0 and ::ffff:0:0", "open to ::/0 and ::ffff:0:0"),
            ("a::b::c", "a::b::c"),
            ("x ##vso[task.setvariable variable=y]z", "x #\\u{23}vso[task.setvariable variable=y]z"),
            ("###[error]", "##\\u{23}[error]"),
            ("## heading", "## heading"),
        ] {
            assert_eq!(visible(text), expected);
        }
    }

    #[test]
    fn ordinary_writing_stays() {
        for text in ["naïve ☂ 日本語", "عربى", "می\u{200c}خواهم", "👩\u{200d}💻", ""] {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text));
            assert!(matches!(visible_line(text), Cow::Borrowed(same) if same == text));
        }
    }
}
