//! Expression to value: scopes, operators, templates, functions.
//!
//! Owns: [`evaluate`], [`Scope`], [`Context`], the functions of Terraform.
//! Promises: the answer is Terraform's own where Terraform has one, and never "known" where Terraform's is another
//! known value; work is bounded by [`Limits`]; an error is an [`EvalError`], never a panic.
//! Must not know: modules, resources, rules. They come in through [`Scope`].

mod context;
mod expression;
pub mod functions;

pub use context::{Context, Dialect, EvalError, Limits, Resolved, Scope};
pub use expression::evaluate;
