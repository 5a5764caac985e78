//! What the configuration file says, as written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde::Deserialize;

use super::document::{Document, escape};
use super::network::NetworkOptions;
use super::problem;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{SourceMap, Span, System};

/// Largest configuration file, in bytes.
const MAX_BYTES: u64 = 4 << 20;

/// A configuration file as written; what it does not say is `None` or empty.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Options {
    /// `palisade {}`
    pub palisade: General,
    /// `environment "name" {}`
    pub environment: BTreeMap<String, EnvironmentOptions>,
    /// `time {}`
    pub time: TimeOptions,
    /// `rule "id" {}`
    pub rule: BTreeMap<String, RuleOptions>,
    /// `external "name" {}`
    pub external: BTreeMap<String, External>,
    /// `waiver "name" {}`
    pub waiver: BTreeMap<String, Waiver>,
    /// Zones, firewalls and intents.
    #[serde(flatten)]
    pub network: NetworkOptions,
}

/// `palisade {}`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct General {
    /// Folders of rules, and `builtin`.
    pub rulesets: Option<Vec<String>>,
    /// Findings at or above this severity fail the run.
    pub fail_on: Option<Severity>,
    /// Findings below this severity are not shown.
    pub severity: Option<Severity>,
    /// What to do with undetermined verdicts.
    pub undetermined: Option<Undetermined>,
    /// Only these rules.
    pub select: Vec<String>,
    /// Not these rules.
    pub ignore: Vec<String>,
    /// Directories not searched for root modules, as globs.
    pub exclude: Vec<String>,
    /// Honour other tools' ignore comments.
    pub peer_ignores: bool,
    /// File of accepted findings.
    pub known: Option<PathBuf>,
}

/// What to do with undetermined verdicts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Undetermined {
    /// Show them; they do not fail the run.
    #[default]
    Report,
    /// Show them; they fail the run as findings do.
    Fail,
    /// Leave them out.
    Hide,
}

/// `environment "name" {}`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct EnvironmentOptions {
    /// Workspaces that belong to it, as globs.
    pub workspaces: Vec<String>,
    /// Directories that belong to it, as globs from the configuration file's directory.
    pub paths: Vec<String>,
    /// Variables files for `-e`.
    pub var_files: Vec<PathBuf>,
    /// Workspace for `-e`.
    pub workspace: Option<String>,
    /// Tag values that mean it, by tag key.
    pub tags: BTreeMap<String, Vec<String>>,
    /// Accounts, subscriptions or projects that belong to it.
    pub accounts: Vec<String>,
    /// Module addresses that belong to it, as globs.
    pub modules: Vec<String>,
    /// Resource addresses that belong to it, as globs.
    pub addresses: Vec<String>,
    /// Further words for it in names.
    pub names: Vec<String>,
    /// Its address ranges.
    pub cidrs: Vec<String>,
}

/// `time {}`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TimeOptions {
    /// Agreed time sources.
    pub sources: Option<Vec<String>>,
    /// Whether the cloud's own time service is agreed.
    pub accept_cloud_default: Option<bool>,
    /// Time sources that images bring, by pattern.
    pub images: BTreeMap<String, Vec<String>>,
}

/// `rule "id" {}`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RuleOptions {
    /// `false` switches the rule off.
    pub enabled: Option<bool>,
    /// Instead of the rule's own.
    pub severity: Option<Severity>,
    /// Instead of the rule's own values.
    pub params: serde_json::Map<String, serde_json::Value>,
    /// Where the block stands.
    #[serde(skip)]
    pub span: Option<Span>,
}

/// `external "name" {}`: a control that exists outside this configuration.
#[derive(Clone, Debug, Deserialize)]
pub struct External {
    /// The rules it satisfies.
    pub provides: Vec<String>,
    /// How one can see that it does.
    pub evidence: String,
}

/// `waiver "name" {}`
#[derive(Clone, Debug, Deserialize)]
pub struct Waiver {
    /// Rule id or prefix.
    pub rule: String,
    /// Address, as a glob.
    pub address: Option<String>,
    /// File, as a glob.
    pub file: Option<String>,
    /// Only in this environment.
    pub environment: Option<String>,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Reference in the owner's tracker.
    pub ticket: Option<String>,
    /// Last day it holds, `YYYY-MM-DD`.
    pub expires: String,
    /// Where the block stands.
    #[serde(skip)]
    pub span: Option<Span>,
}

/// A configuration file that was read.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Its content.
    pub options: Options,
    /// Where it is.
    pub path: Option<PathBuf>,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a configuration file.
#[must_use]
pub fn load(system: &dyn System, map: &SourceMap, path: &Path) -> Loaded {
    let mut diagnostics = Vec::new();
    let options = read(system, map, path, &mut diagnostics).unwrap_or_default();
    Loaded { options, path: Some(path.to_path_buf()), diagnostics }
}

fn read(system: &dyn System, map: &SourceMap, path: &Path, diagnostics: &mut Vec<Diagnostic>) -> Option<Options> {
    let bytes = match system.read(path, MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = format!("The configuration cannot be read: {error}");
            diagnostics.push(Diagnostic::file_error(crate::source::display_path(path), message));
            return None;
        }
    };
    let is_json = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    let document = if is_json {
        Document::json(map, path, &bytes, diagnostics)?
    } else {
        Document::native(system, map, path, bytes.into(), diagnostics)
    };
    if let Some(schema) = schema() {
        diagnostics.extend(schema.iter_errors(&document.json).map(|error| problem::diagnostic(&document, &error)));
    }
    if !diagnostics.is_empty() {
        return None;
    }
    match serde_json::from_value::<Options>(document.json.clone()) {
        Ok(mut options) => {
            place(&mut options, &document);
            Some(options)
        }
        Err(error) => {
            let message = format!("The configuration does not make sense: {error}");
            diagnostics.push(Diagnostic::file_error(crate::source::display_path(path), message));
            None
        }
    }
}

/// Notes where waivers and rule blocks stand, for messages about them later.
fn place(options: &mut Options, document: &Document) {
    for (name, waiver) in &mut options.waiver {
        waiver.span = document.place(&format!("/waiver/{}", escape(name)));
    }
    for (id, rule) in &mut options.rule {
        rule.span = document.place(&format!("/rule/{}", escape(id)));
    }
}

fn schema() -> Option<&'static jsonschema::Validator> {
    static SCHEMA: OnceLock<Option<jsonschema::Validator>> = OnceLock::new();
    SCHEMA
        .get_or_init(|| {
            let schema: serde_json::Value = serde_json::from_str(super::SCHEMA).ok()?;
            jsonschema::validator_for(&schema).ok()
        })
        .as_ref()
}
