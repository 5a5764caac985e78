//! Tests of evaluation: a small scope, and evaluation of lone expressions in it.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod errors;
mod functions;
mod heredocs;
mod known;
mod names;
mod print;
mod scope;
mod soundness;
mod types;
mod unknown;
