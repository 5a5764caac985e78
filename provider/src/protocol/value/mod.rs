//! Values on the wire: MessagePack in the form that a type asks for.
//!
//! Owns: [`decode`], [`decode_json`], [`encode`], and [`replace_attributes`], which changes attributes of an encoded
//! object without touching the others.
//! Promises: what is decoded has the type asked for; an unknown value keeps the limits that the wire says of it and
//! says its way as its reason; numbers are exact; depth and size are bounded.
//! Must not know: what the values are for.

mod decode;
mod encode;
mod json;
mod object;
mod refinement;
#[cfg(test)]
mod tests;

use std::fmt;

use palisade::value::Path;

pub use decode::decode;
pub use encode::encode;
pub use json::decode_json;
pub use object::replace_attributes;

/// Values nested deeper are refused.
pub const MAX_DEPTH: usize = 128;
/// Larger values are refused: each byte may ask for forty in memory while it is read.
pub const MAX_BYTES: usize = 16 << 20;

/// Why bytes are no value of a type, or a value has no bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Where in the value.
    pub path: Path,
    /// What is wrong there.
    pub message: String,
}

impl Malformed {
    fn at(path: &Path, message: impl Into<String>) -> Self {
        Self { path: path.clone(), message: message.into() }
    }

    fn whole(message: impl Into<String>) -> Self {
        Self { path: Path::default(), message: message.into() }
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.0.is_empty() { f.write_str(&self.message) } else { write!(f, "{}: {}", self.path, self.message) }
    }
}

impl std::error::Error for Malformed {}
