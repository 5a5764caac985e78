//! The rule language: loading and checking of rules, judging of instances, documents that run.
//!
//! Owns: [`RuleSet`], [`Rule`], [`Settings`], [`judge`], the functions that only rules have, the table of provider defaults.
//! Promises: a rule that loads names only attributes, functions and parameters that exist; unknown is never false;
//! the order of findings does not depend on threads or hashing; a mistake in a rule never stops another rule.
//! Must not know: report formats, waivers, the command line.

mod blame;
mod builtin;
mod code;
mod compile;
mod cost;
mod defaults;
pub mod document;
mod fingerprint;
pub mod functions;
mod judge;
mod message;
mod read;
mod rule;
mod scope;
mod set;
mod settings;
mod shape;
mod subject;
mod verdict;

pub use cost::Cost;
pub use defaults::{Default as AssumedDefault, Defaults};
pub use document::{DocumentResult, test_documents};
pub use judge::{Judged, RuleVerdict, Surroundings, judge};
pub use rule::{Check, Definition, Rule, Target};
pub use set::{RuleFile, RuleSet};
pub use settings::{DATA_DATE, ExternalProvision, RuleOverride, Settings, matches_rule, no_such_rule};

#[cfg(test)]
pub(in crate::rules) mod tests;
