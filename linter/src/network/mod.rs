//! Networks: exact sets of addresses and services, the packet filters of the clouds over them, and what packets can do.
//!
//! Owns: set algebra, the vendor-neutral filter and its evaluation, the reading of each cloud's filters; the model of whole
//! networks ([`model`]), its building from resources ([`build`]), questions to it ([`prove`]).
//! Promises: sets are exact; what is not known is kept as a lower and an upper bound, never guessed.
//! Must not know: rules, environments, reports.

pub mod address;
pub mod aws;
pub mod azure;
pub mod bounds;
pub mod build;
pub mod cidr;
pub mod environment;
pub mod exposure;
pub mod filter;
pub mod filters;
pub mod google;
pub mod interval;
pub mod join;
pub mod model;
pub mod other_clouds;
pub mod prove;
pub mod reading;
pub mod service;
pub mod traffic;

#[cfg(test)]
mod tests;
