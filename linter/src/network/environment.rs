//! Which addresses belong to which environment.

use std::sync::Arc;

use super::address::AddressSet;
use super::reading::{Family, field, peers};
use crate::graph::Graph;
use crate::terraform::{Instance, Mode};
use crate::value::{Origin, Reason};

/// Addresses of one environment.
#[derive(Clone, Debug)]
pub struct PlannedNetwork {
    /// The environment.
    pub environment: Arc<str>,
    /// The addresses.
    pub addresses: AddressSet,
    /// The network's address in the configuration, or the words `the configuration of Palisade`.
    pub owner: Arc<str>,
}

/// The ranges of one network.
#[derive(Clone, Debug, Default)]
pub struct Ranges {
    /// Its environment.
    pub environment: Option<Arc<str>>,
    /// What is known of its ranges.
    pub addresses: AddressSet,
    /// Why some are not known.
    pub unknown: Vec<Reason>,
    /// Where they are written.
    pub origin: Option<Arc<Origin>>,
}

/// Networks that have ranges of their own: type, attributes with ranges, and the attribute that names the network
/// when the type only adds ranges to one.
const NETWORKS: &[(&str, &[&str], Option<&str>)] = &[
    ("aws_vpc", &["cidr_block"], None),
    ("aws_default_vpc", &["cidr_block"], None),
    ("aws_vpc_ipv4_cidr_block_association", &["cidr_block"], Some("vpc_id")),
    ("azurerm_virtual_network", &["address_space"], None),
    ("google_compute_subnetwork", &["ip_cidr_range"], Some("network")),
];

/// The ranges of an instance, if it is a network.
#[must_use]
pub fn ranges_of(instance: &Instance, graph: &Graph<'_>) -> Ranges {
    let mut ranges = Ranges::default();
    let Some((_, attributes, parent)) = NETWORKS.iter().find(|(name, ..)| *name == &*instance.resource_type) else {
        return ranges;
    };
    let network = parent.and_then(|parent| field(&instance.values, parent));
    let network = network.and_then(|value| graph.resolve(value, None).certain.first().copied());
    let named = |instance: &Instance| graph.environment(instance).name.clone();
    ranges.environment = named(instance).or_else(|| network.and_then(named));
    for attribute in *attributes {
        let value = field(&instance.values, attribute);
        let list = match value {
            Some(value) if value.as_str().is_some() => vec![super::reading::peer(value, Family::Both)],
            other => peers(other, Family::Both),
        };
        for peer in list {
            ranges.addresses = ranges.addresses.union(&peer.addresses.must);
            ranges.unknown.extend(peer.reasons.iter().cloned());
        }
        ranges.origin = ranges.origin.or_else(|| value.and_then(|value| value.origin.clone()));
    }
    for block in super::reading::entries(field(&instance.values, "secondary_ip_range")).entries {
        let addresses = field(block.value, "ip_cidr_range").map(|value| super::reading::peer(value, Family::Both));
        ranges.addresses = ranges.addresses.union(&addresses.map(|peer| peer.addresses.must).unwrap_or_default());
    }
    if ranges.addresses.is_empty() && field(&instance.values, "ipv4_ipam_pool_id").is_some() {
        ranges.unknown.push(Reason::Computed(instance.address.clone(), "cidr_block".into()));
    }
    ranges
}

/// The address plan: what is declared, and the networks of the root.
#[must_use]
pub fn address_plan(graph: &Graph<'_>) -> Vec<PlannedNetwork> {
    let mut plan = Vec::new();
    for declared in &graph.environment_settings().declared {
        let texts: Vec<&str> = declared.cidrs.iter().map(String::as_str).collect();
        let addresses = AddressSet::of(&texts);
        if !addresses.is_empty() {
            let owner = "the configuration of Palisade".into();
            plan.push(PlannedNetwork { environment: declared.name.clone(), addresses, owner });
        }
    }
    for (name, ..) in NETWORKS {
        for instance in graph.of_type(name).filter(|instance| instance.mode == Mode::Managed) {
            let ranges = ranges_of(instance, graph);
            if let Some(environment) = ranges.environment.filter(|_| !ranges.addresses.is_empty()) {
                let owner = instance.address.clone();
                plan.push(PlannedNetwork { environment, addresses: ranges.addresses, owner });
            }
        }
    }
    plan
}
