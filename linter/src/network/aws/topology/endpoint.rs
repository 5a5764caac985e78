//! `aws_vpc_endpoint`: interfaces in subnets, and gateways that look into what passes.
//!
//! A gateway endpoint leads to one service of AWS, which is no end of questions here; it takes nothing from others.

use std::sync::Arc;

use super::super::super::bounds::Bounds;
use super::super::super::build::{Assumption, Builder, Item};
use super::super::super::filter::Direction;
use super::super::super::model::{Label, Node, Step};
use super::super::super::reading::{Scalar, field, text};
use super::host::Interface;
use super::network_acl::guard_node;
use super::{Target, World, security_group, subnet, vpc};
use crate::value::Reason;

pub(super) fn convert(builder: &mut Builder<'_, '_>, world: &mut World) {
    for item in builder.items(&["aws_vpc_endpoint"]) {
        match text(field(&item.instance.values, "vpc_endpoint_type")) {
            Scalar::Known(kind) if kind == "GatewayLoadBalancer" => inspection(builder, world, item),
            Scalar::Known(kind) if kind == "Gateway" => {}
            Scalar::Known(_) | Scalar::Unknown(_) => interface(builder, world, item),
            Scalar::Absent => {}
        }
    }
}

fn interface(builder: &mut Builder<'_, '_>, world: &mut World, item: Item<'_>) {
    let values = &item.instance.values;
    let mut subnets = builder.refers(item, "subnet_ids", subnet::NAMES);
    for other in builder.items(&["aws_vpc_endpoint_subnet_association"]) {
        if builder.refers(other, "vpc_endpoint_id", &["aws_vpc_endpoint"]).certain.contains(&builder.key(item)) {
            subnets.certain.extend(builder.refers(other, "subnet_id", subnet::NAMES).certain);
        }
    }
    if subnets.is_none() {
        return;
    }
    let vpc =
        builder.refers(item, "vpc_id", vpc::NAMES).only().cloned().unwrap_or_else(|| "a VPC that is not known".into());
    let mut groups = security_group::groups(builder, item, &[field(values, "security_group_ids")], &vpc);
    for other in builder.items(&["aws_vpc_endpoint_security_group_association"]) {
        if builder.refers(other, "vpc_endpoint_id", &["aws_vpc_endpoint"]).certain.contains(&builder.key(item)) {
            security_group::attach(builder, other, field(&other.instance.values, "security_group_id"), &mut groups);
        }
    }
    Interface::of(builder, item, "VPC endpoint", groups).place(builder, world, &subnets);
}

/// An endpoint of a gateway load balancer: what its appliances let through comes out again.
fn inspection(builder: &mut Builder<'_, '_>, world: &mut World, item: Item<'_>) {
    let key = builder.key(item);
    let label = builder.label(item, "inspection endpoint");
    let (exists, reasons): (Bounds<bool>, Arc<[Reason]>) = match builder.assumption(&key) {
        Assumption::AllowAll => (Bounds::YES, [].into()),
        Assumption::DenyAll => (Bounds::NO, [].into()),
        Assumption::Configured => {
            let why = format!("what the appliances behind {key} let through is not in this configuration");
            (Bounds::PERHAPS, [Reason::Error(why.into())].into())
        }
    };
    let subnets = builder.refers(item, "subnet_ids", subnet::NAMES);
    let mut ways = Vec::new();
    for (subnet, _) in subnets.all() {
        let Some(own) = world.subnets.get(subnet) else { continue };
        let label = label.saying("looks into what passes");
        let step = Step::AnyOf(vec![own.entry]);
        let node = builder.topology.add(Node { label, step, exists, doubts: reasons.clone() });
        ways.push(guard_node(builder, own, Direction::Ingress, node));
    }
    let node = match ways.as_slice() {
        [only] => *only,
        _ => builder.topology.add_node(Label { role: "", ..label }, Step::AnyOf(ways)),
    };
    world.targets.insert(key, Target { node, vpc: None });
}
