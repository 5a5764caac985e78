//! AWS security groups: inline rules and the three kinds of separate rules.

use std::sync::Arc;

use super::super::bounds::Bounds;
use super::super::filter::{Decision, Direction, FilterRule, Group, Local, Peer, Services};
use super::super::join::Joins;
use super::super::reading::{Entry, Family, Scalar, entries, field, others, peer, peers, place, truth};
use super::prefix_list::PrefixLists;
use super::services::{Ports, services, unknown_services};
use crate::terraform::Instance;
use crate::value::{Origin, OriginKind, Reason, Value};

/// The key of the group whose rules an instance declares; `None` if it declares none.
#[must_use]
pub fn group_key(instance: &Instance, joins: &Joins) -> Option<Arc<str>> {
    match &*instance.resource_type {
        "aws_security_group" | "aws_default_security_group" => Some(instance.address.clone()),
        "aws_security_group_rule" | "aws_vpc_security_group_ingress_rule" | "aws_vpc_security_group_egress_rule" => {
            let group = joins.key("aws_security_group", field(&instance.values, "security_group_id"));
            Some(group.unwrap_or_else(|| instance.address.clone()))
        }
        _ => None,
    }
}

/// The rules that an instance declares.
#[must_use]
pub fn rules(instance: &Instance, joins: &Joins, lists: &PrefixLists) -> Vec<FilterRule> {
    let reader = Reader { instance, joins, lists };
    match &*instance.resource_type {
        "aws_security_group" | "aws_default_security_group" => {
            let mut rules = reader.inline("ingress", Direction::Ingress);
            rules.extend(reader.inline("egress", Direction::Egress));
            rules
        }
        "aws_security_group_rule" => reader.classic(),
        "aws_vpc_security_group_ingress_rule" => vec![reader.separate(Direction::Ingress)],
        "aws_vpc_security_group_egress_rule" => vec![reader.separate(Direction::Egress)],
        _ => Vec::new(),
    }
}

struct Reader<'r> {
    instance: &'r Instance,
    joins: &'r Joins,
    lists: &'r PrefixLists,
}

impl Reader<'_> {
    /// `ingress` and `egress`, as blocks or as a list of objects.
    fn inline(&self, name: &str, direction: Direction) -> Vec<FilterRule> {
        let Some(value) = field(&self.instance.values, name).filter(|value| !self.is_left_to_aws(value)) else {
            return Vec::new();
        };
        let blocks = entries(Some(value));
        let mut rules: Vec<FilterRule> = blocks.entries.iter().map(|block| self.block(block, direction)).collect();
        if let Some(reasons) = blocks.others {
            let services = unknown_services(&reasons, value.origin.clone());
            let peer = others(&reasons, Family::Both, value.origin.clone());
            rules.push(self.rule(direction, vec![peer], services, Bounds::PERHAPS, value.origin.clone()));
        }
        rules
    }

    /// A plan shows an `ingress` or `egress` that nobody wrote as unknown until apply: rules come from elsewhere.
    fn is_left_to_aws(&self, value: &Value) -> bool {
        value.as_unknown().is_some_and(|unknown| {
            unknown.reasons.iter().all(|reason| match reason {
                Reason::Computed(address, _) | Reason::NotInPlan(address, _) => *address == self.instance.address,
                _ => false,
            })
        })
    }

    fn block(&self, block: &Entry<'_>, direction: Direction) -> FilterRule {
        if let Some(unknown) = block.value.as_unknown() {
            let services = unknown_services(&unknown.reasons, block.value.origin.clone());
            let peer = others(&unknown.reasons, Family::Both, block.value.origin.clone());
            return self.rule(direction, vec![peer], services, Bounds::PERHAPS, block.value.origin.clone());
        }
        let mut peers = self.addresses(block.value);
        let groups = field(block.value, "security_groups");
        for group in entries(groups).entries {
            let peer = group_peer(group.value);
            let origin = place(peer.origin, groups.and_then(|value| value.origin.clone()));
            peers.push(Peer { origin, ..peer });
        }
        let services = self.services(block.value, "protocol");
        self.rule(direction, peers, services, block.exists, block.value.origin.clone())
    }

    /// `aws_security_group_rule`; with an unknown `type` it may be either.
    fn classic(&self) -> Vec<FilterRule> {
        let values = &self.instance.values;
        let kind = field(values, "type");
        let directions: &[Direction] = match kind.and_then(Value::as_str) {
            Some("egress") => &[Direction::Egress],
            Some(_) => &[Direction::Ingress],
            None => &[Direction::Ingress, Direction::Egress],
        };
        let exists = if directions.len() == 1 { Bounds::YES } else { Bounds::PERHAPS };
        let mut peers = self.addresses(values);
        peers.extend(field(values, "source_security_group_id").map(group_peer));
        let rule = |direction: &Direction| {
            let services = self.services(values, "protocol");
            self.rule(*direction, peers.clone(), services, exists, None)
        };
        directions.iter().map(rule).collect()
    }

    /// `aws_vpc_security_group_ingress_rule` and its twin.
    fn separate(&self, direction: Direction) -> FilterRule {
        let values = &self.instance.values;
        let mut peers = Vec::new();
        peers.extend(field(values, "cidr_ipv4").map(|cidr| peer(cidr, Family::V4)));
        peers.extend(field(values, "cidr_ipv6").map(|cidr| peer(cidr, Family::V6)));
        peers.extend(field(values, "prefix_list_id").map(|id| self.lists.peers(id, self.joins)).into_iter().flatten());
        peers.extend(field(values, "referenced_security_group_id").map(group_peer));
        self.rule(direction, peers, self.services(values, "ip_protocol"), Bounds::YES, None)
    }

    /// The sources that inline rules and `aws_security_group_rule` have in common.
    fn addresses(&self, values: &Value) -> Vec<Peer> {
        let mut all = peers(field(values, "cidr_blocks"), Family::V4);
        all.extend(peers(field(values, "ipv6_cidr_blocks"), Family::V6));
        let lists = entries(field(values, "prefix_list_ids"));
        all.extend(lists.entries.iter().flat_map(|id| self.lists.peers(id.value, self.joins)));
        all.extend(lists.others.map(|reasons| others(&reasons, Family::Both, None)));
        if truth(field(values, "self")) != Scalar::Known(false) && field(values, "self").is_some() {
            all.push(Peer::group(Group::Own, "the group itself", field(values, "self").and_then(|v| v.origin.clone())));
        }
        all
    }

    fn services(&self, values: &Value, protocol: &str) -> Services {
        services(Ports {
            protocol: field(values, protocol),
            from: field(values, "from_port"),
            to: field(values, "to_port"),
        })
    }

    fn rule(
        &self,
        direction: Direction,
        peers: Vec<Peer>,
        services: Services,
        exists: Bounds<bool>,
        origin: Option<Arc<Origin>>,
    ) -> FilterRule {
        let header = || Origin::new(OriginKind::Block(self.instance.resource_type.clone()), self.instance.span);
        FilterRule {
            owner: self.instance.address.clone(),
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
}

/// The group that an id names.
fn group_peer(id: &Value) -> Peer {
    let (group, text) = match (id.symbol(), id.as_str()) {
        (Some(symbol), _) => (Group::Symbol(symbol.clone()), symbol.address.to_string()),
        (None, Some(text)) => (Group::Name(text.into()), text.to_owned()),
        (None, None) => (Group::Unknown, "a security group".to_owned()),
    };
    Peer::group(group, &text, id.origin.clone())
}
