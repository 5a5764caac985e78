//! Ranges of addresses as resources write them, known or not.

use std::sync::{Arc, LazyLock};

use super::super::address::AddressSet;
use super::super::bounds::Bounds;
use super::super::cidr::Cidr;
use super::super::filter::PeerKind;
use super::super::interval::Intervals;
use super::super::model::{Region, Version};
use super::super::reading::{Family, peer};
use super::{Builder, Item};
use crate::value::{Reason, Value};

/// A range with the length of its prefix.
#[derive(Clone, Debug)]
pub struct Range {
    /// The addresses.
    pub region: Region,
    /// Least and greatest length of its prefix.
    pub length: (u8, u8),
    /// As shown.
    pub text: Arc<str>,
    /// Why it is not known; empty if it is.
    pub doubts: Arc<[Reason]>,
}

static NOT_PUBLIC: LazyLock<AddressSet> = LazyLock::new(|| {
    let v4 = AddressSet::public().v4.complement();
    AddressSet { v4, v6: Intervals::all() }
});

/// Where a network may be whose range nobody knows: not among the addresses of strangers.
#[must_use]
pub fn unmanaged_domain(version: Version) -> AddressSet {
    match version {
        Version::V4 => AddressSet { v4: NOT_PUBLIC.v4.clone(), v6: Intervals::default() },
        Version::V6 => AddressSet { v4: Intervals::default(), v6: NOT_PUBLIC.v6.clone() },
    }
}

impl Builder<'_, '_> {
    /// Reads a range.
    #[must_use]
    pub fn range(&self, item: Item<'_>, value: &Value, version: Version) -> Range {
        let family = match version {
            Version::V4 => Family::V4,
            Version::V6 => Family::V6,
        };
        let whole = match version {
            Version::V4 => 32,
            Version::V6 => 128,
        };
        let read = peer(value, family);
        let mut region = Region { addresses: read.addresses, ranges: Vec::new() };
        if let PeerKind::Network(symbol) = &read.kind {
            // The range of a network of the configuration: its own unknown numbers, not anybody's.
            let key = self.key_of(item.root, &symbol.address);
            region = Region::within(unmanaged_domain(version)).named(&key, version);
        }
        let known = value.as_str().and_then(Cidr::parse).map(|cidr| (cidr.prefix(), cidr.prefix()));
        let length = match (known, &read.kind) {
            (Some(length), _) => length,
            (None, PeerKind::Network(_)) if version == Version::V4 => (16, 28),
            (None, PeerKind::Network(_)) => (44, 64),
            (None, PeerKind::Addresses | PeerKind::Narrow | PeerKind::Group(_) | PeerKind::Service) => (0, whole),
        };
        Range { region, length, text: read.text, doubts: read.reasons }
    }

    /// A range of which nothing but the IP version is known.
    #[must_use]
    pub fn unknown_range(version: Version, doubts: Arc<[Reason]>) -> Range {
        let (world, whole) = match version {
            Version::V4 => (AddressSet::world_v4(), 32),
            Version::V6 => (AddressSet::world_v6(), 128),
        };
        let region = Region { addresses: Bounds { must: AddressSet::empty(), may: world }, ranges: Vec::new() };
        Range { region, length: (0, whole), text: "a range that is not known".into(), doubts }
    }
}
