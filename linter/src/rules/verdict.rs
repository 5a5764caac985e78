//! One check on one subject: its verdict, and what is told about it.

use super::blame::{Blame, Read, Truth, items};
use super::code::Code;
use super::message;
use super::rule::{Assert, Check, Rule};
use super::scope::RuleScope;
use super::subject::{Facts, Subject};
use crate::diagnostic::{Diagnostic, Severity, Verdict};
use crate::eval::{self, Context, EvalError};
use crate::source::Span;
use crate::syntax::Expr;
use crate::value::{Kind, Knowledge, Member, OriginKind, Reason, Type, Unknown, Value, convert};

/// A rule on one root.
pub(super) struct Case<'c, 'f, 'r> {
    pub(super) rule: &'c Rule,
    pub(super) check: &'c Check,
    /// The object that `params` is.
    pub(super) params: &'c Value,
    pub(super) facts: &'c Facts<'f, 'r>,
    pub(super) context: &'c Context<'c>,
}

/// The verdict on a subject and what is worth telling.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// The worst of all elements; `None` if the check does not concern the subject.
    pub(super) verdict: Option<Verdict>,
    pub(super) problems: Vec<Problem>,
    /// Mistakes in the rule.
    pub(super) errors: Vec<Diagnostic>,
}

/// A failure, or something that could not be decided.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) verdict: Verdict,
    /// As the check says; before overrides and scaling.
    pub(super) severity: Severity,
    pub(super) message: String,
    pub(super) help: Option<String>,
    pub(super) place: Option<Span>,
    pub(super) related: Vec<(String, Span)>,
    pub(super) because: Vec<String>,
    /// What the fingerprint is made of besides rule and address.
    pub(super) essence: String,
}

/// A condition's result.
enum Decision {
    True,
    False,
    Unknown(Vec<Reason>),
}

/// One element to judge.
struct Element {
    each: Option<(Value, Value)>,
    /// Whether it is known to be there.
    certain: bool,
}

impl<'f, 'r> Case<'_, 'f, 'r> {
    /// Judges a subject.
    pub(super) fn judge(&self, subject: &Subject<'r>) -> Outcome {
        let mut outcome = Outcome::default();
        let scope = RuleScope::new(self.facts, self.check, subject, self.params, None);
        let doubts = match self.decide(self.check.when.as_ref(), &scope) {
            Ok(Decision::True) => Vec::new(),
            Ok(Decision::False) => return outcome,
            Ok(Decision::Unknown(reasons)) => reasons,
            Err(error) => {
                self.mistake(&error, &scope, &mut outcome);
                return outcome;
            }
        };
        let Some(for_each) = &self.check.for_each else {
            let element = Element { each: None, certain: true };
            self.judge_element(subject, element, None, &doubts, &mut outcome);
            return outcome;
        };
        match eval::evaluate(for_each.expr(), &scope, self.context) {
            Ok(collection) => self.judge_collection(subject, &scope, &collection, &doubts, &mut outcome),
            Err(error) => self.mistake(&error, &scope, &mut outcome),
        }
        outcome
    }

    fn judge_collection(
        &self,
        subject: &Subject<'r>,
        scope: &RuleScope<'_, 'f, 'r>,
        collection: &Value,
        doubts: &[Reason],
        outcome: &mut Outcome,
    ) {
        let place = self.blame(scope, None).place_of(collection);
        // Blocks of the instance itself that may be written any number of times are wrong each time they are.
        let is_own = self.check.for_each.as_ref().is_some_and(|code| is_part_of_self(code.expr()));
        for element in elements(collection) {
            let doubts = match element.certain || is_own {
                true => doubts.to_vec(),
                false => [doubts, &reasons_of(collection)].concat(),
            };
            self.judge_element(subject, element, place, &doubts, outcome);
        }
        // What is not known of the collection could still hold a bad element.
        let reasons = open_reasons(collection);
        if !reasons.is_empty() && outcome.verdict != Some(Verdict::Fail) {
            let reasons = [doubts, &reasons].concat();
            let blame = self.blame(scope, place);
            let read = Read {
                reference: "for_each".to_owned(),
                value: collection.clone(),
                place: place.or(subject.span),
                missing_steps: 0,
            };
            outcome.worsen(Verdict::Undetermined);
            outcome.problems.push(self.undetermined(scope, &blame, None, vec![read], &reasons));
        } else if outcome.verdict.is_none() && items(collection).is_empty() {
            outcome.worsen(Verdict::Pass);
        }
    }

    fn judge_element(
        &self,
        subject: &Subject<'r>,
        element: Element,
        collection: Option<Span>,
        doubts: &[Reason],
        outcome: &mut Outcome,
    ) {
        let scope = RuleScope::new(self.facts, self.check, subject, self.params, element.each);
        for assert in &self.check.asserts {
            if let Err(error) = self.judge_assert(assert, &scope, collection, doubts, outcome) {
                self.mistake(&error, &scope, outcome);
            }
        }
    }

    fn judge_assert(
        &self,
        assert: &Assert,
        scope: &RuleScope<'_, 'f, 'r>,
        collection: Option<Span>,
        doubts: &[Reason],
        outcome: &mut Outcome,
    ) -> Result<(), EvalError> {
        let mut doubts = doubts.to_vec();
        match self.decide(assert.when.as_ref(), scope)? {
            Decision::True => {}
            Decision::False => return Ok(()),
            Decision::Unknown(reasons) => doubts.extend(reasons),
        }
        let decision = self.decide(Some(&assert.condition), scope)?;
        let blame = self.blame(scope, collection);
        match decision {
            Decision::True => outcome.worsen(Verdict::Pass),
            Decision::False if doubts.is_empty() => {
                let reads = blame.reads(&assert.condition, Truth::False);
                let problem = self.failure(assert, scope, &blame, reads)?;
                outcome.worsen(Verdict::Fail);
                outcome.problems.push(problem);
            }
            Decision::False => {
                // Whether it applies is what is open, so that decides where to look.
                let whens = [assert.when.as_ref(), self.check.when.as_ref()];
                let mut reads: Vec<Read> =
                    whens.into_iter().flatten().flat_map(|when| blame.reads(when, Truth::Unknown)).collect();
                reads.retain(|read| read.value.is_unknown());
                reads.extend(blame.reads(&assert.condition, Truth::False));
                outcome.worsen(Verdict::Undetermined);
                outcome.problems.push(self.undetermined(scope, &blame, Some(assert), reads, &doubts));
            }
            Decision::Unknown(reasons) => {
                let reads = blame.reads(&assert.condition, Truth::Unknown);
                doubts.extend(reasons);
                outcome.worsen(Verdict::Undetermined);
                outcome.problems.push(self.undetermined(scope, &blame, Some(assert), reads, &doubts));
            }
        }
        Ok(())
    }

    fn blame<'b, 's>(&'b self, scope: &'b RuleScope<'s, 'f, 'r>, collection: Option<Span>) -> Blame<'b, 's, 'f, 'r> {
        Blame { rule_file: self.check.span.file, scope, context: self.context, collection }
    }

    fn decide(&self, condition: Option<&Code>, scope: &RuleScope<'_, 'f, 'r>) -> Result<Decision, EvalError> {
        let Some(condition) = condition else { return Ok(Decision::True) };
        let value = eval::evaluate(condition.expr(), scope, self.context)?;
        decision(&value).map_err(|message| EvalError::new(condition.span(), message))
    }

    fn failure(
        &self,
        assert: &Assert,
        scope: &RuleScope<'_, 'f, 'r>,
        blame: &Blame<'_, '_, 'f, 'r>,
        reads: Vec<Read>,
    ) -> Result<Problem, EvalError> {
        let text = message::text(&assert.error_message, scope, self.context)?;
        let severity = self.severity(assert, scope)?;
        let help = assert.help.as_ref().map(|code| message::text(code, scope, self.context)).transpose()?;
        let place = self.place(Some(assert), scope, blame, &reads);
        Ok(Problem {
            verdict: Verdict::Fail,
            severity,
            message: text,
            help,
            place,
            related: related(scope.subject, &reads, place, blame),
            because: references(&reads),
            essence: essence(scope, &reads),
        })
    }

    fn undetermined(
        &self,
        scope: &RuleScope<'_, 'f, 'r>,
        blame: &Blame<'_, '_, 'f, 'r>,
        assert: Option<&Assert>,
        reads: Vec<Read>,
        reasons: &[Reason],
    ) -> Problem {
        let mut because: Vec<String> = Vec::new();
        for reason in reasons.iter().map(Reason::to_string) {
            if !because.contains(&reason) && because.len() < Unknown::MAX_REASONS {
                because.push(reason);
            }
        }
        let why = because.first().map_or_else(|| "a value is not known".to_owned(), String::clone);
        let place = self.place(assert, scope, blame, &reads);
        let help = assert.and_then(|assert| assert.help.as_ref());
        Problem {
            verdict: Verdict::Undetermined,
            severity: assert.and_then(|it| self.severity(it, scope).ok()).unwrap_or(self.rule.severity),
            message: format!("{}? Not decided: {why}", self.rule.summary),
            help: help.and_then(|code| message::text(code, scope, self.context).ok()),
            place,
            related: related(scope.subject, &reads, place, blame),
            because,
            essence: essence(scope, &reads),
        }
    }

    fn severity(&self, assert: &Assert, scope: &RuleScope<'_, 'f, 'r>) -> Result<Severity, EvalError> {
        let Some(code) = &assert.severity else { return Ok(self.rule.severity) };
        let value = eval::evaluate(code.expr(), scope, self.context)?;
        match value.as_str() {
            Some(text) => text.parse().map_err(|message: String| EvalError::new(code.span(), message)),
            // Not known, or null: the rule's own.
            None => Ok(self.rule.severity),
        }
    }

    /// Where to look first.
    fn place(
        &self,
        assert: Option<&Assert>,
        scope: &RuleScope<'_, 'f, 'r>,
        blame: &Blame<'_, '_, 'f, 'r>,
        reads: &[Read],
    ) -> Option<Span> {
        let told = assert.and_then(|assert| blame.place_told(assert.at.as_ref()?));
        let read = || reads.iter().find_map(|read| read.place);
        told.or_else(read).or_else(|| blame.element_place()).or(scope.subject.span)
    }

    /// A mistake in the rule leaves the verdict open.
    fn mistake(&self, error: &EvalError, scope: &RuleScope<'_, 'f, 'r>, outcome: &mut Outcome) {
        let subject = scope.subject;
        let mut diagnostic = error.to_diagnostic();
        diagnostic.message = format!("Rule {} could not judge {}: {}", self.rule.id, subject.address, error.message);
        if outcome.errors.is_empty() {
            outcome.errors.push(diagnostic);
            let blame = self.blame(scope, None);
            let reasons = [Reason::Error(error.message.as_str().into())];
            let problem = self.undetermined(scope, &blame, None, Vec::new(), &reasons);
            outcome.problems.push(problem);
        }
        outcome.worsen(Verdict::Undetermined);
    }
}

impl Outcome {
    fn worsen(&mut self, verdict: Verdict) {
        let weight = |verdict: Verdict| match verdict {
            Verdict::NotApplicable => 0,
            Verdict::Pass => 1,
            Verdict::Undetermined => 2,
            Verdict::Fail => 3,
        };
        if self.verdict.is_none_or(|now| weight(now) < weight(verdict)) {
            self.verdict = Some(verdict);
        }
    }
}

fn decision(value: &Value) -> Result<Decision, String> {
    if let Some(unknown) = value.as_unknown() {
        return Ok(match &unknown.knowledge {
            Knowledge::OneOf(values) if values.iter().all(|it| it.as_bool() == Some(true)) => Decision::True,
            Knowledge::OneOf(values) if values.iter().all(|it| it.as_bool() == Some(false)) => Decision::False,
            _ => Decision::Unknown(unknown.reasons.to_vec()),
        });
    }
    // What is not written is not true.
    if value.is_null() {
        return Ok(Decision::False);
    }
    let truth = convert(value, &Type::Bool).ok().and_then(|value| value.as_bool());
    match truth {
        Some(true) => Ok(Decision::True),
        Some(false) => Ok(Decision::False),
        None => Err(format!("a condition must be true or false, not {}", value.type_of().friendly())),
    }
}

fn elements(collection: &Value) -> Vec<Element> {
    let members: &[Member] = match collection.as_unknown().map(|unknown| &unknown.knowledge) {
        Some(Knowledge::Members(members)) => members,
        _ => &[],
    };
    let is_certain = |idx: usize| members.get(idx).is_none_or(|member| member.certain);
    let pairs = items(collection).into_iter().enumerate();
    pairs.map(|(idx, each)| Element { each: Some(each), certain: is_certain(idx) }).collect()
}

fn reasons_of(collection: &Value) -> Vec<Reason> {
    collection.as_unknown().map(|unknown| unknown.reasons.to_vec()).unwrap_or_default()
}

/// Why there may be elements that nothing is known of; empty if there are none.
fn open_reasons(collection: &Value) -> Vec<Reason> {
    let Kind::Unknown(unknown) = &collection.kind else { return Vec::new() };
    match &unknown.knowledge {
        Knowledge::Members(members) if members.iter().any(|member| !member.certain) => Vec::new(),
        _ => unknown.reasons.to_vec(),
    }
}

fn is_part_of_self(expr: Expr<'_>) -> bool {
    expr.as_traversal().is_some_and(|reference| reference.root == "self")
}

/// Second places: where values came from, and the module calls on the way.
fn related(
    subject: &Subject<'_>,
    reads: &[Read],
    place: Option<Span>,
    blame: &Blame<'_, '_, '_, '_>,
) -> Vec<(String, Span)> {
    let mut related: Vec<(String, Span)> = Vec::new();
    let mut add = |text: String, span: Span| {
        let is_new = Some(span) != place && !related.iter().any(|(_, other)| *other == span);
        if is_new && span.file != blame.rule_file {
            related.push((text, span));
        }
    };
    for read in reads.iter().filter(|read| read.missing_steps == 0) {
        for step in read.value.origin.iter().flat_map(|origin| origin.steps()) {
            let Some(span) = step.span else { continue };
            match &step.kind {
                OriginKind::VariableDefault(name) => add(format!("{name} gets its value here, by default"), span),
                OriginKind::VariableFile(name) => add(format!("{name} gets its value here"), span),
                OriginKind::ModuleArgument(name) => add(format!("{name} is passed here"), span),
                OriginKind::ProviderDefault => add("the provider's defaults say so here".to_owned(), span),
                OriginKind::Literal
                | OriginKind::Attribute(_)
                | OriginKind::Block(_)
                | OriginKind::Reference(_)
                | OriginKind::VariableGiven(_)
                | OriginKind::AssumedDefault
                | OriginKind::Plan => {}
            }
        }
    }
    for call in subject.calls.iter().rev() {
        add("in the module called here".to_owned(), *call);
    }
    related
}

/// The references that values came through: `var.cidr`.
fn references(reads: &[Read]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for read in reads.iter().filter(|read| read.missing_steps == 0) {
        for step in read.value.origin.iter().flat_map(|origin| origin.steps()) {
            let name = match &step.kind {
                OriginKind::Reference(name) => name,
                OriginKind::Literal
                | OriginKind::Attribute(_)
                | OriginKind::Block(_)
                | OriginKind::VariableDefault(_)
                | OriginKind::VariableFile(_)
                | OriginKind::VariableGiven(_)
                | OriginKind::ModuleArgument(_)
                | OriginKind::ProviderDefault
                | OriginKind::AssumedDefault
                | OriginKind::Plan => continue,
            };
            let is_rule_word = ["each.", "local.", "self", "params"].iter().any(|word| name.starts_with(word));
            if !is_rule_word && !names.iter().any(|known| **known == **name) {
                names.push(name.to_string());
            }
        }
    }
    names
}

/// What stays the same when lines move: the references of the rule that failed, and the element by its content.
fn essence(scope: &RuleScope<'_, '_, '_>, reads: &[Read]) -> String {
    let mut essence = reads.first().map(|read| read.reference.clone()).unwrap_or_default();
    if let Some((key, value)) = &scope.each {
        essence.push('\n');
        // The position in a list changes when others are added; the content does not.
        if key.as_number().is_none() {
            essence.push_str(&message::shown(key));
        }
        essence.push('\n');
        essence.push_str(&message::shown(value));
    }
    // The address has its own part in the fingerprint, which follows `moved` blocks.
    essence.replace(&*scope.subject.address, "self")
}
