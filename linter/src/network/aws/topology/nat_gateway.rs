//! `aws_nat_gateway`: out under the gateway's address, replies back, nothing else in.

use super::super::super::build::{Builder, Item, References};
use super::super::super::filter::Direction;
use super::super::super::model::topology::Memory;
use super::super::super::model::{Label, NodeId, Serves, Step};
use super::super::super::reading::{Scalar, field, text};
use super::super::super::service::{ServiceSet, protocol};
use super::host::{Interface, Public};
use super::instance::known_addresses;
use super::network_acl::guard_node;
use super::security_group::Groups;
use super::{Target, World, subnet, vpc};
use crate::terraform::Mode;

pub(super) fn convert(builder: &mut Builder<'_, '_>, world: &mut World) {
    for item in builder.items(&["aws_nat_gateway", "data.aws_nat_gateway"]) {
        add(builder, world, item);
    }
}

fn add(builder: &mut Builder<'_, '_>, world: &mut World, item: Item<'_>) {
    let values = &item.instance.values;
    let key = builder.key(item);
    let mut interface = Interface::of(builder, item, "NAT gateway", Groups::default());
    interface.private = known_addresses(&[field(values, "private_ip")]);
    interface.public = match text(field(values, "connectivity_type")) {
        Scalar::Known(kind) if kind == "private" => Public::none(),
        Scalar::Known(_) | Scalar::Absent => Public::some(public_address(builder, item)),
        Scalar::Unknown(reasons) => Public::perhaps(reasons),
    };
    if item.instance.mode == Mode::Data {
        interface.public = Public::some(None);
    }
    interface.inward = false;
    interface.serves = Some(Serves::Translating);
    let subnets = builder.refers(item, "subnet_id", subnet::NAMES);
    let subnets = if subnets.is_none() { any_subnet(builder, world, item) } else { subnets };
    let services = [protocol::TCP, protocol::UDP, protocol::ICMP].map(ServiceSet::protocol);
    let services = services.iter().fold(ServiceSet::empty(), |sum, one| sum.union(one));
    let sites = interface.place(builder, world, &subnets);
    let label = interface.label.saying("translates the source to its own address");
    let mut ways = Vec::new();
    for (site, (subnet, _)) in sites.iter().zip(subnets.all()) {
        let Some(own) = world.subnets.get(subnet) else { continue };
        let step = Step::SourceNat { site: *site, services: services.clone(), next: own.entry };
        let translate = builder.node_of(item, label.clone(), step);
        let translate = remembered(builder, &label, translate);
        let Some(own) = world.subnets.get(subnet) else { continue };
        ways.push(guard_node(builder, own, Direction::Ingress, translate));
    }
    if ways.is_empty()
        && let Some(site) = sites.first()
        && let Some(start) = builder.topology.site(*site).map(|site| site.start)
    {
        let translate = builder.node_of(item, label.clone(), Step::SourceNat { site: *site, services, next: start });
        ways.push(remembered(builder, &label, translate));
    }
    let quiet = Label { role: "", ..interface.label.clone() };
    let node = match ways.as_slice() {
        [only] => *only,
        _ => builder.topology.add_node(quiet, Step::AnyOf(ways)),
    };
    world.targets.insert(key, Target { node, vpc: None });
}

/// What goes out is remembered, so that answers to it come in and nothing else does.
fn remembered(builder: &mut Builder<'_, '_>, label: &Label, next: NodeId) -> NodeId {
    let step = Step::Filter {
        filters: vec![super::gateway::everything(builder)],
        direction: Direction::Egress,
        memory: Memory::Connections,
        device: label.resource.clone(),
        of: None,
        next,
    };
    builder.topology.add_node(Label { role: "", ..label.clone() }, step)
}

/// A regional gateway is in no subnet; it leaves by the VPC's Internet gateway as any subnet that has a way would.
fn any_subnet(builder: &Builder<'_, '_>, world: &World, item: Item<'_>) -> References {
    let vpcs = builder.refers(item, "vpc_id", vpc::NAMES);
    let inside = world.subnets.iter().filter(|(_, subnet)| vpcs.certain.contains(&subnet.vpc));
    let why = crate::value::Reason::Error(format!("the subnet of {} is not known", item.instance.address).into());
    References { certain: Vec::new(), possible: inside.map(|(key, _)| key.clone()).collect(), open: vec![why] }
}

fn public_address(builder: &Builder<'_, '_>, item: Item<'_>) -> Option<super::super::super::address::AddressSet> {
    let values = &item.instance.values;
    let eip = builder.refers(item, "allocation_id", &["aws_eip"]).only().and_then(|key| builder.item(key));
    let of_eip = eip.and_then(|eip| known_addresses(&[field(&eip.instance.values, "public_ip")]));
    known_addresses(&[field(values, "public_ip")]).or(of_eip)
}
