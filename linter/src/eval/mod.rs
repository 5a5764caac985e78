//! Expression to value: scopes, operators, templates, functions.
//!
//! Owns: [`evaluate`], [`Scope`], [`Context`], the functions of Terraform, type constraints.
//! Promises: the answer is Terraform's own where Terraform has one, and never "known" where Terraform's is another
//! known value; work is bounded by [`Limits`]; an error is an [`EvalError`], never a panic.
//! Must not know: modules, resources, rules. They come in through [`Scope`].

mod access;
mod alternatives;
mod bindings;
mod bounds;
mod conditional;
mod context;
mod defaults;
mod expression;
mod for_expression;
pub mod functions;
mod operators;
mod references;
mod render;
mod special_functions;
mod splat;
mod template;
#[cfg(test)]
mod tests;
mod traversal;
mod type_expression;
mod unknown_access;

pub use context::{Context, Dialect, EvalError, Limits, Resolved, Scope};
pub use defaults::Defaults;
pub use expression::{evaluate, evaluate_or_unknown};
pub use references::{references, referring};
pub use render::{evaluate_text, render_template};
pub use type_expression::type_constraint;
