//! `aws_launch_template` and `aws_launch_configuration`: what instances are made from.

use super::super::super::build::{Builder, Item};
use super::super::super::reading::{entries, field};
use crate::value::Value;

const TYPES: &[&str] = &["aws_launch_template", "aws_launch_configuration"];

/// The template that an instance or group is made from.
pub(super) fn of<'r>(builder: &Builder<'_, 'r>, item: Item<'_>) -> Option<Item<'r>> {
    let values = &item.instance.values;
    let mut ids: Vec<&Value> = field(values, "launch_configuration").into_iter().collect();
    let mut blocks: Vec<&Value> = entries(field(values, "launch_template")).entries.iter().map(|it| it.value).collect();
    for policy in entries(field(values, "mixed_instances_policy")).entries {
        for template in entries(field(policy.value, "launch_template")).entries {
            let specification = entries(field(template.value, "launch_template_specification"));
            blocks.extend(specification.entries.iter().map(|it| it.value));
        }
    }
    for block in blocks {
        ids.extend(
            ["id", "launch_template_id", "name", "launch_template_name"].iter().find_map(|name| field(block, name)),
        );
    }
    let found = ids.into_iter().find_map(|id| builder.references(item, Some(id), TYPES).certain.first().cloned());
    builder.item(&found?)
}

/// The first interface that a template describes.
pub(super) fn interface_block<'r>(template: Option<Item<'r>>) -> Option<&'r Value> {
    let blocks = field(&template?.instance.values, "network_interfaces")?;
    entries(Some(blocks)).entries.first().map(|entry| entry.value)
}
