//! What users are told, as messages.

use palisade::diagnostic::Finding;
use palisade::engine::ObjectFinding;
use palisade::value::{Path, PathStep};

use crate::check::{self, Check, Checked};
use crate::gate::Mistake;
use crate::policy::{Mode, Policy};
use crate::protocol::path;
use crate::protocol::tfplugin6::Diagnostic;
use crate::protocol::tfplugin6::diagnostic::Severity;
use crate::subject;

/// More findings than this are counted, not told one by one.
const MAX_TOLD: usize = 20;

/// Something that fails the operation.
pub(super) fn error(summary: &str, detail: &str) -> Diagnostic {
    diagnostic(Severity::Error, summary.to_owned(), detail.to_owned(), None)
}

/// Something wrong in how a block is written.
pub(super) fn mistake(mistake: &Mistake) -> Diagnostic {
    let detail = capitalized(&mistake.message);
    diagnostic(Severity::Error, "This is not what is wanted here".to_owned(), detail, Some(&mistake.path))
}

/// The findings of a gate.
pub(super) fn of_gate(policy: &Policy, found: &[(Path, ObjectFinding)]) -> Vec<Diagnostic> {
    let told = found.iter().take(MAX_TOLD).map(|(path, found)| {
        let headline = subject::headline(policy, &found.finding);
        diagnostic(severity(policy.mode), headline, subject::detail(found), Some(path))
    });
    told.chain(rest(policy.mode, found.len(), None)).collect()
}

/// The findings of a check, and what it could not read.
pub(super) fn of_check(policy: &Policy, check: &Check, checked: &Checked) -> Vec<Diagnostic> {
    let place = Path(vec![PathStep::Attribute("path".into())]);
    let unread = checked.errors.iter().take(MAX_TOLD).map(|message| {
        let summary = format!("{:?} cannot be judged", check.path);
        diagnostic(Severity::Error, summary, message.clone(), Some(&place))
    });
    // In mode advise findings are returned, and what reads them decides.
    let counting: &[Finding] = match checked.mode {
        Mode::Enforce => &checked.counting,
        Mode::Advise => &[],
    };
    let told = counting.iter().take(MAX_TOLD).map(|finding| {
        let headline = subject::headline(policy, finding);
        diagnostic(Severity::Error, headline, check::detail(finding), Some(&place))
    });
    unread.chain(told).chain(rest(checked.mode, counting.len(), Some(&place))).collect()
}

/// How many were not told.
fn rest(mode: Mode, count: usize, place: Option<&Path>) -> Option<Diagnostic> {
    let more = count.checked_sub(MAX_TOLD).filter(|more| *more > 0)?;
    let summary = format!("There are {more} more findings");
    let detail = "Run \"palisade check\" to see all of them.".to_owned();
    Some(diagnostic(severity(mode), summary, detail, place))
}

fn severity(mode: Mode) -> Severity {
    match mode {
        Mode::Enforce => Severity::Error,
        Mode::Advise => Severity::Warning,
    }
}

fn diagnostic(severity: Severity, summary: String, detail: String, place: Option<&Path>) -> Diagnostic {
    Diagnostic { severity: severity.into(), summary, detail, attribute: place.map(path::v6) }
}

fn capitalized(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let text = format!("{first}{}", letters.as_str());
    if text.ends_with(['.', '?', '!']) { text } else { format!("{text}.") }
}
