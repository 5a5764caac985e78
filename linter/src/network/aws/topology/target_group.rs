//! `aws_lb_target_group`: who is behind a load balancer, on which port, and whose address they see.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::super::bounds::Bounds;
use super::super::super::build::{Builder, Item};
use super::super::super::model::{FaceKind, SiteId};
use super::super::super::reading::{Scalar, entries, field, peer, text, truth, whole};
use super::super::super::service::ServiceSet;
use super::World;
use super::load_balancer::services;
use crate::value::{Reason, Value};

/// A member of a group.
pub(super) struct Member {
    pub(super) site: SiteId,
    pub(super) services: Bounds<ServiceSet>,
    pub(super) certain: bool,
    pub(super) doubts: Arc<[Reason]>,
}

const GROUPS: &[&str] = &["aws_lb_target_group"];
const HOSTS: &[&str] = &["aws_instance", "aws_lb", "aws_lambda_function", "aws_network_interface"];

/// The members of all groups, by the group's key.
pub(super) fn members(builder: &Builder<'_, '_>, world: &World) -> BTreeMap<Arc<str>, Vec<Member>> {
    let mut found: BTreeMap<Arc<str>, Vec<Member>> = BTreeMap::new();
    for item in builder.items(&["aws_lb_target_group_attachment"]) {
        let hosts = attached(builder, world, item);
        note(builder, world, &mut found, item, &["target_group_arn"], &hosts, field(&item.instance.values, "port"));
    }
    for item in builder.items(&["aws_autoscaling_group"]) {
        let hosts = vec![(builder.key(item), true)];
        let arns = ["target_group_arns"];
        note(builder, world, &mut found, item, &arns, &hosts, None);
        for source in entries(field(&item.instance.values, "traffic_source")).entries {
            note_value(builder, world, &mut found, item, field(source.value, "identifier"), &hosts, None);
        }
    }
    for item in builder.items(&["aws_autoscaling_attachment"]) {
        let groups = builder.refers(item, "autoscaling_group_name", &["aws_autoscaling_group"]);
        let hosts: Vec<_> = groups.all().map(|(key, certain)| (key.clone(), certain)).collect();
        note(builder, world, &mut found, item, &["lb_target_group_arn", "alb_target_group_arn"], &hosts, None);
    }
    for item in builder.items(&["aws_ecs_service"]) {
        let hosts = vec![(builder.key(item), true)];
        for block in entries(field(&item.instance.values, "load_balancer")).entries {
            let port = field(block.value, "container_port");
            note_value(builder, world, &mut found, item, field(block.value, "target_group_arn"), &hosts, port);
        }
    }
    found
}

/// Who an attachment adds: by id, or by address.
fn attached(builder: &Builder<'_, '_>, world: &World, item: Item<'_>) -> Vec<(Arc<str>, bool)> {
    let value = field(&item.instance.values, "target_id");
    let hosts = builder.references(item, value, HOSTS);
    let mut found: Vec<(Arc<str>, bool)> = Vec::new();
    for (key, certain) in hosts.all() {
        // The private address of a host means the host.
        let of_host = key.strip_suffix(".private_ip").map(Arc::from).unwrap_or_else(|| key.clone());
        found.push((of_host, certain));
    }
    let Some(value) = value.filter(|value| value.as_str().is_some()) else { return found };
    let address = peer(value, super::super::super::reading::Family::Both).addresses.must;
    if address.is_empty() {
        return found;
    }
    let sites = world.interfaces.iter().filter(|(_, sites)| {
        sites.iter().any(|id| {
            let face = builder.topology.site(*id).and_then(|site| site.face(FaceKind::Private));
            face.is_some_and(|face| face.addresses == address)
        })
    });
    found.extend(sites.map(|(key, _)| (key.clone(), true)));
    found
}

fn note(
    builder: &Builder<'_, '_>,
    world: &World,
    found: &mut BTreeMap<Arc<str>, Vec<Member>>,
    item: Item<'_>,
    names: &[&str],
    hosts: &[(Arc<str>, bool)],
    port: Option<&Value>,
) {
    for name in names {
        note_value(builder, world, found, item, field(&item.instance.values, name), hosts, port);
    }
}

fn note_value(
    builder: &Builder<'_, '_>,
    world: &World,
    found: &mut BTreeMap<Arc<str>, Vec<Member>>,
    item: Item<'_>,
    group: Option<&Value>,
    hosts: &[(Arc<str>, bool)],
    port: Option<&Value>,
) {
    let (exists, reasons) = builder.existence(item);
    for (group, known) in builder.references(item, group, GROUPS).all() {
        let (services, doubts) = services_of(builder, group, port);
        for (host, certain) in hosts {
            for site in world.interfaces.get(host).into_iter().flatten() {
                let doubts = reasons.iter().chain(doubts.iter()).cloned().collect();
                let certain = exists.must && known && *certain;
                found.entry(group.clone()).or_default().push(Member {
                    site: *site,
                    services: services.clone(),
                    certain,
                    doubts,
                });
            }
        }
    }
}

/// The services on which members are reached: the group's port, or their own.
fn services_of(
    builder: &Builder<'_, '_>,
    group: &Arc<str>,
    port: Option<&Value>,
) -> (Bounds<ServiceSet>, Arc<[Reason]>) {
    let Some(item) = builder.item(group) else {
        let why = Reason::Error(format!("{group} is not in this configuration").into());
        return (Bounds { must: ServiceSet::empty(), may: ServiceSet::all() }, [why].into());
    };
    let (own, doubts) = services(&item.instance.values, "protocol", "port");
    match whole(port) {
        Scalar::Known(number) => {
            let fixed = u16::try_from(number).unwrap_or(0);
            let move_to = |set: &ServiceSet| {
                set.runs().iter().fold(ServiceSet::empty(), |sum, (protocol, ..)| {
                    sum.union(&ServiceSet::ports(*protocol, fixed, fixed))
                })
            };
            (Bounds { must: move_to(&own.must), may: move_to(&own.may) }, [].into())
        }
        Scalar::Absent => (own, doubts),
        Scalar::Unknown(reasons) => (Bounds { must: ServiceSet::empty(), may: ServiceSet::all() }, reasons),
    }
}

/// Whether members see the client's address: with network load balancers, as the group says; by default for instances
/// and for UDP.
pub(super) fn keeps_client(builder: &Builder<'_, '_>, group: &Arc<str>, is_network: bool) -> Bounds<bool> {
    let Some(item) = builder.item(group).filter(|_| is_network) else {
        return if is_network { Bounds::PERHAPS } else { Bounds::NO };
    };
    let values = &item.instance.values;
    let kind = text(field(values, "target_type"));
    let by_default = match (&kind, text(field(values, "protocol"))) {
        (_, Scalar::Known(name)) if name.contains("UDP") => Bounds::YES,
        (Scalar::Known(kind), _) if kind == "ip" || kind == "alb" => Bounds::NO,
        (Scalar::Unknown(_), _) => Bounds::PERHAPS,
        (Scalar::Known(_) | Scalar::Absent, _) => Bounds::YES,
    };
    match truth(field(values, "preserve_client_ip")) {
        Scalar::Known(true) => Bounds::YES,
        Scalar::Known(false) => Bounds::NO,
        Scalar::Absent | Scalar::Unknown(_) => by_default,
    }
}
