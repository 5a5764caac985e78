//! Routes: where a resource says that packets go.

use std::sync::Arc;

use super::super::super::bounds::Bounds;
use super::super::super::build::{Assumption, Builder, Item, Range};
use super::super::super::filter::Direction;
use super::super::super::model::table::Route;
use super::super::super::model::{Label, Node, NodeId, Region, SiteId, Step, Version};
use super::super::super::reading::{Entry, Scalar, field, truth};
use super::network_acl::guard_node;
use super::{World, doubts};
use crate::value::{Reason, Value};

/// The table that routes are put into.
#[derive(Clone, Copy)]
pub(super) struct Place<'p> {
    /// The VPC of the table.
    pub(super) vpc: &'p Arc<str>,
    /// The zone of the subnets that use it.
    pub(super) zone: Option<&'p Arc<str>>,
}

/// Preference of routes that somebody wrote.
const STATIC: u8 = 0;

/// Attributes that say where a route leads, and the types they refer to.
const TARGETS: &[(&str, &[&str])] = &[
    ("gateway_id", &["aws_internet_gateway", "aws_vpn_gateway"]),
    ("nat_gateway_id", &["aws_nat_gateway"]),
    ("network_interface_id", &["aws_network_interface"]),
    ("instance_id", &["aws_instance"]),
    ("transit_gateway_id", &["aws_ec2_transit_gateway"]),
    ("vpc_peering_connection_id", &["aws_vpc_peering_connection"]),
    ("vpc_endpoint_id", &["aws_vpc_endpoint"]),
    ("egress_only_gateway_id", &["aws_egress_only_internet_gateway"]),
    ("carrier_gateway_id", &["aws_ec2_carrier_gateway"]),
    ("local_gateway_id", &["aws_ec2_local_gateway"]),
    ("core_network_arn", &["aws_networkmanager_core_network"]),
];

/// Reads one route; `block` if it is part of a table's resource.
pub(super) fn read(
    builder: &mut Builder<'_, '_>,
    world: &mut World,
    item: Item<'_>,
    entry: &Entry<'_>,
    place: Place<'_>,
) -> Vec<Route> {
    let values = entry.value;
    let ranges = destinations(builder, item, values);
    let origin = values.origin.clone().filter(|_| values.identity().is_none());
    let label = builder.label(item, "route");
    let label = Label { origin: origin.or(label.origin.clone()), ..label };
    let (exists, reasons) = builder.existence(item);
    let exists = Bounds { must: exists.must && entry.exists.must, may: exists.may && entry.exists.may };
    let named = TARGETS.iter().find_map(|(name, types)| {
        field(values, name).filter(|value| value.as_str() != Some("")).map(|value| (value, *types))
    });
    let mut routes = Vec::new();
    for range in ranges {
        let Some((value, types)) = named else { continue };
        if value.as_str() == Some("local") {
            continue;
        }
        for (target, certain, shown, why) in targets(builder, world, item, value, types, place, &label) {
            let doubts: Arc<[Reason]> = reasons.iter().chain(range.doubts.iter()).chain(why.iter()).cloned().collect();
            routes.push(Route {
                label: label.saying(format!("{} to {shown}", range.text)),
                destination: range.region.clone(),
                length: range.length,
                preference: STATIC,
                target,
                exists: Bounds { must: exists.must && certain, may: exists.may },
                doubts,
            });
        }
    }
    routes
}

/// The ranges that a route is for.
fn destinations(builder: &Builder<'_, '_>, item: Item<'_>, values: &Value) -> Vec<Range> {
    let mut ranges = Vec::new();
    let text = |value: &&Value| value.as_str() != Some("");
    for (names, version) in [
        (["cidr_block", "destination_cidr_block"], Version::V4),
        (["ipv6_cidr_block", "destination_ipv6_cidr_block"], Version::V6),
    ] {
        let values = names.iter().filter_map(|name| field(values, name)).filter(text);
        ranges.extend(values.map(|value| builder.range(item, value, version)));
    }
    for name in ["destination_prefix_list_id", "prefix_list_id"] {
        let Some(list) = field(values, name).filter(text) else { continue };
        ranges.extend(super::prefix_list::ranges(builder, item, list));
    }
    ranges
}

/// A node that a route leads to, whether that is certain, its name, and why it is not.
type Found = (NodeId, bool, String, Vec<Reason>);

fn targets(
    builder: &mut Builder<'_, '_>,
    world: &mut World,
    item: Item<'_>,
    value: &Value,
    types: &[&str],
    place: Place<'_>,
    label: &Label,
) -> Vec<Found> {
    let references = builder.references(item, Some(value), types);
    let mut found = Vec::new();
    for (key, certain) in references.all() {
        let node = target(builder, world, key, place, label);
        let why = if certain { Vec::new() } else { doubts(&references, "where a route leads").to_vec() };
        found.push((node, certain, key.to_string(), why));
    }
    if let Some((node, key)) = firewall_endpoint(builder, world, item, &references.open) {
        found.push((node, true, key.to_string(), Vec::new()));
    } else if !references.open.is_empty() {
        let node =
            builder.anywhere(label.saying("leads to a target that is not known"), references.open.clone().into());
        found.push((node, false, "a target that is not known".to_owned(), references.open.clone()));
    }
    found
}

/// The firewall whose endpoint a value is: endpoints are known only once the firewall is there.
fn firewall_endpoint(
    builder: &Builder<'_, '_>,
    world: &World,
    item: Item<'_>,
    reasons: &[Reason],
) -> Option<(NodeId, Arc<str>)> {
    reasons.iter().find_map(|reason| match reason {
        Reason::Computed(address, attribute) | Reason::NotInPlan(address, attribute)
            if attribute.starts_with("firewall_status") =>
        {
            let key = builder.key_of(item.root, address);
            world.targets.get(&key).map(|target| (target.node, key))
        }
        _ => None,
    })
}

/// The node for a target, as seen from a table of a VPC.
fn target(builder: &mut Builder<'_, '_>, world: &mut World, key: &Arc<str>, place: Place<'_>, label: &Label) -> NodeId {
    let zone = place.zone.map_or("", |zone| zone);
    let key = &key.split_once(".firewall_status").map_or_else(|| key.clone(), |(firewall, _)| Arc::from(firewall));
    let names = [
        format!("{key}#{}#{zone}", place.vpc),
        format!("{key}#{}#", place.vpc),
        format!("{key}#{}", place.vpc),
        key.to_string(),
    ];
    if let Some(target) = names.iter().find_map(|name| world.targets.get(name.as_str())) {
        let fits = target.vpc.as_ref().is_none_or(|vpc| vpc == place.vpc);
        return match fits {
            true => target.node,
            false => builder.stop(label.clone(), &format!("{key} is not attached to {}", place.vpc)),
        };
    }
    if let Some(sites) = world.interfaces.get(key).cloned() {
        return appliance(builder, world, key, &sites);
    }
    let is_here = builder.item(key).is_some();
    let kind = key.split(['.', ':']).find(|part| part.starts_with("aws_")).unwrap_or("").to_owned();
    if is_here
        && matches!(
            &*kind,
            "aws_internet_gateway"
                | "aws_vpn_gateway"
                | "aws_egress_only_internet_gateway"
                | "aws_ec2_transit_gateway"
                | "aws_vpc_peering_connection"
        )
    {
        return builder.stop(label.clone(), &format!("{key} is not attached to {}", place.vpc));
    }
    let why = format!("where {key} leads is not known: it is not in this configuration");
    let why: Arc<[Reason]> = [Reason::Error(why.into())].into();
    let node = builder.anywhere(label.saying("leads to what is not in this configuration"), why);
    let named = Label::declared(key, "gateway", None);
    if let Some(node) = builder.topology.nodes.get_mut(node.0 as usize) {
        node.label = named.saying("is not in this configuration");
    }
    node
}

/// A host that routes lead to: it passes packets on if it does not check their addresses, and as nobody here knows.
fn appliance(builder: &mut Builder<'_, '_>, world: &mut World, key: &Arc<str>, sites: &[SiteId]) -> NodeId {
    let mut ways = Vec::new();
    for id in sites {
        let Some(site) = builder.topology.site(*id).cloned() else { continue };
        let label = Label { role: "appliance", ..site.label.clone() };
        let forwards = forwarding(builder, key);
        let step = Step::AnyOf(vec![protected(builder, site.start, *id)]);
        let label = label.saying("passes packets on");
        let mut node = builder.topology.add(Node { label, step, exists: forwards.0, doubts: forwards.1 });
        node = match builder.topology.node(site.door).map(|door| door.step.clone()) {
            Some(Step::Filter { filters, direction, memory, device, .. }) => {
                let step = Step::Filter { filters, direction, memory, device, of: Some(*id), next: node };
                let label = builder.topology.node(site.door).map_or(site.label.clone(), |door| door.label.clone());
                builder.topology.add_node(label, step)
            }
            Some(_) | None => node,
        };
        if let Some(subnet) = site.segment.as_ref().and_then(|key| world.subnets.get(key)) {
            node = guard_node(builder, subnet, Direction::Ingress, node);
        }
        ways.push(node);
    }
    match ways.as_slice() {
        [only] => *only,
        _ => builder.topology.add_node(Label::declared(key, "", None), Step::AnyOf(ways)),
    }
}

/// The way out of an appliance: its own groups look at what it passes on.
fn protected(builder: &mut Builder<'_, '_>, start: NodeId, of: SiteId) -> NodeId {
    let Some(node) = builder.topology.node(start).cloned() else { return start };
    match node.step {
        Step::Filter { filters, direction, memory, device, next, .. } => {
            let step = Step::Filter { filters, direction, memory, device, of: Some(of), next };
            builder.topology.add_node(node.label, step)
        }
        _ => start,
    }
}

/// Whether a host passes on what is not for it.
fn forwarding(builder: &Builder<'_, '_>, key: &Arc<str>) -> (Bounds<bool>, Arc<[Reason]>) {
    let none: Arc<[Reason]> = [].into();
    match builder.assumption(key) {
        Assumption::AllowAll => return (Bounds::YES, none),
        Assumption::DenyAll => return (Bounds::NO, none),
        Assumption::Configured => {}
    }
    let checks = builder.item(key).map(|item| truth(field(&item.instance.values, "source_dest_check")));
    match checks {
        Some(Scalar::Known(false)) | None => {
            let why = format!("what {key} passes on is decided on the host itself");
            (Bounds::PERHAPS, [Reason::Error(why.into())].into())
        }
        Some(Scalar::Unknown(reasons)) => (Bounds::PERHAPS, reasons),
        // It drops what is neither from nor for its own address.
        Some(Scalar::Known(true) | Scalar::Absent) => (Bounds::NO, none),
    }
}

/// The routes to a VPC itself, which every table has.
pub(super) fn local(world: &World, vpc: &Arc<str>) -> Vec<Route> {
    let Some(own) = world.vpcs.get(vpc) else { return Vec::new() };
    let label = Label::implied(&format!("local route of {vpc}"), "route");
    own.four
        .iter()
        .chain(&own.six)
        .map(|range| Route {
            label: label.saying(format!("{} to local", range.text)),
            destination: range.region.clone(),
            length: range.length,
            preference: STATIC,
            target: own.local,
            exists: Bounds::YES,
            doubts: range.doubts.clone(),
        })
        .collect()
}

/// Routes of which nothing is known: of a table that is not managed here.
pub(super) fn unknown(builder: &mut Builder<'_, '_>, label: &Label, reasons: &Arc<[Reason]>) -> Vec<Route> {
    let target = builder.anywhere(label.saying("may hold any route"), reasons.clone());
    let route = |version| {
        let range = Builder::unknown_range(version, reasons.clone());
        Route {
            label: label.saying("may hold any route"),
            destination: Region::clone(&range.region),
            length: range.length,
            preference: STATIC,
            target,
            exists: Bounds::PERHAPS,
            doubts: reasons.clone(),
        }
    };
    vec![route(Version::V4), route(Version::V6)]
}
