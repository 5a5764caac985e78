//! Palisade: a linter for Terraform and OpenTofu.

pub mod diagnostic;
pub mod source;
pub mod syntax;
