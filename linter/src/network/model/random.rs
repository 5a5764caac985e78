//! Random networks: what the searches say, against the simulator, packet by packet.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use proptest::prelude::*;

use super::super::address::AddressSet;
use super::super::bounds::{Bounds, Certainty};
use super::super::cidr::{Address, Cidr};
use super::super::filter::{Decision, Direction, FilterKind};
use super::super::service::{ServiceSet, protocol::TCP};
use super::filter::{GroupName, Near, PacketFilter, Rule, RulePeer};
use super::packets::{Packet, PacketBox, PacketSet};
use super::search::{End, Phase, Search, Without};
use super::simulate::{World, deliver};
use super::table::{Route, RouteTable};
use super::topology::Memory;
use super::{Face, FaceKind, FilterId, Label, Membership, Multiplicity, NodeId, Region, Site, SiteId, Step, Topology};
use crate::value::Reason;

/// Dice that fall the same for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as u32 % sides.max(1)
    }

    fn one_in(&mut self, sides: u32) -> bool {
        self.roll(sides) == 0
    }
}

/// How much of a network is not known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Knowledge {
    All,
    Some,
}

/// Addresses are those of 10.0.0.0/27: small enough to try all.
const BASE: u32 = 10 << 24;
const HOSTS: u32 = 32;

fn label(name: &str) -> Label {
    Label { resource: name.into(), role: "part", text: "".into(), origin: None, implied: false }
}

fn doubts() -> Arc<[Reason]> {
    [Reason::Error("unknown".into())].into()
}

fn block(dice: &mut Dice) -> (Cidr, u8) {
    let prefix = 27 + dice.roll(6) as u8;
    (Cidr::v4(BASE + dice.roll(HOSTS), prefix).unwrap(), prefix)
}

struct Maker {
    dice: Dice,
    knowledge: Knowledge,
    topology: Topology,
}

impl Maker {
    fn unknown(&mut self) -> bool {
        self.knowledge == Knowledge::Some && self.dice.one_in(4)
    }

    fn existence(&mut self) -> Bounds<bool> {
        if self.unknown() { Bounds::PERHAPS } else { Bounds::YES }
    }

    fn region(&mut self) -> (Region, u8) {
        let (cidr, prefix) = block(&mut self.dice);
        let addresses = AddressSet::from(cidr);
        let region = if self.unknown() { Region::within(addresses) } else { Region::known(addresses) };
        (region, prefix)
    }

    fn services(&mut self) -> Bounds<ServiceSet> {
        let (first, last) = (self.dice.roll(4) as u16, self.dice.roll(4) as u16);
        let set = ServiceSet::ports(TCP, first.min(last), first.max(last));
        if self.unknown() { Bounds { must: ServiceSet::empty(), may: set } } else { Bounds::known(set) }
    }

    fn group(&mut self) -> GroupName {
        match self.unknown() {
            true => GroupName::Unknown,
            false => GroupName::Key(format!("group {}", self.dice.roll(3)).into()),
        }
    }

    fn filter(&mut self) -> FilterId {
        let kind = if self.dice.one_in(2) { FilterKind::AllowList } else { FilterKind::FirstMatch };
        let mut rules = Vec::new();
        for number in 0..1 + self.dice.roll(5) {
            let peers = (0..1 + self.dice.roll(2)).map(|_| {
                let by_group = self.dice.one_in(3);
                let group = by_group.then(|| self.group());
                let region = if by_group { Region::default() } else { self.region().0 };
                RulePeer { region, group, doubts: doubts() }
            });
            let peers = peers.collect();
            let near = match self.dice.roll(6) {
                0 => Near::Region(self.region().0),
                1 => Near::Groups(vec![self.group()]),
                _ => Near::Everything,
            };
            let order = (!self.unknown()).then_some(u64::from(number));
            rules.push(Rule {
                label: label(&format!("rule {number}")),
                direction: if self.dice.one_in(2) { Direction::Ingress } else { Direction::Egress },
                decision: if self.dice.one_in(3) { Decision::Deny } else { Decision::Allow },
                order,
                services: self.services(),
                peers,
                near,
                exists: self.existence(),
                doubts: doubts(),
            });
        }
        self.topology.add_filter(PacketFilter::new(label("filter"), kind, rules))
    }

    fn table(&mut self, targets: &[NodeId]) -> super::TableId {
        let mut routes = Vec::new();
        for number in 0..1 + self.dice.roll(5) {
            let (destination, prefix) = self.region();
            let length = if self.unknown() { (20, 32) } else { (prefix, prefix) };
            let target = targets.get(self.dice.roll(targets.len() as u32) as usize).copied().unwrap();
            // Two routes of one prefix to different targets do not exist in a table.
            let twice = routes.iter().any(|known: &Route| {
                known.destination.addresses.may == destination.addresses.may && known.target != target
            });
            if twice {
                continue;
            }
            routes.push(Route {
                label: label(&format!("route {number}")),
                destination,
                length,
                preference: number as u8,
                target,
                exists: self.existence(),
                doubts: doubts(),
            });
        }
        self.topology.add_table(RouteTable::new(label("table"), routes))
    }

    fn site(&mut self, start: NodeId, door: NodeId, home: NodeId, segment: Option<&str>) -> SiteId {
        let (cidr, _) = block(&mut self.dice);
        let face = Face { addresses: cidr.into(), exists: self.existence(), doubts: doubts(), entry: None };
        let membership =
            |dice: &mut Dice, certain: bool| Membership { group: format!("group {}", dice.roll(3)).into(), certain };
        let certain = !self.unknown();
        let open = self.unknown().then(doubts);
        let site = Site {
            label: label(&format!("site {}", self.topology.sites.len())),
            multiplicity: Multiplicity::Many,
            faces: vec![(FaceKind::Private, face)],
            groups: vec![membership(&mut self.dice, certain)],
            open_groups: open,
            ranges: Vec::new(),
            segment: segment.map(Arc::from),
            network: segment.map(|_| "network".into()),
            start,
            door,
            home,
            exists: self.existence(),
            doubts: doubts(),
            forwards: Vec::new(),
            serves: None,
        };
        self.topology.add_site(site)
    }

    /// Two segments behind filters and tables, in one network, with ways around.
    fn make(mut self) -> Topology {
        let arrive = self.topology.add_node(label("arrival"), Step::Arrive);
        let stop = self.topology.add_node(label("stop"), Step::Stop("stops".into()));
        let mut hubs: Vec<NodeId> = Vec::new();
        for _ in 0..4 {
            hubs.push(self.topology.reserve_node(label("hub")));
        }
        let network = self.topology.add_node(label("network"), Step::Network("network".into()));
        let mut targets = hubs.clone();
        targets.extend([stop, network]);
        for hub in &hubs {
            let next = targets.get(self.dice.roll(targets.len() as u32) as usize).copied().unwrap();
            let step = match self.dice.roll(5) {
                0 => Step::AnyOf(vec![next, network]),
                1 => Step::Admit { sources: Some(self.region().0), destinations: None, next },
                2 => Step::Route(self.table(&targets)),
                3 => Step::ForgetGroups(next),
                _ => self.guard(Direction::Egress, next),
            };
            self.topology.set_step(*hub, step);
            let exists = self.existence();
            if let Some(node) = self.topology.nodes.get_mut(hub.0 as usize) {
                node.exists = exists;
            }
        }
        for segment in ["a", "b"] {
            let table = self.table(&targets);
            let routes = self.topology.add_node(label("routes"), Step::Route(table));
            let out = self.guard(Direction::Egress, routes);
            let out = self.topology.add_node(label("out"), out);
            let inside =
                self.topology.add_node(label("inside"), Step::Segment { key: segment.into(), otherwise: None });
            let home = self.guard(Direction::Ingress, inside);
            let home = self.topology.add_node(label("home"), home);
            let entry = Step::Segment { key: segment.into(), otherwise: Some(out) };
            let entry = self.topology.add_node(label("entry"), entry);
            for _ in 0..2 {
                let start = self.guard(Direction::Egress, entry);
                let start = self.topology.add_node(label("start"), start);
                let door = self.guard(Direction::Ingress, arrive);
                let door = self.topology.add_node(label("door"), door);
                self.site(start, door, home, Some(segment));
            }
        }
        self.topology
    }

    fn guard(&mut self, direction: Direction, next: NodeId) -> Step {
        let filters = vec![self.filter()];
        Step::Filter { filters, direction, memory: Memory::Connections, device: "device".into(), of: None, next }
    }
}

fn network(seed: u64, knowledge: Knowledge) -> Topology {
    Maker { dice: Dice(seed | 1), knowledge, topology: Topology::default() }.make()
}

/// What a search finds between two sites for all services.
fn found(topology: &Topology, source: End, destination: End, certainty: Certainty) -> PacketSet {
    let (from, to) = (topology.site(source.site).unwrap(), topology.site(destination.site).unwrap());
    let (a, b) = (from.face(source.face).unwrap(), to.face(destination.face).unwrap());
    if ![from.exists, to.exists, a.exists, b.exists].iter().all(|exists| *exists.at(certainty)) {
        return PacketSet::default();
    }
    let packets = PacketBox::new(a.addresses.clone(), b.addresses.clone(), ServiceSet::ports(TCP, 0, 3));
    let without = Without::default();
    let search = Search { topology, certainty, without: &without, phase: Phase::Forward };
    let outcome = search.run(from.start, source, destination, packets.into());
    assert!(!outcome.limited);
    let visits = outcome.arrivals.iter().filter_map(|idx| outcome.visits.get(*idx));
    visits.fold(PacketSet::default(), |sum, visit| sum.union(&visit.packets))
}

fn packets_between(topology: &Topology, source: End, destination: End) -> Vec<Packet> {
    let members = |end: End| {
        let addresses = topology.site(end.site).unwrap().face(end.face).unwrap().addresses.clone();
        (0..HOSTS).map(|host| Address::V4(BASE + host)).filter(move |address| addresses.contains(*address))
    };
    let mut packets = Vec::new();
    for from in members(source) {
        for to in members(destination) {
            packets.extend((0..4).map(|detail| Packet { source: from, destination: to, protocol: TCP, detail }));
        }
    }
    packets
}

fn pairs() -> impl Iterator<Item = (End, End)> {
    let end = |site: u32| End { site: SiteId(site), face: FaceKind::Private };
    (0..4).flat_map(move |from| (0..4).filter(move |to| *to != from).map(move |to| (end(from), end(to))))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn known_networks_deliver_exactly_what_the_search_finds(seed in any::<u64>()) {
        let topology = network(seed, Knowledge::All);
        for (source, destination) in pairs() {
            let may = found(&topology, source, destination, Certainty::May);
            let must = found(&topology, source, destination, Certainty::Must);
            for packet in packets_between(&topology, source, destination) {
                let delivered = deliver(&topology, World { seed: 1 }, source, destination, packet);
                prop_assert_eq!(may.contains(&packet), delivered, "may {:?} -> {:?} {:?}", source, destination, packet);
                prop_assert_eq!(must.contains(&packet), delivered, "must {:?} -> {:?} {:?}", source, destination, packet);
            }
        }
    }

    #[test]
    fn no_outcome_of_the_unknown_contradicts_the_bounds(seed in any::<u64>(), outcomes in proptest::collection::vec(any::<u64>(), 4)) {
        let topology = network(seed, Knowledge::Some);
        for (source, destination) in pairs() {
            let may = found(&topology, source, destination, Certainty::May);
            let must = found(&topology, source, destination, Certainty::Must);
            prop_assert!(may.includes(&must));
            for seed in &outcomes {
                for packet in packets_between(&topology, source, destination) {
                    let delivered = deliver(&topology, World { seed: *seed }, source, destination, packet);
                    prop_assert!(!delivered || may.contains(&packet), "delivered, not possible: {:?} -> {:?} {:?}", source, destination, packet);
                    prop_assert!(delivered || !must.contains(&packet), "certain, not delivered: {:?} -> {:?} {:?}", source, destination, packet);
                }
            }
        }
    }
}
