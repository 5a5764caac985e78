//! Proofs: a concrete packet with its way, what would stop it, and where packets stop if none arrives.

use std::sync::Arc;

use super::super::bounds::Certainty;
use super::connection::{Attempt, client_port, ends};
use super::label::Label;
use super::packets::Packet;
use super::path::{Hop, hops, packets_along, reply_to, stop_reason};
use super::query::Cut;
use super::search::{Element, End, Outcome};
use super::site::Multiplicity;
use super::topology::{SiteId, Topology};
use super::way::{Leg, Seeker, Way};
use crate::value::Reason;

/// One connection of a witness.
#[derive(Clone, Debug)]
pub struct WitnessLeg {
    /// Who sends.
    pub source: End,
    /// To whom.
    pub destination: End,
    /// Whether somebody else sends it on under the sender's address.
    pub is_passed_on: bool,
    /// The packet as it was sent.
    pub packet: Packet,
    /// The port it was sent from; `None` for protocols without ports and where nobody asked for replies.
    pub source_port: Option<u16>,
    /// Its hops.
    pub path: Vec<Hop>,
    /// The hops of the reply.
    pub return_path: Vec<Hop>,
}

/// A concrete way.
#[derive(Clone, Debug)]
pub struct Witness {
    /// The site it starts from.
    pub source: SiteId,
    /// The site it leads to.
    pub target: SiteId,
    /// Its connections.
    pub legs: Vec<WitnessLeg>,
}

impl Witness {
    /// A concrete packet on a way.
    #[must_use]
    pub fn of(topology: &Topology, way: &Way) -> Option<Self> {
        let mut legs: Vec<WitnessLeg> = Vec::new();
        for leg in &way.legs {
            let mut concrete = leg_of(topology, leg)?;
            if let Some(forwarding) = &leg.forwarding {
                let certain = forwarding.doubts.is_empty();
                let doubts = forwarding.doubts.to_vec();
                concrete.path.insert(0, Hop { label: forwarding.label.clone(), element: None, certain, doubts });
            }
            legs.push(concrete);
        }
        Some(Self { source: way.source, target: way.target, legs })
    }

    /// All hops, there and back.
    pub fn hops(&self) -> impl Iterator<Item = &Hop> {
        self.legs.iter().flat_map(|leg| leg.path.iter().chain(&leg.return_path))
    }
}

fn leg_of(topology: &Topology, leg: &Leg) -> Option<WitnessLeg> {
    let reached = &leg.reached;
    let arrival = reached.arrivals.first()?;
    let last = arrival.packets.sample()?;
    let trail = reached.forward.trail(arrival.visit);
    let packets = packets_along(&reached.forward, &trail, last);
    let path = hops(topology, &reached.forward, &trail, &packets);
    let mut return_path = Vec::new();
    let mut source_port = None;
    if let Some(way) = &arrival.reply {
        source_port = client_port(&way.services, last.protocol);
        for (outcome, visit) in &way.segments {
            return_path.extend(
                visit.map(|visit| reply_hops(topology, outcome, visit, &last, source_port)).into_iter().flatten(),
            );
        }
    }
    let (source, destination) = (leg.source, leg.destination);
    let is_passed_on = leg.forwarding.is_some();
    Some(WitnessLeg { source, destination, is_passed_on, packet: *packets.first()?, source_port, path, return_path })
}

fn reply_hops(topology: &Topology, outcome: &Outcome, visit: usize, packet: &Packet, port: Option<u16>) -> Vec<Hop> {
    let replies = outcome.visits.get(visit).map(|visit| &visit.packets);
    let Some(last) = replies.and_then(|replies| reply_to(packet, replies, port)) else { return Vec::new() };
    let trail = outcome.trail(visit);
    let packets = packets_along(outcome, &trail, last);
    hops(topology, outcome, &trail, &packets)
}

/// More combinations than this are not tried.
const MAX_JOINT_CUT: usize = 4;

/// What could be taken away so that the target is no longer reached: each by itself, or several together if none does.
#[must_use]
pub fn cuts_of(pair: &Seeker<'_>, witness: &Witness) -> Vec<Cut> {
    let mut elements: Vec<(Element, Label)> = Vec::new();
    for hop in witness.hops() {
        if let Some(element) = hop.element
            && !elements.iter().any(|(known, _)| *known == element)
        {
            elements.push((element, hop.label.clone()));
        }
    }
    let mut cuts = Vec::new();
    for (element, label) in &elements {
        let without = pair.without.and(*element);
        if (Seeker { without: &without, ..pair.clone() }).first(Certainty::May).is_none() {
            cuts.push(Cut { labels: vec![label.clone()], text: "remove or narrow it".into() });
        }
    }
    if cuts.is_empty() {
        cuts.extend(joint_cut(pair, &elements));
    }
    cuts
}

/// Elements near the target, taken away one after the other until nothing gets through.
fn joint_cut(pair: &Seeker<'_>, elements: &[(Element, Label)]) -> Option<Cut> {
    let mut without = pair.without.clone();
    let mut labels = Vec::new();
    let mut last = elements.iter().rfind(|(element, _)| matches!(element, Element::Rule(..))).cloned();
    while let Some((element, label)) = last {
        if labels.len() == MAX_JOINT_CUT {
            return None;
        }
        without = without.and(element);
        labels.push(label);
        let Some(way) = (Seeker { without: &without, ..pair.clone() }).first(Certainty::May) else {
            return Some(Cut { labels, text: "remove or narrow all of them".into() });
        };
        let witness = Witness::of(pair.topology, &way)?;
        let mut rules = witness.legs.last()?.path.iter().filter(|hop| matches!(hop.element, Some(Element::Rule(..))));
        last = rules.next_back().and_then(|hop| Some((hop.element?, hop.label.clone())));
    }
    None
}

/// The values that decide whether a possible way is there.
#[must_use]
pub fn doubts_of(topology: &Topology, way: &Way, witness: Option<&Witness>) -> Vec<Arc<str>> {
    let mut texts: Vec<Arc<str>> = Vec::new();
    let mut add = |text: String| {
        if !texts.iter().any(|known| **known == *text) {
            texts.push(text.into());
        }
    };
    let certainly: Vec<&Reason> =
        witness.iter().flat_map(|witness| witness.hops()).flat_map(|hop| hop.doubts.iter()).collect();
    certainly.iter().for_each(|reason| add(reason.to_string()));
    for end in way.legs.iter().flat_map(|leg| [leg.source, leg.destination]) {
        let Some(site) = topology.site(end.site) else { continue };
        let Some(face) = site.face(end.face) else { continue };
        if !face.exists.must {
            face.doubts.iter().for_each(|reason| add(reason.to_string()));
        }
    }
    if way.legs.iter().any(|leg| leg.reached.limited) {
        add("limit reached: the network is too large to look at every way".to_owned());
    }
    if texts.is_empty() {
        let mut add = |text: String| texts.push(text.into());
        for end in way.legs.iter().flat_map(|leg| [leg.source, leg.destination]) {
            let site = topology.site(end.site).filter(|site| site.multiplicity == Multiplicity::One);
            let Some((site, face)) = site.and_then(|site| Some((site, site.face(end.face)?))) else { continue };
            if face.addresses.count() != 1 {
                add(format!("the address of {} in {} is not known", site.label.resource, face.addresses));
            }
        }
    }
    texts
}

/// More stops than this are not told.
const MAX_STOPS: usize = 6;

/// Where the packets of the first pairs stop.
#[must_use]
pub fn stops_of(seeker: &Seeker<'_>, pairs: usize) -> Vec<Cut> {
    let all = seeker.sources.iter().flat_map(|source| seeker.targets.iter().map(move |target| (*source, *target)));
    let mut cuts: Vec<Cut> = Vec::new();
    for (source, target) in all.filter(|(source, target)| source != target).take(pairs) {
        for cut in stops_between(seeker, source, target) {
            if !cuts.contains(&cut) && cuts.len() < MAX_STOPS {
                cuts.push(cut);
            }
        }
    }
    cuts
}

fn stops_between(seeker: &Seeker<'_>, source: SiteId, target: SiteId) -> Vec<Cut> {
    let topology = seeker.topology;
    let (starts, destinations) = (seeker.starts(source), ends(topology, target, seeker.version));
    let mut cuts = Vec::new();
    if let Some(site) = topology.site(if starts.is_empty() { source } else { target })
        && (starts.is_empty() || destinations.is_empty())
    {
        return vec![Cut { labels: vec![site.label.clone()], text: "has no address of this IP version".into() }];
    }
    for source in &starts {
        for destination in &destinations {
            let attempt = Attempt {
                topology,
                source: *source,
                start: None,
                destination: *destination,
                services: seeker.services,
                certainty: Certainty::May,
                without: seeker.without,
                level: seeker.level,
            };
            let reached = attempt.make();
            cuts.extend(stops(topology, &reached.forward, ""));
            for arrival in &reached.unanswered {
                let segments = arrival.reply.iter().flat_map(|way| &way.segments);
                segments.for_each(|(outcome, _)| cuts.extend(stops(topology, outcome, "replies: ")));
            }
        }
    }
    cuts
}

/// Where the packets of a search stopped, those that came farthest first.
fn stops(topology: &Topology, outcome: &Outcome, prefix: &str) -> Vec<Cut> {
    let mut drops: Vec<_> = outcome.drops.iter().collect();
    drops.sort_by_key(|drop| std::cmp::Reverse(drop.depth));
    let stop = |visit: usize| {
        let (label, text) = stop_reason(topology, outcome.visits.get(visit)?)?;
        Some(Cut { labels: vec![label], text: format!("{prefix}{text}").into() })
    };
    drops.into_iter().filter_map(|drop| stop(drop.visit)).collect()
}
