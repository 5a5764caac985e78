//! From packets to connections: what gets there, and what of it can be answered.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::super::address::AddressSet;
use super::super::bounds::Certainty;
use super::super::service::{ServiceSet, protocol};
use super::packets::{PacketBox, PacketSet};
use super::search::{End, Outcome, Phase, Search, Without};
use super::site::Multiplicity;
use super::topology::{Memory, NodeId, SiteId, Step, Topology};

/// What counts as reaching.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Packets are delivered.
    Packet,
    /// Packets are delivered and replies come back.
    Connection,
}

/// Ports from which clients send.
const CLIENT_PORTS: (u16, u16) = (1024, u16::MAX);

/// Who asks to reach whom.
#[derive(Clone, Debug)]
pub struct Attempt<'t> {
    /// The network.
    pub topology: &'t Topology,
    /// Where from.
    pub source: End,
    /// Where its packets begin, if not at the source itself.
    pub start: Option<NodeId>,
    /// Where to.
    pub destination: End,
    /// For which services.
    pub services: &'t ServiceSet,
    /// Certain or possible ways.
    pub certainty: Certainty,
    /// What is left out.
    pub without: &'t Without,
    /// What counts.
    pub level: Level,
}

/// The way of replies, segment by segment between rewritten addresses.
#[derive(Debug)]
pub struct ReplyWay {
    /// Each search, and the visit at which the replies arrived.
    pub segments: Vec<(Outcome, Option<usize>)>,
    /// The services of the replies at the client, with the ports that they go to.
    pub services: ServiceSet,
}

/// Packets that have arrived.
#[derive(Debug)]
pub struct Arrival {
    /// The visit at which they arrived.
    pub visit: usize,
    /// Those that count, with the addresses they have there.
    pub packets: PacketSet,
    /// How replies go back, where that was asked.
    pub reply: Option<ReplyWay>,
}

/// What an attempt found.
#[derive(Debug, Default)]
pub struct Reached {
    /// All ways of the packets.
    pub forward: Outcome,
    /// What arrived, and counts.
    pub arrivals: Vec<Arrival>,
    /// What arrived but cannot be answered.
    pub unanswered: Vec<Arrival>,
    /// Whether a bound was reached.
    pub limited: bool,
}

impl Reached {
    /// The services that reach.
    #[must_use]
    pub fn services(&self) -> ServiceSet {
        self.arrivals.iter().fold(ServiceSet::empty(), |sum, arrival| sum.union(&arrival.packets.services()))
    }
}

impl Attempt<'_> {
    /// Makes it.
    #[must_use]
    pub fn make(&self) -> Reached {
        let Some((start, packets)) = self.beginning() else { return Reached::default() };
        let forward = self.search(Phase::Forward).run(start, self.source, self.destination, packets);
        let mut reached = Reached { limited: forward.limited, ..Reached::default() };
        let mut arrived: Vec<Arrival> = Vec::new();
        for &visit in &forward.arrivals {
            let Some(packets) = forward.visits.get(visit).map(|visit| visit.packets.clone()) else { continue };
            match self.level {
                Level::Packet => arrived.push(Arrival { visit, packets, reply: None }),
                Level::Connection => {
                    let (answered, way) = self.answered(&forward, visit, &packets);
                    reached.limited |= way.segments.iter().any(|(outcome, _)| outcome.limited);
                    if answered.is_empty() {
                        reached.unanswered.push(Arrival { visit, packets, reply: Some(way) });
                    } else {
                        arrived.push(Arrival { visit, packets: answered, reply: Some(way) });
                    }
                }
            }
        }
        reached.arrivals = self.counting(&forward, arrived);
        reached.forward = forward;
        reached
    }

    fn search(&self, phase: Phase) -> Search<'_> {
        Search { topology: self.topology, certainty: self.certainty, without: self.without, phase }
    }

    /// Where the packets start, if both ends are there.
    fn beginning(&self) -> Option<(NodeId, PacketSet)> {
        let (source, destination) = (self.topology.site(self.source.site)?, self.topology.site(self.destination.site)?);
        let (from, to) = (source.face(self.source.face)?, destination.face(self.destination.face)?);
        let exist = [source.exists, destination.exists, from.exists, to.exists];
        if exist.iter().any(|exists| !exists.at(self.certainty)) {
            return None;
        }
        let packets = PacketBox::new(from.addresses.clone(), to.addresses.clone(), self.services.clone());
        Some((self.start.unwrap_or(source.start), packets.into()))
    }

    /// What counts of what arrived: for a single host whose address nobody knows yet, what holds for each it may have.
    fn counting(&self, forward: &Outcome, arrived: Vec<Arrival>) -> Vec<Arrival> {
        if self.certainty == Certainty::May {
            return arrived;
        }
        let mut counting = Vec::new();
        let end_of = |arrival: &Arrival| {
            forward.visits.get(arrival.visit).map(|visit| (visit.flow.source, visit.flow.destination))
        };
        for arrival in &arrived {
            let Some((source, destination)) = end_of(arrival) else { continue };
            let alike = arrived.iter().filter(|other| end_of(other) == Some((source, destination)));
            let all = alike.fold(PacketSet::default(), |sum, other| sum.union(&other.packets));
            let (sources, destinations) = (self.each_address(source), self.each_address(destination));
            let covered = all.covering(sources.as_ref(), destinations.as_ref()).services();
            counting.push(covered);
        }
        let narrowed = arrived
            .into_iter()
            .zip(counting)
            .map(|(arrival, services)| Arrival { packets: arrival.packets.within_services(&services), ..arrival });
        narrowed.filter(|arrival| !arrival.packets.is_empty()).collect()
    }

    /// The addresses of a single host.
    fn each_address(&self, end: End) -> Option<AddressSet> {
        let site = self.topology.site(end.site).filter(|site| site.multiplicity == Multiplicity::One)?;
        site.face(end.face).map(|face| face.addresses.clone())
    }

    /// The packets of an arrival that can be answered, and how.
    fn answered(&self, forward: &Outcome, visit: usize, packets: &PacketSet) -> (PacketSet, ReplyWay) {
        let wanted = replies(&packets.services());
        let mut way = ReplyWay { segments: Vec::new(), services: wanted.clone() };
        let one_way = packets.within_services(&without_reply());
        let turns = turns(forward, visit);
        let phase = Phase::Reply(devices(self.topology, forward, visit));
        let mut answered = packets.clone();
        // From the far end back to each site that stood for the one before it.
        let mut from = forward.visits.get(visit).map(|visit| visit.flow.destination);
        let mut start = from.and_then(|end| self.topology.site(end.site)).map(|site| site.start);
        for (turn, is_last) in turns.iter().rev().zip(std::iter::once(true).chain(std::iter::repeat(false))) {
            let (Some(end), Some(node)) = (from, start) else { break };
            let sent = match is_last {
                true => swapped(packets, &wanted),
                false => self.between(end, turn.client, &way.services),
            };
            let outcome = self.search(phase.clone()).run(node, end, turn.client, sent);
            let (mask, services, arrival) = replied(&outcome, end, turn, is_last);
            answered = answered.intersect(&mask);
            way.services = way.services.intersect(&services);
            way.segments.push((outcome, arrival));
            from = Some(End { face: turn.server.face, ..end });
            start = self.topology.site(turn.client.site).map(|site| site.start);
        }
        (answered.subtract(&one_way).union(&one_way), way)
    }

    /// All packets of these services between two ends.
    fn between(&self, from: End, to: End, services: &ServiceSet) -> PacketSet {
        let addresses = |end: End| {
            let face = self.topology.site(end.site).and_then(|site| site.face(end.face));
            face.map(|face| face.addresses.clone()).unwrap_or_default()
        };
        PacketBox::new(addresses(from), addresses(to), services.clone()).into()
    }
}

/// A stretch of the way on which packets had the same source.
#[derive(Clone, Copy, Debug)]
struct Turn {
    /// The source as it was when they left the stretch.
    client: End,
    /// The destination as it was when they entered it.
    server: End,
}

/// The stretches of a way, first to last.
fn turns(forward: &Outcome, visit: usize) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    for flow in forward.trail(visit).into_iter().filter_map(|idx| forward.visits.get(idx)).map(|visit| &visit.flow) {
        match turns.last_mut() {
            Some(turn) if turn.client.site == flow.source.site => turn.client = flow.source,
            Some(_) | None => turns.push(Turn { client: flow.source, server: flow.destination }),
        }
    }
    turns
}

/// What on the way remembers connections.
fn devices(topology: &Topology, forward: &Outcome, visit: usize) -> FxHashSet<Arc<str>> {
    let nodes = forward.trail(visit).into_iter().filter_map(|idx| topology.node(forward.visits.get(idx)?.node));
    let device = |step: &Step| match step {
        Step::Filter { memory: Memory::Connections, device, .. } => Some(device.clone()),
        _ => None,
    };
    nodes.filter_map(|node| device(&node.step)).collect()
}

/// What came back of replies: which packets they answer, their services, and where one arrived.
fn replied(outcome: &Outcome, from: End, turn: &Turn, is_last: bool) -> (PacketSet, ServiceSet, Option<usize>) {
    let whole = Arc::new(AddressSet::world());
    let (mut mask, mut services, mut arrival) = (PacketSet::default(), ServiceSet::empty(), None);
    for &idx in &outcome.arrivals {
        let Some(visit) = outcome.visits.get(idx) else { continue };
        // A reply that comes from another address than was asked is none.
        let source = visit.flow.source;
        if source.site != from.site || source.face != turn.server.face {
            continue;
        }
        arrival = arrival.or(Some(idx));
        services = services.union(&visit.packets.services());
        for one in visit.packets.boxes() {
            let same = |before: End, after: End| is_last && before == after;
            let answers = PacketBox {
                sources: match same(turn.client, visit.flow.destination) {
                    true => one.destinations.clone(),
                    false => whole.clone(),
                },
                destinations: if same(from, source) { one.sources.clone() } else { whole.clone() },
                services: answered_by(&one.services).into(),
            };
            mask = mask.union(&answers.into());
        }
    }
    (mask, services, arrival)
}

fn swapped(packets: &PacketSet, services: &ServiceSet) -> PacketSet {
    packets.boxes().iter().fold(PacketSet::default(), |sum, one| {
        let services = replies(&one.services).intersect(services);
        let back = PacketBox {
            sources: one.destinations.clone(),
            destinations: one.sources.clone(),
            services: services.into(),
        };
        sum.union(&back.into())
    })
}

/// The services of replies: to the client's port, or the ICMP type that answers.
fn replies(services: &ServiceSet) -> ServiceSet {
    let mut sum = ServiceSet::empty();
    for (number, first, last) in services.runs() {
        let echo = |kind: u8| ServiceSet::icmp(number, kind, None);
        let part = match number {
            protocol::ICMP => answer_to(&ServiceSet::ports(number, first, last), &echo(8), echo(0)),
            protocol::ICMPV6 => answer_to(&ServiceSet::ports(number, first, last), &echo(128), echo(129)),
            _ if protocol::has_ports(number) => ServiceSet::ports(number, CLIENT_PORTS.0, CLIENT_PORTS.1),
            _ => ServiceSet::protocol(number),
        };
        sum = sum.union(&part);
    }
    sum
}

fn answer_to(asked: &ServiceSet, request: &ServiceSet, answer: ServiceSet) -> ServiceSet {
    if asked.intersect(request).is_empty() { ServiceSet::empty() } else { answer }
}

/// The services that replies of these services answer.
fn answered_by(replies: &ServiceSet) -> ServiceSet {
    let mut sum = ServiceSet::empty();
    for (number, ..) in replies.runs() {
        sum = sum.union(&match number {
            protocol::ICMP => ServiceSet::icmp(number, 8, None),
            protocol::ICMPV6 => ServiceSet::icmp(number, 128, None),
            _ => ServiceSet::protocol(number),
        });
    }
    sum
}

/// Services that nobody answers: ICMP other than echo.
fn without_reply() -> ServiceSet {
    let icmp = ServiceSet::protocol(protocol::ICMP).subtract(&ServiceSet::icmp(protocol::ICMP, 8, None));
    let six = ServiceSet::protocol(protocol::ICMPV6).subtract(&ServiceSet::icmp(protocol::ICMPV6, 128, None));
    icmp.union(&six)
}

/// The client port of a witness: one that every system uses, if replies to it pass.
#[must_use]
pub fn client_port(replies: &ServiceSet, number: u8) -> Option<u16> {
    const USUAL: u16 = 49_152;
    if !protocol::has_ports(number) {
        return None;
    }
    if replies.contains(number, USUAL) {
        return Some(USUAL);
    }
    replies.runs().into_iter().find(|(own, ..)| *own == number).map(|(_, first, _)| first)
}

/// The ends under which a site is met by packets of an IP version.
#[must_use]
pub fn ends(topology: &Topology, site: SiteId, version: super::site::Version) -> Vec<End> {
    let faces = topology.site(site).map(|site| site.faces.as_slice()).unwrap_or_default();
    let of_version = faces.iter().filter(|(kind, _)| kind.is_of(version));
    of_version.map(|(face, _)| End { site, face: *face }).collect()
}
