//! Code quality report of GitLab: a JSON array in the manner of Code Climate.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::because::because;
use super::json_text::write_json;
use super::tally::Standing;
use super::visible::visible_line;
use crate::diagnostic::{Diagnostic, Finding, Level, Report, Severity};
use crate::source::{Location, SourceMap};

/// Writes the findings that nobody accepted and the problems with the input.
///
/// # Errors
/// When writing fails.
pub(super) fn render(report: &Report, sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
    let mut issues: Vec<Issue> = report.errors.iter().map(|error| of_error(error, sources)).collect();
    issues.extend(report.findings.iter().filter_map(of_finding));
    // Of issues with the same fingerprint GitLab shows one.
    let mut seen = BTreeSet::new();
    for issue in &mut issues {
        let plain = issue.fingerprint.clone();
        let mut count = 1;
        while !seen.insert(issue.fingerprint.clone()) {
            count += 1;
            issue.fingerprint = format!("{plain}-{count}");
        }
    }
    write_json(&issues, out)
}

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Place,
}

#[derive(Serialize)]
struct Place {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<u32>,
}

fn of_finding(finding: &Finding) -> Option<Issue> {
    let word = match Standing::of(finding) {
        Standing::Fails => "",
        Standing::Undecided => "Undetermined: ",
        Standing::Waived | Standing::Known => return None,
    };
    let severity = match finding.severity {
        _ if !word.is_empty() => "info",
        Severity::Low => "minor",
        Severity::Medium => "major",
        Severity::High => "critical",
        Severity::Critical => "blocker",
    };
    let environment = finding.environment.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    let mut description = format!("{word}{}{environment}: {}", finding.address, finding.message);
    if let Some(reasons) = because(finding).filter(|_| !word.is_empty()) {
        description = format!("{description} ({reasons})");
    }
    Some(Issue {
        description: visible_line(&description).into_owned(),
        check_name: finding.rule.to_string(),
        fingerprint: finding.fingerprint.clone(),
        severity,
        location: place(finding.location.as_ref(), &finding.root),
    })
}

fn of_error(error: &Diagnostic, sources: &SourceMap) -> Issue {
    let at = error.span.and_then(|span| sources.location(span));
    let location = place(at.as_ref(), error.path.as_deref().unwrap_or("."));
    let mut hash = Sha256::new();
    for part in ["palisade/input", location.path.as_str(), error.message.as_str()] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    Issue {
        description: visible_line(&error.message).into_owned(),
        check_name: "palisade/input".to_owned(),
        fingerprint: hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect(),
        severity: match error.level {
            Level::Error => "blocker",
            Level::Warning => "minor",
        },
        location,
    }
}

/// GitLab wants a path relative to the repository, without `./`.
fn place(at: Option<&Location>, fallback: &str) -> Place {
    let path = at.map_or(fallback, |at| &at.file);
    let begin = at.map_or(1, |at| at.start.line.max(1));
    let end = at.map(|at| at.end.line.max(begin)).filter(|&end| end > begin);
    Place { path: path.strip_prefix("./").unwrap_or(path).to_owned(), lines: Lines { begin, end } }
}
