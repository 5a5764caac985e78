//! The environments of those whom policies and bindings name.

use std::sync::Arc;

use super::segregation::environment_name;
use super::{RuleFunction, Surroundings, anything, text};
use crate::eval::functions::{Call, FunctionError, Signature};
use crate::graph::EnvironmentSettings;
use crate::rules::scope::unknown_because;
use crate::terraform::{Instance, Mode};
use crate::value::{Kind, Knowledge, Reason, TemplatePart, Type, Value};

pub(super) const FUNCTIONS: &[RuleFunction] = &[RuleFunction::new(
    "environments_named_by",
    &[anything("value")],
    Signature::Any,
    "The environments that a principal, an id or an account belongs to: those of the instance it refers to, of the account in it, or of a word in its name. \
     An empty list if nothing says any. With a type as second argument instances of it are found by their names too.",
    environments_named_by,
)
.with_variadic(text("type"))];

/// Data sources that show what belongs to the provider's own account.
const OWN: &[&str] = &[
    "aws_caller_identity",
    "aws_canonical_user_id",
    "aws_iam_role",
    "aws_iam_session_context",
    "aws_iam_user",
    "aws_partition",
    "aws_region",
    "azurerm_client_config",
    "azurerm_subscription",
    "google_client_config",
    "google_compute_default_service_account",
    "google_project",
    "google_service_account",
];

fn environments_named_by(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let value = call.value(0)?;
    let graph = around.facts.graph;
    let mut found = graph.resolve(value, None);
    if call.args.len() > 1 {
        found.certain.extend(graph.resolve(value, Some(call.text(1)?)).certain);
    }
    let mut names: Vec<Arc<str>> = Vec::new();
    let mut open: Vec<Reason> = Vec::new();
    for instance in found.certain.iter().chain(&found.possible) {
        let environment = graph.environment(instance);
        match environment_name(environment, instance) {
            Some(name) => names.push(name),
            None if is_from_elsewhere(instance) => open.push(Reason::DataSource(instance.address.clone())),
            None => open.extend(environment.undetermined.iter().cloned()),
        }
    }
    if names.is_empty() {
        names = named(value, &around.facts.settings.environments);
    }
    let is_nothing_found = found.certain.is_empty() && found.possible.is_empty();
    if is_nothing_found {
        open.extend(found.open.iter().cloned());
    }
    names.sort_unstable();
    names.dedup();
    if names.is_empty() && !open.is_empty() {
        let mut unknown = unknown_because(Type::list(Type::String), &open);
        unknown.refinement.not_null = true;
        return Ok(Kind::Unknown(Arc::new(unknown)).into());
    }
    Ok(Value::tuple(names.iter().map(Value::string).collect::<Vec<_>>()).from_origin(value.origin.clone()))
}

fn is_from_elsewhere(instance: &Instance) -> bool {
    instance.mode == Mode::Data && !OWN.contains(&&*instance.resource_type)
}

/// What the known parts of a text say.
fn named(value: &Value, settings: &EnvironmentSettings) -> Vec<Arc<str>> {
    if let Some(text) = value.as_str() {
        return of_text(text, settings);
    }
    let Some(Knowledge::Template(parts)) = value.as_unknown().map(|unknown| &unknown.knowledge) else {
        return Vec::new();
    };
    let mut text = String::new();
    for part in parts.iter() {
        match part {
            TemplatePart::Text(known) => text.push_str(known),
            TemplatePart::Hole(_) => text.push('?'),
        }
    }
    of_text(&text, settings)
}

/// The environments of the account in a text, or else of a word in the name.
fn of_text(text: &str, settings: &EnvironmentSettings) -> Vec<Arc<str>> {
    let is_part = |ch: char| ch.is_ascii_alphanumeric() || ch == '-';
    let mut names: Vec<Arc<str>> = Vec::new();
    for part in text.split(|ch| !is_part(ch)).filter(|part| !part.is_empty()) {
        let declared = settings.declared.iter().filter(|it| it.accounts.iter().any(|account| account == part));
        names.extend(declared.map(|it| it.name.clone()));
    }
    if !names.is_empty() {
        return names;
    }
    for part in telling_parts(text) {
        let words = part.split(|ch: char| !ch.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let mut found: Vec<Arc<str>> = words.filter_map(|word| settings.environment_named(word)).collect();
        found.retain(|name| !settings.vocabulary.is_common_word(name));
        found.dedup();
        // Words that disagree say nothing.
        if found.len() == 1 {
            return found;
        }
    }
    Vec::new()
}

/// The parts of a text whose words tell the environment, the most telling first.
fn telling_parts(text: &str) -> Vec<&str> {
    if text.starts_with("arn:") {
        return text.splitn(6, ':').nth(5).into_iter().collect();
    }
    // Users and groups are people: the word in `group:dev-team@example.org` is no environment.
    let (kind, member) = text.split_once(':').unwrap_or(("serviceAccount", text));
    let Some((account, host)) = member.split_once('@').filter(|_| kind == "serviceAccount") else {
        let is_project = kind == "serviceAccount" && !member.contains('.') && !member.contains('/');
        return if is_project { vec![member] } else { Vec::new() };
    };
    let project = host.strip_suffix(".iam.gserviceaccount.com");
    project.into_iter().chain(project.map(|_| account)).collect()
}
