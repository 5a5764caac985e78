//! Where addresses are: sets of them, and ranges that are known by name before their numbers are.

use std::sync::Arc;

use super::super::address::AddressSet;
use super::super::bounds::{Bounds, Certainty};
use super::site::{Site, Version};

/// A set of addresses with what is known of it.
#[derive(Clone, Debug, Default)]
pub struct Region {
    /// The addresses.
    pub addresses: Bounds<AddressSet>,
    /// Ranges by key: a site in one of them is in the region with its addresses of this version, whatever they are.
    pub ranges: Vec<(Arc<str>, Version)>,
}

impl Region {
    /// Known addresses.
    #[must_use]
    pub fn known(addresses: AddressSet) -> Self {
        Self { addresses: Bounds::known(addresses), ranges: Vec::new() }
    }

    /// Any addresses of these, nobody knows which.
    #[must_use]
    pub fn within(domain: AddressSet) -> Self {
        Self { addresses: Bounds { must: AddressSet::empty(), may: domain }, ranges: Vec::new() }
    }

    /// The same, known by a key as well.
    #[must_use]
    pub fn named(mut self, range: &Arc<str>, version: Version) -> Self {
        self.ranges.push((range.clone(), version));
        self
    }

    /// The part of a site's addresses that is in it.
    #[must_use]
    pub fn part_of(&self, site: &Site, addresses: &AddressSet, certainty: Certainty) -> AddressSet {
        let by_number = addresses.intersect(self.addresses.at(certainty));
        if self.ranges.is_empty() { by_number } else { by_number.union(&self.part_by_name(site, addresses)) }
    }

    /// The part of a site's addresses that is in it whatever the numbers are.
    #[must_use]
    pub fn part_by_name(&self, site: &Site, addresses: &AddressSet) -> AddressSet {
        let mut part = AddressSet::empty();
        for (range, version) in &self.ranges {
            if site.is_in_range(range) {
                match version {
                    Version::V4 => part.v4.clone_from(&addresses.v4),
                    Version::V6 => part.v6.clone_from(&addresses.v6),
                }
            }
        }
        part
    }

    /// Both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            addresses: Bounds {
                must: self.addresses.must.union(&other.addresses.must),
                may: self.addresses.may.union(&other.addresses.may),
            },
            ranges: self.ranges.iter().chain(&other.ranges).cloned().collect(),
        }
    }

    /// Whether its addresses are known.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.addresses.must == self.addresses.may
    }
}
