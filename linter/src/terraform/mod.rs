//! Terraform's own model: modules, variables, resources; configuration, plans and states to [`Instance`]s.
//!
//! Owns: loading of module trees, expansion of `count`, `for_each` and `dynamic`, tfvars, provider schemas,
//! plan and state readers.
//! Promises: one broken thing never stops another: what cannot be evaluated is unknown with a reason, and said.
//! Must not know: rules, environments, reports.

mod instance;
pub mod schema;

pub use instance::{
    Action, Backend, Change, Extent, Instance, InstanceKey, Lifecycle, Mode, ModuleState, Move, ProviderRef, Root,
};
