//! The trees of `true` that plans lay beside values.

use std::fmt;

use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};

/// How serde_json hands over a number whose digits it keeps.
const NUMBER_TOKEN: &str = "$serde_json::private::Number";

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
