//! Attributes and items of values that are not known.

use std::sync::Arc;

use super::EvalError;
use super::access::{attribute_type, set_index};
use super::alternatives::one_of;
use super::expression::Evaluation;
use crate::source::Span;
use crate::value::{Kind, Knowledge, Member, Symbol, Type, Unknown, Value, convert};

/// Longest path of an attribute that is followed through a symbol.
const MAX_PATH: usize = 512;

/// The values that an unknown value may have, if they are few.
pub(super) fn alternatives_of(value: &Value) -> Option<&Arc<[Value]>> {
    match &value.as_unknown()?.knowledge {
        Knowledge::OneOf(values) => Some(values),
        _ => None,
    }
}

impl Evaluation<'_> {
    /// `value.name` of an unknown value.
    pub(super) fn unknown_attribute(
        &self,
        value: &Value,
        unknown: &Unknown,
        name: &str,
        span: Span,
    ) -> Result<Value, EvalError> {
        self.doubts();
        let ty = match attribute_type(&unknown.ty, name, span) {
            Ok(ty) => ty,
            Err(_) if self.is_rules() && matches!(unknown.ty, Type::Object(_)) => {
                return Ok(Value::null().marked(value.marks));
            }
            Err(error) => return Err(error),
        };
        let found = match &unknown.knowledge {
            Knowledge::OneOf(values) => {
                self.of_each(values, unknown, ty, |alternative| self.attribute(alternative, name, span))?
            }
            Knowledge::Members(members) => match certain_member(members, name) {
                Some(member) => member.clone(),
                None => part(unknown, ty, None),
            },
            Knowledge::Symbol(symbol) => part(unknown, ty, longer(symbol, &format!(".{name}"))),
            Knowledge::Nothing
            | Knowledge::Template(_)
            | Knowledge::Json(_)
            | Knowledge::Yaml(_)
            | Knowledge::Base64(_) => part(unknown, ty, None),
        };
        Ok(found.marked(value.marks))
    }

    /// `value[key]` of an unknown value.
    pub(super) fn unknown_index(
        &self,
        value: &Value,
        unknown: &Unknown,
        key: &Value,
        span: Span,
    ) -> Result<Value, EvalError> {
        self.doubts();
        let marks = value.marks.union(key.marks);
        let ty = self.item_type(&unknown.ty, key, span)?;
        let found = match &unknown.knowledge {
            Knowledge::OneOf(values) => {
                self.of_each(values, unknown, ty, |alternative| self.index(alternative, key, span))?
            }
            Knowledge::Members(members) => match key.as_str().and_then(|name| certain_member(members, name)) {
                Some(member) => member.clone(),
                None => part(unknown, ty, None),
            },
            Knowledge::Symbol(symbol) => {
                let step = step_text(key).and_then(|step| longer(symbol, &step));
                part(unknown, ty, step)
            }
            Knowledge::Nothing
            | Knowledge::Template(_)
            | Knowledge::Json(_)
            | Knowledge::Yaml(_)
            | Knowledge::Base64(_) => part(unknown, ty, None),
        };
        Ok(found.marked(marks))
    }

    /// What `find` finds in each alternative; one that fails is left open, all that fail are the error.
    fn of_each(
        &self,
        values: &[Value],
        unknown: &Unknown,
        ty: Type,
        find: impl Fn(&Value) -> Result<Value, EvalError>,
    ) -> Result<Value, EvalError> {
        let (mut found, mut failure) = (Vec::with_capacity(values.len()), None);
        for value in values {
            match find(value) {
                Ok(item) => found.push(item),
                Err(error) if !error.catchable => return Err(error),
                Err(error) => {
                    self.fails_perhaps();
                    failure = Some(error);
                }
            }
        }
        match failure {
            Some(error) if found.is_empty() => Err(error),
            // Whenever evaluation succeeds, the alternative was not one of those that fail.
            Some(_) => Ok(one_of(found, Some(unknown))),
            None if found.is_empty() => Ok(part(unknown, ty, None)),
            None => Ok(one_of(found, Some(unknown))),
        }
    }

    /// The type of an item of an unknown collection.
    fn item_type(&self, ty: &Type, key: &Value, span: Span) -> Result<Type, EvalError> {
        let as_type = |wanted: Type| {
            convert(key, &wanted).map_err(|error| {
                let message = format!("The given key does not identify an element in this collection value: {error}");
                EvalError::new(span, message)
            })
        };
        match ty {
            Type::Any => Ok(Type::Any),
            Type::List(item) => as_type(Type::Number).map(|_| (**item).clone()),
            Type::Map(item) => as_type(Type::String).map(|_| (**item).clone()),
            Type::Tuple(items) => {
                let at = as_type(Type::Number)?.as_number().and_then(|number| number.to_i64());
                let Some(at) = at else { return Ok(Type::Any) };
                usize::try_from(at).ok().and_then(|at| items.get(at)).cloned().ok_or_else(|| {
                    EvalError::new(
                        span,
                        format!("The given key does not identify an element in this collection value: {at}"),
                    )
                })
            }
            Type::Object(_) => match as_type(Type::String)?.as_str() {
                // As Terraform has it, a wrong key of an unknown object shows only when the object is known.
                Some(name) => Ok(attribute_type(ty, name, span).unwrap_or(Type::Any)),
                None => Ok(Type::Any),
            },
            Type::Set(_) => Err(set_index(span)),
            Type::Bool | Type::Number | Type::String => {
                Err(EvalError::new(span, "This value does not have any indices"))
            }
        }
    }
}

/// A part of an unknown value: unknown for the same reasons.
pub(super) fn part(whole: &Unknown, ty: Type, symbol: Option<Symbol>) -> Value {
    let mut unknown = Unknown::derived(ty, [whole]);
    if let Some(symbol) = symbol {
        unknown.knowledge = Knowledge::Symbol(symbol);
    }
    Kind::Unknown(unknown.into()).into()
}

fn certain_member<'m>(members: &'m [Member], name: &str) -> Option<&'m Value> {
    let is_it = |member: &&Member| member.certain && member.key.as_ref().and_then(Value::as_str) == Some(name);
    members.iter().find(is_it).map(|member| &member.value)
}

/// The symbol of a part: its path is longer by a step. Paths beyond all reason are given up.
fn longer(symbol: &Symbol, step: &str) -> Option<Symbol> {
    let path = format!("{}{step}", symbol.attribute);
    let path = path.strip_prefix('.').unwrap_or(&path);
    (path.len() <= MAX_PATH).then(|| Symbol { address: symbol.address.clone(), attribute: path.into() })
}

/// A key as a step of a path; `None` if it is not known or must not be shown.
fn step_text(key: &Value) -> Option<String> {
    if key.marks.is_sensitive() {
        return None;
    }
    match &key.kind {
        Kind::Number(number) => Some(format!("[{number}]")),
        Kind::String(text) => Some(format!("[{text:?}]")),
        _ => None,
    }
}
