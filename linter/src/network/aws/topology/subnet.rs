//! `aws_subnet` and its default and looked-up kin: where hosts are, and the ways in and out.

use std::sync::Arc;

use super::super::super::build::{Builder, Item, Range};
use super::super::super::model::{Label, Region, Step, Version};
use super::super::super::reading::{Scalar, field, truth};
use super::{Subnet, World, doubts, vpc};
use crate::terraform::Mode;
use crate::value::{Reason, Symbol, Value};

/// Types that are a subnet.
pub(super) const TYPES: &[&str] = &["aws_subnet", "aws_default_subnet", "data.aws_subnet"];
/// The same as types of instances.
pub(super) const NAMES: &[&str] = &["aws_subnet", "aws_default_subnet"];

pub(super) fn convert(builder: &mut Builder<'_, '_>, world: &mut World) {
    for item in builder.items(TYPES) {
        let key = builder.key(item);
        let subnet = subnet(builder, world, item, &key);
        world.subnets.insert(key, subnet);
    }
}

fn subnet(builder: &mut Builder<'_, '_>, world: &World, item: Item<'_>, key: &Arc<str>) -> Subnet {
    let values = &item.instance.values;
    let label = builder.label(item, "subnet");
    let vpc = builder.refers(item, "vpc_id", vpc::NAMES);
    let managed = item.instance.mode == Mode::Managed && vpc.only().is_some();
    let vpc_key = match vpc.only() {
        Some(key) => key.clone(),
        // A VPC of its own that nobody knows: subnets of one unknown reference share it.
        None => match field(values, "vpc_id").and_then(Value::symbol) {
            Some(symbol) => format!("{}.{}", symbol.address, symbol.attribute).into(),
            None => format!("{key}.vpc_id").into(),
        },
    };
    let quiet = Label { role: "", ..label.clone() };
    let routes = builder.topology.reserve_node(Label { role: "route table", ..label.clone() });
    let inside = builder.node_of(item, quiet.clone(), Step::Segment { key: key.clone(), otherwise: None });
    let way_out = builder.topology.reserve_node(quiet.clone());
    let home = builder.topology.reserve_node(quiet.clone());
    let entry = builder.node_of(item, quiet, Step::Segment { key: key.clone(), otherwise: Some(way_out) });
    if !managed {
        let why = doubts(&vpc, &format!("what surrounds {key}"));
        let unknown = builder.anywhere(label.saying("is not managed in this configuration"), why);
        builder.topology.set_step(routes, Step::AnyOf(vec![unknown]));
    }
    Subnet {
        vpc: vpc_key.clone(),
        root: item.root,
        four: range_of(builder, world, item, key, &vpc_key, Version::V4),
        six: six(builder, world, item, key, &vpc_key),
        zone: zone(values),
        entry,
        home,
        inside,
        routes,
        way_out,
        acls: Vec::new(),
        managed,
        gives_six: truth(field(values, "assign_ipv6_address_on_creation")) == Scalar::Known(true)
            || truth(field(values, "ipv6_native")) == Scalar::Known(true),
        label,
    }
}

fn six(builder: &Builder<'_, '_>, world: &World, item: Item<'_>, key: &Arc<str>, vpc: &Arc<str>) -> Option<Range> {
    let value = field(&item.instance.values, "ipv6_cidr_block")?;
    let is_set = value.as_str().is_none_or(|text| !text.is_empty()) && !is_computed(value, item);
    is_set.then(|| range_of(builder, world, item, key, vpc, Version::V6))
}

/// Whether a value is only there because a plan shows what nobody wrote.
fn is_computed(value: &Value, item: Item<'_>) -> bool {
    value.as_unknown().is_some_and(|unknown| {
        unknown.reasons.iter().all(|reason| match reason {
            Reason::Computed(address, _) | Reason::NotInPlan(address, _) => *address == item.instance.address,
            _ => false,
        })
    })
}

/// The range of a subnet: known by its name, and somewhere in its VPC, even where its numbers are not known.
fn range_of(
    builder: &Builder<'_, '_>,
    world: &World,
    item: Item<'_>,
    key: &Arc<str>,
    vpc: &Arc<str>,
    version: Version,
) -> Range {
    let name = match version {
        Version::V4 => "cidr_block",
        Version::V6 => "ipv6_cidr_block",
    };
    let read = field(&item.instance.values, name).map(|value| builder.range(item, value, version));
    let range = match read {
        Some(range) if range.region.is_known() => range,
        other => {
            let of_vpc = world.vpcs.get(vpc).map(|vpc| match version {
                Version::V4 => &vpc.four,
                Version::V6 => &vpc.six,
            });
            let domain = of_vpc.into_iter().flatten().map(|range| range.region.addresses.may.clone());
            let domain = domain.reduce(|sum, set| sum.union(&set));
            let domain = domain.unwrap_or_else(|| super::super::super::build::unmanaged_domain(version));
            let computed = || [Reason::Computed(item.instance.address.clone(), name.into())].into();
            let doubts = other.map(|range| range.doubts).filter(|doubts| !doubts.is_empty());
            let length = if version == Version::V4 { (16, 28) } else { (44, 64) };
            let text = format!("{key}.{name}").into();
            Range { region: Region::within(domain), length, text, doubts: doubts.unwrap_or_else(computed) }
        }
    };
    Range { region: range.region.named(key, version), ..range }
}

/// The availability zone: its name, or the attribute it will come from.
fn zone(values: &Value) -> Option<Arc<str>> {
    let value = field(values, "availability_zone").or_else(|| field(values, "availability_zone_id"))?;
    let symbol = |symbol: &Symbol| format!("{}.{}", symbol.address, symbol.attribute);
    value.as_str().map(str::to_owned).or_else(|| value.symbol().map(symbol)).map(Arc::from)
}
