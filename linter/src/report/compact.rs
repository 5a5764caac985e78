//! One line for each finding: `file:line:column: severity rule address: message`.

use std::io::{self, Write};

use super::because::because;
use super::tally::Standing;
use super::visible::visible_line;
use crate::diagnostic::{Finding, Report};

/// Writes the findings that nobody accepted, in the order of the report.
///
/// # Errors
/// When writing fails.
pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for finding in &report.findings {
        let word = match Standing::of(finding) {
            Standing::Fails => "",
            Standing::Undecided => "undetermined: ",
            Standing::Waived | Standing::Known => continue,
        };
        line(finding, word, out)?;
    }
    Ok(())
}

fn line(finding: &Finding, word: &str, out: &mut dyn Write) -> io::Result<()> {
    match &finding.location {
        Some(at) => write!(out, "{}:{}:{}: ", visible_line(&at.file), at.start.line, at.start.column)?,
        None => write!(out, "{}: ", visible_line(&finding.root))?,
    }
    write!(out, "{} {} ", finding.severity, visible_line(&finding.rule))?;
    write!(out, "{}", visible_line(&finding.address))?;
    if let Some(environment) = &finding.environment {
        write!(out, " ({})", visible_line(environment))?;
    }
    write!(out, ": {word}{}", visible_line(&finding.message))?;
    if !word.is_empty()
        && let Some(reasons) = because(finding)
    {
        write!(out, " ({reasons})")?;
    }
    writeln!(out)
}
