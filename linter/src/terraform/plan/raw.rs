//! JSON text to plain values, and the trees of `true` that plans lay beside them.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rustc_hash::FxHashSet;
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};

use crate::value::{Fields, Number, Value};

/// How serde_json hands over a number whose digits it keeps.
const NUMBER_TOKEN: &str = "$serde_json::private::Number";

/// How many values a document may still make. Shared by the threads that read it.
#[derive(Debug)]
pub(in crate::terraform) struct Budget(AtomicU64);

impl Budget {
    /// Values in one document: far above real plans, far below what fills memory.
    pub(in crate::terraform) const VALUES: u64 = 30_000_000;

    pub(in crate::terraform) fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// Counts values; `false` once there are too many.
    pub(in crate::terraform) fn spend(&self, values: u64) -> bool {
        self.0.fetch_add(values, Ordering::Relaxed).saturating_add(values) <= Self::VALUES
    }

    pub(in crate::terraform) fn is_exhausted(&self) -> bool {
        self.0.load(Ordering::Relaxed) > Self::VALUES
    }
}

/// Attribute names seen so far, so that each is kept once.
#[derive(Debug, Default)]
pub(in crate::terraform) struct Names(FxHashSet<Arc<str>>);

impl Names {
    /// Past this many different names (map keys are names too) new ones are not kept.
    const MAX: usize = 20_000;

    pub(in crate::terraform) fn get(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.0.get(name) {
            return Arc::clone(known);
        }
        let name: Arc<str> = name.into();
        if self.0.len() < Self::MAX {
            self.0.insert(Arc::clone(&name));
        }
        name
    }
}

/// The value that JSON text says: arrays are tuples, objects are objects, numbers keep all digits.
///
/// # Errors
/// When the text is no JSON, nested deeper than serde_json goes (128), or the budget is spent.
pub(in crate::terraform) fn value(text: &str, names: &mut Names, budget: &Budget) -> Result<Value, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Reader { names, budget }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

struct Reader<'n> {
    names: &'n mut Names,
    budget: &'n Budget,
}

impl Reader<'_> {
    fn again(&mut self) -> Reader<'_> {
        Reader { names: self.names, budget: self.budget }
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Value, E> {
        number(&value.to_string())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        number(&value.to_string())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::string(text))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::null())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self.again())? {
            items.push(item);
        }
        afford(self.budget, items.len())?;
        Ok(Value::tuple(items))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Value, A::Error> {
        let mut fields: Vec<(Arc<str>, Value)> = Vec::new();
        while let Some(name) = map.next_key_seed(NameReader(self.names))? {
            if fields.is_empty() && &*name == NUMBER_TOKEN {
                return number(&map.next_value::<String>()?);
            }
            fields.push((name, map.next_value_seed(self.again())?));
        }
        afford(self.budget, fields.len())?;
        Ok(Value::object(fields.into_iter().collect::<Fields>()))
    }
}

fn afford<E: serde::de::Error>(budget: &Budget, values: usize) -> Result<(), E> {
    if budget.spend(values as u64 + 1) { Ok(()) } else { Err(E::custom("too many values")) }
}

fn number<E: serde::de::Error>(digits: &str) -> Result<Value, E> {
    Number::parse(digits).map(Value::from).ok_or_else(|| E::custom("a number out of range"))
}

struct NameReader<'n>(&'n mut Names);

impl<'de> DeserializeSeed<'de> for NameReader<'_> {
    type Value = Arc<str>;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Arc<str>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NameReader<'_> {
    type Value = Arc<str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Arc<str>, E> {
        Ok(self.0.get(name))
    }
}

/// A tree of `true` beside a value: what of it is unknown, or sensitive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::terraform) enum Mask {
    /// Nothing here nor below.
    #[default]
    Nothing,
    /// All of it.
    All,
    /// Some attributes or keys, in the document's order.
    Fields(Vec<(Box<str>, Mask)>),
    /// Some items, by position.
    Items(Vec<Mask>),
}

impl Mask {
    /// What the mask says of an attribute or key.
    pub(in crate::terraform) fn field(&self, name: &str) -> &Self {
        match self {
            Self::All => &Self::All,
            Self::Fields(fields) => {
                fields.iter().find(|(other, _)| &**other == name).map_or(&Self::Nothing, |(_, mask)| mask)
            }
            Self::Nothing | Self::Items(_) => &Self::Nothing,
        }
    }

    /// What the mask says of an item.
    pub(in crate::terraform) fn item(&self, index: usize) -> &Self {
        match self {
            Self::All => &Self::All,
            Self::Items(items) => items.get(index).unwrap_or(&Self::Nothing),
            Self::Nothing | Self::Fields(_) => &Self::Nothing,
        }
    }

    /// The named parts.
    pub(in crate::terraform) fn fields(&self) -> &[(Box<str>, Self)] {
        match self {
            Self::Fields(fields) => fields,
            Self::Nothing | Self::All | Self::Items(_) => &[],
        }
    }

    /// How many items the mask speaks of.
    pub(in crate::terraform) fn item_count(&self) -> usize {
        match self {
            Self::Items(items) => items.len(),
            Self::Nothing | Self::All | Self::Fields(_) => 0,
        }
    }

    /// Whether the mask says anything about what a path leads to; steps as in [`super::path::steps`].
    pub(in crate::terraform) fn touches<'p>(&self, steps: impl IntoIterator<Item = &'p str>) -> bool {
        let mut mask = self;
        for step in steps {
            mask = match (mask, step.parse::<usize>()) {
                (Self::Items(_), Ok(index)) => mask.item(index),
                _ => mask.field(step),
            };
        }
        *mask != Self::Nothing
    }

    /// Adds a path of names and positions, all of whose end is meant.
    pub(in crate::terraform) fn add(&mut self, path: &[Step]) {
        let Some((step, rest)) = path.split_first() else {
            *self = Self::All;
            return;
        };
        match (step, &mut *self) {
            (_, Self::All) => {}
            (Step::Name(name), Self::Fields(fields)) => match fields.iter_mut().find(|(other, _)| **other == **name) {
                Some((_, mask)) => mask.add(rest),
                None => fields.push((name.clone(), Self::path(rest))),
            },
            (Step::Index(index), Self::Items(items)) => {
                if items.len() <= *index {
                    items.resize(index + 1, Self::Nothing);
                }
                if let Some(mask) = items.get_mut(*index) {
                    mask.add(rest);
                }
            }
            (Step::Name(name), _) => *self = Self::Fields(vec![(name.clone(), Self::path(rest))]),
            (Step::Index(index), _) => {
                let mut items = vec![Self::Nothing; *index];
                items.push(Self::path(rest));
                *self = Self::Items(items);
            }
            (Step::Anything, _) => *self = Self::All,
        }
    }

    fn path(path: &[Step]) -> Self {
        let mut mask = Self::Nothing;
        mask.add(path);
        mask
    }
}

/// One step of a path into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::terraform) enum Step {
    /// An attribute or a key.
    Name(Box<str>),
    /// A position, below [`Step::MAX_INDEX`].
    Index(usize),
    /// An element of a set, or a position out of bounds: no telling which, so all of them.
    Anything,
}

impl Step {
    /// Positions past this are not told apart.
    pub(in crate::terraform) const MAX_INDEX: usize = 10_000;

    /// The step to a position.
    pub(in crate::terraform) fn index(index: usize) -> Self {
        if index < Self::MAX_INDEX { Self::Index(index) } else { Self::Anything }
    }
}

impl<'de> serde::Deserialize<'de> for Mask {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MaskReader)
    }
}

struct MaskReader;

impl<'de> Visitor<'de> for MaskReader {
    type Value = Mask;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true, false, or a list or object of these")
    }

    fn visit_bool<E>(self, all: bool) -> Result<Mask, E> {
        Ok(if all { Mask::All } else { Mask::Nothing })
    }

    fn visit_unit<E>(self) -> Result<Mask, E> {
        Ok(Mask::Nothing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Mask, A::Error> {
        let mut items = Vec::new();
        while let Some(mask) = seq.next_element::<Mask>()? {
            items.push(mask);
        }
        Ok(if items.iter().all(|mask| *mask == Mask::Nothing) { Mask::Nothing } else { Mask::Items(items) })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Mask, A::Error> {
        let mut fields: Vec<(Box<str>, Mask)> = Vec::new();
        while let Some(name) = map.next_key::<Box<str>>()? {
            if &*name == NUMBER_TOKEN {
                return Err(A::Error::custom("a number where true or false belongs"));
            }
            let mask = map.next_value::<Mask>()?;
            if mask != Mask::Nothing {
                fields.push((name, mask));
            }
        }
        Ok(if fields.is_empty() { Mask::Nothing } else { Mask::Fields(fields) })
    }
}
