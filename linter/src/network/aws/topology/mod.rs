//! AWS as a model: each resource type turns itself into nodes, sites, filters and tables, in a file of its own.
//!
//! Owns: [`World`], what the types know of each other; [`convert`].
//! Promises: what AWS makes by itself is there and named; a type with an effect that is not modelled is listed and makes
//! what it touches doubtful.
//! Must not know: questions.

mod autoscaling;
mod container;
mod elastic_ip;
mod endpoint;
mod firewall;
mod gateway;
mod host;
mod instance;
mod launch_template;
mod load_balancer;
mod managed;
mod nat_gateway;
mod network_acl;
mod peering;
mod placeholder;
mod prefix_list;
mod route;
mod route_table;
mod security_group;
mod subnet;
mod target_group;
mod transit_gateway;
mod unmodelled;
mod vpc;
mod vpn;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::build::{Builder, References};
use super::super::model::{FilterId, Label, NodeId, Region, SiteId, TableId};
use crate::value::Reason;

/// A VPC.
#[derive(Debug)]
pub(super) struct Vpc {
    /// Its IPv4 ranges.
    pub(super) four: Vec<super::super::build::Range>,
    /// Its IPv6 ranges.
    pub(super) six: Vec<super::super::build::Range>,
    /// Where packets are delivered that come in.
    pub(super) local: NodeId,
    /// Its Internet gateway's way in, if it has one.
    pub(super) way_in: Option<NodeId>,
    /// The key of its main route table.
    pub(super) main_table: Arc<str>,
}

/// A subnet.
#[derive(Debug)]
pub(super) struct Subnet {
    pub(super) label: Label,
    /// The key of its VPC.
    pub(super) vpc: Arc<str>,
    pub(super) root: usize,
    /// Its addresses.
    pub(super) four: super::super::build::Range,
    /// Its IPv6 addresses, if it has any.
    pub(super) six: Option<super::super::build::Range>,
    /// Its availability zone, as far as one can tell it from others.
    pub(super) zone: Option<Arc<str>>,
    /// Where packets of its hosts begin.
    pub(super) entry: NodeId,
    /// Where packets come in from elsewhere.
    pub(super) home: NodeId,
    /// Where its hosts are found.
    pub(super) inside: NodeId,
    /// Its route table's node.
    pub(super) routes: NodeId,
    /// The way out through its network ACL.
    pub(super) way_out: NodeId,
    /// The network ACLs it may have; one that is certain, usually.
    pub(super) acls: Vec<(FilterId, bool)>,
    /// Whether it is managed here.
    pub(super) managed: bool,
    /// Whether its hosts get IPv6 addresses when they are made.
    pub(super) gives_six: bool,
}

/// A gateway or interface that routes lead to.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// Where packets go.
    pub(super) node: NodeId,
    /// For targets that are only for one VPC: its key.
    pub(super) vpc: Option<Arc<str>>,
}

/// What the types of resources know of each other.
#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) vpcs: BTreeMap<Arc<str>, Vpc>,
    pub(super) subnets: BTreeMap<Arc<str>, Subnet>,
    /// What routes can lead to, by key.
    pub(super) targets: BTreeMap<Arc<str>, Target>,
    /// Route tables by key and zone.
    pub(super) tables: BTreeMap<(Arc<str>, Option<Arc<str>>), TableId>,
    /// The interfaces of hosts, by key.
    pub(super) interfaces: BTreeMap<Arc<str>, Vec<SiteId>>,
    /// Subnets of which no VPC is known, and other things that may be anywhere.
    pub(super) unplaced: Option<NodeId>,
}

impl World {
    /// All ranges of a VPC, by name as well.
    pub(super) fn vpc_region(&self, key: &str) -> Region {
        let ranges = self.vpcs.get(key).map(|vpc| vpc.four.iter().chain(&vpc.six)).into_iter().flatten();
        ranges.fold(Region::default(), |sum, range| sum.union(&range.region))
    }
}

/// Adds all AWS resources of the roots.
pub fn convert(builder: &mut Builder<'_, '_>) {
    let mut world = World::default();
    vpc::convert(builder, &mut world);
    subnet::convert(builder, &mut world);
    network_acl::convert(builder, &mut world);
    gateway::convert(builder, &mut world);
    instance::convert(builder, &mut world);
    autoscaling::convert(builder, &mut world);
    container::convert(builder, &mut world);
    managed::convert(builder, &mut world);
    nat_gateway::convert(builder, &mut world);
    peering::convert(builder, &mut world);
    endpoint::convert(builder, &mut world);
    vpn::convert(builder, &mut world);
    transit_gateway::convert(builder, &mut world);
    load_balancer::convert(builder, &mut world);
    firewall::convert(builder, &mut world);
    unmodelled::convert(builder, &mut world);
    route_table::convert(builder, &mut world);
    placeholder::convert(builder, &mut world);
    assumptions(builder, &world);
}

fn assumptions(builder: &mut Builder<'_, '_>, world: &World) {
    if world.vpcs.is_empty() {
        return;
    }
    let texts = [
        "Networks that this configuration manages have no peerings, routes or rules but those declared in it.",
        "Hosts pass nothing on, unless relays are asked for.",
        "Clients send from ports 1024 to 65535.",
    ];
    builder.topology.assumptions.extend(texts.iter().map(|text| Arc::from(*text)));
    let ranges = world.vpcs.values().flat_map(|vpc| vpc.four.iter()).any(|range| !range.region.is_known());
    if ranges {
        let text = "Networks whose ranges are not known share no address with what is outside.";
        builder.topology.assumptions.push(text.into());
    }
}

/// Why a reference is not known.
pub(super) fn doubts(references: &References, what: &str) -> Arc<[Reason]> {
    if references.open.is_empty() {
        return [Reason::Error(format!("{what} is not known").into())].into();
    }
    references.open.clone().into()
}
