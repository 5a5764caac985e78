//! Google VPC firewall rules: ordered by priority in a network, denials before allowances, for tagged machines or all.

use std::sync::{Arc, LazyLock};

use super::super::address::AddressSet;
use super::super::bounds::Bounds;
use super::super::filter::{Decision, Direction, FilterRule, Group, Local, Peer, Services};
use super::super::join::Joins;
use super::super::reading::{Entry, Family, Scalar, entries, field, peers, text, truth, whole};
use super::super::service::{ServiceSet, parse_ports, protocol};
use crate::terraform::{Extent, Instance};
use crate::value::{Origin, OriginKind, Reason, Value};

/// Public addresses that Google's own proxies and probes send from: Identity-Aware Proxy, load balancers, health checks.
static TRUSTED: LazyLock<AddressSet> = LazyLock::new(|| {
    AddressSet::of(&[
        "35.235.240.0/20",
        "130.211.0.0/22",
        "35.191.0.0/16",
        "209.85.152.0/22",
        "209.85.204.0/22",
        "35.199.192.0/19",
        "2600:2d00:1:b029::/64",
        "2600:2d00:1:1::/64",
        "2600:1901:8001::/48",
    ])
});

/// The priority of a rule that names none.
const DEFAULT_PRIORITY: u64 = 1000;
/// The priority of the rules that every network has, after all others.
const IMPLIED_PRIORITY: u64 = 65_536;

/// Public addresses from which no stranger can send.
#[must_use]
pub fn trusted() -> &'static AddressSet {
    &TRUSTED
}

/// The key of the network whose rules an instance declares; `None` if it declares none.
#[must_use]
pub fn network_key(instance: &Instance, joins: &Joins) -> Option<Arc<str>> {
    if &*instance.resource_type != "google_compute_firewall" {
        return None;
    }
    let network = field(&instance.values, "network");
    let Some(key) = joins.key("google_compute_network", network) else { return Some(instance.address.clone()) };
    // Networks of different projects may have the same name.
    let by_name = network.is_some_and(|network| network.as_str().is_some_and(|name| !name.contains('/')));
    match text(field(&instance.values, "project")) {
        Scalar::Known(project) if by_name => Some(format!("{key}|{project}").into()),
        Scalar::Unknown(_) if by_name => Some(instance.address.clone()),
        Scalar::Absent if by_name => Some(format!("{key}|{}", instance.provider.name).into()),
        Scalar::Known(_) | Scalar::Absent | Scalar::Unknown(_) => Some(key),
    }
}

/// What every network has besides: all that leaves is allowed, all that arrives is denied.
#[must_use]
pub fn implied_rules() -> Vec<FilterRule> {
    vec![FilterRule {
        owner: "".into(),
        direction: Direction::Egress,
        decision: Decision::Allow,
        order: Some(IMPLIED_PRIORITY),
        peers: vec![Peer::known(AddressSet::world(), "0.0.0.0/0", None)],
        services: vec![Services { set: Bounds::known(ServiceSet::all()), reasons: [].into(), origin: None }],
        local: Local::Everything,
        exists: Bounds::YES,
        origin: None,
    }]
}

/// The rules that an instance declares: one that allows, one that denies, or both when it is not known which.
#[must_use]
pub fn rules(instance: &Instance) -> Vec<FilterRule> {
    let values = &instance.values;
    let enabled = match truth(field(values, "disabled")) {
        Scalar::Known(true) => return Vec::new(),
        Scalar::Known(false) | Scalar::Absent => Bounds::YES,
        Scalar::Unknown(_) => Bounds::PERHAPS,
    };
    let directions: &[Direction] = match text(field(values, "direction")) {
        Scalar::Known(way) if way.eq_ignore_ascii_case("egress") => &[Direction::Egress],
        Scalar::Known(_) | Scalar::Absent => &[Direction::Ingress],
        Scalar::Unknown(_) => &[Direction::Ingress, Direction::Egress],
    };
    let mut rules = Vec::new();
    for direction in directions {
        for (name, decision) in [("allow", Decision::Allow), ("deny", Decision::Deny)] {
            let services = services(field(values, name));
            if services.is_empty() {
                continue;
            }
            let certain = directions.len() == 1 && (decision == Decision::Allow || instance.extent == Extent::Certain);
            rules.push(FilterRule {
                owner: instance.address.clone(),
                direction: *direction,
                decision,
                order: priority(values),
                peers: sources(values, *direction),
                services,
                local: targets(values),
                exists: if certain { enabled } else { Bounds::PERHAPS },
                origin: Some(header(instance, field(values, name))),
            });
        }
    }
    rules
}

fn header(instance: &Instance, block: Option<&Value>) -> Arc<Origin> {
    let first =
        block.and_then(|block| entries(Some(block)).entries.first().and_then(|entry| entry.value.origin.clone()));
    first.unwrap_or_else(|| Origin::new(OriginKind::Block(instance.resource_type.clone()), instance.span))
}

fn priority(values: &Value) -> Option<u64> {
    match whole(field(values, "priority")) {
        Scalar::Known(number) => u64::try_from(number).ok(),
        Scalar::Absent => Some(DEFAULT_PRIORITY),
        Scalar::Unknown(_) => None,
    }
}

/// The other side. Without ranges, tags and service accounts it is everybody.
fn sources(values: &Value, direction: Direction) -> Vec<Peer> {
    let names: (&str, &[&str]) = match direction {
        Direction::Ingress => ("source_ranges", &["source_tags", "source_service_accounts"]),
        Direction::Egress => ("destination_ranges", &[]),
    };
    let mut all = peers(field(values, names.0), Family::Both);
    let mut named = !all.is_empty();
    for attribute in names.1 {
        let list = entries(field(values, attribute));
        named |= list.others.is_some();
        for entry in &list.entries {
            let text = entry.value.as_str().unwrap_or(attribute).to_owned();
            all.push(Peer::group(group(entry.value), &text, entry.value.origin.clone()));
            named = true;
        }
    }
    if !named {
        let origin = Origin::new(OriginKind::AssumedDefault, None);
        all.push(Peer::known(AddressSet::world_v4(), "0.0.0.0/0", Some(origin)));
    }
    all
}

fn group(value: &Value) -> Group {
    match (value.symbol(), value.as_str()) {
        (Some(symbol), _) => Group::Symbol(symbol.clone()),
        (None, Some(text)) => Group::Name(text.into()),
        (None, None) => Group::Unknown,
    }
}

/// The machines that a rule is for.
fn targets(values: &Value) -> Local {
    let mut groups = Vec::new();
    for attribute in ["target_tags", "target_service_accounts"] {
        let list = entries(field(values, attribute));
        groups.extend(list.entries.iter().map(|entry| group(entry.value)));
        if list.others.is_some() {
            return Local::Unknown;
        }
    }
    if groups.is_empty() { Local::Everything } else { Local::Groups(groups) }
}

fn services(blocks: Option<&Value>) -> Vec<Services> {
    let list = entries(blocks);
    let mut all: Vec<Services> = list.entries.iter().flat_map(block_services).collect();
    all.extend(list.others.map(|reasons| unknown_services(ServiceSet::all(), reasons)));
    all
}

fn unknown_services(may: ServiceSet, reasons: Arc<[Reason]>) -> Services {
    Services { set: Bounds { must: ServiceSet::empty(), may }, reasons, origin: None }
}

fn block_services(block: &Entry<'_>) -> Vec<Services> {
    let protocol_value = field(block.value, "protocol");
    let name = match text(protocol_value) {
        Scalar::Known(name) => name,
        Scalar::Absent => "all".to_owned(),
        Scalar::Unknown(reasons) => return vec![unknown_services(ServiceSet::all(), reasons)],
    };
    let base = match name.to_ascii_lowercase().as_str() {
        "all" => ServiceSet::all(),
        _ => protocol::number(&name).map(ServiceSet::protocol).unwrap_or_default(),
    };
    let ports = entries(field(block.value, "ports"));
    let certain = block.exists.must;
    let bounds = |set: ServiceSet, certain: bool| match certain {
        true => Bounds::known(set),
        false => Bounds { must: ServiceSet::empty(), may: set },
    };
    if ports.entries.is_empty() && ports.others.is_none() {
        let origin = protocol_value.and_then(|value| value.origin.clone());
        return vec![Services { set: bounds(base, certain), reasons: [].into(), origin }];
    }
    let number = protocol::number(&name).unwrap_or(protocol::TCP);
    let mut all: Vec<Services> = Vec::new();
    for entry in &ports.entries {
        let origin = entry.value.origin.clone();
        all.push(match text(Some(entry.value)) {
            Scalar::Known(text) => {
                let set = parse_ports(&text).map(|(first, last)| ServiceSet::ports(number, first, last));
                let set = bounds(set.unwrap_or_default(), certain && entry.exists.must);
                Services { set, reasons: [].into(), origin }
            }
            Scalar::Unknown(reasons) => Services { origin, ..unknown_services(base.clone(), reasons) },
            Scalar::Absent => Services { set: Bounds::default(), reasons: [].into(), origin },
        });
    }
    all.extend(ports.others.map(|reasons| unknown_services(base, reasons)));
    all
}
