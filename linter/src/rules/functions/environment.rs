//! Environments of instances.

use std::sync::Arc;

use super::{RuleFunction, Surroundings, anything, text};
use crate::eval::functions::{Call, FunctionError, Signature};
use crate::graph::Environment;
use crate::rules::scope::unknown_because;
use crate::rules::subject::{Facts, record};
use crate::value::{Kind, Origin, OriginKind, Type, Value};

pub(super) const FUNCTIONS: &[RuleFunction] = &[
    RuleFunction::new(
        "environment_of",
        &[anything("instance")],
        Signature::String,
        "The environment of an instance; null if nothing says one.",
        environment_of,
    ),
    RuleFunction::new(
        "environment_signals",
        &[anything("instance")],
        Signature::Any,
        "Everything that says something about the environment of an instance: objects with kind, environment and text.",
        environment_signals,
    ),
    RuleFunction::new(
        "environments",
        &[],
        Signature::Any,
        "The environments that occur in this root, in name order.",
        environments,
    ),
    RuleFunction::new(
        "in_environment",
        &[anything("instance"), text("name")],
        Signature::Bool,
        "Whether an instance belongs to an environment. Any word for it does: \"production\" is prod.",
        in_environment,
    ),
    RuleFunction::new(
        "environment_named",
        &[text("word")],
        Signature::String,
        "The environment that a word means; null if none.",
        environment_named,
    ),
];

fn environment<'s>(call: &Call<'_>, around: &Surroundings<'s, '_, '_>) -> Result<&'s Environment, FunctionError> {
    let instance = around.instance(call, 0)?;
    Ok(around.facts.graph.environment(instance))
}

/// The name of the environment: known, unknown or null.
fn name_of(environment: &Environment) -> Value {
    match &environment.name {
        Some(name) => Value::string(name),
        None if environment.undetermined.is_empty() => Value::null_of(Type::String),
        None => Kind::Unknown(Arc::new(unknown_because(Type::String, &environment.undetermined))).into(),
    }
}

fn environment_of(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    environment(call, around).map(name_of)
}

fn environment_signals(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let signals = environment(call, around)?.signals.iter().map(|signal| {
        let prior = signal.value.as_ref().and_then(|value| value.origin.clone());
        // What is to be mended is the tag, not the variable on the way to it.
        let origin = signal.span.map(|span| Origin::after(OriginKind::Attribute("tags".into()), Some(span), prior));
        record([
            ("kind", Value::string(signal.kind.as_str())),
            ("environment", signal.environment.as_ref().map_or_else(Value::null, Value::string)),
            ("text", Value::string(&signal.text)),
        ])
        .from_origin(origin)
    });
    Ok(Value::tuple(signals.collect::<Vec<_>>()))
}

fn environments(_: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    Ok(around.facts.environment_names().clone())
}

/// The environments that occur in a root.
pub(in crate::rules) fn environment_names(facts: &Facts<'_, '_>) -> Value {
    let instances = facts.graph.root().instances.iter();
    let names: std::collections::BTreeSet<Arc<str>> =
        instances.filter_map(|instance| facts.graph.environment(instance).name.clone()).collect();
    Value::tuple(names.iter().map(Value::string).collect::<Vec<_>>())
}

fn in_environment(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let (environment, word) = (environment(call, around)?, call.text(1)?);
    let wanted = around.facts.settings.environments.environment_named(word);
    let wanted = wanted.as_deref().unwrap_or(word);
    Ok(match &environment.name {
        Some(name) => (**name == *wanted).into(),
        None if environment.undetermined.is_empty() => false.into(),
        None => Kind::Unknown(Arc::new(unknown_because(Type::Bool, &environment.undetermined))).into(),
    })
}

fn environment_named(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let named = around.facts.settings.environments.environment_named(call.text(0)?);
    Ok(named.map_or_else(|| Value::null_of(Type::String), Value::string))
}
