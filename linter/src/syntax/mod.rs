//! Text to syntax tree: HCL native syntax, its JSON syntax, templates.
//!
//! Owns: [`Tree`] (one arena per file) and the views [`Body`], [`Block`], [`Attribute`], [`Expr`].
//! Promises: parsing never fails and never panics; what is broken is a [`Diagnostic`](crate::diagnostic::Diagnostic)
//! and the rest of the file is still a tree. Every node and every comment has a byte span.
//! Must not know: values, evaluation, Terraform's block types (but for lowering JSON, see `json`).

mod expr;
mod json;
mod parse;
mod secrets;
#[cfg(test)]
mod show;
mod tree;

pub use expr::{BinaryOp, Expr, ExprKind, For, ObjectItem, Part, Traversal, TraversalStep, UnaryOp};
pub use json::{BlockShape, BodyShape, Strings, parse_json_body, parse_json_shaped, parse_json_values};
pub use parse::{
    MAX_DEPTH, MAX_DIAGNOSTICS, MAX_FILE_BYTES, MAX_HEIGHT, parse_body, parse_expression, parse_file, parse_template,
};
pub use secrets::{Suspicion, holds_values, is_secret_name, secret_ranges, withheld};
pub use tree::{Attribute, Block, Body, Comment, Item, Label, Tree};
