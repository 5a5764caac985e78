//! The user's configuration: `palisade.hcl` and its JSON twin.
//!
//! Owns: finding the file, reading it with spans, checking it against the published JSON Schema, [`Options`], and what
//! they mean for judging ([`judging`]).
//! Promises: every mistake is a diagnostic at its place; nothing is silently ignored.
//! Must not know: how rules are judged.

mod document;
mod find;
pub mod judging;
pub mod network;
mod options;
mod problem;
mod starter;

pub use find::{FILE_NAMES, find};
pub use options::{
    EnvironmentOptions, External, General, Loaded, Options, RuleOptions, TimeOptions, Undetermined, Waiver, load,
};
pub use starter::{FoundEnvironment, starter};

/// The JSON Schema of the configuration, as published.
pub const SCHEMA: &str = include_str!("../../schemas/config.schema.json");
