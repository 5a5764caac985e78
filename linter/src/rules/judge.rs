//! All rules on all instances of a root.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rayon::prelude::*;

use super::RuleSet;
use super::cost::Cost;
use super::fingerprint::Fingerprints;
use super::rule::{Check, Definition, Rule};
use super::settings::Settings;
use super::subject::{Facts, Subject};
use super::verdict::{Case, Outcome, Problem};
use crate::diagnostic::{Diagnostic, Finding, KnownState, Related, Severity, Verdict};
use crate::eval::{Context, Dialect, Limits};
use crate::graph::Graph;
use crate::source::{Boundary, Clock, Memory, SourceMap};
use crate::value::Value;

/// Subjects judged in one piece of work.
const CHUNK: usize = 64;

/// Bounds on judging one subject: a rule's work is small, and threads of the pool have small stacks.
fn limits() -> Limits {
    Limits { depth: 60, items: 100_000, steps: 5_000_000, ..Limits::default() }
}

/// What judging needs besides rules and instances.
#[derive(Clone, Copy)]
pub struct Surroundings<'s> {
    /// Where spans point into.
    pub sources: &'s SourceMap,
    /// Runs when somebody asks what rules cost.
    pub clock: Clock,
}

impl<'s> Surroundings<'s> {
    /// These sources, and nobody who asks what rules cost.
    #[must_use]
    pub fn new(sources: &'s SourceMap) -> Self {
        Self { sources, clock: Clock::Stopped }
    }
}

/// The result of judging one root.
#[derive(Debug, Default)]
pub struct Judged {
    /// Failures and what could not be decided, rule by rule, in the root's order.
    pub findings: Vec<Finding>,
    /// Subjects that passed a check.
    pub pass: usize,
    /// Subjects that a check did not concern.
    pub not_applicable: usize,
    /// Rules that were in force.
    pub rules: usize,
    /// Mistakes in rules.
    pub errors: Vec<Diagnostic>,
    /// Rules that were not judged because something outside fulfils them, with its name.
    pub provided: Vec<(Arc<str>, String)>,
    /// What each rule cost that had something to judge, by id; empty when the clock stands.
    pub costs: BTreeMap<Arc<str>, Cost>,
    /// What each check came to on each subject that it concerns, in the order of rules.
    pub verdicts: Vec<RuleVerdict>,
}

/// What a check came to on a subject.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleVerdict {
    /// The rule's id.
    pub rule: Arc<str>,
    /// The subject's address.
    pub address: Arc<str>,
    /// `Pass`, `Fail` or `Undetermined`.
    pub verdict: Verdict,
}

/// One rule in force that has something to judge.
struct Active<'a> {
    rule: &'a Arc<Rule>,
    definition: &'a Definition,
    /// The object that `params` is.
    params: Value,
    severity: Option<Severity>,
}

/// Subjects of one check.
struct Work<'a, 'r> {
    active: &'a Active<'a>,
    check: &'a Check,
    subjects: Vec<Subject<'r>>,
}

/// Judges a root. Findings come in the order of rules, then checks, then instances, whatever the number of threads.
#[must_use]
pub fn judge(rules: &RuleSet, graph: &Graph<'_>, settings: &Settings, around: Surroundings<'_>) -> Judged {
    let facts = Facts::new(graph, settings);
    let mut judged = Judged::default();
    let concerned = concerned_rules(rules, &facts, &mut judged);
    let active = active_rules(&concerned, settings, around.clock, &mut judged);
    let work = work(&active, &facts);
    let outcomes: Vec<Outcomes> = work.par_iter().map(|piece| judge_piece(piece, &facts, around.clock)).collect();
    let mut fingerprints = Fingerprints::default();
    for (piece, Outcomes { outcomes, time }) in work.iter().zip(outcomes) {
        if around.clock.is_running() {
            let cost = judged.costs.entry(piece.active.rule.id.clone()).or_default();
            cost.add(Cost { judging: time, judged: piece.subjects.len(), ..Cost::default() });
        }
        for (subject, outcome) in piece.subjects.iter().zip(outcomes) {
            match outcome.verdict {
                Some(Verdict::Pass) => judged.pass += 1,
                None | Some(Verdict::NotApplicable) => judged.not_applicable += 1,
                Some(Verdict::Fail | Verdict::Undetermined) => {}
            }
            judged.verdicts.extend(verdict_of(piece.active.rule, subject, &outcome));
            judged.errors.extend(outcome.errors);
            for problem in outcome.problems {
                let id = &*piece.active.rule.id;
                let fingerprint = fingerprints.of(id, graph.root(), &subject.address, &problem.essence);
                judged.findings.push(finding(piece.active, subject, problem, &facts, around, fingerprint));
            }
        }
    }
    judged
}

fn verdict_of(rule: &Rule, subject: &Subject<'_>, outcome: &Outcome) -> Option<RuleVerdict> {
    let verdict = outcome.verdict.filter(|verdict| *verdict != Verdict::NotApplicable)?;
    Some(RuleVerdict { rule: rule.id.clone(), address: subject.address.clone(), verdict })
}

/// The rules in force of whose types something occurs; the others are never read.
fn concerned_rules<'a>(rules: &'a RuleSet, facts: &Facts<'_, '_>, judged: &mut Judged) -> Vec<&'a Arc<Rule>> {
    let mut concerned = Vec::new();
    for rule in rules.iter().filter(|rule| facts.settings.is_selected(rule)) {
        if let Some(external) = facts.settings.provided_by(rule) {
            judged.provided.push((rule.id.clone(), external.name.clone()));
            continue;
        }
        judged.rules += 1;
        if rule.targets.iter().any(|target| facts.occurs(target)) {
            concerned.push(rule);
        }
    }
    concerned
}

fn active_rules<'a>(
    concerned: &[&'a Arc<Rule>],
    settings: &Settings,
    clock: Clock,
    judged: &mut Judged,
) -> Vec<Active<'a>> {
    let read = concerned.par_iter().map(|rule| {
        let begun = clock.now();
        (*rule, rule.definition(), clock.now().saturating_sub(begun))
    });
    let mut active = Vec::new();
    for (rule, definition, reading) in read.collect::<Vec<_>>() {
        if clock.is_running() {
            judged.costs.insert(rule.id.clone(), Cost { reading, ..Cost::default() });
        }
        match definition {
            Ok(definition) => {
                let severity = settings.override_of(rule).and_then(|change| change.severity);
                active.push(Active {
                    rule,
                    definition,
                    params: Value::object(settings.params_of(rule, definition)),
                    severity,
                });
            }
            Err(problems) => judged.errors.extend_from_slice(problems),
        }
    }
    active
}

fn work<'a, 'r>(active: &'a [Active<'a>], facts: &Facts<'_, 'r>) -> Vec<Work<'a, 'r>> {
    let mut work = Vec::new();
    for active in active {
        for check in active.definition.checks.iter().filter(|check| facts.occurs(&check.target)) {
            let mut subjects = facts.subjects(&check.target).into_iter().peekable();
            while subjects.peek().is_some() {
                work.push(Work { active, check, subjects: subjects.by_ref().take(CHUNK).collect() });
            }
        }
    }
    work
}

/// The verdicts of one piece of work, and how long they took.
struct Outcomes {
    outcomes: Vec<Outcome>,
    time: Duration,
}

fn judge_piece<'r>(piece: &Work<'_, 'r>, facts: &Facts<'_, 'r>, clock: Clock) -> Outcomes {
    let begun = clock.now();
    // Rules read no files: what they know is in the graph.
    let (system, sources) = (Memory::new(), SourceMap::default());
    let boundary = Boundary::at(&system, std::path::Path::new("/"));
    let judged = piece.subjects.iter().map(|subject| {
        let mut context = Context::new(&system, &boundary, &sources, PathBuf::from("/"), Dialect::Rules);
        context.limits = limits();
        let (rule, check) = (piece.active.rule, piece.check);
        Case { rule, check, params: &piece.active.params, facts, context: &context }.judge(subject)
    });
    Outcomes { outcomes: judged.collect(), time: clock.now().saturating_sub(begun) }
}

fn finding(
    active: &Active<'_>,
    subject: &Subject<'_>,
    problem: Problem,
    facts: &Facts<'_, '_>,
    around: Surroundings<'_>,
    fingerprint: String,
) -> Finding {
    let environment = subject.instance.and_then(|instance| facts.graph.environment(instance).name.clone());
    let severity = match active.severity {
        Some(severity) => severity,
        None => scaled(problem.severity, active.rule, environment.as_deref(), facts.settings),
    };
    let locate = |span| around.sources.location(span);
    let related = problem
        .related
        .into_iter()
        .filter_map(|(message, span)| Some(Related { message, location: locate(span)?, span: Some(span) }));
    Finding {
        rule: active.rule.id.clone(),
        severity,
        verdict: problem.verdict,
        address: subject.address.to_string(),
        resource_type: subject.resource_type.clone(),
        environment: environment.map(|name| name.to_string()),
        message: problem.message,
        help: problem.help,
        location: problem.place.and_then(locate),
        span: problem.place,
        related: related.collect(),
        because: problem.because,
        fingerprint,
        waiver: None,
        known: KnownState::New,
        root: facts.graph.root().path.to_string_lossy().replace('\\', "/"),
    }
}

/// Environments that are not production weigh a step less, but separation and critical findings do not.
fn scaled(severity: Severity, rule: &Rule, environment: Option<&str>, settings: &Settings) -> Severity {
    let is_lowered = environment.is_some_and(|name| settings.lowered_environments.iter().any(|it| it == name));
    if is_lowered && severity != Severity::Critical && &*rule.domain != "seg" { severity.lowered() } else { severity }
}
