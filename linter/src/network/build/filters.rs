//! The packet filters of the configuration as filters of the model.

use std::sync::Arc;

use super::super::address::AddressSet;
use super::super::bounds::Bounds;
use super::super::filter::{
    Decision, Direction, Filter, FilterKind, FilterRule, Group, Local, Peer, PeerKind, Services,
};
use super::super::model::filter::{GroupName, Near, PacketFilter, Rule, RulePeer};
use super::super::model::{FilterId, Label, Region, Version};
use super::super::service::ServiceSet;
use super::Builder;
use crate::value::{Reason, Symbol, Value};

impl Builder<'_, '_> {
    /// The filter with a key of a root, made when first asked for; `None` if the root declares nothing of it.
    pub fn filter(&mut self, root: usize, key: &Arc<str>, role: &'static str) -> Option<FilterId> {
        let full = self.key_of(root, key);
        if let Some(known) = self.filters.get(&full) {
            return Some(*known);
        }
        let local = self.roots.get(root).and_then(|input| key.strip_prefix(&*input.prefix).map(Arc::from));
        let local = local.unwrap_or_else(|| key.clone());
        let filter = self.roots.get(root)?.filters.get(&local)?.clone();
        let origin = self.roots.get(root)?.graph.instance(&local).map(super::header);
        let is_managed = origin.is_some();
        let label = Label { origin, ..Label::declared(&full, role, None) };
        let mut rules: Vec<Rule> = filter.rules.iter().map(|rule| self.rule(root, &full, &filter, rule)).collect();
        if !is_managed {
            rules.extend(unknown_rules(&label));
        }
        Some(self.keep_filter(full, PacketFilter::new(label, filter.kind, rules)))
    }

    /// Keeps a filter under a key.
    pub fn keep_filter(&mut self, key: Arc<str>, filter: PacketFilter) -> FilterId {
        let id = self.topology.add_filter(filter);
        self.filters.insert(key, id);
        id
    }

    /// The filter kept under a key.
    #[must_use]
    pub fn kept_filter(&self, key: &str) -> Option<FilterId> {
        self.filters.get(key).copied()
    }

    /// A filter of which nothing is known but that it is there.
    pub fn unknown_filter(&mut self, key: &Arc<str>, role: &'static str) -> FilterId {
        if let Some(known) = self.filters.get(key) {
            return *known;
        }
        let label = Label::declared(key, role, None);
        let rules = unknown_rules(&label);
        self.keep_filter(key.clone(), PacketFilter::new(label, FilterKind::AllowList, rules))
    }

    fn rule(&self, root: usize, own: &Arc<str>, filter: &Filter, rule: &FilterRule) -> Rule {
        let resource = if rule.is_implied() { own.clone() } else { self.key_of(root, &rule.owner) };
        let text = describe(rule);
        let implied = rule.is_implied();
        let role = if filter.kind == FilterKind::AllowList { "security group rule" } else { "network rule" };
        let label = Label { resource, role, text: text.into(), origin: rule.origin.clone(), implied };
        let mut doubts: Vec<Reason> = rule.services.iter().flat_map(|entry| entry.reasons.iter().cloned()).collect();
        if !rule.exists.must && doubts.is_empty() {
            doubts.push(Reason::InstanceKey(rule.owner.clone()));
        }
        // A rule whose instance stands for any number of them, perhaps none, is not certain.
        let is_possible =
            self.roots.get(root).and_then(|input| input.graph.instance(&rule.owner)).is_some_and(|instance| {
                instance.extent == crate::terraform::Extent::Possible && **own != *instance.address
            });
        let exists = if is_possible { Bounds { must: false, ..rule.exists } } else { rule.exists };
        if is_possible {
            doubts.push(Reason::InstanceKey(rule.owner.clone()));
        }
        Rule {
            label,
            direction: rule.direction,
            decision: rule.decision,
            order: rule.order,
            services: services(&rule.services),
            peers: rule.peers.iter().map(|peer| self.rule_peer(root, own, peer)).collect(),
            near: self.near(root, own, &rule.local),
            exists,
            doubts: doubts.into(),
        }
    }

    fn rule_peer(&self, root: usize, own: &Arc<str>, peer: &Peer) -> RulePeer {
        let (region, group) = match &peer.kind {
            PeerKind::Addresses | PeerKind::Narrow | PeerKind::Service => {
                (Region { addresses: peer.addresses.clone(), ranges: Vec::new() }, None)
            }
            PeerKind::Network(symbol) => {
                let key = self.key_of(root, &symbol.address);
                let version = if symbol.attribute.contains("ipv6") { Version::V6 } else { Version::V4 };
                let domain = super::unmanaged_domain(version).intersect(&peer.addresses.may);
                (Region::within(domain).named(&key, version), None)
            }
            PeerKind::Group(group) => (Region::default(), Some(self.group_name(root, own, group))),
        };
        let doubts = match (&group, peer.reasons.is_empty()) {
            (Some(GroupName::Unknown), true) => [Reason::Error("a security group is not known".into())].into(),
            _ => peer.reasons.clone(),
        };
        RulePeer { region, group, doubts }
    }

    fn group_name(&self, root: usize, own: &Arc<str>, group: &Group) -> GroupName {
        match group {
            Group::Own => GroupName::Key(own.clone()),
            Group::Symbol(symbol) => GroupName::Key(self.symbol_key(root, symbol)),
            Group::Name(name) => {
                let key = self
                    .roots
                    .get(root)
                    .and_then(|input| input.joins.key("aws_security_group", Some(&Value::string(name))));
                GroupName::Key(self.key_of(root, &key.unwrap_or_else(|| name.clone())))
            }
            Group::Unknown => GroupName::Unknown,
        }
    }

    fn symbol_key(&self, root: usize, symbol: &Symbol) -> Arc<str> {
        let key = self.roots.get(root).map(|input| input.joins.symbol_key(symbol));
        self.key_of(root, &key.unwrap_or_else(|| symbol.address.clone()))
    }

    fn near(&self, root: usize, own: &Arc<str>, local: &Local) -> Near {
        match local {
            Local::Everything => Near::Everything,
            Local::Unknown => Near::Unknown,
            Local::Addresses(addresses) => Near::Region(Region { addresses: addresses.clone(), ranges: Vec::new() }),
            Local::Groups(groups) => {
                Near::Groups(groups.iter().map(|group| self.group_name(root, own, group)).collect())
            }
        }
    }
}

fn services(entries: &[Services]) -> Bounds<ServiceSet> {
    entries.iter().fold(Bounds::default(), |sum: Bounds<ServiceSet>, entry| Bounds {
        must: sum.must.union(&entry.set.must),
        may: sum.may.union(&entry.set.may),
    })
}

/// `allows tcp/22 in from 10.0.0.0/8`
fn describe(rule: &FilterRule) -> String {
    let verb = match rule.decision {
        Decision::Allow => "allows",
        Decision::Deny => "denies",
    };
    let way = match rule.direction {
        Direction::Ingress => "in from",
        Direction::Egress => "out to",
    };
    let known = services(&rule.services);
    let peers: Vec<&str> = rule.peers.iter().take(3).map(|peer| &*peer.text).collect();
    let more = rule.peers.len().saturating_sub(peers.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{verb} {} {way} {}{more}", known.may, peers.join(", "))
}

/// Rules of a group that is not managed here: there may be any.
fn unknown_rules(label: &Label) -> Vec<Rule> {
    let doubts: std::sync::Arc<[Reason]> =
        [Reason::Error(format!("the rules of {} are not in this configuration", label.resource).into())].into();
    let rule = |direction| Rule {
        label: label.saying("may allow anything: its rules are not in this configuration"),
        direction,
        decision: Decision::Allow,
        order: Some(0),
        services: Bounds { must: ServiceSet::empty(), may: ServiceSet::all() },
        peers: vec![RulePeer { region: Region::within(AddressSet::world()), group: None, doubts: doubts.clone() }],
        near: Near::Everything,
        exists: Bounds::PERHAPS,
        doubts: doubts.clone(),
    };
    vec![rule(Direction::Ingress), rule(Direction::Egress)]
}

/// A rule that the cloud makes, for everything.
#[must_use]
pub(crate) fn implied_rule(label: &Label, direction: Direction, peer: RulePeer) -> Rule {
    let way = match direction {
        Direction::Ingress => "in",
        Direction::Egress => "out",
    };
    Rule {
        label: label.saying(format!("allows all {way}")),
        direction,
        decision: Decision::Allow,
        order: Some(0),
        services: Bounds::known(ServiceSet::all()),
        peers: vec![peer],
        near: Near::Everything,
        exists: Bounds::YES,
        doubts: [].into(),
    }
}

/// Anybody, as the far side of an implied rule.
#[must_use]
pub(crate) fn anybody() -> RulePeer {
    RulePeer { region: Region::known(AddressSet::world()), group: None, doubts: [].into() }
}
