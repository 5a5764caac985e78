//! What is said to people, as plain data: diagnostics about input, findings about infrastructure, the report.
//!
//! Owns: [`Diagnostic`], [`Finding`], [`Report`], [`Severity`], [`Verdict`].
//! Promises: plain data without references; nothing here holds a secret in clear (the rooms that fill it mask first).
//! Must not know: how anything is rendered.

mod finding;
mod message;
mod similar;

pub use finding::{
    Finding, KnownState, NotJudged, NotJudgedKind, Related, Report, RuleInfo, Severity, Summary, Verdict, WaiverNote,
};
pub use message::{Diagnostic, Label, Level};
pub use similar::closest;
