//! Sets: order and construction.

use std::cmp::Ordering;
use std::fmt::Write as _;
use std::sync::Arc;

use super::{Kind, Knowledge, Marks, Member, Reason, Refinement, Type, Unknown, Value, equal};

impl Value {
    /// A set of items of one type, in any order, with duplicates. With an item that is not wholly known, the set as
    /// a whole is unknown, for nobody knows how many items it has; its members and bounds on its length are kept.
    /// Marks of items go to the set.
    #[must_use]
    pub fn set_of(item: Type, items: impl IntoIterator<Item = Self>) -> Self {
        let mut marks = Marks::NONE;
        let mut given: Vec<Self> = Vec::new();
        for value in items {
            marks = marks.union(value.deep_marks());
            given.push(value.without_deep_marks());
        }
        if given.iter().all(Self::is_wholly_known) {
            return Self::from(Kind::Set(item, sorted(given).into())).marked(marks);
        }
        unknown_set(item, given).marked(marks)
    }
}

impl Value {
    /// Text that is the same for equal values of one type and different for others; for wholly known values.
    #[must_use]
    pub fn key_text(&self) -> String {
        exact_key(self)
    }
}

/// Items in the order of sets, without duplicates; all wholly known.
fn sorted(items: Vec<Value>) -> Vec<Value> {
    let mut keyed: Vec<(String, Value)> = items.into_iter().map(|item| (sort_key(&item), item)).collect();
    keyed.sort_by(compare_keyed);
    // Equal items are neighbours: they have equal keys, and where different items have equal keys their order is total too.
    keyed.dedup_by(|left, right| compare_keyed(left, right) == Ordering::Equal);
    keyed.into_iter().map(|(_, item)| item).collect()
}

fn compare_keyed(left: &(String, Value), right: &(String, Value)) -> Ordering {
    compare_primitive(&left.1, &right.1).unwrap_or_else(|| {
        left.0.cmp(&right.0).then_with(|| {
            if equal(&left.1, &right.1) == Some(true) {
                Ordering::Equal
            } else {
                exact_key(&left.1).cmp(&exact_key(&right.1))
            }
        })
    })
}

/// Null after everything else, numbers by size, strings by code point, false before true.
fn compare_primitive(left: &Value, right: &Value) -> Option<Ordering> {
    match (&left.kind, &right.kind) {
        (Kind::Null(_), Kind::Null(_)) => Some(Ordering::Equal),
        (Kind::Null(_), _) => Some(Ordering::Greater),
        (_, Kind::Null(_)) => Some(Ordering::Less),
        (Kind::Number(left), Kind::Number(right)) => Some(left.cmp(right)),
        (Kind::String(left), Kind::String(right)) => Some(left.cmp(right)),
        (Kind::Bool(left), Kind::Bool(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

/// The text that decides the order of compound items in Terraform.
fn sort_key(value: &Value) -> String {
    let mut key = String::new();
    match value.kind {
        Kind::Unknown(_) | Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
        Kind::List(..) | Kind::Set(..) | Kind::Tuple(_) | Kind::Map(..) | Kind::Object(_) => {
            append_key(value, &mut key, &|number| ten_digits(number.to_f64()));
        }
    }
    key
}

fn exact_key(value: &Value) -> String {
    let mut key = String::new();
    append_key(value, &mut key, &ToString::to_string);
    key
}

fn append_key(value: &Value, key: &mut String, print: &dyn Fn(&super::Number) -> String) {
    let mut many = |open: char, items: &mut dyn Iterator<Item = (Option<&Arc<str>>, &Value)>, close: char| {
        key.push(open);
        for (name, item) in items {
            if let Some(name) = name {
                let _ = write!(key, "{name:?}:");
            }
            append_key(item, key, print);
            key.push(';');
        }
        key.push(close);
    };
    match &value.kind {
        Kind::List(_, items) | Kind::Set(_, items) => many('[', &mut items.iter().map(|item| (None, item)), ']'),
        Kind::Tuple(items) => many('<', &mut items.iter().map(|item| (None, item)), '>'),
        Kind::Map(_, fields) => many('{', &mut fields.iter().map(|(name, item)| (Some(name), item)), '}'),
        Kind::Object(object) => many('<', &mut object.fields.values().map(|item| (None, item)), '>'),
        Kind::Unknown(_) => key.push('?'),
        Kind::Null(_) => key.push('~'),
        Kind::Bool(value) => key.push(if *value { 'T' } else { 'F' }),
        Kind::Number(number) => key.push_str(&print(number)),
        Kind::String(text) => {
            let _ = write!(key, "{text:?}");
        }
    }
}

/// A number in ten digits, with an exponent where it is very large or small.
fn ten_digits(value: f64) -> String {
    let scientific = format!("{value:.9e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trim = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    if (-4..10).contains(&exponent) {
        let decimals = usize::try_from(9 - exponent).unwrap_or(0);
        return trim(&format!("{value:.decimals$}"));
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", trim(mantissa), exponent.abs())
}

fn unknown_set(item: Type, items: Vec<Value>) -> Value {
    let known: Vec<Value> = items.iter().filter(|value| value.is_wholly_known()).cloned().collect();
    let min_length = sorted(known).len().max(1);
    let max_length = items.len();
    let mut unknown = Unknown::derived(Type::set(item), items.iter().flat_map(Value::unknowns_within));
    if unknown.reasons.is_empty() {
        unknown.reasons = [Reason::Error("an item of a set is unknown".into())].into();
    }
    unknown.refinement = Refinement {
        not_null: true,
        min_length: Some(min_length),
        max_length: Some(max_length),
        ..Refinement::default()
    };
    let member = |value| Member { key: None, value, certain: true };
    unknown.knowledge = Knowledge::Members(items.into_iter().map(member).collect());
    Kind::Unknown(Arc::new(unknown)).into()
}
