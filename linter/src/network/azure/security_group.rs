//! Azure network security groups: ordered rules, inline and separate, before rules that Azure adds.

use std::sync::Arc;

use super::super::address::AddressSet;
use super::super::bounds::Bounds;
use super::super::filter::{Decision, Direction, FilterRule, Group, Local, Peer, PeerKind, Services};
use super::super::join::Joins;
use super::super::reading::{Entry, Family, Scalar, entries, field, others, peer, text, whole};
use super::super::service::{ServiceSet, parse_ports, protocol};
use crate::terraform::{Extent, Instance};
use crate::value::{Origin, OriginKind, Value};

/// The key of the group whose rules an instance declares; `None` if it declares none.
#[must_use]
pub fn group_key(instance: &Instance, joins: &Joins) -> Option<Arc<str>> {
    match &*instance.resource_type {
        "azurerm_network_security_group" => Some(instance.address.clone()),
        "azurerm_network_security_rule" => {
            let name = field(&instance.values, "network_security_group_name");
            let group = joins.key("azurerm_network_security_group", name);
            Some(group.unwrap_or_else(|| instance.address.clone()))
        }
        _ => None,
    }
}

/// The rules that an instance declares.
#[must_use]
pub fn rules(instance: &Instance) -> Vec<FilterRule> {
    match &*instance.resource_type {
        "azurerm_network_security_group" => {
            let value = field(&instance.values, "security_rule");
            let blocks = entries(value);
            let mut rules: Vec<FilterRule> = blocks.entries.iter().flat_map(|block| read(instance, block)).collect();
            if let Some(reasons) = blocks.others {
                rules.extend(unknown_rules(instance, &reasons, value));
            }
            rules
        }
        "azurerm_network_security_rule" => read(instance, &Entry { value: &instance.values, exists: Bounds::YES }),
        _ => Vec::new(),
    }
}

/// The rules that Azure adds to every group, after all others.
#[must_use]
pub fn implied_rules() -> Vec<FilterRule> {
    let service = |name: &str| {
        let addresses = Bounds { must: AddressSet::empty(), may: AddressSet::world() };
        Peer { addresses, kind: PeerKind::Service, text: name.into(), reasons: [].into(), origin: None }
    };
    let anyone = || Peer::known(AddressSet::world(), "*", None);
    let internet = || Peer::known(AddressSet::public().clone(), "Internet", None);
    let rule = |direction, decision, order, peer| FilterRule {
        owner: "".into(),
        direction,
        decision,
        order: Some(order),
        peers: vec![peer],
        services: vec![Services { set: Bounds::known(ServiceSet::all()), reasons: [].into(), origin: None }],
        local: Local::Everything,
        exists: Bounds::YES,
        origin: None,
    };
    vec![
        rule(Direction::Ingress, Decision::Allow, 65_000, service("VirtualNetwork")),
        rule(Direction::Ingress, Decision::Allow, 65_001, service("AzureLoadBalancer")),
        rule(Direction::Ingress, Decision::Deny, 65_500, anyone()),
        rule(Direction::Egress, Decision::Allow, 65_000, service("VirtualNetwork")),
        rule(Direction::Egress, Decision::Allow, 65_001, internet()),
        rule(Direction::Egress, Decision::Deny, 65_500, anyone()),
    ]
}

/// Attributes that say the two sides of a rule.
#[derive(Clone, Copy)]
struct Side {
    prefix: &'static str,
    prefixes: &'static str,
    groups: &'static str,
}

const SOURCE: Side = Side {
    prefix: "source_address_prefix",
    prefixes: "source_address_prefixes",
    groups: "source_application_security_group_ids",
};
const DESTINATION: Side = Side {
    prefix: "destination_address_prefix",
    prefixes: "destination_address_prefixes",
    groups: "destination_application_security_group_ids",
};

/// Reads one rule; several when it is not known which way it goes or what it does.
fn read(instance: &Instance, entry: &Entry<'_>) -> Vec<FilterRule> {
    let values = entry.value;
    if let Some(unknown) = values.as_unknown() {
        return unknown_rules(instance, &unknown.reasons, Some(values));
    }
    let directions: &[Direction] = match text(field(values, "direction")) {
        Scalar::Known(way) if way.eq_ignore_ascii_case("outbound") => &[Direction::Egress],
        Scalar::Known(_) | Scalar::Absent => &[Direction::Ingress],
        Scalar::Unknown(_) => &[Direction::Ingress, Direction::Egress],
    };
    let decisions: &[Decision] = match text(field(values, "access")) {
        Scalar::Known(access) if access.eq_ignore_ascii_case("deny") => &[Decision::Deny],
        Scalar::Known(_) | Scalar::Absent => &[Decision::Allow],
        Scalar::Unknown(_) => &[Decision::Allow, Decision::Deny],
    };
    let certain = directions.len() == 1 && decisions.len() == 1;
    let order = match whole(field(values, "priority")) {
        Scalar::Known(number) => u64::try_from(number).ok(),
        Scalar::Absent | Scalar::Unknown(_) => None,
    };
    let mut rules = Vec::new();
    for direction in directions {
        let (far, near) = match direction {
            Direction::Ingress => (SOURCE, DESTINATION),
            Direction::Egress => (DESTINATION, SOURCE),
        };
        for decision in decisions {
            // A denial that looks at source ports, or that may not be there, stops nobody for certain.
            let stops = instance.extent == Extent::Certain && any_source_port(values);
            let sure = certain && (*decision == Decision::Allow || stops);
            rules.push(FilterRule {
                owner: instance.address.clone(),
                direction: *direction,
                decision: *decision,
                order,
                peers: side_peers(values, far),
                services: port_services(values),
                local: side_local(values, near),
                exists: if sure { entry.exists } else { Bounds::PERHAPS },
                origin: Some(header(instance, Some(values))),
            });
        }
    }
    rules
}

/// Rules of which nothing is known but that there may be some.
fn unknown_rules(instance: &Instance, reasons: &Arc<[crate::value::Reason]>, value: Option<&Value>) -> Vec<FilterRule> {
    let origin = value.and_then(|value| value.origin.clone());
    let set = Bounds { must: ServiceSet::empty(), may: ServiceSet::all() };
    let services = Services { set, reasons: reasons.clone(), origin: origin.clone() };
    let mut rules = Vec::new();
    for direction in [Direction::Ingress, Direction::Egress] {
        for decision in [Decision::Allow, Decision::Deny] {
            rules.push(FilterRule {
                owner: instance.address.clone(),
                direction,
                decision,
                order: None,
                peers: vec![others(reasons, Family::Both, origin.clone())],
                services: vec![services.clone()],
                local: Local::Unknown,
                exists: Bounds::PERHAPS,
                origin: Some(header(instance, value)),
            });
        }
    }
    rules
}

fn header(instance: &Instance, value: Option<&Value>) -> Arc<Origin> {
    let own = value.filter(|value| value.identity().is_none()).and_then(|value| value.origin.clone());
    own.unwrap_or_else(|| Origin::new(OriginKind::Block(instance.resource_type.clone()), instance.span))
}

fn side_peers(values: &Value, side: Side) -> Vec<Peer> {
    let mut peers: Vec<Peer> = field(values, side.prefix).map(prefix_peer).into_iter().collect();
    let list = entries(field(values, side.prefixes));
    for entry in &list.entries {
        let mut peer = prefix_peer(entry.value);
        if !entry.exists.must {
            peer.addresses.must = AddressSet::empty();
        }
        peers.push(peer);
    }
    peers.extend(list.others.map(|reasons| others(&reasons, Family::Both, None)));
    for id in entries(field(values, side.groups)).entries {
        let group = group_of(id.value);
        let text = id.value.symbol().map_or("an application security group", |symbol| &symbol.address).to_owned();
        peers.push(Peer::group(group, &text, id.value.origin.clone()));
    }
    peers
}

/// An address prefix, `*`, or a service tag.
fn prefix_peer(value: &Value) -> Peer {
    let Some(name) = value.as_str() else { return peer(value, Family::Both) };
    let origin = value.origin.clone();
    match name.to_ascii_lowercase().as_str() {
        "*" | "any" => Peer::known(AddressSet::world(), name, origin),
        "internet" => Peer::known(AddressSet::public().clone(), name, origin),
        _ if name.parse::<AddressSet>().is_ok() => peer(value, Family::Both),
        _ => {
            let addresses = Bounds { must: AddressSet::empty(), may: AddressSet::world() };
            Peer { addresses, kind: PeerKind::Service, text: name.into(), reasons: [].into(), origin }
        }
    }
}

fn group_of(id: &Value) -> Group {
    match (id.symbol(), id.as_str()) {
        (Some(symbol), _) => Group::Symbol(symbol.clone()),
        (None, Some(text)) => Group::Name(text.into()),
        (None, None) => Group::Unknown,
    }
}

/// The interfaces behind the group that a rule is for.
fn side_local(values: &Value, side: Side) -> Local {
    let groups = entries(field(values, side.groups));
    if !groups.entries.is_empty() {
        return Local::Groups(groups.entries.iter().map(|entry| group_of(entry.value)).collect());
    }
    let peers = side_peers(values, side);
    let everything = |peer: &Peer| {
        peer.addresses.must == AddressSet::world()
            || peer.addresses.must == AddressSet::world_v4()
            || peer.text.eq_ignore_ascii_case("virtualnetwork")
    };
    if peers.is_empty() || peers.iter().any(everything) {
        return Local::Everything;
    }
    if peers.iter().any(|peer| peer.kind != PeerKind::Addresses || peer.addresses.must != peer.addresses.may) {
        return Local::Unknown;
    }
    let sum = peers.iter().fold(AddressSet::empty(), |sum, peer| sum.union(&peer.addresses.must));
    Local::Addresses(Bounds::known(sum))
}

fn any_source_port(values: &Value) -> bool {
    let any = |text: &str| matches!(text, "*" | "0-65535" | "1-65535");
    let single = match text(field(values, "source_port_range")) {
        Scalar::Absent => None,
        Scalar::Known(text) => Some(any(&text)),
        Scalar::Unknown(_) => Some(false),
    };
    let list = entries(field(values, "source_port_ranges"));
    single.unwrap_or_else(|| {
        list.others.is_none()
            && (list.entries.is_empty() || list.entries.iter().any(|entry| entry.value.as_str().is_some_and(any)))
    })
}

/// The services: a protocol with one port range or several.
fn port_services(values: &Value) -> Vec<Services> {
    let protocol_value = field(values, "protocol");
    let protocol = text(protocol_value);
    let list = entries(field(values, "destination_port_ranges"));
    let single = field(values, "destination_port_range");
    let mut services: Vec<Services> = single
        .into_iter()
        .map(|ports| (ports, true))
        .chain(list.entries.iter().map(|entry| (entry.value, entry.exists.must)))
        .map(|(ports, certain)| {
            let mut set = range(&protocol, &text(Some(ports)));
            if !certain {
                set.must = ServiceSet::empty();
            }
            let unknown = [Some(ports), protocol_value].into_iter().flatten().find_map(Value::as_unknown);
            let reasons = unknown.map_or_else(|| [].into(), |unknown| unknown.reasons.clone());
            Services { set, reasons, origin: ports.origin.clone() }
        })
        .collect();
    if let Some(reasons) = list.others {
        let may = range(&protocol, &Scalar::Known("*".to_owned())).may;
        services.push(Services { set: Bounds { must: ServiceSet::empty(), may }, reasons, origin: None });
    } else if services.is_empty() {
        let set = range(&protocol, &Scalar::Absent);
        services.push(Services { set, reasons: [].into(), origin: None });
    }
    services
}

fn range(protocol: &Scalar<String>, ports: &Scalar<String>) -> Bounds<ServiceSet> {
    let nothing = ServiceSet::empty();
    let (whole, exact) = match ports {
        Scalar::Known(text) if text == "*" => (None, true),
        Scalar::Absent => (None, true),
        Scalar::Known(text) => match parse_ports(text) {
            Some(ports) => (Some(ports), true),
            None => return Bounds::known(nothing),
        },
        Scalar::Unknown(_) => (None, false),
    };
    let (set, exact) = match protocol {
        Scalar::Known(name) if name == "*" => match whole {
            None => (ServiceSet::all(), exact),
            Some((first, last)) => (ServiceSet::tcp_udp(first, last), exact),
        },
        Scalar::Known(name) => {
            let (first, last) = whole.unwrap_or((0, u16::MAX));
            let set = protocol::number(name).map(|number| match protocol::has_ports(number) {
                true => ServiceSet::ports(number, first, last),
                false => ServiceSet::protocol(number),
            });
            (set.unwrap_or_default(), exact)
        }
        Scalar::Absent | Scalar::Unknown(_) => match whole {
            None => (ServiceSet::all(), false),
            Some((first, last)) => (ServiceSet::tcp_udp(first, last), false),
        },
    };
    Bounds { must: if exact { set.clone() } else { nothing }, may: set }
}
