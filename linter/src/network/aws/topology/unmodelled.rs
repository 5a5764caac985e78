//! What has an effect on the network and is not modelled: it is listed, and what it touches becomes doubtful.
//!
//! A type has an effect when its attributes name subnets, VPCs, gateways or groups; the table of provider schemas says
//! so for every type there is.

use std::sync::Arc;

use super::super::super::build::{Builder, Item, References};
use super::super::super::model::{Label, NodeId, Step, Unmodelled};
use super::super::super::reading::field;
use super::host::Interface;
use super::security_group::Groups;
use super::{World, managed, subnet, vpc};
use crate::terraform::schema;
use crate::value::Reason;

/// Types that this room turns into parts of the network, besides those of [`managed`].
const MODELLED: &[&str] = &[
    "aws_autoscaling_attachment",
    "aws_autoscaling_group",
    "aws_db_subnet_group",
    "aws_default_network_acl",
    "aws_default_route_table",
    "aws_default_security_group",
    "aws_default_subnet",
    "aws_default_vpc",
    "aws_dms_replication_subnet_group",
    "aws_docdb_subnet_group",
    "aws_dx_gateway_association",
    "aws_ec2_managed_prefix_list",
    "aws_ec2_managed_prefix_list_entry",
    "aws_ec2_transit_gateway",
    "aws_ec2_transit_gateway_peering_attachment",
    "aws_ec2_transit_gateway_peering_attachment_accepter",
    "aws_ec2_transit_gateway_prefix_list_reference",
    "aws_ec2_transit_gateway_route",
    "aws_ec2_transit_gateway_route_table",
    "aws_ec2_transit_gateway_route_table_association",
    "aws_ec2_transit_gateway_route_table_propagation",
    "aws_ec2_transit_gateway_vpc_attachment",
    "aws_ec2_transit_gateway_vpc_attachment_accepter",
    "aws_ecs_service",
    "aws_ecs_task_set",
    "aws_egress_only_internet_gateway",
    "aws_eip",
    "aws_eip_association",
    "aws_eks_cluster",
    "aws_eks_node_group",
    "aws_elasticache_subnet_group",
    "aws_elb",
    "aws_elb_attachment",
    "aws_instance",
    "aws_internet_gateway",
    "aws_internet_gateway_attachment",
    "aws_launch_configuration",
    "aws_launch_template",
    "aws_lb",
    "aws_lb_listener",
    "aws_lb_listener_rule",
    "aws_lb_target_group",
    "aws_lb_target_group_attachment",
    "aws_main_route_table_association",
    "aws_memorydb_subnet_group",
    "aws_nat_gateway",
    "aws_neptune_subnet_group",
    "aws_network_acl",
    "aws_network_acl_association",
    "aws_network_acl_rule",
    "aws_network_interface",
    "aws_network_interface_attachment",
    "aws_network_interface_sg_attachment",
    "aws_networkfirewall_firewall",
    "aws_networkfirewall_firewall_policy",
    "aws_networkfirewall_rule_group",
    "aws_redshift_subnet_group",
    "aws_route",
    "aws_route_table",
    "aws_route_table_association",
    "aws_security_group",
    "aws_security_group_rule",
    "aws_spot_instance_request",
    "aws_subnet",
    "aws_vpc",
    "aws_vpc_block_public_access_exclusion",
    "aws_vpc_block_public_access_options",
    "aws_vpc_endpoint",
    "aws_vpc_endpoint_route_table_association",
    "aws_vpc_endpoint_security_group_association",
    "aws_vpc_endpoint_subnet_association",
    "aws_vpc_ipv4_cidr_block_association",
    "aws_vpc_ipv6_cidr_block_association",
    "aws_vpc_peering_connection",
    "aws_vpc_peering_connection_accepter",
    "aws_vpc_peering_connection_options",
    "aws_vpc_security_group_egress_rule",
    "aws_vpc_security_group_ingress_rule",
    "aws_vpc_security_group_rules_exclusive",
    "aws_vpn_connection",
    "aws_vpn_connection_route",
    "aws_vpn_gateway",
    "aws_vpn_gateway_attachment",
    "aws_vpn_gateway_route_propagation",
];

/// Types that name parts of the network and let no packet pass or stop.
const WITHOUT_EFFECT: &[&str] = &[
    "aws_customer_gateway",
    "aws_db_option_group",
    "aws_dx_gateway",
    "aws_ec2_network_insights_path",
    "aws_ec2_subnet_cidr_reservation",
    "aws_ec2_tag",
    "aws_ec2_traffic_mirror_filter",
    "aws_ec2_traffic_mirror_session",
    "aws_ec2_traffic_mirror_target",
    "aws_ec2_transit_gateway_default_route_table_association",
    "aws_ec2_transit_gateway_default_route_table_propagation",
    "aws_flow_log",
    "aws_guardduty_detector",
    "aws_networkfirewall_logging_configuration",
    "aws_placement_group",
    "aws_rds_cluster_instance",
    "aws_route53_resolver_firewall_rule_group_association",
    "aws_route53_resolver_query_log_config_association",
    "aws_route53_resolver_rule_association",
    "aws_route53_vpc_association_authorization",
    "aws_route53_zone",
    "aws_route53_zone_association",
    "aws_s3_access_point",
    "aws_service_discovery_private_dns_namespace",
    "aws_vpc_dhcp_options",
    "aws_vpc_dhcp_options_association",
    "aws_vpc_endpoint_connection_accepter",
    "aws_vpc_endpoint_connection_notification",
    "aws_vpc_endpoint_policy",
    "aws_vpc_endpoint_private_dns",
    "aws_vpc_endpoint_service",
    "aws_vpc_endpoint_service_allowed_principal",
    "aws_vpc_ipam",
    "aws_vpc_ipam_pool",
    "aws_vpc_ipam_scope",
    "aws_vpc_network_performance_metric_subscription",
];

/// Types that join networks: packets may come out wherever they are attached.
const JOINING: &[&str] = &[
    "aws_networkmanager_",
    "aws_ec2_transit_gateway_connect",
    "aws_ec2_transit_gateway_policy_table",
    "aws_ec2_client_vpn_",
    "aws_ec2_carrier_gateway",
    "aws_ec2_local_gateway",
    "aws_vpclattice_",
    "aws_verifiedaccess_",
    "aws_dx_hosted_",
    "aws_dx_private_virtual_interface",
    "aws_dx_transit_virtual_interface",
    "aws_route_server",
    "aws_vpc_route_server",
];

/// Attributes that name parts of a network.
const NAMING: &[&str] = &[
    "subnet_id",
    "subnet_ids",
    "subnets",
    "vpc_id",
    "vpc_config",
    "vpc_options",
    "security_groups",
    "security_group_ids",
    "vpc_security_group_ids",
    "route_table_id",
    "transit_gateway_id",
    "network_configuration",
    "network_interface_id",
    "subnet_group_name",
    "db_subnet_group_name",
];

pub(super) fn convert(builder: &mut Builder<'_, '_>, world: &mut World) {
    let mut types: Vec<Arc<str>> = builder.roots.iter().flat_map(|root| root.graph.types().cloned()).collect();
    types.sort();
    types.dedup();
    for name in types.iter().filter(|name| name.starts_with("aws_") && has_effect(name)) {
        for item in builder.items(&[name]) {
            note(builder, world, item);
        }
    }
}

fn has_effect(name: &str) -> bool {
    if name.ends_with("_subnet_group")
        || MODELLED.contains(&name)
        || WITHOUT_EFFECT.contains(&name)
        || managed::types().any(|known| known == name)
    {
        return false;
    }
    if JOINING.iter().any(|start| name.starts_with(start)) {
        return true;
    }
    schema::resource(name).is_some_and(|resource| {
        NAMING.iter().any(|attribute| resource.members.iter().any(|(own, _)| **own == **attribute))
    })
}

fn note(builder: &mut Builder<'_, '_>, world: &mut World, item: Item<'_>) {
    let joins = JOINING.iter().any(|start| item.instance.resource_type.starts_with(start));
    let networks = touched(builder, world, item);
    let touches = !networks.is_empty() || names_network(item);
    if !joins && !touches {
        return;
    }
    let reason = match joins {
        true => "it may let packets pass between the networks it is attached to",
        false => "its interfaces in the network are not looked at",
    };
    builder.topology.unmodelled.push(Unmodelled {
        resource_type: item.instance.resource_type.clone(),
        address: builder.key(item),
        reason: reason.into(),
    });
    if joins && networks.len() > 1 {
        join(builder, world, item, &networks);
    }
    if !joins {
        stand_in(builder, world, item);
    }
}

/// A host of which nothing is known, in each subnet that an instance names: what it takes part in stays open.
fn stand_in(builder: &mut Builder<'_, '_>, world: &mut World, item: Item<'_>) {
    let mut subnets = References::default();
    let fields = item.instance.values.as_fields();
    for value in fields.into_iter().flat_map(|fields| fields.values()) {
        let found = builder.references(item, Some(value), subnet::NAMES);
        let known = |key: &Arc<str>| world.subnets.contains_key(key);
        subnets.certain.extend(found.certain.into_iter().filter(|key| known(key)));
        subnets.possible.extend(found.possible.into_iter().filter(|key| known(key)));
    }
    if subnets.is_none() {
        return;
    }
    subnets.certain.sort();
    subnets.certain.dedup();
    let groups = Groups::unknown(builder, item);
    let mut host = Interface::of(builder, item, "host that is not modelled", groups);
    host.exists.must = false;
    let why = Reason::Error(format!("{} is not modelled", item.instance.resource_type).into());
    host.doubts = [why].into();
    host.place(builder, world, &subnets);
}

fn names_network(item: Item<'_>) -> bool {
    NAMING.iter().any(|name| field(&item.instance.values, name).is_some())
}

/// The VPCs that an instance names, itself or by its subnets.
fn touched(builder: &Builder<'_, '_>, world: &World, item: Item<'_>) -> Vec<Arc<str>> {
    let mut found: Vec<Arc<str>> = Vec::new();
    let fields = item.instance.values.as_fields();
    for value in fields.into_iter().flat_map(|fields| fields.values()) {
        for (key, _) in builder.references(item, Some(value), subnet::NAMES).all() {
            found.extend(world.subnets.get(key).map(|subnet| subnet.vpc.clone()));
        }
        let vpcs = builder.references(item, Some(value), vpc::NAMES);
        found.extend(vpcs.all().map(|(key, _)| key.clone()).filter(|key| world.vpcs.contains_key(key)));
    }
    found.sort();
    found.dedup();
    found
}

/// A doubtful way between the networks that something joins: routes to it lead there.
fn join(builder: &mut Builder<'_, '_>, world: &mut World, item: Item<'_>, networks: &[Arc<str>]) {
    let why = Reason::Error(format!("{} is not modelled", item.instance.resource_type).into());
    let label = builder.label(item, "connection").saying("may let packets pass; it is not modelled");
    let ways: Vec<NodeId> = networks.iter().filter_map(|key| world.vpcs.get(key)).map(|vpc| vpc.local).collect();
    let node = builder.topology.add_doubtful_node(Label::clone(&label), Step::AnyOf(ways), [why].into());
    let key = builder.key(item);
    world.targets.insert(key, super::Target { node, vpc: None });
}
