//! Counting findings: by severity, and for the line at the end of a run.

use std::fmt::Write as _;

use crate::diagnostic::{Finding, KnownState, Report, Severity, Verdict};

/// What a finding means for the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It fails and nobody accepted it.
    Fails,
    /// A value that decides is not known, and nobody accepted it.
    Undecided,
    /// A waiver covers it.
    Waived,
    /// It was accepted earlier.
    Known,
}

impl Standing {
    /// The standing of a finding.
    #[must_use]
    pub fn of(finding: &Finding) -> Self {
        if finding.waiver.is_some() {
            return Self::Waived;
        }
        match (finding.known, finding.verdict) {
            (KnownState::Known, _) => Self::Known,
            (KnownState::New, Verdict::Undetermined) => Self::Undecided,
            (KnownState::New, Verdict::Fail | Verdict::Pass | Verdict::NotApplicable) => Self::Fails,
        }
    }
}

/// Findings of one standing, counted by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    critical: usize,
    high: usize,
    medium: usize,
    low: usize,
}

impl Tally {
    /// Counts these findings.
    pub fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        let mut tally = Self::default();
        for finding in findings {
            match finding.severity {
                Severity::Critical => tally.critical += 1,
                Severity::High => tally.high += 1,
                Severity::Medium => tally.medium += 1,
                Severity::Low => tally.low += 1,
            }
        }
        tally
    }

    /// Counts the findings of a report that have this standing.
    #[must_use]
    pub fn standing(report: &Report, standing: Standing) -> Self {
        Self::of(report.findings.iter().filter(|finding| Standing::of(finding) == standing))
    }

    /// How many have this severity.
    #[must_use]
    pub fn count(self, severity: Severity) -> usize {
        match severity {
            Severity::Critical => self.critical,
            Severity::High => self.high,
            Severity::Medium => self.medium,
            Severity::Low => self.low,
        }
    }

    /// How many there are.
    #[must_use]
    pub fn total(self) -> usize {
        self.critical + self.high + self.medium + self.low
    }

    /// `1 critical, 2 high`; severities without findings are left out.
    #[must_use]
    pub fn words(self) -> String {
        let parts: Vec<String> = Severity::ALL
            .into_iter()
            .rev()
            .filter(|&severity| self.count(severity) > 0)
            .map(|severity| format!("{} {severity}", self.count(severity)))
            .collect();
        parts.join(", ")
    }
}

/// Whether findings alone end the run with exit code 1: something fails at or above `fail_on`.
#[must_use]
pub fn gate_fails(report: &Report) -> bool {
    report.fail_on.is_some_and(|gate| {
        report.findings.iter().any(|finding| Standing::of(finding) == Standing::Fails && finding.severity >= gate)
    })
}

/// Whether the run says nothing about anything: a clean result would be an accident.
pub(super) fn judged_nothing(report: &Report) -> bool {
    report.summary.resources == 0 && report.findings.is_empty()
}

/// The line at the end of a run:
/// `palisade: 3 fail (1 critical, 2 high), 1 undetermined, 12 pass; 4 files, 9 resources, 35 rules`.
///
/// The first part is there only if something fails: pipelines search output for the word "fail".
#[must_use]
pub fn summary_line(report: &Report) -> String {
    let summary = &report.summary;
    let mut line = String::from("palisade: ");
    if summary.fail > 0 {
        let words = Tally::standing(report, Standing::Fails).words();
        let words = if words.is_empty() { words } else { format!(" ({words})") };
        let _ = write!(line, "{} fail{words}, ", summary.fail);
    }
    let _ = write!(line, "{} undetermined, {} pass", summary.undetermined, summary.pass);
    for (count, word) in [(summary.waived, "waived"), (summary.known, "known")] {
        if count > 0 {
            let _ = write!(line, ", {count} {word}");
        }
    }
    let _ = write!(line, "; {}", counted(summary.files, "file"));
    if summary.unparsed > 0 {
        let _ = write!(line, " ({} not parsed)", summary.unparsed);
    }
    let _ = write!(line, ", {}, {}", counted(summary.resources, "resource"), counted(summary.rules, "rule"));
    line
}

/// `1 file`, `2 files`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
