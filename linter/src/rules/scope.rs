//! What names mean in a rule: `self`, `each`, `local`, `params`, `time`, `settings`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::functions;
use super::rule::Check;
use super::settings::DATA_DATE;
use super::subject::{Facts, Subject, record};
use crate::eval::functions::Call;
use crate::eval::{self, Context, EvalError, Resolved, Scope};
use crate::syntax::{Traversal, TraversalStep};
use crate::value::{Reason, Type, Value};

/// The scope of one check on one subject, or on one element of it.
pub(super) struct RuleScope<'s, 'f, 'r> {
    pub(super) facts: &'s Facts<'f, 'r>,
    pub(super) check: &'s Check,
    pub(super) subject: &'s Subject<'r>,
    pub(super) params: &'s Value,
    /// Key and value of the element.
    pub(super) each: Option<(Value, Value)>,
    locals: RefCell<BTreeMap<Arc<str>, Local>>,
}

/// A local: being evaluated, or done.
enum Local {
    InProgress,
    Done(Result<Value, EvalError>),
}

impl<'s, 'f, 'r> RuleScope<'s, 'f, 'r> {
    pub(super) fn new(
        facts: &'s Facts<'f, 'r>,
        check: &'s Check,
        subject: &'s Subject<'r>,
        params: &'s Value,
        each: Option<(Value, Value)>,
    ) -> Self {
        Self { facts, check, subject, params, each, locals: RefCell::default() }
    }

    fn local(&self, name: &str, context: &Context<'_>) -> Option<Result<Value, EvalError>> {
        let (name, code) = self.check.locals.get_key_value(name)?;
        match self.locals.borrow().get(name) {
            Some(Local::Done(result)) => return Some(result.clone()),
            Some(Local::InProgress) => {
                let message = format!("local.{name} depends on itself");
                return Some(Err(EvalError::fixed(code.span(), message)));
            }
            None => {}
        }
        self.locals.borrow_mut().insert(name.clone(), Local::InProgress);
        let result = eval::evaluate(code.expr(), self, context);
        self.locals.borrow_mut().insert(name.clone(), Local::Done(result.clone()));
        Some(result)
    }
}

impl Scope for RuleScope<'_, '_, '_> {
    fn resolve(&self, reference: &Traversal<'_>, context: &Context<'_>) -> Result<Resolved, EvalError> {
        let whole = |value: Value| Ok(Resolved { value, steps: 0 });
        match reference.root {
            "self" => whole(self.subject.object.clone()),
            "each" => match &self.each {
                Some((key, value)) => whole(record([("key", key.clone()), ("value", value.clone())])),
                None => Err(EvalError::fixed(reference.span, "each can be used only in a check with for_each")),
            },
            "params" => whole(self.params.clone()),
            "time" => {
                let sources = self.facts.settings.time_sources.iter().map(Value::string).collect::<Vec<_>>();
                whole(record([("sources", Value::tuple(sources))]))
            }
            "settings" => whole(settings_object(self.facts)),
            "local" => {
                let Some(TraversalStep::Attr(name)) = reference.steps.first() else {
                    return Err(EvalError::fixed(reference.span, "local is followed by a name: local.x"));
                };
                match self.local(name, context) {
                    Some(result) => result.map(|value| Resolved { value, steps: 1 }),
                    None => Err(EvalError::fixed(reference.span, format!("There is no local.{name}"))),
                }
            }
            other => Err(EvalError::fixed(reference.span, format!("Nothing is called {other:?} here"))),
        }
    }

    fn call(&self, call: &Call<'_>, context: &Context<'_>) -> Option<Result<Value, EvalError>> {
        functions::call(call, self, context)
    }
}

fn settings_object(facts: &Facts<'_, '_>) -> Value {
    let strings = |texts: Vec<Value>| Value::tuple(texts);
    let environments = facts.settings.environments.names().map(Value::string).collect();
    let external = facts.settings.external.iter();
    let external = external.map(|it| {
        let provides = it.provides.iter().map(Value::string).collect();
        record([("name", Value::string(&it.name)), ("provides", strings(provides))])
    });
    let as_of = facts.settings.as_of.map_or_else(|| DATA_DATE.to_owned(), |day| day.to_string());
    record([
        ("environments", strings(environments)),
        ("external", strings(external.collect())),
        // As timecmp() wants it.
        ("as_of", Value::string(format!("{as_of}T00:00:00Z"))),
    ])
}

/// A scope with one more name in front.
pub(super) struct Bound<'p> {
    pub(super) parent: &'p dyn Scope,
    pub(super) names: Vec<(&'p str, Value)>,
}

impl Scope for Bound<'_> {
    fn resolve(&self, reference: &Traversal<'_>, context: &Context<'_>) -> Result<Resolved, EvalError> {
        match self.names.iter().rev().find(|(name, _)| *name == reference.root) {
            Some((_, value)) => Ok(Resolved { value: value.clone(), steps: 0 }),
            None => self.parent.resolve(reference, context),
        }
    }

    fn call(&self, call: &Call<'_>, context: &Context<'_>) -> Option<Result<Value, EvalError>> {
        self.parent.call(call, context)
    }
}

/// A value that cannot be known because of `reasons`.
pub(super) fn unknown_because(ty: Type, reasons: &[Reason]) -> crate::value::Unknown {
    let mut unknown = crate::value::Unknown::derived(ty, []);
    unknown.reasons = reasons.iter().take(crate::value::Unknown::MAX_REASONS).cloned().collect();
    unknown
}
