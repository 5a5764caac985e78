//! Values in JSON: what states keep, and what a peer may send instead of MessagePack.

use palisade::value::{ConversionError, Fields, Kind, ObjectAttribute, Path, Type, Value, convert, type_json};
use serde_json::Value as Json;

use super::{MAX_BYTES, Malformed};

/// The value of a type that JSON bytes say.
///
/// # Errors
/// When the bytes are no JSON, or not of that type.
pub fn decode_json(bytes: &[u8], ty: &Type) -> Result<Value, Malformed> {
    if bytes.len() > MAX_BYTES {
        return Err(Malformed::whole(format!("limit reached: a value of more than {MAX_BYTES} bytes")));
    }
    // serde_json bounds the depth.
    let json: Json = serde_json::from_slice(bytes).map_err(|error| Malformed::whole(error.to_string()))?;
    let value = opened(&json, ty)?;
    convert(&value, ty).map_err(|ConversionError { path, message }| {
        let place = if path.is_empty() { String::new() } else { format!("{path}: ") };
        Malformed { path: Path::default(), message: format!("{place}{message}") }
    })
}

/// The JSON as a value; where the type is open, an object of type and value is the value.
fn opened(json: &Json, ty: &Type) -> Result<Value, Malformed> {
    if !ty.has_any() {
        return Ok(Value::from_json(json));
    }
    match (ty, json) {
        (_, Json::Null) => Ok(Value::null_of(ty.without_optional())),
        (Type::Any, Json::Object(pair)) => {
            let inner = pair.get("type").and_then(type_json::from_json);
            let (Some(inner), Some(value)) = (inner, pair.get("value")) else {
                return Err(Malformed::whole("a value of open type is an object of type and value"));
            };
            let value = opened(value, &inner)?;
            convert(&value, &inner).map_err(|error| Malformed::whole(error.to_string()))
        }
        (Type::List(item) | Type::Set(item), Json::Array(items)) => {
            let items: Result<Vec<Value>, Malformed> = items.iter().map(|json| opened(json, item)).collect();
            Ok(Kind::List((**item).clone(), items?.into()).into())
        }
        (Type::Tuple(types), Json::Array(items)) => {
            let items = items.iter().zip(types.iter()).map(|(json, ty)| opened(json, ty));
            Ok(Value::tuple(items.collect::<Result<Vec<_>, _>>()?))
        }
        (Type::Map(item), Json::Object(entries)) => {
            let entry = |(name, json): (&String, &Json)| Ok((name.as_str().into(), opened(json, item)?));
            Ok(Value::object(entries.iter().map(entry).collect::<Result<Fields, Malformed>>()?))
        }
        (Type::Object(attributes), Json::Object(entries)) => {
            let entry = |(name, json): (&String, &Json)| {
                let ty = attributes.get(name.as_str()).map(|ObjectAttribute { ty, .. }| ty);
                let value = ty.map_or_else(|| Ok(Value::from_json(json)), |ty| opened(json, ty))?;
                Ok((name.as_str().into(), value))
            };
            Ok(Value::object(entries.iter().map(entry).collect::<Result<Fields, Malformed>>()?))
        }
        (
            Type::Any
            | Type::Bool
            | Type::Number
            | Type::String
            | Type::List(_)
            | Type::Set(_)
            | Type::Map(_)
            | Type::Tuple(_)
            | Type::Object(_),
            _,
        ) => Err(Malformed::whole(format!("this JSON is not {ty}"))),
    }
}
