//! Types in Terraform's JSON form, which schemas, plans and open values carry: `"string"`, `["list","string"]`, `["object",{…}]`.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::{ObjectAttribute, Type};

/// Types nested deeper are refused.
const MAX_DEPTH: usize = 128;

/// The type that JSON bytes say; `None` if they say none.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Type> {
    let json: Json = serde_json::from_slice(bytes).ok()?;
    read_json(&json, 0)
}

/// The type that a JSON value says; `None` if it says none.
#[must_use]
pub fn from_json(json: &Json) -> Option<Type> {
    read_json(json, 0)
}

/// The type as JSON bytes.
#[must_use]
pub fn write(ty: &Type) -> Vec<u8> {
    write_json(ty).to_string().into_bytes()
}

fn read_json(json: &Json, depth: usize) -> Option<Type> {
    if depth > MAX_DEPTH {
        return None;
    }
    if let Some(name) = json.as_str() {
        return match name {
            "string" => Some(Type::String),
            "number" => Some(Type::Number),
            "bool" => Some(Type::Bool),
            "dynamic" => Some(Type::Any),
            _ => None,
        };
    }
    let parts = json.as_array()?;
    let inner = parts.get(1)?;
    match parts.first()?.as_str()? {
        "list" => Some(Type::list(read_json(inner, depth + 1)?)),
        "set" => Some(Type::set(read_json(inner, depth + 1)?)),
        "map" => Some(Type::map(read_json(inner, depth + 1)?)),
        "tuple" => {
            let items: Option<Vec<Type>> = inner.as_array()?.iter().map(|item| read_json(item, depth + 1)).collect();
            Some(Type::Tuple(items?.into()))
        }
        "object" => read_object(inner, parts.get(2), depth),
        _ => None,
    }
}

/// An object type; a third part lists attributes that may be left out.
fn read_object(attributes: &Json, optional: Option<&Json>, depth: usize) -> Option<Type> {
    let optional: Vec<&str> = match optional {
        Some(names) => names.as_array()?.iter().filter_map(Json::as_str).collect(),
        None => Vec::new(),
    };
    let attribute = |(name, ty): (&String, &Json)| {
        let optional = optional.contains(&name.as_str());
        Some((Arc::from(name.as_str()), ObjectAttribute { ty: read_json(ty, depth + 1)?, optional }))
    };
    let attributes: Option<BTreeMap<_, _>> = attributes.as_object()?.iter().map(attribute).collect();
    Some(Type::Object(attributes?.into()))
}

fn write_json(ty: &Type) -> Json {
    match ty {
        Type::Any => json!("dynamic"),
        Type::Bool => json!("bool"),
        Type::Number => json!("number"),
        Type::String => json!("string"),
        Type::List(item) => json!(["list", write_json(item)]),
        Type::Set(item) => json!(["set", write_json(item)]),
        Type::Map(item) => json!(["map", write_json(item)]),
        Type::Tuple(items) => json!(["tuple", items.iter().map(write_json).collect::<Vec<_>>()]),
        Type::Object(attributes) => {
            let types: serde_json::Map<String, Json> =
                attributes.iter().map(|(name, attribute)| (name.to_string(), write_json(&attribute.ty))).collect();
            let optional: Vec<&str> =
                attributes.iter().filter(|(_, attribute)| attribute.optional).map(|(name, _)| &**name).collect();
            if optional.is_empty() { json!(["object", types]) } else { json!(["object", types, optional]) }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn types_are_written_as_they_were_read() {
        for text in [
            r#""string""#,
            r#"["list","number"]"#,
            r#"["set",["map","bool"]]"#,
            r#"["tuple",["string","dynamic"]]"#,
            r#"["object",{"a":"string","b":["list","dynamic"]}]"#,
            r#"["object",{"a":"string"},["a"]]"#,
        ] {
            assert_eq!(String::from_utf8(write(&read(text.as_bytes()).unwrap())).unwrap(), text);
        }
    }

    #[test]
    fn what_is_no_type_is_refused() {
        let deep = format!("{}\"string\"{}", "[\"list\",".repeat(120_000), "]".repeat(120_000));
        for text in ["", "7", "\"text\"", "[]", "[\"list\"]", "[\"tuple\",{}]", "[\"object\",[]]", &deep] {
            assert_eq!(read(text.as_bytes()), None, "{}", text.get(..20).unwrap_or(text));
        }
    }
}
