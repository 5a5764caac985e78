//! Types, as in type constraints and as values have them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A type. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Any type; of a value: not known which.
    Any,
    /// `bool`
    Bool,
    /// `number`
    Number,
    /// `string`
    String,
    /// `list(T)`
    List(Arc<Type>),
    /// `set(T)`
    Set(Arc<Type>),
    /// `map(T)`
    Map(Arc<Type>),
    /// `tuple([...])`
    Tuple(Arc<[Type]>),
    /// `object({...})`
    Object(Arc<BTreeMap<Arc<str>, ObjectAttribute>>),
}

/// An attribute of an object type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectAttribute {
    /// Its type.
    pub ty: Type,
    /// Whether it may be left out (`optional(...)`). Defaults are kept beside the type, where they are declared.
    pub optional: bool,
}

impl ObjectAttribute {
    /// An attribute that must be there.
    #[must_use]
    pub fn required(ty: Type) -> Self {
        Self { ty, optional: false }
    }
}

impl Type {
    /// `list(item)`
    #[must_use]
    pub fn list(item: Self) -> Self {
        Self::List(Arc::new(item))
    }

    /// `set(item)`
    #[must_use]
    pub fn set(item: Self) -> Self {
        Self::Set(Arc::new(item))
    }

    /// `map(item)`
    #[must_use]
    pub fn map(item: Self) -> Self {
        Self::Map(Arc::new(item))
    }
}

impl Type {
    /// The type of the items of a list, set or map.
    #[must_use]
    pub fn item(&self) -> Option<&Self> {
        match self {
            Self::List(item) | Self::Set(item) | Self::Map(item) => Some(item),
            Self::Any | Self::Bool | Self::Number | Self::String | Self::Tuple(_) | Self::Object(_) => None,
        }
    }

    /// Whether some part of it is open.
    #[must_use]
    pub fn has_any(&self) -> bool {
        match self {
            Self::Any => true,
            Self::Bool | Self::Number | Self::String => false,
            Self::List(item) | Self::Set(item) | Self::Map(item) => item.has_any(),
            Self::Tuple(items) => items.iter().any(Self::has_any),
            Self::Object(attributes) => attributes.values().any(|attribute| attribute.ty.has_any()),
        }
    }

    /// The same type with all attributes required, as values have it.
    #[must_use]
    pub fn without_optional(&self) -> Self {
        match self {
            Self::Any | Self::Bool | Self::Number | Self::String => self.clone(),
            Self::List(item) => Self::list(item.without_optional()),
            Self::Set(item) => Self::set(item.without_optional()),
            Self::Map(item) => Self::map(item.without_optional()),
            Self::Tuple(items) => Self::Tuple(items.iter().map(Self::without_optional).collect()),
            Self::Object(attributes) => Self::Object(Arc::new(
                attributes
                    .iter()
                    .map(|(name, attribute)| (name.clone(), ObjectAttribute::required(attribute.ty.without_optional())))
                    .collect(),
            )),
        }
    }

    /// Whether no value can be of both types; open parts fit anything.
    #[must_use]
    pub fn excludes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _)
            | (_, Self::Any)
            | (Self::Bool, Self::Bool)
            | (Self::Number, Self::Number)
            | (Self::String, Self::String) => false,
            (Self::List(left), Self::List(right))
            | (Self::Set(left), Self::Set(right))
            | (Self::Map(left), Self::Map(right)) => left.excludes(right),
            (Self::Tuple(left), Self::Tuple(right)) => {
                left.len() != right.len() || left.iter().zip(right.iter()).any(|(left, right)| left.excludes(right))
            }
            (Self::Object(left), Self::Object(right)) => {
                !left.keys().eq(right.keys())
                    || left.values().zip(right.values()).any(|(left, right)| left.ty.excludes(&right.ty))
            }
            (
                Self::Bool
                | Self::Number
                | Self::String
                | Self::List(_)
                | Self::Set(_)
                | Self::Map(_)
                | Self::Tuple(_)
                | Self::Object(_),
                _,
            ) => true,
        }
    }

    /// The word for it in messages and in what the console prints: `list of string`, `object`, `dynamic`.
    #[must_use]
    pub fn friendly(&self) -> String {
        match self {
            Self::Any => "dynamic".to_owned(),
            Self::Bool => "bool".to_owned(),
            Self::Number => "number".to_owned(),
            Self::String => "string".to_owned(),
            Self::List(item) => format!("list of {}", item.friendly()),
            Self::Set(item) => format!("set of {}", item.friendly()),
            Self::Map(item) => format!("map of {}", item.friendly()),
            Self::Tuple(_) => "tuple".to_owned(),
            Self::Object(_) => "object".to_owned(),
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::Bool => f.write_str("bool"),
            Self::Number => f.write_str("number"),
            Self::String => f.write_str("string"),
            Self::List(item) => write!(f, "list({item})"),
            Self::Set(item) => write!(f, "set({item})"),
            Self::Map(item) => write!(f, "map({item})"),
            Self::Tuple(items) => {
                f.write_str("tuple([")?;
                for (idx, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if idx == 0 { "" } else { ", " })?;
                }
                f.write_str("])")
            }
            Self::Object(attributes) => {
                f.write_str("object({")?;
                for (idx, (name, attribute)) in attributes.iter().enumerate() {
                    f.write_str(if idx == 0 { "" } else { ", " })?;
                    match attribute.optional {
                        true => write!(f, "{name} = optional({})", attribute.ty)?,
                        false => write!(f, "{name} = {}", attribute.ty)?,
                    }
                }
                f.write_str("})")
            }
        }
    }
}
