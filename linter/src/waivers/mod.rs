//! Living with findings: comments that waive, waivers of the configuration, and findings accepted earlier.
//!
//! Owns: [`inline::read`], [`apply`], [`known`].
//! Promises: nothing is waived without reason, owner and expiry; an expired or unused waiver is itself a finding.
//! Must not know: how verdicts come about.

mod apply;
pub mod inline;
pub mod known;

pub use crate::source::Date;
pub use apply::{EXPIRED_RULE, Names, Outcome, UNUSED_RULE, Waiver, apply, rule_infos};
