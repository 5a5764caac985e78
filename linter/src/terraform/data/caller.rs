//! `aws_region` and `aws_partition`: told by the provider's configuration.

use super::Input;
use crate::value::Value;

/// `data "aws_region"`: the region asked for, else the provider's.
pub(super) fn region(input: &Input<'_>) -> Vec<(&'static str, Value)> {
    let asked = input.get("name").or_else(|| input.get("region"));
    match asked.or_else(|| provider_region(input)) {
        Some(region) => vec![("name", region.clone()), ("id", region.clone()), ("region", region.clone())],
        None => Vec::new(),
    }
}

/// `data "aws_partition"`: told by the region.
pub(super) fn partition(input: &Input<'_>) -> Vec<(&'static str, Value)> {
    let Some(region) = provider_region(input).and_then(Value::as_str) else { return Vec::new() };
    let (partition, suffix) = match region {
        china if china.starts_with("cn-") => ("aws-cn", "amazonaws.com.cn"),
        government if government.starts_with("us-gov-") => ("aws-us-gov", "amazonaws.com"),
        _ => ("aws", "amazonaws.com"),
    };
    vec![("partition", partition.into()), ("id", partition.into()), ("dns_suffix", suffix.into())]
}

fn provider_region<'i>(input: &'i Input<'_>) -> Option<&'i Value> {
    input.provider?.as_fields()?.get("region").filter(|region| !region.is_null())
}
