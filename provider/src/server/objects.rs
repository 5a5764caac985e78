//! Objects of the provider's own types, from the wire and to it.

use std::sync::LazyLock;

use palisade::value::{Type, Value};

use super::diagnostics::error;
use crate::offer;
use crate::protocol::schema::Block;
use crate::protocol::tfplugin6::{self as wire, DynamicValue};
use crate::protocol::value;

/// The type of the `provider` block.
pub(super) static PROVIDER_TYPE: LazyLock<Type> = LazyLock::new(|| of(offer::provider_schema().provider.as_ref()));
/// The type of gates.
pub(super) static GATE_TYPE: LazyLock<Type> =
    LazyLock::new(|| of(offer::provider_schema().resource_schemas.get(offer::GATE)));
/// The type of checks.
pub(super) static CHECK_TYPE: LazyLock<Type> =
    LazyLock::new(|| of(offer::provider_schema().data_source_schemas.get(offer::CHECK)));

fn of(schema: Option<&wire::Schema>) -> Type {
    let block = schema.and_then(|schema| schema.block.as_ref()).and_then(|block| Block::v6(block).ok());
    block.unwrap_or_default().ty()
}

/// The object that a message holds. `subject` is what unknown values in it belong to.
///
/// # Errors
/// When it is of another type.
pub(super) fn read(message: Option<&DynamicValue>, ty: &Type, subject: &str) -> Result<Value, Box<wire::Diagnostic>> {
    let Some(message) = message else { return Ok(Value::null_of(ty.clone())) };
    let read = match (message.msgpack.is_empty(), message.json.is_empty()) {
        (false, _) => value::decode(&message.msgpack, ty, subject),
        (true, false) => value::decode_json(&message.json, ty),
        (true, true) => return Ok(Value::null_of(ty.clone())),
    };
    read.map_err(|malformed| {
        let detail = format!("What Terraform sent cannot be read: {malformed}. Please report it.");
        Box::new(error("Terraform and the provider do not understand each other", &detail))
    })
}

/// The value as a message.
///
/// # Errors
/// When it is of another type.
pub(super) fn written(value: &Value, ty: &Type) -> Result<DynamicValue, wire::Diagnostic> {
    let bytes = value::encode(value, ty).map_err(|malformed| unwritable(&malformed))?;
    Ok(DynamicValue { msgpack: bytes, json: Vec::new() })
}

/// The object of a message with these attributes changed.
///
/// # Errors
/// When it is no object.
pub(super) fn with(
    message: Option<&DynamicValue>,
    attributes: &[(&'static str, Value, Type)],
) -> Result<DynamicValue, wire::Diagnostic> {
    let bytes = message.map(|message| message.msgpack.as_slice()).unwrap_or_default();
    let attributes: Vec<(&str, &Value, &Type)> =
        attributes.iter().map(|(name, value, ty)| (*name, value, ty)).collect();
    let bytes = value::replace_attributes(bytes, &attributes).map_err(|malformed| unwritable(&malformed))?;
    Ok(DynamicValue { msgpack: bytes, json: Vec::new() })
}

fn unwritable(malformed: &value::Malformed) -> wire::Diagnostic {
    let detail = format!("A value cannot be sent to Terraform: {malformed}. Please report it.");
    error("Terraform and the provider do not understand each other", &detail)
}
