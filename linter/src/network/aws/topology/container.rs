//! `aws_ecs_service` with interfaces of its own, and `aws_eks_cluster` with its nodes.

use std::sync::Arc;

use super::super::super::address::AddressSet;
use super::super::super::bounds::Bounds;
use super::super::super::build::filters::{anybody, implied_rule};
use super::super::super::build::{Builder, Item};
use super::super::super::filter::{Decision, Direction, FilterKind};
use super::super::super::interval::Intervals;
use super::super::super::model::filter::{Near, PacketFilter, Rule, RulePeer};
use super::super::super::model::topology::Memory;
use super::super::super::model::{Face, FaceKind, Label, Multiplicity, Region, Serves, Site, Step};
use super::super::super::reading::{Family, Scalar, entries, field, peers, truth};
use super::super::super::service::{ServiceSet, protocol};
use super::host::{Interface, Public};
use super::instance::{public, vpc_of};
use super::managed::{own_group, values_at};
use super::{World, launch_template, security_group, subnet};
use crate::value::Value;

pub(super) fn convert(builder: &mut Builder<'_, '_>, world: &mut World) {
    for item in builder.items(&["aws_ecs_service", "aws_ecs_task_set"]) {
        ecs_service(builder, world, item);
    }
    for item in builder.items(&["aws_eks_cluster"]) {
        eks_cluster(builder, world, item);
    }
    for item in builder.items(&["aws_eks_node_group"]) {
        eks_nodes(builder, world, item);
    }
}

/// Tasks with interfaces of their own; tasks on the hosts' interfaces are the hosts.
fn ecs_service(builder: &mut Builder<'_, '_>, world: &mut World, item: Item<'_>) {
    for block in entries(field(&item.instance.values, "network_configuration")).entries {
        let subnets = builder.references(item, field(block.value, "subnets"), subnet::NAMES);
        if subnets.is_none() {
            continue;
        }
        let vpc = vpc_of(world, &subnets);
        let groups = security_group::groups(builder, item, &[field(block.value, "security_groups")], &vpc);
        let mut interface = Interface::of(builder, item, "service", groups);
        interface.public = match truth(field(block.value, "assign_public_ip")) {
            Scalar::Known(true) => Public::some(None),
            Scalar::Known(false) | Scalar::Absent => Public::none(),
            Scalar::Unknown(reasons) => Public::perhaps(reasons),
        };
        interface.place(builder, world, &subnets);
    }
}

/// The control plane's interfaces in the VPC, and its public endpoint.
fn eks_cluster(builder: &mut Builder<'_, '_>, world: &mut World, item: Item<'_>) {
    let values = &item.instance.values;
    let all = |path: &str| values_at(values, path);
    let lists: Vec<Option<&Value>> = all("vpc_config.security_group_ids").into_iter().map(Some).collect();
    let mut subnets = super::super::super::build::References::default();
    for value in all("vpc_config.subnet_ids") {
        let found = builder.references(item, Some(value), subnet::NAMES);
        subnets.certain.extend(found.certain);
        subnets.possible.extend(found.possible);
        subnets.open.extend(found.open);
    }
    if !subnets.is_none() {
        let vpc = vpc_of(world, &subnets);
        cluster_group(builder, item);
        let mut groups = match lists.is_empty() {
            true => security_group::Groups::default(),
            false => security_group::groups(builder, item, &lists, &vpc),
        };
        groups.add(builder, item.root, &own_group(&builder.key(item), CLUSTER_GROUP), true);
        Interface::of(builder, item, "Kubernetes API", groups).place(builder, world, &subnets);
    }
    let is_public = all("vpc_config.endpoint_public_access").first().copied();
    match truth(is_public) {
        Scalar::Known(false) => {}
        Scalar::Known(true) | Scalar::Absent => public_endpoint(builder, item, Bounds::YES, &[].into()),
        Scalar::Unknown(reasons) => public_endpoint(builder, item, Bounds::PERHAPS, &reasons),
    }
}

/// The attribute that holds the group that a cluster makes for itself and its nodes.
const CLUSTER_GROUP: &str = "vpc_config[0].cluster_security_group_id";

/// The group of a cluster: everything between its members, everything out, and what rules add to it.
fn cluster_group(builder: &mut Builder<'_, '_>, item: Item<'_>) {
    let key = own_group(&builder.key(item), CLUSTER_GROUP);
    if builder.kept_filter(&key).is_some() {
        return;
    }
    let label =
        Label::implied(&format!("cluster security group of {} (made by EKS)", builder.key(item)), "security group");
    let own = super::super::super::model::filter::GroupName::Key(key.clone());
    let members = RulePeer { region: Region::default(), group: Some(own), doubts: [].into() };
    let inward = implied_rule(&label, Direction::Ingress, members);
    let mut rules = vec![
        Rule { label: label.saying("allows all in from its own members"), ..inward },
        implied_rule(&label, Direction::Egress, anybody()),
    ];
    let local = key.clone();
    if let Some(added) = builder.filter(item.root, &local, "security group") {
        let declared = builder.topology.filter(added).map(|filter| filter.rules().to_vec()).unwrap_or_default();
        // Rules that are not in this configuration are only those that EKS makes.
        rules.extend(declared.into_iter().filter(|rule| rule.exists.must || rule.label.resource != key));
    }
    builder.keep_filter(key, PacketFilter::new(label, FilterKind::AllowList, rules));
}

/// The endpoint on the Internet, open to the ranges that are written.
fn public_endpoint(
    builder: &mut Builder<'_, '_>,
    item: Item<'_>,
    exists: Bounds<bool>,
    reasons: &Arc<[crate::value::Reason]>,
) {
    let key = builder.key(item);
    let label = builder.label(item, "Kubernetes API").saying("its public endpoint");
    let sources = public_sources(item);
    let rule = Rule {
        label: label.saying("lets the ranges of public_access_cidrs in"),
        direction: Direction::Ingress,
        decision: Decision::Allow,
        order: Some(0),
        services: Bounds::known(ServiceSet::ports(protocol::TCP, 443, 443)),
        peers: sources,
        near: Near::Everything,
        exists: Bounds::YES,
        doubts: [].into(),
    };
    let everything = implied_rule(&label, Direction::Egress, anybody());
    let filter = PacketFilter::new(label.clone(), FilterKind::AllowList, vec![rule, everything]);
    let filter = builder.keep_filter(format!("public endpoint of {key}").into(), filter);
    let step = |direction, next| Step::Filter {
        filters: vec![filter],
        direction,
        memory: Memory::Connections,
        device: format!("public endpoint of {key}").into(),
        of: None,
        next,
    };
    let door = builder.topology.add_node(label.clone(), step(Direction::Ingress, builder.arrival));
    let start = builder.topology.add_node(label.clone(), step(Direction::Egress, builder.internet_node));
    let addresses = AddressSet { v4: AddressSet::public().v4.clone(), v6: Intervals::default() };
    let face = Face { addresses, exists, doubts: reasons.clone(), entry: Some(door) };
    let (there, why) = builder.existence(item);
    builder.topology.add_site(Site {
        label,
        multiplicity: Multiplicity::One,
        faces: vec![(FaceKind::Public, face)],
        groups: Vec::new(),
        open_groups: None,
        ranges: Vec::new(),
        segment: None,
        network: None,
        start,
        door,
        home: door,
        exists: there,
        doubts: why,
        forwards: Vec::new(),
        serves: Some(Serves::Endpoint),
    });
}

/// Who may reach the public endpoint: the ranges that are written, or anybody.
fn public_sources(item: Item<'_>) -> Vec<RulePeer> {
    let ranges = values_at(&item.instance.values, "vpc_config.public_access_cidrs").first().copied();
    let own = |value: &Value| {
        value.as_unknown().is_some_and(|unknown| {
            unknown.reasons.iter().all(|reason| matches!(reason, crate::value::Reason::Computed(address, _) if *address == item.instance.address))
        })
    };
    match ranges.filter(|value| !own(value)) {
        None => vec![anybody()],
        Some(value) => peers(Some(value), Family::V4)
            .into_iter()
            .map(|peer| RulePeer {
                region: Region { addresses: peer.addresses, ranges: Vec::new() },
                group: None,
                doubts: peer.reasons,
            })
            .collect(),
    }
}

/// Nodes: in the cluster's group, or in those of their template.
fn eks_nodes(builder: &mut Builder<'_, '_>, world: &mut World, item: Item<'_>) {
    let subnets = builder.refers(item, "subnet_ids", subnet::NAMES);
    let template = launch_template::of(builder, item);
    let written = template.and_then(|template| field(&template.instance.values, "vpc_security_group_ids"));
    let vpc = vpc_of(world, &subnets);
    let groups = match (template, written) {
        (Some(template), Some(list)) => security_group::groups(builder, template, &[Some(list)], &vpc),
        _ => {
            let clusters = builder.refers(item, "cluster_name", &["aws_eks_cluster"]);
            match clusters.only().and_then(|key| builder.item(key)) {
                Some(cluster) => {
                    cluster_group(builder, cluster);
                    let mut groups = security_group::Groups::default();
                    groups.add(builder, item.root, &own_group(&builder.key(cluster), CLUSTER_GROUP), true);
                    groups
                }
                None => security_group::Groups::unknown(builder, item),
            }
        }
    };
    let block = launch_template::interface_block(template);
    let mut interface = Interface::of(builder, item, "Kubernetes nodes", groups);
    interface.public =
        public(builder, world, block.and_then(|block| field(block, "associate_public_ip_address")), &subnets);
    interface.place(builder, world, &subnets);
}
