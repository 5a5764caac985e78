//! Route tables with their associations: explicit, main, and those of gateways.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::super::build::{Builder, Item};
use super::super::super::model::table::{Route, RouteTable};
use super::super::super::model::{Label, NodeId, Step, TableId};
use super::super::super::reading::{Entry, entries, field};
use super::route::{self, Place};
use super::{World, subnet, vpc};
use crate::terraform::{Extent, Mode};
use crate::value::{Reason, Symbol, Value};

/// Types that are a route table.
pub(super) const TYPES: &[&str] = &["aws_route_table", "aws_default_route_table", "data.aws_route_table"];
/// The same as types of instances.
pub(super) const NAMES: &[&str] = &["aws_route_table", "aws_default_route_table"];

/// What is put into a table, by the table's key.
#[derive(Default)]
pub(super) struct Contents<'r> {
    /// `aws_route` and the like.
    pub(super) routes: BTreeMap<Arc<str>, Vec<(Item<'r>, bool)>>,
    /// Routes that gateways announce.
    pub(super) announced: BTreeMap<Arc<str>, Vec<Announced>>,
    /// Routes of which the table is not known.
    pub(super) open: Vec<Item<'r>>,
}

/// A route that something other than a route's resource makes.
#[derive(Clone, Debug)]
pub(super) struct Announced {
    pub(super) route: Route,
    /// For one VPC only.
    pub(super) vpc: Option<Arc<str>>,
}

pub(super) fn convert(builder: &mut Builder<'_, '_>, world: &mut World) {
    main_tables(builder, world);
    let mut contents = contents(builder, world);
    super::vpn::announce(builder, world, &mut contents);
    let choices = associations(builder, world);
    let keys: Vec<Arc<str>> = world.subnets.keys().cloned().collect();
    for key in keys {
        let Some(subnet) = world.subnets.get(&key).filter(|subnet| subnet.managed) else { continue };
        let (node, vpc, zone, label) = (subnet.routes, subnet.vpc.clone(), subnet.zone.clone(), subnet.label.clone());
        let mut chosen = choices.get(&key).cloned().unwrap_or_default();
        if !chosen.iter().any(|(_, certain)| *certain) {
            let main = world.vpcs.get(&vpc).map(|vpc| vpc.main_table.clone());
            let certain = chosen.is_empty();
            chosen.extend(main.map(|main| (main, certain)));
        }
        let place = (vpc, zone);
        let step = step(builder, world, &contents, &chosen, &place, &label);
        builder.topology.set_step(node, step);
    }
    edges(builder, world, &contents);
}

/// The step that looks up a table, or any of those it may be.
fn step(
    builder: &mut Builder<'_, '_>,
    world: &mut World,
    contents: &Contents<'_>,
    chosen: &[(Arc<str>, bool)],
    (vpc, zone): &(Arc<str>, Option<Arc<str>>),
    label: &Label,
) -> Step {
    let place = Place { vpc, zone: zone.as_ref() };
    if let [(only, true)] = chosen {
        return Step::Route(table(builder, world, contents, only, place));
    }
    let mut nodes: Vec<NodeId> = Vec::new();
    for (key, _) in chosen {
        let step = Step::Route(table(builder, world, contents, key, place));
        let why = format!("which route table {} has is not known", label.resource);
        let label = Label { role: "route table", ..label.clone() };
        nodes.push(builder.topology.add_doubtful_node(label, step, [Reason::Error(why.into())].into()));
    }
    Step::AnyOf(nodes)
}

/// The table with a key, as subnets of a VPC and zone see it.
fn table(
    builder: &mut Builder<'_, '_>,
    world: &mut World,
    contents: &Contents<'_>,
    key: &Arc<str>,
    place: Place<'_>,
) -> TableId {
    let cached = (key.clone(), place.zone.cloned());
    if let Some(known) = world.tables.get(&cached) {
        return *known;
    }
    let own = builder.item(key);
    let label = match own {
        Some(item) => builder.label(item, "route table"),
        None => Label::implied(&format!("main route table of {} (not declared)", place.vpc), "route table"),
    };
    let mut routes = route::local(world, place.vpc);
    if let Some(item) = own {
        for block in entries(field(&item.instance.values, "route")).entries {
            routes.extend(route::read(builder, world, item, &block, place));
        }
        if let Some(reasons) = unknown_routes(item) {
            routes.extend(route::unknown(builder, &label, &reasons));
        }
        if item.instance.mode == Mode::Data {
            routes.extend(route::unknown(builder, &label, &[Reason::DataSource(item.instance.address.clone())].into()));
        }
    }
    if own.is_none() && !key.ends_with(".main_route_table_id") {
        let why = Reason::Error(format!("{key} is not managed in this configuration").into());
        routes.extend(route::unknown(builder, &label, &[why].into()));
    }
    for (item, certain) in contents.routes.get(key).into_iter().flatten() {
        let exists = if *certain {
            super::super::super::bounds::Bounds::YES
        } else {
            super::super::super::bounds::Bounds::PERHAPS
        };
        let entry = Entry { value: &item.instance.values, exists };
        routes.extend(route::read(builder, world, *item, &entry, place));
    }
    for item in &contents.open {
        let exists = super::super::super::bounds::Bounds::PERHAPS;
        let read = route::read(builder, world, *item, &Entry { value: &item.instance.values, exists }, place);
        let why = Reason::Error(format!("the route table of {} is not known", builder.key(*item)).into());
        routes.extend(read.into_iter().map(|route| {
            let doubts = route.doubts.iter().cloned().chain([why.clone()]).collect();
            Route { doubts, ..route }
        }));
    }
    let announced = contents.announced.get(key).into_iter().flatten();
    let fitting = announced.filter(|one| one.vpc.as_ref().is_none_or(|vpc| vpc == place.vpc));
    routes.extend(fitting.map(|one| one.route.clone()));
    let id = builder.topology.add_table(RouteTable::new(label, routes));
    world.tables.insert(cached, id);
    id
}

/// Inline routes of which nothing is known, unless a plan merely shows that nobody wrote any.
fn unknown_routes(item: Item<'_>) -> Option<Arc<[Reason]>> {
    let value = field(&item.instance.values, "route")?;
    let own = |reason: &Reason| match reason {
        Reason::Computed(address, _) | Reason::NotInPlan(address, _) => *address == item.instance.address,
        _ => false,
    };
    let left_out = value.as_unknown().is_some_and(|unknown| unknown.reasons.iter().all(own));
    if left_out { None } else { entries(Some(value)).others }
}

/// Which table is the main one of each VPC.
fn main_tables(builder: &mut Builder<'_, '_>, world: &mut World) {
    for item in builder.items(&["aws_default_route_table"]) {
        let value = field(&item.instance.values, "default_route_table_id").and_then(Value::symbol);
        let Some(Symbol { address, .. }) = value else { continue };
        let vpc = builder.key_of(item.root, address);
        let key = builder.key(item);
        for part in ["default_route_table_id", "main_route_table_id"] {
            builder.alias(format!("{vpc}.{part}").into(), key.clone());
        }
        if let Some(vpc) = world.vpcs.get_mut(&vpc) {
            vpc.main_table = key;
        }
    }
    let vpcs: Vec<Arc<str>> = world.vpcs.keys().cloned().collect();
    for vpc in vpcs {
        let part: Arc<str> = format!("{vpc}.default_route_table_id").into();
        let main = world.vpcs.get(&vpc).map(|vpc| vpc.main_table.clone());
        if let Some(main) = main.filter(|main| main.ends_with(".main_route_table_id")) {
            builder.alias(part, main);
        }
    }
    for item in builder.items(&["aws_main_route_table_association"]) {
        let tables = builder.refers(item, "route_table_id", NAMES);
        for (vpc, _) in builder.refers(item, "vpc_id", vpc::NAMES).all() {
            if let (Some(vpc), Some(table)) = (world.vpcs.get_mut(vpc), tables.only()) {
                vpc.main_table = table.clone();
            }
        }
    }
}

fn contents<'r>(builder: &Builder<'_, 'r>, _: &World) -> Contents<'r> {
    let mut contents = Contents::default();
    for item in builder.items(&["aws_route"]) {
        let tables = builder.refers(item, "route_table_id", NAMES);
        for (table, certain) in tables.all() {
            contents.routes.entry(table.clone()).or_default().push((item, certain));
        }
        if !tables.open.is_empty() {
            contents.open.push(item);
        }
    }
    contents
}

/// The tables that subnets are explicitly associated with.
fn associations(builder: &Builder<'_, '_>, world: &World) -> BTreeMap<Arc<str>, Vec<(Arc<str>, bool)>> {
    let mut choices: BTreeMap<Arc<str>, Vec<(Arc<str>, bool)>> = BTreeMap::new();
    for item in builder.items(&["aws_route_table_association"]) {
        let exists = item.instance.extent == Extent::Certain;
        let tables = builder.refers(item, "route_table_id", NAMES);
        let subnets = builder.refers(item, "subnet_id", subnet::NAMES);
        for (subnet, certain) in subnets.all() {
            for (table, known) in tables.all() {
                choices.entry(subnet.clone()).or_default().push((table.clone(), exists && certain && known));
            }
            if !tables.open.is_empty() {
                let unknown: Arc<str> = format!("route table of {subnet}").into();
                choices.entry(subnet.clone()).or_default().push((unknown, false));
            }
        }
        if !subnets.open.is_empty() {
            // Any subnet in the table's VPC may be meant.
            for (table, _) in tables.all() {
                let vpc = builder.item(table).map(|item| builder.refers(item, "vpc_id", vpc::NAMES));
                let inside = world
                    .subnets
                    .iter()
                    .filter(|(_, subnet)| vpc.as_ref().is_some_and(|vpc| vpc.all().any(|(vpc, _)| *vpc == subnet.vpc)));
                for (key, _) in inside {
                    choices.entry(key.clone()).or_default().push((table.clone(), false));
                }
            }
        }
    }
    choices
}

/// Tables that gateways look up for what comes in.
fn edges(builder: &mut Builder<'_, '_>, world: &mut World, contents: &Contents<'_>) {
    for item in builder.items(&["aws_route_table_association"]) {
        let gateways = builder.refers(item, "gateway_id", &["aws_internet_gateway", "aws_vpn_gateway"]);
        let Some(table_key) = builder.refers(item, "route_table_id", NAMES).only().cloned() else { continue };
        for (gateway, certain) in gateways.all() {
            let gate = world.targets.get(format!("{gateway}#gate").as_str()).cloned();
            let Some((gate, vpc)) = gate.and_then(|gate| Some((gate.node, gate.vpc?))) else { continue };
            let label = builder.label(item, "route table");
            let place = (vpc, None);
            let step = step(builder, world, contents, &[(table_key.clone(), certain)], &place, &label);
            builder.topology.set_step(gate, step);
        }
    }
}
