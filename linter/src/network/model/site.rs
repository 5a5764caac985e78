//! Where packets come from and go to: hosts, and ranges of addresses outside.

use std::sync::Arc;

use super::super::address::AddressSet;
use super::super::bounds::Bounds;
use super::super::service::ServiceSet;
use super::label::Label;
use super::topology::{NodeId, SiteId};
use crate::value::Reason;

/// Under which addresses a site is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaceKind {
    /// IPv4 inside its network.
    Private,
    /// IPv4 on the Internet, translated one to one.
    Public,
    /// IPv6, the same inside and outside.
    Six,
}

impl FaceKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Private, Self::Public, Self::Six];

    /// Whether its addresses are of this IP version.
    #[must_use]
    pub fn is_of(self, version: Version) -> bool {
        match self {
            Self::Private | Self::Public => version == Version::V4,
            Self::Six => version == Version::V6,
        }
    }
}

/// IP version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// IPv4
    V4,
    /// IPv6
    V6,
}

/// The addresses of a site under one face.
#[derive(Clone, Debug)]
pub struct Face {
    /// The addresses that it may have.
    pub addresses: AddressSet,
    /// Whether it has one.
    pub exists: Bounds<bool>,
    /// Why that is not known.
    pub doubts: Arc<[Reason]>,
    /// Where packets from the Internet to it come in; `None` if the Internet has no way.
    pub entry: Option<NodeId>,
}

/// Whether a site is one host or many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Multiplicity {
    /// One host: it has one of the addresses, and nobody may know yet which.
    One,
    /// Hosts with all of the addresses: whoever of them gets through is enough.
    Many,
}

/// That a site belongs to a group that filters name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The key of the group.
    pub group: Arc<str>,
    /// Whether it certainly does.
    pub certain: bool,
}

/// How a site passes on what reaches it, by opening connections of its own.
#[derive(Clone, Debug)]
pub struct Forwarding {
    /// What must reach the site.
    pub services: Bounds<ServiceSet>,
    /// To whom it goes on.
    pub target: SiteId,
    /// What reaches them.
    pub target_services: Bounds<ServiceSet>,
    /// Whether the target sees the client's address rather than the site's.
    pub keeps_client: Bounds<bool>,
    /// The listener or target group.
    pub label: Label,
    /// Why any of it is not known.
    pub doubts: Arc<[Reason]>,
}

/// A host, or hosts outside.
#[derive(Clone, Debug)]
pub struct Site {
    /// What it is.
    pub label: Label,
    /// One host or many.
    pub multiplicity: Multiplicity,
    /// Its addresses.
    pub faces: Vec<(FaceKind, Face)>,
    /// The groups it is in.
    pub groups: Vec<Membership>,
    /// Why it may be in further groups.
    pub open_groups: Option<Arc<[Reason]>>,
    /// The ranges its addresses are in, whatever these are: keys of its subnet and network.
    pub ranges: Vec<Arc<str>>,
    /// The key of its segment; `None` where the segment is not known, or for what is outside.
    pub segment: Option<Arc<str>>,
    /// The key of its network.
    pub network: Option<Arc<str>>,
    /// Where its packets begin.
    pub start: NodeId,
    /// Where packets arrive that come from its segment.
    pub door: NodeId,
    /// Where packets arrive that come from elsewhere in its network.
    pub home: NodeId,
    /// Whether it exists.
    pub exists: Bounds<bool>,
    /// Why that is not known.
    pub doubts: Arc<[Reason]>,
    /// What it passes on.
    pub forwards: Vec<Forwarding>,
    /// What it serves, such as `database`; decides what may not be exposed.
    pub serves: Option<Serves>,
}

/// What kind of service a site gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Serves {
    /// It stores data: databases, caches, queues, search.
    Data,
    /// It distributes connections.
    Balancing,
    /// It translates addresses of others; nothing ends there.
    Translating,
    /// An endpoint on the Internet that is no part of a network.
    Endpoint,
    /// Hosts of which only the place is known: a subnet in which nothing is declared.
    Placeholder,
    /// It is outside of the configuration.
    Outside,
}

impl Site {
    /// Its addresses under a face.
    #[must_use]
    pub fn face(&self, kind: FaceKind) -> Option<&Face> {
        self.faces.iter().find(|(own, _)| *own == kind).map(|(_, face)| face)
    }

    /// Whether it is in a group.
    #[must_use]
    pub fn is_in_group(&self, group: &str) -> Bounds<bool> {
        match self.groups.iter().find(|member| *member.group == *group) {
            Some(member) => Bounds { must: member.certain, may: true },
            None if self.open_groups.is_some() => Bounds::PERHAPS,
            None => Bounds::NO,
        }
    }

    /// Whether its addresses lie in a range with this key, whatever the range is.
    #[must_use]
    pub fn is_in_range(&self, range: &str) -> bool {
        self.ranges.iter().any(|own| **own == *range)
    }

    /// Whether it is outside of all networks of the configuration.
    #[must_use]
    pub fn is_outside(&self) -> bool {
        self.serves == Some(Serves::Outside)
    }
}
