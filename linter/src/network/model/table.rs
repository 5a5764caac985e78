//! Route tables: the longest prefix that holds an address decides where its packets go.

use std::sync::{Arc, OnceLock};

use super::super::address::AddressSet;
use super::super::bounds::{Bounds, Certainty};
use super::label::Label;
use super::region::Region;
use super::site::Site;
use super::topology::NodeId;
use crate::value::Reason;

/// One route.
#[derive(Clone, Debug)]
pub struct Route {
    /// What it is and where it is written.
    pub label: Label,
    /// The addresses it is for.
    pub destination: Region,
    /// Least and greatest length its prefix can have.
    pub length: (u8, u8),
    /// Among equal prefixes the lower one wins: static before propagated.
    pub preference: u8,
    /// Where packets go.
    pub target: NodeId,
    /// Whether it is there.
    pub exists: Bounds<bool>,
    /// Why any of it is not known.
    pub doubts: Arc<[Reason]>,
}

/// Routes of which the best decides.
#[derive(Debug, Default)]
pub struct RouteTable {
    /// What it is.
    pub label: Option<Label>,
    /// Its routes in any order.
    pub routes: Vec<Route>,
    /// Which addresses each route decides, for certain and possibly; filled when first asked for.
    shares: OnceLock<Vec<Bounds<AddressSet>>>,
    /// The same for addresses outside, which no network has whose range is known by its name only.
    outer_shares: OnceLock<Vec<Bounds<AddressSet>>>,
}

impl Clone for RouteTable {
    fn clone(&self) -> Self {
        Self::new_of(self.label.clone(), self.routes.clone())
    }
}

/// What a route takes of the packets that were asked about.
#[derive(Clone, Debug)]
pub struct Share {
    /// Index of the route.
    pub route: usize,
    /// The addresses.
    pub addresses: AddressSet,
}

impl RouteTable {
    /// A table.
    #[must_use]
    pub fn new(label: Label, routes: Vec<Route>) -> Self {
        Self::new_of(Some(label), routes)
    }

    fn new_of(label: Option<Label>, routes: Vec<Route>) -> Self {
        Self { label, routes, shares: OnceLock::new(), outer_shares: OnceLock::new() }
    }

    /// Which routes the packets to these addresses of a site take.
    #[must_use]
    pub fn choose(&self, site: &Site, addresses: &AddressSet, certainty: Certainty) -> Vec<Share> {
        let by_name = (0..).zip(&self.routes).find(|(_, route)| {
            *route.exists.at(certainty)
                && !route.destination.is_known()
                && !route.destination.part_by_name(site, addresses).is_empty()
        });
        match by_name {
            Some((idx, route)) => self.choose_by_name(idx, route, site, addresses, certainty),
            None => self.choose_by_number(site, addresses, certainty),
        }
    }

    /// Which routes packets to these addresses take, whoever has them.
    #[must_use]
    pub fn shares_of(&self, addresses: &AddressSet, certainty: Certainty) -> Vec<Share> {
        shares_within(self.shares.get_or_init(|| self.compile()), addresses, certainty)
    }

    fn choose_by_number(&self, site: &Site, addresses: &AddressSet, certainty: Certainty) -> Vec<Share> {
        let shares = match site.is_outside() {
            true => self.outer_shares.get_or_init(|| self.without_names().compile()),
            false => self.shares.get_or_init(|| self.compile()),
        };
        shares_within(shares, addresses, certainty)
    }

    /// The site is in a route's range by name, but the range's numbers are not known.
    fn choose_by_name(
        &self,
        idx: usize,
        named: &Route,
        site: &Site,
        addresses: &AddressSet,
        certainty: Certainty,
    ) -> Vec<Share> {
        let rivals: Vec<usize> = self
            .routes
            .iter()
            .enumerate()
            .filter(|(other, route)| {
                *other != idx
                    && route.exists.may
                    && route.target != named.target
                    && may_beat(route, named)
                    && !route.destination.part_of(site, addresses, Certainty::May).is_empty()
            })
            .map(|(other, _)| other)
            .collect();
        let own = Share { route: idx, addresses: addresses.clone() };
        match certainty {
            Certainty::Must if rivals.is_empty() => vec![own],
            Certainty::Must => Vec::new(),
            Certainty::May => {
                let rival = |route: usize| {
                    let destination = &self.routes.get(route)?.destination;
                    Some(Share { route, addresses: destination.part_of(site, addresses, Certainty::May) })
                };
                std::iter::once(own).chain(rivals.into_iter().filter_map(rival)).collect()
            }
        }
    }

    /// What each route decides: certainly its certain addresses without those that a possible better route may take;
    /// possibly its possible ones without those that a certain better route takes.
    fn compile(&self) -> Vec<Bounds<AddressSet>> {
        let mut order: Vec<usize> = (0..self.routes.len()).collect();
        let rank = |idx: &usize| self.routes.get(*idx).map(|route| (u8::MAX - route.length.0, route.preference));
        order.sort_by_key(rank);
        let mut shares: Vec<Bounds<AddressSet>> = self.routes.iter().map(|_| Bounds::default()).collect();
        // Routes of one length are looked at together, longest first; those of open length are looked at by pairs.
        let open: Vec<&Route> = self.routes.iter().filter(|route| route.length.0 != route.length.1).collect();
        let (mut taken, mut perhaps_taken) = (AddressSet::empty(), AddressSet::empty());
        for group in order.chunk_by(|a, b| rank(a) == rank(b)) {
            for &idx in group {
                let Some(route) = self.routes.get(idx) else { continue };
                let is_open = route.length.0 != route.length.1;
                let rivals = group.iter().filter(|other| **other != idx).filter_map(|other| self.routes.get(*other));
                let mut must = route.destination.addresses.must.subtract(&perhaps_taken);
                for rival in rivals.filter(|rival| rival.exists.may && rival.target != route.target) {
                    must = must.subtract(&rival.destination.addresses.may);
                }
                for rival in open.iter().filter(|rival| rival.target != route.target && may_beat(rival, route)) {
                    must = must.subtract(&rival.destination.addresses.may);
                }
                if is_open {
                    for rival in
                        self.routes.iter().filter(|rival| rival.target != route.target && may_beat(rival, route))
                    {
                        must = must.subtract(&rival.destination.addresses.may);
                    }
                }
                let may = match is_open {
                    false => route.destination.addresses.may.subtract(&taken),
                    true => route.destination.addresses.may.clone(),
                };
                let share = Bounds {
                    must: if route.exists.must { must } else { AddressSet::empty() },
                    may: if route.exists.may { may } else { AddressSet::empty() },
                };
                if let Some(slot) = shares.get_mut(idx) {
                    *slot = share;
                }
            }
            for route in group.iter().filter_map(|idx| self.routes.get(*idx)) {
                if route.length.0 == route.length.1 {
                    if route.exists.must {
                        taken = taken.union(&route.destination.addresses.must);
                    }
                    if route.exists.may {
                        perhaps_taken = perhaps_taken.union(&route.destination.addresses.may);
                    }
                }
            }
        }
        shares
    }

    /// The table without the routes to networks whose ranges are known by name only.
    fn without_names(&self) -> Self {
        let mut table = self.clone();
        for route in &mut table.routes {
            if !route.destination.ranges.is_empty() && !route.destination.is_known() {
                route.exists = Bounds::NO;
            }
        }
        table
    }

    /// The table without one route.
    #[must_use]
    pub fn without(&self, route: usize) -> Self {
        let mut table = self.clone();
        if let Some(route) = table.routes.get_mut(route) {
            route.exists = Bounds::NO;
        }
        table
    }
}

fn shares_within(shares: &[Bounds<AddressSet>], addresses: &AddressSet, certainty: Certainty) -> Vec<Share> {
    let share = |(route, share): (usize, &Bounds<AddressSet>)| {
        let addresses = share.at(certainty).intersect(addresses);
        (!addresses.is_empty()).then_some(Share { route, addresses })
    };
    shares.iter().enumerate().filter_map(share).collect()
}

/// Whether a route may be better than another for an address that both hold.
fn may_beat(route: &Route, other: &Route) -> bool {
    route.exists.may && (route.length.1, u8::MAX - route.preference) >= (other.length.0, u8::MAX - other.preference)
}
