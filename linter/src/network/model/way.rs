//! Ways from any of some sites to any of others: direct ones, and those over whoever passes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustc_hash::FxHashSet;

use super::super::bounds::Certainty;
use super::super::service::ServiceSet;
use super::connection::{Attempt, Level, Reached, ends};
use super::query::Relays;
use super::search::{End, Without};
use super::site::{Forwarding, Serves, Version};
use super::topology::{NodeId, SiteId, Topology};

/// Looks for ways.
#[derive(Clone)]
pub struct Seeker<'t> {
    /// The network.
    pub topology: &'t Topology,
    /// What is left out.
    pub without: &'t Without,
    /// Set where a bound on work was reached.
    pub limited: &'t AtomicBool,
    /// One site of each class that counts as source.
    pub sources: Vec<SiteId>,
    /// One site of each class that counts as target.
    pub targets: Vec<SiteId>,
    /// All sites that count as target.
    pub all_targets: &'t [SiteId],
    /// For any of these.
    pub services: &'t ServiceSet,
    /// IP version.
    pub version: Version,
    /// What counts as reaching.
    pub level: Level,
    /// Who passes on.
    pub relays: Relays,
}

/// One connection on a way.
#[derive(Debug)]
pub struct Leg {
    /// Where from.
    pub source: End,
    /// Where to.
    pub destination: End,
    /// The listener that passed on what came before.
    pub forwarding: Option<Forwarding>,
    /// What was found.
    pub reached: Reached,
}

/// A way.
#[derive(Clone, Debug)]
pub struct Way {
    /// The site it starts from.
    pub source: SiteId,
    /// The site it leads to.
    pub target: SiteId,
    /// Its connections; several if somebody passes on.
    pub legs: Vec<Arc<Leg>>,
}

/// Somebody who can send, and how that came about.
struct Sender {
    site: SiteId,
    legs: Vec<Arc<Leg>>,
}

impl Way {
    /// The services that reach the target.
    #[must_use]
    pub fn services(&self) -> ServiceSet {
        self.legs.last().map(|leg| leg.reached.services()).unwrap_or_default()
    }
}

impl<'t> Seeker<'t> {
    /// The same question about one pair.
    #[must_use]
    pub fn between(&self, source: SiteId, target: SiteId) -> Self {
        let own = self.all_targets.iter().position(|site| *site == target);
        let all_targets = own.and_then(|idx| self.all_targets.get(idx..=idx)).unwrap_or(self.all_targets);
        Self { sources: vec![source], targets: vec![target], all_targets, ..self.clone() }
    }

    /// The first way there is.
    #[must_use]
    pub fn first(&self, certainty: Certainty) -> Option<Way> {
        let mut first = None;
        self.explore(certainty, &mut |way| {
            first = Some(way);
            true
        });
        first
    }

    /// Tells each pair with a way, until told to stop.
    pub fn each_pair(&self, certainty: Certainty, tell: &mut dyn FnMut(SiteId, SiteId) -> bool) {
        self.explore(certainty, &mut |way| tell(way.source, way.target));
    }

    /// Tells ways, one for each pair, until told to stop.
    fn explore(&self, certainty: Certainty, tell: &mut dyn FnMut(Way) -> bool) {
        for source in &self.sources {
            let mut senders = vec![Sender { site: *source, legs: Vec::new() }];
            let mut seen: FxHashSet<SiteId> = std::iter::once(*source).collect();
            let mut told: FxHashSet<SiteId> = FxHashSet::default();
            let mut next = 0;
            // Each site becomes a sender at most once.
            while let Some(sender) = senders.get(next) {
                for way in self.ways_of_sender(*source, sender, certainty) {
                    if told.insert(way.target) && tell(way) {
                        return;
                    }
                }
                let more = self.relays_reached(sender, &mut seen, certainty);
                senders.extend(more);
                next += 1;
            }
        }
    }

    /// Ways on which a sender reaches targets.
    fn ways_of_sender<'s>(
        &'s self,
        source: SiteId,
        sender: &'s Sender,
        certainty: Certainty,
    ) -> Box<dyn Iterator<Item = Way> + 's> {
        let way = move |target: SiteId, leg: Leg| {
            let mut legs = sender.legs.clone();
            legs.push(Arc::new(leg));
            Way { source, target, legs }
        };
        if self.passes_by_listeners(sender) {
            let legs = self.forwarded(sender, certainty);
            let wanted = legs.into_iter().filter_map(move |(target, leg)| {
                let services = leg.reached.services().intersect(self.services);
                let counts = target != source && self.all_targets.contains(&target) && !services.is_empty();
                counts.then(|| way(target, leg))
            });
            return Box::new(wanted);
        }
        let from = self.topology.site(sender.site);
        let may_route = move |target: &SiteId| {
            let to = self.topology.site(*target);
            from.zip(to).is_some_and(|(from, to)| self.topology.may_route(from, *target, to))
        };
        let targets = self.targets.iter().filter(move |target| **target != source && **target != sender.site);
        Box::new(targets.filter(move |target| may_route(target)).filter_map(move |target| {
            let leg = self.leg(sender.site, *target, self.services, self.level, certainty)?;
            Some(way(*target, leg))
        }))
    }

    /// Load balancers send only what their listeners say.
    fn passes_by_listeners(&self, sender: &Sender) -> bool {
        !sender.legs.is_empty() && self.is_balancer(sender.site)
    }

    fn is_balancer(&self, site: SiteId) -> bool {
        self.topology.site(site).is_some_and(|site| site.serves == Some(Serves::Balancing))
    }

    /// The connections that a load balancer opens for what has reached it.
    fn forwarded(&self, sender: &Sender, certainty: Certainty) -> Vec<(SiteId, Leg)> {
        let (Some(site), Some(last)) = (self.topology.site(sender.site), sender.legs.last()) else {
            return Vec::new();
        };
        let arrived = last.reached.services();
        let mut legs = Vec::new();
        for forwarding in &site.forwards {
            if forwarding.services.at(certainty).intersect(&arrived).is_empty() {
                continue;
            }
            let services = forwarding.target_services.at(certainty);
            let own = !(forwarding.keeps_client.must && certainty == Certainty::Must && site.groups.is_empty());
            if own {
                let leg = self.leg(sender.site, forwarding.target, services, self.level, certainty);
                let counts = leg.filter(|_| certainty == Certainty::May || !forwarding.keeps_client.may);
                legs.extend(counts.map(|leg| (forwarding.target, leg, forwarding)));
            }
            if *forwarding.keeps_client.at(certainty) {
                let leg = self.leg_of_client(last.source, site.start, forwarding, services, certainty);
                legs.extend(leg.map(|leg| (forwarding.target, leg, forwarding)));
            }
        }
        let with_label = |(target, leg, forwarding): (SiteId, Leg, &Forwarding)| {
            (target, Leg { forwarding: Some(forwarding.clone()), ..leg })
        };
        legs.into_iter().map(with_label).collect()
    }

    /// What a load balancer passes on under the client's own address. Replies come back through the load balancer.
    fn leg_of_client(
        &self,
        client: End,
        start: NodeId,
        forwarding: &Forwarding,
        services: &ServiceSet,
        certainty: Certainty,
    ) -> Option<Leg> {
        let destinations = ends(self.topology, forwarding.target, self.version);
        destinations
            .into_iter()
            .find_map(|destination| self.attempt(client, destination, services, Level::Packet, certainty, Some(start)))
    }

    /// Further senders: those who pass on and have been reached.
    fn relays_reached(&self, sender: &Sender, seen: &mut FxHashSet<SiteId>, certainty: Certainty) -> Vec<Sender> {
        let mut more = Vec::new();
        if self.relays == Relays::None {
            return more;
        }
        if self.passes_by_listeners(sender) {
            for (target, leg) in self.forwarded(sender, certainty) {
                let goes_on = self.relays == Relays::Hosts || self.is_balancer(target);
                if goes_on && seen.insert(target) {
                    let mut legs = sender.legs.clone();
                    legs.push(Arc::new(leg));
                    more.push(Sender { site: target, legs });
                }
            }
            return more;
        }
        for (id, site) in self.topology.all_sites() {
            let balances = !site.forwards.is_empty() && site.serves == Some(Serves::Balancing);
            let passes = match self.relays {
                Relays::None => false,
                Relays::LoadBalancers => balances,
                Relays::Hosts => {
                    balances
                        || !matches!(site.serves, Some(Serves::Outside | Serves::Placeholder | Serves::Translating))
                }
            };
            if !passes || seen.contains(&id) {
                continue;
            }
            let services = match balances {
                true => site.forwards.iter().fold(ServiceSet::empty(), |sum, it| sum.union(it.services.at(certainty))),
                false => ServiceSet::all(),
            };
            if let Some(leg) = self.leg(sender.site, id, &services, Level::Connection, certainty) {
                seen.insert(id);
                let mut legs = sender.legs.clone();
                legs.push(Arc::new(leg));
                more.push(Sender { site: id, legs });
            }
        }
        more
    }

    fn leg(&self, from: SiteId, to: SiteId, services: &ServiceSet, level: Level, certainty: Certainty) -> Option<Leg> {
        let destinations = ends(self.topology, to, self.version);
        self.starts(from).into_iter().find_map(|source| {
            let attempt = |destination: &End| self.attempt(source, *destination, services, level, certainty, None);
            destinations.iter().find_map(attempt)
        })
    }

    /// The faces under which a site sends: translation happens on the way.
    pub(super) fn starts(&self, site: SiteId) -> Vec<End> {
        use super::site::FaceKind;
        let ends = ends(self.topology, site, self.version);
        let has_private = ends.iter().any(|end| end.face == FaceKind::Private);
        ends.into_iter().filter(|end| !has_private || end.face != FaceKind::Public).collect()
    }

    fn attempt(
        &self,
        source: End,
        destination: End,
        services: &ServiceSet,
        level: Level,
        certainty: Certainty,
        start: Option<NodeId>,
    ) -> Option<Leg> {
        let (topology, without) = (self.topology, self.without);
        let reached = Attempt { topology, source, start, destination, services, certainty, without, level }.make();
        if reached.limited {
            self.limited.store(true, Ordering::Relaxed);
        }
        let found = !reached.arrivals.is_empty();
        found.then_some(Leg { source, destination, forwarding: None, reached })
    }
}
