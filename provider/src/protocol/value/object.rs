//! Changes to encoded objects.

use palisade::value::{Type, Value};

use super::{Malformed, decode, encode};

/// The encoded object with these attributes replaced; all others keep their bytes' meaning exactly, whatever they are.
///
/// # Errors
/// When the bytes are no object, or a value is not of the type given beside it.
pub fn replace_attributes(bytes: &[u8], attributes: &[(&str, &Value, &Type)]) -> Result<Vec<u8>, Malformed> {
    let rmpv::Value::Map(mut entries) = decode::read(bytes)? else {
        return Err(Malformed::whole("an object is wanted"));
    };
    for (name, value, ty) in attributes {
        let raw = encode::raw(value, ty)?;
        match entries.iter_mut().find(|(key, _)| key.as_str() == Some(name)) {
            Some((_, old)) => *old = raw,
            None => entries.push((rmpv::Value::from(*name), raw)),
        }
    }
    encode::write(&rmpv::Value::Map(entries))
}
