//! Values against JSON Schemas.

use super::{RuleFunction, Surroundings};
use crate::eval::functions::{Call, FunctionError, Parameter, Signature};
use crate::rules::message::to_json;
use crate::value::Value;

pub(super) const FUNCTIONS: &[RuleFunction] = &[RuleFunction::new(
    "matches_schema",
    &[Parameter::new("value", Signature::Any).or_null(), Parameter::new("schema", Signature::Any)],
    Signature::Bool,
    "Whether a value, or the JSON in a text, matches a JSON Schema given as an object.",
    matches_schema,
)];

fn matches_schema(call: &Call<'_>, _: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let (value, schema) = (call.value(0)?, call.value(1)?);
    let schema = to_json(schema);
    let validator = jsonschema::validator_for(&schema)
        .map_err(|error| FunctionError::argument(1, format!("it is no schema: {error}")))?;
    // Policies and documents are JSON in text; other text is judged as it is.
    let parsed = value
        .as_str()
        .and_then(|text| serde_json::from_str(text).ok())
        .filter(|it: &serde_json::Value| it.is_object() || it.is_array());
    Ok(validator.is_valid(&parsed.unwrap_or_else(|| to_json(value))).into())
}
