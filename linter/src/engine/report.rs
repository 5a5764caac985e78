//! From verdicts to the report: waivers, accepted findings, filters, order, counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::inputs::Judged;
use super::overlap::step_back;
use super::{Request, Undetermined};
use crate::diagnostic::{
    Diagnostic, Finding, KnownState, Level, NotJudged, NotJudgedKind, Report, RuleInfo, Severity, Summary, Verdict,
};
use crate::rules::{Rule, RuleSet, Settings, matches_rule, no_such_rule};
use crate::source::{SourceMap, Span, display_path};
use crate::waivers::{self, Names, Waiver, known};

/// The report of everything that was judged.
pub(super) fn assemble(request: &Request<'_>, judged: Judged) -> Report {
    let Judged {
        passes, roots, files, unparsed, mut not_judged, diagnostics, waivers: inline, notes, sensitive, ..
    } = judged;
    let mut summary = Summary {
        files: files.len(),
        unparsed: unparsed.len(),
        roots: roots.len(),
        // Environments look at the same resources again.
        resources: passes.iter().map(|pass| pass.resources).sum::<usize>() / request.environments.len().max(1),
        rules: passes.iter().map(|pass| pass.rules).max().unwrap_or_default(),
        pass: passes.iter().map(|pass| pass.pass).sum(),
        ..Summary::default()
    };
    let mut findings: Vec<Finding> = passes.into_iter().flat_map(|pass| pass.findings).collect();
    let all: Vec<Waiver> = request.waivers.iter().cloned().chain(distinct(inline)).collect();
    let names = Names {
        called: &|id, name| is_called(request.rules, id, name),
        missing: &|name| (!is_rule(request, name)).then(|| no_such_rule(name, request.rules)),
    };
    let outcome = waivers::apply(&all, &mut findings, request.today, request.sources, &names);
    findings.extend(outcome.findings);
    step_back(&mut findings, request.rules);
    if let Some(file) = request.known {
        known::apply(file, &mut findings);
    }
    findings.retain(|finding| is_shown(finding, request));
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
    count(&findings, &mut summary);
    not_judged.extend(unparsed.iter().map(|path| NotJudged {
        what: NotJudgedKind::File,
        name: display_path(path),
        reason: "it has errors; what could be read of it was judged".to_owned(),
    }));
    Report {
        summary,
        rules: rule_infos(request, &findings),
        findings,
        not_judged: not_judged.into_iter().collect(),
        errors: sorted(diagnostics, request.sources),
        notes: notes.into_iter().collect(),
        fail_on: Some(request.fail_on),
        sensitive_spans: sensitive,
    }
}

/// Findings that fail the run.
pub(super) fn gating(report: &Report, fail_on: Severity, undetermined: Undetermined) -> impl Iterator<Item = &Finding> {
    report.findings.iter().filter(move |finding| gates(finding, fail_on, undetermined))
}

/// Whether the finding fails the run.
#[must_use]
pub fn gates(finding: &Finding, fail_on: Severity, undetermined: Undetermined) -> bool {
    let counts = match finding.verdict {
        Verdict::Fail => true,
        Verdict::Undetermined => undetermined == Undetermined::Fail,
        Verdict::Pass | Verdict::NotApplicable => false,
    };
    counts && finding.severity >= fail_on && finding.waiver.is_none() && finding.known == KnownState::New
}

/// A module that several roots call is read for each; each comment counts once.
fn distinct(mut waivers: Vec<Waiver>) -> Vec<Waiver> {
    waivers.sort_by(|a, b| (a.span, &a.rules).cmp(&(b.span, &b.rules)));
    waivers.dedup_by(|a, b| a.span == b.span && a.rules == b.rules);
    waivers
}

/// Whether a rule goes by a name: its id, a prefix of it, or an alias.
pub(super) fn is_called(rules: &RuleSet, id: &str, name: &str) -> bool {
    id == name || rules.find(id).is_some_and(|rule| matches_rule(name, rule))
}

fn is_rule(request: &Request<'_>, name: &str) -> bool {
    name.starts_with("palisade/") || request.rules.iter().any(|rule| matches_rule(name, rule))
}

fn is_shown(finding: &Finding, request: &Request<'_>) -> bool {
    let hidden = finding.verdict == Verdict::Undetermined && request.undetermined == Undetermined::Hide;
    !hidden && finding.severity >= request.show
}

type Order<'f> = (Option<(&'f str, u32, u32)>, &'f str, &'f str, Option<&'f str>, &'f str, &'f str);

/// File, position, rule, address; findings without a place come first.
fn order(finding: &Finding) -> Order<'_> {
    let place = finding.location.as_ref().map(|at| (at.file.as_str(), at.start.line, at.start.column));
    let environment = finding.environment.as_deref();
    (place, &finding.rule, &finding.address, environment, &finding.message, &finding.fingerprint)
}

fn count(findings: &[Finding], summary: &mut Summary) {
    for finding in findings {
        let counter = match (finding.waiver.is_some(), finding.known, finding.verdict) {
            (true, _, _) => &mut summary.waived,
            (false, KnownState::Known, _) => &mut summary.known,
            (false, KnownState::New, Verdict::Fail) => &mut summary.fail,
            (false, KnownState::New, Verdict::Undetermined) => &mut summary.undetermined,
            (false, KnownState::New, Verdict::Pass | Verdict::NotApplicable) => continue,
        };
        *counter += 1;
    }
}

fn rule_infos(request: &Request<'_>, findings: &[Finding]) -> BTreeMap<Arc<str>, RuleInfo> {
    let active = request.rules.iter().filter(|rule| request.settings.is_selected(rule));
    let mut infos: BTreeMap<Arc<str>, RuleInfo> =
        active.map(|rule| (rule.id.clone(), under(request.settings, rule, rule.head()))).collect();
    for info in waivers::rule_infos() {
        if findings.iter().any(|finding| *finding.rule == *info.id) {
            infos.insert(info.id.as_str().into(), info);
        }
    }
    infos
}

/// What outputs say about a rule under these settings.
#[must_use]
pub fn rule_info(rule: &Rule, settings: &Settings) -> RuleInfo {
    let mut info = under(settings, rule, rule.info());
    if let Ok(definition) = rule.definition() {
        for (name, value) in settings.params_of(rule, definition) {
            if let Ok(json) = value.to_json() {
                info.params.insert(name.to_string(), json);
            }
        }
    }
    info
}

fn under(settings: &Settings, rule: &Rule, mut info: RuleInfo) -> RuleInfo {
    if let Some(severity) = settings.override_of(rule).and_then(|change| change.severity) {
        info.severity = Some(severity);
    }
    info
}

/// Errors first, then by place; each said once.
fn sorted(diagnostics: Vec<Diagnostic>, sources: &SourceMap) -> Vec<Diagnostic> {
    let mut sorted = diagnostics;
    // Files have their numbers from whichever thread came first, so places go by path.
    let key = |diagnostic: &Diagnostic| {
        let path = |span: Span| sources.file(span.file).map(|file| file.display_path());
        let place = diagnostic.span.map(|span| (path(span), span.start));
        (diagnostic.level, diagnostic.path.clone(), place, diagnostic.message.clone())
    };
    sorted.sort_by_cached_key(key);
    sorted.dedup();
    sorted
}

/// Whether the input had errors, so that the run cannot be called clean.
#[must_use]
pub fn has_errors(report: &Report) -> bool {
    report.errors.iter().any(|diagnostic| diagnostic.level == Level::Error)
}
