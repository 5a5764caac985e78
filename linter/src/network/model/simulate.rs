//! A second opinion for tests: one concrete packet, step by step, on its own reading of the same network.
//!
//! It shares no set operation with the search: addresses are compared as numbers, rules and routes are gone through one by
//! one. Unknown facts are decided by a toss that stays the same for the same thing.

use super::super::address::AddressSet;
use super::super::bounds::Bounds;
use super::super::cidr::Address;
use super::super::filter::{Decision, Direction, FilterKind};
use super::filter::{GroupName, Near, PacketFilter, Rule};
use super::packets::Packet;
use super::region::Region;
use super::search::End;
use super::site::{FaceKind, Multiplicity, Site, Version};
use super::topology::{FilterId, Memory, NodeId, SiteId, Step, TableId, Topology, Zone};

/// One outcome of all unknown values.
#[derive(Clone, Copy, Debug)]
pub(super) struct World {
    pub(super) seed: u64,
}

/// Most steps a packet makes.
const MAX_STEPS: usize = 200;

impl World {
    /// Whether something that may be is.
    fn toss(self, bounds: Bounds<bool>, what: &str, number: usize) -> bool {
        bounds.must || bounds.may && self.roll(what, number).is_multiple_of(2)
    }

    fn roll(self, what: &str, number: usize) -> u64 {
        let mut hash = self.seed ^ 0x9e37_79b9_7f4a_7c15;
        for byte in what.bytes().chain(number.to_le_bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
        hash ^ (hash >> 29)
    }

    /// Whether an address is in a set of which only bounds are known: every block that may be in it is or is not.
    fn holds(self, set: &Bounds<AddressSet>, address: Address, what: &str, number: usize) -> bool {
        set.must.contains(address) || set.may.contains(address) && self.roll(what, number).is_multiple_of(2)
    }

    /// The address that a single host has.
    pub(super) fn address(self, site: SiteId, of: &Site, face: FaceKind) -> Option<Address> {
        let addresses = &of.face(face)?.addresses;
        let pick = self.roll("address", site.idx() * 4 + face as usize);
        let v4 = addresses
            .v4
            .ranges()
            .first()
            .map(|&(first, last)| Address::V4(first + (pick % (u64::from(last - first) + 1)) as u32));
        v4.or_else(|| {
            addresses
                .v6
                .ranges()
                .first()
                .map(|&(first, last)| Address::V6(first + u128::from(pick) % (last - first).saturating_add(1).max(1)))
        })
    }
}

/// A packet on its way.
#[derive(Clone, Debug)]
struct Travelling {
    packet: Packet,
    source: End,
    destination: End,
    zone: Zone,
    has_groups: bool,
}

/// Follows one packet; the end that it arrives from, as it then looks, if it arrives.
pub(super) fn deliver(topology: &Topology, world: World, source: End, destination: End, packet: Packet) -> bool {
    let (Some(from), Some(to)) = (topology.site(source.site), topology.site(destination.site)) else { return false };
    let there = |site: &Site, end: End| {
        let face = site.face(end.face);
        world.toss(site.exists, "site", end.site.idx())
            && face.is_some_and(|face| world.toss(face.exists, "face", end.site.idx() * 4 + end.face as usize))
    };
    if !there(from, source) || !there(to, destination) {
        return false;
    }
    let start = Travelling { packet, source, destination, zone: None, has_groups: true };
    let mut pending = vec![(from.start, start, 0)];
    while let Some((node, travelling, steps)) = pending.pop() {
        if steps > MAX_STEPS || pending.len() > 10_000 {
            continue;
        }
        let walk = Walk { topology, world, node, travelling: &travelling };
        if walk.has_arrived() {
            return true;
        }
        pending.extend(walk.next().into_iter().map(|(node, travelling)| (node, travelling, steps + 1)));
    }
    false
}

struct Walk<'w> {
    topology: &'w Topology,
    world: World,
    node: NodeId,
    travelling: &'w Travelling,
}

impl Walk<'_> {
    fn exists(&self) -> bool {
        self.topology.node(self.node).is_some_and(|node| self.world.toss(node.exists, "node", self.node.idx()))
    }

    fn has_arrived(&self) -> bool {
        self.exists() && matches!(self.topology.node(self.node).map(|node| &node.step), Some(Step::Arrive))
    }

    fn next(&self) -> Vec<(NodeId, Travelling)> {
        let (Some(node), true) = (self.topology.node(self.node), self.exists()) else { return Vec::new() };
        let (Some(from), Some(to)) =
            (self.topology.site(self.travelling.source.site), self.topology.site(self.travelling.destination.site))
        else {
            return Vec::new();
        };
        let same = |next: NodeId| vec![(next, self.travelling.clone())];
        let private = self.travelling.destination.face != FaceKind::Public && !to.is_outside();
        match &node.step {
            Step::Arrive | Step::Stop(_) => Vec::new(),
            Step::Filter { filters, direction, memory: Memory::Connections | Memory::Nothing, of, next, .. } => {
                if self.passes(filters, *direction, *of) { same(*next) } else { Vec::new() }
            }
            Step::Route(table) => self.route(*table, to).map(same).unwrap_or_default(),
            Step::Admit { sources, destinations, next } => {
                let fits = |region: &Option<Region>, site: &Site, address| {
                    region.as_ref().is_none_or(|region| self.in_region(region, site, address, "admit", self.node.idx()))
                };
                let packet = &self.travelling.packet;
                let passes = fits(sources, from, packet.source) && fits(destinations, to, packet.destination);
                if passes { same(*next) } else { Vec::new() }
            }
            Step::Segment { key, .. } if private && to.segment.as_ref() == Some(key) => same(to.door),
            Step::Segment { otherwise, .. } => otherwise.map(same).unwrap_or_default(),
            Step::Network(key) if private && to.network.as_ref() == Some(key) => same(to.home),
            Step::Network(_) => Vec::new(),
            Step::ToPublic(next) => self.to_public(*next, from),
            Step::ToPrivate(next) => self.to_private(*next, to),
            Step::SourceNat { site, services, next } => self.source_nat(*site, services, *next),
            Step::Internet(sites) => self.internet(sites, to),
            Step::Outside(sites) if sites.contains(&self.travelling.destination.site) => same(to.door),
            Step::Outside(_) => Vec::new(),
            Step::EnterZone(zone, next) => vec![(*next, Travelling { zone: zone.clone(), ..self.travelling.clone() })],
            Step::LeaveZone { exits, spread } => {
                let own = exits.iter().find(|(exit, _)| exit.is_some() && *exit == self.travelling.zone);
                let travelling = Travelling { zone: None, ..self.travelling.clone() };
                match own.filter(|_| !spread) {
                    Some((_, next)) => vec![(*next, travelling)],
                    None => exits.iter().map(|(_, next)| (*next, travelling.clone())).collect(),
                }
            }
            Step::ForgetGroups(next) => vec![(*next, Travelling { has_groups: false, ..self.travelling.clone() })],
            Step::AnyOf(nodes) => nodes.iter().map(|next| (*next, self.travelling.clone())).collect(),
            Step::Anywhere => same(to.home),
        }
    }

    fn to_public(&self, next: NodeId, from: &Site) -> Vec<(NodeId, Travelling)> {
        let mut travelling = self.travelling.clone();
        if travelling.source.face == FaceKind::Private {
            let there = from.face(FaceKind::Public).is_some_and(|face| {
                self.world.toss(face.exists, "face", travelling.source.site.idx() * 4 + FaceKind::Public as usize)
            });
            let address = self.world.address(travelling.source.site, from, FaceKind::Public);
            let Some(address) = address.filter(|_| there) else { return Vec::new() };
            travelling.source.face = FaceKind::Public;
            travelling.packet.source = address;
            travelling.has_groups = false;
        }
        vec![(next, travelling)]
    }

    fn to_private(&self, next: NodeId, to: &Site) -> Vec<(NodeId, Travelling)> {
        let mut travelling = self.travelling.clone();
        match travelling.destination.face {
            FaceKind::Six => {}
            FaceKind::Private => return Vec::new(),
            FaceKind::Public => {
                let Some(address) = self.world.address(travelling.destination.site, to, FaceKind::Private) else {
                    return Vec::new();
                };
                travelling.destination.face = FaceKind::Private;
                travelling.packet.destination = address;
            }
        }
        vec![(next, travelling)]
    }

    fn source_nat(
        &self,
        site: SiteId,
        services: &super::super::service::ServiceSet,
        next: NodeId,
    ) -> Vec<(NodeId, Travelling)> {
        let packet = &self.travelling.packet;
        let face = if self.travelling.source.face == FaceKind::Six { FaceKind::Six } else { FaceKind::Private };
        let address = self.topology.site(site).and_then(|own| self.world.address(site, own, face));
        let Some(source) = address.filter(|_| services.contains(packet.protocol, packet.detail)) else {
            return Vec::new();
        };
        let packet = Packet { source, ..*packet };
        let source = End { site, face };
        vec![(next, Travelling { packet, source, has_groups: true, ..self.travelling.clone() })]
    }

    fn internet(&self, sites: &[SiteId], to: &Site) -> Vec<(NodeId, Travelling)> {
        let end = self.travelling.destination;
        let next = match sites.contains(&end.site) {
            true => Some(to.door),
            false if end.face == FaceKind::Private => None,
            false => to.face(end.face).and_then(|face| face.entry),
        };
        next.map(|next| vec![(next, self.travelling.clone())]).unwrap_or_default()
    }

    fn in_region(&self, region: &Region, site: &Site, address: Address, what: &str, number: usize) -> bool {
        let version = match address {
            Address::V4(_) => Version::V4,
            Address::V6(_) => Version::V6,
        };
        let by_name = region.ranges.iter().any(|(range, own)| *own == version && site.is_in_range(range));
        // A network that is known by its name only has no address of what is outside.
        let is_elsewhere = !region.ranges.is_empty() && site.is_outside();
        let held = match is_elsewhere {
            true => region.addresses.must.contains(address),
            false => self.world.holds(&region.addresses, address, what, number),
        };
        by_name || held
    }

    /// The longest prefix, found by looking at every route.
    fn route(&self, id: TableId, to: &Site) -> Option<NodeId> {
        let table = self.topology.table(id)?;
        let mut best: Option<((u8, u8), NodeId)> = None;
        for (idx, route) in table.routes.iter().enumerate() {
            let number = id.idx() * 1000 + idx;
            let there = self.world.toss(route.exists, "route", number);
            if !there || !self.in_region(&route.destination, to, self.travelling.packet.destination, "prefix", number) {
                continue;
            }
            let span = u64::from(route.length.1 - route.length.0) + 1;
            let length = route.length.0 + (self.world.roll("length", number) % span) as u8;
            let rank = (length, u8::MAX - route.preference);
            if best.is_none_or(|(known, _)| rank > known) {
                best = Some((rank, route.target));
            }
        }
        best.map(|(_, target)| target)
    }

    fn passes(&self, filters: &[FilterId], direction: Direction, of: Option<SiteId>) -> bool {
        let (from, to) = (self.travelling.source, self.travelling.destination);
        let packet = &self.travelling.packet;
        let (near, far, far_address) = match direction {
            Direction::Egress => (from, to, packet.destination),
            Direction::Ingress => (to, from, packet.source),
        };
        let near_address = if direction == Direction::Egress { packet.source } else { packet.destination };
        let (Some(near_site), Some(far_site)) =
            (self.topology.site(of.unwrap_or(near.site)), self.topology.site(far.site))
        else {
            return false;
        };
        let has_groups = direction == Direction::Egress || self.travelling.has_groups;
        let side = Sides { near: near_site, near_address, far: far_site, far_address, far_face: far.face, has_groups };
        filters
            .iter()
            .any(|id| self.topology.filter(*id).is_some_and(|filter| self.lets(filter, *id, direction, &side)))
    }

    fn lets(&self, filter: &PacketFilter, id: FilterId, direction: Direction, sides: &Sides<'_>) -> bool {
        let rules = filter.rules().iter().enumerate().filter(|(_, rule)| rule.direction == direction);
        let matching = rules.filter(|(idx, rule)| self.matches(rule, id.idx() * 1000 + idx, sides));
        match filter.kind {
            FilterKind::AllowList => matching.into_iter().any(|(_, rule)| rule.decision == Decision::Allow),
            FilterKind::FirstMatch => {
                let first = matching.min_by_key(|(idx, rule)| {
                    let order = rule.order.unwrap_or_else(|| self.world.roll("order", id.idx() * 1000 + idx) % 40_000);
                    (rule.label.implied, order, rule.decision)
                });
                first.is_some_and(|(_, rule)| rule.decision == Decision::Allow)
            }
        }
    }

    fn matches(&self, rule: &Rule, number: usize, sides: &Sides<'_>) -> bool {
        let packet = &self.travelling.packet;
        let served = rule.services.must.contains(packet.protocol, packet.detail)
            || rule.services.may.contains(packet.protocol, packet.detail)
                && self.world.roll("services", number).is_multiple_of(2);
        let member = |site: &Site, name: &GroupName, at: usize| match name {
            GroupName::Key(key) => self.world.toss(site.is_in_group(key), key, at),
            GroupName::Unknown => self.world.roll("group", at).is_multiple_of(2),
        };
        let near = match &rule.near {
            Near::Everything => true,
            Near::Unknown => self.world.roll("near", number).is_multiple_of(2),
            Near::Groups(groups) => groups.iter().any(|name| member(sides.near, name, number)),
            Near::Region(region) => self.in_region(region, sides.near, sides.near_address, "near", number),
        };
        let far = rule.peers.iter().enumerate().any(|(idx, peer)| {
            let of_group = sides.has_groups
                && sides.far_face != FaceKind::Public
                && peer.group.as_ref().is_some_and(|name| member(sides.far, name, number + idx));
            of_group || self.in_region(&peer.region, sides.far, sides.far_address, "peer", number * 16 + idx)
        });
        served && near && far && self.world.toss(rule.exists, "rule", number)
    }
}

struct Sides<'s> {
    near: &'s Site,
    near_address: Address,
    far: &'s Site,
    far_address: Address,
    far_face: FaceKind,
    has_groups: bool,
}

/// The address that a site sends from or is asked under, in one outcome of the unknown values.
pub(super) fn chosen_address(topology: &Topology, world: World, end: End, wanted: Address) -> Option<Address> {
    let site = topology.site(end.site)?;
    match site.multiplicity {
        Multiplicity::Many => Some(wanted),
        Multiplicity::One => world.address(end.site, site, end.face),
    }
}

/// Checks the packets of an answer against the simulator: a certain way must hold in every outcome of what is unknown.
pub(crate) fn recheck(topology: &Topology, answer: &super::Answer) {
    let Some(witness) = answer.witness.as_ref().filter(|_| answer.verdict == super::Verdict::Reachable) else { return };
    for leg in witness.legs.iter().filter(|leg| !leg.is_passed_on) {
        for seed in 0..24 {
            let world = World { seed };
            let source = chosen_address(topology, world, leg.source, leg.packet.source);
            let destination = chosen_address(topology, world, leg.destination, leg.packet.destination);
            let (Some(source), Some(destination)) = (source, destination) else { continue };
            let packet = Packet { source, destination, ..leg.packet };
            let arrives = deliver(topology, world, leg.source, leg.destination, packet);
            assert!(arrives, "the simulator does not deliver {packet:?} with seed {seed}: {leg:#?}");
        }
    }
}
