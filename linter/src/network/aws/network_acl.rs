//! AWS network ACLs: ordered, stateless, by subnet.

use std::sync::Arc;

use super::super::bounds::Bounds;
use super::super::filter::{Decision, Direction, FilterRule, Local, Peer, Services};
use super::super::join::Joins;
use super::super::reading::{Entry, Family, Scalar, entries, field, others, peer, text, truth, whole};
use super::services::{Ports, services, unknown_services};
use crate::terraform::{Extent, Instance};
use crate::value::{Origin, OriginKind, Value};

/// The key of the ACL whose rules an instance declares; `None` if it declares none.
#[must_use]
pub fn acl_key(instance: &Instance, joins: &Joins) -> Option<Arc<str>> {
    match &*instance.resource_type {
        "aws_network_acl" | "aws_default_network_acl" => Some(instance.address.clone()),
        "aws_network_acl_rule" => {
            let acl = joins.key("aws_network_acl", field(&instance.values, "network_acl_id"));
            Some(acl.unwrap_or_else(|| instance.address.clone()))
        }
        _ => None,
    }
}

/// The rules that an instance declares.
#[must_use]
pub fn rules(instance: &Instance) -> Vec<FilterRule> {
    match &*instance.resource_type {
        "aws_network_acl" | "aws_default_network_acl" => {
            let mut rules = inline(instance, "ingress", Direction::Ingress);
            rules.extend(inline(instance, "egress", Direction::Egress));
            rules
        }
        "aws_network_acl_rule" => separate(instance),
        _ => Vec::new(),
    }
}

/// Names of the attributes that blocks and rule resources call differently.
#[derive(Clone, Copy)]
struct Names {
    number: &'static str,
    action: &'static str,
}

const BLOCK: Names = Names { number: "rule_no", action: "action" };
const RESOURCE: Names = Names { number: "rule_number", action: "rule_action" };

fn inline(instance: &Instance, name: &str, direction: Direction) -> Vec<FilterRule> {
    let value = field(&instance.values, name);
    let blocks = entries(value);
    let mut rules: Vec<FilterRule> =
        blocks.entries.iter().flat_map(|block| read(instance, block, BLOCK, direction)).collect();
    if let Some(reasons) = blocks.others {
        let origin = value.and_then(|value| value.origin.clone());
        let services = unknown_services(&reasons, origin.clone());
        let peers = vec![others(&reasons, Family::Both, origin.clone())];
        rules.extend(either(instance, direction, &peers, &services, None, Bounds::PERHAPS, origin));
    }
    rules
}

fn separate(instance: &Instance) -> Vec<FilterRule> {
    let directions: &[Direction] = match truth(field(&instance.values, "egress")) {
        Scalar::Known(true) => &[Direction::Egress],
        Scalar::Known(false) | Scalar::Absent => &[Direction::Ingress],
        Scalar::Unknown(_) => &[Direction::Ingress, Direction::Egress],
    };
    let exists = if directions.len() == 1 { Bounds::YES } else { Bounds::PERHAPS };
    let entry = Entry { value: &instance.values, exists };
    directions.iter().flat_map(|direction| read(instance, &entry, RESOURCE, *direction)).collect()
}

/// Reads one rule; two when it is not known whether it allows or denies.
fn read(instance: &Instance, entry: &Entry<'_>, names: Names, direction: Direction) -> Vec<FilterRule> {
    let values = entry.value;
    let origin = values.origin.clone().filter(|_| names.number == BLOCK.number);
    let mut peers = Vec::new();
    peers.extend(field(values, "cidr_block").map(|cidr| peer(cidr, Family::V4)));
    peers.extend(field(values, "ipv6_cidr_block").map(|cidr| peer(cidr, Family::V6)));
    let services = self::acl_services(values);
    let order = match whole(field(values, names.number)) {
        Scalar::Known(number) => u64::try_from(number).ok(),
        Scalar::Absent | Scalar::Unknown(_) => None,
    };
    let decision = match text(field(values, names.action)) {
        Scalar::Known(action) if action.eq_ignore_ascii_case("deny") => Decision::Deny,
        Scalar::Known(_) | Scalar::Absent => Decision::Allow,
        Scalar::Unknown(_) => {
            return either(instance, direction, &peers, &services, order, Bounds::PERHAPS, origin);
        }
    };
    vec![rule(instance, direction, decision, peers, services, order, entry.exists, origin)]
}

/// ICMP rules have their type and code in attributes of their own.
fn acl_services(values: &Value) -> Services {
    let protocol = field(values, "protocol");
    let icmp = matches!(text(protocol), Scalar::Known(name) if matches!(name.to_ascii_lowercase().as_str(), "1" | "58" | "icmp" | "icmpv6"));
    let (from, to) = if icmp { ("icmp_type", "icmp_code") } else { ("from_port", "to_port") };
    services(Ports { protocol, from: field(values, from), to: field(values, to) })
}

fn either(
    instance: &Instance,
    direction: Direction,
    peers: &[Peer],
    services: &Services,
    order: Option<u64>,
    exists: Bounds<bool>,
    origin: Option<Arc<Origin>>,
) -> Vec<FilterRule> {
    let one =
        |decision| rule(instance, direction, decision, peers.to_vec(), services.clone(), order, exists, origin.clone());
    vec![one(Decision::Allow), one(Decision::Deny)]
}

#[expect(clippy::too_many_arguments, reason = "the fields of the rule, in its order")]
fn rule(
    instance: &Instance,
    direction: Direction,
    decision: Decision,
    peers: Vec<Peer>,
    services: Services,
    order: Option<u64>,
    exists: Bounds<bool>,
    origin: Option<Arc<Origin>>,
) -> FilterRule {
    let header = || Origin::new(OriginKind::Block(instance.resource_type.clone()), instance.span);
    let certain = instance.extent == Extent::Certain || decision == Decision::Allow;
    FilterRule {
        owner: instance.address.clone(),
        direction,
        decision,
        order,
        peers,
        services: vec![services],
        local: Local::Everything,
        exists: if certain { exists } else { Bounds::PERHAPS },
        origin: Some(origin.unwrap_or_else(header)),
    }
}
