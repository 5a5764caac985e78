//! What a value of one instance says about another: keys, as far as they are known.

use std::sync::Arc;

use super::super::bounds::Bounds;
use super::super::reading::entries;
use super::{Builder, Item};
use crate::graph::canonical_type;
use crate::terraform::{Instance, Mode};
use crate::value::{Knowledge, Reason, Value};

/// What a value refers to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// It refers to these.
    pub certain: Vec<Arc<str>>,
    /// It may refer to these.
    pub possible: Vec<Arc<str>>,
    /// Why it may refer to anything else; empty if it does not.
    pub open: Vec<Reason>,
}

impl References {
    /// All keys, with whether they are certain.
    pub fn all(&self) -> impl Iterator<Item = (&Arc<str>, bool)> {
        self.certain.iter().map(|key| (key, true)).chain(self.possible.iter().map(|key| (key, false)))
    }

    /// The only thing it refers to, if that is certain.
    #[must_use]
    pub fn only(&self) -> Option<&Arc<str>> {
        match (self.certain.as_slice(), self.possible.is_empty(), self.open.is_empty()) {
            ([only], true, true) => Some(only),
            _ => None,
        }
    }

    /// Whether it refers to nothing.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.certain.is_empty() && self.possible.is_empty() && self.open.is_empty()
    }

    fn add(&mut self, key: Arc<str>, certain: bool) {
        let list = if certain { &mut self.certain } else { &mut self.possible };
        if !list.contains(&key) {
            list.push(key);
        }
    }
}

/// Attributes that mean the instance itself.
fn is_identity(attribute: &str) -> bool {
    matches!(attribute, "id" | "arn" | "self_link" | "name" | "allocation_id" | "transit_gateway_attachment_id")
        || matches!(attribute, "dns_name" | "prefix_list_id" | "network_acl_id" | "arn_suffix")
}

/// Deeper nesting of alternatives is not followed.
const MAX_DEPTH: usize = 8;

impl<'g, 'r> Builder<'g, 'r> {
    /// What an attribute of an instance refers to, among these types (`data.` ones are found with them).
    #[must_use]
    pub fn references(&self, item: Item<'_>, value: Option<&Value>, types: &[&str]) -> References {
        let mut found = References::default();
        if let Some(value) = value.filter(|value| !value.is_null()) {
            self.add_references(item.root, value, types, Bounds::YES, MAX_DEPTH, &mut found);
        }
        // An instance that may not exist refers to nothing for certain that others could be sure of, but it itself is
        // known to: what it refers to is certain for it.
        found
    }

    /// What `self.name` of an instance refers to.
    #[must_use]
    pub fn refers(&self, item: Item<'_>, name: &str, types: &[&str]) -> References {
        self.references(item, super::super::reading::field(&item.instance.values, name), types)
    }

    fn add_references(
        &self,
        root: usize,
        value: &Value,
        types: &[&str],
        exists: Bounds<bool>,
        depth: usize,
        found: &mut References,
    ) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let is_collection = value.as_items().is_some();
        if let Some(unknown) = value.as_unknown() {
            match &unknown.knowledge {
                Knowledge::Symbol(_) => {}
                Knowledge::Members(_) => {
                    let list = entries(Some(value));
                    for entry in &list.entries {
                        let exists = if exists.must { entry.exists } else { Bounds::PERHAPS };
                        self.add_references(root, entry.value, types, exists, depth, found);
                    }
                    found.open.extend(list.others.iter().flat_map(|reasons| reasons.iter().cloned()));
                    return;
                }
                Knowledge::OneOf(choices) => {
                    let choices = choices.iter().filter(|choice| !choice.is_null());
                    choices.for_each(|one| self.add_references(root, one, types, Bounds::PERHAPS, depth, found));
                    return;
                }
                Knowledge::Nothing
                | Knowledge::Template(_)
                | Knowledge::Json(_)
                | Knowledge::Yaml(_)
                | Knowledge::Base64(_) => {}
            }
        }
        if is_collection {
            for entry in entries(Some(value)).entries {
                self.add_references(root, entry.value, types, exists, depth, found);
            }
            return;
        }
        self.add_single(root, value, types, exists, found);
    }

    fn add_single(&self, root: usize, value: &Value, types: &[&str], exists: Bounds<bool>, found: &mut References) {
        let Some(input) = self.roots.get(root) else { return };
        let Some(first) = types.first() else { return };
        if let Some(symbol) = value.symbol().filter(|symbol| !is_identity(&symbol.attribute)) {
            // A part of another instance, such as the default security group of a VPC.
            let key = input.joins.key(first, Some(value));
            let part = format!("{}.{}", symbol.address, symbol.attribute).into();
            found.add(self.key_of(root, &key.unwrap_or(part)), exists.must);
            return;
        }
        let resolved = input.graph.resolve(value, None);
        let is_wanted = |instance: &&&Instance| {
            let own = canonical_type(&instance.resource_type);
            types.iter().any(|wanted| *own == **wanted)
        };
        let mut any = false;
        for instance in resolved.certain.iter().filter(is_wanted) {
            found.add(self.key_of(root, &instance.address), exists.must);
            any = true;
        }
        for instance in resolved.possible.iter().filter(is_wanted) {
            found.add(self.key_of(root, &instance.address), false);
            any = true;
        }
        if any {
            found.open.extend(resolved.open);
            return;
        }
        match input.joins.key(first, Some(value)) {
            Some(key) => found.add(self.key_of(root, &key), exists.must),
            None if !resolved.open.is_empty() => found.open.extend(resolved.open),
            None => {
                let reasons = value.as_unknown().map(|unknown| unknown.reasons.to_vec()).unwrap_or_default();
                found.open.extend(reasons);
            }
        }
    }

    /// The instance that a key belongs to.
    #[must_use]
    pub fn item(&self, key: &str) -> Option<Item<'r>> {
        let found = self.roots.iter().enumerate().find_map(|(root, input)| {
            let address = key.strip_prefix(&*input.prefix)?;
            input.graph.instance(address).map(|instance| Item { root, instance })
        });
        found.filter(|item| item.instance.mode == Mode::Managed || key.contains("data."))
    }
}
