//! AWS Network Firewall: endpoints in subnets that routes lead to, and the policy behind them.

use std::sync::Arc;

use super::super::super::address::AddressSet;
use super::super::super::bounds::Bounds;
use super::super::super::build::filters::{anybody, implied_rule};
use super::super::super::build::{Assumption, Builder, Item};
use super::super::super::filter::{Decision, Direction, FilterKind};
use super::super::super::model::filter::{Near, PacketFilter, Rule, RulePeer};
use super::super::super::model::topology::Memory;
use super::super::super::model::{FilterId, Label, Region, Step};
use super::super::super::reading::{entries, field};
use super::super::super::service::ServiceSet;
use super::managed::values_at;
use super::network_acl::guard_node;
use super::{Target, World, subnet};
use crate::value::{Reason, Value};

pub(super) fn convert(builder: &mut Builder<'_, '_>, world: &mut World) {
    for item in builder.items(&["aws_networkfirewall_firewall"]) {
        add(builder, world, item);
    }
}

fn add(builder: &mut Builder<'_, '_>, world: &mut World, item: Item<'_>) {
    let key = builder.key(item);
    let label = builder.label(item, "firewall");
    let filter = policy(builder, item, &key, &label);
    let mut ways = Vec::new();
    for block in entries(field(&item.instance.values, "subnet_mapping")).entries {
        let subnets = builder.references(item, field(block.value, "subnet_id"), subnet::NAMES);
        for (subnet, _) in subnets.all() {
            let Some(own) = world.subnets.get(subnet) else { continue };
            let step = Step::Filter {
                filters: vec![filter],
                direction: Direction::Egress,
                memory: Memory::Connections,
                device: key.clone(),
                of: None,
                next: own.entry,
            };
            let node = builder.node_of(item, label.clone(), step);
            let node = guard_node(builder, own, Direction::Ingress, node);
            ways.push((subnet.clone(), own.zone.clone(), node));
        }
    }
    let nodes: Vec<_> = ways.iter().map(|(_, _, node)| *node).collect();
    let quiet = Label { role: "", ..label };
    let all = builder.topology.add_node(quiet, Step::AnyOf(nodes));
    world.targets.insert(key.clone(), Target { node: all, vpc: None });
    // Configurations take the endpoint out of the firewall's status, by zone or by position.
    let endpoint: Arc<str> = format!("{key}#endpoint").into();
    world.targets.insert(endpoint, Target { node: all, vpc: None });
}

/// What a firewall lets through.
fn policy(builder: &mut Builder<'_, '_>, item: Item<'_>, key: &Arc<str>, label: &Label) -> FilterId {
    let rules = match builder.assumption(key) {
        Assumption::AllowAll => vec![implied_rule(label, Direction::Egress, anybody())],
        Assumption::DenyAll => Vec::new(),
        Assumption::Configured => configured(builder, item, label),
    };
    let filter = PacketFilter::new(label.clone(), FilterKind::FirstMatch, rules);
    builder.keep_filter(format!("policy of {key}").into(), filter)
}

/// What the policy says, as far as it says it by addresses and ports; the rest may be anything.
fn configured(builder: &Builder<'_, '_>, item: Item<'_>, label: &Label) -> Vec<Rule> {
    let policies = builder.refers(item, "firewall_policy_arn", &["aws_networkfirewall_firewall_policy"]);
    let Some(policy) = policies.only().and_then(|key| builder.item(key)) else {
        return vec![open_rule(label, "its policy is not in this configuration")];
    };
    let shown = builder.label(policy, "firewall policy");
    let values = &policy.instance.values;
    let defaults = texts(values_at(values, "firewall_policy.stateless_default_actions"));
    let stateless = values_at(values, "firewall_policy.stateless_rule_group_reference");
    let stateful = values_at(values, "firewall_policy.stateful_rule_group_reference");
    let by_default = texts(values_at(values, "firewall_policy.stateful_default_actions"));
    if stateless.is_empty() && defaults.iter().any(|action| action == "aws:drop") {
        return Vec::new();
    }
    if stateless.is_empty() && defaults.iter().any(|action| action == "aws:pass") {
        return vec![implied_rule(&shown, Direction::Egress, anybody())];
    }
    let drops = by_default.iter().any(|action| action.starts_with("aws:drop"));
    let order = texts(values_at(values, "firewall_policy.stateful_engine_options.rule_order"));
    let strict = order.iter().any(|order| order == "STRICT_ORDER");
    if stateful.is_empty() && stateless.is_empty() {
        // Without rules the stateful engine lets through what its default does not drop.
        return if strict && drops { Vec::new() } else { vec![implied_rule(&shown, Direction::Egress, anybody())] };
    }
    let mut rules = Vec::new();
    for reference in stateful.iter().chain(&stateless) {
        rules.extend(group_rules(builder, policy, reference, &shown));
    }
    if strict && drops && stateless.is_empty() {
        return rules;
    }
    // Rules of the default order, or with a default that passes: what no rule drops may pass.
    rules.push(open_rule(&shown, "its rules decide, and not all of them are read"));
    rules
}

fn texts(values: Vec<&Value>) -> Vec<String> {
    let single = |value: &Value| value.as_str().map(str::to_owned);
    values
        .into_iter()
        .flat_map(|value| match value.as_items() {
            Some(items) => items.iter().filter_map(single).collect::<Vec<_>>(),
            None => single(value).into_iter().collect(),
        })
        .collect()
}

/// The rules of a group that passes by addresses and ports; of others nothing is certain.
fn group_rules(builder: &Builder<'_, '_>, policy: Item<'_>, reference: &Value, shown: &Label) -> Vec<Rule> {
    let arn = entries(Some(reference)).entries.first().and_then(|entry| field(entry.value, "resource_arn"));
    let groups = builder.references(policy, arn, &["aws_networkfirewall_rule_group"]);
    let Some(group) = groups.only().and_then(|key| builder.item(key)) else {
        return vec![open_rule(shown, "a rule group is not in this configuration")];
    };
    let label = builder.label(group, "firewall rule group");
    let five = values_at(&group.instance.values, "rule_group.rules_source.stateful_rule");
    if five.is_empty() {
        return vec![open_rule(&label, "its rules are not read")];
    }
    let blocks = five.into_iter().flat_map(|value| entries(Some(value)).entries);
    blocks.map(|block| stateful_rule(block.value, &label)).collect()
}

/// One rule of five fields. Its source is not looked at, so nothing about it is certain unless it names any source.
fn stateful_rule(value: &Value, label: &Label) -> Rule {
    let header = entries(field(value, "header")).entries.first().map(|entry| entry.value);
    let text =
        |name: &str| header.and_then(|header| field(header, name)).and_then(Value::as_str).unwrap_or("ANY").to_owned();
    let passes =
        field(value, "action").and_then(Value::as_str).is_none_or(|action| action.eq_ignore_ascii_case("pass"));
    let ports = text("destination_port");
    let exact_ports = ports.eq_ignore_ascii_case("any");
    let services = match (text("protocol").to_ascii_lowercase().as_str(), exact_ports) {
        ("ip" | "any", _) => Some(ServiceSet::all()),
        (name, true) => name.parse::<ServiceSet>().ok(),
        (name, false) => format!("{name}/{}", ports.replace(':', "-")).parse::<ServiceSet>().ok(),
    };
    let destination = text("destination");
    let addresses = match destination.eq_ignore_ascii_case("any") {
        true => Some(AddressSet::world()),
        false => destination.parse::<AddressSet>().ok(),
    };
    let any_source = text("source").eq_ignore_ascii_case("any") && text("source_port").eq_ignore_ascii_case("any");
    let certain = any_source && services.is_some() && addresses.is_some();
    let may = services.unwrap_or_else(ServiceSet::all);
    let region = match addresses {
        Some(addresses) => Region::known(addresses),
        None => Region::within(AddressSet::world()),
    };
    let doubts: Arc<[Reason]> =
        [Reason::Error(format!("{} looks at more than the destination", label.resource).into())].into();
    let shown = label.saying(format!("{} {may} to {destination}", if passes { "passes" } else { "drops" }));
    Rule {
        label: shown,
        direction: Direction::Egress,
        decision: if passes { Decision::Allow } else { Decision::Deny },
        order: Some(0),
        services: Bounds { must: if certain { may.clone() } else { ServiceSet::empty() }, may },
        peers: vec![RulePeer { region, group: None, doubts: doubts.clone() }],
        near: Near::Everything,
        exists: if certain { Bounds::YES } else { Bounds::PERHAPS },
        doubts,
    }
}

/// A rule of which nobody knows what it passes.
fn open_rule(label: &Label, why: &str) -> Rule {
    let doubts: Arc<[Reason]> =
        [Reason::Error(format!("what {} lets through is not known: {why}", label.resource).into())].into();
    let rule = implied_rule(label, Direction::Egress, anybody());
    Rule {
        label: label.saying(format!("may let anything through: {why}")),
        services: Bounds { must: ServiceSet::empty(), may: ServiceSet::all() },
        exists: Bounds::PERHAPS,
        order: Some(u64::from(u32::MAX)),
        doubts,
        ..rule
    }
}
