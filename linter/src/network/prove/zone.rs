//! Zones: named parts of the network, by tag, module, network, subnet, account or range.

use std::collections::BTreeMap;

use super::super::address::AddressSet;
use super::super::model::{Site, SiteId};
use super::endpoint::{NoSuchEndpoint, is_called};
use super::{Endpoint, Model};
use crate::graph::glob_matches;
use crate::terraform::Instance;
use crate::value::Value;

/// A zone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Zone {
    /// The Internet.
    pub is_internet: bool,
    /// Ranges outside, or any hosts with these addresses.
    pub addresses: Vec<AddressSet>,
    /// Who is in it: any of these.
    pub matches: Vec<ZoneMatch>,
}

/// What a member of a zone is like; all that is said must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ZoneMatch {
    /// Tags or labels, as globs.
    pub tags: BTreeMap<String, String>,
    /// Its environment.
    pub environment: Option<String>,
    /// Its provider configuration, such as `aws.dev`.
    pub account: Option<String>,
    /// Addresses of modules, networks, subnets or resources, as globs.
    pub modules: Vec<String>,
    /// The VPCs or networks it is in.
    pub networks: Vec<String>,
    /// The subnets it is in.
    pub subnets: Vec<String>,
    /// Its own address.
    pub addresses: Vec<String>,
}

impl Model<'_, '_> {
    /// The members of a zone.
    ///
    /// # Errors
    /// When there is no such zone.
    pub(super) fn zone_members(&mut self, name: &str) -> Result<Vec<SiteId>, NoSuchEndpoint> {
        let Some(zone) = self.zones.get(name).cloned() else {
            if name == "internet" {
                return Ok(self.internet());
            }
            if self.environments().iter().any(|environment| **environment == *name) {
                return self.resolve(&Endpoint::Environment(name.to_owned()));
            }
            let known: Vec<&str> = self.zones.keys().map(String::as_str).collect();
            let known = if known.is_empty() {
                "none is declared".to_owned()
            } else {
                format!("there are {}", known.join(", "))
            };
            return Err(NoSuchEndpoint(format!("there is no zone {name:?}; {known}")));
        };
        let mut found = if zone.is_internet { self.internet() } else { Vec::new() };
        for addresses in &zone.addresses {
            let text = format!("cidr:{addresses}");
            found.extend(self.resolve(&Endpoint::Addresses(text, addresses.clone()))?);
        }
        let fits = |id: SiteId, site: &Site| zone.matches.iter().any(|wanted| self.fits(wanted, id, site));
        let members = self.members(&fits);
        found.extend(members);
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    fn fits(&self, wanted: &ZoneMatch, id: SiteId, site: &Site) -> bool {
        let places: Vec<&str> = std::iter::once(&*site.label.resource)
            .chain(site.segment.as_deref())
            .chain(site.network.as_deref())
            .collect();
        let instances: Vec<&Instance> = places.iter().filter_map(|key| self.instance(key)).map(|(_, it)| it).collect();
        let tagged = wanted.tags.iter().all(|(key, pattern)| {
            instances.iter().find_map(|instance| tag(instance, key)).is_some_and(|value| glob_matches(pattern, &value))
        });
        let of_environment = wanted
            .environment
            .as_ref()
            .is_none_or(|name| self.environment(id).is_some_and(|environment| *environment == **name));
        let of_account = wanted
            .account
            .as_ref()
            .is_none_or(|name| instances.iter().any(|instance| *instance.provider.name == **name));
        let any_of = |names: &[String], keys: &[&str]| {
            names.is_empty()
                || names.iter().any(|name| keys.iter().any(|key| is_called(key, name) || glob_matches(name, key)))
        };
        let segment: Vec<&str> = site.segment.as_deref().into_iter().collect();
        let network: Vec<&str> = site.network.as_deref().into_iter().collect();
        tagged
            && of_environment
            && of_account
            && any_of(&wanted.modules, &places)
            && any_of(&wanted.networks, &network)
            && any_of(&wanted.subnets, &segment)
            && any_of(&wanted.addresses, &[&site.label.resource])
    }
}

/// The value of a tag, wherever the clouds keep them.
fn tag(instance: &Instance, key: &str) -> Option<String> {
    let fields = instance.values.as_fields()?;
    ["tags", "tags_all", "labels"].iter().find_map(|name| {
        let tags = fields.get(*name)?.as_fields()?;
        tags.get(key).and_then(Value::as_str).map(str::to_owned)
    })
}
