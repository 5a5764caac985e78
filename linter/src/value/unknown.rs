//! What is known about unknown values.

use std::fmt;
use std::sync::Arc;

use super::{Number, Type, Value};

/// An unknown value: its type, why it is unknown, and what is known all the same.
#[derive(Clone, Debug)]
pub struct Unknown {
    /// The type it will have.
    pub ty: Type,
    /// Why it is unknown, most direct first, without duplicates, at most [`Unknown::MAX_REASONS`].
    pub reasons: Arc<[Reason]>,
    /// Limits it will keep.
    pub refinement: Refinement,
    /// What else is known.
    pub knowledge: Knowledge,
}

/// Why a value is unknown, in words users know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// A variable without default got no value; its reference, `var.cidr`.
    NoValue(Arc<str>),
    /// The provider decides it at apply; address and attribute.
    Computed(Arc<str>, Arc<str>),
    /// A data source must be read for it; its address.
    DataSource(Arc<str>),
    /// The module is not here; its address.
    ModuleNotInstalled(Arc<str>),
    /// The function's result differs from run to run, or only a provider knows it; its name.
    Function(Arc<str>),
    /// The plan does not know it; address and attribute.
    NotInPlan(Arc<str>, Arc<str>),
    /// Something named here does not exist or failed to evaluate; the message of the diagnostic.
    Error(Arc<str>),
    /// It depends on itself; the chain.
    Cycle(Arc<str>),
    /// A file is missing, unreadable, or outside the repository; its path.
    Unreadable(Arc<str>),
    /// A bound on work was reached; which.
    Limit(Arc<str>),
    /// Count or `for_each` is unknown, so the key is; the resource's address.
    InstanceKey(Arc<str>),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoValue(name) => write!(f, "{name} has no value"),
            Self::Computed(address, attribute) => write!(f, "{address}.{attribute} is known after apply"),
            Self::DataSource(address) => write!(f, "{address} must be read first"),
            Self::ModuleNotInstalled(address) => write!(f, "{address} is not installed"),
            Self::Function(name) => write!(f, "{name}() is known only when Terraform runs"),
            Self::NotInPlan(address, attribute) => write!(f, "{address}.{attribute} is unknown in the plan"),
            Self::Error(message) => f.write_str(message),
            Self::Cycle(chain) => write!(f, "it depends on itself: {chain}"),
            Self::Unreadable(path) => write!(f, "{path} cannot be read"),
            Self::Limit(what) => write!(f, "limit reached: {what}"),
            Self::InstanceKey(address) => write!(f, "the instances of {address} are not known"),
        }
    }
}

/// Limits that an unknown value will keep once it is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Refinement {
    /// It will not be null.
    pub not_null: bool,
    /// A string that begins like this.
    pub prefix: Option<Arc<str>>,
    /// A collection with at least so many items.
    pub min_length: Option<usize>,
    /// A collection with at most so many items.
    pub max_length: Option<usize>,
    /// A number of at least this.
    pub min: Option<Number>,
    /// A number of at most this.
    pub max: Option<Number>,
}

/// What is known beyond limits.
#[derive(Clone, Debug, Default)]
pub enum Knowledge {
    /// Nothing.
    #[default]
    Nothing,
    /// It is one attribute of one resource instance, such as the id of `aws_subnet.a[2]`.
    Symbol(Symbol),
    /// It is text with holes: pieces that are known and values that are not.
    Template(Arc<[TemplatePart]>),
    /// It is the JSON text of this partly known value.
    Json(Arc<Value>),
    /// It is the YAML text of this partly known value.
    Yaml(Arc<Value>),
    /// It is the Base64 text of this partly known value.
    Base64(Arc<Value>),
    /// It is one of these, such as the two arms of a conditional.
    OneOf(Arc<[Value]>),
    /// It is a collection that holds these. Members that are not certain stand for any number of members like them, and
    /// one of which nothing is known for any others: what holds for all of these holds for all that the collection has.
    /// Keyed collections give the key with the member.
    Members(Arc<[Member]>),
}

/// One attribute of one resource instance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol {
    /// Address of the instance: `module.net.aws_subnet.a[2]`, `data.aws_vpc.main`.
    pub address: Arc<str>,
    /// Path of the attribute: `id`, `vpc_config[0].cluster_security_group_id`.
    pub attribute: Arc<str>,
}

/// A part of text with holes.
#[derive(Clone, Debug)]
pub enum TemplatePart {
    /// Known text.
    Text(Arc<str>),
    /// A value to be filled in.
    Hole(Value),
}

/// A member of a collection whose extent is unknown.
#[derive(Clone, Debug)]
pub struct Member {
    /// The key, for maps and objects.
    pub key: Option<Value>,
    /// The member.
    pub value: Value,
    /// Whether it is certainly there; otherwise it may be there any number of times.
    pub certain: bool,
}

impl Unknown {
    /// More reasons than this are not kept.
    pub const MAX_REASONS: usize = 4;

    /// An unknown of which nothing else is known.
    #[must_use]
    pub fn new(ty: Type, reason: Reason) -> Self {
        Self { ty, reasons: [reason].into(), refinement: Refinement::default(), knowledge: Knowledge::Nothing }
    }

    /// An unknown that follows from other unknowns: it has their reasons.
    #[must_use]
    pub fn derived<'a>(ty: Type, from: impl IntoIterator<Item = &'a Unknown>) -> Self {
        let mut reasons: Vec<Reason> = Vec::new();
        for reason in from.into_iter().flat_map(|unknown| unknown.reasons.iter()) {
            if reasons.len() < Self::MAX_REASONS && !reasons.contains(reason) {
                reasons.push(reason.clone());
            }
        }
        Self { ty, reasons: reasons.into(), refinement: Refinement::default(), knowledge: Knowledge::Nothing }
    }
}
