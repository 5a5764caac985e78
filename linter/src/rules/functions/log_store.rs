//! Where logs end up.

use std::sync::Arc;

use super::{RuleFunction, Surroundings, anything};
use crate::eval::functions::{Call, FunctionError, Signature};
use crate::rules::scope::unknown_because;
use crate::terraform::Instance;
use crate::value::{Kind, Reason, Type, Value};

/// Attributes that name the store a service writes its logs to.
const WRITERS: &[(&str, &str)] = &[
    ("aws_cloudtrail", "s3_bucket_name"),
    ("aws_config_delivery_channel", "s3_bucket_name"),
    ("aws_elb", "access_logs.bucket"),
    ("aws_flow_log", "log_destination"),
    ("aws_lb", "access_logs.bucket"),
    ("aws_lb", "connection_logs.bucket"),
    ("aws_alb", "access_logs.bucket"),
    ("aws_cloudfront_distribution", "logging_config.bucket"),
    ("aws_redshift_logging", "bucket_name"),
    ("aws_s3_bucket_logging", "target_bucket"),
    ("aws_s3_bucket", "logging.target_bucket"),
    ("azurerm_monitor_diagnostic_setting", "storage_account_id"),
    ("azurerm_network_watcher_flow_log", "storage_account_id"),
    ("google_logging_project_sink", "destination"),
    ("google_logging_folder_sink", "destination"),
    ("google_logging_organization_sink", "destination"),
    ("google_storage_bucket", "logging.log_bucket"),
];

pub(super) const FUNCTIONS: &[RuleFunction] = &[RuleFunction::new(
    "is_log_store",
    &[anything("instance")],
    Signature::Bool,
    "Whether a service in the root writes its logs to this bucket or storage account. False for null.",
    is_log_store,
)];

fn is_log_store(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let given = call.value(0)?;
    if given.is_null() {
        return Ok(false.into());
    }
    if let Some(unknown) = given.as_unknown() {
        return Ok(Kind::Unknown(Arc::new(unknown_because(Type::Bool, &unknown.reasons))).into());
    }
    let instance = around.instance(call, 0)?;
    let spelling = spelling(instance);
    let mut open: Vec<Reason> = Vec::new();
    for (resource_type, path) in WRITERS {
        let found = around.facts.graph.related(instance, resource_type, path);
        if !found.certain.is_empty() || is_spelled_out(around, &spelling, resource_type, path) {
            return Ok(true.into());
        }
        // A destination that is not known could be any bucket: that alone makes none of them a log store.
        if let Some(writer) = found.possible.first().filter(|_| found.reasons.is_empty()) {
            open.push(Reason::InstanceKey(writer.address.clone()));
        }
    }
    if open.is_empty() {
        return Ok(false.into());
    }
    Ok(Kind::Unknown(Arc::new(unknown_because(Type::Bool, &open))).into())
}

/// Writers that name a store by more than its name or reference.
const SPELLERS: &[&str] =
    &["aws_flow_log", "google_logging_project_sink", "google_logging_folder_sink", "google_logging_organization_sink"];

/// Whether a writer of this type spells out the store as text.
fn is_spelled_out(
    around: &Surroundings<'_, '_, '_>,
    spelling: &Option<String>,
    resource_type: &str,
    path: &str,
) -> bool {
    let Some(store) = spelling.as_deref().filter(|_| SPELLERS.contains(&resource_type)) else { return false };
    let mut writers = around.facts.graph.of_type(resource_type);
    writers.any(|writer| texts_at(&writer.values, path).iter().any(|text| names(text, store)))
}

/// How log services write the name of a store that is known: Google's sinks and AWS's flow logs do not use the bare name.
fn spelling(store: &Instance) -> Option<String> {
    let field = |name: &str| store.values.as_fields()?.get(name)?.as_str().map(str::to_owned);
    match &*store.resource_type {
        "google_storage_bucket" => field("name").map(|name| format!("storage.googleapis.com/{name}")),
        "aws_s3_bucket" => field("bucket").map(|name| format!("arn:aws:s3:::{name}")),
        _ => None,
    }
}

/// Whether a destination is the store or a folder in it.
fn names(destination: &str, store: &str) -> bool {
    destination.strip_prefix(store).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The known texts at a path, through lists of blocks.
fn texts_at<'v>(values: &'v Value, path: &str) -> Vec<&'v str> {
    let mut found = vec![values];
    for step in path.split('.') {
        let items = found.into_iter().flat_map(|value| value.as_items().unwrap_or(std::slice::from_ref(value)));
        found = items.filter_map(|value| value.as_fields()?.get(step)).collect();
    }
    found.into_iter().filter_map(Value::as_str).collect()
}
