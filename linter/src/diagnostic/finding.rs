//! Findings and the report of a run.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::Diagnostic;
use crate::source::{Location, Span};

/// How much a finding matters, lowest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good practice.
    Low,
    /// Should be mended soon.
    Medium,
    /// Must be mended before it goes live.
    High,
    /// An incident waiting to happen.
    Critical,
}

impl Severity {
    /// All severities, lowest first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The lower-case word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// One step down; low stays low.
    #[must_use]
    pub fn lowered(self) -> Self {
        match self {
            Self::Critical => Self::High,
            Self::High => Self::Medium,
            Self::Medium | Self::Low => Self::Low,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|severity| severity.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| format!("unknown severity {text:?}: use low, medium, high or critical"))
    }
}

/// The result of one rule on one instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The requirement is met.
    Pass,
    /// The requirement is not met.
    Fail,
    /// A value that decides is not known.
    Undetermined,
    /// The rule does not concern this instance.
    NotApplicable,
}

impl Verdict {
    /// The word in output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Undetermined => "undetermined",
            Self::NotApplicable => "not_applicable",
        }
    }
}

/// A second place of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// What is there.
    pub message: String,
    /// Where.
    pub location: Location,
    /// The same place in the source map, for excerpts.
    pub span: Option<Span>,
}

/// The waiver that covers a finding.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct WaiverNote {
    /// Name of the waiver, or `inline`.
    pub name: String,
    /// Why it was granted.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Until when, `YYYY-MM-DD`.
    pub expires: String,
    /// Reference in the owner's tracker.
    pub ticket: Option<String>,
}

/// Whether a finding was accepted earlier (`--known`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownState {
    /// Not in the list of known findings.
    New,
    /// In the list.
    Known,
}

/// A verdict worth telling: fail or undetermined.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Rule id: `tls/lb-listener-https`.
    pub rule: Arc<str>,
    /// After overrides and scaling.
    pub severity: Severity,
    /// `Fail` or `Undetermined`.
    pub verdict: Verdict,
    /// Address of the instance, or of the root for findings about a whole root.
    pub address: String,
    /// Resource type, empty for findings about a whole root.
    pub resource_type: Arc<str>,
    /// Environment the instance belongs to, if one was found.
    pub environment: Option<String>,
    /// What is wrong, with the value in it.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Where to look first.
    pub location: Option<Location>,
    /// The same place in the source map, for excerpts.
    pub span: Option<Span>,
    /// Where the value came from, the module call, the other resource.
    pub related: Vec<Related>,
    /// For undetermined: the values that decide. For fail: the references the value came through.
    pub because: Vec<String>,
    /// Stable identity, see the rules room.
    pub fingerprint: String,
    /// The waiver that covers it, if any.
    pub waiver: Option<WaiverNote>,
    /// Whether it was accepted earlier.
    pub known: KnownState,
    /// Path of the root module it was found in, as shown.
    pub root: String,
}

/// What kind of thing was not judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NotJudgedKind {
    /// A module call whose source is not here.
    Module,
    /// A resource type no rule reads or no model covers.
    ResourceType,
    /// A file that did not parse or could not be read.
    File,
}

/// Something the run says nothing about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct NotJudged {
    /// What kind of thing.
    pub what: NotJudgedKind,
    /// Its name.
    pub name: String,
    /// Why, and what would help.
    pub reason: String,
}

/// Counts of a run. A finding counts once: waived and known ones are not in `fail` or `undetermined`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Files read.
    pub files: usize,
    /// Files that did not parse.
    pub unparsed: usize,
    /// Root modules (or plans) judged.
    pub roots: usize,
    /// Resource instances.
    pub resources: usize,
    /// Rules that were in force.
    pub rules: usize,
    /// Failing, not waived, not known.
    pub fail: usize,
    /// Undetermined, not waived, not known.
    pub undetermined: usize,
    /// Covered by a waiver.
    pub waived: usize,
    /// Accepted earlier.
    pub known: usize,
    /// Verdicts that passed.
    pub pass: usize,
}

/// What outputs say about a rule.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct RuleInfo {
    /// `tls/lb-listener-https`
    pub id: String,
    /// `tls`
    pub domain: String,
    /// Default severity after overrides.
    pub severity: Option<Severity>,
    /// One line.
    pub summary: String,
    /// The document beside the rule, Markdown.
    #[serde(skip)]
    pub document: Cow<'static, str>,
    /// Ids of the same check in other tools.
    pub aliases: Vec<String>,
    /// Standards it serves.
    pub standards: Vec<String>,
    /// Policy clauses it enforces.
    pub clauses: Vec<String>,
    /// Resource types it reads.
    pub resource_types: Vec<String>,
    /// Parameters and their values; only lists of rules and explanations have them.
    pub params: serde_json::Map<String, serde_json::Value>,
}

/// Everything a run found out, ready for any format.
#[derive(Debug, Default)]
pub struct Report {
    /// Counts.
    pub summary: Summary,
    /// Sorted by file, position, rule, address.
    pub findings: Vec<Finding>,
    /// Sorted.
    pub not_judged: Vec<NotJudged>,
    /// Problems with the input; any of level error means exit code 2.
    pub errors: Vec<Diagnostic>,
    /// The rules in force, by id.
    pub rules: BTreeMap<Arc<str>, RuleInfo>,
    /// Sentences for the reader, such as how environments were inferred.
    pub notes: Vec<String>,
    /// Findings at or above this severity fail the run.
    pub fail_on: Option<Severity>,
    /// Places whose source text must not be shown: values of sensitive variables, outputs and attributes.
    /// Every excerpt masks them. `Value::sensitive_spans` collects them; a span may cover a whole attribute.
    pub sensitive_spans: Vec<Span>,
}
