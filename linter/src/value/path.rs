//! Ways into values.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use super::{Fields, Kind, Value};

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PathStep {
    /// An attribute of an object.
    Attribute(Arc<str>),
    /// An entry of a map.
    Key(Arc<str>),
    /// An item of a list, set or tuple, from 0.
    Index(usize),
}

/// A way into a value, outermost step first: `ingress[0].cidr_blocks[1]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(pub Vec<PathStep>);

impl Path {
    /// This way and one step more.
    #[must_use]
    pub fn with(&self, step: PathStep) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                PathStep::Attribute(name) => {
                    f.write_str(if position == 0 { "" } else { "." })?;
                    f.write_str(name)?;
                }
                PathStep::Key(key) => write!(f, "[{key:?}]")?,
                PathStep::Index(index) => {
                    f.write_char('[')?;
                    write!(f, "{index}]")?;
                }
            }
        }
        Ok(())
    }
}

impl Value {
    /// The same value with each of its parts, itself included, changed by what `change` makes of it and its way.
    /// Parts are visited before what holds them.
    #[must_use]
    pub fn map_parts(&self, change: &mut dyn FnMut(&Path, Self) -> Self) -> Self {
        map_below(self, &mut Path::default(), change)
    }
}

fn map_below(value: &Value, path: &mut Path, change: &mut dyn FnMut(&Path, Value) -> Value) -> Value {
    let kind = match &value.kind {
        Kind::Unknown(_) | Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => value.kind.clone(),
        Kind::List(ty, items) => Kind::List(ty.clone(), map_items(items, path, change)),
        Kind::Set(ty, items) => Kind::Set(ty.clone(), map_items(items, path, change)),
        Kind::Tuple(items) => Kind::Tuple(map_items(items, path, change)),
        Kind::Map(ty, fields) => Kind::Map(ty.clone(), Arc::new(map_fields(fields, PathStep::Key, path, change))),
        Kind::Object(object) => Kind::Object(Arc::new(super::Object {
            fields: map_fields(&object.fields, PathStep::Attribute, path, change),
            identity: object.identity.clone(),
        })),
    };
    change(path, Value { kind, marks: value.marks, origin: value.origin.clone() })
}

fn map_items(items: &[Value], path: &mut Path, change: &mut dyn FnMut(&Path, Value) -> Value) -> Arc<[Value]> {
    let mut changed = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        path.0.push(PathStep::Index(index));
        changed.push(map_below(item, path, change));
        path.0.pop();
    }
    changed.into()
}

fn map_fields(
    fields: &Fields,
    step: fn(Arc<str>) -> PathStep,
    path: &mut Path,
    change: &mut dyn FnMut(&Path, Value) -> Value,
) -> Fields {
    let mut changed = Fields::new();
    for (name, value) in fields {
        path.0.push(step(name.clone()));
        changed.insert(name.clone(), map_below(value, path, change));
        path.0.pop();
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_are_written_as_references() {
        let value = Value::object(Fields::from([(
            "ingress".into(),
            Value::tuple([Value::object(Fields::from([("tags".into(), Value::tuple(["x".into()]))]))]),
        )]));
        let mut seen = Vec::new();
        let same = value.map_parts(&mut |path, part| {
            seen.push(path.to_string());
            part
        });
        assert_eq!(same.to_json(), value.to_json());
        assert_eq!(seen, ["ingress[0].tags[0]", "ingress[0].tags", "ingress[0]", "ingress", ""]);
        let path = Path(vec![PathStep::Attribute("tags".into()), PathStep::Key("a b".into())]);
        assert_eq!(path.to_string(), "tags[\"a b\"]");
    }
}
