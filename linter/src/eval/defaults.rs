//! Defaults of optional object attributes.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::value::{Fields, Kind, Object, Value};

/// The defaults that a type constraint gives for attributes that are left out, at any depth.
#[derive(Clone, Debug, Default)]
pub struct Defaults {
    /// By attribute of the object.
    values: Fields,
    /// For what is inside: by attribute of an object or position in a tuple.
    children: BTreeMap<Arc<str>, Defaults>,
    /// For every item of a collection.
    items: Option<Box<Defaults>>,
}

impl Defaults {
    /// The defaults of a collection whose items have `items`.
    pub(super) fn of_items(items: Self) -> Self {
        if items.is_empty() {
            return Self::default();
        }
        Self { items: Some(Box::new(items)), ..Self::default() }
    }

    pub(super) fn set_value(&mut self, name: Arc<str>, value: Value) {
        self.values.insert(name, value);
    }

    pub(super) fn set_child(&mut self, name: Arc<str>, child: Self) {
        if !child.is_empty() {
            self.children.insert(name, child);
        }
    }

    /// Whether there is no default anywhere.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.children.is_empty() && self.items.is_none()
    }

    /// The value with defaults where attributes are absent or null. Done before the value is converted to the type;
    /// lists and maps may come back as tuples and objects, which the conversion makes lists and maps again.
    #[must_use]
    pub fn apply(&self, value: &Value) -> Value {
        if self.is_empty() {
            return value.clone();
        }
        let kind = match &value.kind {
            Kind::Unknown(_) | Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
                return value.clone();
            }
            Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
                Kind::Tuple(items.iter().enumerate().map(|(idx, item)| self.apply_item(idx, item)).collect())
            }
            Kind::Map(_, fields) => self.apply_fields(fields, None),
            Kind::Object(object) => self.apply_fields(&object.fields, object.identity.clone()),
        };
        Value { kind, marks: value.marks, origin: value.origin.clone() }
    }

    fn apply_item(&self, idx: usize, item: &Value) -> Value {
        match &self.items {
            Some(items) => items.apply(item),
            None if self.children.is_empty() => item.clone(),
            None => self.children.get(idx.to_string().as_str()).map_or_else(|| item.clone(), |child| child.apply(item)),
        }
    }

    fn apply_fields(&self, fields: &Fields, identity: Option<Arc<str>>) -> Kind {
        let inside = |name: &Arc<str>, value: &Value| match (&self.items, self.children.get(name)) {
            (Some(items), _) => items.apply(value),
            (None, Some(child)) => child.apply(value),
            (None, None) => value.clone(),
        };
        let mut fields: Fields = fields.iter().map(|(name, value)| (name.clone(), inside(name, value))).collect();
        for (name, default) in &self.values {
            if fields.get(name).is_none_or(Value::is_null) {
                fields.insert(name.clone(), inside(name, default));
            }
        }
        Kind::Object(Arc::new(Object { fields, identity }))
    }
}
