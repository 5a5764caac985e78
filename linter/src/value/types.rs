//! Types, as in type constraints and as values have them.

use std::collections::BTreeMap;
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
