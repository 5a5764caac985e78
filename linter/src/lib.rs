//! Palisade: a linter for Terraform and OpenTofu.

#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod engine;
pub mod eval;
pub mod graph;
pub mod network;
pub mod report;
pub mod rules;
pub mod source;
pub mod syntax;
pub mod terraform;
pub mod value;
pub mod waivers;
