//! Values in MessagePack, as plans and plugins carry them.
//!
//! Unknown values are extension types (0 plain, 12 with limits, which are not read). Lists, sets and tuples look alike,
//! so do maps and objects; numbers that fit no float are text; a value of open type is a pair of type and value.

use super::raw::{Budget, Names};
use crate::value::{Fields, Number, Reason, Type, Value, convert, type_json};

/// Values nested deeper are refused.
const MAX_DEPTH: usize = 128;
/// Larger values are refused: each byte may ask for forty in memory while it is read.
const MAX_BYTES: usize = 8 << 20;

/// Why bytes are no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::terraform) enum Malformed {
    /// No MessagePack, or nested too deep.
    Encoding,
    /// Too large, or the budget is spent.
    TooMany,
}

/// The value; lists are tuples, maps are objects, unknown parts are unknown for a reason to be filled in.
///
/// # Errors
/// When the bytes are not one value in MessagePack, nested too deep, too many, or more than the budget allows.
pub(in crate::terraform) fn value(bytes: &[u8], names: &mut Names, budget: &Budget) -> Result<Value, Malformed> {
    if bytes.len() > MAX_BYTES {
        return Err(Malformed::TooMany);
    }
    let mut rest = bytes;
    let raw = rmpv::decode::read_value_with_max_depth(&mut rest, MAX_DEPTH).map_err(|_| Malformed::Encoding)?;
    if rest.is_empty() { Reader { names, budget }.plain(raw) } else { Err(Malformed::Encoding) }
}

struct Reader<'r> {
    names: &'r mut Names,
    budget: &'r Budget,
}

impl Reader<'_> {
    fn plain(&mut self, raw: rmpv::Value) -> Result<Value, Malformed> {
        if !self.budget.spend(1) {
            return Err(Malformed::TooMany);
        }
        Ok(match raw {
            rmpv::Value::Nil => Value::null(),
            rmpv::Value::Boolean(value) => value.into(),
            rmpv::Value::Integer(number) => number_value(&number.to_string()),
            rmpv::Value::F32(number) => Number::from_f64(f64::from(number)).map_or_else(Value::null, Value::from),
            rmpv::Value::F64(number) => Number::from_f64(number).map_or_else(Value::null, Value::from),
            rmpv::Value::String(text) => Value::string(String::from_utf8_lossy(text.as_bytes())),
            rmpv::Value::Binary(bytes) => Value::string(String::from_utf8_lossy(&bytes)),
            rmpv::Value::Array(items) => match <[rmpv::Value; 2]>::try_from(items) {
                Ok([rmpv::Value::Binary(ty), value]) => typed(&ty, self.plain(value)?),
                Ok(pair) => self.tuple(pair)?,
                Err(items) => self.tuple(items)?,
            },
            rmpv::Value::Map(entries) => {
                let mut fields = Fields::new();
                for (name, value) in entries {
                    if let Some(name) = name.as_str() {
                        fields.insert(self.names.get(name), self.plain(value)?);
                    }
                }
                Value::object(fields)
            }
            rmpv::Value::Ext(..) => Value::unknown(Type::Any, Reason::NotInPlan("".into(), "".into())),
        })
    }

    fn tuple(&mut self, items: impl IntoIterator<Item = rmpv::Value>) -> Result<Value, Malformed> {
        let items: Result<Vec<Value>, Malformed> = items.into_iter().map(|item| self.plain(item)).collect();
        Ok(Value::tuple(items?))
    }
}

fn number_value(digits: &str) -> Value {
    Number::parse(digits).map_or_else(Value::null, Value::from)
}

/// The value as the type that is written beside it; as it is when that type cannot be read.
fn typed(ty: &[u8], value: Value) -> Value {
    match type_json::read(ty).map(|ty| ty.without_optional()) {
        Some(ty) if !value.is_unknown() => convert(&value, &ty).unwrap_or(value),
        Some(ty) => Value::unknown(ty, Reason::NotInPlan("".into(), "".into())),
        None => value,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn read(bytes: &[u8]) -> Result<Value, Malformed> {
        value(bytes, &mut Names::default(), &Budget::new())
    }

    #[test]
    fn extensions_are_unknown() {
        assert!(read(&[0xd4, 0, 0]).unwrap().is_unknown());
        assert!(read(&[0xc7, 3, 12, 0x81, 1, 0xc2]).unwrap().is_unknown());
        let object = read(&[0x82, 0xa1, b'a', 0xd4, 0, 0, 0xa1, b'b', 0xc0]).unwrap();
        assert!(object.as_fields().unwrap().get("a").unwrap().is_unknown());
        assert!(object.as_fields().unwrap().get("b").unwrap().is_null());
    }

    #[test]
    fn a_pair_of_type_and_value_is_the_value() {
        let mut bytes = vec![0x92, 0xc4, 8];
        bytes.extend(b"\"string\"");
        bytes.extend([0xa2, b'h', b'i']);
        assert_eq!(read(&bytes).unwrap().as_str(), Some("hi"));
    }

    #[test]
    fn hostile_bytes_are_refused() {
        assert_eq!(read(&[]).unwrap_err(), Malformed::Encoding);
        assert_eq!(read(&[0xc0, 0xc0]).unwrap_err(), Malformed::Encoding);
        assert_eq!(read(&vec![0x91; 100_000]).unwrap_err(), Malformed::Encoding);
        assert_eq!(read(&[0xdd, 0xff, 0xff, 0xff, 0xff]).unwrap_err(), Malformed::Encoding);
        assert_eq!(read(&[0xdb, 0xff, 0xff, 0xff, 0xff]).unwrap_err(), Malformed::Encoding);
    }
}
