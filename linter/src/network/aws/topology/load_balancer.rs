//! `aws_lb` with listeners and target groups, and the classic `aws_elb`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::super::bounds::Bounds;
use super::super::super::build::filters::anybody;
use super::super::super::build::{Builder, Item, References};
use super::super::super::filter::{Decision, Direction, FilterKind};
use super::super::super::model::filter::{Near, PacketFilter, Rule};
use super::super::super::model::{FilterId, Forwarding, Label, Serves, SiteId};
use super::super::super::reading::{Scalar, entries, field, text, truth, whole};
use super::super::super::service::{ServiceSet, protocol};
use super::host::{Interface, Public};
use super::security_group::Groups;
use super::target_group::{self, Member};
use super::{World, instance, security_group, subnet};
use crate::value::{Reason, Value};

const TYPES: &[&str] = &["aws_lb"];

/// A listener: what it takes and where that goes.
struct Listener {
    label: Label,
    services: Bounds<ServiceSet>,
    doubts: Arc<[Reason]>,
    groups: Vec<(Arc<str>, bool)>,
}

pub(super) fn convert(builder: &mut Builder<'_, '_>, world: &mut World) {
    let members = target_group::members(builder, world);
    for item in builder.items(&["aws_lb", "data.aws_lb"]) {
        if text(field(&item.instance.values, "load_balancer_type")) == Scalar::Known("gateway".to_owned()) {
            continue;
        }
        let listeners = listeners(builder, item);
        let sites = place(builder, world, item, &listeners);
        let is_network =
            text(field(&item.instance.values, "load_balancer_type")) == Scalar::Known("network".to_owned());
        let forwards = forwards(builder, &listeners, &members, is_network);
        give(builder, &sites, &forwards);
    }
    for item in builder.items(&["aws_elb"]) {
        classic(builder, world, item);
    }
}

fn give(builder: &mut Builder<'_, '_>, sites: &[SiteId], forwards: &[Forwarding]) {
    for site in sites {
        if let Some(site) = builder.topology.site_mut(*site) {
            site.forwards = forwards.to_vec();
        }
    }
}

/// The interfaces of a load balancer: one in each subnet, behind its groups, open for its listeners.
fn place(builder: &mut Builder<'_, '_>, world: &mut World, item: Item<'_>, listeners: &[Listener]) -> Vec<SiteId> {
    let values = &item.instance.values;
    let mut subnets = builder.refers(item, "subnets", subnet::NAMES);
    for mapping in entries(field(values, "subnet_mapping")).entries {
        let found = builder.references(item, field(mapping.value, "subnet_id"), subnet::NAMES);
        subnets.certain.extend(found.certain);
        subnets.possible.extend(found.possible);
        subnets.open.extend(found.open);
    }
    let vpc = instance::vpc_of(world, &subnets);
    let is_network = text(field(values, "load_balancer_type")) == Scalar::Known("network".to_owned());
    let groups = match field(values, "security_groups") {
        // A network load balancer has groups only if it is made with some.
        None if is_network => Groups::default(),
        groups => security_group::groups(builder, item, &[groups], &vpc),
    };
    let mut interface = Interface::of(builder, item, "load balancer", groups);
    interface.serves = Some(Serves::Balancing);
    interface.public = public(values);
    if let Scalar::Known(kind) = text(field(values, "ip_address_type"))
        && kind.starts_with("dualstack")
    {
        interface.six = super::host::Six::OfSubnet;
    }
    if item.instance.mode == crate::terraform::Mode::Managed {
        interface.listens = Some(listener_filter(builder, item, listeners));
    }
    interface.place(builder, world, &subnets)
}

fn public(values: &Value) -> Public {
    match truth(field(values, "internal")) {
        Scalar::Known(true) => Public::none(),
        Scalar::Known(false) | Scalar::Absent => Public::some(None),
        Scalar::Unknown(reasons) => {
            let own = reasons.iter().all(|reason| matches!(reason, Reason::Computed(..)));
            if own { Public::some(None) } else { Public::perhaps(reasons) }
        }
    }
}

/// What a load balancer takes: what its listeners name.
fn listener_filter(builder: &mut Builder<'_, '_>, item: Item<'_>, listeners: &[Listener]) -> FilterId {
    let label = builder.label(item, "load balancer").saying("takes what its listeners name");
    let rule = |listener: &Listener| Rule {
        label: listener.label.clone(),
        direction: Direction::Ingress,
        decision: Decision::Allow,
        order: Some(0),
        services: listener.services.clone(),
        peers: vec![anybody()],
        near: Near::Everything,
        exists: Bounds::YES,
        doubts: listener.doubts.clone(),
    };
    let rules = listeners.iter().map(rule).collect();
    let filter = PacketFilter::new(label, FilterKind::AllowList, rules);
    let key: Arc<str> = format!("listeners of {}", builder.key(item)).into();
    builder.keep_filter(key, filter)
}

/// The listeners of a load balancer, with all target groups that they may send to.
fn listeners(builder: &Builder<'_, '_>, balancer: Item<'_>) -> Vec<Listener> {
    let key = builder.key(balancer);
    let rules = builder.items(&["aws_lb_listener_rule"]);
    let mut found = Vec::new();
    for item in builder.items(&["aws_lb_listener"]) {
        let of = builder.refers(item, "load_balancer_arn", TYPES);
        if !of.all().any(|(balancer, _)| *balancer == key) {
            continue;
        }
        let values = &item.instance.values;
        let (mut services, doubts) = services(values, "protocol", "port");
        let (exists, reasons) = builder.existence(item);
        if !exists.must || !of.certain.contains(&key) {
            services.must = ServiceSet::empty();
        }
        let own = builder.key(item);
        let mut groups = groups_of_actions(builder, item, "default_action");
        for rule in &rules {
            if builder.refers(*rule, "listener_arn", &["aws_lb_listener"]).certain.contains(&own) {
                groups.extend(groups_of_actions(builder, *rule, "action"));
            }
        }
        let label = builder.label(item, "listener").saying(format!("takes {}", services.may));
        let doubts = doubts.iter().chain(reasons.iter()).cloned().collect();
        found.push(Listener { label, services, doubts, groups });
    }
    found
}

fn groups_of_actions(builder: &Builder<'_, '_>, item: Item<'_>, name: &str) -> Vec<(Arc<str>, bool)> {
    let mut found = Vec::new();
    for action in entries(field(&item.instance.values, name)).entries {
        let mut arns: Vec<&Value> = field(action.value, "target_group_arn").into_iter().collect();
        arns.extend(super::managed::values_at(action.value, "forward.target_group.arn"));
        for arn in arns {
            let groups = builder.references(item, Some(arn), &["aws_lb_target_group"]);
            found.extend(groups.all().map(|(key, certain)| (key.clone(), certain && action.exists.must)));
        }
    }
    found
}

/// The services that a protocol and a port name.
pub(super) fn services(values: &Value, kind: &str, port: &str) -> (Bounds<ServiceSet>, Arc<[Reason]>) {
    let numbers: &[u8] = match text(field(values, kind)) {
        Scalar::Known(name) => match name.to_ascii_uppercase().as_str() {
            "UDP" => &[protocol::UDP],
            "TCP_UDP" => &[protocol::TCP, protocol::UDP],
            _ => &[protocol::TCP],
        },
        Scalar::Absent | Scalar::Unknown(_) => &[protocol::TCP],
    };
    let all = |first, last| {
        numbers.iter().fold(ServiceSet::empty(), |sum, number| sum.union(&ServiceSet::ports(*number, first, last)))
    };
    match whole(field(values, port)) {
        Scalar::Known(number) => match u16::try_from(number) {
            Ok(number) => (Bounds::known(all(number, number)), [].into()),
            Err(_) => (Bounds::known(ServiceSet::empty()), [].into()),
        },
        Scalar::Absent => (Bounds::known(all(0, u16::MAX)), [].into()),
        Scalar::Unknown(reasons) => (Bounds { must: ServiceSet::empty(), may: all(0, u16::MAX) }, reasons),
    }
}

fn forwards(
    builder: &Builder<'_, '_>,
    listeners: &[Listener],
    members: &BTreeMap<Arc<str>, Vec<Member>>,
    is_network: bool,
) -> Vec<Forwarding> {
    let mut found = Vec::new();
    for listener in listeners {
        for (group, certain) in &listener.groups {
            let preserved = target_group::keeps_client(builder, group, is_network);
            for member in members.get(group).into_iter().flatten() {
                let mut services = listener.services.clone();
                let mut doubts: Vec<Reason> = listener.doubts.to_vec();
                if !certain || !member.certain {
                    services.must = ServiceSet::empty();
                    doubts.push(Reason::Error(format!("whether {group} is used is not known").into()));
                }
                doubts.extend(member.doubts.iter().cloned());
                found.push(Forwarding {
                    services,
                    target: member.site,
                    target_services: member.services.clone(),
                    keeps_client: preserved,
                    label: listener.label.saying(format!("passes {} on to {group}", listener.services.may)),
                    doubts: doubts.into(),
                });
            }
        }
    }
    found
}

/// The classic load balancer: its listeners name the instances' ports themselves.
fn classic(builder: &mut Builder<'_, '_>, world: &mut World, item: Item<'_>) {
    let values = &item.instance.values;
    let key = builder.key(item);
    let mut sites: Vec<SiteId> = Vec::new();
    let mut targets: References = builder.refers(item, "instances", &["aws_instance"]);
    for other in builder.items(&["aws_elb_attachment"]) {
        if builder.refers(other, "elb", &["aws_elb"]).certain.contains(&key) {
            targets.certain.extend(builder.refers(other, "instance", &["aws_instance"]).certain);
        }
    }
    for group in builder.items(&["aws_autoscaling_group"]) {
        if builder.refers(group, "load_balancers", &["aws_elb"]).certain.contains(&key) {
            targets.certain.push(builder.key(group));
        }
    }
    for target in &targets.certain {
        sites.extend(world.interfaces.get(target).into_iter().flatten());
    }
    let mut listeners = Vec::new();
    let mut forwards = Vec::new();
    for block in entries(field(values, "listener")).entries {
        let (services, doubts) = services(block.value, "lb_protocol", "lb_port");
        let (target_services, _) = self::services(block.value, "instance_protocol", "instance_port");
        let label = builder.label(item, "listener").saying(format!("takes {}", services.may));
        let label = Label { origin: block.value.origin.clone().or(label.origin.clone()), ..label };
        for site in &sites {
            forwards.push(Forwarding {
                services: services.clone(),
                target: *site,
                target_services: target_services.clone(),
                keeps_client: Bounds::NO,
                label: label.saying(format!("passes {} on to {}", services.may, target_services.may)),
                doubts: doubts.clone(),
            });
        }
        listeners.push(Listener { label, services, doubts, groups: Vec::new() });
    }
    let own = place(builder, world, item, &listeners);
    give(builder, &own, &forwards);
}
