//! Finding the instance that a value names.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::terraform::{Instance, Mode};
use crate::value::{Symbol, Value};

/// Instances by what other instances call them.
#[derive(Debug, Default)]
pub struct Joins {
    /// By a known id, ARN or link.
    ids: FxHashMap<Arc<str>, Arc<str>>,
    /// By type and known name; empty when several have it.
    names: FxHashMap<(Arc<str>, Arc<str>), Arc<str>>,
    /// Instances that adopt a part of another: `aws_vpc.main.default_network_acl_id` is an `aws_default_network_acl`.
    adopted: FxHashMap<Arc<str>, Arc<str>>,
}

impl Joins {
    /// Reads what the instances are called.
    #[must_use]
    pub fn of(instances: &[Instance]) -> Self {
        let mut joins = Self::default();
        for instance in instances {
            let Some(fields) = instance.values.as_fields() else { continue };
            for name in ["id", "arn", "self_link"] {
                if let Some(id) = fields.get(name).and_then(Value::as_str) {
                    joins.ids.insert(id.into(), instance.address.clone());
                }
            }
            let adopted = match &*instance.resource_type {
                "aws_default_network_acl" => part(fields.get("default_network_acl_id"), None),
                "aws_default_security_group" => part(fields.get("vpc_id"), Some("default_security_group_id")),
                _ => None,
            };
            if let Some(adopted) = adopted {
                joins.adopted.insert(adopted, instance.address.clone());
            }
            if instance.mode == Mode::Managed
                && let Some(name) = fields.get("name").and_then(Value::as_str)
            {
                let key = (instance.resource_type.clone(), Arc::from(name));
                joins
                    .names
                    .entry(key)
                    .and_modify(|known| *known = "".into())
                    .or_insert_with(|| instance.address.clone());
            }
        }
        joins
    }

    /// The address of the instance that an id, ARN, link or name belongs to, or a stand-in that is the same for the same
    /// text; `None` when the value is unknown and no attribute of one instance.
    #[must_use]
    pub fn key(&self, resource_type: &str, value: Option<&Value>) -> Option<Arc<str>> {
        let value = value?;
        if let Some(symbol) = value.symbol() {
            return Some(self.symbol_key(symbol));
        }
        if let Some(identity) = value.identity() {
            return Some(identity.clone());
        }
        let text = value.as_str()?;
        if let Some(address) = self.ids.get(text) {
            return Some(address.clone());
        }
        let name = text.rsplit('/').next().unwrap_or(text);
        let named = self.names.get(&(resource_type.into(), name.into())).filter(|address| !address.is_empty());
        Some(named.cloned().unwrap_or_else(|| format!("{resource_type}:{name}").into()))
    }

    /// The address of the instance that a symbol means: itself, or what adopts the part of it that the symbol names.
    #[must_use]
    pub fn symbol_key(&self, symbol: &Symbol) -> Arc<str> {
        if matches!(&*symbol.attribute, "id" | "arn" | "self_link" | "name") {
            return symbol.address.clone();
        }
        let part: Arc<str> = format!("{}.{}", symbol.address, symbol.attribute).into();
        self.adopted.get(&part).cloned().unwrap_or(part)
    }
}

/// What an attribute of an instance is called: the attribute of the value itself, or another of the same instance.
fn part(value: Option<&Value>, attribute: Option<&str>) -> Option<Arc<str>> {
    let symbol = value?.symbol()?;
    Some(format!("{}.{}", symbol.address, attribute.unwrap_or(&symbol.attribute)).into())
}
