//! The way of packets through the network, all at once: from one site to another, for all their addresses and services.

use std::collections::VecDeque;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::address::AddressSet;
use super::super::bounds::{Bounds, Certainty};
use super::super::filter::Direction;
use super::super::service::ServiceSet;
use super::super::traffic::Traffic;
use super::filter::{Inquiry, PacketFilter, Party};
use super::packets::{MAX_BOXES, PacketSet, Side};
use super::region::Region;
use super::site::{FaceKind, Multiplicity, Site};
use super::topology::{FilterId, Memory, Node, NodeId, SiteId, Step, TableId, Topology, Zone};

/// A site under one of its faces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct End {
    /// The site.
    pub site: SiteId,
    /// The face.
    pub face: FaceKind,
}

/// What the packets at a node have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Flow {
    /// Who they come from.
    pub source: End,
    /// Who they go to.
    pub destination: End,
    /// The zone in which they crossed a transit gateway.
    pub zone: Zone,
    /// Whether references to groups still know who sends them.
    pub has_groups: bool,
}

/// Packets at a node.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The node.
    pub node: NodeId,
    /// What they have in common.
    pub flow: Flow,
    /// The packets.
    pub packets: PacketSet,
    /// The visit they came from.
    pub before: Option<usize>,
}

/// Something that is treated as not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Element {
    /// A node.
    Node(NodeId),
    /// A rule of a filter.
    Rule(FilterId, usize),
    /// A route of a table.
    Route(TableId, usize),
}

/// What is left out of a search.
#[derive(Clone, Debug, Default)]
pub struct Without {
    elements: FxHashSet<Element>,
}

impl Without {
    /// Leaves out these.
    #[must_use]
    pub fn these(elements: impl IntoIterator<Item = Element>) -> Self {
        Self { elements: elements.into_iter().collect() }
    }

    /// Leaves out one more.
    #[must_use]
    pub fn and(&self, element: Element) -> Self {
        let mut more = self.clone();
        more.elements.insert(element);
        more
    }

    fn node(&self, id: NodeId) -> bool {
        !self.elements.is_empty() && self.elements.contains(&Element::Node(id))
    }

    fn rule(&self, filter: FilterId) -> Option<usize> {
        self.elements.iter().find_map(|element| match element {
            Element::Rule(own, rule) if *own == filter => Some(*rule),
            Element::Rule(..) | Element::Node(_) | Element::Route(..) => None,
        })
    }

    fn route(&self, table: TableId) -> Option<usize> {
        self.elements.iter().find_map(|element| match element {
            Element::Route(own, route) if *own == table => Some(*route),
            Element::Route(..) | Element::Node(_) | Element::Rule(..) => None,
        })
    }
}

/// Packets that went no further.
#[derive(Clone, Debug)]
pub struct Drop {
    /// The visit at which they stopped.
    pub visit: usize,
    /// How many visits it took to get there.
    pub depth: usize,
}

/// What kind of packets are followed.
#[derive(Clone, Debug)]
pub enum Phase {
    /// Packets that open a connection, or stand alone.
    Forward,
    /// Replies to packets that have passed these devices.
    Reply(FxHashSet<Arc<str>>),
}

/// A search.
pub struct Search<'t> {
    /// The network.
    pub topology: &'t Topology,
    /// Whether certain or possible ways are looked for.
    pub certainty: Certainty,
    /// What is left out.
    pub without: &'t Without,
    /// What kind of packets.
    pub phase: Phase,
}

/// What a search found.
#[derive(Debug, Default)]
pub struct Outcome {
    /// All visits; those that came later come from earlier ones.
    pub visits: Vec<Visit>,
    /// Visits at which packets have arrived.
    pub arrivals: Vec<usize>,
    /// Visits at which packets stopped.
    pub drops: Vec<Drop>,
    /// Whether a bound on work was reached, so that there may be more ways.
    pub limited: bool,
}

/// More visits than this are not made.
const MAX_VISITS: usize = 20_000;

impl Search<'_> {
    /// Follows packets from a node on.
    #[must_use]
    pub fn run(&self, start: NodeId, source: End, destination: End, packets: PacketSet) -> Outcome {
        let flow = Flow { source, destination, zone: None, has_groups: true };
        let mut walk = Walk { outcome: Outcome::default(), pending: VecDeque::new(), seen: FxHashMap::default() };
        walk.visit(start, flow, packets, None);
        while let Some(idx) = walk.pending.pop_front() {
            if walk.outcome.visits.len() > MAX_VISITS {
                walk.outcome.limited = true;
                break;
            }
            let Some(visit) = walk.outcome.visits.get(idx).cloned() else { continue };
            let before = walk.outcome.visits.len();
            let kept = self.pass(&visit, idx, &mut walk);
            let arrived = walk.outcome.arrivals.last() == Some(&idx);
            if walk.outcome.visits.len() == before && !arrived && !kept {
                let depth = walk.depth(idx);
                walk.outcome.drops.push(Drop { visit: idx, depth });
            }
        }
        walk.outcome
    }

    /// Takes packets one node further. Whether they only met what was seen before.
    fn pass(&self, visit: &Visit, idx: usize, walk: &mut Walk) -> bool {
        let Some(node) = self.topology.node(visit.node) else { return false };
        if !*node.exists.at(self.certainty) || self.without.node(visit.node) {
            return false;
        }
        let (Some(source), Some(destination)) =
            (self.topology.site(visit.flow.source.site), self.topology.site(visit.flow.destination.site))
        else {
            return false;
        };
        let mut onward = Onward { visit, idx, walk, repeated: false };
        let hop = Hop { node, source, destination };
        self.step(&hop, &mut onward);
        onward.repeated
    }

    fn step(&self, hop: &Hop<'_>, onward: &mut Onward<'_, '_>) {
        let packets = &onward.visit.packets;
        match &hop.node.step {
            Step::Arrive => {
                if *hop.destination.exists.at(self.certainty) {
                    let idx = onward.idx;
                    onward.walk.outcome.arrivals.push(idx);
                }
            }
            Step::Stop(_) => {}
            Step::Filter { filters, direction, memory, device, of, next } => {
                let passing = match self.seen_before(*memory, device) {
                    None => self.filtered(filters, *direction, *of, hop, onward.visit),
                    Some(true) => packets.clone(),
                    Some(false) => PacketSet::default(),
                };
                onward.go(*next, passing);
            }
            Step::Route(table) => self.route(*table, hop.destination, onward),
            Step::Admit { sources, destinations, next } => {
                let passing = self.admitted(hop, packets, sources.as_ref(), destinations.as_ref());
                onward.go(*next, passing);
            }
            Step::Segment { key, otherwise } => {
                let is_here = self.deliver(hop.destination.segment.as_ref(), key, hop.destination.door, onward);
                if let Some(next) = otherwise.filter(|_| !is_here.must) {
                    onward.all(next);
                }
            }
            Step::Network(key) => {
                self.deliver(hop.destination.network.as_ref(), key, hop.destination.home, onward);
            }
            Step::ToPublic(next) => self.to_public(hop.source, *next, onward),
            Step::ToPrivate(next) => self.to_private(hop.destination, *next, onward),
            Step::SourceNat { site, services, next } => {
                if matches!(self.phase, Phase::Forward) {
                    self.source_nat(*site, services, *next, hop.source, onward);
                }
            }
            Step::Internet(sites) => self.internet(sites, hop.destination, onward),
            Step::Outside(sites) => {
                if sites.contains(&onward.visit.flow.destination.site) {
                    onward.all(hop.destination.door);
                }
            }
            Step::EnterZone(zone, next) => {
                let flow = Flow { zone: zone.clone(), ..onward.visit.flow.clone() };
                onward.go_as(*next, flow, packets.clone());
            }
            Step::LeaveZone { exits, spread } => leave_zone(exits, *spread, onward),
            Step::ForgetGroups(next) => {
                let flow = Flow { has_groups: false, ..onward.visit.flow.clone() };
                onward.go_as(*next, flow, packets.clone());
            }
            Step::AnyOf(nodes) => nodes.iter().for_each(|next| onward.all(*next)),
            Step::Anywhere => onward.all(way_in(hop.destination, onward.visit.flow.destination.face)),
        }
    }

    fn admitted(
        &self,
        hop: &Hop<'_>,
        packets: &PacketSet,
        sources: Option<&Region>,
        destinations: Option<&Region>,
    ) -> PacketSet {
        let passing = within(packets, Side::Source, hop.source, sources, self.certainty);
        within(&passing, Side::Destination, hop.destination, destinations, self.certainty)
    }

    /// For replies at a filter that remembers: whether it has seen what they answer. Nobody promises what one does with
    /// replies to what it has not seen.
    fn seen_before(&self, memory: Memory, device: &Arc<str>) -> Option<bool> {
        match (&self.phase, memory) {
            (Phase::Forward, _) | (Phase::Reply(_), Memory::Nothing) => None,
            (Phase::Reply(devices), Memory::Connections) => {
                Some(devices.contains(device) || self.certainty == Certainty::May)
            }
        }
    }

    fn filtered(
        &self,
        filters: &[FilterId],
        direction: Direction,
        of: Option<SiteId>,
        hop: &Hop<'_>,
        visit: &Visit,
    ) -> PacketSet {
        let (sources, destinations) = (visit.packets.sources(), visit.packets.destinations());
        let (source, destination) = parties(hop, &visit.flow, &sources, &destinations);
        let (near, far, side) = match direction {
            Direction::Egress => (source, destination, Side::Destination),
            Direction::Ingress => (destination, source, Side::Source),
        };
        let near = of.and_then(|of| self.topology.site(of)).map_or(near, |site| Party { site, ..near });
        let near_side = match side {
            Side::Source => Side::Destination,
            Side::Destination => Side::Source,
        };
        let filters: Vec<(FilterId, &PacketFilter)> =
            filters.iter().filter_map(|id| Some((*id, self.topology.filter(*id)?))).collect();
        let mut passing = PacketSet::default();
        for part in near_parts(&filters, near.addresses) {
            let packets = visit.packets.within_addresses(near_side, &part);
            let services = packets.services();
            let mut sum = Traffic::empty();
            for (id, filter) in &filters {
                let near = Party { addresses: &part, ..near };
                let without = self.without.rule(*id);
                let inquiry = Inquiry { direction, near, far, certainty: self.certainty, without };
                sum = sum.union(&filter.admitted(&inquiry, &services));
            }
            passing = passing.union(&packets.within_traffic(side, &sum));
        }
        passing
    }

    fn route(&self, id: TableId, destination: &Site, onward: &mut Onward<'_, '_>) {
        let Some(table) = self.topology.table(id) else { return };
        let changed = self.without.route(id).map(|route| table.without(route));
        let table = changed.as_ref().unwrap_or(table);
        let addresses = onward.visit.packets.destinations();
        for share in table.choose(destination, &addresses, self.certainty) {
            let Some(target) = table.routes.get(share.route).map(|route| route.target) else { continue };
            let packets = onward.visit.packets.within_addresses(Side::Destination, &share.addresses);
            onward.go(target, packets);
        }
    }

    /// Delivers within a segment or network; a site of which nobody knows where it is may be there. Whether it is.
    fn deliver(
        &self,
        own: Option<&Arc<str>>,
        key: &Arc<str>,
        next: NodeId,
        onward: &mut Onward<'_, '_>,
    ) -> Bounds<bool> {
        let end = onward.visit.flow.destination;
        let is_host =
            end.face != FaceKind::Public && self.topology.site(end.site).is_some_and(|site| !site.is_outside());
        let is_here = match own {
            Some(own) if own == key && is_host => Bounds::YES,
            None if is_host => Bounds::PERHAPS,
            Some(_) | None => Bounds::NO,
        };
        if *is_here.at(self.certainty) {
            onward.all(next);
        }
        is_here
    }

    fn to_public(&self, source: &Site, next: NodeId, onward: &mut Onward<'_, '_>) {
        let flow = &onward.visit.flow;
        match flow.source.face {
            FaceKind::Six => onward.all(next),
            // Replies of a translated address keep it.
            FaceKind::Public => onward.all(next),
            FaceKind::Private => {
                let Some(face) = source.face(FaceKind::Public) else { return };
                if *face.exists.at(self.certainty) {
                    let packets = self.whole(&onward.visit.packets, Side::Source, source, flow.source.face);
                    let flow = Flow {
                        source: End { face: FaceKind::Public, ..flow.source },
                        has_groups: false,
                        ..flow.clone()
                    };
                    onward.go_as(next, flow, packets.rewritten(Side::Source, &face.addresses));
                }
            }
        }
    }

    fn to_private(&self, destination: &Site, next: NodeId, onward: &mut Onward<'_, '_>) {
        let flow = &onward.visit.flow;
        match flow.destination.face {
            FaceKind::Six => onward.all(next),
            FaceKind::Private => {}
            FaceKind::Public => {
                let exists = destination.face(FaceKind::Public).is_some_and(|face| *face.exists.at(self.certainty));
                let Some(face) = destination.face(FaceKind::Private).filter(|_| exists) else { return };
                let packets = self.whole(&onward.visit.packets, Side::Destination, destination, flow.destination.face);
                let flow = Flow { destination: End { face: FaceKind::Private, ..flow.destination }, ..flow.clone() };
                onward.go_as(next, flow, packets.rewritten(Side::Destination, &face.addresses));
            }
        }
    }

    fn source_nat(
        &self,
        site: SiteId,
        services: &ServiceSet,
        next: NodeId,
        source: &Site,
        onward: &mut Onward<'_, '_>,
    ) {
        let flow = &onward.visit.flow;
        let face = if flow.source.face == FaceKind::Six { FaceKind::Six } else { FaceKind::Private };
        let Some(addresses) = self.topology.site(site).and_then(|site| site.face(face)).map(|face| &face.addresses)
        else {
            return;
        };
        let packets = self.whole(&onward.visit.packets, Side::Source, source, flow.source.face);
        let packets = packets.within_services(services).rewritten(Side::Source, addresses);
        let flow = Flow { source: End { site, face }, has_groups: true, ..flow.clone() };
        onward.go_as(next, flow, packets);
    }

    /// Before an address is rewritten: what holds whichever address a host turns out to have.
    fn whole(&self, packets: &PacketSet, side: Side, site: &Site, face: FaceKind) -> PacketSet {
        let is_one = site.multiplicity == Multiplicity::One && self.certainty == Certainty::Must;
        let Some(face) = site.face(face).filter(|_| is_one) else { return packets.clone() };
        packets.with_all(side, &face.addresses)
    }

    fn internet(&self, sites: &[SiteId], destination: &Site, onward: &mut Onward<'_, '_>) {
        if sites.contains(&onward.visit.flow.destination.site) {
            return onward.all(destination.door);
        }
        let face = onward.visit.flow.destination.face;
        if face == FaceKind::Private {
            return;
        }
        if let Some(entry) = destination.face(face).and_then(|face| face.entry) {
            onward.all(entry);
        }
    }
}

/// A node and the sites of the packets there.
struct Hop<'h> {
    node: &'h Node,
    source: &'h Site,
    destination: &'h Site,
}

fn parties<'p>(
    hop: &Hop<'p>,
    flow: &Flow,
    sources: &'p AddressSet,
    destinations: &'p AddressSet,
) -> (Party<'p>, Party<'p>) {
    let source = Party { site: hop.source, addresses: sources, face: flow.source.face, has_groups: flow.has_groups };
    let destination =
        Party { site: hop.destination, addresses: destinations, face: flow.destination.face, has_groups: true };
    (source, destination)
}

/// The addresses of the near side, cut where rules that name near addresses begin and end.
fn near_parts(filters: &[(FilterId, &PacketFilter)], addresses: &AddressSet) -> Vec<AddressSet> {
    /// More parts than this are taken together.
    const MOST: usize = 256;
    let mut parts = vec![addresses.clone()];
    for region in filters.iter().flat_map(|(_, filter)| filter.near_regions()) {
        for edge in [&region.addresses.must, &region.addresses.may] {
            if parts.len() < MOST {
                let cut = |part: AddressSet| [part.intersect(edge), part.subtract(edge)];
                parts = parts.into_iter().flat_map(cut).filter(|part| !part.is_empty()).collect();
            }
        }
    }
    parts
}

fn within(packets: &PacketSet, side: Side, site: &Site, region: Option<&Region>, certainty: Certainty) -> PacketSet {
    let Some(region) = region else { return packets.clone() };
    let own = match side {
        Side::Source => packets.sources(),
        Side::Destination => packets.destinations(),
    };
    packets.within_addresses(side, &region.part_of(site, &own, certainty))
}

/// Where packets from nobody knows where come in to a site.
fn way_in(destination: &Site, face: FaceKind) -> NodeId {
    let entry = destination.face(face).and_then(|face| face.entry);
    entry.filter(|_| face == FaceKind::Public).unwrap_or(destination.home)
}

/// Packets leave where their zone has an exit, and anywhere if it has none.
fn leave_zone(exits: &[(Zone, NodeId)], spread: bool, onward: &mut Onward<'_, '_>) {
    let zone = onward.visit.flow.zone.clone();
    let own = exits.iter().find(|(exit, _)| exit.is_some() && *exit == zone).filter(|_| !spread);
    let flow = Flow { zone: None, ..onward.visit.flow.clone() };
    for (_, next) in exits.iter().filter(|exit| own.is_none_or(|own| exit.1 == own.1)) {
        onward.go_as(*next, flow.clone(), onward.visit.packets.clone());
    }
}

/// The state of a search.
struct Walk {
    outcome: Outcome,
    pending: VecDeque<usize>,
    seen: FxHashMap<(NodeId, Flow), PacketSet>,
}

impl Walk {
    /// Notes packets at a node, without those seen there before. Whether there were any.
    fn visit(&mut self, node: NodeId, flow: Flow, packets: PacketSet, before: Option<usize>) -> bool {
        let seen = self.seen.entry((node, flow.clone())).or_default();
        let packets = if seen.is_empty() { packets } else { packets.subtract(seen) };
        if packets.is_empty() {
            return false;
        }
        *seen = seen.union(&packets);
        if seen.boxes().len() > MAX_BOXES {
            self.outcome.limited = true;
            return true;
        }
        self.outcome.visits.push(Visit { node, flow, packets, before });
        self.pending.push_back(self.outcome.visits.len() - 1);
        true
    }

    fn depth(&self, idx: usize) -> usize {
        self.outcome.trail(idx).len()
    }
}

/// Where the packets of one visit go on to.
struct Onward<'v, 'w> {
    visit: &'v Visit,
    idx: usize,
    walk: &'w mut Walk,
    /// Whether packets met only what had been seen.
    repeated: bool,
}

impl Onward<'_, '_> {
    fn all(&mut self, next: NodeId) {
        self.go(next, self.visit.packets.clone());
    }

    fn go(&mut self, next: NodeId, packets: PacketSet) {
        self.go_as(next, self.visit.flow.clone(), packets);
    }

    fn go_as(&mut self, next: NodeId, flow: Flow, packets: PacketSet) {
        if !packets.is_empty() && !self.walk.visit(next, flow, packets, Some(self.idx)) {
            self.repeated = true;
        }
    }
}

impl Outcome {
    /// The visits that lead to one, first to last.
    #[must_use]
    pub fn trail(&self, idx: usize) -> Vec<usize> {
        let mut trail: Vec<usize> =
            std::iter::successors(Some(idx), |idx| self.visits.get(*idx).and_then(|visit| visit.before)).collect();
        trail.reverse();
        trail
    }
}
