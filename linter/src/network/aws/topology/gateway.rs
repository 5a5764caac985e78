//! Gateways to the Internet: `aws_internet_gateway`, `aws_egress_only_internet_gateway`, and what blocks them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::super::bounds::Bounds;
use super::super::super::build::filters::{anybody, implied_rule};
use super::super::super::build::{Builder, Item};
use super::super::super::filter::{Direction, FilterKind};
use super::super::super::model::filter::PacketFilter;
use super::super::super::model::topology::Memory;
use super::super::super::model::{FilterId, Label, Node, NodeId, Step};
use super::super::super::reading::{Scalar, field, text};
use super::{Target, World, vpc};
use crate::value::Reason;

const GATEWAYS: &[&str] = &["aws_internet_gateway", "data.aws_internet_gateway"];

/// What a region's block of public access leaves open.
#[derive(Clone, Debug)]
struct Openness {
    inward: Bounds<bool>,
    outward: Bounds<bool>,
    doubts: Arc<[Reason]>,
}

pub(super) fn convert(builder: &mut Builder<'_, '_>, world: &mut World) {
    let attachments = attachments(builder);
    for (gateway, vpc, exists, item) in attachments {
        add(builder, world, item, &gateway, &vpc, exists);
    }
    for item in builder.items(&["aws_egress_only_internet_gateway"]) {
        for (vpc, certain) in builder.refers(item, "vpc_id", vpc::NAMES).all() {
            egress_only(builder, world, item, vpc, certain);
        }
    }
}

/// A gateway, its VPC, whether it is there, and what says so.
type Attached<'r> = (Arc<str>, Arc<str>, Bounds<bool>, Item<'r>);

/// Which gateway is at which VPC, and whether that is certain.
fn attachments<'r>(builder: &Builder<'_, 'r>) -> Vec<Attached<'r>> {
    let mut found = Vec::new();
    let mut note = |item: Item<'r>, gateways: Vec<Arc<str>>| {
        let exists = builder.existence(item).0;
        for (vpc, certain) in builder.refers(item, "vpc_id", vpc::NAMES).all() {
            for gateway in &gateways {
                let exists = Bounds { must: exists.must && certain, may: exists.may };
                found.push((gateway.clone(), vpc.clone(), exists, item));
            }
        }
    };
    for item in builder.items(GATEWAYS) {
        note(item, vec![builder.key(item)]);
    }
    for item in builder.items(&["aws_internet_gateway_attachment"]) {
        note(item, builder.refers(item, "internet_gateway_id", &["aws_internet_gateway"]).certain);
    }
    found
}

fn add(
    builder: &mut Builder<'_, '_>,
    world: &mut World,
    item: Item<'_>,
    gateway: &Arc<str>,
    vpc: &Arc<str>,
    exists: Bounds<bool>,
) {
    let open = openness(builder, item, vpc);
    let declared = builder.item(gateway).map(|own| builder.label(own, "internet gateway"));
    let label = declared.unwrap_or_else(|| Label::declared(gateway, "internet gateway", None));
    let doubts: Arc<[Reason]> = builder.existence(item).1.iter().chain(open.doubts.iter()).cloned().collect();
    let both = |open: Bounds<bool>| Bounds { must: exists.must && open.must, may: exists.may && open.may };
    let Some(local) = world.vpcs.get(vpc).map(|vpc| vpc.local) else { return };
    // A table of its own may stand between the gateway and the VPC; route tables put it here.
    let gate = builder.topology.add_node(Label { role: "", ..label.clone() }, Step::AnyOf(vec![local]));
    let inward = builder.topology.add(Node {
        label: label.saying("translates the public address to the private one"),
        step: Step::ToPrivate(gate),
        exists: both(open.inward),
        doubts: doubts.clone(),
    });
    let internet = builder.internet_node;
    let outward = builder.topology.add(Node {
        label: label.saying("leads to the Internet"),
        step: Step::ToPublic(internet),
        exists: both(open.outward),
        doubts,
    });
    world.targets.insert(format!("{gateway}#gate").into(), Target { node: gate, vpc: Some(vpc.clone()) });
    world.targets.insert(gateway.clone(), Target { node: outward, vpc: Some(vpc.clone()) });
    if let Some(vpc) = world.vpcs.get_mut(vpc) {
        vpc.way_in = Some(inward);
    }
}

/// A filter that lets everything through.
pub(super) fn everything(builder: &mut Builder<'_, '_>) -> FilterId {
    const KEY: &str = "everything";
    if let Some(known) = builder.kept_filter(KEY) {
        return known;
    }
    let label = Label::implied(KEY, "");
    let rules = [Direction::Egress, Direction::Ingress].map(|way| implied_rule(&label, way, anybody()));
    builder.keep_filter(KEY.into(), PacketFilter::new(label, FilterKind::AllowList, rules.into()))
}

/// IPv6 out only: what comes back answers what went out.
fn egress_only(builder: &mut Builder<'_, '_>, world: &mut World, item: Item<'_>, vpc: &Arc<str>, certain: bool) {
    let key = builder.key(item);
    let label = builder.label(item, "egress-only internet gateway");
    let all = everything(builder);
    let internet = builder.internet_node;
    let filter = |filters, direction, next| Step::Filter {
        filters,
        direction,
        memory: Memory::Connections,
        device: key.clone(),
        of: None,
        next,
    };
    let outward =
        builder.node_of(item, label.saying("leads to the Internet"), filter(vec![all], Direction::Egress, internet));
    if !certain && let Some(node) = builder.topology.nodes.get_mut(outward.0 as usize) {
        node.exists.must = false;
    }
    world.targets.insert(key.clone(), Target { node: outward, vpc: Some(vpc.clone()) });
    let Some(own) = world.vpcs.get_mut(vpc) else { return };
    let replies = builder.node_of(
        item,
        label.saying("lets in nothing but replies"),
        filter(Vec::new(), Direction::Ingress, own.local),
    );
    let ways: Vec<NodeId> = own.way_in.into_iter().chain([replies]).collect();
    let name = Label { role: "", ..label };
    own.way_in = Some(builder.topology.add_node(name, Step::AnyOf(ways)));
}

/// What `aws_vpc_block_public_access_options` leaves open for a VPC.
fn openness(builder: &Builder<'_, '_>, gateway: Item<'_>, vpc: &Arc<str>) -> Openness {
    let mut open = Openness { inward: Bounds::YES, outward: Bounds::YES, doubts: [].into() };
    for item in builder.items(&["aws_vpc_block_public_access_options"]) {
        if item.root != gateway.root || item.instance.provider.name != gateway.instance.provider.name {
            continue;
        }
        let mode = text(field(&item.instance.values, "internet_gateway_block_mode"));
        let (inward, outward) = match &mode {
            Scalar::Known(mode) if mode == "block-bidirectional" => (Bounds::NO, Bounds::NO),
            Scalar::Known(mode) if mode == "block-ingress" => (Bounds::NO, Bounds::YES),
            Scalar::Known(_) | Scalar::Absent => (Bounds::YES, Bounds::YES),
            Scalar::Unknown(_) => (Bounds::PERHAPS, Bounds::PERHAPS),
        };
        let reasons: Arc<[Reason]> = match mode {
            Scalar::Unknown(reasons) => reasons,
            Scalar::Known(_) | Scalar::Absent => {
                [Reason::Error(format!("exclusions from {} may apply", builder.key(item)).into())].into()
            }
        };
        open = Openness { inward, outward, doubts: reasons };
    }
    let exclusions = builder.items(&["aws_vpc_block_public_access_exclusion"]);
    let mut excluded: BTreeMap<&str, bool> = BTreeMap::new();
    for item in exclusions {
        let certain = builder.refers(item, "vpc_id", vpc::NAMES).certain.contains(vpc);
        let allows_in = text(field(&item.instance.values, "internet_gateway_exclusion_mode"))
            == Scalar::Known("allow-bidirectional".to_owned());
        if certain {
            excluded.insert("out", true);
            excluded.insert("in", allows_in);
        } else if !builder.refers(item, "subnet_id", super::subnet::NAMES).is_none() {
            // A single subnet is left out: which one a packet is for is not told apart here.
            open.inward.may = true;
            open.outward.may = true;
        }
    }
    if excluded.get("out") == Some(&true) {
        open.outward = Bounds::YES;
    }
    if excluded.get("in") == Some(&true) {
        open.inward = Bounds::YES;
    }
    open
}
