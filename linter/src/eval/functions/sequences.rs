//! Functions that make lists of lists.

use std::sync::Arc;

use super::items::{Items, check_count, derived, doubtful, members, open_result, unknown_result};
use super::{Call, Function, FunctionError, Parameter, Signature, Unknowns};
use crate::eval::Context;
use crate::eval::alternatives::{MAX_ALTERNATIVES, one_of};
use crate::value::{Kind, Marks, Member, Number, Type, Unknown, Value, convert, unify};

const ANY: Parameter = Parameter::new("list", Signature::Any).with_unknowns(Unknowns::Any).with_inner_marks();
const LIST: Parameter = Parameter::new("list", Signature::List(&Signature::Any)).with_unknowns(Unknowns::Any);
const STRINGS: Parameter = Parameter::new("list", Signature::List(&Signature::String)).with_unknowns(Unknowns::Any);
const INDEX: Parameter = Parameter::new("index", Signature::Number).with_unknowns(Unknowns::Any);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new(
        "chunklist",
        &[LIST.with_inner_marks(), Parameter::new("size", Signature::Number)],
        Signature::List(&Signature::List(&Signature::Any)),
        chunklist,
    ),
    Function::new("compact", &[STRINGS], Signature::List(&Signature::String), compact),
    Function::new("concat", &[], Signature::Any, concat).with_variadic(Parameter { name: "seqs", ..ANY }),
    Function::new("distinct", &[LIST], Signature::List(&Signature::Any), distinct),
    Function::new("element", &[ANY, INDEX], Signature::Any, element),
    Function::new("flatten", &[ANY], Signature::Any, flatten),
    Function::new("range", &[], Signature::List(&Signature::Number), range)
        .with_variadic(Parameter::new("params", Signature::Number)),
    Function::new("reverse", &[ANY], Signature::Any, reverse),
    Function::new(
        "slice",
        &[ANY, Parameter::new("start_index", Signature::Number), Parameter::new("end_index", Signature::Number)],
        Signature::Any,
        slice,
    ),
    Function::new("sort", &[STRINGS], Signature::List(&Signature::String), sort),
];

fn list(item: Type, items: Vec<Value>) -> Value {
    Kind::List(item, items.into()).into()
}

fn item_type(value: &Value) -> Type {
    value.type_of().item().cloned().unwrap_or(Type::Any)
}

/// The argument's items, if it is a list or tuple or may become one; sets have no order.
fn ordered<'c>(call: &Call<'c>, idx: usize) -> Result<Items<'c>, FunctionError> {
    let value = call.value(idx)?;
    let ty = value.type_of();
    match ty {
        Type::Any | Type::List(_) | Type::Tuple(_) => Items::of(value),
        Type::Bool | Type::Number | Type::String | Type::Set(_) | Type::Map(_) | Type::Object(_) => None,
    }
    .ok_or_else(|| FunctionError::argument(idx, format!("a list or tuple is required, but this is {}", ty.friendly())))
}

fn concat(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    if call.args.is_empty() {
        return Err(FunctionError::new("at least one argument is required"));
    }
    let types: Vec<Type> = call.args.iter().map(Value::type_of).collect();
    let all_lists = types.iter().all(|ty| matches!(ty, Type::List(_)));
    let common = if all_lists { unify(&types) } else { None };
    let mut all: Vec<Member> = Vec::new();
    let mut open = false;
    for idx in 0..call.args.len() {
        let items = ordered(call, idx)?;
        open |= matches!(items, Items::Open(_));
        all.extend(items.into_members());
        check_count(all.len(), context)?;
    }
    if let Some(item) = common.as_ref().and_then(Type::item) {
        for member in &mut all {
            member.value = convert(&member.value, item).map_err(|error| FunctionError::new(error.to_string()))?;
        }
    }
    if open {
        return Ok(open_result(call, common.unwrap_or(Type::Any), all));
    }
    let items: Vec<Value> = all.into_iter().map(|member| member.value).collect();
    Ok(match common.as_ref().and_then(Type::item) {
        Some(item) => list(item.clone(), items),
        None => Value::tuple(items),
    })
}

/// What flattening has found so far.
#[derive(Default)]
struct Flat {
    members: Vec<Member>,
    open: bool,
    marks: Marks,
}

fn flatten(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let Some(items) = Items::of(call.value(0)?) else {
        let ty = call.value(0)?.type_of().friendly();
        return Err(FunctionError::argument(0, format!("a list, set or tuple is required, but this is {ty}")));
    };
    let mut flat = Flat::default();
    flatten_into(items, true, &mut flat, context)?;
    let Flat { members, open, marks } = flat;
    let result = match open {
        true => open_result(call, Type::Any, members),
        false => Value::tuple(members.into_iter().map(|member| member.value).collect::<Vec<_>>()),
    };
    Ok(result.marked(marks))
}

fn flatten_into(items: Items<'_>, certain: bool, flat: &mut Flat, context: &Context<'_>) -> Result<(), FunctionError> {
    flat.open |= matches!(items, Items::Open(_));
    for member in items.into_members() {
        let certain = certain && member.certain;
        let value = &member.value;
        match &value.kind {
            Kind::List(_, inner) | Kind::Set(_, inner) | Kind::Tuple(inner) => {
                flat.marks = flat.marks.union(value.marks);
                flatten_into(Items::Known(inner), certain, flat, context)?;
            }
            Kind::Unknown(unknown) if matches!(unknown.ty, Type::List(_) | Type::Set(_) | Type::Tuple(_)) => {
                flat.marks = flat.marks.union(value.marks);
                if !unknown.refinement.not_null {
                    // Null is no sequence: it would stay as it is.
                    let value = Value::null_of(unknown.ty.clone());
                    flat.members.push(Member { key: None, value, certain: false });
                }
                flatten_into(Items::Open(members(unknown)), certain, flat, context)?;
            }
            Kind::Unknown(unknown) if unknown.ty == Type::Any => {
                // Either an item or a sequence of items.
                flat.open = true;
                flat.members.push(Member { key: None, value: value.clone(), certain: false });
                flat.members.extend(doubtful(members(unknown)));
            }
            Kind::Unknown(_)
            | Kind::Null(_)
            | Kind::Bool(_)
            | Kind::Number(_)
            | Kind::String(_)
            | Kind::Map(..)
            | Kind::Object(_) => flat.members.push(Member { key: None, value: value.clone(), certain }),
        }
        check_count(flat.members.len(), context)?;
    }
    Ok(())
}

fn reverse(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let value = call.value(0)?;
    let reversed = |items: &[Value]| items.iter().rev().cloned().collect::<Vec<_>>();
    match &value.kind {
        Kind::Tuple(items) => Ok(Value::tuple(reversed(items))),
        Kind::List(item, items) | Kind::Set(item, items) => Ok(list(item.clone(), reversed(items))),
        Kind::Unknown(unknown) => {
            let ty = match &unknown.ty {
                Type::List(item) | Type::Set(item) => Type::List(item.clone()),
                Type::Any | Type::Tuple(_) => Type::Any,
                Type::Bool | Type::Number | Type::String | Type::Map(_) | Type::Object(_) => {
                    return Err(not_reversible(value));
                }
            };
            Ok(open_result(call, ty, members(unknown)))
        }
        Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Map(..) | Kind::Object(_) => {
            Err(not_reversible(value))
        }
    }
}

fn not_reversible(value: &Value) -> FunctionError {
    FunctionError::argument(0, format!("only lists and tuples can be reversed, not {}", value.type_of().friendly()))
}

fn slice(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let position = |idx: usize| {
        usize::try_from(call.integer(idx)?).map_err(|_| FunctionError::argument(idx, "it must not be negative"))
    };
    let (start, end) = (position(1)?, position(2)?);
    if start > end {
        return Err(FunctionError::argument(1, format!("the start, {start}, is after the end, {end}")));
    }
    let value = call.value(0)?;
    match ordered(call, 0)? {
        Items::Known(items) => {
            let Some(part) = items.get(start..end) else {
                let count = items.len();
                return Err(FunctionError::argument(2, format!("the end, {end}, is after the list's {count} items")));
            };
            if let Kind::List(item, _) = &value.kind {
                return Ok(list(item.clone(), part.to_vec()));
            }
            Ok(Value::tuple(part.to_vec()))
        }
        Items::Open(_) if end - start <= MAX_UNKNOWN_PART && value.as_unknown().is_some() => {
            Ok(unknown_part(value, end - start))
        }
        Items::Open(members) => {
            let ty = if matches!(value.type_of(), Type::List(_)) { value.type_of() } else { Type::Any };
            Ok(open_result(call, ty, doubtful(members)))
        }
    }
}

/// Longest part of an unknown list that is given item by item.
const MAX_UNKNOWN_PART: usize = 256;

/// So many items of a list of which nothing else is known: it has them all, or Terraform refuses to slice it. So
/// `slice(data.aws_availability_zones.all.names, 0, 3)` is three zones, and what is made for each zone can be judged.
fn unknown_part(value: &Value, count: usize) -> Value {
    let item = if let Type::List(item) = value.type_of() { (*item).clone() } else { Type::Any };
    let unknown = value.as_unknown().map(|unknown| Arc::new(Unknown::derived(item.clone(), [unknown])));
    let items = unknown.into_iter().flat_map(|unknown| std::iter::repeat_n(Value::from(Kind::Unknown(unknown)), count));
    list(item, items.collect())
}

fn element(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let (value, position) = (call.value(0)?, call.value(1)?);
    let items = ordered(call, 0)?;
    if let Items::Known([]) = items {
        return Err(FunctionError::argument(0, "an empty list has no element"));
    }
    let position = match position.as_number() {
        None => None,
        Some(number) => match number.to_i64().and_then(|whole| usize::try_from(whole).ok()) {
            Some(position) => Some(position),
            None => return Err(FunctionError::argument(1, "a whole number that is not negative is required")),
        },
    };
    match (items, position) {
        (Items::Known(items), Some(position)) => items
            .get(position.checked_rem(items.len()).unwrap_or(0))
            .cloned()
            .ok_or_else(|| FunctionError::argument(0, "an empty list has no element")),
        (items, _) => Ok(one_among(call, items.into_members(), item_type(value))),
    }
}

/// An unknown item of a list, if they are few one of them.
fn one_among(call: &Call<'_>, members: Vec<Member>, item: Type) -> Value {
    let causes = call.args.iter().find_map(Value::as_unknown);
    if members.is_empty() || members.len() > MAX_ALTERNATIVES {
        return derived(item, call.args.iter().flat_map(Value::unknowns_within));
    }
    one_of(members.into_iter().map(|member| member.value).collect(), causes)
}

fn range(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    /// Terraform's own bound.
    const MOST: usize = 1024;
    let number = |idx: usize| call.number(idx).cloned();
    let (start, end) = match call.args.len() {
        1 => (Number::ZERO, number(0)?),
        2 | 3 => (number(0)?, number(1)?),
        count => return Err(FunctionError::new(format!("it takes one to three numbers, not {count}"))),
    };
    let down = if call.args.len() == 3 { number(2)?.signum() < 0 } else { end < start };
    let step = if call.args.len() == 3 { number(2)? } else { Number::from(if down { -1 } else { 1 }) };
    if step.is_zero() {
        return Err(FunctionError::argument(2, "the step must not be zero"));
    }
    if (down && end > start) || (!down && end < start) {
        return Err(FunctionError::argument(1, format!("steps of {step} lead away from it")));
    }
    let mut items = Vec::new();
    let mut next = start;
    while if down { next > end } else { next < end } {
        if items.len() >= MOST {
            return Err(FunctionError::new(format!("more than {MOST} numbers; take a larger step or a nearer end")));
        }
        items.push(Value::from(next.clone()));
        next = next.add(&step).map_err(|undefined| FunctionError::new(undefined.to_string()))?;
    }
    Ok(list(Type::Number, items))
}

fn chunklist(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let Ok(size) = usize::try_from(call.integer(1)?) else {
        return Err(FunctionError::argument(1, "the size must not be negative"));
    };
    let value = call.value(0)?;
    let item = item_type(value);
    let Some(items) = value.as_items() else {
        return Ok(unknown_result(call, Type::list(Type::list(item))));
    };
    let chunks = match size {
        0 if items.is_empty() => Vec::new(),
        0 => vec![value.clone()],
        _ => items.chunks(size).map(|chunk| list(item.clone(), chunk.to_vec())).collect(),
    };
    Ok(list(Type::list(item), chunks))
}

fn distinct(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let value = call.value(0)?;
    let ty = value.type_of();
    let Some(items) = value.as_items() else {
        let members = Items::of(value).map(Items::into_members).unwrap_or_default();
        return Ok(open_set_like(call, ty, members));
    };
    if let Some(distinct) = without_repetition(items, call, context)? {
        return Ok(list(item_type(value), distinct));
    }
    Ok(open_set_like(call, ty, Items::Known(items).into_members()))
}

/// Like [`open_result`], for lists whose items may turn out equal.
fn open_set_like(call: &Call<'_>, ty: Type, members: Vec<Member>) -> Value {
    let mut result = open_result(call, ty, members);
    if let Kind::Unknown(unknown) = &mut result.kind {
        let unknown = std::sync::Arc::make_mut(unknown);
        unknown.refinement.min_length = unknown.refinement.min_length.map(|min| min.min(1));
    }
    result
}

/// The items, each once; `None` if what is unknown decides which are equal.
fn without_repetition(
    items: &[Value],
    call: &Call<'_>,
    context: &Context<'_>,
) -> Result<Option<Vec<Value>>, FunctionError> {
    let mut seen = rustc_hash::FxHashSet::default();
    if items.iter().all(Value::is_wholly_known) {
        return Ok(Some(items.iter().filter(|item| seen.insert(item.key_text())).cloned().collect()));
    }
    let mut distinct: Vec<Value> = Vec::new();
    for item in items {
        context.spend(distinct.len() as u64, call.span).map_err(|error| FunctionError::limit(error.message))?;
        let mut verdicts = distinct.iter().map(|known| crate::value::equal(known, item));
        let mut open = false;
        let found = verdicts.any(|verdict| {
            open |= verdict.is_none();
            verdict == Some(true)
        });
        match (found, open) {
            (true, _) => {}
            (false, true) => return Ok(None),
            (false, false) => distinct.push(item.clone()),
        }
    }
    Ok(Some(distinct))
}

fn compact(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let value = call.value(0)?;
    // Whether an item stays.
    let stays = |item: &Value| {
        let Some(unknown) = item.as_unknown() else {
            return Some(item.as_str().is_some_and(|text| !text.is_empty()));
        };
        let text = unknown.refinement.prefix.as_ref().is_some_and(|prefix| !prefix.is_empty());
        (unknown.refinement.not_null && text).then_some(true)
    };
    let known = value.as_items().is_some_and(|items| items.iter().all(|item| stays(item).is_some()));
    let mut kept = Items::of(value).map(Items::into_members).unwrap_or_default();
    kept.retain(|member| stays(&member.value) != Some(false));
    if known {
        return Ok(list(Type::String, kept.into_iter().map(|member| member.value).collect()));
    }
    for member in &mut kept {
        member.certain &= stays(&member.value) == Some(true);
    }
    Ok(open_result(call, Type::list(Type::String), kept))
}

fn sort(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let value = call.value(0)?;
    if let Some(place) = value.as_items().and_then(|items| items.iter().position(Value::is_null)) {
        return Err(FunctionError::argument(0, format!("item {place} is null, and null cannot be sorted")));
    }
    if let Some(items) = value.as_items().filter(|_| value.is_wholly_known()) {
        let mut sorted = items.to_vec();
        sorted.sort_by(|left, right| left.as_str().cmp(&right.as_str()));
        return Ok(list(Type::String, sorted));
    }
    let members = Items::of(value).map(Items::into_members).unwrap_or_default();
    Ok(open_result(call, Type::list(Type::String), members))
}
