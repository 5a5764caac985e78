//! Questions as people ask them: endpoints and zones by name, intents, and their answers.
//!
//! Owns: [`Model`] over one root or several, [`Endpoint`], [`Intent`] and [`Checked`].
//! Promises: a name that means nothing is an error in words; what is not modelled makes its answers undetermined.
//! Must not know: the configuration file's form, the command line, output formats.

mod endpoint;
mod intent;
mod standard;
#[cfg(test)]
mod tests;
mod zone;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

pub use endpoint::{Endpoint, NoSuchEndpoint};
pub use intent::{Checked, Flow, Intent, IntentKind, OnUnknown, Outcome};
pub use standard::standard_intents;
pub use zone::{Zone, ZoneMatch};

use super::build::{Assumption, Input, topology};
use super::model::{Answer, Query, Relays, Serves, Site, SiteId, Topology, Verdict, Version};
use super::service::ServiceSet;
use crate::graph::Graph;
use crate::terraform::Instance;

/// The network of some roots, and what people call its parts.
pub struct Model<'g, 'r> {
    /// The network.
    pub topology: Topology,
    roots: Vec<Input<'g, 'r>>,
    zones: BTreeMap<String, Zone>,
    /// The environment of each site, by its number; found when first asked for.
    environments: OnceLock<Vec<Option<Arc<str>>>>,
    /// The Internet without the addresses that rules name one by one.
    strangers: Option<SiteId>,
}

/// One question with its answer.
#[derive(Debug)]
pub struct Asked {
    /// Where from, as asked.
    pub from: String,
    /// Where to, as asked.
    pub to: String,
    /// The services, as asked.
    pub service: String,
    /// IP version.
    pub version: Version,
    /// The answer.
    pub answer: Answer,
    /// What the answer takes for granted.
    pub assumptions: Vec<Arc<str>>,
}

/// How a question is meant.
#[derive(Clone, Debug)]
pub struct Manner {
    /// The services.
    pub services: ServiceSet,
    /// IP version.
    pub version: Version,
    /// What counts as reaching.
    pub level: super::model::connection::Level,
    /// Who passes on.
    pub relays: Relays,
}

impl<'g, 'r> Model<'g, 'r> {
    /// The model of some roots.
    #[must_use]
    pub fn new(roots: &[Input<'g, 'r>], zones: BTreeMap<String, Zone>, assumed: BTreeMap<String, Assumption>) -> Self {
        let topology = topology(roots, assumed);
        let environments = OnceLock::new();
        let mut model = Self { topology, roots: roots.to_vec(), zones, environments, strangers: None };
        model.strangers = model.add_strangers();
        model
    }

    /// The instance that a site's resource is, with its root.
    #[must_use]
    pub fn instance(&self, resource: &str) -> Option<(&'g Graph<'r>, &'r Instance)> {
        self.roots.iter().find_map(|root| {
            let address = match self.roots.len() {
                1 => resource,
                _ => resource.strip_prefix(root.name)?.strip_prefix(": ")?,
            };
            root.graph.instance(address).map(|instance| (root.graph, instance))
        })
    }

    /// The environment of a site: its own, else that of its subnet, else that of its network.
    fn environment_of(&self, site: &Site) -> Option<Arc<str>> {
        let mut keys: Vec<&str> = vec![&site.label.resource];
        keys.extend(site.segment.as_deref());
        keys.extend(site.network.as_deref());
        keys.into_iter().find_map(|key| {
            let (graph, instance) = self.instance(key)?;
            graph.environment(instance).name.clone()
        })
    }

    /// The environment of a site.
    #[must_use]
    pub fn environment(&self, site: SiteId) -> Option<Arc<str>> {
        match self.known_environments().get(site.0 as usize) {
            Some(environment) => environment.clone(),
            None => self.topology.site(site).and_then(|site| self.environment_of(site)),
        }
    }

    fn known_environments(&self) -> &[Option<Arc<str>>] {
        self.environments.get_or_init(|| self.topology.sites.iter().map(|site| self.environment_of(site)).collect())
    }

    /// The environments that sites are in, in order.
    #[must_use]
    pub fn environments(&self) -> Vec<Arc<str>> {
        let names: std::collections::BTreeSet<&Arc<str>> = self.known_environments().iter().flatten().collect();
        names.into_iter().cloned().collect()
    }

    /// The zones, by name.
    #[must_use]
    pub fn zones(&self) -> &BTreeMap<String, Zone> {
        &self.zones
    }

    /// Hosts that fit; where a subnet has none at all, any host in it if that fits.
    #[must_use]
    pub fn members(&self, fits: &dyn Fn(SiteId, &Site) -> bool) -> Vec<SiteId> {
        let is_host =
            |site: &Site| !matches!(site.serves, Some(Serves::Placeholder | Serves::Translating | Serves::Outside));
        let occupied: std::collections::BTreeSet<&Arc<str>> =
            self.topology.sites.iter().filter(|site| is_host(site)).filter_map(|site| site.segment.as_ref()).collect();
        let stands = |site: &Site| {
            is_host(site)
                || site.serves == Some(Serves::Placeholder)
                    && site.segment.as_ref().is_none_or(|segment| !occupied.contains(segment))
        };
        self.topology.all_sites().filter(|(id, site)| stands(site) && fits(*id, site)).map(|(id, _)| id).collect()
    }

    /// Answers a question between two endpoints.
    ///
    /// # Errors
    /// When a name means nothing.
    pub fn ask(&mut self, from: &Endpoint, to: &Endpoint, manner: &Manner) -> Result<Asked, NoSuchEndpoint> {
        let (sources, targets) = (self.resolve(from)?, self.resolve(to)?);
        Ok(self.ask_sites((from.to_string(), sources), (to.to_string(), targets), manner, Vec::new()))
    }

    /// Answers a question between two sets of sites.
    #[must_use]
    pub fn ask_sites(
        &self,
        (from, sources): (String, Vec<SiteId>),
        (to, targets): (String, Vec<SiteId>),
        manner: &Manner,
        avoiding: Vec<super::model::NodeId>,
    ) -> Asked {
        let open: Vec<Arc<str>> = self.not_modelled(&from).into_iter().chain(self.not_modelled(&to)).collect();
        let query = Query {
            sources,
            targets,
            services: manner.services.clone(),
            version: manner.version,
            level: manner.level,
            relays: manner.relays,
            avoiding,
        };
        let mut answer = query.answer(&self.topology);
        if answer.verdict == Verdict::Unreachable && !open.is_empty() {
            answer.verdict = Verdict::Undetermined;
            answer.packet_verdict = Verdict::Undetermined;
            answer.because.extend(open);
        }
        let assumptions = self.topology.assumptions.clone();
        Asked { from, to, service: manner.services.to_string(), version: manner.version, answer, assumptions }
    }

    /// Why nothing can be said of an endpoint whose resource has an effect that is not modelled.
    fn not_modelled(&self, endpoint: &str) -> Option<Arc<str>> {
        let found = self
            .topology
            .unmodelled
            .iter()
            .find(|it| crate::graph::glob_matches(&it.address, endpoint) || *it.address == *endpoint)?;
        Some(format!("{} is not modelled: {}", found.resource_type, found.reason).into())
    }
}
