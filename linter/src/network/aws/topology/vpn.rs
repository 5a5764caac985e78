//! Virtual private gateways with their VPN connections and Direct Connect: the way to networks outside.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::super::address::AddressSet;
use super::super::super::bounds::Bounds;
use super::super::super::build::{Builder, Item, Range, unmanaged_domain};
use super::super::super::model::table::Route;
use super::super::super::model::{
    Face, FaceKind, Label, Multiplicity, NodeId, Region, Serves, Site, SiteId, Step, Version,
};
use super::super::super::reading::{Scalar, field, truth};
use super::route_table::{Announced, Contents, NAMES, TYPES};
use super::{Target, World, vpc};
use crate::value::Reason;

/// Preference of routes that a gateway announces.
const ANNOUNCED: u8 = 2;

/// What is behind a connection.
pub(super) struct Behind {
    /// Its ranges.
    pub(super) ranges: Vec<Range>,
    /// Whether they are all there is.
    pub(super) known: bool,
}

pub(super) fn convert(builder: &mut Builder<'_, '_>, world: &mut World) {
    let mut connections: BTreeMap<Arc<str>, Vec<SiteId>> = BTreeMap::new();
    for (gateway, vpc) in attachments(builder) {
        let Some(local) = world.vpcs.get(&vpc).map(|vpc| vpc.local) else { continue };
        let own = builder.item(&gateway);
        let label =
            own.map_or_else(|| Label::declared(&gateway, "VPN gateway", None), |own| builder.label(own, "VPN gateway"));
        let gate = builder.topology.add_node(Label { role: "", ..label.clone() }, Step::AnyOf(vec![local]));
        let inward = builder.topology.add_node(label.saying("comes in from outside"), Step::AnyOf(vec![gate]));
        let sites = connections.entry(gateway.clone()).or_default();
        sites.extend(connected(builder, &gateway, inward));
        let node = builder.topology.add_node(label.saying("leads outside"), Step::Outside(sites.clone()));
        world.targets.insert(gateway.clone(), Target { node, vpc: Some(vpc.clone()) });
        world.targets.insert(format!("{gateway}#gate").into(), Target { node: gate, vpc: Some(vpc) });
    }
}

/// Which gateway is at which VPC.
fn attachments(builder: &Builder<'_, '_>) -> Vec<(Arc<str>, Arc<str>)> {
    let mut found = Vec::new();
    for item in builder.items(&["aws_vpn_gateway", "data.aws_vpn_gateway"]) {
        let vpcs = builder.refers(item, "vpc_id", vpc::NAMES);
        found.extend(vpcs.all().map(|(vpc, _)| (builder.key(item), vpc.clone())));
    }
    for item in builder.items(&["aws_vpn_gateway_attachment"]) {
        for (gateway, _) in builder.refers(item, "vpn_gateway_id", &["aws_vpn_gateway"]).all() {
            let vpcs = builder.refers(item, "vpc_id", vpc::NAMES);
            found.extend(vpcs.all().map(|(vpc, _)| (gateway.clone(), vpc.clone())));
        }
    }
    found
}

/// The networks outside that a gateway leads to.
fn connected(builder: &mut Builder<'_, '_>, gateway: &Arc<str>, inward: NodeId) -> Vec<SiteId> {
    let mut sites = Vec::new();
    for item in builder.items(&["aws_vpn_connection"]) {
        if builder.refers(item, "vpn_gateway_id", &["aws_vpn_gateway"]).certain.contains(gateway) {
            let behind = behind_connection(builder, item);
            let label = builder.label(item, "VPN connection").saying("the network behind it");
            sites.push(outside(builder, &label, &behind, inward));
        }
    }
    for item in builder.items(&["aws_dx_gateway_association"]) {
        let to = builder.refers(item, "associated_gateway_id", &["aws_vpn_gateway"]);
        if to.certain.contains(gateway) {
            let label = builder.label(item, "Direct Connect").saying("the network behind it");
            sites.push(outside(builder, &label, &Behind { ranges: Vec::new(), known: false }, inward));
        }
    }
    sites
}

/// The ranges behind a VPN connection: its static routes; with BGP nobody knows them.
pub(super) fn behind_connection(builder: &Builder<'_, '_>, item: Item<'_>) -> Behind {
    let key = builder.key(item);
    let mut ranges = Vec::new();
    for route in builder.items(&["aws_vpn_connection_route"]) {
        if builder.refers(route, "vpn_connection_id", &["aws_vpn_connection"]).certain.contains(&key) {
            let cidr = field(&route.instance.values, "destination_cidr_block");
            ranges.extend(cidr.map(|cidr| builder.range(route, cidr, Version::V4)));
        }
    }
    let known = truth(field(&item.instance.values, "static_routes_only")) == Scalar::Known(true);
    Behind { known: known && ranges.iter().all(|range| range.doubts.is_empty()), ranges }
}

/// A network outside, as a site.
pub(super) fn outside(builder: &mut Builder<'_, '_>, label: &Label, behind: &Behind, inward: NodeId) -> SiteId {
    let told = behind.ranges.iter().fold(AddressSet::empty(), |sum, range| sum.union(&range.region.addresses.may));
    let why = format!("the ranges behind {} are announced by the other side", label.resource);
    let face = match behind.known || !told.is_empty() {
        true => Face { addresses: told, exists: Bounds::YES, doubts: [].into(), entry: None },
        false => Face {
            addresses: unmanaged_domain(Version::V4),
            exists: Bounds::PERHAPS,
            doubts: [Reason::Error(why.into())].into(),
            entry: None,
        },
    };
    builder.topology.add_site(Site {
        label: label.clone(),
        multiplicity: Multiplicity::Many,
        faces: vec![(FaceKind::Private, face)],
        groups: Vec::new(),
        open_groups: None,
        ranges: Vec::new(),
        segment: None,
        network: None,
        start: inward,
        door: builder.arrival,
        home: builder.arrival,
        exists: Bounds::YES,
        doubts: [].into(),
        forwards: Vec::new(),
        serves: Some(Serves::Outside),
    })
}

/// Puts the routes that gateways announce into the tables that take them.
pub(super) fn announce(builder: &mut Builder<'_, '_>, world: &mut World, contents: &mut Contents<'_>) {
    let mut propagations: Vec<(Arc<str>, Arc<str>)> = Vec::new();
    for item in builder.items(TYPES) {
        let gateways = builder.refers(item, "propagating_vgws", &["aws_vpn_gateway"]);
        propagations.extend(gateways.all().map(|(gateway, _)| (builder.key(item), gateway.clone())));
    }
    for item in builder.items(&["aws_vpn_gateway_route_propagation"]) {
        let tables = builder.refers(item, "route_table_id", NAMES);
        for (gateway, _) in builder.refers(item, "vpn_gateway_id", &["aws_vpn_gateway"]).all() {
            propagations.extend(tables.all().map(|(table, _)| (table.clone(), gateway.clone())));
        }
    }
    for (table, gateway) in propagations {
        let Some(target) = world.targets.get(&gateway).cloned() else { continue };
        let Some(vpc) = target.vpc.clone() else { continue };
        for route in announced(builder, world, &gateway, &vpc, target.node) {
            contents.announced.entry(table.clone()).or_default().push(Announced { route, vpc: Some(vpc.clone()) });
        }
    }
}

fn announced(builder: &Builder<'_, '_>, world: &World, gateway: &Arc<str>, vpc: &Arc<str>, node: NodeId) -> Vec<Route> {
    let own = world.vpc_region(vpc).addresses.must;
    let mut routes = Vec::new();
    let mut known = true;
    for item in builder.items(&["aws_vpn_connection"]) {
        if !builder.refers(item, "vpn_gateway_id", &["aws_vpn_gateway"]).certain.contains(gateway) {
            continue;
        }
        let behind = behind_connection(builder, item);
        known &= behind.known;
        let label = builder.label(item, "propagated route");
        routes.extend(behind.ranges.iter().map(|range| announced_route(&label, range, &own, node)));
    }
    let direct = builder
        .items(&["aws_dx_gateway_association"])
        .into_iter()
        .any(|item| builder.refers(item, "associated_gateway_id", &["aws_vpn_gateway"]).certain.contains(gateway));
    if !known || direct {
        let label = Label::declared(gateway, "propagated route", None);
        let why = Reason::Error(format!("what the other side announces to {gateway} is not known").into());
        let range = Builder::unknown_range(Version::V4, [why].into());
        let region = Region::within(unmanaged_domain(Version::V4));
        let route = announced_route(&label, &Range { region, ..range }, &own, node);
        routes.push(Route { exists: Bounds::PERHAPS, ..route });
    }
    routes
}

/// A route that is announced never takes what is the VPC's own.
pub(super) fn announced_route(label: &Label, range: &Range, own: &AddressSet, target: NodeId) -> Route {
    let addresses = &range.region.addresses;
    let addresses = Bounds { must: addresses.must.subtract(own), may: addresses.may.subtract(own) };
    Route {
        label: label.saying(format!("{} to {}", range.text, label.resource)),
        destination: Region { addresses, ranges: range.region.ranges.clone() },
        length: range.length,
        preference: ANNOUNCED,
        target,
        exists: Bounds::YES,
        doubts: range.doubts.clone(),
    }
}
