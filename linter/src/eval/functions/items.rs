//! What collections hold, as far as anybody knows.

use std::sync::Arc;

use super::{Call, FunctionError};
use crate::eval::Context;
use crate::value::{Kind, Knowledge, Member, Type, Unknown, Value};

/// The items of a list, set or tuple.
pub(super) enum Items<'v> {
    /// All of them; some may be unknown themselves.
    Known(&'v [Value]),
    /// How many there are is not known; the members describe all that there may be.
    Open(Vec<Member>),
}

impl<'v> Items<'v> {
    /// The items of a value; `None` if it is no list, set or tuple and cannot become one.
    pub(super) fn of(value: &'v Value) -> Option<Self> {
        if let Some(items) = value.as_items() {
            return Some(Self::Known(items));
        }
        let unknown = value.as_unknown()?;
        match &unknown.ty {
            Type::Any | Type::List(_) | Type::Set(_) | Type::Tuple(_) => Some(Self::Open(members(unknown))),
            Type::Bool | Type::Number | Type::String | Type::Map(_) | Type::Object(_) => None,
        }
    }

    /// The items with what is known of their being there.
    pub(super) fn into_members(self) -> Vec<Member> {
        match self {
            Self::Known(items) => {
                items.iter().map(|value| Member { key: None, value: value.clone(), certain: true }).collect()
            }
            Self::Open(members) => members,
        }
    }
}

/// The members of an unknown collection; for one of which nothing is known, one that stands for all.
pub(super) fn members(unknown: &Unknown) -> Vec<Member> {
    match &unknown.knowledge {
        Knowledge::Members(members) => members.to_vec(),
        Knowledge::Nothing
        | Knowledge::Symbol(_)
        | Knowledge::Template(_)
        | Knowledge::Json(_)
        | Knowledge::Yaml(_)
        | Knowledge::Base64(_)
        | Knowledge::OneOf(_) => {
            let item = unknown.ty.item().cloned().unwrap_or(Type::Any);
            vec![Member { key: None, value: derived(item, [unknown]), certain: false }]
        }
    }
}

/// An unknown value that is unknown because others are.
pub(super) fn derived<'u>(ty: Type, from: impl IntoIterator<Item = &'u Unknown>) -> Value {
    Kind::Unknown(Arc::new(Unknown::derived(ty, from))).into()
}

/// An unknown result of the call that is not null.
pub(super) fn unknown_result(call: &Call<'_>, ty: Type) -> Value {
    let mut unknown = Unknown::derived(ty, call.args.iter().flat_map(Value::unknowns_within));
    unknown.refinement.not_null = true;
    Kind::Unknown(Arc::new(unknown)).into()
}

/// A collection of unknown extent that results from the call. Its length is between the number of certain members
/// (one, for a set: they may be equal) and, if all are certain, their number.
pub(super) fn open_result(call: &Call<'_>, ty: Type, members: Vec<Member>) -> Value {
    let mut unknown = Unknown::derived(ty, call.args.iter().flat_map(Value::unknowns_within));
    let certain = members.iter().filter(|member| member.certain).count();
    unknown.refinement.not_null = true;
    unknown.refinement.min_length = Some(if matches!(unknown.ty, Type::List(_)) { certain } else { certain.min(1) });
    unknown.refinement.max_length = (certain == members.len()).then_some(certain);
    unknown.knowledge = Knowledge::Members(members.into());
    Kind::Unknown(Arc::new(unknown)).into()
}

/// The same members, none of them certain.
pub(super) fn doubtful(members: Vec<Member>) -> Vec<Member> {
    members.into_iter().map(|member| Member { certain: false, ..member }).collect()
}

/// Checks that a result of `count` items is allowed.
pub(super) fn check_count(count: usize, context: &Context<'_>) -> Result<(), FunctionError> {
    if count > context.limits.items {
        return Err(FunctionError::limit(format!("{} items in one collection", context.limits.items)));
    }
    Ok(())
}

/// Checks that a result of `count` bytes is allowed.
pub(super) fn check_bytes(count: usize, context: &Context<'_>) -> Result<(), FunctionError> {
    if count > context.limits.string_bytes {
        return Err(FunctionError::limit(format!("{} bytes in one string", context.limits.string_bytes)));
    }
    Ok(())
}
