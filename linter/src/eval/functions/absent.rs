//! Null as an argument in rules, where what is not written is null.
//!
//! Terraform's functions refuse null. In rules a missing collection is an empty one, and a function of a missing
//! string or number gives null, or false if it answers a question: `startswith(self.name, "x")` is false without a name.

use super::{Call, Function, Signature};
use crate::value::{Fields, Kind, Type, Value};

/// Functions that take a mapping of any type.
const OF_MAPPINGS: &[&str] = &["keys", "values", "lookup", "merge"];

/// Functions to which any value may be given and null is as good as another.
const OF_ANYTHING: &[&str] = &["type", "jsonencode", "sensitive", "nonsensitive", "issensitive"];

/// What stands for the arguments of a call.
pub(super) enum Filled {
    /// No argument is null that must not be.
    AsGiven,
    /// These arguments.
    Arguments(Vec<Value>),
    /// The call need not be made: this is what it gives.
    Result(Value),
}

/// Fills in what is missing among the arguments of a call in a rule.
pub(super) fn fill(function: &Function, call: &Call<'_>) -> Filled {
    let must_not = |idx: usize| function.parameter(idx).is_some_and(|parameter| !parameter.allow_null);
    let is_missing = |(idx, arg): (usize, &Value)| arg.is_null() && must_not(idx);
    if OF_ANYTHING.contains(&function.name) || !call.args.iter().enumerate().any(is_missing) {
        return Filled::AsGiven;
    }
    let mut args = call.args.to_vec();
    for (idx, arg) in args.iter_mut().enumerate().filter(|(idx, arg)| arg.is_null() && must_not(*idx)) {
        let marks = arg.marks;
        match function.parameter(idx).and_then(|parameter| empty(function.name, parameter.signature)) {
            Some(empty) => *arg = empty.marked(marks),
            None => return Filled::Result(missing_result(function).marked(marks)),
        }
    }
    Filled::Arguments(args)
}

/// The empty collection that a missing one is.
fn empty(function: &str, signature: Signature) -> Option<Value> {
    Some(match signature {
        Signature::Bool | Signature::Number | Signature::String => return None,
        Signature::Map(_) => Value::object(Fields::new()),
        Signature::Any if OF_MAPPINGS.contains(&function) => Value::object(Fields::new()),
        Signature::Any | Signature::List(_) => Value::tuple([]),
        Signature::Set(_) => Kind::Set(Type::Any, [].into()).into(),
    })
}

fn missing_result(function: &Function) -> Value {
    match function.result {
        Signature::Bool => false.into(),
        other => Value::null_of(other.to_type()),
    }
}
