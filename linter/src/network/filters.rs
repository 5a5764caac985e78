//! All packet filters of a root, put together from the instances that declare their parts.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::address::AddressSet;
use super::aws::prefix_list::PrefixLists;
use super::aws::{network_acl, security_group as aws_group};
use super::azure::security_group as azure_group;
use super::filter::{Filter, FilterKind, FilterRule};
use super::google::firewall;
use super::join::Joins;
use super::other_clouds;
use crate::terraform::{Instance, Mode};

/// The filters of a root.
#[derive(Debug, Default)]
pub struct Filters {
    filters: BTreeMap<Arc<str>, Filter>,
    by_owner: FxHashMap<Arc<str>, Arc<str>>,
}

/// Which cloud's filter it is.
#[derive(Clone, Copy)]
enum Vendor {
    AwsGroup,
    AwsAcl,
    Azure,
    Google,
    Other,
}

impl Filters {
    /// Reads all filters.
    #[must_use]
    pub fn of(instances: &[Instance]) -> Self {
        let joins = Joins::of(instances);
        let lists = PrefixLists::of(instances, &joins);
        let mut filters = Self::default();
        for instance in instances.iter().filter(|instance| instance.mode == Mode::Managed) {
            let Some((vendor, key)) = part_of(instance, &joins) else { continue };
            let rules = match vendor {
                Vendor::AwsGroup => aws_group::rules(instance, &joins, &lists),
                Vendor::AwsAcl => network_acl::rules(instance),
                Vendor::Azure => azure_group::rules(instance),
                Vendor::Google => firewall::rules(instance),
                Vendor::Other => other_clouds::rules(instance),
            };
            filters.by_owner.insert(instance.address.clone(), key.clone());
            filters.filters.entry(key).or_insert_with(|| empty_filter(vendor)).rules.extend(rules);
        }
        filters
    }

    /// The filter that the instance at this address declares, or declares a part of.
    #[must_use]
    pub fn of_owner(&self, address: &str) -> Option<&Filter> {
        self.filters.get(self.by_owner.get(address)?)
    }

    /// The key of the filter that the instance at this address declares, or declares a part of.
    #[must_use]
    pub fn key_of_owner(&self, address: &str) -> Option<&Arc<str>> {
        self.by_owner.get(address)
    }

    /// The filter with this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Filter> {
        self.filters.get(key)
    }

    /// All filters by key.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Filter)> {
        self.filters.iter()
    }

    /// The rules that the instance at this address declares.
    pub fn rules_of<'f>(&'f self, address: &'f str) -> impl Iterator<Item = &'f FilterRule> {
        let rules = self.of_owner(address).map(|filter| filter.rules.as_slice()).unwrap_or_default();
        rules.iter().filter(move |rule| *rule.owner == *address)
    }
}

fn part_of(instance: &Instance, joins: &Joins) -> Option<(Vendor, Arc<str>)> {
    let found = aws_group::group_key(instance, joins).map(|key| (Vendor::AwsGroup, key));
    let found = found.or_else(|| network_acl::acl_key(instance, joins).map(|key| (Vendor::AwsAcl, key)));
    let found = found.or_else(|| azure_group::group_key(instance, joins).map(|key| (Vendor::Azure, key)));
    let found = found.or_else(|| firewall::network_key(instance, joins).map(|key| (Vendor::Google, key)));
    found.or_else(|| other_clouds::filter_key(instance).map(|key| (Vendor::Other, key)))
}

fn empty_filter(vendor: Vendor) -> Filter {
    let (kind, rules) = match vendor {
        Vendor::AwsGroup | Vendor::Other => (FilterKind::AllowList, Vec::new()),
        Vendor::AwsAcl => (FilterKind::FirstMatch, Vec::new()),
        Vendor::Azure => (FilterKind::FirstMatch, azure_group::implied_rules()),
        Vendor::Google => (FilterKind::FirstMatch, firewall::implied_rules()),
    };
    let trusted = match vendor {
        Vendor::AwsGroup | Vendor::AwsAcl | Vendor::Azure | Vendor::Other => AddressSet::empty(),
        Vendor::Google => firewall::trusted().clone(),
    };
    Filter { kind, rules, trusted }
}
