//! Values from JSON and to JSON.

use std::sync::Arc;

use super::{Fields, Kind, Number, ObjectAttribute, Reason, Type, Value};

/// Why a value has no JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoJson {
    /// Something in it is unknown.
    Unknown,
    /// It holds infinity.
    Infinity,
    /// It holds a number of more digits than [`Number::MAX_DIGITS`].
    LongNumber,
}

impl std::fmt::Display for NoJson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unknown => f.write_str("a part of the value is unknown"),
            Self::Infinity => f.write_str("infinity cannot be written as JSON"),
            Self::LongNumber => write!(f, "limit reached: numbers of more than {} digits", Number::MAX_DIGITS),
        }
    }
}

impl Value {
    /// The value that JSON says: objects, tuples, strings, exact numbers. A number with more digits than
    /// [`Number::MAX_DIGITS`] is unknown.
    #[must_use]
    pub fn from_json(json: &serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::null(),
            serde_json::Value::Bool(value) => Self::from(*value),
            serde_json::Value::Number(number) => match Number::parse(&number.to_string()) {
                Some(number) => Self::from(number),
                None => Self::unknown(
                    Type::Number,
                    Reason::Limit(format!("{} digits in a number", Number::MAX_DIGITS).into()),
                ),
            },
            serde_json::Value::String(text) => Self::string(text),
            serde_json::Value::Array(items) => Self::tuple(items.iter().map(Self::from_json).collect::<Arc<[_]>>()),
            serde_json::Value::Object(members) => {
                let field = |(name, value): (&String, &serde_json::Value)| {
                    let name = Self::string(name);
                    Some((name.as_str()?.into(), Self::from_json(value)))
                };
                Self::object(members.iter().filter_map(field).collect::<Fields>())
            }
        }
    }

    /// The value as JSON, marks dropped; numbers exact, sets as arrays.
    ///
    /// # Errors
    /// When part of it has no JSON.
    pub fn to_json(&self) -> Result<serde_json::Value, NoJson> {
        let items = |items: &[Self]| items.iter().map(Self::to_json).collect::<Result<Vec<_>, _>>();
        let fields = |fields: &Fields| {
            fields.iter().map(|(name, value)| Ok((name.to_string(), value.to_json()?))).collect::<Result<_, _>>()
        };
        Ok(match &self.kind {
            Kind::Unknown(_) => return Err(NoJson::Unknown),
            Kind::Null(_) => serde_json::Value::Null,
            Kind::Bool(value) => serde_json::Value::Bool(*value),
            Kind::Number(number) => {
                serde_json::Value::Number(json_number(number)?.parse().map_err(|_| NoJson::LongNumber)?)
            }
            Kind::String(text) => serde_json::Value::String(text.to_string()),
            Kind::List(_, of) | Kind::Set(_, of) | Kind::Tuple(of) => serde_json::Value::Array(items(of)?),
            Kind::Map(_, of) => serde_json::Value::Object(fields(of)?),
            Kind::Object(object) => serde_json::Value::Object(fields(&object.fields)?),
        })
    }

    /// The JSON text as `jsonencode` writes it: no blanks, names in order, `<`, `>` and `&` escaped. Marks are dropped.
    ///
    /// # Errors
    /// When part of it has no JSON.
    pub fn to_json_text(&self) -> Result<String, NoJson> {
        let mut out = String::new();
        write(self, &mut out)?;
        Ok(out)
    }
}

/// The type of the value that JSON says.
#[must_use]
pub fn implied_type(json: &serde_json::Value) -> Type {
    match json {
        serde_json::Value::Null => Type::Any,
        serde_json::Value::Bool(_) => Type::Bool,
        serde_json::Value::Number(_) => Type::Number,
        serde_json::Value::String(_) => Type::String,
        serde_json::Value::Array(items) => Type::Tuple(items.iter().map(implied_type).collect()),
        serde_json::Value::Object(members) => Type::Object(Arc::new(
            members
                .iter()
                .map(|(name, value)| (name.as_str().into(), ObjectAttribute::required(implied_type(value))))
                .collect(),
        )),
    }
}

fn json_number(number: &Number) -> Result<String, NoJson> {
    if number.is_infinite() { Err(NoJson::Infinity) } else { number.to_text().ok_or(NoJson::LongNumber) }
}

fn write(value: &Value, out: &mut String) -> Result<(), NoJson> {
    match &value.kind {
        Kind::Unknown(_) => return Err(NoJson::Unknown),
        Kind::Null(_) => out.push_str("null"),
        Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Kind::Number(number) => out.push_str(&json_number(number)?),
        Kind::String(text) => write_string(text, out),
        Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
            out.push('[');
            for (idx, item) in items.iter().enumerate() {
                out.push_str(if idx == 0 { "" } else { "," });
                write(item, out)?;
            }
            out.push(']');
        }
        Kind::Map(..) | Kind::Object(_) => {
            out.push('{');
            for (idx, (name, value)) in value.as_fields().into_iter().flatten().enumerate() {
                out.push_str(if idx == 0 { "" } else { "," });
                write_string(name, out);
                out.push(':');
                write(value, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

/// A JSON string as Go writes it.
fn write_string(text: &str, out: &mut String) {
    use std::fmt::Write as _;
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\0'..='\u{1f}' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            _ => out.push(letter),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn json_text_is_terraforms() {
        let json: serde_json::Value = serde_json::from_str(
            r#"{"b":1.50,"a":"<x>&\u0001\u0008","c":null,"d":12345678901234567890123,"e":[1,true]}"#,
        )
        .unwrap();
        let text = Value::from_json(&json).to_json_text().unwrap();
        assert_eq!(
            text,
            r#"{"a":"\u003cx\u003e\u0026\u0001\b","b":1.5,"c":null,"d":12345678901234567890123,"e":[1,true]}"#
        );
    }

    #[test]
    fn json_round_trips_with_exact_numbers() {
        let json: serde_json::Value = serde_json::from_str(r#"{"a":[0.1,123456789012345678901,"x",null]}"#).unwrap();
        let value = Value::from_json(&json);
        assert_eq!(value.to_json().unwrap(), json);
        assert_eq!(value.type_of(), implied_type(&json));
    }

    #[test]
    fn unknown_and_infinite_values_have_no_json() {
        let unknown = Value::tuple([Value::unknown(Type::Any, Reason::NoValue("var.x".into()))]);
        assert_eq!(unknown.to_json_text(), Err(NoJson::Unknown));
        assert_eq!(Value::from(Number::parse("Inf").unwrap()).to_json(), Err(NoJson::Infinity));
    }

    #[test]
    fn sensitive_values_are_masked_in_messages_and_on_the_console() {
        let secret = Value::tuple([Value::from("hush").marked(crate::value::Marks::SENSITIVE), "x".into()]);
        assert_eq!(secret.brief(), "[(sensitive value), \"x\"]");
        assert_eq!(secret.to_console(), "[\n  (sensitive value),\n  \"x\",\n]");
        assert_eq!(Value::from("é\u{1}\u{200b}").to_console(), "\"é\\x01\\u200b\"");
    }
}
