//! Endpoints of questions: `internet`, an address of a resource, `cidr:`, `subnet:`, `zone:`, `environment:`.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::super::address::AddressSet;
use super::super::exposure::Width;
use super::super::model::{FaceKind, NodeId, Serves, Site, SiteId, Step};
use super::Model;

/// One end of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// The Internet.
    Internet,
    /// Strangers on the Internet: all but the addresses that rules name one by one.
    Strangers,
    /// Every host that is declared.
    Everything,
    /// A resource, all its instances, or all of a module, subnet or network.
    Resource(String),
    /// Whoever has these addresses.
    Addresses(String, AddressSet),
    /// Whoever is in a subnet.
    Subnet(String),
    /// A zone.
    Zone(String),
    /// An environment.
    Environment(String),
}

impl FromStr for Endpoint {
    type Err = NoSuchEndpoint;

    fn from_str(text: &str) -> Result<Self, NoSuchEndpoint> {
        let text = text.trim();
        match text.split_once(':') {
            Some(("cidr", cidr)) => match cidr.parse() {
                Ok(addresses) => Ok(Self::Addresses(text.to_owned(), addresses)),
                Err(problem) => Err(NoSuchEndpoint(format!("{problem}"))),
            },
            Some(("subnet", address)) => Ok(Self::Subnet(address.to_owned())),
            Some(("zone", name)) => Ok(Self::Zone(name.to_owned())),
            Some(("environment" | "env", name)) => Ok(Self::Environment(name.to_owned())),
            _ if text == "internet" => Ok(Self::Internet),
            _ if text == "*" => Ok(Self::Everything),
            _ if text.is_empty() => Err(NoSuchEndpoint("an endpoint is empty".to_owned())),
            _ => Ok(Self::Resource(text.to_owned())),
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Internet | Self::Strangers => f.write_str("internet"),
            Self::Everything => f.write_str("*"),
            Self::Resource(address) => f.write_str(address),
            Self::Addresses(text, _) => f.write_str(text),
            Self::Subnet(address) => write!(f, "subnet:{address}"),
            Self::Zone(name) => write!(f, "zone:{name}"),
            Self::Environment(name) => write!(f, "environment:{name}"),
        }
    }
}

/// A name that means nothing here; what to do, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoSuchEndpoint(
    /// The message.
    pub String,
);

impl fmt::Display for NoSuchEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Model<'_, '_> {
    /// The sites that an endpoint means.
    ///
    /// # Errors
    /// When its name means nothing here.
    pub fn resolve(&mut self, endpoint: &Endpoint) -> Result<Vec<SiteId>, NoSuchEndpoint> {
        match endpoint {
            Endpoint::Internet => Ok(self.internet()),
            Endpoint::Strangers => Ok(self.known_sites(endpoint)),
            Endpoint::Everything => Ok(self.known_sites(endpoint)),
            Endpoint::Resource(address) => self.resource(address),
            Endpoint::Subnet(address) => {
                let fits = |_: SiteId, site: &Site| site.segment.as_ref().is_some_and(|key| is_called(key, address));
                let found = self.members(&fits);
                if found.is_empty() { Err(self.unknown("subnet", address)) } else { Ok(found) }
            }
            Endpoint::Addresses(_, addresses) => Ok(self.within(addresses)),
            Endpoint::Zone(name) => self.zone_members(name),
            Endpoint::Environment(name) => {
                let fits = |id: SiteId, _: &Site| self.environment(id).is_some_and(|own| *own == **name);
                let found = self.members(&fits);
                if !found.is_empty() || self.environments().iter().any(|own| **own == **name) {
                    return Ok(found);
                }
                let known: Vec<String> = self.environments().iter().map(ToString::to_string).collect();
                let known = if known.is_empty() {
                    "there are none".to_owned()
                } else {
                    format!("there are {}", known.join(", "))
                };
                Err(NoSuchEndpoint(format!("no host is in environment {name:?}; {known}")))
            }
        }
    }

    /// The Internet as a site.
    pub(super) fn internet(&self) -> Vec<SiteId> {
        // The first of that name: others are parts of it.
        let found = self.topology.all_sites().find(|(_, site)| &*site.label.resource == "internet");
        found.map(|(id, _)| id).into_iter().collect()
    }

    /// Where packets pass over the Internet.
    #[must_use]
    pub fn internet_places(&self) -> Vec<NodeId> {
        let nodes = (0..).map(NodeId).zip(&self.topology.nodes);
        nodes.filter(|(_, node)| matches!(node.step, Step::Internet(_))).map(|(id, _)| id).collect()
    }

    /// The Internet without the addresses that rules name one by one: offices, partners.
    pub(super) fn add_strangers(&mut self) -> Option<SiteId> {
        let width = Width::default();
        let mut known = AddressSet::empty();
        for rule in self.topology.filters.iter().flat_map(|filter| filter.rules()) {
            for peer in &rule.peers {
                let public = peer.region.addresses.must.public_part();
                if !public.is_empty() && !width.is_exceeded_by(&public) {
                    known = known.union(&public);
                }
            }
        }
        let internet = self.internet().first().copied()?;
        if known.is_empty() { Some(internet) } else { self.narrowed(internet, &AddressSet::public().subtract(&known)) }
    }

    fn resource(&self, address: &str) -> Result<Vec<SiteId>, NoSuchEndpoint> {
        let exact = self.topology.sites_of(address);
        let is_own = |id: &&SiteId| {
            self.topology.site(**id).is_some_and(|site| site.serves != Some(Serves::Placeholder) && !site.is_outside())
        };
        let placed: Vec<SiteId> = exact.iter().filter(is_own).copied().collect();
        if !placed.is_empty() {
            return Ok(placed);
        }
        let in_place = |key: &Option<Arc<str>>| key.as_ref().is_some_and(|key| is_called(key, address));
        let fits = |_: SiteId, site: &Site| {
            is_called(&site.label.resource, address) || in_place(&site.segment) || in_place(&site.network)
        };
        let found = self.members(&fits);
        if !found.is_empty() {
            return Ok(found);
        }
        let outside: Vec<SiteId> = self
            .topology
            .all_sites()
            .filter(|(_, site)| site.is_outside() && is_called(&site.label.resource, address))
            .map(|(id, _)| id)
            .collect();
        let is_there = !outside.is_empty() || self.topology.unmodelled.iter().any(|it| is_called(&it.address, address));
        if is_there { Ok(outside) } else { Err(self.unknown("resource", address)) }
    }

    /// The sites of a resource, all its instances, or what is in it; none if it has no interface.
    #[must_use]
    pub fn sites_called(&self, address: &str) -> Vec<SiteId> {
        self.resource(address).unwrap_or_default()
    }

    /// The sites that an endpoint means without narrowing ranges; none if its name means nothing.
    #[must_use]
    pub fn known_sites(&self, endpoint: &Endpoint) -> Vec<SiteId> {
        match endpoint {
            Endpoint::Internet => self.internet(),
            Endpoint::Strangers => self.strangers.into_iter().collect(),
            Endpoint::Everything => self.members(&|_, site| site.serves != Some(Serves::Placeholder)),
            Endpoint::Resource(address) => self.sites_called(address),
            Endpoint::Subnet(address) => {
                self.members(&|_, site| site.segment.as_ref().is_some_and(|key| is_called(key, address)))
            }
            Endpoint::Environment(name) => {
                self.members(&|id, _| self.environment(id).is_some_and(|own| *own == **name))
            }
            Endpoint::Addresses(_, addresses) => self.members(&|_, site| {
                let faces = site.faces.iter().filter(|(kind, _)| *kind != FaceKind::Public);
                faces.into_iter().any(|(_, face)| face.addresses.overlaps(addresses))
            }),
            Endpoint::Zone(_) => Vec::new(),
        }
    }

    /// Networks outside other than the Internet: behind VPNs and Direct Connect.
    #[must_use]
    pub fn outside_networks(&self) -> Vec<SiteId> {
        let sites =
            self.topology.all_sites().filter(|(_, site)| site.is_outside() && &*site.label.resource != "internet");
        sites.map(|(id, _)| id).collect()
    }

    fn unknown(&self, what: &str, address: &str) -> NoSuchEndpoint {
        let names = self.topology.sites.iter().map(|site| match what {
            "subnet" => site.segment.as_deref().unwrap_or(""),
            _ => &site.label.resource,
        });
        let close = crate::diagnostic::closest(address, names.filter(|name| !name.is_empty()));
        let hint = close.map(|close| format!("; did you mean {close}?")).unwrap_or_default();
        match self.instance(address) {
            Some(_) => NoSuchEndpoint(format!("{address} has no network interface that Palisade knows of")),
            None => NoSuchEndpoint(format!("there is no {what} {address} with a network interface{hint}")),
        }
    }

    /// Whoever has some of these addresses: hosts and subnets inside, and the part of what is outside.
    fn within(&mut self, addresses: &AddressSet) -> Vec<SiteId> {
        let private = |site: &Site| {
            let faces = site.faces.iter().filter(|(kind, _)| *kind != FaceKind::Public);
            faces.fold(AddressSet::empty(), |sum, (_, face)| sum.union(&face.addresses))
        };
        let mut found: Vec<SiteId> = Vec::new();
        for id in self.members(&|_, site| private(site).overlaps(addresses)) {
            let inside = self.topology.site(id).is_some_and(|site| addresses.includes(&private(site)));
            if inside {
                found.push(id);
            } else {
                found.extend(self.narrowed(id, addresses));
            }
        }
        let outside: Vec<SiteId> = self.internet().into_iter().chain(self.outside_networks()).collect();
        for id in outside {
            found.extend(self.narrowed(id, addresses));
        }
        found
    }

    /// A site with only some of its addresses.
    fn narrowed(&mut self, id: SiteId, addresses: &AddressSet) -> Option<SiteId> {
        let mut site = self.topology.site(id)?.clone();
        for (_, face) in &mut site.faces {
            face.addresses = face.addresses.intersect(addresses);
        }
        site.faces.retain(|(_, face)| !face.addresses.is_empty());
        if site.faces.is_empty() {
            return None;
        }
        let narrowed = self.topology.add_site(site);
        for node in &mut self.topology.nodes {
            if let Step::Outside(sites) | Step::Internet(sites) = &mut node.step
                && sites.contains(&id)
            {
                sites.push(narrowed);
            }
        }
        Some(narrowed)
    }
}

/// Whether a key is what somebody calls it: itself, any of its instances, what is in a module; without the root's name.
pub(super) fn is_called(key: &str, name: &str) -> bool {
    let within = |key: &str| key.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
    within(key) || key.split_once(": ").is_some_and(|(_, address)| within(address))
}
