//! Findings as SARIF results.

use std::collections::BTreeMap;

use super::artifacts::Artifacts;
use super::rule::level;
use super::shape::{
    CodeFlow, Location, LogicalLocation, Message, ResultOut, ResultProperties, Suppression, ThreadFlow,
    ThreadFlowLocation,
};
use crate::diagnostic::{Finding, KnownState, Report, Verdict, WaiverNote};
use crate::report::because::because;

/// What SARIF wants said of every result as soon as it is said of one.
#[derive(Clone, Copy)]
pub(super) struct Habits {
    suppressions: bool,
    baseline: bool,
}

impl Habits {
    /// What this report has to say.
    pub(super) fn of(report: &Report) -> Self {
        Self {
            suppressions: report.findings.iter().any(|finding| finding.waiver.is_some()),
            baseline: report.findings.iter().any(|finding| finding.known == KnownState::Known),
        }
    }
}

/// One finding.
pub(super) fn result<'a>(
    finding: &'a Finding,
    rule_index: usize,
    artifacts: &Artifacts,
    habits: Habits,
) -> ResultOut<'a> {
    // A kind other than "fail" goes with level "none": SARIF 2.1.0, 3.27.10.
    let (kind, level) = match finding.verdict {
        Verdict::Fail => ("fail", level(finding.severity)),
        Verdict::Undetermined => ("open", "none"),
        Verdict::Pass => ("pass", "none"),
        Verdict::NotApplicable => ("notApplicable", "none"),
    };
    ResultOut {
        rule_id: &finding.rule,
        rule_index,
        kind,
        level,
        message: Message::new(message(finding)),
        locations: vec![primary(finding, artifacts)],
        related_locations: related(finding, artifacts),
        code_flows: code_flows(finding, artifacts),
        partial_fingerprints: BTreeMap::from([("palisade/v1", &*finding.fingerprint)]),
        suppressions: habits.suppressions.then(|| finding.waiver.iter().map(suppression).collect()),
        baseline_state: habits.baseline.then_some(match finding.known {
            KnownState::New => "new",
            KnownState::Known => "unchanged",
        }),
        properties: ResultProperties {
            severity: finding.severity.as_str(),
            verdict: finding.verdict.as_str(),
            root: &finding.root,
            environment: finding.environment.as_deref(),
            because: &finding.because,
        },
    }
}

/// The message stands alone: viewers show nothing else at first.
fn message(finding: &Finding) -> String {
    let mut text = plain(&format!("{}: {}", finding.address, finding.message));
    if finding.verdict == Verdict::Undetermined {
        text = format!("Undetermined: {text}");
        if let Some(reasons) = because(finding) {
            text = format!("{text} ({})", plain(&reasons));
        }
    }
    match &finding.help {
        Some(help) => format!("{text}\n{}", plain(help)),
        None => text,
    }
}

/// In message text, `[text](1)` is a link and `{0}` an argument: what could begin one is escaped, and nothing else,
/// since many viewers show escapes as they stand.
fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let has_link = text.contains("](");
    let mut chars = text.chars().peekable();
    while let Some(ch) = chars.next() {
        match ch {
            '[' | ']' | '\\' if has_link => escaped.extend(['\\', ch]),
            '{' if chars.peek().is_some_and(char::is_ascii_digit) => escaped.push_str("{{"),
            _ => escaped.push(ch),
        }
    }
    escaped
}

fn primary(finding: &Finding, artifacts: &Artifacts) -> Location {
    let kind = if finding.resource_type.is_empty() { "module" } else { "resource" };
    // Code scanning refuses a whole log for one result without a file, so the root stands in.
    let place = finding.location.as_ref().map_or_else(|| artifacts.root(&finding.root), |at| artifacts.place(at));
    Location {
        physical_location: Some(place),
        logical_locations: vec![LogicalLocation { fully_qualified_name: finding.address.clone(), kind }],
        ..Location::default()
    }
}

fn related(finding: &Finding, artifacts: &Artifacts) -> Vec<Location> {
    let places = finding.related.iter().enumerate();
    places
        .map(|(at, related)| Location {
            id: Some(at + 1),
            physical_location: Some(artifacts.place(&related.location)),
            message: Some(Message::new(plain(&related.message))),
            ..Location::default()
        })
        .collect()
}

/// The way of the value, from where it was written to where it matters. Related places lead away from the finding,
/// so the flow takes them backwards.
fn code_flows(finding: &Finding, artifacts: &Artifacts) -> Vec<CodeFlow> {
    let Some(at) = finding.location.as_ref().filter(|_| !finding.related.is_empty()) else {
        return Vec::new();
    };
    let step = |at, message: &str| ThreadFlowLocation {
        location: Location {
            physical_location: Some(artifacts.place(at)),
            message: Some(Message::new(plain(message))),
            ..Location::default()
        },
    };
    let mut locations: Vec<ThreadFlowLocation> =
        finding.related.iter().rev().map(|related| step(&related.location, &related.message)).collect();
    locations.push(step(at, &finding.message));
    vec![CodeFlow { thread_flows: [ThreadFlow { locations }] }]
}

fn suppression(waiver: &WaiverNote) -> Suppression {
    let ticket = waiver.ticket.as_ref().map(|ticket| format!(", {ticket}")).unwrap_or_default();
    Suppression {
        kind: if waiver.name == "inline" { "inSource" } else { "external" },
        status: "accepted",
        justification: format!("{} ({}, until {}{ticket})", waiver.reason, waiver.owner, waiver.expires),
    }
}
