//! Values as Terraform has them, and what is known about the ones it does not know yet.
//!
//! Owns: [`Value`], [`Type`], [`Number`], [`Unknown`], [`Origin`]; conversion, unification, equality, printing;
//! types in Terraform's JSON form ([`type_json`]).
//! Promises: unknown is a value, never `false` or absent; marks never get lost; numbers are exact as in Terraform.
//! Must not know: syntax trees, scopes, resources.

mod convert;
mod display;
mod equality;
mod json;
mod number;
mod origin;
mod path;
mod sensitive_spans;
mod set;
pub mod type_json;
mod types;
mod unify;
mod unknown;
mod unknown_conversion;
mod walk;

pub use convert::{ConversionError, convert};
pub use equality::equal;
pub use json::{NoJson, implied_type};
pub use number::{Decimal, Number, Undefined};
pub use origin::{Origin, OriginKind};
pub use path::{Path, PathStep};
pub use types::{ObjectAttribute, Type};
pub use unify::{converts, unify};
pub use unknown::{Knowledge, Member, Reason, Refinement, Symbol, TemplatePart, Unknown};

use std::collections::BTreeMap;
use std::sync::Arc;

/// Named values, in name order.
pub type Fields = BTreeMap<Arc<str>, Value>;

/// A value, its marks and where it came from. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Value {
    /// The value itself.
    pub kind: Kind,
    /// Sensitive, ephemeral.
    pub marks: Marks,
    /// Where it came from; `None` for computed values and where nobody asked for it.
    pub origin: Option<Arc<Origin>>,
}

/// What a value is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Not known, with all that is known about it.
    Unknown(Arc<Unknown>),
    /// Null of a type (`Type::Any` for a bare `null`).
    Null(Type),
    /// True or false.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Text, in Unicode normal form C.
    String(Arc<str>),
    /// Items of one type.
    List(Type, Arc<[Value]>),
    /// Items of one type, sorted, without duplicates.
    Set(Type, Arc<[Value]>),
    /// Items of any types.
    Tuple(Arc<[Value]>),
    /// Named values of one type.
    Map(Type, Arc<Fields>),
    /// Named values of any types.
    Object(Arc<Object>),
}

/// An object value.
#[derive(Clone, Debug, Default)]
pub struct Object {
    /// The attributes.
    pub fields: Fields,
    /// The address of the resource instance, when the object is one.
    pub identity: Option<Arc<str>>,
}

/// Marks that travel with a value through every operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Marks(u8);

impl Marks {
    /// No mark.
    pub const NONE: Self = Self(0);
    /// Must never be shown.
    pub const SENSITIVE: Self = Self(1);
    /// Exists only during one run.
    pub const EPHEMERAL: Self = Self(2);

    /// Both sets of marks.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// These marks without those of `other`.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether all marks of `other` are set.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether the value must never be shown.
    #[must_use]
    pub fn is_sensitive(self) -> bool {
        self.contains(Self::SENSITIVE)
    }
}

impl From<Kind> for Value {
    fn from(kind: Kind) -> Self {
        Self { kind, marks: Marks::NONE, origin: None }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Kind::Bool(value).into()
    }
}

impl From<Number> for Value {
    fn from(value: Number) -> Self {
        Kind::Number(value).into()
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Kind::Number(Number::from(value)).into()
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::string(value)
    }
}

impl Value {
    /// Text; brought into normal form C as Terraform does.
    #[must_use]
    pub fn string(text: impl AsRef<str>) -> Self {
        use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};
        let text = text.as_ref();
        let normal = text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes;
        let text: Arc<str> = if normal { text.into() } else { text.nfc().collect::<String>().into() };
        Kind::String(text).into()
    }

    /// Null of no particular type.
    #[must_use]
    pub fn null() -> Self {
        Kind::Null(Type::Any).into()
    }

    /// Null of a type.
    #[must_use]
    pub fn null_of(ty: Type) -> Self {
        Kind::Null(ty).into()
    }

    /// An unknown value of a type, for one reason.
    #[must_use]
    pub fn unknown(ty: Type, reason: Reason) -> Self {
        Kind::Unknown(Arc::new(Unknown::new(ty, reason))).into()
    }

    /// A tuple.
    #[must_use]
    pub fn tuple(items: impl Into<Arc<[Value]>>) -> Self {
        Kind::Tuple(items.into()).into()
    }

    /// An object without identity.
    #[must_use]
    pub fn object(fields: Fields) -> Self {
        Kind::Object(Arc::new(Object { fields, identity: None })).into()
    }

    /// The same value with more marks.
    #[must_use]
    pub fn marked(mut self, marks: Marks) -> Self {
        self.marks = self.marks.union(marks);
        self
    }

    /// The same value, said to come from `origin`.
    #[must_use]
    pub fn from_origin(mut self, origin: Option<Arc<Origin>>) -> Self {
        self.origin = origin;
        self
    }

    /// Whether the value itself is unknown (its parts may still be).
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self.kind, Kind::Unknown(_))
    }

    /// Whether the value is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null(_))
    }

    /// What is known about an unknown value; `None` if the value is known.
    #[must_use]
    pub fn as_unknown(&self) -> Option<&Unknown> {
        match &self.kind {
            Kind::Unknown(unknown) => Some(unknown),
            _ => None,
        }
    }

    /// The text of a known string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// A known truth value.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// A known number.
    #[must_use]
    pub fn as_number(&self) -> Option<&Number> {
        match &self.kind {
            Kind::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The items of a known list, set or tuple.
    #[must_use]
    pub fn as_items(&self) -> Option<&[Value]> {
        match &self.kind {
            Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// The named values of a known map or object.
    #[must_use]
    pub fn as_fields(&self) -> Option<&Fields> {
        match &self.kind {
            Kind::Map(_, fields) => Some(fields),
            Kind::Object(object) => Some(&object.fields),
            _ => None,
        }
    }

    /// The address of the resource instance that this object is.
    #[must_use]
    pub fn identity(&self) -> Option<&Arc<str>> {
        match &self.kind {
            Kind::Object(object) => object.identity.as_ref(),
            _ => None,
        }
    }

    /// The symbol of an unknown value that is one attribute of one resource instance.
    #[must_use]
    pub fn symbol(&self) -> Option<&Symbol> {
        match &self.as_unknown()?.knowledge {
            Knowledge::Symbol(symbol) => Some(symbol),
            _ => None,
        }
    }

    /// The type of the value; `Type::Any` where it is open.
    #[must_use]
    pub fn type_of(&self) -> Type {
        match &self.kind {
            Kind::Unknown(unknown) => unknown.ty.clone(),
            Kind::Null(ty) => ty.clone(),
            Kind::Bool(_) => Type::Bool,
            Kind::Number(_) => Type::Number,
            Kind::String(_) => Type::String,
            Kind::List(ty, _) => Type::list(ty.clone()),
            Kind::Set(ty, _) => Type::set(ty.clone()),
            Kind::Map(ty, _) => Type::map(ty.clone()),
            Kind::Tuple(items) => Type::Tuple(items.iter().map(Value::type_of).collect()),
            Kind::Object(object) => Type::Object(
                object
                    .fields
                    .iter()
                    .map(|(name, value)| (name.clone(), ObjectAttribute::required(value.type_of())))
                    .collect::<BTreeMap<_, _>>()
                    .into(),
            ),
        }
    }
}

#[cfg(test)]
mod properties;
