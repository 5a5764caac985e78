//! Plan files: the binary file that `terraform plan -out` writes, and its JSON.
//!
//! Owns: reading them without Terraform or providers, and joining what a plan knows with what configuration says.
//! Promises: what the plan leaves unknown is unknown with a reason, and where the plan tells which attribute of which
//! instance it is, it says so; hostile files are bounded in depth, size and inflation.
//! Must not know: rules, environments.

mod address;
mod document;
mod json;
mod path;
mod providers;
pub(in crate::terraform) mod raw;
mod references;
mod resolve;
pub(in crate::terraform) mod shape;

#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use address::{Address, push_key};
pub use json::read_json;
pub(in crate::terraform) use json::{broken, read_shown_state};
pub(in crate::terraform) use providers::provider_address;
pub(in crate::terraform) use resolve::own as own_attribute;

use crate::terraform::Root;
use crate::value::Fields;

/// A plan that was read.
#[derive(Debug)]
pub struct PlanFile {
    /// What the plan says will be.
    pub root: Root,
    /// Values of the root's variables. Binary plans hold only those that were given.
    pub variables: Fields,
    /// The Terraform that made it.
    pub terraform_version: Option<Arc<str>>,
}
