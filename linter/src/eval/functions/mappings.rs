//! Functions of maps and objects.

use std::sync::Arc;

use super::items::{Items, check_count, derived, doubtful, members, open_result, unknown_result};
use super::{Call, Function, FunctionError, Parameter, Signature, Unknowns};
use crate::eval::Context;
use crate::eval::alternatives::{MAX_ALTERNATIVES, one_of};
use crate::value::{Fields, Kind, Marks, Member, Type, Unknown, Value, convert, equal, unify};

const ANY: Parameter = Parameter::new("inputMap", Signature::Any).with_unknowns(Unknowns::Any).with_inner_marks();
const LIST: Parameter = Parameter::new("values", Signature::List(&Signature::Any)).with_unknowns(Unknowns::Any);
const STRINGS: Signature = Signature::List(&Signature::String);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("keys", &[ANY], Signature::Any, keys),
    Function::new(
        "lookup",
        &[ANY, Parameter::new("key", Signature::String).with_unknowns(Unknowns::Any).with_inner_marks()],
        Signature::Any,
        lookup,
    )
    .with_variadic(named("default", ANY).or_null()),
    Function::new(
        "matchkeys",
        &[LIST, named("keys", LIST), named("searchset", LIST)],
        Signature::List(&Signature::Any),
        matchkeys,
    ),
    Function::new("merge", &[], Signature::Any, merge).with_variadic(named("maps", ANY).or_null()),
    Function::new(
        "transpose",
        &[Parameter::new("values", Signature::Map(&STRINGS))],
        Signature::Map(&STRINGS),
        transpose,
    ),
    Function::new("values", &[named("mapping", ANY)], Signature::Any, values),
    Function::new(
        "zipmap",
        &[Parameter::new("keys", STRINGS).with_unknowns(Unknowns::Any).with_inner_marks(), named("values", ANY)],
        Signature::Any,
        zipmap,
    ),
];

const fn named(name: &'static str, parameter: Parameter) -> Parameter {
    Parameter { name, ..parameter }
}

/// What a map or object holds.
enum Entries<'v> {
    Known(&'v Fields),
    Open(&'v Unknown),
}

fn entries<'c>(call: &Call<'c>, idx: usize) -> Result<Entries<'c>, FunctionError> {
    let value = call.value(idx)?;
    if let Some(fields) = value.as_fields() {
        return Ok(Entries::Known(fields));
    }
    if let Some(unknown) = value.as_unknown()
        && matches!(unknown.ty, Type::Any | Type::Map(_) | Type::Object(_))
    {
        return Ok(Entries::Open(unknown));
    }
    let ty = value.type_of().friendly();
    Err(FunctionError::argument(idx, format!("a map or object is required, but this is {ty}")))
}

fn text(text: &Arc<str>) -> Value {
    Kind::String(text.clone()).into()
}

fn keys(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let names = |names: Vec<Value>, map: bool| match map {
        true => Kind::List(Type::String, names.into()).into(),
        false => Value::tuple(names),
    };
    match entries(call, 0)? {
        Entries::Known(fields) => {
            Ok(names(fields.keys().map(text).collect(), matches!(call.value(0)?.kind, Kind::Map(..))))
        }
        Entries::Open(unknown) => {
            if let Type::Object(attributes) = &unknown.ty {
                return Ok(names(attributes.keys().map(text).collect(), false));
            }
            let key_of = |member: Member| {
                let value = member.key.unwrap_or_else(|| derived(Type::String, [unknown]));
                Member { key: None, value, certain: member.certain }
            };
            let ty = if unknown.ty == Type::Any { Type::Any } else { Type::list(Type::String) };
            Ok(open_result(call, ty, members(unknown).into_iter().map(key_of).collect()))
        }
    }
}

fn values(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    match entries(call, 0)? {
        Entries::Known(fields) => {
            let values: Vec<Value> = fields.values().cloned().collect();
            if let Kind::Map(item, _) = &call.value(0)?.kind {
                return Ok(Kind::List(item.clone(), values.into()).into());
            }
            Ok(Value::tuple(values))
        }
        Entries::Open(unknown) => {
            let ty = if let Type::Map(item) = &unknown.ty { Type::List(item.clone()) } else { Type::Any };
            let without_key = |member: Member| Member { key: None, ..member };
            Ok(open_result(call, ty, members(unknown).into_iter().map(without_key).collect()))
        }
    }
}

fn lookup(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    if call.args.len() > 3 {
        return Err(FunctionError::new(format!("it takes two or three arguments, not {}", call.args.len())));
    }
    let (map, key, default) = (call.value(0)?, call.value(1)?, call.args.get(2));
    let item = map.type_of().item().cloned();
    let default = match (default, &item) {
        (Some(default), Some(item)) => Some(
            convert(default, item)
                .map_err(|error| FunctionError::argument(2, format!("the map has other items: {error}")))?,
        ),
        (default, _) => default.cloned(),
    };
    match (entries(call, 0)?, key.as_str()) {
        (Entries::Known(fields), Some(name)) => match fields.get(name).cloned().or(default) {
            Some(value) => Ok(value),
            None => {
                Err(FunctionError::argument(1, format!("there is no key {}, and no default is given", key.brief())))
            }
        },
        (Entries::Known(fields), None) => {
            let candidates = fields.iter().map(|(name, value)| (text(name), value.clone(), false)).collect();
            Ok(lookup_open(call, key, candidates, default, item))
        }
        (Entries::Open(unknown), _) => {
            let candidate = |member: Member| {
                let name = member.key.unwrap_or_else(|| derived(Type::String, [unknown]));
                (name, member.value, member.certain)
            };
            Ok(lookup_open(call, key, members(unknown).into_iter().map(candidate).collect(), default, item))
        }
    }
}

/// Looks a key up among candidates: key, value, whether it is certainly there.
fn lookup_open(
    call: &Call<'_>,
    key: &Value,
    candidates: Vec<(Value, Value, bool)>,
    default: Option<Value>,
    item: Option<Type>,
) -> Value {
    let mut possible = Vec::new();
    let mut found = false;
    for (name, value, certain) in candidates {
        match equal(&name, key) {
            Some(true) if certain => {
                // Keys are unique: this is it.
                possible = vec![value];
                found = true;
                break;
            }
            Some(true) | None => possible.push(value),
            Some(false) => {}
        }
    }
    if !found && let Some(default) = default {
        possible.push(default);
    }
    if possible.is_empty() || possible.len() > MAX_ALTERNATIVES {
        return derived(item.unwrap_or(Type::Any), call.args.iter().flat_map(Value::unknowns_within));
    }
    one_of(possible, call.args.iter().find_map(Value::as_unknown))
}

fn merge(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let mut merged = Merged::default();
    for (idx, arg) in call.args.iter().enumerate() {
        if let Kind::Null(ty) = &arg.kind {
            match ty {
                Type::Any | Type::Object(_) => merged.types.push(Type::Object(Arc::default())),
                Type::Map(_) => merged.types.push(ty.clone()),
                Type::Bool | Type::Number | Type::String | Type::List(_) | Type::Set(_) | Type::Tuple(_) => {
                    return Err(FunctionError::argument(idx, "a map or object is required"));
                }
            }
            continue;
        }
        merged.types.push(arg.type_of());
        match entries(call, idx)? {
            Entries::Known(fields) => fields.iter().for_each(|(name, value)| merged.set(text(name), value, true)),
            Entries::Open(unknown) => {
                merged.open = true;
                for member in members(unknown) {
                    let key = member.key.unwrap_or_else(|| derived(Type::String, [unknown]));
                    merged.set(key, &member.value, member.certain);
                }
            }
        }
        check_count(merged.members.len(), context)?;
        context.spend(merged.members.len() as u64, call.span).map_err(|error| FunctionError::limit(error.message))?;
    }
    Ok(merged.finish(call))
}

/// Entries on the way to one map or object.
#[derive(Default)]
struct Merged {
    types: Vec<Type>,
    open: bool,
    /// Entries with a known key, and whether they are certainly there.
    members: std::collections::BTreeMap<Arc<str>, Vec<(Value, bool)>>,
    /// Entries whose key is not known.
    loose: Vec<Member>,
}

impl Merged {
    /// Adds an entry; what certainly has the same key is replaced, what may have it becomes doubtful.
    fn set(&mut self, key: Value, value: &Value, certain: bool) {
        let Some(name) = key.as_str() else {
            for entry in self.members.values_mut().flatten() {
                entry.1 = false;
            }
            for member in &mut self.loose {
                member.certain = false;
            }
            self.loose.push(Member { key: Some(key), value: value.clone(), certain });
            return;
        };
        let entries = self.members.entry(name.into()).or_default();
        if certain {
            entries.clear();
        }
        entries.iter_mut().for_each(|entry| entry.1 = false);
        entries.push((value.clone(), certain));
        for member in &mut self.loose {
            member.certain = false;
        }
    }

    fn finish(self, call: &Call<'_>) -> Value {
        let same = self.types.first().filter(|first| self.types.iter().all(|ty| ty == *first));
        let map = same.and_then(|ty| if let Type::Map(item) = ty { Some((**item).clone()) } else { None });
        if self.open {
            let named = self.members.into_iter().flat_map(|(name, entries)| {
                entries.into_iter().map(move |(value, certain)| Member { key: Some(text(&name)), value, certain })
            });
            let members = named.chain(self.loose).collect();
            return open_result(call, map.map_or(Type::Any, Type::map), members);
        }
        let last = |(name, mut entries): (Arc<str>, Vec<(Value, bool)>)| Some((name, entries.pop()?.0));
        let fields: Fields = self.members.into_iter().filter_map(last).collect();
        match map {
            Some(item) => Kind::Map(item, Arc::new(fields)).into(),
            None => Value::object(fields),
        }
    }
}

fn zipmap(call: &Call<'_>, _: &Context<'_>) -> Result<Value, FunctionError> {
    let (keys, values) = (call.value(0)?, call.value(1)?);
    let list = match values.type_of() {
        Type::List(item) => Some((*item).clone()),
        Type::Any | Type::Tuple(_) => None,
        Type::Bool | Type::Number | Type::String | Type::Set(_) | Type::Map(_) | Type::Object(_) => {
            return Err(FunctionError::argument(1, "a list or tuple is required"));
        }
    };
    let (Some(names), Some(items)) = (keys.as_items(), values.as_items()) else {
        return Ok(unknown_result(call, list.map_or(Type::Any, Type::map)));
    };
    if names.len() != items.len() {
        let (keys, values) = (names.len(), items.len());
        return Err(FunctionError::new(format!("there are {keys} keys but {values} values")));
    }
    if let Some(place) = names.iter().position(Value::is_null) {
        return Err(FunctionError::argument(0, format!("key {place} is null")));
    }
    let marks = names.iter().fold(Marks::NONE, |marks, name| marks.union(name.marks));
    if names.iter().all(|name| name.as_str().is_some()) {
        let field = |(name, item): (&Value, &Value)| Some((Arc::from(name.as_str()?), item.clone()));
        let fields: Fields = names.iter().zip(items).filter_map(field).collect();
        let map = match list {
            Some(item) => Kind::Map(item, Arc::new(fields)).into(),
            None => Value::object(fields),
        };
        return Ok(map.marked(marks));
    }
    // A later key may turn out equal to an earlier one and replace it.
    let mut merged = Merged { open: true, types: list.map(Type::map).into_iter().collect(), ..Merged::default() };
    for (name, item) in names.iter().zip(items) {
        merged.set(name.clone(), item, true);
    }
    Ok(merged.finish(call).marked(marks))
}

fn transpose(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let fields = call.value(0)?.as_fields().cloned().unwrap_or_default();
    let mut turned: std::collections::BTreeMap<Arc<str>, Vec<Value>> = std::collections::BTreeMap::new();
    let mut total = 0_usize;
    for (name, items) in &fields {
        let Some(items) = items.as_items() else {
            return Err(FunctionError::argument(0, format!("the list of {name:?} is null")));
        };
        for item in items {
            let Some(value) = item.as_str() else {
                return Err(FunctionError::argument(0, format!("the list of {name:?} has a null item")));
            };
            turned.entry(value.into()).or_default().push(text(name));
            total += 1;
            check_count(total, context)?;
        }
    }
    let list = |(name, names): (Arc<str>, Vec<Value>)| (name, Value::from(Kind::List(Type::String, names.into())));
    Ok(Kind::Map(Type::list(Type::String), Arc::new(turned.into_iter().map(list).collect())).into())
}

fn matchkeys(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let (values, keys, searched) = (call.value(0)?, call.value(1)?, call.value(2)?);
    let ty = values.type_of();
    let Some(common) = unify(&[keys.type_of(), searched.type_of()]) else {
        return Err(FunctionError::new("the keys and the searched set must be of one type"));
    };
    let same_type = |idx: usize, value: &Value| {
        convert(value, &common).map_err(|error| FunctionError::argument(idx, error.to_string()))
    };
    let (keys, searched) = (same_type(1, keys)?, same_type(2, searched)?);
    let (Some(items), Some(keys), Some(searched)) = (values.as_items(), keys.as_items(), searched.as_items()) else {
        let members = Items::of(values).map(Items::into_members).unwrap_or_default();
        return Ok(open_result(call, ty, doubtful(members)));
    };
    if items.len() != keys.len() {
        return Err(FunctionError::new(format!("there are {} values but {} keys", items.len(), keys.len())));
    }
    let steps = (keys.len() as u64).saturating_mul(searched.len() as u64);
    context.spend(steps, call.span).map_err(|error| FunctionError::limit(error.message))?;
    let mut found: Vec<Member> = Vec::new();
    let mut open = false;
    for (item, key) in items.iter().zip(keys) {
        let verdicts: Vec<Option<bool>> = searched.iter().map(|one| equal(key, one)).collect();
        let certain = verdicts.contains(&Some(true));
        if certain || verdicts.contains(&None) {
            open |= !certain;
            found.push(Member { key: None, value: item.clone(), certain });
        }
    }
    if open {
        return Ok(open_result(call, ty, found));
    }
    let item = ty.item().cloned().unwrap_or(Type::Any);
    Ok(Kind::List(item, found.into_iter().map(|member| member.value).collect()).into())
}
