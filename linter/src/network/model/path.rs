//! A way of packets as people read it: hop by hop, each with what let the packet pass.

use std::sync::Arc;

use super::super::address::AddressSet;
use super::super::bounds::Certainty;
use super::super::cidr::{Address, Cidr};
use super::super::filter::Direction;
use super::super::service::{ServiceSet, protocol};
use super::filter::{Inquiry, Party};
use super::label::Label;
use super::packets::{Packet, PacketSet};
use super::search::{Element, Flow, Outcome, Visit};
use super::site::Site;
use super::topology::{FilterId, Node, SiteId, Step, Topology};
use crate::value::Reason;

/// One hop.
#[derive(Clone, Debug)]
pub struct Hop {
    /// What let the packet pass, and where it is written.
    pub label: Label,
    /// What could be taken away to stop the packet here; `None` where nothing can.
    pub element: Option<Element>,
    /// Whether it certainly lets the packet pass.
    pub certain: bool,
    /// Why that is not known.
    pub doubts: Vec<Reason>,
}

/// The packet at each visit of a trail, first to last, so that the last one is `last`.
#[must_use]
pub fn packets_along(outcome: &Outcome, trail: &[usize], last: Packet) -> Vec<Packet> {
    let mut packets = vec![last];
    let mut packet = last;
    for pair in trail.windows(2).rev() {
        let [before, after] = pair else { continue };
        if let (Some(before), Some(after)) = (outcome.visits.get(*before), outcome.visits.get(*after)) {
            packet = before_rewriting(before, &after.flow, packet);
        }
        packets.push(packet);
    }
    packets.reverse();
    packets
}

fn before_rewriting(before: &Visit, after: &Flow, packet: Packet) -> Packet {
    let source = (before.flow.source == after.source).then_some(packet.source);
    let destination = (before.flow.destination == after.destination).then_some(packet.destination);
    before.packets.sample_with(source, destination, &packet).unwrap_or(packet)
}

/// The hops of a trail for one packet.
#[must_use]
pub fn hops(topology: &Topology, outcome: &Outcome, trail: &[usize], packets: &[Packet]) -> Vec<Hop> {
    let mut hops = Vec::new();
    if let Some(site) = trail.first().and_then(|idx| site_of(topology, outcome.visits.get(*idx)?.flow.source.site)) {
        hops.push(end_hop(site));
    }
    for (idx, packet) in trail.iter().zip(packets) {
        let Some(visit) = outcome.visits.get(*idx) else { continue };
        let Some(node) = topology.node(visit.node) else { continue };
        hops.extend(Passage { topology, node, visit, packet }.hop());
    }
    hops
}

fn site_of(topology: &Topology, id: SiteId) -> Option<&Site> {
    topology.site(id)
}

fn end_hop(site: &Site) -> Hop {
    let doubts = if site.exists.must { Vec::new() } else { site.doubts.to_vec() };
    Hop { label: site.label.clone(), element: None, certain: site.exists.must, doubts }
}

/// A packet at a node.
struct Passage<'p> {
    topology: &'p Topology,
    node: &'p Node,
    visit: &'p Visit,
    packet: &'p Packet,
}

impl Passage<'_> {
    fn hop(&self) -> Option<Hop> {
        let hop = match &self.node.step {
            Step::Arrive => end_hop(self.topology.site(self.visit.flow.destination.site)?),
            Step::Filter { filters, direction, of, .. } => self.filter_hop(filters, *direction, *of)?,
            Step::Route(table) => self.route_hop(*table)?,
            Step::ToPublic(_)
            | Step::ToPrivate(_)
            | Step::SourceNat { .. }
            | Step::Admit { .. }
            | Step::Anywhere
            | Step::EnterZone(..)
            | Step::ForgetGroups(_)
            | Step::AnyOf(_)
            | Step::LeaveZone { .. }
            | Step::Internet(_)
            | Step::Outside(_)
            | Step::Segment { .. }
            | Step::Network(_)
            | Step::Stop(_) => Hop {
                label: self.node.label.clone(),
                element: Some(Element::Node(self.visit.node)).filter(|_| !self.node.label.implied),
                certain: true,
                doubts: Vec::new(),
            },
        };
        let hop = self.with_existence(hop);
        let face_doubts = self.face_doubts();
        let certain = hop.certain && face_doubts.is_empty();
        let doubts = hop.doubts.into_iter().chain(face_doubts).collect();
        (!hop.label.role.is_empty() || !certain).then_some(Hop { certain, doubts, ..hop })
    }

    fn with_existence(&self, hop: Hop) -> Hop {
        if self.node.exists.must {
            return hop;
        }
        Hop { certain: false, doubts: hop.doubts.into_iter().chain(self.node.doubts.iter().cloned()).collect(), ..hop }
    }

    /// Why it is not known whether a site has the public address that is needed here.
    fn face_doubts(&self) -> Vec<Reason> {
        let end = match &self.node.step {
            Step::ToPublic(_) => self.visit.flow.source,
            Step::ToPrivate(_) => self.visit.flow.destination,
            _ => return Vec::new(),
        };
        let face = self.topology.site(end.site).and_then(|site| site.face(super::site::FaceKind::Public));
        face.filter(|face| !face.exists.must).map(|face| face.doubts.to_vec()).unwrap_or_default()
    }

    fn filter_hop(&self, filters: &[FilterId], direction: Direction, of: Option<SiteId>) -> Option<Hop> {
        let (sources, destinations) = (one_address(self.packet.source), one_address(self.packet.destination));
        let flow = &self.visit.flow;
        let party = |end: super::search::End, addresses, has_groups| {
            Some(Party { site: self.topology.site(end.site)?, addresses, face: end.face, has_groups })
        };
        let source = party(flow.source, &sources, flow.has_groups)?;
        let destination = party(flow.destination, &destinations, true)?;
        let (near, far) = match direction {
            Direction::Egress => (source, destination),
            Direction::Ingress => (destination, source),
        };
        let near = of.and_then(|of| self.topology.site(of)).map_or(near, |site| Party { site, ..near });
        let service = service_of(self.packet);
        for certainty in [Certainty::Must, Certainty::May] {
            let inquiry = Inquiry { direction, near, far, certainty, without: None };
            for id in filters {
                let Some(filter) = self.topology.filter(*id) else { continue };
                let Some(idx) = filter.deciding(&inquiry, self.packet) else { continue };
                let Some(rule) = filter.rules().get(idx) else { continue };
                let certain = certainty == Certainty::Must;
                let doubts = if certain { Vec::new() } else { self.filter_doubts(filters, &inquiry, &service) };
                let element = (!rule.label.implied).then_some(Element::Rule(*id, idx));
                return Some(Hop { label: rule.label.clone(), element, certain, doubts });
            }
        }
        // A reply that passes because the filter remembers.
        let label = self.node.label.saying("lets replies pass");
        Some(Hop { label, element: None, certain: true, doubts: Vec::new() })
    }

    fn filter_doubts(&self, filters: &[FilterId], inquiry: &Inquiry<'_>, service: &ServiceSet) -> Vec<Reason> {
        let filters = filters.iter().filter_map(|id| self.topology.filter(*id));
        filters.flat_map(|filter| filter.doubts(inquiry, service)).collect()
    }

    fn route_hop(&self, id: super::topology::TableId) -> Option<Hop> {
        let table = self.topology.table(id)?;
        let site = self.topology.site(self.visit.flow.destination.site)?;
        let address = one_address(self.packet.destination);
        for certainty in [Certainty::Must, Certainty::May] {
            let shares = table.choose(site, &address, certainty);
            let Some(share) = shares.first() else { continue };
            let route = table.routes.get(share.route)?;
            let certain = certainty == Certainty::Must;
            let others = shares.iter().filter_map(|share| table.routes.get(share.route));
            let doubts = if certain {
                Vec::new()
            } else {
                let rivals = table.routes.iter().filter(|rival| !rival.doubts.is_empty());
                others.chain(rivals).flat_map(|route| route.doubts.iter().cloned()).collect()
            };
            let element = (!route.label.implied).then_some(Element::Route(id, share.route));
            return Some(Hop { label: route.label.clone(), element, certain, doubts });
        }
        None
    }
}

/// The set of one address.
#[must_use]
pub fn one_address(address: Address) -> AddressSet {
    let cidr = match address {
        Address::V4(address) => Cidr::V4(address, 32),
        Address::V6(address) => Cidr::V6(address, 128),
    };
    cidr.into()
}

/// The set of a packet's service.
#[must_use]
pub fn service_of(packet: &Packet) -> ServiceSet {
    if protocol::has_types(packet.protocol) {
        let (kind, code) = ((packet.detail >> 8) as u8, (packet.detail & 0xff) as u8);
        return ServiceSet::icmp(packet.protocol, kind, Some(code));
    }
    ServiceSet::ports(packet.protocol, packet.detail, packet.detail)
}

/// A packet that answers, from a set of replies.
#[must_use]
pub fn reply_to(packet: &Packet, replies: &PacketSet, port: Option<u16>) -> Option<Packet> {
    let detail = match (packet.protocol, port) {
        (protocol::ICMP, _) => 0,
        (protocol::ICMPV6, _) => 129 << 8,
        (_, Some(port)) => port,
        (_, None) => packet.detail,
    };
    let like = Packet { detail, ..*packet };
    let exact = replies.sample_with(Some(packet.destination), Some(packet.source), &like);
    exact.or_else(|| replies.sample_with(None, None, &like))
}

/// Why packets went no further at a visit.
#[must_use]
pub fn stop_reason(topology: &Topology, visit: &Visit) -> Option<(Label, Arc<str>)> {
    let node = topology.node(visit.node)?;
    let (services, sources, destinations) =
        (visit.packets.services(), visit.packets.sources(), visit.packets.destinations());
    let target = topology.site(visit.flow.destination.site)?;
    let text = match &node.step {
        Step::Filter { direction: Direction::Ingress, .. } => format!("lets no {services} in from {sources}"),
        Step::Filter { direction: Direction::Egress, .. } => format!("lets no {services} out to {destinations}"),
        Step::Route(_) => format!("has no route to {destinations}"),
        Step::Admit { .. } => format!("does not pass on from {sources} to {destinations}"),
        Step::Segment { .. } | Step::Network(_) => format!("{} is not in it", target.label.resource),
        Step::ToPublic(_) => {
            let source = topology.site(visit.flow.source.site)?;
            format!("{} has no public address", source.label.resource)
        }
        Step::ToPrivate(_) => format!("{} has no public address", target.label.resource),
        Step::SourceNat { .. } => "starts no connections to the inside".to_owned(),
        Step::Internet(_) if visit.flow.destination.face == super::site::FaceKind::Private => {
            format!("{} has no public address", target.label.resource)
        }
        Step::Internet(_) => format!("has no way to the network of {}", target.label.resource),
        Step::Outside(_) => format!("{destinations} is not there"),
        Step::Stop(why) => why.to_string(),
        Step::Arrive => format!("is not {}", target.label.resource),
        Step::EnterZone(..) | Step::ForgetGroups(_) | Step::AnyOf(_) | Step::LeaveZone { .. } | Step::Anywhere => {
            "leads nowhere".to_owned()
        }
    };
    let text = if node.exists.may { text } else { "is not there".to_owned() };
    Some((node.label.clone(), text.into()))
}
