//! Where bytes come from and where they stand: files, spans, lines, and the machine.
//!
//! Owns: [`System`] (the only door to disk and environment), [`SourceMap`], [`Span`], [`Date`].
//! Promises: a [`Span`] always points into a file of the map it came from; columns count characters.
//! Must not know: any syntax, any rule.

mod boundary;
mod clock;
mod date;
mod map;
mod relative;
mod system;

pub use boundary::{Boundary, Escape};
pub use clock::Clock;
pub use date::Date;
pub(crate) use map::display_path;
pub use map::{FileId, Location, Position, SourceFile, SourceMap, Span};
pub(crate) use relative::relative_path;
pub use system::{Disk, Entry, EntryKind, Memory, ReadError, System};
