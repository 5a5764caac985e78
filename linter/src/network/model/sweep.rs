//! Where packets can get to at all: a quick look at routes alone, so that most pairs of sites need no closer one.
//!
//! It forgets filters, sources and services, and follows destinations only. So it finds too much, never too little.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::address::AddressSet;
use super::super::bounds::Certainty;
use super::site::{FaceKind, Site};
use super::topology::{NodeId, SiteId, Step, TableId, Topology};

/// What packets that begin somewhere can get to.
#[derive(Clone, Debug, Default)]
pub struct Sweep {
    /// Networks and segments by key, with the destinations that get there.
    places: FxHashMap<Arc<str>, AddressSet>,
    /// Sites outside.
    sites: FxHashSet<SiteId>,
    /// Whether they get to the Internet.
    internet: bool,
    /// Whether they may get anywhere.
    anywhere: bool,
}

/// What is worked out once for a topology.
#[derive(Debug, Default)]
pub struct Shortcuts {
    /// The class of each site.
    pub(super) classes: OnceLock<Vec<u32>>,
    sweeps: RwLock<FxHashMap<Key, Arc<Sweep>>>,
}

impl Clone for Shortcuts {
    /// A copy begins anew: the topology may be changed.
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// Where packets begin, as far as routes are concerned: the first table, or the first node that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    Table(TableId),
    Node(NodeId),
}

/// More steps than this are not made: then packets may get anywhere.
const MAX_STEPS: usize = 50_000;

impl Topology {
    /// Whether packets of one site may get to another, by routes alone.
    #[must_use]
    pub fn may_route(&self, from: &Site, to_id: SiteId, to: &Site) -> bool {
        let mut own_segments: Vec<&Arc<str>> = Vec::new();
        let key = self.first_lookup(from.start, &mut own_segments);
        let same = to.segment.as_ref().is_some_and(|segment| own_segments.contains(&segment));
        // Who may be anywhere is looked at closely.
        same || to.network.is_none() && !to.is_outside() || self.swept(key).reaches(to_id, to)
    }

    /// The first table on the way, behind filters and the segment.
    fn first_lookup<'t>(&'t self, start: NodeId, segments: &mut Vec<&'t Arc<str>>) -> Key {
        const MOST: usize = 16;
        let mut at = start;
        for _ in 0..MOST {
            match self.node(at).map(|node| &node.step) {
                Some(Step::Filter { next, .. }) => at = *next,
                Some(Step::Segment { key, otherwise: Some(next) }) => {
                    segments.push(key);
                    at = *next;
                }
                Some(Step::Route(table)) => return Key::Table(*table),
                Some(_) | None => break,
            }
        }
        Key::Node(at)
    }

    fn swept(&self, key: Key) -> Arc<Sweep> {
        let known = self.shortcuts.sweeps.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(known) = known {
            return known;
        }
        let sweep = Arc::new(self.sweep(key));
        let mut sweeps = self.shortcuts.sweeps.write().unwrap_or_else(PoisonError::into_inner);
        sweeps.entry(key).or_insert(sweep).clone()
    }

    fn sweep(&self, key: Key) -> Sweep {
        let mut walk = Walk { topology: self, sweep: Sweep::default(), seen: BTreeMap::new(), pending: Vec::new() };
        match key {
            Key::Table(table) => walk.route(table, &AddressSet::world()),
            Key::Node(node) => walk.go(node, AddressSet::world()),
        }
        let mut steps = 0;
        while let Some((node, addresses)) = walk.pending.pop() {
            steps += 1;
            if steps > MAX_STEPS {
                walk.sweep.anywhere = true;
                break;
            }
            walk.pass(node, &addresses);
        }
        walk.sweep
    }
}

impl Sweep {
    fn reaches(&self, id: SiteId, site: &Site) -> bool {
        if self.anywhere || self.sites.contains(&id) {
            return true;
        }
        let on_internet = |kind: FaceKind, entry: bool| entry && kind != FaceKind::Private || site.is_outside();
        if self.internet && site.faces.iter().any(|(kind, face)| on_internet(*kind, face.entry.is_some())) {
            return true;
        }
        let arrives = |place: &Option<Arc<str>>| {
            let arrived = place.as_ref().and_then(|place| self.places.get(place));
            arrived.is_some_and(|arrived| site.faces.iter().any(|(_, face)| face.addresses.overlaps(arrived)))
        };
        arrives(&site.network) || arrives(&site.segment)
    }
}

struct Walk<'t> {
    topology: &'t Topology,
    sweep: Sweep,
    seen: BTreeMap<NodeId, AddressSet>,
    pending: Vec<(NodeId, AddressSet)>,
}

impl Walk<'_> {
    /// Goes on to a node with the destinations that were not there yet.
    fn go(&mut self, node: NodeId, addresses: AddressSet) {
        let seen = self.seen.entry(node).or_default();
        let fresh = addresses.subtract(seen);
        if !fresh.is_empty() {
            *seen = seen.union(&fresh);
            self.pending.push((node, fresh));
        }
    }

    fn note(&mut self, place: &Arc<str>, addresses: &AddressSet) {
        let known = self.sweep.places.entry(place.clone()).or_default();
        *known = known.union(addresses);
    }

    fn route(&mut self, id: TableId, addresses: &AddressSet) {
        let Some(table) = self.topology.table(id) else { return };
        for share in table.shares_of(addresses, Certainty::May) {
            if let Some(route) = table.routes.get(share.route) {
                self.go(route.target, share.addresses);
            }
        }
        // Sites that are in a range by its name go there whatever their numbers are.
        for route in table.routes.iter().filter(|route| route.exists.may && !route.destination.ranges.is_empty()) {
            if !route.destination.is_known() {
                self.go(route.target, addresses.clone());
            }
        }
    }

    fn pass(&mut self, id: NodeId, addresses: &AddressSet) {
        let Some(node) = self.topology.node(id).filter(|node| node.exists.may) else { return };
        match &node.step {
            Step::Arrive | Step::Stop(_) => {}
            Step::Filter { next, .. }
            | Step::ToPublic(next)
            | Step::SourceNat { next, .. }
            | Step::EnterZone(_, next)
            | Step::ForgetGroups(next) => self.go(*next, addresses.clone()),
            // The private address is not known here.
            Step::ToPrivate(next) => self.go(*next, AddressSet::world()),
            Step::Route(table) => self.route(*table, addresses),
            Step::Admit { destinations, next, .. } => {
                let passing = match destinations {
                    Some(region) if region.ranges.is_empty() || region.is_known() => {
                        addresses.intersect(&region.addresses.may)
                    }
                    Some(_) | None => addresses.clone(),
                };
                self.go(*next, passing);
            }
            Step::Segment { key, otherwise } => {
                self.note(key, addresses);
                if let Some(next) = otherwise {
                    self.go(*next, addresses.clone());
                }
            }
            Step::Network(key) => self.note(key, addresses),
            Step::Internet(sites) => {
                self.sweep.internet = true;
                self.sweep.sites.extend(sites.iter().copied());
            }
            Step::Outside(sites) => self.sweep.sites.extend(sites.iter().copied()),
            Step::LeaveZone { exits, .. } => exits.iter().for_each(|(_, next)| self.go(*next, addresses.clone())),
            Step::AnyOf(nodes) => nodes.iter().for_each(|next| self.go(*next, addresses.clone())),
            Step::Anywhere => self.sweep.anywhere = true,
        }
    }
}
