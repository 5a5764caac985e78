//! MessagePack to values.

use std::collections::BTreeMap;
use std::sync::Arc;

use palisade::value::{Fields, Kind, Number, ObjectAttribute, Path, PathStep, Reason, Type, Unknown, Value, type_json};

use super::{MAX_BYTES, MAX_DEPTH, Malformed, refinement};

/// The value of a type that MessagePack bytes say. Unknown parts give `subject` and their way as the reason.
///
/// # Errors
/// When the bytes are not one value of that type, nested deeper than [`MAX_DEPTH`] or more than [`MAX_BYTES`].
pub fn decode(bytes: &[u8], ty: &Type, subject: &str) -> Result<Value, Malformed> {
    let raw = read(bytes)?;
    Decoder { subject: subject.into(), path: Path::default() }.value(raw, ty)
}

/// The bytes as MessagePack of any form.
pub(super) fn read(bytes: &[u8]) -> Result<rmpv::Value, Malformed> {
    if bytes.len() > MAX_BYTES {
        return Err(Malformed::whole(format!("limit reached: a value of more than {MAX_BYTES} bytes")));
    }
    let mut rest = bytes;
    let raw = rmpv::decode::read_value_with_max_depth(&mut rest, MAX_DEPTH)
        .map_err(|_| Malformed::whole("these bytes are not one value in MessagePack, or nested too deep"))?;
    if rest.is_empty() { Ok(raw) } else { Err(Malformed::whole("bytes follow after the value")) }
}

struct Decoder {
    subject: Arc<str>,
    path: Path,
}

impl Decoder {
    fn value(&mut self, raw: rmpv::Value, ty: &Type) -> Result<Value, Malformed> {
        match raw {
            rmpv::Value::Nil => return Ok(Value::null_of(ty.without_optional())),
            rmpv::Value::Ext(code, payload) => return Ok(self.unknown(ty, code, &payload)),
            _ => {}
        }
        match ty {
            Type::Any => self.open(raw),
            Type::Bool => raw.as_bool().map(Value::from).ok_or_else(|| self.mismatch(ty)),
            Type::Number => number(&raw).map(Value::from).ok_or_else(|| self.mismatch(ty)),
            Type::String => raw.as_str().map(Value::string).ok_or_else(|| self.mismatch(ty)),
            Type::List(item) => {
                let items = self.items(raw, ty, |_| Some(item))?;
                Ok(Kind::List(item.without_optional(), items.into()).into())
            }
            Type::Set(item) => {
                let items = self.items(raw, ty, |_| Some(item))?;
                Ok(Value::set_of(item.without_optional(), items))
            }
            Type::Tuple(types) => {
                let items = self.items(raw, ty, |index| types.get(index))?;
                if items.len() == types.len() { Ok(Value::tuple(items)) } else { Err(self.mismatch(ty)) }
            }
            Type::Map(item) => {
                let mut fields = Fields::new();
                for (key, value) in self.entries(raw, ty)? {
                    let value = self.below(PathStep::Key(key.clone()), |decoder| decoder.value(value, item))?;
                    self.add(&mut fields, key, value)?;
                }
                Ok(Kind::Map(item.without_optional(), Arc::new(fields)).into())
            }
            Type::Object(attributes) => self.object(raw, ty, attributes),
        }
    }

    fn object(
        &mut self,
        raw: rmpv::Value,
        ty: &Type,
        attributes: &BTreeMap<Arc<str>, ObjectAttribute>,
    ) -> Result<Value, Malformed> {
        let mut fields = Fields::new();
        for (name, value) in self.entries(raw, ty)? {
            let Some(attribute) = attributes.get(&name) else {
                return Err(Malformed::at(&self.path, format!("there is no attribute {name:?}")));
            };
            let value = self.below(PathStep::Attribute(name.clone()), |decoder| decoder.value(value, &attribute.ty))?;
            self.add(&mut fields, name, value)?;
        }
        // Providers of other versions leave attributes out.
        for (name, attribute) in attributes {
            fields.entry(name.clone()).or_insert_with(|| Value::null_of(attribute.ty.without_optional()));
        }
        Ok(Value::object(fields))
    }

    fn add(&self, fields: &mut Fields, name: Arc<str>, value: Value) -> Result<(), Malformed> {
        match fields.insert(name.clone(), value) {
            None => Ok(()),
            Some(_) => Err(Malformed::at(&self.path, format!("{name:?} is there twice"))),
        }
    }

    /// A value of open type: a pair of type and value.
    fn open(&mut self, raw: rmpv::Value) -> Result<Value, Malformed> {
        let wrong = |decoder: &Self| Malformed::at(&decoder.path, "a pair of type and value is wanted");
        let rmpv::Value::Array(pair) = raw else { return Err(wrong(self)) };
        let [ty, value] = <[rmpv::Value; 2]>::try_from(pair).map_err(|_| wrong(self))?;
        let ty = ty.as_slice().and_then(type_json::read);
        let ty = ty.ok_or_else(|| Malformed::at(&self.path, "the type of this value cannot be read"))?;
        // A pair within a pair says nothing more, and could go on for ever.
        if ty == Type::Any && !matches!(value, rmpv::Value::Nil | rmpv::Value::Ext(..)) {
            return Err(wrong(self));
        }
        self.value(value, &ty)
    }

    fn items<'t>(
        &mut self,
        raw: rmpv::Value,
        ty: &Type,
        item: impl Fn(usize) -> Option<&'t Type>,
    ) -> Result<Vec<Value>, Malformed> {
        let rmpv::Value::Array(items) = raw else { return Err(self.mismatch(ty)) };
        let mut values = Vec::with_capacity(items.len());
        for (index, raw) in items.into_iter().enumerate() {
            let Some(item) = item(index) else { return Err(self.mismatch(ty)) };
            values.push(self.below(PathStep::Index(index), |decoder| decoder.value(raw, item))?);
        }
        Ok(values)
    }

    fn entries(&self, raw: rmpv::Value, ty: &Type) -> Result<Vec<(Arc<str>, rmpv::Value)>, Malformed> {
        let rmpv::Value::Map(entries) = raw else { return Err(self.mismatch(ty)) };
        let entry = |(key, value): (rmpv::Value, rmpv::Value)| match key.as_str() {
            Some(key) => Ok((Arc::from(key), value)),
            None => Err(Malformed::at(&self.path, "a key is no text")),
        };
        entries.into_iter().map(entry).collect()
    }

    fn below<T>(&mut self, step: PathStep, work: impl FnOnce(&mut Self) -> T) -> T {
        self.path.0.push(step);
        let result = work(self);
        self.path.0.pop();
        result
    }

    fn unknown(&self, ty: &Type, code: i8, payload: &[u8]) -> Value {
        let ty = ty.without_optional();
        let refinement = refinement::read(code, payload);
        if refinement.is_null {
            return Value::null_of(ty);
        }
        let reason = Reason::NotInPlan(Arc::clone(&self.subject), self.path.to_string().into());
        let unknown = Unknown { refinement: refinement.limits, ..Unknown::new(ty, reason) };
        Kind::Unknown(Arc::new(unknown)).into()
    }

    fn mismatch(&self, ty: &Type) -> Malformed {
        Malformed::at(&self.path, format!("this is not encoded as {ty}"))
    }
}

/// A number: an integer, a float, or its decimal text.
pub(super) fn number(raw: &rmpv::Value) -> Option<Number> {
    match raw {
        rmpv::Value::Integer(number) => Number::parse(&number.to_string()),
        rmpv::Value::F32(number) => Number::from_f64(f64::from(*number)),
        rmpv::Value::F64(number) => Number::from_f64(*number),
        rmpv::Value::String(text) => Number::parse(text.as_str()?),
        _ => None,
    }
}
