//! Access policies as AWS writes them: JSON text, `jsonencode()`, policy documents, text with holes.

mod condition;
mod document;
mod statement;

use std::sync::Arc;

use super::{RuleFunction, Surroundings, anything, text};
use crate::eval::functions::{Call, FunctionError, Signature};
use crate::value::{Kind, Type, Unknown, Value};
use statement::{Answer, Policy};

pub(super) const FUNCTIONS: &[RuleFunction] = &[
    RuleFunction::new(
        "policy_statements",
        &[anything("policy")],
        Signature::Any,
        "The statements of an access policy in one form: objects with sid, effect, principals, not_principals, actions, not_actions, resources, not_resources, conditions (operator, key, values); what may be one or many is a list.",
        policy_statements,
    ),
    RuleFunction::new(
        "policy_allows",
        &[anything("policy"), text("action")],
        Signature::Bool,
        "Whether a statement allows an action. A third argument asks for a principal, such as \"*\". Conditions are not looked at.",
        policy_allows,
    )
    .with_variadic(text("principal")),
    RuleFunction::new(
        "policy_denies",
        &[anything("policy"), text("action")],
        Signature::Bool,
        "Whether a statement denies an action, whatever its conditions.",
        policy_denies,
    ),
    RuleFunction::new(
        "policy_is_public",
        &[anything("policy")],
        Signature::Bool,
        "Whether a statement allows anybody something, without a condition that limits who it is or where from.",
        policy_is_public,
    ),
    RuleFunction::new(
        "policy_requires_tls",
        &[anything("policy")],
        Signature::Bool,
        "Whether everybody is denied without TLS: aws:SecureTransport is false.",
        policy_requires_tls,
    ),
];

fn policy_statements(call: &Call<'_>, _: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let given = call.value(0)?;
    Ok(statement::normalised(given).from_origin(given.origin.clone()))
}

fn policy_allows(call: &Call<'_>, _: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let (action, principal) = (call.text(1)?, call.args.get(2).and_then(Value::as_str));
    ask(call, |policy| {
        policy.any(|it| {
            let who = principal.map_or(Answer::Yes, |principal| it.names(principal));
            it.has_effect("allow").and(it.covers(action)).and(who)
        })
    })
}

fn policy_denies(call: &Call<'_>, _: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let action = call.text(1)?;
    ask(call, |policy| policy.any(|it| it.has_effect("deny").and(it.covers(action))))
}

fn policy_is_public(call: &Call<'_>, _: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    ask(call, |policy| {
        policy.any(|it| it.has_effect("allow").and(it.names_anybody()).and(condition::limits_who(it).not()))
    })
}

fn policy_requires_tls(call: &Call<'_>, _: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    ask(call, |policy| {
        policy.any(|it| it.has_effect("deny").and(it.names_anybody()).and(condition::is_without_tls(it)))
    })
}

/// Asks a question about the policy in the first argument.
fn ask(call: &Call<'_>, question: impl Fn(&Policy) -> Answer) -> Result<Value, FunctionError> {
    let given = call.value(0)?;
    let answer = question(&Policy::read(given));
    Ok(match answer {
        Answer::Yes => true.into(),
        Answer::No => false.into(),
        Answer::Open => {
            let unknown = Unknown::derived(Type::Bool, given.unknowns_within());
            Kind::Unknown(Arc::new(unknown)).into()
        }
    })
}

#[cfg(test)]
mod tests;
