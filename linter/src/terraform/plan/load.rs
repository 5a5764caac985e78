//! A plan file of either form to a root, ready to be judged.

use std::path::Path;

use super::file::{PlanFile, read_binary};
use super::json::read_json;
use super::merge::overlay;
use crate::diagnostic::{Diagnostic, Level};
use crate::source::SourceMap;
use crate::terraform::{Content, Loaded, sniff};

/// The largest plan or state that is read, in bytes.
pub const MAX_PLAN_BYTES: u64 = 512 << 20;

/// Reads a plan, binary or JSON. A binary plan brings its configuration along, so its values have positions; for plan
/// JSON lay the result over the evaluated directory with [`overlay`].
///
/// # Errors
/// When the bytes are no plan of a known version. What is wrong with parts is in the result's diagnostics.
pub fn load_plan(path: &Path, bytes: &[u8], map: &SourceMap) -> Result<Loaded, Diagnostic> {
    let mut diagnostics = Vec::new();
    let plan = match sniff(bytes) {
        Content::BinaryPlan => read_binary(path, bytes, &mut diagnostics)?,
        _ => read_json(path, bytes, &mut diagnostics)?,
    };
    let PlanFile { root, sources, variables, .. } = plan;
    let Some(sources) = sources else { return Ok(Loaded { root, diagnostics, unparsed: Vec::new() }) };
    let evaluated = sources.evaluate(map, &variables, root.workspace.clone());
    // Terraform has accepted this configuration. What fails here are functions that read files, which are not in the
    // plan; their results are. Files that do not parse cost positions only.
    for path in &evaluated.unparsed {
        let message = "The configuration in the plan does not parse here: findings in it have no position";
        let warning = Diagnostic::file_error(path.display().to_string(), message);
        diagnostics.push(Diagnostic { level: Level::Warning, ..warning });
    }
    Ok(Loaded { root: overlay(evaluated.root, root), diagnostics, unparsed: Vec::new() })
}
