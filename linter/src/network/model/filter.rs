//! Packet filters as the model uses them: rules over regions and groups, asked about one site on the far side.

use std::sync::Arc;

use super::super::address::AddressSet;
use super::super::bounds::{Bounds, Certainty};
use super::super::filter::{Decision, Direction, FilterKind};
use super::super::service::ServiceSet;
use super::super::traffic::Traffic;
use super::label::Label;
use super::packets::Packet;
use super::region::Region;
use super::site::{FaceKind, Site};
use crate::value::Reason;

/// A group that a rule names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupName {
    /// The group with this key.
    Key(Arc<str>),
    /// Nobody knows which.
    Unknown,
}

/// One entry of a rule's far side.
#[derive(Clone, Debug)]
pub struct RulePeer {
    /// Addresses that match.
    pub region: Region,
    /// A group whose members match.
    pub group: Option<GroupName>,
    /// Why it is not known; empty if it is.
    pub doubts: Arc<[Reason]>,
}

/// Which of the interfaces behind the filter a rule is for.
#[derive(Clone, Debug)]
pub enum Near {
    /// All.
    Everything,
    /// Those in a region.
    Region(Region),
    /// Members of a group.
    Groups(Vec<GroupName>),
    /// Nobody knows which.
    Unknown,
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What it is and where it is written.
    pub label: Label,
    /// Which way its packets go.
    pub direction: Direction,
    /// What it does.
    pub decision: Decision,
    /// Lower is asked first; `None` if that is not known. Without meaning in allow lists.
    pub order: Option<u64>,
    /// The services.
    pub services: Bounds<ServiceSet>,
    /// The far side: any of these.
    pub peers: Vec<RulePeer>,
    /// The near side.
    pub near: Near,
    /// Whether it is there.
    pub exists: Bounds<bool>,
    /// Why any of it but the peers is not known.
    pub doubts: Arc<[Reason]>,
}

/// A packet filter.
#[derive(Clone, Debug)]
pub struct PacketFilter {
    /// What it is.
    pub label: Label,
    /// How its rules work together.
    pub kind: FilterKind,
    /// Its rules, in the order in which they are asked.
    rules: Vec<Rule>,
}

/// One side of packets, as a filter sees it.
#[derive(Clone, Copy, Debug)]
pub struct Party<'p> {
    /// The site.
    pub site: &'p Site,
    /// Its addresses that are asked about.
    pub addresses: &'p AddressSet,
    /// Under which face.
    pub face: FaceKind,
    /// Whether references to groups still know it.
    pub has_groups: bool,
}

/// What is asked of a filter.
#[derive(Clone, Copy, Debug)]
pub struct Inquiry<'p> {
    /// Which rules.
    pub direction: Direction,
    /// What is protected.
    pub near: Party<'p>,
    /// The other side.
    pub far: Party<'p>,
    /// Whether one asks for what is certain or possible.
    pub certainty: Certainty,
    /// A rule that is treated as not there.
    pub without: Option<usize>,
}

impl PacketFilter {
    /// A filter of these rules.
    #[must_use]
    pub fn new(label: Label, kind: FilterKind, mut rules: Vec<Rule>) -> Self {
        if kind == FilterKind::FirstMatch {
            rules.sort_by_key(|rule| (rule.label.implied, rule.order.unwrap_or(u64::MAX), rule.decision));
        }
        Self { label, kind, rules }
    }

    /// Its rules, in the order in which they are asked.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The regions that rules name on the near side.
    pub fn near_regions(&self) -> impl Iterator<Item = &Region> {
        self.rules.iter().filter_map(|rule| match &rule.near {
            Near::Region(region) => Some(region),
            Near::Everything | Near::Groups(_) | Near::Unknown => None,
        })
    }

    /// The services, with the far addresses that they pass for.
    #[must_use]
    pub fn admitted(&self, inquiry: &Inquiry<'_>, services: &ServiceSet) -> Traffic {
        match self.kind {
            FilterKind::AllowList => self.allowed(inquiry, services),
            FilterKind::FirstMatch => self.first_match(inquiry, services),
        }
    }

    fn asked<'s>(&'s self, inquiry: &Inquiry<'_>) -> impl Iterator<Item = (usize, &'s Rule)> + use<'s> {
        let (direction, without) = (inquiry.direction, inquiry.without);
        let rules = self.rules.iter().enumerate();
        rules.filter(move |(idx, rule)| rule.direction == direction && Some(*idx) != without)
    }

    fn allowed(&self, inquiry: &Inquiry<'_>, services: &ServiceSet) -> Traffic {
        let mut sum = Traffic::empty();
        for (_, rule) in self.asked(inquiry).filter(|(_, rule)| rule.decision == Decision::Allow) {
            let services = rule.services.at(inquiry.certainty).intersect(services);
            if !services.is_empty() && rule.applies(inquiry, inquiry.certainty) {
                sum = sum.with(&services, &rule.matched(inquiry, inquiry.certainty));
            }
        }
        sum
    }

    fn first_match(&self, inquiry: &Inquiry<'_>, services: &ServiceSet) -> Traffic {
        let certainty = inquiry.certainty;
        let mut open = Traffic::of(services.clone(), inquiry.far.addresses.clone());
        let mut sum = Traffic::empty();
        // Rules whose place is unknown: a denial may come before all, a permission may come before all.
        for (_, rule) in self.asked(inquiry).filter(|(_, rule)| rule.order.is_none()) {
            match (rule.decision, certainty) {
                (Decision::Deny, Certainty::Must) => open = rule.take(&open, inquiry, Certainty::May),
                (Decision::Allow, Certainty::May) => sum = sum.union(&rule.within(&open, inquiry, Certainty::May)),
                (Decision::Deny, Certainty::May) | (Decision::Allow, Certainty::Must) => {}
            }
        }
        for (_, rule) in self.asked(inquiry).filter(|(_, rule)| rule.order.is_some()) {
            if open.is_empty() {
                break;
            }
            match rule.decision {
                Decision::Allow => {
                    sum = sum.union(&rule.within(&open, inquiry, certainty));
                    // What is granted for certain is decided; a possible grant leaves it to the next rule.
                    open = rule.take(&open, inquiry, Certainty::Must);
                }
                Decision::Deny => open = rule.take(&open, inquiry, certainty.opposite()),
            }
        }
        sum
    }

    /// The rule that lets one packet through, given as services of one point and a far side of one address.
    #[must_use]
    pub fn deciding(&self, inquiry: &Inquiry<'_>, packet: &Packet) -> Option<usize> {
        let matches = |rule: &Rule, certainty: Certainty| {
            rule.services.at(certainty).contains(packet.protocol, packet.detail)
                && rule.applies(inquiry, certainty)
                && !rule.matched(inquiry, certainty).is_empty()
        };
        for (idx, rule) in self.asked(inquiry) {
            match (rule.decision, self.kind) {
                (Decision::Allow, _) if matches(rule, inquiry.certainty) => return Some(idx),
                (Decision::Deny, FilterKind::FirstMatch) if matches(rule, inquiry.certainty.opposite()) => return None,
                (Decision::Allow | Decision::Deny, _) => {}
            }
        }
        None
    }

    /// Why it is not known whether packets pass: the reasons of rules that may match them and are not known.
    #[must_use]
    pub fn doubts(&self, inquiry: &Inquiry<'_>, services: &ServiceSet) -> Vec<Reason> {
        let mut found = Vec::new();
        for (_, rule) in self.asked(inquiry) {
            let concerned = rule.services.may.intersect(services);
            if concerned.is_empty() || !rule.applies(inquiry, Certainty::May) {
                continue;
            }
            for peer in &rule.peers {
                let may = peer.matched(inquiry, Certainty::May);
                if !may.is_empty() && may != peer.matched(inquiry, Certainty::Must) {
                    found.extend(peer.doubts.iter().cloned());
                    if matches!(peer.group, Some(GroupName::Unknown | GroupName::Key(_))) {
                        found.extend(inquiry.far.site.open_groups.iter().flat_map(|reasons| reasons.iter().cloned()));
                    }
                }
            }
            let is_open = !rule.exists.must || rule.services.must != rule.services.may || rule.order.is_none();
            if is_open && !rule.matched(inquiry, Certainty::May).is_empty() {
                found.extend(rule.doubts.iter().cloned());
            }
        }
        found
    }
}

impl RulePeer {
    /// The far addresses that match.
    fn matched(&self, inquiry: &Inquiry<'_>, certainty: Certainty) -> AddressSet {
        let far = &inquiry.far;
        let by_group = match &self.group {
            None => Bounds::NO,
            Some(_) if !far.has_groups || far.face == FaceKind::Public => Bounds::NO,
            Some(GroupName::Unknown) => Bounds::PERHAPS,
            Some(GroupName::Key(key)) => {
                let member = far.site.is_in_group(key);
                // On the way out nobody knows yet whether the way ends before the reference does.
                let leaves = inquiry.direction == Direction::Egress && far.site.network != inquiry.near.site.network;
                Bounds { must: member.must && !leaves, may: member.may }
            }
        };
        if *by_group.at(certainty) {
            return far.addresses.clone();
        }
        self.region.part_of(far.site, far.addresses, certainty)
    }
}

impl Rule {
    /// The far addresses that any of its peers matches.
    fn matched(&self, inquiry: &Inquiry<'_>, certainty: Certainty) -> AddressSet {
        match self.peers.as_slice() {
            [only] => only.matched(inquiry, certainty),
            peers => peers.iter().fold(AddressSet::empty(), |sum, peer| sum.union(&peer.matched(inquiry, certainty))),
        }
    }

    /// Whether it is there and for the near side.
    fn applies(&self, inquiry: &Inquiry<'_>, certainty: Certainty) -> bool {
        let near = &inquiry.near;
        let in_group = |name: &GroupName| match name {
            GroupName::Unknown => Bounds::PERHAPS,
            GroupName::Key(key) => near.site.is_in_group(key),
        };
        let applies = match &self.near {
            Near::Everything => Bounds::YES,
            Near::Unknown => Bounds::PERHAPS,
            Near::Groups(groups) => Bounds {
                must: groups.iter().any(|name| in_group(name).must),
                may: groups.iter().any(|name| in_group(name).may),
            },
            Near::Region(region) => Bounds {
                must: region.part_of(near.site, near.addresses, Certainty::Must) == *near.addresses,
                may: !region.part_of(near.site, near.addresses, Certainty::May).is_empty(),
            },
        };
        *applies.at(certainty) && *self.exists.at(certainty)
    }

    /// The part of `open` that it matches.
    fn within(&self, open: &Traffic, inquiry: &Inquiry<'_>, certainty: Certainty) -> Traffic {
        if !self.applies(inquiry, certainty) {
            return Traffic::empty();
        }
        open.within(self.services.at(certainty), &self.matched(inquiry, certainty))
    }

    /// What is left of `open` without what it matches.
    fn take(&self, open: &Traffic, inquiry: &Inquiry<'_>, certainty: Certainty) -> Traffic {
        if !self.applies(inquiry, certainty) {
            return open.clone();
        }
        open.without(self.services.at(certainty), &self.matched(inquiry, certainty))
    }
}
