//! The pipeline: inputs to roots, roots to verdicts, verdicts to one report.
//!
//! Owns: [`run`], [`Request`], [`Timings`].
//! Promises: every input is judged or said not to be; the report is the same for the same input, whatever the threads did.
//! Must not know: the configuration file's form, the command line, output formats.

mod directories;
mod inputs;
mod load;
mod objects;
mod overlap;
mod plans;
mod report;
mod timings;

use std::path::PathBuf;
use std::sync::Arc;

pub use inputs::{Judged, Pass};
pub use load::load;
pub use objects::{JudgedObjects, ObjectFinding, ObjectRequest, judge_objects};
pub use report::{gates, has_errors, rule_info};
pub use timings::Timings;

use crate::diagnostic::{Report, Severity};
use crate::rules::{RuleSet, Settings};
use crate::source::{Clock, SourceMap, System};
use crate::terraform::Options;
use crate::waivers::inline::Peers;
use crate::waivers::known::KnownFile;
use crate::waivers::{Date, Waiver};

/// One way in which every root is judged: as it stands, or as one environment.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// Name, with `-e`.
    pub name: Option<Arc<str>>,
    /// Variables and workspace. Relative variables files are looked for in the root, then in `base`.
    pub options: Options,
    /// Variables files of the environment; those a root does not have are left out.
    pub var_files: Vec<PathBuf>,
    /// Where relative `var_files` are looked for besides the root itself.
    pub base: PathBuf,
}

/// What undetermined verdicts do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Undetermined {
    /// They are shown.
    #[default]
    Report,
    /// They fail the run as findings do.
    Fail,
    /// They are left out.
    Hide,
}

/// Everything a run needs.
pub struct Request<'r> {
    /// The machine.
    pub system: &'r dyn System,
    /// Where files are registered.
    pub sources: &'r SourceMap,
    /// The rules.
    pub rules: &'r RuleSet,
    /// What users changed about rules and environments.
    pub settings: &'r Settings,
    /// Directories, files, plans, states.
    pub paths: &'r [PathBuf],
    /// Content of standard input, when a path is `-`.
    pub standard_input: Option<Vec<u8>>,
    /// How each root is judged; at least one.
    pub environments: &'r [Environment],
    /// Patterns of directories that are not searched.
    pub exclude: &'r [String],
    /// Waivers of the configuration.
    pub waivers: &'r [Waiver],
    /// Whether other tools' ignore comments count.
    pub peers: Peers,
    /// The day on which waivers are looked at.
    pub today: Date,
    /// Findings accepted earlier.
    pub known: Option<&'r KnownFile>,
    /// Findings below this are left out.
    pub show: Severity,
    /// Findings at or above this fail the run.
    pub fail_on: Severity,
    /// What undetermined verdicts do.
    pub undetermined: Undetermined,
    /// Called with a sentence when a longer step begins.
    pub progress: &'r (dyn Fn(&str) + Sync),
}

/// Judges all inputs.
#[must_use]
pub fn run(request: &Request<'_>) -> Report {
    run_timed(request, Clock::Stopped).0
}

/// Judges all inputs, and tells how long that took by the clock.
#[must_use]
pub fn run_timed(request: &Request<'_>, clock: Clock) -> (Report, Timings) {
    let mut judged = inputs::judge_all(request, clock);
    let timings = std::mem::take(&mut judged.timings);
    (report::assemble(request, judged), timings)
}

/// Whether the report fails the run.
#[must_use]
pub fn fails(report: &Report, request_fail_on: Severity, undetermined: Undetermined) -> bool {
    report::gating(report, request_fail_on, undetermined).next().is_some()
}
