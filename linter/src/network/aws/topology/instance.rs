//! `aws_instance` and `aws_network_interface`, with the addresses and groups that other resources give them.

use std::sync::Arc;

use super::super::super::address::AddressSet;
use super::super::super::bounds::Bounds;
use super::super::super::build::{Builder, Item, References};
use super::super::super::reading::{Family, Scalar, entries, field, peer, truth, whole};
use super::elastic_ip::Addresses;
use super::host::{Interface, Public, Six};
use super::{World, security_group, subnet};
use crate::value::{Reason, Value};

pub(super) fn convert(builder: &mut Builder<'_, '_>, world: &mut World) {
    let addresses = Addresses::of(builder);
    for item in builder.items(&["aws_network_interface", "data.aws_network_interface"]) {
        network_interface(builder, world, item, &addresses);
    }
    for item in builder.items(&["aws_instance", "aws_spot_instance_request", "data.aws_instance"]) {
        instance(builder, world, item, &addresses);
    }
}

fn network_interface(builder: &mut Builder<'_, '_>, world: &mut World, item: Item<'_>, addresses: &Addresses) {
    let values = &item.instance.values;
    let subnets = builder.refers(item, "subnet_id", subnet::NAMES);
    let vpc = vpc_of(world, &subnets);
    let mut groups = security_group::groups(builder, item, &[field(values, "security_groups")], &vpc);
    attached_groups(builder, &[builder.key(item)], &mut groups);
    let mut interface = Interface::of(builder, item, "network interface", groups);
    interface.private = known_addresses(&[field(values, "private_ips"), field(values, "private_ip")]);
    interface.six = six(world, &subnets, field(values, "ipv6_addresses"), field(values, "ipv6_address_count"), None);
    interface.public = addresses.of_host(&[builder.key(item)]).unwrap_or_else(Public::none);
    interface.place(builder, world, &subnets);
}

fn instance(builder: &mut Builder<'_, '_>, world: &mut World, item: Item<'_>, addresses: &Addresses) {
    let values = &item.instance.values;
    let key = builder.key(item);
    let own_interfaces = interfaces_of(builder, item);
    if !own_interfaces.is_empty() {
        // Its interfaces stand for it.
        let sites: Vec<_> =
            own_interfaces.iter().filter_map(|key| world.interfaces.get(key)).flatten().copied().collect();
        for site in &sites {
            builder.topology.also_called(&key, *site);
            rename(builder, *site, item);
        }
        world.interfaces.insert(key, sites);
        return;
    }
    let template = super::launch_template::of(builder, item);
    let from_template = |name: &str| template.and_then(|template| field(&template.instance.values, name));
    let block = super::launch_template::interface_block(template);
    let value = |name: &str| field(values, name).or_else(|| block.and_then(|block| field(block, name)));
    let subnets = builder.references(item, value("subnet_id"), subnet::NAMES);
    let subnets = if subnets.is_none() { default_subnet(builder, world, item) } else { subnets };
    let vpc = vpc_of(world, &subnets);
    let lists = [
        field(values, "vpc_security_group_ids"),
        field(values, "security_groups"),
        from_template("vpc_security_group_ids").filter(|_| field(values, "vpc_security_group_ids").is_none()),
        block
            .and_then(|block| field(block, "security_groups"))
            .filter(|_| field(values, "vpc_security_group_ids").is_none()),
    ];
    let mut groups = security_group::groups(builder, item, &lists, &vpc);
    let primary: Arc<str> = format!("{key}.primary_network_interface_id").into();
    attached_groups(builder, &[primary.clone(), key.clone()], &mut groups);
    let mut interface = Interface::of(builder, item, "instance", groups);
    interface.private = known_addresses(&[value("private_ip"), value("secondary_private_ips")]);
    interface.six = six(world, &subnets, value("ipv6_addresses"), value("ipv6_address_count"), None);
    let launched = public(builder, world, value("associate_public_ip_address"), &subnets);
    interface.public = addresses.of_host(&[key, primary]).unwrap_or(launched);
    interface.place(builder, world, &subnets);
}

/// The interfaces that an instance is given instead of one of its own.
fn interfaces_of(builder: &Builder<'_, '_>, item: Item<'_>) -> Vec<Arc<str>> {
    let mut keys = Vec::new();
    for name in ["network_interface", "primary_network_interface"] {
        for block in entries(field(&item.instance.values, name)).entries {
            let id = field(block.value, "network_interface_id");
            keys.extend(builder.references(item, id, &["aws_network_interface"]).certain);
        }
    }
    for other in builder.items(&["aws_network_interface_attachment"]) {
        if !keys.is_empty()
            && builder.refers(other, "instance_id", &["aws_instance"]).certain.contains(&builder.key(item))
        {
            keys.extend(builder.refers(other, "network_interface_id", &["aws_network_interface"]).certain);
        }
    }
    keys
}

/// What people know is the instance rather than its interface.
fn rename(builder: &mut Builder<'_, '_>, site: super::super::super::model::SiteId, item: Item<'_>) {
    let label = builder.label(item, "instance");
    if let Some(site) = builder.topology.site_mut(site) {
        let shown = format!("through {}", site.label.resource);
        site.label = label.saying(shown);
    }
}

/// Groups that `aws_network_interface_sg_attachment` adds.
fn attached_groups(builder: &mut Builder<'_, '_>, keys: &[Arc<str>], groups: &mut security_group::Groups) {
    for item in builder.items(&["aws_network_interface_sg_attachment"]) {
        let interface = builder.refers(item, "network_interface_id", &["aws_network_interface", "aws_instance"]);
        if keys.iter().any(|key| interface.certain.contains(key)) {
            security_group::attach(builder, item, field(&item.instance.values, "security_group_id"), groups);
        }
    }
}

/// The VPC of the first subnet that is known.
pub(super) fn vpc_of(world: &World, subnets: &References) -> Arc<str> {
    let vpc = subnets.all().find_map(|(key, _)| world.subnets.get(key).map(|subnet| subnet.vpc.clone()));
    vpc.unwrap_or_else(|| "a VPC that is not known".into())
}

/// Without a subnet AWS takes one of the default VPC.
pub(super) fn default_subnet(builder: &Builder<'_, '_>, world: &World, item: Item<'_>) -> References {
    let defaults = builder.items(&["aws_default_subnet"]);
    let certain: Vec<Arc<str>> =
        defaults.into_iter().filter(|it| it.root == item.root).map(|it| builder.key(it)).collect();
    let certain: Vec<Arc<str>> = certain.into_iter().filter(|key| world.subnets.contains_key(key)).collect();
    if !certain.is_empty() {
        return References { certain, ..References::default() };
    }
    let why = format!("{} names no subnet: it goes into the default VPC", item.instance.address);
    References { open: vec![Reason::Error(why.into())], ..References::default() }
}

/// Whether an interface gets a public address when it is made: as it says, else as its subnet says.
pub(super) fn public(builder: &Builder<'_, '_>, world: &World, asked: Option<&Value>, subnets: &References) -> Public {
    match truth(asked) {
        Scalar::Known(true) => return Public::some(None),
        Scalar::Known(false) => return Public::none(),
        Scalar::Unknown(reasons) if asked.is_some_and(|value| !computed_by_provider(value)) => {
            return Public::perhaps(reasons);
        }
        Scalar::Unknown(_) | Scalar::Absent => {}
    }
    let mut found = Public::none();
    for (key, _) in subnets.all() {
        let Some(item) = world.subnets.get(key).and_then(|_| builder.item(key)) else {
            let why: Arc<[Reason]> =
                [Reason::Error(format!("whether {key} gives public addresses is not known").into())].into();
            return Public::perhaps(why);
        };
        let is_default = &*item.instance.resource_type == "aws_default_subnet";
        let mapped = match truth(field(&item.instance.values, "map_public_ip_on_launch")) {
            Scalar::Known(mapped) => Public { exists: if mapped { Bounds::YES } else { Bounds::NO }, ..Public::none() },
            Scalar::Absent if is_default => Public::some(None),
            Scalar::Absent if item.instance.mode == crate::terraform::Mode::Data => {
                Public::perhaps([Reason::DataSource(item.instance.address.clone())].into())
            }
            Scalar::Absent => Public::none(),
            Scalar::Unknown(reasons) => Public::perhaps(reasons),
        };
        found = match (found.exists.may, mapped.exists.may) {
            (false, _) => mapped,
            (true, _) => found,
        };
    }
    found
}

/// A plan shows `associate_public_ip_address` that nobody wrote as known after apply.
fn computed_by_provider(value: &Value) -> bool {
    value.as_unknown().is_some_and(|unknown| {
        unknown.reasons.iter().all(|reason| matches!(reason, Reason::Computed(..) | Reason::NotInPlan(..)))
    })
}

/// Addresses that are written down.
pub(super) fn known_addresses(values: &[Option<&Value>]) -> Option<AddressSet> {
    let mut sum = AddressSet::empty();
    for value in values.iter().flatten() {
        let single = [*value];
        let items: Vec<&Value> = value.as_items().map_or_else(|| single.to_vec(), |items| items.iter().collect());
        for item in items {
            let read = peer(item, Family::Both).addresses;
            if read.must != read.may {
                return None;
            }
            sum = sum.union(&read.must);
        }
    }
    (!sum.is_empty()).then_some(sum)
}

/// Whether an interface has an IPv6 address: written, counted, or as its subnet gives.
pub(super) fn six(
    world: &World,
    subnets: &References,
    written: Option<&Value>,
    count: Option<&Value>,
    by_subnet: Option<&Value>,
) -> Six {
    if let Some(addresses) = known_addresses(&[written]) {
        return Six::Known(addresses);
    }
    match whole(count) {
        Scalar::Known(0) => return Six::None,
        Scalar::Known(_) => return Six::OfSubnet,
        Scalar::Unknown(reasons) if count.is_some_and(|value| !computed_by_provider(value)) => {
            return Six::Perhaps(reasons);
        }
        Scalar::Unknown(_) | Scalar::Absent => {}
    }
    if truth(by_subnet) == Scalar::Known(true) {
        return Six::OfSubnet;
    }
    let gives = subnets.all().any(|(key, _)| world.subnets.get(key).is_some_and(|subnet| subnet.gives_six));
    if gives { Six::OfSubnet } else { Six::None }
}
