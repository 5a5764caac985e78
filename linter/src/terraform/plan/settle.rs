//! Symbols of the configuration that the plan knows the value of.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::path;
use crate::terraform::Instance;
use crate::value::{Fields, Kind, Knowledge, Member, Object, Symbol, TemplatePart, Unknown, Value};

/// Values nested deeper are left as they are.
const MAX_DEPTH: usize = 200;

/// What a plan knows, by address.
pub(super) struct Settled<'p> {
    instances: FxHashMap<&'p str, &'p Value>,
}

impl<'p> Settled<'p> {
    pub(super) fn new(instances: &'p [Instance]) -> Self {
        Self { instances: instances.iter().map(|instance| (&*instance.address, &instance.values)).collect() }
    }

    /// The value of a symbol, if the plan knows it.
    fn known(&self, symbol: &Symbol) -> Option<&'p Value> {
        let mut value: &Value = self.instances.get(&*symbol.address)?;
        for step in path::steps(&symbol.attribute) {
            value = match (value.as_fields(), value.as_items(), step.parse::<usize>()) {
                (Some(fields), _, _) => fields.get(step)?,
                (None, Some(items), Ok(index)) => items.get(index)?,
                _ => return None,
            };
        }
        (!value.is_unknown()).then_some(value)
    }

    /// The value with every symbol the plan knows replaced, shadows included.
    pub(super) fn settle(&self, value: &Value) -> Value {
        self.at_depth(value, 0)
    }

    fn at_depth(&self, value: &Value, depth: usize) -> Value {
        if depth > MAX_DEPTH || value.is_wholly_known() {
            return value.clone();
        }
        let inner = |value: &Value| self.at_depth(value, depth + 1);
        let items = |items: &Arc<[Value]>| items.iter().map(inner).collect::<Arc<[Value]>>();
        let fields =
            |fields: &Fields| fields.iter().map(|(name, value)| (name.clone(), inner(value))).collect::<Fields>();
        let kind = match &value.kind {
            Kind::Unknown(unknown) => return self.unknown(value, unknown, depth),
            Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => value.kind.clone(),
            Kind::List(ty, list) => Kind::List(ty.clone(), items(list)),
            Kind::Set(ty, set) => Kind::Set(ty.clone(), items(set)),
            Kind::Tuple(tuple) => Kind::Tuple(items(tuple)),
            Kind::Map(ty, map) => Kind::Map(ty.clone(), Arc::new(fields(map))),
            Kind::Object(object) => {
                Kind::Object(Arc::new(Object { fields: fields(&object.fields), identity: object.identity.clone() }))
            }
        };
        Value { kind, marks: value.marks, origin: value.origin.clone() }
    }

    fn unknown(&self, value: &Value, unknown: &Unknown, depth: usize) -> Value {
        let inner = |value: &Value| self.at_depth(value, depth + 1);
        let knowledge = match &unknown.knowledge {
            Knowledge::Nothing => return value.clone(),
            Knowledge::Symbol(symbol) => {
                return match self.known(symbol) {
                    Some(known) => known.clone().marked(value.marks).from_origin(value.origin.clone()),
                    None => value.clone(),
                };
            }
            Knowledge::Template(parts) => Knowledge::Template(
                parts
                    .iter()
                    .map(|part| match part {
                        TemplatePart::Text(text) => TemplatePart::Text(text.clone()),
                        TemplatePart::Hole(hole) => match inner(hole) {
                            known if known.as_str().is_some() => {
                                TemplatePart::Text(known.as_str().unwrap_or("").into())
                            }
                            hole => TemplatePart::Hole(hole),
                        },
                    })
                    .collect(),
            ),
            Knowledge::Json(shadow) => Knowledge::Json(Arc::new(inner(shadow))),
            Knowledge::Yaml(shadow) => Knowledge::Yaml(Arc::new(inner(shadow))),
            Knowledge::Base64(shadow) => Knowledge::Base64(Arc::new(inner(shadow))),
            Knowledge::OneOf(values) => Knowledge::OneOf(values.iter().map(inner).collect()),
            Knowledge::Members(members) => Knowledge::Members(
                members
                    .iter()
                    .map(|member| Member {
                        value: inner(&member.value),
                        key: member.key.as_ref().map(inner),
                        ..*member
                    })
                    .collect(),
            ),
        };
        let unknown = Unknown { knowledge, ..unknown.clone() };
        Value { kind: Kind::Unknown(Arc::new(unknown)), marks: value.marks, origin: value.origin.clone() }
    }
}
