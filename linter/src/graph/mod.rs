//! Instances and how they refer to each other: look-ups by type and address, joins, environments.
//!
//! Owns: [`Graph`] over one [`Root`], [`Related`], [`Environment`].
//! Promises: a join tells what certainly holds from what may hold; symbolic ids are followed through every module;
//! nothing is quadratic in the number of instances.
//! Must not know: rules, network semantics, reports.

mod address;
mod environment;
mod identity;
mod index;
mod reference;
mod relation;

pub use address::{canonical_address, canonical_type, last_instance_key, module_path, without_instance_key};
pub use environment::{
    DeclaredEnvironment, Environment, EnvironmentSettings, Signal, SignalKind, Vocabulary, glob_matches,
};
pub use identity::identity_texts;
pub use index::Graph;
pub use reference::{Certainty, Resolution};
pub use relation::Related;

#[cfg(test)]
mod tests;
