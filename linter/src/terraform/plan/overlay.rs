//! One instance's planned values laid over its configured ones.

use std::cell::RefCell;
use std::sync::Arc;

use super::path::{push_index, push_name};
use super::resolve::own;
use super::settle::Settled;
use crate::terraform::schema::{self, ResourceSchema};
use crate::terraform::{Instance, Mode};
use crate::value::{Fields, Kind, Knowledge, Object, Value};

/// How far the configuration's values go for a planned instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// They are of this very instance.
    Values,
    /// They are of another instance of the same block: only the places count.
    Places,
}

/// Pairs of blocks compared at most when their order says nothing.
const MAX_PAIRS: usize = 40_000;
/// Values nested deeper are the plan's as they are.
const MAX_DEPTH: usize = 200;

/// The planned instance and what else is needed to lay it over the configured one.
pub(super) struct Overlay<'p> {
    planned: &'p Instance,
    trust: Trust,
    settled: &'p Settled<'p>,
    schema: Option<Arc<ResourceSchema>>,
    path: RefCell<String>,
}

impl<'p> Overlay<'p> {
    pub(super) fn new(planned: &'p Instance, trust: Trust, settled: &'p Settled<'p>) -> Self {
        let schema = (planned.mode == Mode::Managed).then(|| schema::resource(&planned.resource_type)).flatten();
        Self { planned, trust, settled, schema, path: RefCell::new(String::new()) }
    }

    /// The whole object.
    pub(super) fn object(&self, written: &Value, planned: &Value) -> Value {
        let (Some(first), Some(second)) = (written.as_fields(), planned.as_fields()) else {
            return if planned.is_unknown() { self.settled.settle(written) } else { planned.clone() };
        };
        let mut fields = self.fields(first, second, 0);
        if self.trust == Trust::Values {
            for (name, value) in first {
                if self.is_write_only(name) && !fields.contains_key(name) {
                    fields.insert(Arc::clone(name), self.settled.settle(value));
                }
            }
        }
        let identity = planned.identity().cloned();
        let kind = Kind::Object(Arc::new(Object { fields, identity }));
        Value { kind, marks: planned.marks.union(written.marks), origin: written.origin.clone() }
    }

    /// Plans never hold write-only values; all else that a plan leaves out is null.
    fn is_write_only(&self, name: &str) -> bool {
        let schema = self.schema.as_deref();
        schema.and_then(|schema| schema.members.attribute(name)).is_some_and(|attribute| attribute.write_only)
    }

    fn fields(&self, written: &Fields, planned: &Fields, depth: usize) -> Fields {
        let merge = |(name, value): (&Arc<str>, &Value)| {
            let merged = self.within(|path| push_name(path, name), || self.value(written.get(name), value, depth + 1));
            (Arc::clone(name), merged)
        };
        planned.iter().map(merge).collect()
    }

    fn within<T>(&self, push: impl FnOnce(&mut String), work: impl FnOnce() -> T) -> T {
        let length = self.path.borrow().len();
        push(&mut self.path.borrow_mut());
        let result = work();
        self.path.borrow_mut().truncate(length);
        result
    }

    fn value(&self, written: Option<&Value>, planned: &Value, depth: usize) -> Value {
        let written = written.filter(|value| !value.is_null());
        let Some(written) = written else { return self.unwritten(planned) };
        if depth > MAX_DEPTH {
            return planned.clone();
        }
        if planned.is_unknown() {
            return self.unknown(written, planned);
        }
        let kind = match (&planned.kind, &written.kind) {
            (Kind::Object(object), _) if written.as_fields().is_some() => {
                let fields = self.fields(fields_of(written), &object.fields, depth);
                Kind::Object(Arc::new(Object { fields, identity: object.identity.clone() }))
            }
            (Kind::Map(ty, fields), _) if written.as_fields().is_some() => {
                Kind::Map(ty.clone(), Arc::new(self.fields(fields_of(written), fields, depth)))
            }
            (Kind::List(ty, items), _) => Kind::List(ty.clone(), self.items(written, items, depth)),
            (Kind::Set(ty, items), _) => Kind::Set(ty.clone(), self.items(written, items, depth)),
            (Kind::Tuple(items), _) => Kind::Tuple(self.items(written, items, depth)),
            (Kind::String(hash), Kind::String(text)) if self.trust == Trust::Values && is_sha1_of(hash, text) => {
                Kind::String(Arc::clone(text))
            }
            (kind, _) => kind.clone(),
        };
        let origin = written.origin.clone().or_else(|| planned.origin.clone());
        Value { kind, marks: planned.marks.union(written.marks), origin }
    }

    /// The configuration says nothing here: an unknown value is the provider's to decide.
    fn unwritten(&self, planned: &Value) -> Value {
        match planned.as_unknown() {
            Some(unknown) if matches!(unknown.knowledge, Knowledge::Nothing) => {
                own(&self.planned.address, &self.path.borrow(), unknown.ty.clone())
                    .marked(planned.marks)
                    .from_origin(planned.origin.clone())
            }
            _ => planned.clone(),
        }
    }

    fn unknown(&self, written: &Value, planned: &Value) -> Value {
        let says_more = match written.as_unknown() {
            None => true,
            Some(unknown) => !matches!(unknown.knowledge, Knowledge::Nothing),
        };
        let plan_says_nothing =
            planned.as_unknown().is_some_and(|unknown| matches!(unknown.knowledge, Knowledge::Nothing));
        let value = match self.trust {
            Trust::Values if says_more || plan_says_nothing => self.settled.settle(written),
            Trust::Values | Trust::Places => planned.clone(),
        };
        let origin = written.origin.clone().or_else(|| planned.origin.clone());
        value.marked(planned.marks).from_origin(origin)
    }

    /// Items, each with the configured item it comes from.
    fn items(&self, written: &Value, planned: &Arc<[Value]>, depth: usize) -> Arc<[Value]> {
        let none: &[Value] = &[];
        let sources = pair(written.as_items().unwrap_or(none), planned);
        let merge = |(index, (item, source)): (usize, (&Value, Option<&Value>))| {
            self.within(
                |path| push_index(path, index),
                || match source {
                    Some(source) => self.value(Some(source), item, depth + 1),
                    // What the configured list does not show cannot be said to be the provider's.
                    None => item.clone(),
                },
            )
        };
        planned.iter().zip(sources).enumerate().map(merge).collect()
    }
}

fn fields_of(value: &Value) -> &Fields {
    static EMPTY: Fields = Fields::new();
    value.as_fields().unwrap_or(&EMPTY)
}

/// For each planned item the configured one it is most like. Lists keep their order, sets and blocks of sets do not; so
/// items that are alike at their own position are taken first.
fn pair<'w>(written: &'w [Value], planned: &[Value]) -> Vec<Option<&'w Value>> {
    let mut pairs: Vec<Option<&Value>> = vec![None; planned.len()];
    let mut free = vec![true; written.len()];
    let mut take = |pairs: &mut Vec<Option<&'w Value>>, at: usize, from: usize| {
        if let (Some(place), Some(source), Some(is_free)) = (pairs.get_mut(at), written.get(from), free.get_mut(from))
            && place.is_none()
            && *is_free
        {
            *place = Some(source);
            *is_free = false;
        }
    };
    let same_length = written.len() == planned.len();
    for (index, (source, item)) in written.iter().zip(planned).enumerate() {
        if same_length && likeness(source, item).is_some_and(|like| like.differ == 0) {
            take(&mut pairs, index, index);
        }
    }
    if written.len().saturating_mul(planned.len()) <= MAX_PAIRS {
        let mut scored: Vec<(Likeness, usize, usize)> = Vec::new();
        for (at, item) in planned.iter().enumerate().filter(|(at, _)| pairs.get(*at).is_some_and(Option::is_none)) {
            for (from, source) in written.iter().enumerate() {
                scored.extend(
                    likeness(source, item)
                        .filter(|like| like.differ == 0 || like.same > 0)
                        .map(|like| (like, at, from)),
                );
            }
        }
        scored.sort_by_key(|(like, at, from)| (like.differ, usize::MAX - like.same, *at, *from));
        for (_, at, from) in scored {
            take(&mut pairs, at, from);
        }
    }
    if same_length {
        for index in 0..planned.len() {
            take(&mut pairs, index, index);
        }
    }
    pairs
}

/// How many leaves of two values are equal and how many differ; unknown ones are neither.
#[derive(Clone, Copy, Debug, Default)]
struct Likeness {
    same: usize,
    differ: usize,
}

/// `None` if they cannot be the same item: other kinds, other scalars.
fn likeness(written: &Value, planned: &Value) -> Option<Likeness> {
    if written.is_unknown() || planned.is_unknown() {
        return Some(Likeness::default());
    }
    match (written.as_fields(), planned.as_fields()) {
        (Some(first), Some(second)) => {
            let mut like = Likeness::default();
            for (name, value) in first.iter().filter(|(_, value)| !value.is_null()) {
                match second.get(name) {
                    Some(other) => match likeness(value, other) {
                        Some(inner) => {
                            like.same += inner.same;
                            like.differ += inner.differ;
                        }
                        None => like.differ += 1,
                    },
                    None => like.differ += 1,
                }
            }
            Some(like)
        }
        (None, None) => {
            if let (Some(first), Some(second)) = (written.as_items(), planned.as_items()) {
                return Some(items_likeness(first, second));
            }
            (scalar(written)? == scalar(planned)?).then_some(Likeness { same: 1, differ: 0 })
        }
        _ => None,
    }
}

/// Items of sets stand in any order: those of equal length are compared in place, others by length alone.
fn items_likeness(written: &[Value], planned: &[Value]) -> Likeness {
    let mut like = Likeness { same: 0, differ: written.len().abs_diff(planned.len()) };
    if written.len().saturating_mul(planned.len()) > MAX_PAIRS {
        return like;
    }
    for value in written {
        let found = planned.iter().filter_map(|other| likeness(value, other)).min_by_key(|inner| inner.differ);
        match found {
            Some(inner) if inner.differ == 0 => like.same += inner.same,
            Some(_) | None => like.differ += 1,
        }
    }
    like
}

/// A scalar as text: `80` and `"80"` are the same to a provider.
fn scalar(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::String(text) => Some(text.to_string()),
        Kind::Number(number) => Some(number.to_string()),
        Kind::Bool(value) => Some(value.to_string()),
        Kind::Null(_) | Kind::Unknown(_) => None,
        Kind::List(..) | Kind::Set(..) | Kind::Tuple(_) | Kind::Map(..) | Kind::Object(_) => None,
    }
}

/// Whether a plan shows the hash of a text in its place, as providers do for `user_data`.
fn is_sha1_of(hash: &str, text: &str) -> bool {
    use sha1::Digest as _;
    let is_hash = hash.len() == 40 && hash.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    is_hash && sha1::Sha1::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect::<String>() == hash
}
