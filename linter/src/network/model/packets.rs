//! Sets of packets: who sends them, where to, for which service.

use std::sync::Arc;

use super::super::address::AddressSet;
use super::super::cidr::Address;
use super::super::service::ServiceSet;
use super::super::traffic::Traffic;

/// All packets from some sources to some destinations for some services.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PacketBox {
    /// Sources.
    pub sources: Arc<AddressSet>,
    /// Destinations.
    pub destinations: Arc<AddressSet>,
    /// Services.
    pub services: Arc<ServiceSet>,
}

/// One packet, as far as filters and routes look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet {
    /// Source address.
    pub source: Address,
    /// Destination address.
    pub destination: Address,
    /// Protocol number.
    pub protocol: u8,
    /// Destination port, or ICMP type and code.
    pub detail: u16,
}

/// A set of packets, as boxes that do not overlap.
#[derive(Clone, Debug, Default)]
pub struct PacketSet {
    boxes: Vec<PacketBox>,
}

/// Sets of more boxes than this are not worked with: a search that meets one says so.
pub const MAX_BOXES: usize = 4096;

impl PacketBox {
    /// All packets with these.
    #[must_use]
    pub fn new(sources: AddressSet, destinations: AddressSet, services: ServiceSet) -> Self {
        Self { sources: sources.into(), destinations: destinations.into(), services: services.into() }
    }

    fn is_empty(&self) -> bool {
        self.sources.is_empty() || self.destinations.is_empty() || self.services.is_empty()
    }

    fn contains(&self, packet: &Packet) -> bool {
        self.sources.contains(packet.source)
            && self.destinations.contains(packet.destination)
            && self.services.contains(packet.protocol, packet.detail)
    }

    /// What is in both.
    fn intersect(&self, other: &Self) -> Self {
        Self {
            sources: shared(&self.sources, &other.sources, AddressSet::intersect),
            destinations: shared(&self.destinations, &other.destinations, AddressSet::intersect),
            services: shared(&self.services, &other.services, ServiceSet::intersect),
        }
    }

    /// What is left without the other, as at most three boxes.
    fn without(&self, other: &Self) -> Vec<Self> {
        let common = self.intersect(other);
        if common.is_empty() {
            return vec![self.clone()];
        }
        let rest = [
            Self { sources: self.sources.subtract(&common.sources).into(), ..self.clone() },
            Self {
                sources: common.sources.clone(),
                destinations: self.destinations.subtract(&common.destinations).into(),
                services: self.services.clone(),
            },
            Self { services: self.services.subtract(&common.services).into(), ..common },
        ];
        rest.into_iter().filter(|part| !part.is_empty()).collect()
    }
}

/// The result of an operation on two sets that is one of them when both are the same.
fn shared<T: PartialEq>(left: &Arc<T>, right: &Arc<T>, operation: fn(&T, &T) -> T) -> Arc<T> {
    if Arc::ptr_eq(left, right) { left.clone() } else { operation(left, right).into() }
}

/// Which side of a packet traffic names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Its source.
    Source,
    /// Its destination.
    Destination,
}

impl From<PacketBox> for PacketSet {
    fn from(only: PacketBox) -> Self {
        Self { boxes: if only.is_empty() { Vec::new() } else { vec![only] } }
    }
}

impl PacketSet {
    /// The boxes.
    #[must_use]
    pub fn boxes(&self) -> &[PacketBox] {
        &self.boxes
    }

    /// Whether there is no packet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.boxes.is_empty()
    }

    /// Whether the packet is in it.
    #[must_use]
    pub fn contains(&self, packet: &Packet) -> bool {
        self.boxes.iter().any(|one| one.contains(packet))
    }

    /// All services in it.
    #[must_use]
    pub fn services(&self) -> ServiceSet {
        self.boxes.iter().fold(ServiceSet::empty(), |sum, one| sum.union(&one.services))
    }

    /// All sources in it.
    #[must_use]
    pub fn sources(&self) -> AddressSet {
        self.boxes.iter().fold(AddressSet::empty(), |sum, one| sum.union(&one.sources))
    }

    /// All destinations in it.
    #[must_use]
    pub fn destinations(&self) -> AddressSet {
        self.boxes.iter().fold(AddressSet::empty(), |sum, one| sum.union(&one.destinations))
    }

    /// The packets whose address on one side goes with their service in `traffic`.
    #[must_use]
    pub fn within_traffic(&self, side: Side, traffic: &Traffic) -> Self {
        let mut boxes = Vec::with_capacity(self.boxes.len());
        for one in &self.boxes {
            for (services, addresses) in traffic.parts() {
                let services = one.services.intersect(services);
                if !services.is_empty() {
                    boxes.push(with_side(one, side, addresses, services));
                }
            }
        }
        boxes.retain(|one| !one.is_empty());
        Self { boxes }
    }

    /// The packets with an address of these on one side.
    #[must_use]
    pub fn within_addresses(&self, side: Side, addresses: &AddressSet) -> Self {
        let mut boxes: Vec<PacketBox> =
            self.boxes.iter().map(|one| with_side(one, side, addresses, (*one.services).clone())).collect();
        boxes.retain(|one| !one.is_empty());
        Self { boxes }
    }

    /// The packets for these services.
    #[must_use]
    pub fn within_services(&self, services: &ServiceSet) -> Self {
        let narrowed =
            self.boxes.iter().map(|one| PacketBox { services: one.services.intersect(services).into(), ..one.clone() });
        Self { boxes: narrowed.filter(|one| !one.is_empty()).collect() }
    }

    /// The packets with the address on one side rewritten to any of these.
    #[must_use]
    pub fn rewritten(&self, side: Side, addresses: &AddressSet) -> Self {
        let addresses = Arc::new(addresses.clone());
        let mut sum = Self::default();
        for one in &self.boxes {
            let mut one = one.clone();
            match side {
                Side::Source => one.sources = addresses.clone(),
                Side::Destination => one.destinations = addresses.clone(),
            }
            sum = sum.union(&one.into());
        }
        sum
    }

    /// What is in both.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        let pairs = self.boxes.iter().flat_map(|one| other.boxes.iter().map(|two| one.intersect(two)));
        Self { boxes: pairs.filter(|one| !one.is_empty()).collect() }
    }

    /// What is in it but not in `other`.
    #[must_use]
    pub fn subtract(&self, other: &Self) -> Self {
        let mut boxes = self.boxes.clone();
        for removed in &other.boxes {
            boxes = boxes.iter().flat_map(|one| one.without(removed)).collect();
            if boxes.is_empty() || boxes.len() > MAX_BOXES {
                break;
            }
        }
        Self { boxes }
    }

    /// What is in either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut boxes = self.boxes.clone();
        boxes.extend(other.subtract(self).boxes);
        Self { boxes }
    }

    /// Whether all of `other` is in it.
    #[must_use]
    pub fn includes(&self, other: &Self) -> bool {
        other.subtract(self).is_empty()
    }

    /// The part whose services are there for each of the given addresses on a side. Where a side is `None`, one address
    /// is enough.
    #[must_use]
    pub fn covering(&self, sources: Option<&AddressSet>, destinations: Option<&AddressSet>) -> Self {
        let whole = Arc::new(AddressSet::world());
        let mut seen = Self::default();
        for one in &self.boxes {
            let mut one = one.clone();
            if sources.is_none() {
                one.sources = whole.clone();
            }
            if destinations.is_none() {
                one.destinations = whole.clone();
            }
            seen = seen.union(&one.into());
        }
        let wanted = PacketBox {
            sources: sources.map_or_else(|| whole.clone(), |set| Arc::new(set.clone())),
            destinations: destinations.map_or_else(|| whole.clone(), |set| Arc::new(set.clone())),
            services: self.services().into(),
        };
        let missing = Self::from(wanted).subtract(&seen).services();
        self.within_services(&self.services().subtract(&missing))
    }

    /// The boxes that have all of these addresses on one side.
    #[must_use]
    pub fn with_all(&self, side: Side, addresses: &AddressSet) -> Self {
        let has_all = |one: &&PacketBox| match side {
            Side::Source => one.sources.includes(addresses),
            Side::Destination => one.destinations.includes(addresses),
        };
        Self { boxes: self.boxes.iter().filter(has_all).cloned().collect() }
    }

    /// One packet of it: of its first box, the lowest service of the best known protocol.
    #[must_use]
    pub fn sample(&self) -> Option<Packet> {
        let one = self.boxes.first()?;
        let (protocol, detail, _) = *one.services.runs().iter().min_by_key(|(protocol, ..)| preference(*protocol))?;
        let packet =
            Packet { source: a_host(&one.sources)?, destination: a_host(&one.destinations)?, protocol, detail };
        Some(packet)
    }

    /// A packet of it for this service, from and to these addresses where they are given.
    #[must_use]
    pub fn sample_with(&self, source: Option<Address>, destination: Option<Address>, like: &Packet) -> Option<Packet> {
        let fits = |one: &&PacketBox| {
            one.services.contains(like.protocol, like.detail)
                && source.is_none_or(|address| one.sources.contains(address))
                && destination.is_none_or(|address| one.destinations.contains(address))
        };
        let one = self.boxes.iter().find(fits)?;
        Some(Packet {
            source: source.or_else(|| a_host(&one.sources))?,
            destination: destination.or_else(|| a_host(&one.destinations))?,
            ..*like
        })
    }
}

/// TCP is what people know best, then UDP, then ICMP.
fn preference(protocol: u8) -> (u8, u8) {
    let rank = match protocol {
        6 => 0,
        17 => 1,
        1 | 58 => 2,
        _ => 3,
    };
    (rank, protocol)
}

/// An address that a host may have: clouds keep the first four of a subnet for themselves.
fn a_host(addresses: &AddressSet) -> Option<Address> {
    const RESERVED: u32 = 4;
    let four = addresses.v4.ranges().first().map(|&(first, last)| {
        let wanted = first.saturating_add(RESERVED);
        Address::V4(if wanted < last { wanted } else { first })
    });
    four.or_else(|| {
        addresses.v6.ranges().first().map(|&(first, last)| {
            let wanted = first.saturating_add(u128::from(RESERVED));
            Address::V6(if wanted < last { wanted } else { first })
        })
    })
}

fn with_side(one: &PacketBox, side: Side, addresses: &AddressSet, services: ServiceSet) -> PacketBox {
    let narrowed = |own: &Arc<AddressSet>| {
        if addresses.includes(own) { own.clone() } else { Arc::new(own.intersect(addresses)) }
    };
    let services = if services == *one.services { one.services.clone() } else { services.into() };
    match side {
        Side::Source => PacketBox { sources: narrowed(&one.sources), destinations: one.destinations.clone(), services },
        Side::Destination => {
            PacketBox { sources: one.sources.clone(), destinations: narrowed(&one.destinations), services }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::super::service::protocol::TCP;
    use super::*;

    /// Ranges of sources, destinations and ports; whether they are added or removed.
    type Cuboid = ((u8, u8), (u8, u8), (u8, u8), bool);

    fn addresses(range: (u8, u8)) -> AddressSet {
        AddressSet::range(Address::V4(u32::from(range.0 % 6)), Address::V4(u32::from(range.1 % 6)))
    }

    fn packets(cuboid: &Cuboid) -> PacketSet {
        let services = ServiceSet::ports(TCP, u16::from(cuboid.2.0 % 6), u16::from(cuboid.2.1 % 6));
        PacketBox::new(addresses(cuboid.0), addresses(cuboid.1), services).into()
    }

    fn build(cuboids: &[Cuboid]) -> PacketSet {
        cuboids.iter().fold(PacketSet::default(), |sum, cuboid| {
            if cuboid.3 { sum.union(&packets(cuboid)) } else { sum.subtract(&packets(cuboid)) }
        })
    }

    fn points() -> impl Iterator<Item = Packet> {
        let cube = (0..6).flat_map(|a| (0..6).flat_map(move |b| (0..6).map(move |c| (a, b, c))));
        cube.map(|(a, b, c)| Packet { source: Address::V4(a), destination: Address::V4(b), protocol: TCP, detail: c })
    }

    proptest! {
        #[test]
        fn members_follow_the_last_cuboid(cuboids in vec(any::<Cuboid>(), 0..7)) {
            let set = build(&cuboids);
            for packet in points() {
                let last = cuboids.iter().rev().find(|cuboid| packets(cuboid).contains(&packet));
                prop_assert_eq!(set.contains(&packet), last.is_some_and(|cuboid| cuboid.3));
            }
            prop_assert_eq!(set.is_empty(), points().all(|packet| !set.contains(&packet)));
        }

        #[test]
        fn operations_agree_with_membership(left in vec(any::<Cuboid>(), 0..5), right in vec(any::<Cuboid>(), 0..5)) {
            let (a, b) = (build(&left), build(&right));
            for packet in points() {
                let (in_a, in_b) = (a.contains(&packet), b.contains(&packet));
                prop_assert_eq!(a.union(&b).contains(&packet), in_a || in_b);
                prop_assert_eq!(a.intersect(&b).contains(&packet), in_a && in_b);
                prop_assert_eq!(a.subtract(&b).contains(&packet), in_a && !in_b);
            }
            prop_assert_eq!(a.includes(&b), points().all(|packet| !b.contains(&packet) || a.contains(&packet)));
        }

        #[test]
        fn covering_keeps_services_that_all_addresses_have(cuboids in vec(any::<Cuboid>(), 1..5), wanted in any::<(u8, u8)>()) {
            let (set, wanted) = (build(&cuboids), addresses(wanted));
            prop_assume!(!wanted.is_empty());
            let (each, some) = (set.covering(Some(&wanted), None), set.covering(None, Some(&wanted)));
            for port in 0..6 {
                let has = |set: &PacketSet, from: Option<u32>, to: Option<u32>| points().any(|packet| {
                    packet.detail == port && set.contains(&packet)
                        && from.is_none_or(|from| packet.source == Address::V4(from))
                        && to.is_none_or(|to| packet.destination == Address::V4(to))
                });
                let members = || (0..6).filter(|host| wanted.contains(Address::V4(*host)));
                let all_sources = members().all(|host| has(&set, Some(host), None));
                let all_destinations = members().all(|host| has(&set, None, Some(host)));
                prop_assert_eq!(has(&each, None, None), all_sources && has(&set, None, None));
                prop_assert_eq!(has(&some, None, None), all_destinations && has(&set, None, None));
            }
        }
    }
}
