//! Network ACLs and their associations: the stateless filter around each subnet.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::super::build::Builder;
use super::super::super::build::filters::{anybody, implied_rule};
use super::super::super::filter::{Direction, FilterKind};
use super::super::super::model::filter::PacketFilter;
use super::super::super::model::topology::Memory;
use super::super::super::model::{FilterId, Label, NodeId, Step};
use super::{World, subnet};
use crate::value::Reason;

/// Which ACLs each subnet may have: key of the ACL and whether that is certain.
type Choices = BTreeMap<Arc<str>, Vec<(Arc<str>, bool)>>;

const ACLS: &[&str] = &["aws_network_acl", "aws_default_network_acl"];

pub(super) fn convert(builder: &mut Builder<'_, '_>, world: &mut World) {
    let choices = associations(builder, world);
    let defaults = defaults(builder);
    let keys: Vec<Arc<str>> = world.subnets.keys().cloned().collect();
    for key in keys {
        let Some(subnet) = world.subnets.get(&key) else { continue };
        let (root, vpc, managed) = (subnet.root, subnet.vpc.clone(), subnet.managed);
        let chosen = choices.get(&key).cloned().unwrap_or_default();
        let mut acls: Vec<(FilterId, bool)> = Vec::new();
        for (acl, certain) in &chosen {
            let filter = builder.filter(root, acl, "network ACL");
            acls.push((filter.unwrap_or_else(|| builder.unknown_filter(acl, "network ACL")), *certain));
        }
        if !chosen.iter().any(|(_, certain)| *certain) {
            let certain = chosen.is_empty();
            let filter = match (defaults.get(&vpc), managed) {
                (Some(acl), _) => builder.filter(root, acl, "network ACL"),
                (None, true) => Some(implied_default(builder, &vpc)),
                (None, false) => None,
            };
            let name: Arc<str> = format!("network ACL of {key}").into();
            acls.push((filter.unwrap_or_else(|| builder.unknown_filter(&name, "network ACL")), certain));
        }
        connect(builder, world, &key, acls);
    }
}

/// Puts the ACLs into a subnet's ways in and out.
fn connect(builder: &mut Builder<'_, '_>, world: &mut World, key: &Arc<str>, acls: Vec<(FilterId, bool)>) {
    let Some(subnet) = world.subnets.get_mut(key) else { return };
    subnet.acls = acls;
    let (inside, routes, home, way_out) = (subnet.inside, subnet.routes, subnet.home, subnet.way_out);
    let step = guard(builder, subnet, Direction::Ingress, inside);
    builder.topology.set_step(home, step);
    let step = guard(builder, subnet, Direction::Egress, routes);
    builder.topology.set_step(way_out, step);
}

/// The step that lets through what a subnet's ACL does, on to `next`.
pub(super) fn guard(builder: &mut Builder<'_, '_>, subnet: &super::Subnet, direction: Direction, next: NodeId) -> Step {
    let device: Arc<str> = subnet.label.resource.clone();
    let step = |filter: FilterId| Step::Filter {
        filters: vec![filter],
        direction,
        memory: Memory::Nothing,
        device: device.clone(),
        of: None,
        next,
    };
    if let [(only, true)] = subnet.acls.as_slice() {
        return step(*only);
    }
    let label = Label { role: "network ACL", ..subnet.label.clone() };
    let reasons: Arc<[Reason]> =
        [Reason::Error(format!("which network ACL {} has is not known", subnet.label.resource).into())].into();
    let nodes = subnet
        .acls
        .iter()
        .map(|(filter, _)| builder.topology.add_doubtful_node(label.clone(), step(*filter), reasons.clone()));
    Step::AnyOf(nodes.collect())
}

/// A node that lets through what a subnet's ACL does.
pub(super) fn guard_node(
    builder: &mut Builder<'_, '_>,
    subnet: &super::Subnet,
    direction: Direction,
    next: NodeId,
) -> NodeId {
    let step = guard(builder, subnet, direction, next);
    builder.topology.add_node(Label { role: "network ACL", ..subnet.label.clone() }, step)
}

fn associations(builder: &Builder<'_, '_>, world: &World) -> Choices {
    let mut choices = Choices::new();
    for item in builder.items(ACLS) {
        let exists = item.instance.extent == crate::terraform::Extent::Certain;
        let acl = builder.key(item);
        let subnets = builder.refers(item, "subnet_ids", subnet::NAMES);
        for (subnet, certain) in subnets.all() {
            choices.entry(subnet.clone()).or_default().push((acl.clone(), certain && exists));
        }
        if !subnets.open.is_empty() {
            // Any subnet of the VPC may be among those not known.
            let vpc = builder.refers(item, "vpc_id", super::vpc::NAMES);
            for (key, _) in world.subnets.iter().filter(|(_, subnet)| vpc.all().any(|(vpc, _)| *vpc == subnet.vpc)) {
                choices.entry(key.clone()).or_default().push((acl.clone(), false));
            }
        }
    }
    for item in builder.items(&["aws_network_acl_association"]) {
        let exists = item.instance.extent == crate::terraform::Extent::Certain;
        let acls = builder.refers(item, "network_acl_id", ACLS);
        for (subnet, certain) in builder.refers(item, "subnet_id", subnet::NAMES).all() {
            for (acl, known) in acls.all() {
                choices.entry(subnet.clone()).or_default().push((acl.clone(), exists && certain && known));
            }
        }
    }
    choices
}

/// The managed default ACLs, by VPC.
fn defaults(builder: &Builder<'_, '_>) -> BTreeMap<Arc<str>, Arc<str>> {
    let mut defaults = BTreeMap::new();
    for item in builder.items(&["aws_default_network_acl"]) {
        let value = super::super::super::reading::field(&item.instance.values, "default_network_acl_id");
        if let Some(symbol) = value.and_then(crate::value::Value::symbol) {
            defaults.insert(builder.key_of(item.root, &symbol.address), builder.key(item));
        }
    }
    defaults
}

/// The default ACL that AWS makes: it allows everything.
fn implied_default(builder: &mut Builder<'_, '_>, vpc: &Arc<str>) -> FilterId {
    let key: Arc<str> = format!("default network ACL of {vpc} (not declared)").into();
    if let Some(known) = builder.kept_filter(&key) {
        return known;
    }
    let label = Label::implied(&key, "network ACL");
    let rules = [Direction::Ingress, Direction::Egress].map(|direction| implied_rule(&label, direction, anybody()));
    builder.keep_filter(key, PacketFilter::new(label, FilterKind::AllowList, rules.into()))
}
