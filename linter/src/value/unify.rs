//! One type for values of several types, and which types convert to which.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{ObjectAttribute, Type};

type Attributes = Arc<BTreeMap<Arc<str>, ObjectAttribute>>;

/// The type that values of all these types convert to, as conditionals and collections choose it; `None` if there is none.
#[must_use]
pub fn unify(types: &[Type]) -> Option<Type> {
    let first = types.first()?;
    if types.iter().all(|ty| ty == first) {
        return Some(first.clone());
    }
    unify_same_shape(types).unwrap_or_else(|| most_general(types))
}

/// Whether some value of type `from` may convert to `to`.
#[must_use]
pub fn converts(from: &Type, to: &Type) -> bool {
    match (from, to) {
        (_, Type::Any) | (Type::Any, _) => true,
        (Type::Bool, Type::Bool | Type::String)
        | (Type::Number, Type::Number | Type::String)
        | (Type::String, Type::Bool | Type::Number | Type::String) => true,
        (Type::List(from) | Type::Set(from), Type::List(to) | Type::Set(to)) | (Type::Map(from), Type::Map(to)) => {
            converts(from, to)
        }
        (Type::Tuple(items), Type::List(to) | Type::Set(to)) => converts_all(items.iter(), to),
        (Type::Tuple(from), Type::Tuple(to)) => {
            from.len() == to.len() && from.iter().zip(to.iter()).all(|(from, to)| converts(from, to))
        }
        (Type::Object(attributes), Type::Map(to)) => converts_all(attributes.values().map(|attr| &attr.ty), to),
        (Type::Map(from), Type::Object(to)) => to.values().all(|attr| attr.optional || converts(from, &attr.ty)),
        (Type::Object(from), Type::Object(to)) => to.iter().all(|(name, attr)| match from.get(name) {
            Some(from) => converts(&from.ty, &attr.ty),
            None => attr.optional,
        }),
        (
            Type::Bool
            | Type::Number
            | Type::String
            | Type::List(_)
            | Type::Set(_)
            | Type::Map(_)
            | Type::Tuple(_)
            | Type::Object(_),
            _,
        ) => false,
    }
}

fn converts_all<'t>(mut types: impl Iterator<Item = &'t Type> + Clone, to: &Type) -> bool {
    match to {
        Type::Any => {
            let types: Vec<Type> = types.cloned().collect();
            types.is_empty() || unify(&types).is_some()
        }
        _ => types.all(|from| converts(from, to)),
    }
}

/// For types of one shape, a new type may be made of the types of their parts. `None` if the shapes differ.
fn unify_same_shape(types: &[Type]) -> Option<Option<Type>> {
    let count = |shape: fn(&Type) -> bool| types.iter().filter(|ty| shape(ty)).count();
    let total = types.len();
    let any = count(|ty| matches!(ty, Type::Any));
    let [lists, sets, maps, tuples, objects] = [
        count(|ty| matches!(ty, Type::List(_))),
        count(|ty| matches!(ty, Type::Set(_))),
        count(|ty| matches!(ty, Type::Map(_))),
        count(|ty| matches!(ty, Type::Tuple(_))),
        count(|ty| matches!(ty, Type::Object(_))),
    ];
    let alone = |shape: usize| shape > 0 && shape + any == total;
    if any > 0 && [lists, sets, maps, tuples, objects].into_iter().any(alone) {
        return Some(Some(Type::Any));
    }
    if alone(maps) || alone(lists) || alone(sets) {
        return Some(unify_collections(types));
    }
    if maps > 0 && maps + objects + any == total {
        return unify_with(types, |ty| matches!(ty, Type::Object(_)), objects_to_map).map(Some);
    }
    if lists > 0 && lists + tuples + any == total {
        return unify_with(types, |ty| matches!(ty, Type::Tuple(_)), tuples_to_list).map(Some);
    }
    if alone(objects) {
        return Some(unify_objects(types));
    }
    if alone(tuples) {
        return Some(unify_tuples(types));
    }
    (objects > 0 && tuples > 0).then_some(None)
}

/// Replaces the structural types among `types` by the one collection they make together, then unifies.
fn unify_with(types: &[Type], structural: fn(&Type) -> bool, join: fn(&[Type]) -> Option<Type>) -> Option<Type> {
    let parts: Vec<Type> = types.iter().filter(|ty| structural(ty)).cloned().collect();
    let joined = join(&parts)?;
    let replaced: Vec<Type> = types.iter().map(|ty| if structural(ty) { joined.clone() } else { ty.clone() }).collect();
    unify(&replaced).filter(|ty| matches!(ty, Type::List(_) | Type::Map(_)))
}

fn unify_collections(types: &[Type]) -> Option<Type> {
    let items: Vec<Type> = types.iter().filter_map(|ty| ty.item().cloned()).collect();
    let item = unify(&items)?;
    Some(match types.first()? {
        Type::Set(_) => Type::set(item),
        Type::Map(_) => Type::map(item),
        Type::Any | Type::Bool | Type::Number | Type::String | Type::List(_) | Type::Tuple(_) | Type::Object(_) => {
            Type::list(item)
        }
    })
}

fn objects_of(types: &[Type]) -> Vec<&Attributes> {
    types.iter().filter_map(|ty| if let Type::Object(attributes) = ty { Some(attributes) } else { None }).collect()
}

fn unify_objects(types: &[Type]) -> Option<Type> {
    let objects = objects_of(types);
    let first = objects.first()?;
    if objects.iter().any(|object| !object.keys().eq(first.keys())) {
        return objects_to_map(types);
    }
    let mut unified = BTreeMap::new();
    for name in first.keys() {
        let across: Vec<Type> = objects.iter().filter_map(|object| Some(object.get(name)?.ty.clone())).collect();
        unified.insert(name.clone(), ObjectAttribute::required(unify(&across)?));
    }
    let unified = Type::Object(Arc::new(unified));
    if types.iter().all(|ty| converts(ty, &unified)) { Some(unified) } else { objects_to_map(types) }
}

fn objects_to_map(types: &[Type]) -> Option<Type> {
    let parts: Vec<Type> =
        objects_of(types).iter().flat_map(|object| object.values()).map(|attr| attr.ty.clone()).collect();
    let map = Type::map(unify(&parts)?);
    types.iter().all(|ty| converts(ty, &map)).then_some(map)
}

fn tuples_of(types: &[Type]) -> Vec<&Arc<[Type]>> {
    types.iter().filter_map(|ty| if let Type::Tuple(items) = ty { Some(items) } else { None }).collect()
}

fn unify_tuples(types: &[Type]) -> Option<Type> {
    let tuples = tuples_of(types);
    let length = tuples.first()?.len();
    if tuples.iter().any(|tuple| tuple.len() != length) {
        return tuples_to_list(types);
    }
    let across = |idx: usize| tuples.iter().filter_map(|tuple| tuple.get(idx).cloned()).collect::<Vec<Type>>();
    let unified = (0..length).map(|idx| unify(&across(idx))).collect::<Option<Arc<[Type]>>>()?;
    let unified = Type::Tuple(unified);
    if types.iter().all(|ty| converts(ty, &unified)) { Some(unified) } else { tuples_to_list(types) }
}

fn tuples_to_list(types: &[Type]) -> Option<Type> {
    let parts: Vec<Type> = tuples_of(types).iter().flat_map(|items| items.iter().cloned()).collect();
    let list = Type::list(unify(&parts)?);
    types.iter().all(|ty| converts(ty, &list)).then_some(list)
}

/// The most general of the types, if all the others convert to it.
fn most_general(types: &[Type]) -> Option<Type> {
    let mut distinct: Vec<&Type> = Vec::new();
    for ty in types {
        if !distinct.contains(&ty) {
            distinct.push(ty);
        }
    }
    let order = by_generality(&distinct);
    order.into_iter().find(|wanted| distinct.iter().all(|ty| converts(ty, wanted))).cloned()
}

/// The types, more general ones first, otherwise in the order given.
fn by_generality<'t>(types: &[&'t Type]) -> Vec<&'t Type> {
    let mut sorted = Vec::with_capacity(types.len());
    let mut left: Vec<&Type> = types.to_vec();
    while !left.is_empty() {
        let is_top = |ty: &&Type| left.iter().all(|other| generality(other, ty) != Ordering::Less);
        let (tops, rest): (Vec<&Type>, Vec<&Type>) = left.iter().partition(|ty| is_top(ty));
        if tops.is_empty() {
            // The order is partial and may in theory run in circles; what is left then has no preference.
            sorted.extend(rest);
            break;
        }
        sorted.extend(tops);
        left = rest;
    }
    sorted
}

/// `Less` if `left` is more general than `right`.
fn generality(left: &Type, right: &Type) -> Ordering {
    match (left, right) {
        (Type::Any, Type::Any) | (Type::String, Type::String) => Ordering::Equal,
        (Type::Any, _) | (Type::Bool | Type::Number, Type::String) => Ordering::Greater,
        (_, Type::Any) | (Type::String, Type::Bool | Type::Number) => Ordering::Less,
        (Type::List(left), Type::List(right))
        | (Type::Set(left), Type::Set(right))
        | (Type::Map(left), Type::Map(right)) => generality(left, right),
        (Type::List(_) | Type::Tuple(_), Type::Set(_))
        | (Type::List(_), Type::Tuple(_))
        | (Type::Map(_), Type::Object(_)) => Ordering::Less,
        (Type::Set(_), Type::List(_) | Type::Tuple(_))
        | (Type::Tuple(_), Type::List(_))
        | (Type::Object(_), Type::Map(_)) => Ordering::Greater,
        (Type::Object(left), Type::Object(right)) if left.keys().eq(right.keys()) => {
            all_the_same_way(left.values().zip(right.values()).map(|(left, right)| generality(&left.ty, &right.ty)))
        }
        (Type::Tuple(left), Type::Tuple(right)) if left.len() == right.len() => {
            all_the_same_way(left.iter().zip(right.iter()).map(|(left, right)| generality(left, right)))
        }
        _ => Ordering::Equal,
    }
}

fn all_the_same_way(orders: impl Iterator<Item = Ordering>) -> Ordering {
    let (mut less, mut greater) = (false, false);
    for order in orders {
        less |= order == Ordering::Less;
        greater |= order == Ordering::Greater;
    }
    match (less, greater) {
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        (true, true) | (false, false) => Ordering::Equal,
    }
}
