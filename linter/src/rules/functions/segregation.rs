//! What joins environments that should be apart.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::account::own_account;
use super::network::Found;
use super::{RuleFunction, Surroundings, anything, text};
use crate::eval::functions::{Call, FunctionError, Signature};
use crate::graph::{Environment, Signal, SignalKind};
use crate::network::address::AddressSet;
use crate::network::bounds::Certainty;
use crate::network::environment::{PlannedNetwork, ranges_of};
use crate::network::exposure::Width;
use crate::network::filter::{Direction, FilterRule, Group, Peer, PeerKind};
use crate::rules::scope::unknown_because;
use crate::rules::subject::record;
use crate::terraform::{Instance, Mode};
use crate::value::{Kind, Origin, OriginKind, Reason, Type, Value};

/// The environment that serves all others.
const SHARED: &str = "shared";

pub(super) const FUNCTIONS: &[RuleFunction] = &[
    RuleFunction::new(
        "environment_behind",
        &[anything("value")],
        Signature::String,
        "The environment of the one thing that a value refers to. Not known if it is not in this configuration; null if nothing says one. \
         With a type as second argument only instances of it are found, by their names too.",
        environment_behind,
    )
    .with_variadic(text("type")),
    RuleFunction::new(
        "environments_in",
        &[text("text")],
        Signature::Any,
        "The environments that words of a text mean: environments_in(\"states/prod/network.tfstate\") is [\"prod\"].",
        environments_in,
    ),
    RuleFunction::new(
        "root_environments",
        &[],
        Signature::Any,
        "The environments that the resources of this root belong to, shared ones aside: objects with name, address, reason. \
         What only names say counts where nothing stronger says anything.",
        root_environments,
    ),
    RuleFunction::new(
        "account_environments",
        &[],
        Signature::Any,
        "The environments that the resources of each account, subscription or project of this root belong to, shared ones aside: objects with \
         account and environments, the latter as root_environments gives them.",
        account_environments,
    ),
    RuleFunction::new(
        "is_first_unlabelled",
        &[anything("instance"), anything("types")],
        Signature::Bool,
        "Whether an instance is the first of these types in its root of which nothing says the environment.",
        is_first_unlabelled,
    ),
    RuleFunction::new(
        "cross_environment_sources",
        &[anything("instance")],
        Signature::Any,
        "Where filter rules of an instance let in traffic from another environment: objects with source, services, environment, own, rule. \
         Sources that are the whole Internet are left to other rules.",
        cross_environment_sources,
    ),
    RuleFunction::new(
        "overlapping_networks",
        &[anything("instance")],
        Signature::Any,
        "Networks of other environments whose ranges overlap those of an instance: objects with address, environment, range.",
        overlapping_networks,
    ),
];

/// The environment of an instance. A data source is read from anywhere: where it is read says nothing about it.
pub(super) fn environment_name(environment: &Environment, instance: &Instance) -> Option<Arc<str>> {
    let says = |signal: &&Signal| match signal.kind {
        SignalKind::Configured | SignalKind::Tag | SignalKind::Name => true,
        SignalKind::Workspace | SignalKind::Account | SignalKind::Path => instance.mode == Mode::Managed,
    };
    environment.signals.iter().filter(says).find_map(|signal| signal.environment.clone())
}

fn unknown_name(reasons: &[Reason]) -> Value {
    Kind::Unknown(Arc::new(unknown_because(Type::String, reasons))).into()
}

fn environment_behind(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let value = call.value(0)?;
    if value.is_null() {
        return Ok(Value::null_of(Type::String));
    }
    let wanted = if call.args.len() > 1 { Some(call.text(1)?) } else { None };
    let found = around.facts.graph.resolve(value, wanted);
    let mut names: Vec<Arc<str>> = Vec::new();
    let mut open = found.open.clone();
    for instance in found.certain.iter().chain(&found.possible) {
        let environment = around.facts.graph.environment(instance);
        match environment_name(environment, instance) {
            Some(name) if !names.contains(&name) => names.push(name),
            Some(_) => {}
            None if instance.mode == Mode::Data => {
                open.push(Reason::DataSource(instance.address.clone()));
            }
            None => open.extend(environment.undetermined.iter().cloned()),
        }
    }
    if found.certain.is_empty() && found.possible.is_empty() && open.is_empty() {
        let shown = value.as_str().unwrap_or("what it refers to").to_owned();
        open.push(Reason::Error(format!("{shown} is not part of this configuration").into()));
    }
    Ok(match names.as_slice() {
        [only] if open.is_empty() => Value::string(only),
        [] if open.is_empty() => Value::null_of(Type::String),
        [] | [_] | [_, _, ..] => {
            if open.is_empty() {
                open.push(Reason::Error("it may be in several environments".into()));
            }
            unknown_name(&open)
        }
    })
}

fn environments_in(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let mut names: Vec<Arc<str>> = Vec::new();
    for word in call.text(0)?.split(|ch: char| !ch.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let named = around.facts.settings.environments.environment_named(word);
        names.extend(named.filter(|name| !names.contains(name)));
    }
    // Words such as network and core mean shared things only where nothing else is meant.
    if names.len() > 1 {
        names.retain(|name| **name != *SHARED);
    }
    Ok(Value::tuple(names.iter().map(Value::string).collect::<Vec<_>>()))
}

/// An environment that occurs, and what says so most clearly.
struct Occurrence<'g> {
    instance: &'g Instance,
    signal: &'g Signal,
}

fn root_environments(_: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let instances = around.facts.graph.root().instances.iter();
    Ok(environments_of(instances.filter(|instance| instance.mode == Mode::Managed), around))
}

/// The environments that these belong to, each with the instance that says so most clearly.
fn environments_of<'g>(instances: impl Iterator<Item = &'g Instance>, around: &'g Surroundings<'_, '_, '_>) -> Value {
    let mut occurrences: BTreeMap<&str, Occurrence<'_>> = BTreeMap::new();
    for instance in instances {
        let deciding =
            around.facts.graph.environment(instance).signals.iter().find(|signal| signal.environment.is_some());
        let Some((signal, name)) = deciding.and_then(|signal| Some((signal, signal.environment.as_deref()?))) else {
            continue;
        };
        let occurrence = Occurrence { instance, signal };
        match occurrences.get_mut(name) {
            Some(known) if known.signal.kind <= signal.kind => {}
            Some(known) => *known = occurrence,
            None => drop(occurrences.insert(name, occurrence)),
        }
    }
    occurrences.remove(SHARED);
    if occurrences.values().any(|occurrence| occurrence.signal.kind < SignalKind::Name) {
        occurrences.retain(|_, occurrence| occurrence.signal.kind < SignalKind::Name);
    }
    let shown = occurrences.into_iter().map(|(name, occurrence)| {
        let span = occurrence.signal.span.or(occurrence.instance.span);
        let origin = span.map(|span| Origin::new(OriginKind::Literal, Some(span)));
        record([
            ("name", Value::string(name)),
            ("address", Value::string(&occurrence.instance.address)),
            ("reason", Value::string(&occurrence.signal.text)),
        ])
        .from_origin(origin)
    });
    Value::tuple(shown.collect::<Vec<_>>())
}

/// How types begin whose instances are accounts themselves, or stand above them.
const NOT_IN_ACCOUNT: &[&str] = &[
    "aws_organizations_",
    "azurerm_management_group",
    "azurerm_subscription",
    "google_access_context_manager_",
    "google_billing_",
    "google_folder",
    "google_organization_",
    "google_project",
    "google_tags_",
];

/// Providers whose resources stand in an account of a cloud.
const CLOUDS: &[&str] = &["aws", "azurerm", "google"];

fn account_environments(_: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let mut accounts: BTreeMap<String, Vec<&Instance>> = BTreeMap::new();
    let instances = &around.facts.graph.root().instances;
    // Where resources name their projects themselves, the others are in projects that are not told.
    let names_projects = instances.iter().any(has_project);
    for instance in instances.iter().filter(|instance| instance.mode == Mode::Managed) {
        let cloud = instance.resource_type.split('_').next().unwrap_or_default();
        let is_outside = NOT_IN_ACCOUNT.iter().any(|start| instance.resource_type.starts_with(start));
        let is_elsewhere = cloud == "google" && names_projects && !has_project(instance);
        if CLOUDS.contains(&cloud)
            && !is_outside
            && !is_elsewhere
            && let Some(account) = account_of(instance)
        {
            accounts.entry(account).or_default().push(instance);
        }
    }
    let shown = accounts.into_iter().map(|(account, instances)| {
        let environments = environments_of(instances.into_iter(), around);
        record([("account", Value::string(account)), ("environments", environments)])
    });
    Ok(Value::tuple(shown.collect::<Vec<_>>()))
}

fn has_project(instance: &Instance) -> bool {
    let project = instance.values.as_fields().and_then(|fields| fields.get("project"));
    project.is_some_and(|project| !project.is_null())
}

/// What tells the account of an instance from others: its number or project, or else the provider configuration.
/// `None` if it is not known.
fn account_of(instance: &Instance) -> Option<String> {
    let Some(account) = own_account(instance) else { return Some(format!("of provider {}", instance.provider.name)) };
    let symbol = account.symbol().map(|symbol| symbol.address.to_string());
    account.as_str().map(str::to_owned).or(symbol)
}

fn is_first_unlabelled(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let instance = around.instance(call, 0)?;
    let graph = around.facts.graph;
    let types: Vec<&str> = call.value(1)?.as_items().unwrap_or_default().iter().filter_map(Value::as_str).collect();
    let first = graph.root().instances.iter().find(|other| {
        other.mode == Mode::Managed && types.contains(&&*other.resource_type) && graph.environment(other).name.is_none()
    });
    Ok(first.is_some_and(|first| first.address == instance.address).into())
}

/// The environment that a rule protects: that of the group or network it belongs to, or its own.
fn protected_environment(instance: &Instance, around: &Surroundings<'_, '_, '_>) -> Option<Arc<str>> {
    let (attribute, wanted) = match &*instance.resource_type {
        "aws_security_group_rule" | "aws_vpc_security_group_ingress_rule" => {
            ("security_group_id", "aws_security_group")
        }
        "azurerm_network_security_rule" => ("network_security_group_name", "azurerm_network_security_group"),
        "google_compute_firewall" => ("network", "google_compute_network"),
        _ => ("", ""),
    };
    let graph = around.facts.graph;
    let target = instance.values.as_fields().and_then(|fields| fields.get(attribute));
    let group = target.and_then(|value| graph.resolve(value, Some(wanted)).certain.first().copied());
    let of_group = group.and_then(|group| environment_name(graph.environment(group), group));
    of_group.or_else(|| environment_name(graph.environment(instance), instance))
}

fn cross_environment_sources(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let instance = around.instance(call, 0)?;
    let Some(own) = protected_environment(instance, around).filter(|own| **own != *SHARED) else {
        return Ok(Value::tuple([]));
    };
    let plan = around.facts.address_plan();
    let mut found = Found::default();
    let rules = around.facts.filters().rules_of(&instance.address);
    for rule in rules.filter(|rule| rule.direction == Direction::Ingress && rule.decision.allows()) {
        for peer in &rule.peers {
            for other in environments_of_peer(peer, plan, &own, around) {
                let origin = peer.origin.clone().or_else(|| rule.origin.clone());
                let entry = cross_record(rule, peer, &own, &other).from_origin(origin);
                found.add(entry, if rule.exists.must { Certainty::Must } else { Certainty::May }, Vec::new());
            }
        }
    }
    Ok(found.into_list())
}

fn cross_record(rule: &FilterRule, peer: &Peer, own: &str, other: &str) -> Value {
    record([
        ("source", Value::string(&peer.text)),
        ("services", Value::string(rule.service_set(Certainty::May).to_string())),
        ("environment", Value::string(other)),
        ("own", Value::string(own)),
        ("rule", Value::string(&rule.owner)),
    ])
}

/// The other environments that a source certainly has addresses or members of.
fn environments_of_peer(
    peer: &Peer,
    plan: &[PlannedNetwork],
    own: &str,
    around: &Surroundings<'_, '_, '_>,
) -> Vec<Arc<str>> {
    let is_other = |name: &Arc<str>| **name != *own && **name != *SHARED;
    let mut names: Vec<Arc<str>> = match &peer.kind {
        PeerKind::Addresses => in_plan(&peer.addresses.must, plan),
        PeerKind::Group(group) => group_environment(group, around).into_iter().collect(),
        PeerKind::Network(symbol) => {
            let instance = around.facts.graph.instance(&symbol.address);
            let named = instance.and_then(|it| environment_name(around.facts.graph.environment(it), it));
            named.into_iter().collect()
        }
        PeerKind::Narrow | PeerKind::Service => Vec::new(),
    };
    names.retain(is_other);
    names
}

/// The environments with a network in these addresses. The Internet as a whole is nobody's network.
fn in_plan(addresses: &AddressSet, plan: &[PlannedNetwork]) -> Vec<Arc<str>> {
    if Width::default().is_exceeded_by(&addresses.public_part()) {
        return Vec::new();
    }
    let mut names: Vec<Arc<str>> = Vec::new();
    for network in plan.iter().filter(|network| network.addresses.overlaps(addresses)) {
        if !names.contains(&network.environment) {
            names.push(network.environment.clone());
        }
    }
    names
}

fn group_environment(group: &Group, around: &Surroundings<'_, '_, '_>) -> Option<Arc<str>> {
    let graph = around.facts.graph;
    let instance = match group {
        Group::Own | Group::Unknown => None,
        Group::Symbol(symbol) => graph.instance(&symbol.address),
        Group::Name(name) => graph.resolve(&Value::string(name), None).certain.first().copied(),
    }?;
    environment_name(graph.environment(instance), instance)
}

fn overlapping_networks(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let instance = around.instance(call, 0)?;
    let graph = around.facts.graph;
    let ranges = ranges_of(instance, graph);
    let Some(own) = ranges.environment.filter(|_| !ranges.addresses.is_empty() || !ranges.unknown.is_empty()) else {
        return Ok(Value::tuple([]));
    };
    let others = || around.facts.address_plan().iter().filter(|other| other.environment != own);
    if !ranges.unknown.is_empty() && others().next().is_some() {
        let mut unknown = unknown_because(Type::list(Type::Any), &ranges.unknown);
        unknown.refinement.not_null = true;
        return Ok(Value::from(Kind::Unknown(Arc::new(unknown))).from_origin(ranges.origin));
    }
    let others = others().filter(|other| other.addresses.overlaps(&ranges.addresses));
    let shown = others.map(|other| {
        record([
            ("address", Value::string(&other.owner)),
            ("environment", Value::string(&other.environment)),
            ("own", Value::string(&own)),
            ("range", Value::string(other.addresses.intersect(&ranges.addresses).to_string())),
        ])
        .from_origin(ranges.origin.clone())
    });
    Ok(Value::tuple(shown.collect::<Vec<_>>()))
}
