//! Values in words for people.

use super::code::Code;
use crate::eval::{self, Context, EvalError, Scope};
use crate::syntax::{Expr, ExprKind, Part};
use crate::value::{Kind, Knowledge, OriginKind, TemplatePart, Unknown, Value};

/// Longer values are cut in messages.
const MAX_CHARS: usize = 120;

/// More items of a list are not shown.
const MAX_ITEMS: usize = 8;

/// What stands for a value that must not be shown.
const MASK: &str = "(sensitive value)";

/// The text of a message: a template whose values are shown for people.
///
/// # Errors
/// When a part of the template cannot be evaluated.
pub(super) fn text(code: &Code, scope: &dyn Scope, context: &Context<'_>) -> Result<String, EvalError> {
    let mut out = String::new();
    write_template(code.expr(), scope, context, &mut out)?;
    Ok(out)
}

fn write_template(expr: Expr<'_>, scope: &dyn Scope, context: &Context<'_>, out: &mut String) -> Result<(), EvalError> {
    if !matches!(expr.kind(), ExprKind::Template | ExprKind::String(_)) {
        let value = eval::evaluate(expr, scope, context)?;
        write_value(&value, out);
        return Ok(());
    }
    for part in expr.parts() {
        match part {
            Part::Text(text, _) => out.push_str(text),
            Part::Interpolation(inner) => write_value(&eval::evaluate(inner, scope, context)?, out),
            Part::If { condition, then, otherwise } => {
                let chosen = match eval::evaluate(condition, scope, context)?.as_bool() {
                    Some(true) => Some(then),
                    Some(false) => Some(otherwise),
                    None => None,
                };
                if let Some(chosen) = chosen {
                    write_template(chosen, scope, context, out)?;
                }
            }
            // A loop needs the evaluator's bindings; its text is shown as a whole.
            Part::For(_) => {
                let value = eval::evaluate(expr, scope, context)?;
                out.clear();
                write_value(&value, out);
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The value in words: text without quotes, what is not known by its reference, secrets masked.
pub(super) fn shown(value: &Value) -> String {
    let mut out = String::new();
    write_value(value, &mut out);
    out
}

fn write_value(value: &Value, out: &mut String) {
    let mut text = String::new();
    write_plain(value, &mut text, false);
    let mut chars = text.char_indices();
    match chars.nth(MAX_CHARS) {
        Some((end, _)) => {
            out.push_str(text.get(..end).unwrap_or(&text));
            out.push('…');
        }
        None => out.push_str(&text),
    }
    if is_assumed(value) && !value.is_null() {
        out.push_str(" by default");
    }
}

/// Whether the value is what the provider assumes because nothing is written.
pub(super) fn is_assumed(value: &Value) -> bool {
    value.origin.as_ref().is_some_and(|origin| {
        let first = origin.steps().find(|step| !matches!(step.kind, OriginKind::Reference(_)));
        first.is_some_and(|step| step.kind == OriginKind::AssumedDefault)
    })
}

fn write_plain(value: &Value, out: &mut String, is_nested: bool) {
    if value.deep_marks().is_sensitive() {
        return out.push_str(MASK);
    }
    match &value.kind {
        Kind::Unknown(unknown) => write_unknown(unknown, out),
        Kind::Null(_) => out.push_str("not set"),
        Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Kind::Number(number) => out.push_str(&number.to_string()),
        Kind::String(text) if is_nested || text.is_empty() => {
            out.push('"');
            out.push_str(text);
            out.push('"');
        }
        Kind::String(text) => text.chars().for_each(|ch| out.push(if ch.is_control() { ' ' } else { ch })),
        Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => write_items(items, out),
        Kind::Map(_, fields) => write_fields(fields, out),
        Kind::Object(object) => match &object.identity {
            Some(address) => out.push_str(address),
            None => write_fields(&object.fields, out),
        },
    }
}

fn write_items(items: &[Value], out: &mut String) {
    if let [only] = items {
        return write_plain(only, out, false);
    }
    out.push('[');
    for (idx, item) in items.iter().enumerate() {
        if idx > 0 {
            out.push_str(", ");
        }
        if idx >= MAX_ITEMS {
            out.push('…');
            break;
        }
        write_plain(item, out, true);
    }
    out.push(']');
}

fn write_fields(fields: &crate::value::Fields, out: &mut String) {
    out.push('{');
    for (idx, (name, value)) in fields.iter().filter(|(_, value)| !value.is_null()).enumerate() {
        if idx > 0 {
            out.push_str(", ");
        }
        if idx >= MAX_ITEMS {
            out.push('…');
            break;
        }
        out.push_str(name);
        out.push_str(" = ");
        write_plain(value, out, true);
    }
    out.push('}');
}

fn write_unknown(unknown: &Unknown, out: &mut String) {
    match &unknown.knowledge {
        Knowledge::Symbol(symbol) => {
            out.push_str(&symbol.address);
            out.push('.');
            out.push_str(&symbol.attribute);
        }
        Knowledge::Template(parts) => {
            for part in parts.iter() {
                match part {
                    TemplatePart::Text(text) => out.push_str(text),
                    TemplatePart::Hole(value) => {
                        out.push_str("${");
                        write_plain(value, out, false);
                        out.push('}');
                    }
                }
            }
        }
        Knowledge::OneOf(values) => {
            for (idx, value) in values.iter().take(MAX_ITEMS).enumerate() {
                if idx > 0 {
                    out.push_str(" or ");
                }
                write_plain(value, out, false);
            }
        }
        Knowledge::Nothing | Knowledge::Json(_) | Knowledge::Yaml(_) | Knowledge::Base64(_) | Knowledge::Members(_) => {
            match unknown.reasons.first() {
                Some(crate::value::Reason::NoValue(name)) => out.push_str(name),
                _ => out.push_str("(known after apply)"),
            }
        }
    }
}

/// The value as JSON, for lists of rules; unknown values are null.
pub(super) fn to_json(value: &Value) -> serde_json::Value {
    use serde_json::Value as Json;
    if value.marks.is_sensitive() {
        return Json::String(MASK.to_owned());
    }
    match &value.kind {
        Kind::Unknown(_) | Kind::Null(_) => Json::Null,
        Kind::Bool(value) => Json::Bool(*value),
        Kind::Number(number) => serde_json::from_str(&number.to_string()).unwrap_or(Json::Null),
        Kind::String(text) => Json::String(text.to_string()),
        Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
            Json::Array(items.iter().map(to_json).collect())
        }
        Kind::Map(_, fields) => Json::Object(fields.iter().map(|(name, it)| (name.to_string(), to_json(it))).collect()),
        Kind::Object(object) => {
            Json::Object(object.fields.iter().map(|(name, it)| (name.to_string(), to_json(it))).collect())
        }
    }
}
