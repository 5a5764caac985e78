//! `aws_autoscaling_group`: hosts made from a template, in each of its subnets.

use super::super::super::build::{Builder, Item, References};
use super::super::super::reading::field;
use super::host::Interface;
use super::instance::{public, six, vpc_of};
use super::{World, launch_template, security_group, subnet};
use crate::value::Value;

pub(super) fn convert(builder: &mut Builder<'_, '_>, world: &mut World) {
    for item in builder.items(&["aws_autoscaling_group"]) {
        add(builder, world, item);
    }
}

fn add(builder: &mut Builder<'_, '_>, world: &mut World, item: Item<'_>) {
    let subnets = builder.refers(item, "vpc_zone_identifier", subnet::NAMES);
    let template = launch_template::of(builder, item);
    let block = launch_template::interface_block(template);
    let subnets = match (subnets.is_none(), block, template) {
        (true, Some(block), Some(template)) => builder.references(template, field(block, "subnet_id"), subnet::NAMES),
        _ => subnets,
    };
    let subnets = if subnets.is_none() { super::instance::default_subnet(builder, world, item) } else { subnets };
    let groups = groups(builder, world, item, template, block, &subnets);
    let mut interface = Interface::of(builder, item, "autoscaling group", groups);
    let of_template = |name: &str| {
        let own = template.and_then(|template| field(&template.instance.values, name));
        block.and_then(|block| field(block, name)).or(own)
    };
    interface.public = public(builder, world, of_template("associate_public_ip_address"), &subnets);
    interface.six = six(world, &subnets, None, of_template("ipv6_address_count"), None);
    interface.place(builder, world, &subnets);
}

fn groups(
    builder: &mut Builder<'_, '_>,
    world: &World,
    item: Item<'_>,
    template: Option<Item<'_>>,
    block: Option<&Value>,
    subnets: &References,
) -> security_group::Groups {
    let vpc = vpc_of(world, subnets);
    let Some(template) = template else {
        return security_group::Groups::unknown(builder, item);
    };
    let values = &template.instance.values;
    let lists = [
        field(values, "vpc_security_group_ids"),
        field(values, "security_groups"),
        field(values, "security_group_names"),
        block.and_then(|block| field(block, "security_groups")),
    ];
    security_group::groups(builder, template, &lists, &vpc)
}
