//! `aws_eip` and its associations: who has a public address of their own.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::super::address::AddressSet;
use super::super::super::bounds::Bounds;
use super::super::super::build::{Builder, Item};
use super::super::super::reading::field;
use super::host::Public;
use super::instance::known_addresses;
use crate::value::Reason;

/// Elastic addresses by the key of who has them.
#[derive(Debug, Default)]
pub(super) struct Addresses {
    by_host: BTreeMap<Arc<str>, Public>,
}

const HOSTS: &[&str] = &["aws_instance", "aws_network_interface"];

impl Addresses {
    pub(super) fn of(builder: &Builder<'_, '_>) -> Self {
        let mut found = Self::default();
        for item in builder.items(&["aws_eip"]) {
            let address = known_addresses(&[field(&item.instance.values, "public_ip")]);
            for name in ["instance", "network_interface"] {
                found.note(builder, item, name, address.as_ref());
            }
        }
        for item in builder.items(&["aws_eip_association"]) {
            let eip = builder.refers(item, "allocation_id", &["aws_eip"]).only().and_then(|key| builder.item(key));
            let address = eip.and_then(|eip| known_addresses(&[field(&eip.instance.values, "public_ip")]));
            for name in ["instance_id", "network_interface_id"] {
                found.note(builder, item, name, address.as_ref());
            }
        }
        found
    }

    fn note(&mut self, builder: &Builder<'_, '_>, item: Item<'_>, name: &str, address: Option<&AddressSet>) {
        let (exists, doubts) = builder.existence(item);
        let hosts = builder.refers(item, name, HOSTS);
        for (host, certain) in hosts.all() {
            let doubts = match certain {
                true => doubts.clone(),
                false => super::doubts(&hosts, &format!("who has {}", builder.key(item))),
            };
            let exists = Bounds { must: exists.must && certain, may: true };
            let public = Public { exists, doubts: doubts.clone(), address: address.cloned() };
            match self.by_host.get_mut(host) {
                Some(known) if known.exists.must => {}
                Some(known) => *known = public,
                None => drop(self.by_host.insert(host.clone(), public)),
            }
        }
        let _: &[Reason] = &hosts.open;
    }

    /// The public address of who is called by any of these keys.
    pub(super) fn of_host(&self, keys: &[Arc<str>]) -> Option<Public> {
        keys.iter().find_map(|key| self.by_host.get(key).cloned())
    }
}
