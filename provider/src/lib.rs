//! Palisade inside Terraform.
//!
//! This package translates between Terraform's plugin protocol and the `palisade` library; it never judges by itself.
//! So far it holds what the provider's pure functions compute ([`functions`]); the protocol that serves them is not
//! written yet, and the binary says so when Terraform starts it.

pub mod functions;
