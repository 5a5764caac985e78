//! Values that are one of a few: the arms of a conditional, the items behind an unknown index.

use std::sync::Arc;

use super::EvalError;
use crate::value::{Kind, Knowledge, Marks, Refinement, Type, Unknown, Value};

/// More alternatives than this are not kept: the value is then just unknown.
pub(super) const MAX_ALTERNATIVES: usize = 8;
/// More combinations of alternatives than this are not tried.
const MAX_COMBINATIONS: usize = 16;

/// A value that is one of `values`, because of `cause`. If all are the same it is that value.
pub(super) fn one_of(values: Vec<Value>, cause: Option<&Unknown>) -> Value {
    let marks = values.iter().fold(Marks::NONE, |marks, value| marks.union(value.marks));
    let ty = shared_type(&values);
    let unknowns = cause.into_iter().chain(values.iter().filter_map(Value::as_unknown));
    let mut unknown = Unknown::derived(ty, unknowns);
    unknown.refinement = shared_refinement(&values);
    match flatten(values) {
        Some(mut distinct) if distinct.len() == 1 => {
            return distinct.pop().unwrap_or_else(Value::null).marked(marks);
        }
        Some(distinct) => unknown.knowledge = Knowledge::OneOf(distinct.into()),
        None => {}
    }
    Value::from(Kind::Unknown(Arc::new(unknown))).marked(marks)
}

/// The alternatives without those inside alternatives and without repetitions; `None` if they are too many.
fn flatten(values: Vec<Value>) -> Option<Vec<Value>> {
    let mut distinct: Vec<Value> = Vec::new();
    for value in values {
        match value.as_unknown().map(|unknown| &unknown.knowledge) {
            Some(Knowledge::OneOf(inner)) => {
                for alternative in inner.iter() {
                    push_distinct(&mut distinct, alternative.clone().marked(value.marks));
                }
            }
            _ => push_distinct(&mut distinct, value),
        }
        if distinct.len() > MAX_ALTERNATIVES {
            return None;
        }
    }
    Some(distinct)
}

fn push_distinct(distinct: &mut Vec<Value>, value: Value) {
    if !distinct.iter().any(|known| known.same(&value)) {
        distinct.push(value);
    }
}

/// The type if all have the same.
fn shared_type(values: &[Value]) -> Type {
    let mut types = values.iter().map(Value::type_of);
    let first = types.next().unwrap_or(Type::Any);
    if types.all(|ty| ty == first) { first } else { Type::Any }
}

/// What holds whichever it is.
fn shared_refinement(values: &[Value]) -> Refinement {
    let mut refinements = values.iter().map(refinement_of);
    let Some(mut shared) = refinements.next() else { return Refinement::default() };
    for other in refinements {
        shared.not_null &= other.not_null;
        shared.prefix = shared.prefix.zip(other.prefix).and_then(|(left, right)| common_prefix(&left, &right));
        shared.min_length = shared.min_length.zip(other.min_length).map(|(left, right)| left.min(right));
        shared.max_length = shared.max_length.zip(other.max_length).map(|(left, right)| left.max(right));
        shared.min = shared.min.zip(other.min).map(|(left, right)| if right < left { right } else { left });
        shared.max = shared.max.zip(other.max).map(|(left, right)| if right > left { right } else { left });
    }
    shared
}

/// What is known of a value, in the form that unknown values have it.
fn refinement_of(value: &Value) -> Refinement {
    let length = |count: usize| Refinement {
        not_null: true,
        min_length: Some(count),
        max_length: Some(count),
        ..Refinement::default()
    };
    match &value.kind {
        Kind::Unknown(unknown) => unknown.refinement.clone(),
        Kind::Null(_) => Refinement::default(),
        Kind::Bool(_) => Refinement { not_null: true, ..Refinement::default() },
        Kind::Number(number) => {
            Refinement { not_null: true, min: Some(number.clone()), max: Some(number.clone()), ..Refinement::default() }
        }
        Kind::String(text) => Refinement { not_null: true, prefix: Some(text.clone()), ..Refinement::default() },
        Kind::List(_, items) | Kind::Tuple(items) => length(items.len()),
        Kind::Set(_, items) if items.iter().all(Value::is_wholly_known) => length(items.len()),
        Kind::Set(..) => Refinement { not_null: true, ..Refinement::default() },
        Kind::Map(_, fields) => length(fields.len()),
        Kind::Object(object) => length(object.fields.len()),
    }
}

fn common_prefix(left: &str, right: &str) -> Option<Arc<str>> {
    let shared: String = left.chars().zip(right.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
    (!shared.is_empty()).then(|| shared.into())
}

/// The alternatives of a value: itself, unless it is one of a few.
fn alternatives(value: &Value) -> Vec<Value> {
    match value.as_unknown().map(|unknown| &unknown.knowledge) {
        Some(Knowledge::OneOf(values)) => values.iter().map(|one| one.clone().marked(value.marks)).collect(),
        _ => vec![value.clone()],
    }
}

/// Does the same for every combination of the alternatives of one or two values.
/// `None` if neither has alternatives, or they are too many, or one combination fails:
/// that one then may or may not be what happens.
pub(super) fn combine(
    left: &Value,
    right: &Value,
    work: &mut dyn FnMut(&Value, &Value) -> Result<Value, EvalError>,
) -> Option<Value> {
    let (lefts, rights) = (alternatives(left), alternatives(right));
    let count = lefts.len() * rights.len();
    if count == 1 || count > MAX_COMBINATIONS {
        return None;
    }
    let mut results = Vec::with_capacity(count);
    for left in &lefts {
        for right in &rights {
            results.push(work(left, right).ok()?);
        }
    }
    let cause = left.as_unknown().or(right.as_unknown());
    Some(one_of(results, cause))
}
