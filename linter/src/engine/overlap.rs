//! One mistake, one finding: a rule steps back where a rule that says more has found the same place.

use std::collections::BTreeMap;

use crate::diagnostic::{Finding, Verdict};
use crate::rules::RuleSet;
use crate::source::Span;

/// A place of an instance, as one root in one environment has it.
type Place<'f> = (&'f str, Option<&'f str>, &'f str, Span);

/// Takes out the findings whose rule names another in `covered_by`, where a finding of that other rule at the same place
/// says at least as much.
///
/// Nothing gets lost: a rule that is switched off, or provided for elsewhere, finds nothing, so it covers nothing; a
/// finding that is waived, weighs less or is less certain covers none that does not.
pub(super) fn step_back(findings: &mut Vec<Finding>, rules: &RuleSet) {
    let mut at: BTreeMap<Place<'_>, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.waiver.is_none()) {
        if let Some(place) = place(finding) {
            at.entry(place).or_default().push(finding);
        }
    }
    let is_covered = |finding: &Finding| {
        let others = place(finding).and_then(|place| at.get(&place)).filter(|others| others.len() > 1);
        let (Some(others), None) = (others, &finding.waiver) else { return false };
        let Some(rule) = rules.find(&finding.rule).filter(|rule| !rule.covered_by.is_empty()) else { return false };
        let names = |other: &Finding| rule.covered_by.iter().any(|id| **id == *other.rule);
        others.iter().any(|other| names(other) && says_as_much(other, finding))
    };
    let covered: Vec<bool> = findings.iter().map(is_covered).collect();
    let mut covered = covered.into_iter();
    findings.retain(|_| !covered.next().unwrap_or_default());
}

fn place(finding: &Finding) -> Option<Place<'_>> {
    Some((&finding.root, finding.environment.as_deref(), &finding.address, finding.span?))
}

fn says_as_much(other: &Finding, finding: &Finding) -> bool {
    let certain = match (other.verdict, finding.verdict) {
        (Verdict::Fail, _) | (Verdict::Undetermined, Verdict::Undetermined) => true,
        (Verdict::Undetermined | Verdict::Pass | Verdict::NotApplicable, _) => false,
    };
    certain && other.severity >= finding.severity
}
