//! Transit gateways: attachments, their tables with associations and propagations, and the networks behind them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::super::bounds::Bounds;
use super::super::super::build::{Builder, Item, Range, References, unmanaged_domain};
use super::super::super::filter::Direction;
use super::super::super::model::table::{Route, RouteTable};
use super::super::super::model::{Label, NodeId, Region, SiteId, Step, Version, Zone};
use super::super::super::reading::{Scalar, field, text, truth};
use super::network_acl::guard_node;
use super::vpn::{Behind, behind_connection, outside};
use super::{Target, World, subnet, vpc};
use crate::terraform::Mode;
use crate::value::Reason;

const GATEWAYS: &[&str] = &["aws_ec2_transit_gateway"];
const TABLES: &[&str] = &["aws_ec2_transit_gateway_route_table"];
const ATTACHMENTS: &[&str] = &[
    "aws_ec2_transit_gateway_vpc_attachment",
    "aws_vpn_connection",
    "aws_ec2_transit_gateway_peering_attachment",
    "aws_ec2_transit_gateway_dx_gateway_attachment",
    "aws_dx_gateway_association",
    "aws_ec2_transit_gateway_vpc_attachment_accepter",
    "aws_ec2_transit_gateway_peering_attachment_accepter",
];

/// Preferences of routes: what somebody wrote, then what VPCs, Direct Connect and VPNs announce.
const STATIC: u8 = 0;
const OF_VPC: u8 = 1;
const OF_DIRECT_CONNECT: u8 = 2;
const OF_VPN: u8 = 3;

/// Something attached to a gateway.
struct Attachment {
    key: Arc<str>,
    gateway: Arc<str>,
    label: Label,
    /// Where packets go that leave the gateway here.
    exit: NodeId,
    /// Where packets from here look for their way; its table's node.
    lookup: NodeId,
    /// What it announces.
    ranges: Vec<Range>,
    preference: u8,
    /// Whether it has a table and announces by default.
    by_default: (Scalar<bool>, Scalar<bool>),
    exists: Bounds<bool>,
    doubts: Arc<[Reason]>,
}

pub(super) fn convert(builder: &mut Builder<'_, '_>, world: &mut World) {
    let mut attachments = vpc_attachments(builder, world);
    attachments.extend(vpn_attachments(builder));
    attachments.extend(direct_connects(builder));
    let peerings = peerings(builder);
    attachments.extend(peerings);
    let tables = Tables::of(builder, &attachments);
    for attachment in &attachments {
        let step = tables.lookup(builder, &attachments, attachment);
        builder.topology.set_step(attachment.lookup, step);
    }
}

/// The key of a gateway's own table, which it has unless both defaults are off.
fn default_table(gateway: &str) -> Arc<str> {
    format!("{gateway}.association_default_route_table_id").into()
}

fn gateway_of(builder: &Builder<'_, '_>, item: Item<'_>, name: &str) -> References {
    builder.refers(item, name, GATEWAYS)
}

fn vpc_attachments(builder: &mut Builder<'_, '_>, world: &mut World) -> Vec<Attachment> {
    let mut found = Vec::new();
    for item in
        builder.items(&["aws_ec2_transit_gateway_vpc_attachment", "data.aws_ec2_transit_gateway_vpc_attachment"])
    {
        let Some(gateway) = gateway_of(builder, item, "transit_gateway_id").all().next().map(|(key, _)| key.clone())
        else {
            continue;
        };
        let Some(vpc) = builder.refers(item, "vpc_id", vpc::NAMES).all().next().map(|(key, _)| key.clone()) else {
            continue;
        };
        let values = &item.instance.values;
        let label = builder.label(item, "transit gateway attachment");
        let subnets = builder.refers(item, "subnet_ids", subnet::NAMES);
        let lookup = builder.topology.reserve_node(Label { role: "transit gateway route table", ..label.clone() });
        let exit = exit(builder, world, item, &label, &subnets);
        enter(builder, world, item, &gateway, &vpc, &subnets, lookup);
        let (exists, doubts) = builder.existence(item);
        let ranges =
            world.vpcs.get(&vpc).map(|vpc| vpc.four.iter().chain(&vpc.six).cloned().collect()).unwrap_or_default();
        found.push(Attachment {
            key: builder.key(item),
            gateway,
            exit,
            lookup,
            ranges,
            preference: OF_VPC,
            by_default: defaults(values),
            exists,
            doubts,
            label,
        });
    }
    found
}

fn defaults(values: &crate::value::Value) -> (Scalar<bool>, Scalar<bool>) {
    let asked = |name: &str| truth(field(values, name));
    (asked("transit_gateway_default_route_table_association"), asked("transit_gateway_default_route_table_propagation"))
}

/// Where packets leave the gateway into a VPC: the attachment's interface in their zone, or any.
fn exit(builder: &mut Builder<'_, '_>, world: &World, item: Item<'_>, label: &Label, subnets: &References) -> NodeId {
    let spread = text(field(&item.instance.values, "appliance_mode_support")) == Scalar::Known("enable".to_owned());
    let inside = subnets.all().filter_map(|(key, _)| world.subnets.get(key));
    let exits: Vec<(Zone, NodeId)> = inside.map(|subnet| (subnet.zone.clone(), subnet.entry)).collect();
    let label = label.saying("leads into the VPC");
    if exits.is_empty() {
        let why = super::doubts(subnets, &format!("the subnets of {}", label.resource));
        return builder.anywhere(label, why);
    }
    builder.node_of(item, label, Step::LeaveZone { exits, spread })
}

/// Where packets of a VPC enter the gateway: only from zones in which the attachment has an interface.
fn enter(
    builder: &mut Builder<'_, '_>,
    world: &mut World,
    item: Item<'_>,
    gateway: &Arc<str>,
    vpc: &Arc<str>,
    subnets: &References,
    lookup: NodeId,
) {
    let label = builder.label(item, "transit gateway attachment");
    let forget = builder.topology.add_node(Label { role: "", ..label.clone() }, Step::ForgetGroups(lookup));
    let after = if groups_survive(builder, item, gateway) { lookup } else { forget };
    let mut by_zone: BTreeMap<Zone, Vec<NodeId>> = BTreeMap::new();
    let mut all = Vec::new();
    for (key, _) in subnets.all() {
        let Some(zone) = world.subnets.get(key).map(|subnet| subnet.zone.clone()) else { continue };
        let step = Step::EnterZone(zone.clone(), after);
        let inside = builder.node_of(item, label.saying(format!("takes packets to {gateway}")), step);
        let Some(own) = world.subnets.get(key) else { continue };
        let node = guard_node(builder, own, Direction::Ingress, inside);
        by_zone.entry(zone).or_default().push(node);
        all.push(node);
    }
    let quiet = Label { role: "", ..label.clone() };
    let zones: std::collections::BTreeSet<Zone> =
        world.subnets.values().filter(|subnet| subnet.vpc == *vpc).map(|subnet| subnet.zone.clone()).collect();
    for zone in zones {
        let covered = zone.as_ref().and_then(|_| by_zone.get(&zone));
        let node = match covered {
            Some(nodes) => builder.topology.add_node(quiet.clone(), Step::AnyOf(nodes.clone())),
            None if by_zone.contains_key(&None) || zone.is_none() => {
                perhaps_covered(builder, &label, &all, zone.as_ref(), by_zone.len())
            }
            None => {
                let zone = zone.as_deref().unwrap_or("this zone");
                builder.stop(label.clone(), &format!("has no interface in {zone}"))
            }
        };
        let name = format!("{gateway}#{vpc}#{}", zone.as_deref().unwrap_or(""));
        world.targets.insert(name.into(), Target { node, vpc: Some(vpc.clone()) });
    }
}

/// Where zones are not written down: with all subnets in one unknown zone, nothing speaks against it.
fn perhaps_covered(
    builder: &mut Builder<'_, '_>,
    label: &Label,
    all: &[NodeId],
    zone: Option<&Arc<str>>,
    zones: usize,
) -> NodeId {
    let step = Step::AnyOf(all.to_vec());
    let quiet = Label { role: "", ..label.clone() };
    if zone.is_none() && zones <= 1 {
        return builder.topology.add_node(quiet, step);
    }
    let why = format!("whether {} has an interface in the zone of its clients is not known", label.resource);
    builder.topology.add_doubtful_node(quiet, step, [Reason::Error(why.into())].into())
}

/// Whether references to groups reach over the gateway.
fn groups_survive(builder: &Builder<'_, '_>, item: Item<'_>, gateway: &Arc<str>) -> bool {
    let on = |value: Scalar<String>, default: bool| match value {
        Scalar::Known(text) => text == "enable",
        Scalar::Absent => default,
        Scalar::Unknown(_) => false,
    };
    let name = "security_group_referencing_support";
    let own = on(text(field(&item.instance.values, name)), true);
    own && builder.item(gateway).is_some_and(|gateway| on(text(field(&gateway.instance.values, name)), false))
}

fn vpn_attachments(builder: &mut Builder<'_, '_>) -> Vec<Attachment> {
    let mut found = Vec::new();
    for item in builder.items(&["aws_vpn_connection"]) {
        let Some(gateway) = gateway_of(builder, item, "transit_gateway_id").certain.first().cloned() else { continue };
        let behind = behind_connection(builder, item);
        let label = builder.label(item, "VPN connection");
        found.push(outer(builder, item, gateway, label, behind, OF_VPN));
    }
    found
}

fn direct_connects(builder: &mut Builder<'_, '_>) -> Vec<Attachment> {
    let mut found = Vec::new();
    for item in builder.items(&["aws_dx_gateway_association"]) {
        let gateways = gateway_of(builder, item, "associated_gateway_id");
        let gateway = gateways.certain.iter().find(|key| {
            builder.item(key).is_some_and(|item| &*item.instance.resource_type == "aws_ec2_transit_gateway")
        });
        let Some(gateway) = gateway.cloned() else { continue };
        let label = builder.label(item, "Direct Connect");
        let behind = Behind { ranges: Vec::new(), known: false };
        found.push(outer(builder, item, gateway, label, behind, OF_DIRECT_CONNECT));
    }
    found
}

/// An attachment behind which there is a network outside.
fn outer(
    builder: &mut Builder<'_, '_>,
    item: Item<'_>,
    gateway: Arc<str>,
    label: Label,
    behind: Behind,
    preference: u8,
) -> Attachment {
    let lookup = builder.topology.reserve_node(Label { role: "transit gateway route table", ..label.clone() });
    let inward = builder.node_of(item, label.saying("comes in from outside"), Step::ForgetGroups(lookup));
    let site: SiteId = outside(builder, &label.saying("the network behind it"), &behind, inward);
    let exit = builder.node_of(item, label.saying("leads outside"), Step::Outside(vec![site]));
    let mut ranges = behind.ranges;
    if !behind.known {
        let why = Reason::Error(format!("what the other side announces to {} is not known", label.resource).into());
        let range = Builder::unknown_range(Version::V4, [why].into());
        ranges.push(Range { region: Region::within(unmanaged_domain(Version::V4)), ..range });
    }
    let (exists, doubts) = builder.existence(item);
    Attachment {
        key: builder.key(item),
        gateway,
        exit,
        lookup,
        ranges,
        preference,
        by_default: (Scalar::Absent, Scalar::Absent),
        exists,
        doubts,
        label,
    }
}

/// Both ends of peerings between gateways: what leaves at one end enters at the other.
fn peerings(builder: &mut Builder<'_, '_>) -> Vec<Attachment> {
    let mut found = Vec::new();
    for item in builder.items(&["aws_ec2_transit_gateway_peering_attachment"]) {
        let label = builder.label(item, "transit gateway peering");
        let ends = ["transit_gateway_id", "peer_transit_gateway_id"]
            .map(|name| gateway_of(builder, item, name).all().next().map(|(key, _)| key.clone()));
        let lookups = [0, 1]
            .map(|_| builder.topology.reserve_node(Label { role: "transit gateway route table", ..label.clone() }));
        let (exists, doubts) = builder.existence(item);
        for (idx, gateway) in ends.iter().enumerate() {
            let (Some(gateway), Some(lookup), Some(other)) = (gateway, lookups.get(idx), lookups.get(1 - idx)) else {
                continue;
            };
            let far = ends.get(1 - idx).and_then(Option::as_ref).map_or("another gateway", |key| key);
            let exit = builder.node_of(item, label.saying(format!("leads to {far}")), Step::ForgetGroups(*other));
            found.push(Attachment {
                key: builder.key(item),
                gateway: gateway.clone(),
                label: label.clone(),
                exit,
                lookup: *lookup,
                ranges: Vec::new(),
                preference: STATIC,
                by_default: (Scalar::Absent, Scalar::Known(false)),
                exists,
                doubts: doubts.clone(),
            });
        }
    }
    found
}

/// Who uses which table, and what is in it.
struct Tables {
    /// Tables of attachments by index: key and whether that is certain.
    associated: BTreeMap<usize, Vec<(Arc<str>, bool)>>,
    /// Attachments that announce into a table, and whether that is certain.
    announced: BTreeMap<Arc<str>, Vec<(usize, bool)>>,
}

impl Tables {
    fn of(builder: &Builder<'_, '_>, attachments: &[Attachment]) -> Self {
        let mut tables = Self { associated: BTreeMap::new(), announced: BTreeMap::new() };
        for (kind, is_association) in [
            ("aws_ec2_transit_gateway_route_table_association", true),
            ("aws_ec2_transit_gateway_route_table_propagation", false),
        ] {
            for item in builder.items(&[kind]) {
                let exists = builder.existence(item).0.must;
                let to = builder.refers(item, "transit_gateway_route_table_id", TABLES);
                let of = builder.refers(item, "transit_gateway_attachment_id", ATTACHMENTS);
                for (idx, certain) in indices(builder, attachments, &of) {
                    for (table, known) in to.all() {
                        let certain = exists && certain && known;
                        match is_association {
                            true => tables.associated.entry(idx).or_default().push((table.clone(), certain)),
                            false => tables.announced.entry(table.clone()).or_default().push((idx, certain)),
                        }
                    }
                }
            }
        }
        for (idx, attachment) in attachments.iter().enumerate() {
            tables.add_defaults(builder, idx, attachment);
        }
        tables
    }

    fn add_defaults(&mut self, builder: &Builder<'_, '_>, idx: usize, attachment: &Attachment) {
        let gateway = builder.item(&attachment.gateway).filter(|item| item.instance.mode == Mode::Managed);
        let asked = |name: &str, own: &Scalar<bool>| {
            let by_gateway = gateway.map(|item| text(field(&item.instance.values, name)));
            match (by_gateway, own) {
                (_, Scalar::Known(false)) => Bounds::NO,
                (Some(Scalar::Known(text)), Scalar::Known(true) | Scalar::Absent) if text == "disable" => Bounds::NO,
                (Some(Scalar::Known(_) | Scalar::Absent), Scalar::Known(true) | Scalar::Absent) => Bounds::YES,
                (Some(Scalar::Unknown(_)) | None, _) | (_, Scalar::Unknown(_)) => Bounds::PERHAPS,
            }
        };
        let (association, propagation) = &attachment.by_default;
        let table = default_table(&attachment.gateway);
        let associated = asked("default_route_table_association", association);
        let explicit = self.associated.get(&idx).is_some_and(|known| known.iter().any(|(_, certain)| *certain));
        if associated.may && !explicit {
            let certain = associated.must && !self.associated.contains_key(&idx);
            self.associated.entry(idx).or_default().push((table.clone(), certain));
        }
        let announces = asked("default_route_table_propagation", propagation);
        if announces.may {
            self.announced.entry(table).or_default().push((idx, announces.must));
        }
    }

    /// The step that finds the way of what comes from an attachment.
    fn lookup(&self, builder: &mut Builder<'_, '_>, attachments: &[Attachment], attachment: &Attachment) -> Step {
        let own = attachments.iter().position(|other| std::ptr::eq(other, attachment));
        let tables = own.and_then(|idx| self.associated.get(&idx)).cloned().unwrap_or_default();
        if let [(only, true)] = tables.as_slice() {
            return self.table(builder, attachments, only, &attachment.gateway);
        }
        let label = Label { role: "transit gateway route table", ..attachment.label.clone() };
        if tables.is_empty() {
            let stop = builder.stop(label, "has no route table");
            return Step::AnyOf(vec![stop]);
        }
        let why = format!("the route table of {} is not known", attachment.key);
        let mut nodes = Vec::new();
        for (table, _) in &tables {
            let step = self.table(builder, attachments, table, &attachment.gateway);
            nodes.push(builder.topology.add_doubtful_node(
                label.clone(),
                step,
                [Reason::Error(why.clone().into())].into(),
            ));
        }
        Step::AnyOf(nodes)
    }

    fn table(
        &self,
        builder: &mut Builder<'_, '_>,
        attachments: &[Attachment],
        key: &Arc<str>,
        gateway: &Arc<str>,
    ) -> Step {
        let own = builder.item(key);
        let label = match own {
            Some(item) => builder.label(item, "transit gateway route table"),
            None => Label::implied(&format!("default route table of {gateway}"), "transit gateway route table"),
        };
        let mut routes = written(builder, attachments, key);
        for (idx, certain) in self.announced.get(key).into_iter().flatten() {
            let Some(attachment) = attachments.get(*idx) else { continue };
            routes.extend(announced(attachment, *certain));
        }
        let managed = own.map_or_else(
            || builder.item(gateway).is_some_and(|item| item.instance.mode == Mode::Managed),
            |item| item.instance.mode == Mode::Managed,
        );
        if !managed {
            let why = Reason::Error(format!("the routes of {gateway} are not managed in this configuration").into());
            let exits: Vec<NodeId> =
                attachments.iter().filter(|other| other.gateway == *gateway).map(|it| it.exit).collect();
            routes.extend(unknown_routes(builder, &label, exits, &why));
        }
        Step::Route(builder.topology.add_table(RouteTable::new(label, routes)))
    }
}

/// Routes of a table that is not managed here: to any attachment, or elsewhere.
fn unknown_routes(builder: &mut Builder<'_, '_>, label: &Label, mut exits: Vec<NodeId>, why: &Reason) -> Vec<Route> {
    let reasons: Arc<[Reason]> = [why.clone()].into();
    let label = label.saying("may hold any route");
    exits.push(builder.anywhere(label.clone(), reasons.clone()));
    let target = builder.topology.add_node(Label { role: "", ..label.clone() }, Step::AnyOf(exits));
    let route = |version| {
        let range = Builder::unknown_range(version, reasons.clone());
        Route {
            label: label.clone(),
            destination: range.region,
            length: range.length,
            preference: STATIC,
            target,
            exists: Bounds::PERHAPS,
            doubts: reasons.clone(),
        }
    };
    vec![route(Version::V4), route(Version::V6)]
}

/// The attachments that a reference means.
fn indices(builder: &Builder<'_, '_>, attachments: &[Attachment], references: &References) -> Vec<(usize, bool)> {
    let mut found = Vec::new();
    for (key, certain) in references.all() {
        let accepted = builder.item(key).filter(|item| item.instance.resource_type.ends_with("_accepter"));
        let key = accepted
            .and_then(|item| builder.refers(item, "transit_gateway_attachment_id", ATTACHMENTS).only().cloned())
            .unwrap_or_else(|| key.clone());
        let fitting = attachments.iter().enumerate().filter(|(_, attachment)| attachment.key == key);
        found.extend(fitting.map(|(idx, _)| (idx, certain)));
    }
    found
}

/// The routes that resources put into a table.
fn written(builder: &mut Builder<'_, '_>, attachments: &[Attachment], key: &Arc<str>) -> Vec<Route> {
    let mut routes = Vec::new();
    for item in builder.items(&["aws_ec2_transit_gateway_route", "aws_ec2_transit_gateway_prefix_list_reference"]) {
        let tables = builder.refers(item, "transit_gateway_route_table_id", TABLES);
        let known = tables.all().find(|(table, _)| *table == key).map(|(_, certain)| certain);
        let certain = match known {
            Some(certain) => certain,
            None if !tables.open.is_empty() => false,
            None => continue,
        };
        let (exists, reasons) = builder.existence(item);
        let label = builder.label(item, "transit gateway route");
        for (target, known, shown, why) in targets(builder, item, attachments, &label) {
            for range in ranges(builder, item) {
                let doubts =
                    reasons.iter().chain(range.doubts.iter()).chain(&why).chain(&tables.open).cloned().collect();
                routes.push(Route {
                    label: label.saying(format!("{} to {shown}", range.text)),
                    destination: range.region,
                    length: range.length,
                    preference: STATIC,
                    target,
                    exists: Bounds { must: exists.must && certain && known, may: exists.may },
                    doubts,
                });
            }
        }
    }
    routes
}

fn ranges(builder: &Builder<'_, '_>, item: Item<'_>) -> Vec<Range> {
    let values = &item.instance.values;
    if let Some(list) = field(values, "prefix_list_id") {
        return super::prefix_list::ranges(builder, item, list);
    }
    let cidr = field(values, "destination_cidr_block");
    let version = match cidr.and_then(crate::value::Value::as_str) {
        Some(text) if text.contains(':') => Version::V6,
        Some(_) | None => Version::V4,
    };
    cidr.map(|cidr| builder.range(item, cidr, version)).into_iter().collect()
}

/// Where a route of a transit gateway leads.
fn targets(
    builder: &mut Builder<'_, '_>,
    item: Item<'_>,
    attachments: &[Attachment],
    label: &Label,
) -> Vec<(NodeId, bool, String, Vec<Reason>)> {
    let values = &item.instance.values;
    if truth(field(values, "blackhole")) == Scalar::Known(true) {
        return vec![(
            builder.stop(label.saying("blackhole"), "is a blackhole"),
            true,
            "a blackhole".to_owned(),
            Vec::new(),
        )];
    }
    let references = builder.refers(item, "transit_gateway_attachment_id", ATTACHMENTS);
    let mut found = Vec::new();
    for (idx, certain) in indices(builder, attachments, &references) {
        let Some(attachment) = attachments.get(idx) else { continue };
        // A peering has two ends: the table's own gateway sends out at its own.
        let own_table = builder.refers(item, "transit_gateway_route_table_id", TABLES);
        let of_gateway = own_table
            .only()
            .and_then(|key| builder.item(key))
            .and_then(|table| gateway_of(builder, table, "transit_gateway_id").only().cloned());
        if of_gateway.is_some_and(|gateway| gateway != attachment.gateway) {
            continue;
        }
        let certain = certain && attachment.exists.must;
        found.push((attachment.exit, certain, attachment.key.to_string(), attachment.doubts.to_vec()));
    }
    if found.is_empty() {
        let why = super::doubts(&references, &format!("where {} leads", label.resource));
        let node = builder.anywhere(label.saying("leads to an attachment that is not known"), why.clone());
        found.push((node, false, "an attachment that is not known".to_owned(), why.to_vec()));
    }
    found
}

/// The routes that an attachment announces.
fn announced(attachment: &Attachment, certain: bool) -> Vec<Route> {
    let label = Label { role: "propagated route", ..attachment.label.clone() };
    let route = |range: &Range| {
        let certain = certain && attachment.exists.must && (range.region.is_known() || !range.region.ranges.is_empty());
        Route {
            label: label.saying(format!("{} to {}", range.text, attachment.key)),
            destination: range.region.clone(),
            length: range.length,
            preference: attachment.preference,
            target: attachment.exit,
            exists: Bounds { must: certain, may: true },
            doubts: range.doubts.iter().chain(attachment.doubts.iter()).cloned().collect(),
        }
    };
    attachment.ranges.iter().map(route).collect()
}
