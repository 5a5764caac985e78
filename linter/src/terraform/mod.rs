//! Terraform's own model: modules, variables, resources; configuration, plans and states to [`Instance`]s.
//!
//! Owns: loading of module trees, expansion of `count`, `for_each` and `dynamic`, tfvars, provider schemas,
//! plan and state readers.
//! Promises: one broken thing never stops another: what cannot be evaluated is unknown with a reason, and said.
//! Must not know: rules, environments, reports.

mod attributes;
mod body;
mod computed;
mod data;
mod directory;
mod discover;
mod evaluator;
mod expand;
mod files;
mod instance;
mod json_blocks;
mod load;
pub mod lock;
mod module;
pub mod plan;
mod planned;
mod provider;
pub mod schema;
mod scope;
mod sniff;
mod state;
#[cfg(test)]
mod tests;
mod variables;

pub use directory::{Directory, Loaded, load_directory};
pub use discover::{Discovered, discover};
pub use instance::{
    Action, Backend, Change, Extent, Instance, InstanceKey, Lifecycle, Mode, ModuleState, Move, Others, ProviderRef,
    Root,
};
pub use planned::{Planned, planned_instance};
pub use sniff::{Content, sniff};
pub use state::read_state;
pub use variables::Options;
