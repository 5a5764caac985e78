//! Waivers against findings.

use std::sync::Arc;

use super::Date;
use crate::diagnostic::{Finding, KnownState, RuleInfo, Severity, Verdict, WaiverNote};
use crate::graph::glob_matches;
use crate::source::{SourceMap, Span};

/// Rule id of a waiver that has expired.
pub const EXPIRED_RULE: &str = "palisade/waiver-expired";
/// Rule id of a waiver that covers nothing.
pub const UNUSED_RULE: &str = "palisade/waiver-unused";

/// A waiver, from the configuration or from a comment.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// Its name, `inline` for comments.
    pub name: String,
    /// Rule ids, prefixes, or ids of other tools.
    pub rules: Vec<String>,
    /// Address, as a glob.
    pub address: Option<String>,
    /// File, as a glob.
    pub file: Option<String>,
    /// Only in this environment.
    pub environment: Option<String>,
    /// Only findings that point into this span.
    pub covers: Option<Span>,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Reference in the owner's tracker.
    pub ticket: Option<String>,
    /// Last day it holds; `None` for other tools' marks without a date.
    pub expires: Option<Date>,
    /// Where it stands.
    pub span: Option<Span>,
}

/// What applying waivers added.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Findings about waivers.
    pub findings: Vec<Finding>,
}

/// What the names in waivers mean.
#[derive(Clone, Copy)]
pub struct Names<'n> {
    /// Whether a rule (by id) goes by a name: id, prefix, pattern or alias.
    pub called: &'n dyn Fn(&str, &str) -> bool,
    /// What to say of a name that no rule goes by; `None` for all others.
    pub missing: &'n dyn Fn(&str) -> Option<String>,
}

/// Marks the findings that waivers cover, and gives findings about waivers that are expired, cover nothing or name
/// rules that do not exist.
pub fn apply(waivers: &[Waiver], findings: &mut [Finding], today: Date, map: &SourceMap, names: &Names<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    for waiver in waivers {
        let covered: Vec<&mut Finding> =
            findings.iter_mut().filter(|finding| covers(waiver, finding, names.called)).collect();
        let is_mark = waiver.name.ends_with(" mark");
        let missing: Vec<String> = match is_mark {
            // Other tools have rules that are not ours.
            true => Vec::new(),
            false => waiver.rules.iter().filter_map(|name| (names.missing)(name)).collect(),
        };
        outcome.findings.extend(missing.iter().map(|why| misnamed(waiver, why, map)));
        let expired = waiver.expires.is_some_and(|last| last < today);
        if expired {
            outcome.findings.push(about(waiver, EXPIRED_RULE, Severity::Medium, map));
        } else if covered.is_empty() && !is_mark && missing.len() < waiver.rules.len() {
            outcome.findings.push(about(waiver, UNUSED_RULE, Severity::Low, map));
        }
        if expired {
            continue;
        }
        for finding in covered {
            if finding.waiver.is_none() {
                finding.waiver = Some(note(waiver));
            }
        }
    }
    outcome
}

fn covers(waiver: &Waiver, finding: &Finding, called: &dyn Fn(&str, &str) -> bool) -> bool {
    let file = finding.location.as_ref().map(|location| location.file.as_str());
    waiver.covers.is_none_or(|span| points_into(finding, span))
        && waiver.address.as_ref().is_none_or(|address| address_matches(address, &finding.address))
        && waiver.file.as_ref().is_none_or(|glob| file.is_some_and(|file| glob_matches(glob, file)))
        && waiver.environment.as_ref().is_none_or(|name| finding.environment.as_ref() == Some(name))
        // A comment that stands before nothing covers nothing.
        && (waiver.covers.is_some() || waiver.name != "inline" && !waiver.name.ends_with(" mark"))
        // Last, for it looks up the rule's other names.
        && waiver.rules.iter().any(|name| called(&finding.rule, name))
}

/// Addresses have brackets and quotes of their own; `*` stands for any text.
fn address_matches(glob: &str, address: &str) -> bool {
    glob_matches(&glob.replace('*', "**"), address)
}

/// Whether the finding, its instance or a place it came through is inside the span.
fn points_into(finding: &Finding, cover: Span) -> bool {
    let inside = |span: &Span| span.file == cover.file && cover.start <= span.start && span.end <= cover.end;
    finding.span.as_ref().is_some_and(inside)
        || finding.related.iter().filter_map(|place| place.span.as_ref()).any(inside)
}

fn note(waiver: &Waiver) -> WaiverNote {
    WaiverNote {
        name: waiver.name.clone(),
        reason: waiver.reason.clone(),
        owner: waiver.owner.clone(),
        expires: waiver.expires.map(|date| date.to_string()).unwrap_or_default(),
        ticket: waiver.ticket.clone(),
    }
}

/// A waiver for a rule that does not exist covers nothing, whatever it was meant for.
fn misnamed(waiver: &Waiver, why: &str, map: &SourceMap) -> Finding {
    let message = format!("The waiver {:?} covers nothing by this name: {why}", waiver.name);
    let help = "Write the id of the rule as its finding shows it.".to_owned();
    let fingerprint = format!("{UNUSED_RULE}:{}:{why}", waiver.name);
    Finding { message, help: Some(help), fingerprint, ..about(waiver, UNUSED_RULE, Severity::Low, map) }
}

fn about(waiver: &Waiver, rule: &str, severity: Severity, map: &SourceMap) -> Finding {
    let what = format!("waiver {:?} for {}", waiver.name, waiver.rules.join(", "));
    let (message, help) = if rule == EXPIRED_RULE {
        let date = waiver.expires.map(|date| date.to_string()).unwrap_or_default();
        let help = format!("{} decides: mend what it covered, or renew it with a new date.", waiver.owner);
        (format!("The {what} expired on {date}"), help)
    } else {
        (format!("The {what} covers no finding"), "Take it out: it would hide the next mistake.".to_owned())
    };
    Finding {
        rule: Arc::from(rule),
        severity,
        verdict: Verdict::Fail,
        address: waiver.name.clone(),
        resource_type: Arc::from(""),
        environment: waiver.environment.clone(),
        message,
        help: Some(help),
        location: waiver.span.and_then(|span| map.location(span)),
        span: waiver.span,
        related: Vec::new(),
        because: Vec::new(),
        fingerprint: format!("{rule}:{}:{}", waiver.name, waiver.rules.join(",")),
        waiver: None,
        known: KnownState::New,
        root: String::new(),
    }
}

const EXPIRED_DOCUMENT: &str = "\
A waiver holds up to and including its day. After it, what it covered counts again, and the waiver itself is a finding, \
so that somebody decides.

Mend what it covered and take the waiver out, or let its owner renew it with a new date and a reason that still holds.
";

const UNUSED_DOCUMENT: &str = "\
What the waiver was written for is mended, has another address now, or its rule has another name. Left in place, it would \
hide the next mistake of the same kind.

Take it out, or mend its rule and address. A waiver that names a rule which does not exist says so, with the nearest name. Runs that judge only a part of the repository may leave waivers unused that \
other parts need; they are told with low severity for that reason.
";

/// What outputs say about the two rules of this room.
#[must_use]
pub fn rule_infos() -> Vec<RuleInfo> {
    let info = |id: &str, severity: Severity, summary: &str, document: &'static str| RuleInfo {
        id: id.to_owned(),
        domain: "palisade".to_owned(),
        severity: Some(severity),
        summary: summary.to_owned(),
        document: document.into(),
        ..RuleInfo::default()
    };
    vec![
        info(EXPIRED_RULE, Severity::Medium, "A waiver has expired", EXPIRED_DOCUMENT),
        info(UNUSED_RULE, Severity::Low, "A waiver covers no finding", UNUSED_DOCUMENT),
    ]
}
