//! The functions that only rules have: joins, environments, policies, versions.
//!
//! One file a theme; each has a table of [`RuleFunction`]s that is listed in [`THEMES`]. A function is treated as
//! Terraform's are: arguments are converted and counted, null and unknown ones are kept away unless it asks for them.

mod account;
mod address;
mod certificate;
mod environment;
mod knowledge;
mod log_store;
mod network;
mod policy;
mod principal;
mod reachability;
mod relation;
mod schema;
mod segregation;
mod tags;
mod time;
mod tls_policy;
mod version;

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

pub(super) use environment::environment_names;

use super::scope::{RuleScope, unknown_because};
use super::subject::{Facts, Subject};
use crate::eval::functions::{Call, Function, FunctionError, Parameter, Signature, Unknowns, call_with, find};
use crate::eval::{Context, EvalError};
use crate::terraform::Instance;
use crate::value::{Kind, Type, Value};

/// The tables, one a theme. A new theme is one line here.
const THEMES: &[&[RuleFunction]] = &[
    relation::FUNCTIONS,
    environment::FUNCTIONS,
    knowledge::FUNCTIONS,
    version::FUNCTIONS,
    address::FUNCTIONS,
    network::FUNCTIONS,
    reachability::FUNCTIONS,
    log_store::FUNCTIONS,
    account::FUNCTIONS,
    segregation::FUNCTIONS,
    policy::FUNCTIONS,
    principal::FUNCTIONS,
    schema::FUNCTIONS,
    tags::FUNCTIONS,
    time::FUNCTIONS,
    tls_policy::FUNCTIONS,
    certificate::FUNCTIONS,
];

/// A function of the rule language.
pub struct RuleFunction {
    /// How it is called.
    pub signature: Function,
    /// What it gives, in a sentence.
    pub about: &'static str,
    body: Body,
}

/// Work of a function: the call with its arguments converted, and what it may ask.
type Body = fn(&Call<'_>, &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError>;

/// What a function may ask besides its arguments.
pub(super) struct Surroundings<'s, 'f, 'r> {
    pub(super) facts: &'s Facts<'f, 'r>,
    pub(super) subject: &'s Subject<'r>,
}

impl RuleFunction {
    const fn new(
        name: &'static str,
        parameters: &'static [Parameter],
        result: Signature,
        about: &'static str,
        body: Body,
    ) -> Self {
        Self { signature: Function::new(name, parameters, result, unreachable_body), about, body }
    }

    const fn with_variadic(self, parameter: Parameter) -> Self {
        Self { signature: self.signature.with_variadic(parameter), ..self }
    }
}

/// Stands where Terraform's functions have their implementation; [`call`] uses the body instead.
fn unreachable_body(_: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    Err(FunctionError::new("it can be called only in rules"))
}

/// A parameter that takes an instance's object, or anything else as it is.
const fn anything(name: &'static str) -> Parameter {
    Parameter::new(name, Signature::Any).or_null().with_unknowns(Unknowns::Any).with_marks()
}

/// A parameter that takes known text.
const fn text(name: &'static str) -> Parameter {
    Parameter::new(name, Signature::String)
}

/// All functions of the rule language, theme by theme.
pub fn all() -> impl Iterator<Item = &'static RuleFunction> {
    THEMES.iter().flat_map(|theme| theme.iter())
}

/// The names of all functions that a rule may call, Terraform's among them.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let terraform = crate::eval::functions::all().map(|function| function.name);
    all().map(|function| function.signature.name).chain(terraform).chain(["try", "can"])
}

/// The signature of a function that a rule may call.
pub(super) fn signature(name: &str) -> Option<&'static Function> {
    own(name).map(|function| &function.signature).or_else(|| find(name))
}

fn own(name: &str) -> Option<&'static RuleFunction> {
    static TABLE: OnceLock<FxHashMap<&'static str, &'static RuleFunction>> = OnceLock::new();
    TABLE.get_or_init(|| all().map(|function| (function.signature.name, function)).collect()).get(name).copied()
}

/// Calls a function of the rule language; `None` if it is not one.
pub(super) fn call(
    call: &Call<'_>,
    scope: &RuleScope<'_, '_, '_>,
    context: &Context<'_>,
) -> Option<Result<Value, EvalError>> {
    let function = own(call.name)?;
    if let Some(answer) = about_no_instance(function, call) {
        return Some(Ok(answer));
    }
    let surroundings = Surroundings { facts: scope.facts, subject: scope.subject };
    let body = |call: &Call<'_>, _: &Context<'_>| (function.body)(call, &surroundings);
    Some(call_with(&function.signature, &body, call, context))
}

/// What is asked about an instance that is not known cannot be known either.
fn about_no_instance(function: &RuleFunction, call: &Call<'_>) -> Option<Value> {
    let takes_instance = function.signature.parameters.first().is_some_and(|parameter| parameter.name == "instance");
    let value = call.args.first().filter(|value| takes_instance && value.identity().is_none())?;
    let unknown = unknown_because(Type::Any, &value.as_unknown()?.reasons);
    Some(Kind::Unknown(Arc::new(unknown)).into())
}

impl<'r> Surroundings<'_, '_, 'r> {
    /// The instance that an argument is: `self`, or an object that a function gave.
    fn instance(&self, call: &Call<'_>, idx: usize) -> Result<&'r Instance, FunctionError> {
        let value = call.value(idx)?;
        let found = value.identity().and_then(|address| self.facts.graph.instance(address));
        found.ok_or_else(|| {
            FunctionError::argument(idx, "it must be an instance: self, or what related() or resources() gives")
        })
    }
}
