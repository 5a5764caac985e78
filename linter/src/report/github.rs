//! Workflow commands of GitHub Actions: annotations on the lines of a change.

use std::io::{self, Write};

use super::because::because;
use super::tally::{Standing, summary_line};
use super::visible::{visible, visible_line};
use crate::diagnostic::{Diagnostic, Finding, Level, Report, Severity};
use crate::source::{Location, SourceMap};

/// Writes one command for each finding that nobody accepted and each problem with the input, then the summary.
///
/// GitHub keeps the first ten annotations of each level in a step, so the worst come first.
///
/// # Errors
/// When writing fails.
pub(super) fn render(report: &Report, sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
    for error in &report.errors {
        input(error, sources, out)?;
    }
    let mut findings: Vec<(&Finding, Standing)> =
        report.findings.iter().map(|finding| (finding, Standing::of(finding))).collect();
    findings.retain(|(_, standing)| matches!(standing, Standing::Fails | Standing::Undecided));
    findings.sort_by_key(|(finding, standing)| (*standing, std::cmp::Reverse(finding.severity)));
    for (finding, standing) in findings {
        annotation(finding, standing, out)?;
    }
    writeln!(out, "{}", summary_line(report))
}

fn annotation(finding: &Finding, standing: Standing, out: &mut dyn Write) -> io::Result<()> {
    let level = match (standing, finding.severity) {
        (Standing::Undecided, _) | (_, Severity::Low) => "notice",
        (_, Severity::Critical | Severity::High) => "error",
        (_, Severity::Medium) => "warning",
    };
    let word = if standing == Standing::Undecided { "undetermined, " } else { "" };
    let title = format!("{} ({word}{})", finding.rule, finding.severity);
    let mut message = format!("{}: {}", finding.address, finding.message);
    if let Some(environment) = &finding.environment {
        message = format!("{message}\nEnvironment: {environment}");
    }
    if standing == Standing::Undecided
        && let Some(reasons) = because(finding)
    {
        message = format!("{message}\nUndetermined {reasons}");
    }
    if let Some(help) = &finding.help {
        message = format!("{message}\n{help}");
    }
    command(level, finding.location.as_ref(), None, &title, &message, out)
}

fn input(error: &Diagnostic, sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
    let level = match error.level {
        Level::Error => "error",
        Level::Warning => "warning",
    };
    let at = error.span.and_then(|span| sources.location(span));
    let help = error.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
    let message = format!("{}{help}", error.message);
    command(level, at.as_ref(), error.path.as_deref(), "palisade could not read this", &message, out)
}

fn command(
    level: &str,
    at: Option<&Location>,
    path: Option<&str>,
    title: &str,
    message: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(out, "::{level} ")?;
    if let Some(at) = at {
        let (line, end_line) = (at.start.line, at.end.line);
        write!(out, "file={},line={line},endLine={end_line},", property(&at.file))?;
        // Columns are only understood within one line; the last one is inclusive.
        if line == end_line {
            let end = at.end.column.saturating_sub(1).max(at.start.column);
            write!(out, "col={},endColumn={end},", at.start.column)?;
        }
    } else if let Some(path) = path {
        write!(out, "file={},", property(path))?;
    }
    writeln!(out, "title={}::{}", property(title), data(message))
}

/// The message of a command.
fn data(text: &str) -> String {
    visible(text.trim_end()).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command.
fn property(text: &str) -> String {
    data(&visible_line(text)).replace(':', "%3A").replace(',', "%2C")
}
