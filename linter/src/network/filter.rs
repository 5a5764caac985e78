//! Packet filters as all clouds have them: lists of rules that allow or deny, and what they let through.

use std::sync::Arc;

use super::address::AddressSet;
use super::bounds::{Bounds, Certainty};
use super::service::ServiceSet;
use super::traffic::Traffic;
use crate::value::{Origin, Reason, Symbol};

/// Which way a rule's packets go, seen from what the filter protects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Towards it.
    Ingress,
    /// Away from it.
    Egress,
}

/// What a rule does with what it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// Deny; before `Allow`, which is how equal priorities are ordered.
    Deny,
    /// Allow.
    Allow,
}

impl Decision {
    /// Whether it lets packets through.
    #[must_use]
    pub fn allows(self) -> bool {
        match self {
            Self::Allow => true,
            Self::Deny => false,
        }
    }
}

/// How the rules of a filter work together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterKind {
    /// What any rule allows is allowed.
    AllowList,
    /// The first rule that matches, by order and then denials first, decides; what none matches is denied.
    FirstMatch,
}

/// A named group of interfaces: a security group, an application security group, a network tag, a service account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// The group that the rule belongs to.
    Own,
    /// A group of the configuration.
    Symbol(Symbol),
    /// By name or id.
    Name(Arc<str>),
    /// Not known which.
    Unknown,
}

/// What kind of other side a rule names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeerKind {
    /// Addresses.
    Addresses,
    /// An address or small block that is not known yet, such as `${var.office_ip}/32`.
    Narrow,
    /// The range of a network of the configuration that is not known yet, such as a VPC's `cidr_block`.
    Network(Symbol),
    /// The members of a group.
    Group(Group),
    /// Addresses of a service that the cloud keeps a list of.
    Service,
}

/// One entry of a rule's other side.
#[derive(Clone, Debug)]
pub struct Peer {
    /// Its addresses.
    pub addresses: Bounds<AddressSet>,
    /// What it is.
    pub kind: PeerKind,
    /// As shown in messages.
    pub text: Arc<str>,
    /// Why it is not known; empty if it is.
    pub reasons: Arc<[Reason]>,
    /// Where it is written.
    pub origin: Option<Arc<Origin>>,
}

/// One entry of a rule's services.
#[derive(Clone, Debug)]
pub struct Services {
    /// The services.
    pub set: Bounds<ServiceSet>,
    /// Why they are not known; empty if they are.
    pub reasons: Arc<[Reason]>,
    /// Where they are written.
    pub origin: Option<Arc<Origin>>,
}

/// Which of the interfaces behind a filter a rule is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Local {
    /// All.
    Everything,
    /// Those with these addresses.
    Addresses(Bounds<AddressSet>),
    /// The members of these groups.
    Groups(Vec<Group>),
    /// Not known which.
    Unknown,
}

/// One rule of a filter.
#[derive(Clone, Debug)]
pub struct FilterRule {
    /// Address of the instance that declares it; empty for rules that the cloud adds.
    pub owner: Arc<str>,
    /// Way of its packets.
    pub direction: Direction,
    /// What it does.
    pub decision: Decision,
    /// Lower is asked first; without meaning in allow lists. `None` when it is not known.
    pub order: Option<u64>,
    /// The other side: any of these.
    pub peers: Vec<Peer>,
    /// The services: any of these.
    pub services: Vec<Services>,
    /// The own side.
    pub local: Local,
    /// Whether it certainly exists.
    pub exists: Bounds<bool>,
    /// The block or resource that declares it.
    pub origin: Option<Arc<Origin>>,
}

/// A packet filter.
#[derive(Clone, Debug)]
pub struct Filter {
    /// How its rules work together.
    pub kind: FilterKind,
    /// Its rules in any order.
    pub rules: Vec<FilterRule>,
    /// Public addresses from which no stranger can send: proxies and probes of the cloud itself.
    pub trusted: AddressSet,
}

/// Who asks: it decides what an entry that is not a plain address range counts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Strangers on the Internet: members of groups, own networks, and single unknown addresses are none of them.
    Strangers,
    /// Anyone: what is not known may be any address.
    Anyone,
}

/// What is asked of a filter.
#[derive(Clone, Copy, Debug)]
pub struct Question<'q> {
    /// Which rules.
    pub direction: Direction,
    /// Which services.
    pub services: &'q ServiceSet,
    /// Which addresses on the other side.
    pub addresses: &'q AddressSet,
    /// Who asks.
    pub view: View,
    /// Only about interfaces that rules of this owner may be for; `None`: about all.
    pub owner: Option<&'q str>,
}

/// What one entry of one rule lets through.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Index of the rule.
    pub rule: usize,
    /// Index of the entry in the rule's `peers`.
    pub peer: usize,
    /// What it lets through, where this rule decides.
    pub traffic: Traffic,
}

/// A class of interfaces behind a filter that its rules treat alike.
#[derive(Clone, Debug, PartialEq, Eq)]
enum LocalClass {
    Addresses(AddressSet),
    Group(Group),
}

/// More classes of own addresses than this are judged together.
const MAX_CLASSES: usize = 256;

impl Peer {
    /// A known address range.
    #[must_use]
    pub fn known(addresses: AddressSet, text: &str, origin: Option<Arc<Origin>>) -> Self {
        let addresses = Bounds::known(addresses);
        Self { addresses, kind: PeerKind::Addresses, text: text.into(), reasons: [].into(), origin }
    }

    /// The members of a group.
    #[must_use]
    pub fn group(group: Group, text: &str, origin: Option<Arc<Origin>>) -> Self {
        let addresses = Bounds { must: AddressSet::empty(), may: AddressSet::world() };
        Self { addresses, kind: PeerKind::Group(group), text: text.into(), reasons: [].into(), origin }
    }

    /// The addresses that count for who asks.
    #[must_use]
    pub fn seen(&self, view: View, certainty: Certainty) -> AddressSet {
        let addresses = self.addresses.at(certainty);
        match (view, &self.kind) {
            (View::Anyone, _) => addresses.clone(),
            (View::Strangers, PeerKind::Addresses) => addresses.public_part(),
            (View::Strangers, PeerKind::Narrow | PeerKind::Network(_) | PeerKind::Group(_) | PeerKind::Service) => {
                AddressSet::empty()
            }
        }
    }
}

impl FilterRule {
    /// The services of all entries.
    #[must_use]
    pub fn service_set(&self, certainty: Certainty) -> ServiceSet {
        self.services.iter().fold(ServiceSet::empty(), |sum, entry| sum.union(entry.set.at(certainty)))
    }

    /// Whether the cloud adds it and nobody declares it.
    #[must_use]
    pub fn is_implied(&self) -> bool {
        self.owner.is_empty()
    }

    /// Whether it applies to a class of interfaces, at the given certainty.
    fn applies(&self, class: &LocalClass, certainty: Certainty) -> bool {
        let applies = match (&self.local, class) {
            (Local::Everything, _) => Bounds::YES,
            (Local::Addresses(own), LocalClass::Addresses(class)) => {
                Bounds { must: own.must.includes(class), may: own.may.overlaps(class) }
            }
            (Local::Addresses(_), LocalClass::Group(_)) | (Local::Unknown, _) => Bounds::PERHAPS,
            (Local::Groups(_), LocalClass::Addresses(_)) => Bounds::NO,
            (Local::Groups(groups), LocalClass::Group(class)) => {
                let unknown = groups.contains(&Group::Unknown);
                let named = groups.contains(class);
                Bounds { must: named, may: named || unknown }
            }
        };
        *applies.at(certainty) && *self.exists.at(certainty)
    }
}

impl Filter {
    /// What the filter lets through, by deciding rule and entry, for any interface behind it.
    #[must_use]
    pub fn grants(&self, question: Question<'_>, certainty: Certainty) -> Vec<Grant> {
        let mut rules: Vec<(usize, &FilterRule)> =
            self.rules.iter().enumerate().filter(|(_, rule)| rule.direction == question.direction).collect();
        match self.kind {
            FilterKind::AllowList => {
                let rules = rules.into_iter().filter(|(_, rule)| *rule.exists.at(certainty));
                rules.flat_map(|(idx, rule)| self.offers(idx, rule, question, certainty)).collect()
            }
            FilterKind::FirstMatch => {
                // An allowing rule whose place is unknown comes first where it may, last where it must.
                let unplaced = match certainty {
                    Certainty::Must => u64::MAX,
                    Certainty::May => 0,
                };
                rules.sort_by_key(|(_, rule)| (rule.is_implied(), rule.order.unwrap_or(unplaced), rule.decision));
                let mut grants = Vec::new();
                for class in local_classes(&rules) {
                    let asked = |(_, rule): &(usize, &FilterRule)| {
                        question.owner.is_none_or(|owner| *rule.owner == *owner) && rule.applies(&class, Certainty::May)
                    };
                    if rules.iter().any(asked) {
                        self.first_match(&rules, &class, question, certainty, &mut grants);
                    }
                }
                grants
            }
        }
    }

    /// Everything the grants let through.
    #[must_use]
    pub fn traffic(&self, question: Question<'_>, certainty: Certainty) -> Traffic {
        self.grants(question, certainty).iter().fold(Traffic::empty(), |sum, grant| sum.union(&grant.traffic))
    }

    /// What a rule lets through if no other comes before it.
    fn offers(&self, idx: usize, rule: &FilterRule, question: Question<'_>, certainty: Certainty) -> Vec<Grant> {
        if rule.decision == Decision::Deny {
            return Vec::new();
        }
        let services = rule.service_set(certainty).intersect(question.services);
        let offer = |(peer, entry): (usize, &Peer)| {
            let addresses = entry.seen(question.view, certainty).intersect(question.addresses);
            let addresses = match question.view {
                View::Strangers => addresses.subtract(&self.trusted),
                View::Anyone => addresses,
            };
            let traffic = Traffic::of(services.clone(), addresses);
            (!traffic.is_empty()).then_some(Grant { rule: idx, peer, traffic })
        };
        rule.peers.iter().enumerate().filter_map(offer).collect()
    }

    /// Walks the ordered rules for one class of interfaces.
    fn first_match(
        &self,
        rules: &[(usize, &FilterRule)],
        class: &LocalClass,
        question: Question<'_>,
        certainty: Certainty,
        grants: &mut Vec<Grant>,
    ) {
        let mut open = Traffic::of(question.services.clone(), question.addresses.clone());
        // A denial whose place is unknown takes all it can from what is certain, nothing from what is possible.
        let unplaced = |(_, rule): &&(usize, &FilterRule)| rule.order.is_none() && rule.decision == Decision::Deny;
        for (_, rule) in rules.iter().filter(unplaced) {
            if certainty == Certainty::Must && rule.applies(class, Certainty::May) {
                open = take(&open, rule, question.view, Certainty::May);
            }
        }
        for (idx, rule) in rules {
            if open.is_empty() {
                return;
            }
            match rule.decision {
                Decision::Allow if rule.applies(class, certainty) => {
                    for grant in self.offers(*idx, rule, question, certainty) {
                        let won = intersect(&open, &grant.traffic);
                        if !won.is_empty() {
                            grants.push(Grant { traffic: won, ..grant });
                        }
                    }
                    // What is granted needs no further rule; a possible grant leaves the question open for the next.
                    if rule.order.is_some() && rule.applies(class, Certainty::Must) {
                        open = take(&open, rule, question.view, Certainty::Must);
                    }
                }
                Decision::Allow => {}
                Decision::Deny => {
                    if rule.order.is_some() && rule.applies(class, certainty.opposite()) {
                        open = take(&open, rule, question.view, certainty.opposite());
                    }
                }
            }
        }
    }
}

/// What is left of `open` after a rule took what it matches.
fn take(open: &Traffic, rule: &FilterRule, view: View, certainty: Certainty) -> Traffic {
    let services = rule.service_set(certainty);
    rule.peers.iter().fold(open.clone(), |open, peer| open.without(&services, &peer.seen(view, certainty)))
}

fn intersect(left: &Traffic, right: &Traffic) -> Traffic {
    right
        .parts()
        .iter()
        .fold(Traffic::empty(), |sum, (services, addresses)| sum.union(&left.within(services, addresses)))
}

/// Cuts the own side into classes that every rule either covers or leaves.
fn local_classes(rules: &[(usize, &FilterRule)]) -> Vec<LocalClass> {
    let mut blocks = vec![AddressSet::world()];
    let mut groups: Vec<Group> = Vec::new();
    for (_, rule) in rules {
        match &rule.local {
            Local::Everything | Local::Unknown => {}
            Local::Groups(named) => {
                for group in named {
                    if !groups.contains(group) && groups.len() < MAX_CLASSES {
                        groups.push(group.clone());
                    }
                }
            }
            Local::Addresses(own) => {
                for edge in [&own.must, &own.may] {
                    if blocks.len() < MAX_CLASSES {
                        let cut = |block: AddressSet| [block.intersect(edge), block.subtract(edge)];
                        blocks = blocks.into_iter().flat_map(cut).filter(|block| !block.is_empty()).collect();
                    }
                }
            }
        }
    }
    blocks.into_iter().map(LocalClass::Addresses).chain(groups.into_iter().map(LocalClass::Group)).collect()
}

#[cfg(test)]
mod tests;
