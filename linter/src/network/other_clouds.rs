//! Packet filters of smaller clouds, as far as their rules stand alone: DigitalOcean, OpenStack.

use std::sync::Arc;

use super::bounds::Bounds;
use super::filter::{Decision, Direction, FilterRule, Group, Local, Peer, Services};
use super::reading::{Entry, Family, Scalar, entries, field, peer, peers, text, whole};
use super::service::{ServiceSet, parse_ports, protocol};
use crate::terraform::Instance;
use crate::value::{Origin, OriginKind, Reason, Value};

/// The key of the filter whose rules an instance declares: each stands for itself.
#[must_use]
pub fn filter_key(instance: &Instance) -> Option<Arc<str>> {
    let known = matches!(&*instance.resource_type, "digitalocean_firewall" | "openstack_networking_secgroup_rule_v2");
    known.then(|| instance.address.clone())
}

/// The rules that an instance declares.
#[must_use]
pub fn rules(instance: &Instance) -> Vec<FilterRule> {
    match &*instance.resource_type {
        "digitalocean_firewall" => {
            let blocks = |name| entries(field(&instance.values, name)).entries;
            let inbound =
                blocks("inbound_rule").into_iter().map(|block| (block, Direction::Ingress, "source_addresses"));
            let outbound =
                blocks("outbound_rule").into_iter().map(|block| (block, Direction::Egress, "destination_addresses"));
            inbound
                .chain(outbound)
                .map(|(block, direction, name)| digitalocean(instance, &block, direction, name))
                .collect()
        }
        "openstack_networking_secgroup_rule_v2" => vec![openstack(instance)],
        _ => Vec::new(),
    }
}

fn digitalocean(instance: &Instance, block: &Entry<'_>, direction: Direction, addresses: &str) -> FilterRule {
    let ports = field(block.value, "port_range");
    let range = match text(ports) {
        Scalar::Known(text) if matches!(text.as_str(), "all" | "0") => Scalar::Known((0, u16::MAX)),
        Scalar::Known(text) => parse_ports(&text).map_or(Scalar::Absent, Scalar::Known),
        Scalar::Absent => Scalar::Absent,
        Scalar::Unknown(reasons) => Scalar::Unknown(reasons),
    };
    let services = services(&text(field(block.value, "protocol")), range, ports);
    let origin = block.value.origin.clone();
    rule(instance, direction, peers(field(block.value, addresses), Family::Both), services, block.exists, origin)
}

fn openstack(instance: &Instance) -> FilterRule {
    let values = &instance.values;
    let direction = match text(field(values, "direction")) {
        Scalar::Known(way) if way.eq_ignore_ascii_case("egress") => Direction::Egress,
        Scalar::Known(_) | Scalar::Absent | Scalar::Unknown(_) => Direction::Ingress,
    };
    let range = match (whole(field(values, "port_range_min")), whole(field(values, "port_range_max"))) {
        (Scalar::Known(first), Scalar::Known(last)) if first > 0 || last > 0 => {
            match (u16::try_from(first), u16::try_from(last)) {
                (Ok(first), Ok(last)) => Scalar::Known((first, last)),
                (Err(_), _) | (_, Err(_)) => Scalar::Absent,
            }
        }
        (Scalar::Unknown(reasons), _) | (_, Scalar::Unknown(reasons)) => Scalar::Unknown(reasons),
        (Scalar::Known(_) | Scalar::Absent, Scalar::Known(_) | Scalar::Absent) => Scalar::Known((0, u16::MAX)),
    };
    let services = services(&text(field(values, "protocol")), range, field(values, "port_range_min"));
    let family = match text(field(values, "ethertype")) {
        Scalar::Known(kind) if kind.eq_ignore_ascii_case("ipv6") => Family::V6,
        Scalar::Known(_) | Scalar::Absent | Scalar::Unknown(_) => Family::V4,
    };
    let mut sources: Vec<Peer> =
        field(values, "remote_ip_prefix").map(|value| peer(value, family)).into_iter().collect();
    if let Some(group) = field(values, "remote_group_id") {
        let named = group.symbol().map_or(Group::Unknown, |symbol| Group::Symbol(symbol.clone()));
        sources.push(Peer::group(named, "a security group", group.origin.clone()));
    }
    if sources.is_empty() {
        sources.push(Peer::known(family.world(), "anyone", Some(Origin::new(OriginKind::AssumedDefault, None))));
    }
    rule(instance, direction, sources, services, Bounds::YES, None)
}

fn services(name: &Scalar<String>, range: Scalar<(u16, u16)>, written: Option<&Value>) -> Services {
    let none = ServiceSet::empty();
    let base = |first, last| match name {
        Scalar::Known(name) if !matches!(name.as_str(), "" | "any") => {
            protocol::number(name).map(|number| ServiceSet::ports(number, first, last)).unwrap_or_default()
        }
        Scalar::Known(_) | Scalar::Absent | Scalar::Unknown(_) if (first, last) == (0, u16::MAX) => ServiceSet::all(),
        Scalar::Known(_) | Scalar::Absent | Scalar::Unknown(_) => ServiceSet::tcp_udp(first, last),
    };
    let mut reasons: Arc<[Reason]> = [].into();
    let set = match range {
        Scalar::Known((first, last)) => Bounds::known(base(first, last)),
        // ICMP has no ports to name.
        Scalar::Absent => Bounds::known(base(0, u16::MAX)),
        Scalar::Unknown(why) => {
            reasons = why;
            Bounds { must: none.clone(), may: base(0, u16::MAX) }
        }
    };
    let set = match name {
        Scalar::Unknown(why) => {
            reasons = why.clone();
            Bounds { must: none, ..set }
        }
        Scalar::Known(_) | Scalar::Absent => set,
    };
    Services { set, reasons, origin: written.and_then(|value| value.origin.clone()) }
}

fn rule(
    instance: &Instance,
    direction: Direction,
    peers: Vec<Peer>,
    services: Services,
    exists: Bounds<bool>,
    origin: Option<Arc<Origin>>,
) -> FilterRule {
    let header = || Origin::new(OriginKind::Block(instance.resource_type.clone()), instance.span);
    FilterRule {
        owner: instance.address.clone(),
        direction,
        decision: Decision::Allow,
        order: None,
        peers,
        services: vec![services],
        local: Local::Everything,
        exists,
        origin: Some(origin.unwrap_or_else(header)),
    }
}
