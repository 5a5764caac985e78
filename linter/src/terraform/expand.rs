//! `count` and `for_each`: from one block to its instances.

use std::cell::RefCell;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::evaluator::Evaluator;
use super::instance::{Extent, InstanceKey};
use super::module::MergedBody;
use crate::diagnostic::Diagnostic;
use crate::eval::Scope;
use crate::source::Span;
use crate::value::{Kind, Knowledge, Reason, Type, Value, convert};

/// Most instances of one block that are judged one by one.
const MAX_INSTANCES: usize = 10_000;

/// What `count.index`, `each.key` and `each.value` are.
#[derive(Clone, Debug, Default)]
pub(super) struct Repetition {
    pub(super) index: Option<Value>,
    pub(super) each: Option<(Value, Value)>,
}

/// How a block is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Neither `count` nor `for_each`.
    Single,
    /// `count`
    Count,
    /// `for_each`
    ForEach,
}

/// A block's instances.
#[derive(Clone, Debug)]
pub(super) struct Expansion<T> {
    pub(super) shape: Shape,
    /// Whether the list is complete and every entry certain.
    pub(super) known: bool,
    pub(super) items: Vec<(InstanceKey, T)>,
    /// All of them as one value, once something has asked for it.
    pub(super) whole: RefCell<Option<Value>>,
}

/// One instance to be.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub(super) repetition: Repetition,
    pub(super) extent: Extent,
}

impl<T> Expansion<T> {
    pub(super) fn new(shape: Shape, known: bool, items: Vec<(InstanceKey, T)>) -> Self {
        Self { shape, known, items, whole: RefCell::default() }
    }

    /// The same, or without instances where there is no room for so many.
    pub(super) fn within(self, has_room: impl FnOnce(usize) -> bool) -> Self {
        if has_room(self.items.len()) { self } else { Self::new(self.shape, false, Vec::new()) }
    }

    /// The same instances as something else.
    pub(super) fn map<U>(self, mut build: impl FnMut(&InstanceKey, T) -> Option<U>) -> Expansion<U> {
        let items = self.items.into_iter().filter_map(|(key, item)| Some((key.clone(), build(&key, item)?))).collect();
        Expansion::new(self.shape, self.known, items)
    }

    /// The instance with this key; where the keys are unknown, the one that stands for all.
    pub(super) fn get(&self, key: &InstanceKey) -> Option<&T> {
        let likely = match key {
            InstanceKey::Index(idx) => usize::try_from(*idx).ok(),
            // The keys of maps and sets come in order.
            InstanceKey::Name(_) => self.items.binary_search_by(|(known, _)| known.cmp(key)).ok(),
            InstanceKey::None | InstanceKey::Unknown => None,
        };
        let likely = likely.and_then(|idx| self.items.get(idx)).filter(|(known, _)| known == key);
        let exact = likely.or_else(|| self.items.iter().find(|(known, _)| known == key));
        exact.or_else(|| self.items.iter().find(|(known, _)| *known == InstanceKey::Unknown)).map(|(_, item)| item)
    }
}

/// The instances of a block with these meta-arguments.
pub(super) fn expand(
    evaluator: &Evaluator<'_>,
    body: &MergedBody<'_>,
    scope: &dyn Scope,
    address: &str,
) -> Expansion<Planned> {
    if let Some(count) = body.attribute("count") {
        let value = evaluator.evaluate(count.expr(), scope);
        return by_count(evaluator, &value, count.expr().span(), address);
    }
    if let Some(for_each) = body.attribute("for_each") {
        let value = evaluator.evaluate(for_each.expr(), scope);
        return by_for_each(evaluator, &value, for_each.expr().span(), address);
    }
    let single = Planned { repetition: Repetition::default(), extent: Extent::Certain };
    Expansion::new(Shape::Single, true, vec![(InstanceKey::None, single)])
}

fn by_count(evaluator: &Evaluator<'_>, value: &Value, span: Span, address: &str) -> Expansion<Planned> {
    let limit = |value: &Value| {
        let number = convert(value, &Type::Number).ok()?;
        number.as_number()?.to_i64().and_then(|count| usize::try_from(count).ok())
    };
    let (count, certain) = match (&value.kind, limit(value)) {
        (_, Some(count)) => (count, count),
        (Kind::Unknown(unknown), None) => match &unknown.knowledge {
            // `var.create ? 1 : 0` with unknown `var.create`: the first is there if anything is.
            Knowledge::OneOf(choices) if choices.iter().all(|choice| limit(choice).is_some()) => {
                let counts = choices.iter().filter_map(limit);
                (counts.clone().max().unwrap_or(0), counts.min().unwrap_or(0))
            }
            _ => return generic(Shape::Count, value, address),
        },
        _ => {
            let problem = "count must be a whole number that is not negative";
            evaluator.say(Diagnostic::error(span, format!("The count of {address} is not usable: {problem}")));
            return generic(Shape::Count, value, address);
        }
    };
    if count > MAX_INSTANCES {
        let message = format!("{address} has {count} instances; more than {MAX_INSTANCES} are judged as one");
        evaluator.say(Diagnostic::warning(span, message));
        return generic(Shape::Count, value, address);
    }
    let items = (0..count)
        .map(|idx| {
            let repetition = Repetition { index: Some(Value::from(idx as i64)), each: None };
            let extent = if idx < certain { Extent::Certain } else { Extent::Possible };
            (InstanceKey::Index(idx as u64), Planned { repetition, extent })
        })
        .collect();
    Expansion::new(Shape::Count, count == certain, items)
}

fn by_for_each(evaluator: &Evaluator<'_>, value: &Value, span: Span, address: &str) -> Expansion<Planned> {
    if has_sensitive_keys(value) {
        // Keys are part of addresses, which every message shows.
        let message = format!("The for_each of {address} is not usable: its keys are sensitive");
        let help = "Terraform refuses it too. Use keys that may be shown, or nonsensitive() if these may.";
        evaluator.say(Diagnostic::error(span, message).with_help(help));
        return generic(Shape::ForEach, &Value::null(), address);
    }
    match pairs(value) {
        Ok((items, known)) => {
            if items.len() > MAX_INSTANCES {
                let message = format!("{address} has more than {MAX_INSTANCES} instances; they are judged as one");
                evaluator.say(Diagnostic::warning(span, message));
                return generic(Shape::ForEach, value, address);
            }
            Expansion::new(Shape::ForEach, known, items)
        }
        Err(Unusable::Unknown) => generic(Shape::ForEach, value, address),
        Err(Unusable::Wrong(problem)) => {
            let message = format!("The for_each of {address} is not usable: {problem}");
            evaluator.say(Diagnostic::error(span, message).with_help("Give a map, or a set of strings (`toset`)."));
            generic(Shape::ForEach, value, address)
        }
    }
}

/// Whether the value or one of its keys is sensitive. Values of a map may be.
fn has_sensitive_keys(value: &Value) -> bool {
    let in_value = match &value.kind {
        Kind::Set(_, items) => items.iter().any(|item| item.marks.is_sensitive()),
        Kind::Unknown(unknown) => match &unknown.knowledge {
            Knowledge::OneOf(choices) => choices.iter().any(has_sensitive_keys),
            Knowledge::Members(members) => {
                members.iter().any(|member| member.key.as_ref().unwrap_or(&member.value).marks.is_sensitive())
            }
            Knowledge::Nothing
            | Knowledge::Symbol(_)
            | Knowledge::Template(_)
            | Knowledge::Json(_)
            | Knowledge::Yaml(_)
            | Knowledge::Base64(_) => false,
        },
        Kind::Null(_)
        | Kind::Bool(_)
        | Kind::Number(_)
        | Kind::String(_)
        | Kind::List(..)
        | Kind::Tuple(_)
        | Kind::Map(..)
        | Kind::Object(_) => false,
    };
    value.marks.is_sensitive() || in_value
}

enum Unusable {
    Unknown,
    Wrong(&'static str),
}

type Pairs = Vec<(InstanceKey, Planned)>;

/// The instances that a `for_each` value asks for, and whether these are certainly all.
fn pairs(value: &Value) -> Result<(Pairs, bool), Unusable> {
    let planned = |key: &Value, item: &Value, extent: Extent| {
        let name = match key.as_str() {
            Some(name) => InstanceKey::Name(name.into()),
            None => InstanceKey::Unknown,
        };
        (name, Planned { repetition: Repetition { index: None, each: Some((key.clone(), item.clone())) }, extent })
    };
    match &value.kind {
        Kind::Map(_, fields) => Ok((from_fields(fields, &planned), true)),
        Kind::Object(object) => Ok((from_fields(&object.fields, &planned), true)),
        Kind::Set(_, items) => {
            let strings: Vec<Value> = items.iter().filter_map(|item| convert(item, &Type::String).ok()).collect();
            if strings.len() < items.len() {
                return Err(Unusable::Wrong("its items are not strings"));
            }
            let known = strings.iter().all(|item| item.as_str().is_some());
            Ok((strings.iter().map(|item| planned(item, item, Extent::Certain)).collect(), known))
        }
        Kind::Unknown(unknown) => match &unknown.knowledge {
            Knowledge::Members(members) => {
                let items = members.iter().map(|member| {
                    let key = member.key.as_ref().unwrap_or(&member.value);
                    planned(key, &member.value, if member.certain { Extent::Certain } else { Extent::Possible })
                });
                Ok((items.collect(), false))
            }
            Knowledge::OneOf(choices) => one_of(choices),
            _ => Err(Unusable::Unknown),
        },
        Kind::Null(_) => Err(Unusable::Wrong("it is null")),
        Kind::List(..) | Kind::Tuple(_) => Err(Unusable::Wrong("it is a list, not a map or set")),
        Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => Err(Unusable::Wrong("it is a single value")),
    }
}

fn from_fields(
    fields: &crate::value::Fields,
    planned: &impl Fn(&Value, &Value, Extent) -> (InstanceKey, Planned),
) -> Pairs {
    fields.iter().map(|(key, item)| planned(&Value::string(key), item, Extent::Certain)).collect()
}

/// The instances of any of the choices: certain if every choice has them.
fn one_of(choices: &[Value]) -> Result<(Pairs, bool), Unusable> {
    let mut all: Vec<Pairs> = Vec::new();
    for choice in choices {
        all.push(pairs(choice)?.0);
    }
    let mut found_in: FxHashMap<&InstanceKey, FxHashSet<usize>> = FxHashMap::default();
    for (idx, pairs) in all.iter().enumerate() {
        for (key, _) in pairs {
            found_in.entry(key).or_default().insert(idx);
        }
    }
    let mut merged: Pairs = Vec::new();
    for (key, planned) in all.iter().flatten() {
        if let Some(found) = found_in.remove(key) {
            let everywhere = found.len() == all.len();
            let extent = if everywhere { planned.extent } else { Extent::Possible };
            merged.push((key.clone(), Planned { extent, ..planned.clone() }));
        }
    }
    Ok((merged, false))
}

/// One instance that stands for all there may be.
fn generic(shape: Shape, value: &Value, address: &str) -> Expansion<Planned> {
    let reason = match value.as_unknown().and_then(|unknown| unknown.reasons.first()) {
        Some(reason) => reason.clone(),
        None => Reason::InstanceKey(address.into()),
    };
    let unknown = |ty| Value::unknown(ty, reason.clone());
    let repetition = match shape {
        Shape::ForEach => Repetition { index: None, each: Some((unknown(Type::String), unknown(Type::Any))) },
        Shape::Count | Shape::Single => Repetition { index: Some(unknown(Type::Number)), each: None },
    };
    let planned = Planned { repetition, extent: Extent::Possible };
    Expansion::new(shape, false, vec![(InstanceKey::Unknown, planned)])
}

/// The address of an instance: the block's address and its key, as Terraform writes it.
pub(super) fn instance_address(block: &str, key: &InstanceKey) -> Arc<str> {
    match key {
        InstanceKey::None => block.into(),
        InstanceKey::Index(idx) => format!("{block}[{idx}]").into(),
        InstanceKey::Name(name) => format!("{block}[{}]", quoted(name)).into(),
        InstanceKey::Unknown => format!("{block}[*]").into(),
    }
}

/// A key in quotes, escaped as Terraform does in addresses.
fn quoted(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 2);
    text.push('"');
    let mut rest = name.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '$' | '%' if rest.peek() == Some(&'{') => text.extend([c, c]),
            _ => text.push(c),
        }
    }
    text.push('"');
    text
}
