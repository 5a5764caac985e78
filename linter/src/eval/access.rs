//! One attribute or one item of a value, as Terraform finds them, with its errors.

use std::sync::Arc;

use super::EvalError;
use super::alternatives::{MAX_ALTERNATIVES, one_of};
use super::expression::Evaluation;
use crate::diagnostic::closest;
use crate::source::Span;
use crate::value::{Fields, Kind, Knowledge, Number, Reason, Symbol, Type, Unknown, Value, convert};

const NO_SUCH_ITEM: &str = "The given key does not identify an element in this collection value";

/// An attribute of a resource instance that its configuration leaves out: only the provider knows it.
fn resource_attribute(instance: &Value, name: &str) -> Value {
    let Some(address) = instance.identity() else { return Value::null() };
    let local = address.rsplit_once("data.").is_some_and(|(before, _)| before.is_empty() || before.ends_with('.'));
    let reason =
        if local { Reason::DataSource(address.clone()) } else { Reason::Computed(address.clone(), name.into()) };
    let mut unknown = Unknown::new(Type::Any, reason);
    unknown.refinement.not_null = matches!(name, "id" | "arn" | "self_link");
    unknown.knowledge = Knowledge::Symbol(Symbol { address: address.clone(), attribute: name.into() });
    Kind::Unknown(Arc::new(unknown)).into()
}

impl Evaluation<'_> {
    /// `value.name`
    pub(super) fn attribute(&self, value: &Value, name: &str, span: Span) -> Result<Value, EvalError> {
        let found = match &value.kind {
            Kind::Unknown(unknown) => return self.unknown_attribute(value, unknown, name, span),
            Kind::Null(_) if self.is_rules() => return Ok(Value::null().marked(value.marks)),
            Kind::Null(_) => {
                let message = format!("This value is null, so it does not have the attribute {name:?}");
                return Err(EvalError::new(span, message));
            }
            Kind::Object(object) => object.fields.get(name),
            Kind::Map(_, fields) => fields.get(name),
            Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::List(..) | Kind::Set(..) | Kind::Tuple(_) => {
                return Err(no_attributes(&value.type_of(), name, span));
            }
        };
        match found {
            Some(found) if !found.is_null() || self.is_rules() => Ok(found.clone().marked(value.marks)),
            _ if !self.is_rules() && value.identity().is_some() => {
                Ok(resource_attribute(value, name).marked(value.marks))
            }
            Some(found) => Ok(found.clone().marked(value.marks)),
            None if self.is_rules() => Ok(Value::null().marked(value.marks)),
            None => Err(missing_attribute(value, name, span)),
        }
    }

    /// `value[key]`
    pub(super) fn index(&self, value: &Value, key: &Value, span: Span) -> Result<Value, EvalError> {
        let marks = value.marks.union(key.marks);
        if value.is_null() {
            if self.is_rules() {
                return Ok(Value::null().marked(marks));
            }
            return Err(EvalError::new(span, "This value is null, so it does not have any indices"));
        }
        if key.is_null() {
            return Err(EvalError::new(span, "Can't use a null value as an indexing key"));
        }
        let item = match &value.kind {
            Kind::Unknown(unknown) => return self.unknown_index(value, unknown, key, span),
            Kind::List(ty, items) => self.position(items, Some(ty), key, span)?,
            Kind::Tuple(items) => self.position(items, None, key, span)?,
            Kind::Map(ty, fields) => self.keyed(fields, Some(ty), key, span)?,
            Kind::Object(object) => {
                let item = match (&object.identity, key.as_str()) {
                    (Some(_), Some(name)) => self.attribute(value, name, span)?,
                    _ => self.keyed(&object.fields, None, key, span)?,
                };
                // As Terraform has it, a known key of an object leaves no mark on what it finds.
                return Ok(item.marked(if key.is_unknown() { marks } else { value.marks }));
            }
            Kind::Set(..) => return Err(set_index(span)),
            Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
                return Err(EvalError::new(span, "This value does not have any indices"));
            }
        };
        Ok(item.marked(marks))
    }

    /// The item of a list or tuple at a position.
    fn position(&self, items: &[Value], ty: Option<&Type>, key: &Value, span: Span) -> Result<Value, EvalError> {
        let position = convert(key, &Type::Number).map_err(|error| no_such_item(&format!(": {error}"), span))?;
        let Some(number) = position.as_number() else {
            self.doubts();
            return self.some_of(items.iter(), ty, key, |alternative| self.position(items, ty, alternative, span));
        };
        let found = number.to_i64().and_then(|at| usize::try_from(at).ok()).and_then(|at| items.get(at));
        match found {
            Some(item) => Ok(item.clone()),
            None if self.is_rules() => Ok(Value::null()),
            None if key.marks.is_sensitive() => Err(no_such_item("", span)),
            None => Err(no_such_position(number, items.len(), span)),
        }
    }

    /// The value of a map or object at a key.
    fn keyed(&self, fields: &Fields, ty: Option<&Type>, key: &Value, span: Span) -> Result<Value, EvalError> {
        let name = convert(key, &Type::String).map_err(|error| no_such_item(&format!(": {error}"), span))?;
        let Some(name) = name.as_str() else {
            self.doubts();
            return self.some_of(fields.values(), ty, key, |alternative| self.keyed(fields, ty, alternative, span));
        };
        match fields.get(name) {
            Some(found) => Ok(found.clone()),
            None if self.is_rules() => Ok(Value::null()),
            None => {
                let shown = if key.marks.is_sensitive() { String::new() } else { format!(": {name:?}") };
                let error = no_such_item(&shown, span);
                if ty.is_none() && key.as_number().is_some() {
                    return Err(error.with_help("An object has attributes by name, not by numeric index."));
                }
                Err(error)
            }
        }
    }

    /// What is known of an item behind a key that is not known: it is one of those there are.
    fn some_of<'v>(
        &self,
        items: impl ExactSizeIterator<Item = &'v Value>,
        ty: Option<&Type>,
        key: &Value,
        find: impl Fn(&Value) -> Result<Value, EvalError>,
    ) -> Result<Value, EvalError> {
        if let Some(keys) = super::unknown_access::alternatives_of(key) {
            let found: Result<Vec<Value>, EvalError> = keys.iter().map(find).collect();
            if let Ok(found) = found {
                return Ok(one_of(found, key.as_unknown()));
            }
        }
        if items.len() > 0 && items.len() <= MAX_ALTERNATIVES && !self.is_rules() {
            let some = one_of(items.cloned().collect(), key.as_unknown());
            return Ok(some);
        }
        let ty = ty.cloned().unwrap_or(Type::Any);
        Ok(Kind::Unknown(Unknown::derived(ty, key.as_unknown()).into()).into())
    }
}

fn no_such_item(detail: &str, span: Span) -> EvalError {
    EvalError::new(span, format!("{NO_SUCH_ITEM}{detail}"))
}

fn no_such_position(number: &Number, count: usize, span: Span) -> EvalError {
    let zero = Number::from(0);
    let detail = if number.to_i64().is_none() && number.to_f64().fract() != 0.0 {
        format!(": {number} has a fractional part, and an index must be a whole number")
    } else if *number < zero {
        format!(": {number} is negative")
    } else if count == 0 {
        ": the collection has no elements".to_owned()
    } else {
        format!(": {number} is greater than or equal to its length, {count}")
    };
    no_such_item(&detail, span)
}

/// Sets have no index.
pub(super) fn set_index(span: Span) -> EvalError {
    EvalError::new(span, "Elements of a set are identified only by their value, so it has no index or key")
        .with_help("Use a for expression over all elements, or one() if there is at most one.")
}

/// A value of this type never has attributes.
pub(super) fn no_attributes(ty: &Type, name: &str, span: Span) -> EvalError {
    match ty {
        Type::Bool | Type::Number | Type::String => EvalError::new(
            span,
            format!("Can't access attribute {name:?} on a primitive-typed value ({})", ty.friendly()),
        ),
        Type::List(item) if matches!(**item, Type::Object(_)) => {
            EvalError::new(span, format!("Can't access attribute {name:?} on a list of objects"))
                .with_help("Take one element, as in [0], or all elements with [*].")
        }
        Type::Set(item) if matches!(**item, Type::Object(_)) => {
            EvalError::new(span, format!("Can't access attribute {name:?} on a set of objects"))
                .with_help("Take the attribute of all elements with [*].")
        }
        _ => EvalError::new(span, format!("This value does not have any attributes, so not {name:?} either")),
    }
}

fn missing_attribute(value: &Value, name: &str, span: Span) -> EvalError {
    let error = match value.kind {
        Kind::Map(..) => EvalError::new(span, format!("This map does not have an element with the key {name:?}")),
        _ => EvalError::new(span, format!("This object does not have an attribute named {name:?}")),
    };
    // The keys of a map can be as secret as its values; the names of a sensitive object say what it is.
    let names = value.as_fields().filter(|_| !value.marks.is_sensitive());
    match names.and_then(|fields| closest(name, fields.keys().map(|key| &**key))) {
        Some(close) => error.with_help(format!("Did you mean {close:?}?")),
        None => error,
    }
}

/// The type of an attribute of an object type.
pub(super) fn attribute_type(ty: &Type, name: &str, span: Span) -> Result<Type, EvalError> {
    match ty {
        Type::Any => Ok(Type::Any),
        Type::Map(item) => Ok((**item).clone()),
        Type::Object(attributes) => match attributes.get(name) {
            Some(attribute) => Ok(attribute.ty.clone()),
            None => {
                let error = EvalError::new(span, format!("This object does not have an attribute named {name:?}"));
                Err(match closest(name, attributes.keys().map(|key| &**key)) {
                    Some(close) => error.with_help(format!("Did you mean {close:?}?")),
                    None => error,
                })
            }
        },
        Type::Bool | Type::Number | Type::String | Type::List(_) | Type::Set(_) | Type::Tuple(_) => {
            Err(no_attributes(ty, name, span))
        }
    }
}
