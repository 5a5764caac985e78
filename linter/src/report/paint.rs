//! Colours and line breaks.

use super::Style;

/// Paints text if colours are wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint {
    color: bool,
}

impl Paint {
    /// As the style says.
    pub(super) fn new(style: &Style) -> Self {
        Self { color: style.color }
    }

    /// Something is wrong.
    pub(super) fn red(self, text: &str) -> String {
        self.code("1;31", text)
    }

    /// Something should be looked at.
    pub(super) fn yellow(self, text: &str) -> String {
        self.code("33", text)
    }

    /// What to do.
    pub(super) fn cyan(self, text: &str) -> String {
        self.code("36", text)
    }

    /// It matters.
    pub(super) fn bold(self, text: &str) -> String {
        self.code("1", text)
    }

    /// It matters less.
    pub(super) fn dim(self, text: &str) -> String {
        self.code("2", text)
    }

    /// Code within prose: in colour, or in its backticks.
    pub(super) fn code_span(self, text: &str) -> String {
        if self.color { self.cyan(text) } else { format!("`{text}`") }
    }

    fn code(self, code: &str, text: &str) -> String {
        if self.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// The text in lines of at most `width` columns, the first behind `lead`, the others below its text.
pub(super) fn wrap(lead: &str, text: &str, width: usize) -> String {
    let indent = " ".repeat(lead.chars().count());
    let options = textwrap::Options::new(width.max(40))
        .initial_indent(lead)
        .subsequent_indent(&indent)
        .break_words(false)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(text.trim_end(), options)
}
