//! Values as `terraform console` prints them, with all white space made one blank.

use crate::value::{Fields, Kind, Marks, Type, Value};

pub(super) fn printed(value: &Value) -> String {
    if value.marks.contains(Marks::SENSITIVE) {
        return "(sensitive value)".to_owned();
    }
    match &value.kind {
        Kind::Unknown(_) => "(known after apply)".to_owned(),
        Kind::Null(ty) => null(ty),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::String(text) if text.contains('\n') => format!("<<EOT {} EOT", folded(text)),
        Kind::String(text) => format!("{:?}", &**text),
        Kind::List(_, items) => format!("tolist({})", sequence(items)),
        Kind::Set(_, items) => format!("toset({})", sequence(items)),
        Kind::Tuple(items) => sequence(items),
        Kind::Map(_, fields) => format!("tomap({})", named(fields)),
        Kind::Object(object) => named(&object.fields),
    }
}

pub(super) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn null(ty: &Type) -> String {
    match ty {
        Type::Any => "null".to_owned(),
        Type::Bool => "tobool(null)".to_owned(),
        Type::Number => "tonumber(null)".to_owned(),
        Type::String => "tostring(null)".to_owned(),
        Type::List(item) => format!("tolist(null) /* of {} */", item.friendly()),
        Type::Set(item) => format!("toset(null) /* of {} */", item.friendly()),
        Type::Map(item) => format!("tomap(null) /* of {} */", item.friendly()),
        Type::Tuple(_) | Type::Object(_) => format!("null /* {} */", ty.friendly()),
    }
}

fn sequence(items: &[Value]) -> String {
    if items.is_empty() {
        return "[]".to_owned();
    }
    format!("[ {} ]", items.iter().map(|item| format!("{},", printed(item))).collect::<Vec<_>>().join(" "))
}

fn named(fields: &Fields) -> String {
    if fields.is_empty() {
        return "{}".to_owned();
    }
    let field = |(name, value): (&std::sync::Arc<str>, &Value)| format!("{:?} = {}", &**name, printed(value));
    format!("{{ {} }}", fields.iter().map(field).collect::<Vec<_>>().join(" "))
}
