//! Excerpts as the terminal renderer wants them.

use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity, SourceCode,
    SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

use super::Style;
use super::excerpt::{Excerpt, ExcerptLine};

/// Something to say with a place in the source: one box on the terminal.
#[derive(Debug)]
pub(super) struct Snippet {
    /// What is wrong.
    pub(super) message: String,
    /// The sign in front of it.
    pub(super) sign: Sign,
    /// The source, and what its marks mean.
    pub(super) source: Option<(Excerpt, Vec<Option<String>>)>,
}

/// The sign in front of a message, and its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// It is wrong.
    Error,
    /// It should be looked at.
    Warning,
    /// It is worth knowing.
    Advice,
    /// It cannot be decided.
    Question,
    /// It belongs to what stands above.
    Continued,
}

impl Snippet {
    /// Renders the box.
    pub(super) fn draw(&self, style: &Style) -> String {
        let mut theme = GraphicalTheme {
            characters: if style.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() },
            styles: if style.color { ThemeStyles::ansi() } else { ThemeStyles::none() },
        };
        match self.sign {
            Sign::Question => theme.characters.advice = "?".to_owned(),
            Sign::Continued => theme.characters.advice = if style.unicode { "↳" } else { "->" }.to_owned(),
            Sign::Error | Sign::Warning | Sign::Advice => {}
        }
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(style.width.max(40))
            .with_urls(false)
            .without_syntax_highlighting()
            .tab_width(2)
            .with_break_words(false)
            .with_word_separator(textwrap::WordSeparator::AsciiSpace);
        let mut drawn = String::new();
        if handler.render_report(&mut drawn, self).is_err() {
            drawn.push_str(&self.message);
            drawn.push('\n');
        }
        drawn
    }
}

impl fmt::Display for Snippet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Snippet {}

impl miette::Diagnostic for Snippet {
    fn severity(&self) -> Option<Severity> {
        Some(match self.sign {
            Sign::Error => Severity::Error,
            Sign::Warning => Severity::Warning,
            Sign::Advice | Sign::Question | Sign::Continued => Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|(excerpt, _)| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (excerpt, labels) = self.source.as_ref()?;
        Some(Box::new(excerpt.marks.iter().zip(labels).enumerate().map(|(at, (mark, label))| {
            let span = SourceSpan::from((mark.start, mark.end - mark.start));
            if at == 0 {
                LabeledSpan::new_primary_with_span(label.clone(), span)
            } else {
                LabeledSpan::new_with_span(label.clone(), span)
            }
        })))
    }
}

impl SourceCode for Excerpt {
    /// Gives the lines of a span and their neighbours, as far as they are neighbours in the file too.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        let first = self.lines.partition_point(|line| line.end <= start).min(self.lines.len().saturating_sub(1));
        let last = self.lines.partition_point(|line| line.start < end).saturating_sub(1).max(first);
        let block = self.lines.get(first..=last).ok_or(MietteError::OutOfBounds)?;
        if !block.is_sorted_by(|a, b| a.number + 1 == b.number) {
            return Err(MietteError::OutOfBounds);
        }
        let low = (0..before).fold(first, |idx, _| if self.follow(idx.wrapping_sub(1)) { idx - 1 } else { idx });
        let high = (0..after).fold(last, |idx, _| if self.follow(idx) { idx + 1 } else { idx });
        let lines = self.lines.get(low..=high).ok_or(MietteError::OutOfBounds)?;
        let (Some(top), Some(bottom)) = (lines.first(), lines.last()) else { return Err(MietteError::OutOfBounds) };
        // Without neighbours it is asked for the place itself, whose column may be out of the cut.
        let mark = self.marks.iter().find(|mark| before == 0 && mark.start == start);
        let data = self.text.get(top.start..bottom.end).unwrap_or_default().as_bytes();
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            data,
            (top.start, bottom.end - top.start).into(),
            mark.map_or(top.number, |mark| mark.line).saturating_sub(1) as usize,
            mark.map_or(0, |mark| mark.column.saturating_sub(1) as usize),
            lines.len(),
        )))
    }
}

impl Excerpt {
    /// Whether the line after the one at `idx` comes next in the file too.
    fn follow(&self, idx: usize) -> bool {
        let pair: Option<(&ExcerptLine, &ExcerptLine)> = self.lines.get(idx).zip(self.lines.get(idx.wrapping_add(1)));
        pair.is_some_and(|(line, next)| line.number + 1 == next.number)
    }
}
