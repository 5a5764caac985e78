//! What of a filter strangers on the Internet can use.

use super::address::AddressSet;
use super::bounds::Certainty;
use super::filter::{Decision, Direction, Filter, FilterRule, Grant, Question, View};
use super::interval::Point as _;
use super::service::ServiceSet;
use super::traffic::Traffic;

/// How many public addresses are still somebody one knows. More than that is the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Width {
    /// IPv4 addresses in one range.
    pub v4: u128,
    /// IPv6 addresses in one range.
    pub v6: u128,
}

impl Default for Width {
    /// An office: a /24, a /48.
    fn default() -> Self {
        Self { v4: 1 << 8, v6: 1 << 80 }
    }
}

impl Width {
    /// In scattered ranges, this many times as many addresses are still known ones.
    const SCATTERED: u128 = 256;

    /// Whether the set is too wide: in one range, or in scattered ones together.
    #[must_use]
    pub fn is_exceeded_by(&self, addresses: &AddressSet) -> bool {
        addresses.v4.widest() > self.v4
            || addresses.v6.widest() > self.v6
            || addresses.v4.count() > self.v4.saturating_mul(Self::SCATTERED)
            || addresses.v6.count() > self.v6.saturating_mul(Self::SCATTERED)
    }

    /// The ranges that are too wide; all of the set if only all of them together are.
    fn wide_part(&self, addresses: &AddressSet) -> AddressSet {
        let v4 = addresses.v4.ranges().iter().filter(|(first, last)| first.count_to(*last) > self.v4);
        let v6 = addresses.v6.ranges().iter().filter(|(first, last)| first.count_to(*last) > self.v6);
        let wide = AddressSet { v4: v4.copied().collect(), v6: v6.copied().collect() };
        if wide.is_empty() { addresses.clone() } else { wide }
    }
}

/// Services that the world can reach because of one entry of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposure {
    /// Index of the rule.
    pub rule: usize,
    /// Index of the entry in the rule's `peers`.
    pub peer: usize,
    /// The services.
    pub services: ServiceSet,
    /// The public addresses that this entry admits to them.
    pub addresses: AddressSet,
    /// Certain, or only possible.
    pub certainty: Certainty,
}

impl Filter {
    /// Which of the services too many strangers can reach (or, for egress, which of their services can be reached),
    /// and the rules of this owner that let them. What is only possible comes with [`Certainty::May`], unless the same rule
    /// opens it for certain.
    #[must_use]
    pub fn exposures(&self, owner: &str, direction: Direction, services: &ServiceSet, width: Width) -> Vec<Exposure> {
        let services = services.intersect(&self.offered_to_strangers(owner, direction));
        if services.is_empty() {
            return Vec::new();
        }
        let addresses = AddressSet::public();
        let question =
            Question { direction, services: &services, addresses, view: View::Strangers, owner: Some(owner) };
        let mut exposures = wide(&self.grants(question, Certainty::Must), width, Certainty::Must);
        for possible in wide(&self.grants(question, Certainty::May), width, Certainty::May) {
            let certain = exposures
                .iter()
                .filter(|certain| certain.rule == possible.rule)
                .fold(ServiceSet::empty(), |sum, certain| sum.union(&certain.services));
            let services = possible.services.subtract(&certain);
            if !services.is_empty() {
                exposures.push(Exposure { services, ..possible });
            }
        }
        exposures.retain(|exposure| self.rules.get(exposure.rule).is_some_and(|rule| *rule.owner == *owner));
        exposures
    }

    /// The services that rules of this owner may offer to any stranger.
    fn offered_to_strangers(&self, owner: &str, direction: Direction) -> ServiceSet {
        let own = |rule: &&FilterRule| {
            *rule.owner == *owner
                && rule.direction == direction
                && rule.decision == Decision::Allow
                && rule.peers.iter().any(|peer| !peer.seen(View::Strangers, Certainty::May).is_empty())
        };
        self.rules
            .iter()
            .filter(own)
            .fold(ServiceSet::empty(), |sum, rule| sum.union(&rule.service_set(Certainty::May)))
    }
}

/// Keeps the services that grants together open too widely, by grant.
///
/// Where a grant is too wide by itself, it is to blame, and an office's range beside it is not; where only several
/// together are, all that belong to a wide range are.
fn wide(grants: &[Grant], width: Width, certainty: Certainty) -> Vec<Exposure> {
    let total = grants.iter().fold(Traffic::empty(), |sum, grant| sum.union(&grant.traffic));
    let mut exposures: Vec<Exposure> = Vec::new();
    for (services, addresses) in total.parts().iter().filter(|(_, addresses)| width.is_exceeded_by(addresses)) {
        let parts: Vec<(&Grant, Traffic)> =
            grants.iter().map(|grant| (grant, grant.traffic.within(services, AddressSet::public()))).collect();
        let is_wide = |part: &Traffic| width.is_exceeded_by(&part.addresses());
        let alone = parts.iter().any(|(_, part)| is_wide(part));
        let guilty = width.wide_part(addresses);
        for (grant, part) in parts.iter().filter(|(_, part)| !part.is_empty()) {
            let blamed = if alone { is_wide(part) } else { part.addresses().overlaps(&guilty) };
            if blamed {
                note(&mut exposures, grant, part, certainty);
            }
        }
    }
    exposures
}

/// Adds a part to what its grant is known to expose.
fn note(exposures: &mut Vec<Exposure>, grant: &Grant, part: &Traffic, certainty: Certainty) {
    let (services, addresses) = (part.services(), part.addresses());
    match exposures.iter_mut().find(|known| (known.rule, known.peer) == (grant.rule, grant.peer)) {
        Some(known) => {
            known.services = known.services.union(&services);
            known.addresses = known.addresses.union(&addresses);
        }
        None => exposures.push(Exposure { rule: grant.rule, peer: grant.peer, services, addresses, certainty }),
    }
}
