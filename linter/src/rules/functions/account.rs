//! Accounts, subscriptions and projects: whether two things live in the same one.

use std::sync::Arc;

use super::{RuleFunction, Surroundings, anything};
use crate::eval::functions::{Call, FunctionError, Signature};
use crate::rules::scope::unknown_because;
use crate::terraform::{Instance, Mode};
use crate::value::{Fields, Kind, Knowledge, Reason, Type, Value};

pub(super) const FUNCTIONS: &[RuleFunction] = &[RuleFunction::new(
    "in_same_account",
    &[anything("instance"), anything("value")],
    Signature::Bool,
    "Whether what a value names (an instance, a reference, an ARN or an id) lives in the account, subscription or project of an instance.",
    in_same_account,
)];

/// What is known about two places.
enum Answer {
    Same,
    Different,
    Open(Vec<Reason>),
}

fn in_same_account(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let (instance, value) = (around.instance(call, 0)?, call.value(1)?);
    Ok(match answer(instance, value, around) {
        Answer::Same => true.into(),
        Answer::Different => false.into(),
        Answer::Open(reasons) => Kind::Unknown(Arc::new(unknown_because(Type::Bool, &reasons))).into(),
    })
}

fn answer(instance: &Instance, value: &Value, around: &Surroundings<'_, '_, '_>) -> Answer {
    if let Some(account) = value.as_str().and_then(account_in) {
        let own = own_account(instance).filter(|own| is_id(own, instance));
        return match own.as_ref().and_then(Value::as_str) {
            Some(own) if *own == *account => Answer::Same,
            Some(_) => Answer::Different,
            None => unwritten(instance),
        };
    }
    let found = match value.as_str().and_then(|text| text.strip_prefix("storage.googleapis.com/")) {
        Some(path) => {
            let bucket = Value::string(path.split('/').next().unwrap_or(path));
            around.facts.graph.resolve(&bucket, Some("google_storage_bucket"))
        }
        None => around.facts.graph.resolve(value, None),
    };
    let mut others = found.certain.iter().chain(&found.possible);
    match (others.next(), others.next()) {
        _ if !found.open.is_empty() => Answer::Open(found.open.clone()),
        (Some(other), None) => compare(instance, other),
        (None, _) => {
            because(format!("{} is not part of this configuration", value.as_str().unwrap_or("what it names")))
        }
        (Some(_), Some(_)) => because("it may be one of several things".to_owned()),
    }
}

fn because(message: String) -> Answer {
    Answer::Open(vec![Reason::Error(message.into())])
}

fn unwritten(instance: &Instance) -> Answer {
    because(format!("the account of {} is not written down", instance.address))
}

/// The account in an ARN, the subscription in an Azure id, the project in a Google name.
fn account_in(text: &str) -> Option<&str> {
    let after = |marker: &str| text.split_once(marker).and_then(|(_, rest)| rest.split('/').next());
    let account = if text.starts_with("arn:") { text.split(':').nth(4) } else { None };
    account.or_else(|| after("/subscriptions/")).or_else(|| after("projects/")).filter(|account| !account.is_empty())
}

fn compare(one: &Instance, other: &Instance) -> Answer {
    if other.mode == Mode::Data {
        return Answer::Open(vec![Reason::DataSource(other.address.clone())]);
    }
    let same_provider = one.provider.name == other.provider.name;
    // Only Google's resources name their project themselves; elsewhere one provider configuration is one account.
    if same_provider && !is_google(one) {
        return Answer::Same;
    }
    match (own_account(one), own_account(other)) {
        (Some(mine), Some(theirs)) => compare_accounts(&mine, &theirs, is_id(&mine, one) && is_id(&theirs, other)),
        (None, None) if same_provider || !(has_credentials(one) || has_credentials(other)) => Answer::Same,
        (Some(_), None) => unwritten(other),
        (None, Some(_) | None) => unwritten(one),
    }
}

fn compare_accounts(mine: &Value, theirs: &Value, are_ids: bool) -> Answer {
    match (mine.as_str(), theirs.as_str()) {
        (Some(mine), Some(theirs)) if mine == theirs => return Answer::Same,
        (Some(_), Some(_)) if are_ids => return Answer::Different,
        (Some(_), Some(_)) => return because("the accounts behind two profiles are not written down".to_owned()),
        (Some(_) | None, None) | (None, Some(_)) => {}
    }
    match (created_project(mine), created_project(theirs)) {
        (Some(mine), Some(theirs)) if mine == theirs => Answer::Same,
        (Some(_), Some(_)) => Answer::Different,
        (Some(_) | None, None) | (None, Some(_)) => {
            let unknowns = [mine, theirs].into_iter().filter_map(Value::as_unknown);
            Answer::Open(unknowns.flat_map(|unknown| unknown.reasons.iter().cloned()).collect())
        }
    }
}

/// The address of the project in this configuration that a value names.
fn created_project(value: &Value) -> Option<&str> {
    match &value.as_unknown()?.knowledge {
        Knowledge::Symbol(symbol) if symbol.address.rsplit('.').nth(1) == Some("google_project") => {
            Some(&symbol.address)
        }
        Knowledge::Symbol(_)
        | Knowledge::Nothing
        | Knowledge::Template(_)
        | Knowledge::Json(_)
        | Knowledge::Yaml(_)
        | Knowledge::Base64(_)
        | Knowledge::OneOf(_)
        | Knowledge::Members(_) => None,
    }
}

fn is_google(instance: &Instance) -> bool {
    instance.resource_type.starts_with("google_")
}

/// Whether this is the account itself. A profile of the AWS command line only stands for one.
fn is_id(account: &Value, instance: &Instance) -> bool {
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !instance.resource_type.starts_with("aws_") || account.as_str().is_none_or(is_number)
}

/// The account, subscription, project or profile that an instance is made in, as far as it is written down.
pub(super) fn own_account(instance: &Instance) -> Option<Value> {
    let given = |fields: Option<&Fields>, name: &str| fields?.get(name).filter(|value| !value.is_null()).cloned();
    let config = instance.provider.config.as_deref().and_then(Value::as_fields);
    if is_google(instance) {
        return given(instance.values.as_fields(), "project").or_else(|| given(config, "project"));
    }
    let items = |name: &str| config?.get(name)?.as_items();
    let role = items("assume_role").and_then(|roles| roles.first()?.as_fields()?.get("role_arn")?.as_str());
    let of_role = role.and_then(account_in).map(Value::string);
    let allowed = items("allowed_account_ids").and_then(|ids| if let [only] = ids { Some(only.clone()) } else { None });
    let named = || ["subscription_id", "profile"].iter().find_map(|name| given(config, name));
    of_role.or(allowed).or_else(named)
}

/// Whether the provider configuration says who it is, so that it may be somebody else than the next.
fn has_credentials(instance: &Instance) -> bool {
    const NAMES: &[&str] = &["assume_role", "assume_role_with_web_identity", "access_key", "client_id", "credentials"];
    let config = instance.provider.config.as_deref().and_then(Value::as_fields);
    let is_said = |value: &Value| !value.is_null() && value.as_items().is_none_or(|items| !items.is_empty());
    NAMES.iter().filter_map(|name| config?.get(*name)).any(is_said)
}
