//! `aws_iam_policy_document`: statements to policy JSON.
//!
//! A part that is unknown does not hide the others: the text is unknown then, but its structure is kept
//! (`Knowledge::Json`), so that rules still see every action and principal that is written down.

use std::sync::Arc;

use super::Input;
use crate::value::{Fields, Kind, Type, Value, convert};

/// `json` and `minified_json`.
pub(super) fn compute(input: &Input<'_>) -> Vec<(&'static str, Value)> {
    let Some(document) = document(input) else { return Vec::new() };
    let text = input.call("jsonencode", &[document]);
    vec![("json", text.clone()), ("minified_json", text)]
}

fn document(input: &Input<'_>) -> Option<Value> {
    let mut statements = sources(input, &["source_json", "source_policy_documents"])?;
    for block in input.get("statement").map(blocks).unwrap_or(Some(Vec::new()))? {
        merge(&mut statements, statement(&block)?);
    }
    for over in sources(input, &["override_json", "override_policy_documents"])? {
        merge(&mut statements, over);
    }
    let mut fields = Fields::new();
    fields.insert("Version".into(), input.get("version").cloned().unwrap_or_else(|| "2012-10-17".into()));
    if let Some(id) = input.get("policy_id") {
        fields.insert("Id".into(), id.clone());
    }
    fields.insert("Statement".into(), Value::tuple(statements));
    Some(Value::object(fields))
}

/// The statements of other documents named by these attributes; `None` if one of them is not known at all.
fn sources(input: &Input<'_>, names: &[&str]) -> Option<Vec<Value>> {
    let mut statements = Vec::new();
    for name in names {
        let Some(value) = input.get(name) else { continue };
        let documents = match value.as_items() {
            Some(items) => items.to_vec(),
            None if value.is_unknown() && *name != "source_json" && *name != "override_json" => return None,
            None => vec![value.clone()],
        };
        for text in documents.iter().filter(|text| text.as_str() != Some("") && !text.is_null()) {
            let decoded = input.call("jsondecode", std::slice::from_ref(text));
            let listed = decoded.as_fields()?.get("Statement")?.clone();
            let one = [listed.clone()];
            for statement in listed.as_items().unwrap_or(&one) {
                merge(&mut statements, statement.clone());
            }
        }
    }
    Some(statements)
}

/// Adds a statement; one with the same non-empty `Sid` takes the other's place.
fn merge(statements: &mut Vec<Value>, statement: Value) {
    let sid = |value: &Value| {
        let sid = value.as_fields()?.get("Sid")?.as_str()?;
        (!sid.is_empty()).then(|| sid.to_owned())
    };
    let own = sid(&statement);
    let same = own.and_then(|own| statements.iter_mut().find(|known| sid(known).as_deref() == Some(&own)));
    match same {
        Some(known) => *known = statement,
        None => statements.push(statement),
    }
}

/// The objects of a block list; `None` if it is not known which there are.
fn blocks(value: &Value) -> Option<Vec<Value>> {
    value.as_items().map(<[Value]>::to_vec)
}

fn statement(block: &Value) -> Option<Value> {
    let fields = block.as_fields()?;
    let get = |name: &str| fields.get(name).filter(|value| !value.is_null());
    let mut built = Fields::new();
    if let Some(sid) = get("sid").filter(|sid| sid.as_str() != Some("")) {
        built.insert("Sid".into(), sid.clone());
    }
    built.insert("Effect".into(), get("effect").cloned().unwrap_or_else(|| "Allow".into()));
    for (from, to) in [
        ("actions", "Action"),
        ("not_actions", "NotAction"),
        ("resources", "Resource"),
        ("not_resources", "NotResource"),
    ] {
        if let Some(value) = get(from).filter(|value| !is_empty(value)) {
            built.insert(to.into(), one_or_many(value, Order::Sorted));
        }
    }
    for (from, to) in [("principals", "Principal"), ("not_principals", "NotPrincipal")] {
        if let Some(value) = get(from).filter(|value| !is_empty(value)) {
            built.insert(to.into(), principals(&blocks(value)?)?);
        }
    }
    if let Some(value) = get("condition").filter(|value| !is_empty(value)) {
        built.insert("Condition".into(), conditions(&blocks(value)?)?);
    }
    Some(Value::object(built).from_origin(block.origin.clone()))
}

/// Whether it is a list without items, which the document leaves out.
fn is_empty(value: &Value) -> bool {
    value.as_items().is_some_and(<[Value]>::is_empty)
}

/// How several items stand in the document.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    /// Last first, each once: they are a set to the provider.
    Sorted,
    /// As written.
    Written,
}

/// The items as text; a single one stands alone, as AWS writes it.
fn one_or_many(value: &Value, order: Order) -> Value {
    let Some(items) = value.as_items() else { return text(value) };
    let mut items: Vec<Value> = items.iter().map(text).collect();
    if order == Order::Sorted && items.iter().all(|item| item.as_str().is_some()) {
        items.sort_by(|a, b| b.as_str().cmp(&a.as_str()));
        items.dedup_by(|a, b| a.as_str() == b.as_str());
    }
    match <[Value; 1]>::try_from(items) {
        Ok([one]) => one,
        Err(items) => Value { kind: Kind::Tuple(items.into()), ..value.clone() },
    }
}

fn text(value: &Value) -> Value {
    convert(value, &Type::String).unwrap_or_else(|_| value.clone())
}

fn principals(blocks: &[Value]) -> Option<Value> {
    let mut by_type = Fields::new();
    for block in blocks {
        let fields = block.as_fields()?;
        let kind = fields.get("type")?.as_str()?;
        let identifiers = one_or_many(fields.get("identifiers")?, Order::Sorted);
        if kind == "*" && identifiers.as_str() == Some("*") {
            return Some(identifiers);
        }
        insert_joined(&mut by_type, kind, identifiers);
    }
    Some(Value::object(by_type))
}

fn conditions(blocks: &[Value]) -> Option<Value> {
    let mut by_test = Fields::new();
    for block in blocks {
        let fields = block.as_fields()?;
        let (test, variable) = (fields.get("test")?.as_str()?, fields.get("variable")?.as_str()?);
        let values = one_or_many(fields.get("values")?, Order::Written);
        let mut by_variable = by_test.get(test).and_then(Value::as_fields).cloned().unwrap_or_default();
        insert_joined(&mut by_variable, variable, values);
        by_test.insert(Arc::from(test), Value::object(by_variable));
    }
    Some(Value::object(by_test))
}

/// Adds values under a name; those already there stay.
fn insert_joined(fields: &mut Fields, name: &str, values: Value) {
    let joined = match fields.remove(name) {
        None => values,
        Some(before) => {
            let list = |value: &Value| value.as_items().map_or_else(|| vec![value.clone()], <[Value]>::to_vec);
            let mut all = list(&before);
            all.extend(list(&values));
            Value::tuple(all)
        }
    };
    fields.insert(Arc::from(name), joined);
}
