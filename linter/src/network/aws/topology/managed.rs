//! Services that AWS runs inside a VPC: one line each says where their interfaces are and who may reach them.
//!
//! A service may be in any subnet of its group, and moves there by itself: each is looked at.

use std::sync::Arc;

use super::super::super::build::{Builder, Item, References};
use super::super::super::model::Serves;
use super::super::super::reading::{Scalar, entries, field, truth};
use super::host::{Interface, Public};
use super::security_group::Groups;
use super::{World, instance, security_group, subnet};
use crate::value::{Reason, Value};

/// Where a type says what.
struct Kind {
    /// The resource type.
    name: &'static str,
    /// What people call it.
    role: &'static str,
    /// Path of its subnets, or of the name of its subnet group.
    subnets: &'static str,
    /// Types of subnet groups, when the path names one; their subnets are `subnet_ids`.
    subnet_groups: &'static [&'static str],
    /// Path of its security groups; empty where it has none to choose.
    groups: &'static str,
    /// Attribute that gives it a public address.
    public: &'static str,
    /// What it serves.
    serves: Option<Serves>,
    /// Whether anybody can open connections to it.
    inward: bool,
}

const fn data(name: &'static str, role: &'static str, subnets: &'static str, groups: &'static str) -> Kind {
    Kind { name, role, subnets, subnet_groups: &[], groups, public: "", serves: Some(Serves::Data), inward: true }
}

const fn plain(name: &'static str, role: &'static str, subnets: &'static str, groups: &'static str) -> Kind {
    Kind { serves: None, ..data(name, role, subnets, groups) }
}

/// One that only opens connections itself.
const fn outward(name: &'static str, role: &'static str, subnets: &'static str, groups: &'static str) -> Kind {
    Kind { inward: false, ..plain(name, role, subnets, groups) }
}

const fn grouped(kind: Kind, subnet_groups: &'static [&'static str], public: &'static str) -> Kind {
    Kind { subnet_groups, public, ..kind }
}

const KINDS: &[Kind] = &[
    grouped(
        data("aws_db_instance", "database", "db_subnet_group_name", "vpc_security_group_ids"),
        &["aws_db_subnet_group"],
        "publicly_accessible",
    ),
    grouped(
        data("aws_rds_cluster", "database cluster", "db_subnet_group_name", "vpc_security_group_ids"),
        &["aws_db_subnet_group"],
        "",
    ),
    grouped(
        data("aws_docdb_cluster", "database cluster", "db_subnet_group_name", "vpc_security_group_ids"),
        &["aws_docdb_subnet_group"],
        "",
    ),
    grouped(
        data("aws_neptune_cluster", "database cluster", "neptune_subnet_group_name", "vpc_security_group_ids"),
        &["aws_neptune_subnet_group"],
        "",
    ),
    grouped(
        data("aws_elasticache_cluster", "cache", "subnet_group_name", "security_group_ids"),
        &["aws_elasticache_subnet_group"],
        "",
    ),
    grouped(
        data("aws_elasticache_replication_group", "cache", "subnet_group_name", "security_group_ids"),
        &["aws_elasticache_subnet_group"],
        "",
    ),
    data("aws_elasticache_serverless_cache", "cache", "subnet_ids", "security_group_ids"),
    grouped(
        data("aws_memorydb_cluster", "cache", "subnet_group_name", "security_group_ids"),
        &["aws_memorydb_subnet_group"],
        "",
    ),
    grouped(
        data("aws_redshift_cluster", "data warehouse", "cluster_subnet_group_name", "vpc_security_group_ids"),
        &["aws_redshift_subnet_group"],
        "publicly_accessible",
    ),
    Kind {
        public: "publicly_accessible",
        ..data("aws_redshiftserverless_workgroup", "data warehouse", "subnet_ids", "security_group_ids")
    },
    data("aws_opensearch_domain", "search domain", "vpc_options.subnet_ids", "vpc_options.security_group_ids"),
    data("aws_elasticsearch_domain", "search domain", "vpc_options.subnet_ids", "vpc_options.security_group_ids"),
    data("aws_efs_mount_target", "file system", "subnet_id", "security_groups"),
    data("aws_fsx_lustre_file_system", "file system", "subnet_ids", "security_group_ids"),
    data("aws_fsx_windows_file_system", "file system", "subnet_ids", "security_group_ids"),
    data("aws_fsx_ontap_file_system", "file system", "subnet_ids", "security_group_ids"),
    data("aws_fsx_openzfs_file_system", "file system", "subnet_ids", "security_group_ids"),
    data(
        "aws_msk_cluster",
        "message broker",
        "broker_node_group_info.client_subnets",
        "broker_node_group_info.security_groups",
    ),
    data("aws_msk_serverless_cluster", "message broker", "vpc_config.subnet_ids", "vpc_config.security_group_ids"),
    Kind { public: "publicly_accessible", ..data("aws_mq_broker", "message broker", "subnet_ids", "security_groups") },
    grouped(
        plain(
            "aws_dms_replication_instance",
            "replication instance",
            "replication_subnet_group_id",
            "vpc_security_group_ids",
        ),
        &["aws_dms_replication_subnet_group"],
        "publicly_accessible",
    ),
    plain("aws_directory_service_directory", "directory", "vpc_settings.subnet_ids", ""),
    plain("aws_route53_resolver_endpoint", "resolver endpoint", "ip_address.subnet_id", "security_group_ids"),
    plain(
        "aws_transfer_server",
        "transfer server",
        "endpoint_details.subnet_ids",
        "endpoint_details.security_group_ids",
    ),
    plain("aws_sagemaker_notebook_instance", "notebook", "subnet_id", "security_groups"),
    plain(
        "aws_mwaa_environment",
        "workflow environment",
        "network_configuration.subnet_ids",
        "network_configuration.security_group_ids",
    ),
    plain("aws_eks_fargate_profile", "Kubernetes pods", "subnet_ids", ""),
    plain(
        "aws_batch_compute_environment",
        "batch hosts",
        "compute_resources.subnets",
        "compute_resources.security_group_ids",
    ),
    plain("aws_cloudhsm_v2_cluster", "key store", "subnet_ids", ""),
    outward("aws_lambda_function", "function", "vpc_config.subnet_ids", "vpc_config.security_group_ids"),
    outward("aws_codebuild_project", "build", "vpc_config.subnets", "vpc_config.security_group_ids"),
    outward("aws_apprunner_vpc_connector", "connector", "subnets", "security_groups"),
    outward("aws_apigatewayv2_vpc_link", "connector", "subnet_ids", "security_group_ids"),
    outward(
        "aws_glue_connection",
        "connection",
        "physical_connection_requirements.subnet_id",
        "physical_connection_requirements.security_group_id_list",
    ),
    outward("aws_synthetics_canary", "canary", "vpc_config.subnet_ids", "vpc_config.security_group_ids"),
];

/// The types of this table.
pub(super) fn types() -> impl Iterator<Item = &'static str> {
    KINDS.iter().map(|kind| kind.name)
}

pub(super) fn convert(builder: &mut Builder<'_, '_>, world: &mut World) {
    for kind in KINDS {
        for item in builder.items(&[kind.name]) {
            add(builder, world, item, kind);
        }
    }
}

fn add(builder: &mut Builder<'_, '_>, world: &mut World, item: Item<'_>, kind: &Kind) {
    let subnets = subnets(builder, world, item, kind);
    if subnets.is_none() {
        // Without a VPC it is a public service of AWS, not part of this network.
        return;
    }
    let vpc = instance::vpc_of(world, &subnets);
    let groups = match kind.groups {
        "" => Groups::unknown(builder, item),
        path => {
            let lists = values_at(&item.instance.values, path);
            let lists: Vec<Option<&Value>> = lists.into_iter().map(Some).collect();
            security_group::groups(builder, item, &lists, &vpc)
        }
    };
    let mut interface = Interface::of(builder, item, kind.role, groups);
    interface.serves = kind.serves;
    interface.inward = kind.inward;
    interface.public = public(item, kind.public);
    interface.place(builder, world, &subnets);
}

/// The subnets of a service: its own, those of its group, or those of the default VPC where a group is left out.
fn subnets(builder: &Builder<'_, '_>, world: &World, item: Item<'_>, kind: &Kind) -> References {
    let mut all = References::default();
    for value in values_at(&item.instance.values, kind.subnets) {
        let found = match kind.subnet_groups {
            [] => builder.references(item, Some(value), subnet::NAMES),
            groups => of_group(builder, item, value, groups),
        };
        all.certain.extend(found.certain);
        all.possible.extend(found.possible);
        all.open.extend(found.open);
    }
    if all.is_none() && !kind.subnet_groups.is_empty() {
        return instance::default_subnet(builder, world, item);
    }
    all
}

/// The subnets in a subnet group.
fn of_group(builder: &Builder<'_, '_>, item: Item<'_>, value: &Value, types: &[&str]) -> References {
    let groups = builder.references(item, Some(value), types);
    let mut all = References { open: groups.open.clone(), ..References::default() };
    for (key, certain) in groups.all() {
        let Some(group) = builder.item(key) else {
            all.open.push(Reason::Error(format!("subnet group {key} is not in this configuration").into()));
            continue;
        };
        let found = builder.refers(group, "subnet_ids", subnet::NAMES);
        let list = if certain { &mut all.certain } else { &mut all.possible };
        list.extend(found.certain);
        all.possible.extend(found.possible);
        all.open.extend(found.open);
    }
    all
}

fn public(item: Item<'_>, attribute: &str) -> Public {
    if attribute.is_empty() {
        return Public::none();
    }
    match truth(field(&item.instance.values, attribute)) {
        Scalar::Known(true) => Public::some(None),
        Scalar::Known(false) | Scalar::Absent => Public::none(),
        Scalar::Unknown(reasons) => {
            let own =
                |reason: &Reason| matches!(reason, Reason::Computed(address, _) if *address == item.instance.address);
            if reasons.iter().all(own) { Public::none() } else { Public::perhaps(reasons) }
        }
    }
}

/// The values at a path of blocks.
pub(super) fn values_at<'v>(value: &'v Value, path: &str) -> Vec<&'v Value> {
    match path.split_once('.') {
        None => field(value, path).into_iter().collect(),
        Some((block, rest)) => {
            let blocks = entries(field(value, block)).entries;
            blocks.into_iter().flat_map(|entry| values_at(entry.value, rest)).collect()
        }
    }
}

/// The key of a service's own group that AWS makes, such as that of a Kubernetes cluster.
pub(super) fn own_group(key: &Arc<str>, attribute: &str) -> Arc<str> {
    format!("{key}.{attribute}").into()
}
