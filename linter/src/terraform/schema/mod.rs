//! What providers declare: the attributes and nested blocks of resource types.
//!
//! Owns: the tables of aws, azurerm and google, looked up by resource type.
//! Promises: nothing is read before it is asked for, and each type is read once.
//! Must not know: instances, rules. Data sources are not in the tables.

mod line;
mod model;
mod table;

pub use model::{Attribute, Block, Member, MemberKind, Members, Nesting, Place, Presence, Releases, ResourceSchema};
pub use table::{is_covered, is_known, resource, resource_types, suggest, suggest_type};

#[cfg(test)]
mod tests;
