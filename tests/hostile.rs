//! Input made to crash, stall, fill memory, read what it must not, or show what it must not.
//!
//! Each test runs the program itself, with its memory bounded and a deadline far above what it needs.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "hostile/bombs.rs"]
mod bombs;
#[path = "hostile/files.rs"]
mod files;
#[path = "hostile/run.rs"]
mod run;
#[path = "hostile/secrets.rs"]
mod secrets;
