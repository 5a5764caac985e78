//! Values to MessagePack.

use std::collections::BTreeMap;
use std::sync::Arc;

use palisade::value::{Fields, Kind, Number, ObjectAttribute, Path, PathStep, Type, Value, type_json};

use super::{MAX_DEPTH, Malformed, refinement};

/// The bytes of a value as one of type `ty`. Marks are left out: the wire has none.
///
/// # Errors
/// When the value has no counterpart in the type: then convert it first.
pub fn encode(value: &Value, ty: &Type) -> Result<Vec<u8>, Malformed> {
    let raw = raw(value, ty)?;
    write(&raw)
}

/// The value as MessagePack of the type.
pub(super) fn raw(value: &Value, ty: &Type) -> Result<rmpv::Value, Malformed> {
    Encoder { path: Path::default() }.value(value, ty)
}

/// The bytes of MessagePack.
pub(super) fn write(raw: &rmpv::Value) -> Result<Vec<u8>, Malformed> {
    let mut bytes = Vec::new();
    rmpv::encode::write_value(&mut bytes, raw).map_err(|error| Malformed::whole(error.to_string()))?;
    Ok(bytes)
}

/// A number in the shortest form that keeps it exact; `None` if it is too long to be written.
pub(super) fn number_value(number: &Number) -> Option<rmpv::Value> {
    let float = number.to_f64();
    if number.is_zero() && number.is_negative() {
        return Some(rmpv::Value::F64(float));
    }
    if let Some(whole) = number.to_i64() {
        return Some(whole.into());
    }
    if Number::from_f64(float).as_ref() == Some(number) {
        return Some(rmpv::Value::F64(float));
    }
    number.to_text().map(rmpv::Value::from)
}

struct Encoder {
    path: Path,
}

impl Encoder {
    fn value(&mut self, value: &Value, ty: &Type) -> Result<rmpv::Value, Malformed> {
        if self.path.0.len() > MAX_DEPTH {
            return Err(Malformed::whole(format!("limit reached: nested deeper than {MAX_DEPTH}")));
        }
        if *ty == Type::Any && value.type_of() != Type::Any {
            return self.open(value);
        }
        match (&value.kind, ty) {
            (Kind::Unknown(unknown), _) => Ok(refinement::write(&unknown.refinement)),
            (Kind::Null(_), _) => Ok(rmpv::Value::Nil),
            (Kind::Bool(value), Type::Bool) => Ok((*value).into()),
            (Kind::Number(number), Type::Number) => {
                number_value(number).ok_or_else(|| Malformed::at(&self.path, "limit reached: digits in a number"))
            }
            (Kind::String(text), Type::String) => Ok(rmpv::Value::from(&**text)),
            (Kind::List(_, items) | Kind::Tuple(items), Type::List(item))
            | (Kind::List(_, items) | Kind::Tuple(items) | Kind::Set(_, items), Type::Set(item)) => {
                self.items(items, |_| Some(item))
            }
            // Collections without a common item type are written as the tuple or object that Terraform takes them for.
            (Kind::Tuple(items) | Kind::List(_, items) | Kind::Set(_, items), Type::Tuple(types))
                if items.len() == types.len() =>
            {
                self.items(items, |index| types.get(index))
            }
            (Kind::Map(_, fields), Type::Map(item)) => self.entries(fields, PathStep::Key, |_| Some(item)),
            (Kind::Object(object), Type::Map(item)) => self.entries(&object.fields, PathStep::Key, |_| Some(item)),
            (Kind::Object(object), Type::Object(attributes)) => self.object(&object.fields, attributes),
            (Kind::Map(_, fields), Type::Object(attributes)) => self.object(fields, attributes),
            (
                Kind::Bool(_)
                | Kind::Number(_)
                | Kind::String(_)
                | Kind::List(..)
                | Kind::Set(..)
                | Kind::Tuple(_)
                | Kind::Map(..)
                | Kind::Object(_),
                _,
            ) => Err(Malformed::at(&self.path, format!("{ty} is wanted, not {}", value.type_of().friendly()))),
        }
    }

    /// A value of open type: a pair of type and value.
    fn open(&mut self, value: &Value) -> Result<rmpv::Value, Malformed> {
        let ty = closed_type(value);
        let inner = self.value(value, &ty)?;
        Ok(rmpv::Value::Array(vec![rmpv::Value::Binary(type_json::write(&ty)), inner]))
    }

    fn object(
        &mut self,
        fields: &Fields,
        attributes: &BTreeMap<Arc<str>, ObjectAttribute>,
    ) -> Result<rmpv::Value, Malformed> {
        if let Some(name) = fields.keys().find(|name| !attributes.contains_key(*name)) {
            return Err(Malformed::at(&self.path, format!("there is no attribute {name:?}")));
        }
        let mut entries = Vec::with_capacity(attributes.len());
        for (name, attribute) in attributes {
            let value = match fields.get(name) {
                Some(value) => {
                    let step = PathStep::Attribute(name.clone());
                    self.below(step, |encoder| encoder.value(value, &attribute.ty))?
                }
                None => rmpv::Value::Nil,
            };
            entries.push((rmpv::Value::from(&**name), value));
        }
        Ok(rmpv::Value::Map(entries))
    }

    fn items<'t>(&mut self, items: &[Value], ty: impl Fn(usize) -> Option<&'t Type>) -> Result<rmpv::Value, Malformed> {
        let mut encoded = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let ty = ty(index).unwrap_or(&Type::Any);
            encoded.push(self.below(PathStep::Index(index), |encoder| encoder.value(item, ty))?);
        }
        Ok(rmpv::Value::Array(encoded))
    }

    fn entries<'t>(
        &mut self,
        fields: &Fields,
        step: fn(Arc<str>) -> PathStep,
        ty: impl Fn(&str) -> Option<&'t Type>,
    ) -> Result<rmpv::Value, Malformed> {
        let mut entries = Vec::with_capacity(fields.len());
        for (name, value) in fields {
            let ty = ty(name).unwrap_or(&Type::Any);
            let value = self.below(step(name.clone()), |encoder| encoder.value(value, ty))?;
            entries.push((rmpv::Value::from(&**name), value));
        }
        Ok(rmpv::Value::Map(entries))
    }

    fn below<T>(&mut self, step: PathStep, work: impl FnOnce(&mut Self) -> T) -> T {
        self.path.0.push(step);
        let result = work(self);
        self.path.0.pop();
        result
    }
}

/// The type that is written beside a value of open type. A collection whose items have no common type is a tuple or an
/// object to Terraform, so it is called one.
fn closed_type(value: &Value) -> Type {
    match &value.kind {
        Kind::List(item, items) | Kind::Set(item, items) if item.has_any() && !items.is_empty() => {
            Type::Tuple(items.iter().map(closed_type).collect())
        }
        Kind::Tuple(items) => Type::Tuple(items.iter().map(closed_type).collect()),
        Kind::Map(item, fields) if item.has_any() && !fields.is_empty() => object_type(fields),
        Kind::Object(object) => object_type(&object.fields),
        Kind::Unknown(_)
        | Kind::Null(_)
        | Kind::Bool(_)
        | Kind::Number(_)
        | Kind::String(_)
        | Kind::List(..)
        | Kind::Set(..)
        | Kind::Map(..) => value.type_of(),
    }
}

fn object_type(fields: &Fields) -> Type {
    let attribute = |(name, value): (&Arc<str>, &Value)| (name.clone(), ObjectAttribute::required(closed_type(value)));
    Type::Object(Arc::new(fields.iter().map(attribute).collect()))
}
