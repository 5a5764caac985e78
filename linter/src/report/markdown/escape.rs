//! Text of users in a comment: it shows as it is and does nothing.

use std::fmt::Write as _;

use crate::report::visible::{is_hidden, visible, visible_line};

/// Longer texts are cut.
const MAX_TEXT: usize = 1000;
/// Longer names are cut.
const MAX_NAME: usize = 300;

/// Prose on one line. Punctuation with a meaning in Markdown or HTML becomes entities, which mean nothing in either;
/// mentions and references are split by an invisible space, because forges look for them after decoding.
pub(super) fn prose(text: &str) -> String {
    entities(&cut(&visible_line(text), MAX_TEXT))
}

/// A name in a code span of Markdown; nothing in a code span has a meaning.
pub(super) fn code(text: &str) -> String {
    let shown = cut(&visible_line(text), MAX_NAME);
    let fence = "`".repeat(longest_run(&shown) + 1);
    if fence.len() == 1 && !shown.is_empty() {
        return format!("`{shown}`");
    }
    format!("{fence} {shown} {fence}")
}

/// A name as code inside an HTML tag, where Markdown is not read.
pub(super) fn html_code(text: &str) -> String {
    format!("<code>{}</code>", entities(&cut(&visible_line(text), MAX_NAME)))
}

/// A block of source, moved to the left margin.
pub(super) fn block(text: &str, indent: &str) -> String {
    let shown = visible(text.trim_end());
    let fence = "`".repeat(longest_run(&shown).max(2) + 1);
    let mut block = format!("{indent}{fence}hcl\n");
    let margin = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let margin = shown.lines().filter(|line| !line.trim().is_empty()).map(margin).min().unwrap_or_default();
    for line in shown.lines() {
        let _ = writeln!(block, "{indent}{}", line.get(margin..).unwrap_or_default().trim_end());
    }
    let _ = writeln!(block, "{indent}{fence}");
    block
}

fn entities(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    let mut chars = text.chars().peekable();
    while let Some(ch) = chars.next() {
        let starts_word = chars.peek().is_some_and(|next| next.is_alphanumeric());
        match ch {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '@' | '#' => {
                let _ = write!(escaped, "&#{};", u32::from(ch));
                if starts_word {
                    escaped.push_str("&#8203;");
                }
            }
            // `GH-1` is a reference too, and `www.` and `://` begin links.
            '-' if escaped.to_ascii_uppercase().ends_with("GH") => escaped.push_str("&#45;&#8203;"),
            '.' if escaped.to_ascii_lowercase().ends_with("www") => escaped.push_str("&#46;"),
            ':' if chars.peek() == Some(&'/') => escaped.push_str("&#58;"),
            '`' | '*' | '_' | '[' | ']' | '\\' | '|' | '~' | '!' | '$' | '^' => {
                let _ = write!(escaped, "&#{};", u32::from(ch));
            }
            _ if is_hidden(ch) => escaped.extend(ch.escape_unicode()),
            _ => escaped.push(ch),
        }
    }
    escaped
}

fn longest_run(text: &str) -> usize {
    text.split(|ch| ch != '`').map(str::len).max().unwrap_or_default()
}

fn cut(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_means_nothing_to_markdown_html_or_forges() {
        for (text, expected) in [
            ("a_b *c*", "a&#95;b &#42;c&#42;"),
            ("<b>&", "&lt;b&gt;&amp;"),
            ("@octocat #12 GH-3", "&#64;&#8203;octocat &#35;&#8203;12 GH&#45;&#8203;3"),
            ("[x](https://e.example)", "&#91;x&#93;(https&#58;//e.example)"),
            ("www.e.example", "www&#46;e.example"),
            ("two\nlines", "two lines"),
            ("plain, 10.0.0.0/8: fine (really).", "plain, 10.0.0.0/8: fine (really)."),
        ] {
            assert_eq!(prose(text), expected);
        }
    }

    #[test]
    fn code_spans_outlast_backticks_within() {
        assert_eq!(code("a[\"b\"]"), "`a[\"b\"]`");
        assert_eq!(code("a``b"), "``` a``b ```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code(""), "`  `");
        assert_eq!(block("  x\n  ```\n  </details>", " "), " ````hcl\n x\n ```\n </details>\n ````\n");
    }

    #[test]
    fn long_text_is_cut() {
        assert_eq!(prose(&"é".repeat(2000)).chars().count(), MAX_TEXT + 1);
    }
}
