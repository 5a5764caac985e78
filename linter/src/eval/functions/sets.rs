//! Functions of sets.

use super::items::{Items, check_count, doubtful, open_result};
use super::{Call, Function, FunctionError, Parameter, Signature, Unknowns};
use crate::eval::Context;
use crate::value::{Kind, Member, Type, Value, convert, equal, unify};

const SET: Parameter = Parameter::new("first_set", Signature::Set(&Signature::Any)).with_unknowns(Unknowns::Any);
const OTHERS: Parameter = Parameter { name: "other_sets", ..SET };
const FACTORS: Parameter = Parameter::new("sets", Signature::Any).with_unknowns(Unknowns::Any).with_inner_marks();

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("setintersection", &[SET], Signature::Set(&Signature::Any), setintersection).with_variadic(OTHERS),
    Function::new("setproduct", &[], Signature::Any, setproduct).with_variadic(FACTORS),
    Function::new(
        "setsubtract",
        &[Parameter { name: "a", ..SET }, Parameter { name: "b", ..SET }],
        Signature::Set(&Signature::Any),
        setsubtract,
    ),
    Function::new("setunion", &[SET], Signature::Set(&Signature::Any), setunion).with_variadic(OTHERS),
];

/// The arguments as sets of one type, and the type of their items.
fn same_type(call: &Call<'_>) -> Result<(Vec<Value>, Type), FunctionError> {
    let is_open_and_empty = |arg: &&Value| matches!(&arg.kind, Kind::Set(Type::Any, items) if items.is_empty());
    let types: Vec<Type> = call
        .args
        .iter()
        .filter(|arg| !is_open_and_empty(arg))
        .map(|arg| arg.type_of().item().cloned().unwrap_or(Type::Any))
        .collect();
    if types.is_empty() {
        return Ok((call.args.to_vec(), Type::Any));
    }
    let Some(item) = unify(&types) else {
        return Err(FunctionError::new("the items of all sets must be of one type"));
    };
    let set = Type::set(item.clone());
    let convert_one = |(idx, arg): (usize, &Value)| {
        convert(arg, &set).map_err(|error| FunctionError::argument(idx, error.to_string()))
    };
    Ok((call.args.iter().enumerate().map(convert_one).collect::<Result<_, _>>()?, item))
}

fn members_of(set: &Value) -> Vec<Member> {
    Items::of(set).map(Items::into_members).unwrap_or_default()
}

fn setunion(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let (sets, item) = same_type(call)?;
    let total = sets.iter().filter_map(Value::as_items).map(<[Value]>::len).sum();
    check_count(total, context)?;
    if sets.iter().all(|set| !set.is_unknown()) {
        let items = sets.iter().filter_map(Value::as_items).flatten().cloned();
        return Ok(Value::set_of(item, items));
    }
    Ok(open_result(call, Type::set(item), sets.iter().flat_map(members_of).collect()))
}

/// Keeps of the first set what the others, by their key texts, decide.
fn filtered(sets: &[Value], item: Type, keep: impl Fn(bool) -> bool) -> Option<Value> {
    let (first, others) = sets.split_first()?;
    let mut items = first.as_items()?.to_vec();
    for other in others {
        let keys: rustc_hash::FxHashSet<String> = other.as_items()?.iter().map(Value::key_text).collect();
        items.retain(|one| keep(keys.contains(&one.key_text())));
    }
    Some(Value::set_of(item, items))
}

fn setintersection(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let (sets, item) = same_type(call)?;
    if let Some(result) = filtered(&sets, item.clone(), |found| found) {
        return Ok(result);
    }
    let mut kept = sets.first().map(members_of).unwrap_or_default();
    for other in sets.iter().skip(1).map(members_of) {
        kept.retain(|member| other.iter().any(|one| equal(&one.value, &member.value) != Some(false)));
        for member in &mut kept {
            member.certain &= other.iter().any(|one| one.certain && equal(&one.value, &member.value) == Some(true));
        }
    }
    Ok(open_result(call, Type::set(item), kept))
}

fn setsubtract(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let (sets, item) = same_type(call)?;
    if let Some(result) = filtered(&sets, item.clone(), |found| !found) {
        return Ok(result);
    }
    let mut kept = sets.first().map(members_of).unwrap_or_default();
    let taken = sets.get(1).map(members_of).unwrap_or_default();
    kept.retain(|member| !taken.iter().any(|one| one.certain && equal(&one.value, &member.value) == Some(true)));
    for member in &mut kept {
        member.certain &= taken.iter().all(|one| equal(&one.value, &member.value) == Some(false));
    }
    Ok(open_result(call, Type::set(item), kept))
}

/// One factor of a product: its items and their type.
struct Factor {
    items: Vec<Value>,
    item: Type,
}

fn setproduct(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    if call.args.len() < 2 {
        return Err(FunctionError::new("at least two sets or lists are required"));
    }
    let mut ordered = true;
    let mut open = false;
    let mut factors = Vec::new();
    for (idx, arg) in call.args.iter().enumerate() {
        let Some(items) = Items::of(arg) else {
            return Err(FunctionError::argument(idx, "a set or a list is required"));
        };
        ordered &= !matches!(arg.type_of(), Type::Set(_) | Type::Any);
        open |= matches!(items, Items::Open(_));
        factors.push(factor(idx, arg, items)?);
    }
    let tuple = Type::Tuple(factors.iter().map(|factor| factor.item.clone()).collect());
    let total = factors.iter().map(|factor| factor.items.len()).try_fold(1_usize, usize::checked_mul);
    check_count(total.unwrap_or(usize::MAX), context)?;
    let rows = product(&factors, total.unwrap_or(0));
    if open {
        let ty = if call.args.iter().any(|arg| arg.type_of() == Type::Any) {
            Type::Any
        } else if ordered {
            Type::list(tuple)
        } else {
            Type::set(tuple)
        };
        let member = |value| Member { key: None, value, certain: false };
        return Ok(open_result(call, ty, doubtful(rows.into_iter().map(member).collect())));
    }
    if ordered { Ok(Kind::List(tuple, rows.into()).into()) } else { Ok(Value::set_of(tuple, rows)) }
}

fn factor(idx: usize, arg: &Value, items: Items<'_>) -> Result<Factor, FunctionError> {
    let items: Vec<Value> = items.into_members().into_iter().map(|member| member.value).collect();
    let item = match arg.type_of() {
        Type::Tuple(types) if types.is_empty() => Some(Type::Any),
        Type::Tuple(types) => unify(&types),
        ty => Some(ty.item().cloned().unwrap_or(Type::Any)),
    };
    let Some(item) = item else {
        return Err(FunctionError::argument(idx, "all items must be of one type"));
    };
    let converted = items.iter().map(|one| convert(one, &item)).collect::<Result<_, _>>();
    let items = converted.map_err(|error| FunctionError::argument(idx, error.to_string()))?;
    Ok(Factor { items, item })
}

/// All combinations, the last factor's items changing fastest.
fn product(factors: &[Factor], total: usize) -> Vec<Value> {
    let row = |number: usize| {
        let mut rest = number;
        let mut row: Vec<Value> = Vec::with_capacity(factors.len());
        for factor in factors.iter().rev() {
            let count = factor.items.len();
            let place = rest.checked_rem(count).unwrap_or(0);
            rest = rest.checked_div(count).unwrap_or(0);
            row.extend(factor.items.get(place).cloned());
        }
        row.reverse();
        Value::tuple(row)
    };
    (0..total).map(row).collect()
}
