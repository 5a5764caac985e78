//! `aws_vpc` and its default and looked-up kin, with all their ranges.

use std::sync::Arc;

use super::super::super::build::{Builder, Item, Range, unmanaged_domain};
use super::super::super::model::{Label, Region, Step, Version};
use super::super::super::reading::{Scalar, field, truth};
use super::{Vpc, World};
use crate::value::{Reason, Value};

/// Types that are a VPC.
pub(super) const TYPES: &[&str] = &["aws_vpc", "aws_default_vpc", "data.aws_vpc"];
/// The same as types of instances.
pub(super) const NAMES: &[&str] = &["aws_vpc", "aws_default_vpc"];

pub(super) fn convert(builder: &mut Builder<'_, '_>, world: &mut World) {
    for item in builder.items(TYPES) {
        let key = builder.key(item);
        let label = builder.label(item, "VPC");
        let vpc = vpc(builder, item, &key, label);
        world.vpcs.insert(key, vpc);
    }
    for item in builder.items(&["aws_vpc_ipv4_cidr_block_association", "aws_vpc_ipv6_cidr_block_association"]) {
        let four = item.instance.resource_type.contains("ipv4");
        let (name, version) = if four { ("cidr_block", Version::V4) } else { ("ipv6_cidr_block", Version::V6) };
        for (key, _) in builder.refers(item, "vpc_id", NAMES).all() {
            let range = range_of(builder, item, key, field(&item.instance.values, name), name, version);
            if let Some(vpc) = world.vpcs.get_mut(key) {
                if four { vpc.four.push(range) } else { vpc.six.push(range) }
            }
        }
    }
}

fn vpc(builder: &mut Builder<'_, '_>, item: Item<'_>, key: &Arc<str>, label: Label) -> Vpc {
    let values = &item.instance.values;
    let four = range_of(builder, item, key, field(values, "cidr_block"), "cidr_block", Version::V4);
    let asks_six = match truth(field(values, "assign_generated_ipv6_cidr_block")) {
        Scalar::Known(asked) => asked,
        Scalar::Absent => field(values, "ipv6_ipam_pool_id").is_some(),
        Scalar::Unknown(_) => true,
    };
    let six = field(values, "ipv6_cidr_block").filter(|value| value.as_str() != Some(""));
    let six = (asks_six || six.is_some_and(|value| value.as_str().is_some()))
        .then(|| range_of(builder, item, key, six, "ipv6_cidr_block", Version::V6));
    let local = builder.node_of(item, Label { role: "", ..label }, Step::Network(key.clone()));
    Vpc {
        four: vec![four],
        six: six.into_iter().collect(),
        local,
        way_in: None,
        main_table: format!("{key}.main_route_table_id").into(),
    }
}

/// A range of a VPC: known by the VPC's name even where its numbers are not.
fn range_of(
    builder: &Builder<'_, '_>,
    item: Item<'_>,
    vpc: &Arc<str>,
    value: Option<&Value>,
    name: &str,
    version: Version,
) -> Range {
    let read = value.map(|value| builder.range(item, value, version));
    let range = match read {
        Some(range) if range.region.is_known() => range,
        other => {
            // AWS gives IPv6 ranges out of the public space.
            let domain = match version {
                Version::V4 => unmanaged_domain(version),
                Version::V6 => super::super::super::address::AddressSet::of(&["2000::/3", "fc00::/7"]),
            };
            let (length, text) = match version {
                Version::V4 => ((16, 28), format!("{vpc}.{name}")),
                Version::V6 => ((44, 64), format!("{vpc}.{name}")),
            };
            let computed = || [Reason::Computed(item.instance.address.clone(), name.into())].into();
            let doubts = other.map(|range| range.doubts).filter(|doubts| !doubts.is_empty());
            Range { region: Region::within(domain), length, text: text.into(), doubts: doubts.unwrap_or_else(computed) }
        }
    };
    Range { region: range.region.named(vpc, version), ..range }
}
