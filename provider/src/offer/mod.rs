//! What the provider offers: its configuration, resources, data sources and functions, with what is said about them.
//!
//! Owns: the descriptions, as data; from them come the schema that Terraform asks for and the pages of documentation.
//! Promises: nothing is offered that is not described.
//! Must not know: how anything is judged.

mod catalogue;
pub mod pages;
mod schema;

pub use catalogue::{CHECK, ENVIRONMENT_OF, GATE, check, functions, gate, provider};
pub use catalogue::{CIDR_OVERLAPS, COMPLIANT, VIOLATIONS};
pub use schema::provider_schema;

use palisade::value::Type;

/// What a provider, resource or data source is written with.
#[derive(Clone, Debug)]
pub struct Schema {
    /// What it is for; Markdown.
    pub description: &'static str,
    /// Its attributes, required ones first.
    pub attributes: Vec<Attribute>,
    /// Its blocks.
    pub blocks: Vec<Block>,
}

/// An attribute.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub ty: Type,
    /// Who gives its value.
    pub presence: Presence,
    /// What it means; Markdown.
    pub description: &'static str,
}

/// Who gives the value of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The configuration, always.
    Required,
    /// The configuration, if it wants to.
    Optional,
    /// The provider.
    Computed,
}

/// A list of blocks of one name.
#[derive(Clone, Debug)]
pub struct Block {
    /// Its name.
    pub name: &'static str,
    /// At least so many.
    pub min: u32,
    /// What it means; Markdown.
    pub description: &'static str,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
}

/// A function.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// One line.
    pub summary: &'static str,
    /// What it does; Markdown.
    pub description: &'static str,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// The type of its result.
    pub result: Type,
    /// A use of it, in HCL.
    pub example: &'static str,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub ty: Type,
    /// What it means; Markdown.
    pub description: &'static str,
}
