//! What an instance is known by: the attributes whose text others use to point at it.

use crate::terraform::Instance;
use crate::value::{Knowledge, Value};

/// Attributes that point at the instance from anywhere: the same text in another region or account is the same thing.
const GLOBAL: &[&str] = &["id", "arn", "self_link", "bucket", "url", "email", "unique_id", "project_id", "account_id"];

/// Attributes that point at the instance within its provider configuration.
const LOCAL: &[&str] = &[
    "name",
    "identifier",
    "cluster_identifier",
    "cluster_id",
    "cluster_name",
    "replication_group_id",
    "function_name",
    "domain_name",
    "domain",
    "alias",
    "key_id",
    "zone_id",
    "family",
    "instance_id",
    "group_name",
    "table_name",
    "repository",
    "username",
    "rule_id",
    "vault_name",
];

/// How far the text of an attribute reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Everywhere.
    Global,
    /// Within one provider configuration.
    Local,
}

/// The known texts that an instance is known by.
pub fn identity_texts(instance: &Instance) -> impl Iterator<Item = &str> {
    identities(instance).filter_map(|(value, _)| value.as_str()).filter(|text| !text.is_empty())
}

/// The values that an instance is known by, known or not.
pub(super) fn identities(instance: &Instance) -> impl Iterator<Item = (&Value, Reach)> {
    let fields = instance.values.as_fields();
    let field = move |name: &str| fields.and_then(|fields| fields.get(name));
    let global = GLOBAL.iter().filter_map(move |name| Some((field(name)?, Reach::Global)));
    let local = LOCAL.iter().filter_map(move |name| Some((field(name)?, Reach::Local)));
    global.chain(local)
}

/// Whether a name of the instance comes from outside and may therefore be any text.
pub(super) fn has_open_name(instance: &Instance) -> bool {
    identities(instance).any(|(value, _)| {
        value.as_unknown().is_some_and(|unknown| match &unknown.knowledge {
            Knowledge::Symbol(_)
            | Knowledge::Json(_)
            | Knowledge::Yaml(_)
            | Knowledge::Base64(_)
            | Knowledge::Members(_) => false,
            Knowledge::Nothing | Knowledge::Template(_) | Knowledge::OneOf(_) => true,
        })
    })
}

/// Whether a symbol's attribute is another thing's id that the instance merely shows: `aws_subnet.a.vpc_id` is not the subnet.
pub(super) fn names_another(attribute: &str) -> bool {
    let last = attribute.rsplit('.').next().unwrap_or(attribute);
    last.starts_with("default_")
        || last.starts_with("main_")
        || matches!(
            last,
            "vpc_id"
                | "subnet_id"
                | "subnet_ids"
                | "owner_id"
                | "kms_key_id"
                | "kms_key_arn"
                | "role_arn"
                | "cluster_security_group_id"
                | "primary_network_interface_id"
                | "network_interface_id"
                | "source_security_group_id"
                | "secret_arn"
                | "private_ip"
                | "public_ip"
                | "hosted_zone_id"
        )
}

/// The provider family, in which `google` and `google-beta` are one.
pub(super) fn family(source: &str) -> &str {
    let name = source.rsplit('/').next().unwrap_or(source);
    name.strip_suffix("-beta").unwrap_or(name)
}

/// Names inside longer identifiers, such as the bucket in `arn:aws:s3:::logs/*` or the network in `projects/p/global/networks/n`.
pub(super) fn names_within(text: &str) -> Vec<&str> {
    let resource = if text.starts_with("arn:") {
        text.splitn(6, ':').nth(5)
    } else if text.starts_with("/subscriptions/") || text.starts_with("projects/") || text.starts_with("https://") {
        text.rsplit('/').next()
    } else if text.split('/').next().is_some_and(|service| service.ends_with(".googleapis.com")) {
        // Google's sinks write a folder in a bucket after its name, and projects before other names.
        let path = text.split_once('/').map(|(_, path)| path);
        if text.starts_with("storage.") { path.and_then(|path| path.split('/').next()) } else { path }
    } else {
        None
    };
    let Some(resource) = resource else { return Vec::new() };
    let resource = resource.strip_suffix("/*").or_else(|| resource.strip_suffix(":*")).unwrap_or(resource);
    let mut names = vec![resource];
    names.extend(resource.split(['/', ':']).next().filter(|_| text.starts_with("arn:aws:s3:")));
    names.extend(resource.split_once([':', '/']).map(|(_, name)| name));
    names.extend(resource.rsplit(['/', ':']).next());
    names.sort_unstable();
    names.dedup();
    names.retain(|name| !name.is_empty() && *name != "*");
    names
}
