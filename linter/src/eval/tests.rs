//! Tests of evaluation: a small scope, and evaluation of lone expressions in it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod known;
mod print;
mod scope;
mod unknown;
