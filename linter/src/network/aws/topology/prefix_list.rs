//! Prefix lists as destinations of routes.

use std::sync::Arc;

use super::super::super::build::{Builder, Item, Range};
use super::super::super::model::{Region, Version};
use super::super::super::reading::{entries, field};
use crate::value::{Reason, Value};

const TYPES: &[&str] = &["aws_ec2_managed_prefix_list"];

/// The ranges of the list that an id names; one that is not known where the list is not managed here.
pub(super) fn ranges(builder: &Builder<'_, '_>, item: Item<'_>, id: &Value) -> Vec<Range> {
    let lists = builder.references(item, Some(id), TYPES);
    let Some(list) = lists.only().and_then(|key| builder.item(key)) else {
        return vec![unknown(item, id)];
    };
    if list.instance.mode == crate::terraform::Mode::Data {
        return vec![unknown(list, id)];
    }
    let key = builder.key(list);
    let mut found = Vec::new();
    for entry in entries(field(&list.instance.values, "entry")).entries {
        found.extend(field(entry.value, "cidr").map(|cidr| builder.range(list, cidr, version_of(cidr))));
    }
    for entry in builder.items(&["aws_ec2_managed_prefix_list_entry"]) {
        if builder.refers(entry, "prefix_list_id", TYPES).certain.contains(&key) {
            let cidr = field(&entry.instance.values, "cidr");
            found.extend(cidr.map(|cidr| builder.range(entry, cidr, version_of(cidr))));
        }
    }
    let open = entries(field(&list.instance.values, "entry")).others;
    found.extend(open.map(|reasons| Builder::unknown_range(Version::V4, reasons)));
    found
}

fn version_of(cidr: &Value) -> Version {
    if cidr.as_str().is_some_and(|text| text.contains(':')) { Version::V6 } else { Version::V4 }
}

/// A list of AWS's own is a service's: nobody else's addresses are in it.
fn unknown(item: Item<'_>, id: &Value) -> Range {
    let values = &item.instance.values;
    let name = field(values, "name").and_then(Value::as_str).filter(|name| name.starts_with("com.amazonaws."));
    let of_service = name.map(|name| {
        let key: Arc<str> = format!("service {name}").into();
        let region = Region::default().named(&key, Version::V4);
        Range { region, length: (0, 32), text: key, doubts: [].into() }
    });
    of_service.unwrap_or_else(|| {
        let why = Reason::Error(format!("the prefix list {} is not known", id.as_str().unwrap_or("of a route")).into());
        Builder::unknown_range(Version::V4, [why].into())
    })
}
