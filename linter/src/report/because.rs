//! The reasons of an undetermined verdict, in a sentence.

use super::visible::visible_line;
use crate::diagnostic::Finding;

/// `because var.cidr has no value`; `None` if no reason is given. Text of users in it is safe to show.
pub(super) fn because(finding: &Finding) -> Option<String> {
    if finding.because.is_empty() {
        return None;
    }
    let reasons: Vec<String> = finding.because.iter().map(|reason| clause(&visible_line(reason))).collect();
    Some(format!("because {}", reasons.join(", and ")))
}

/// A reason is a whole clause already, or the bare name of the value that is missing.
fn clause(reason: &str) -> String {
    if reason.contains(' ') {
        reason.to_owned()
    } else if reason.starts_with("var.") {
        format!("{reason} has no value")
    } else {
        format!("{reason} is not known")
    }
}
