//! The provider's functions.
//!
//! Owns: [`environment_of`], [`cidr_overlaps`], [`violations`], [`compliant`].
//! Promises: the result is known when the arguments are, and depends on them, the policy and the day only; an unknown
//! argument makes it unknown only where it decides; wrong arguments are refused with the argument named.
//! Must not know: the wire.

mod judging;
mod plain;

use std::fmt;
use std::sync::Arc;

use palisade::value::{Kind, Type, Unknown, Value};

pub use judging::{compliant, violations};
pub use plain::{cidr_overlaps, environment_of};

/// Why a call was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Which argument, from 0.
    pub argument: usize,
    /// What is wrong with it.
    pub message: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "argument {}: {}", self.argument + 1, self.message)
    }
}

impl std::error::Error for Refused {}

fn refused(argument: usize, message: &str) -> Refused {
    Refused { argument, message: message.to_owned() }
}

fn derived(ty: Type, from: &[&Unknown]) -> Value {
    Kind::Unknown(Arc::new(Unknown::derived(ty, from.iter().copied()))).into()
}
