//! Plan files: the binary file that `terraform plan -out` writes, and its JSON.
//!
//! Owns: reading them without Terraform or providers, and joining what a plan knows with what configuration says.
//! Promises: what the plan leaves unknown is unknown with a reason, and where the plan tells which attribute of which
//! instance it is, it says so; hostile files are bounded in depth, size and inflation.
//! Must not know: rules, environments.

mod address;
mod binary;
mod document;
mod embedded;
mod file;
mod json;
pub(in crate::terraform) mod mask;
mod merge;
mod message;
mod msgpack;
mod overlay;
mod path;
mod providers;
pub(in crate::terraform) mod raw;
mod references;
mod resolve;
mod settle;
pub(in crate::terraform) mod shape;

#[cfg(test)]
mod tests;

pub use address::{Address, push_key};
pub use embedded::EmbeddedConfig;
pub use file::{PlanFile, read_binary};
pub use json::read_json;
pub(in crate::terraform) use json::{broken, read_shown_state};
pub use merge::overlay;
pub(in crate::terraform) use providers::provider_address;
pub(in crate::terraform) use resolve::own as own_attribute;
