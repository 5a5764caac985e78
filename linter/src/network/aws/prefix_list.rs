//! `aws_ec2_managed_prefix_list`: named lists of addresses.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::address::AddressSet;
use super::super::bounds::Bounds;
use super::super::filter::{Peer, PeerKind};
use super::super::join::Joins;
use super::super::reading::{Family, entries, field, others, peer};
use crate::terraform::{Instance, Mode};
use crate::value::{Reason, Value};

/// The prefix lists of a root, by address.
#[derive(Debug, Default)]
pub struct PrefixLists {
    lists: BTreeMap<Arc<str>, Vec<Peer>>,
    /// Lists that AWS keeps, by the address of the data source that reads them.
    services: Vec<Arc<str>>,
}

impl PrefixLists {
    /// Reads the lists and their entries.
    #[must_use]
    pub fn of(instances: &[Instance], joins: &Joins) -> Self {
        let mut lists = Self::default();
        for instance in instances {
            match (instance.mode, &*instance.resource_type) {
                (Mode::Managed, "aws_ec2_managed_prefix_list") => {
                    let list = lists.lists.entry(instance.address.clone()).or_default();
                    let blocks = entries(field(&instance.values, "entry"));
                    for block in &blocks.entries {
                        list.extend(field(block.value, "cidr").map(|cidr| peer(cidr, Family::Both)));
                    }
                    list.extend(blocks.others.map(|reasons| others(&reasons, Family::Both, None)));
                }
                (Mode::Managed, "aws_ec2_managed_prefix_list_entry") => {
                    let target = joins.key("aws_ec2_managed_prefix_list", field(&instance.values, "prefix_list_id"));
                    let cidr = field(&instance.values, "cidr").map(|cidr| peer(cidr, Family::Both));
                    if let (Some(target), Some(cidr)) = (target, cidr) {
                        lists.lists.entry(target).or_default().push(cidr);
                    }
                }
                (Mode::Data, "aws_prefix_list" | "aws_ec2_managed_prefix_list") => {
                    let name = field(&instance.values, "name").and_then(Value::as_str);
                    if name.is_some_and(|name| name.starts_with("com.amazonaws.")) {
                        lists.services.push(instance.address.clone());
                    }
                }
                _ => {}
            }
        }
        lists
    }

    /// The addresses of the list that a prefix list id names; entries keep the place of the reference.
    #[must_use]
    pub fn peers(&self, id: &Value, joins: &Joins) -> Vec<Peer> {
        let key = joins.key("aws_ec2_managed_prefix_list", Some(id));
        let origin = id.origin.clone();
        if let Some(list) = key.as_ref().and_then(|key| self.lists.get(key)) {
            return list.iter().map(|entry| Peer { origin: origin.clone(), ..entry.clone() }).collect();
        }
        let shown: Arc<str> = key.unwrap_or_else(|| "unknown prefix list".into());
        let kind = if self.services.contains(&shown) { PeerKind::Service } else { PeerKind::Addresses };
        let reasons = match id.as_unknown() {
            Some(unknown) => unknown.reasons.clone(),
            None => [Reason::DataSource(format!("prefix list {}", id.as_str().unwrap_or("?")).into())].into(),
        };
        let addresses = Bounds { must: AddressSet::empty(), may: AddressSet::world() };
        vec![Peer { addresses, kind, text: shown, reasons, origin }]
    }
}
