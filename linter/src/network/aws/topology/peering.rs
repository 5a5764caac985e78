//! `aws_vpc_peering_connection`: from one VPC to the other, and no further.

use std::sync::Arc;

use super::super::super::bounds::Bounds;
use super::super::super::build::{Builder, Item};
use super::super::super::model::{Label, Node, NodeId, Step};
use super::super::super::reading::{Scalar, field, text, truth};
use super::{Target, World, vpc};
use crate::value::Reason;

pub(super) fn convert(builder: &mut Builder<'_, '_>, world: &mut World) {
    for item in builder.items(&["aws_vpc_peering_connection", "data.aws_vpc_peering_connection"]) {
        let requester = builder.refers(item, "vpc_id", vpc::NAMES);
        let accepter = builder.refers(item, "peer_vpc_id", vpc::NAMES);
        let key = builder.key(item);
        let label = builder.label(item, "peering connection");
        let (active, doubts) = activity(builder, item);
        for (own, _) in requester.all() {
            for (peer, _) in accepter.all() {
                let certain = requester.only().is_some() && accepter.only().is_some();
                let exists = Bounds { must: active.must && certain, may: active.may };
                let sides = [(own, peer), (peer, own)];
                for (from, to) in sides {
                    let node = side(builder, world, item, &label, (from, to), exists, &doubts);
                    world.targets.insert(format!("{key}#{from}").into(), Target { node, vpc: Some(from.clone()) });
                }
            }
        }
    }
}

/// The way from one side to the other: only between the two, never on to what lies behind.
fn side(
    builder: &mut Builder<'_, '_>,
    world: &World,
    item: Item<'_>,
    label: &Label,
    (from, to): (&Arc<str>, &Arc<str>),
    exists: Bounds<bool>,
    doubts: &Arc<[Reason]>,
) -> NodeId {
    let far = match world.vpcs.get(to) {
        Some(vpc) => vpc.local,
        None => builder.stop(
            label.saying(format!("leads to {to}, which is not in this configuration")),
            "nothing there is in this configuration",
        ),
    };
    let far = if in_one_region(item) {
        far
    } else {
        builder.topology.add_node(Label { role: "", ..label.clone() }, Step::ForgetGroups(far))
    };
    let near = world.vpcs.contains_key(from).then(|| world.vpc_region(from));
    let destinations = world.vpcs.contains_key(to).then(|| world.vpc_region(to));
    let step = Step::Admit { sources: near, destinations, next: far };
    let label = label.saying(format!("joins {from} and {to}"));
    builder.topology.add(Node { label, step, exists, doubts: doubts.clone() })
}

/// References to groups work between VPCs of one region.
fn in_one_region(item: Item<'_>) -> bool {
    field(&item.instance.values, "peer_region").is_none()
}

/// Whether a connection is active: accepted by itself, or by the other side's resource.
fn activity(builder: &Builder<'_, '_>, item: Item<'_>) -> (Bounds<bool>, Arc<[Reason]>) {
    let (exists, reasons) = builder.existence(item);
    let values = &item.instance.values;
    let status = text(field(values, "accept_status"));
    if status == Scalar::Known("active".to_owned()) || item.instance.mode == crate::terraform::Mode::Data {
        return (exists, reasons);
    }
    let key = builder.key(item);
    let accepters = builder.items(&["aws_vpc_peering_connection_accepter"]);
    let accepter = accepters.into_iter().find(|accepter| {
        let of = builder.refers(*accepter, "vpc_peering_connection_id", &["aws_vpc_peering_connection"]);
        of.certain.contains(&key)
    });
    let asked = accepter.map_or(values, |accepter| &accepter.instance.values);
    match (truth(field(asked, "auto_accept")), truth(field(values, "auto_accept"))) {
        (Scalar::Known(true), _) | (_, Scalar::Known(true)) => (exists, reasons),
        (Scalar::Unknown(why), _) | (_, Scalar::Unknown(why)) => (Bounds { must: false, ..exists }, why),
        (Scalar::Known(false) | Scalar::Absent, Scalar::Known(false) | Scalar::Absent) => {
            let why = format!("{key} is active only once somebody accepts it");
            (Bounds { must: false, ..exists }, [Reason::Error(why.into())].into())
        }
    }
}
