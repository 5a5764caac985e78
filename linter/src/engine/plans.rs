//! Plans and states as inputs.

use std::path::Path;

use super::Request;
use super::inputs::{Judged, judge_loaded};
use super::load::read_root;
use crate::diagnostic::Diagnostic;
use crate::source::{Clock, display_path};
use crate::syntax::Tree;
use crate::waivers::inline;

/// Largest plan or state, in bytes.
const MAX_BYTES: u64 = 1 << 30;

/// Judges a file, or standard input for `-`, by what it holds.
pub(super) fn judge(request: &Request<'_>, path: &Path, clock: Clock) -> Judged {
    let begun = clock.now();
    let mut judged = Judged::default();
    let bytes = match content(request, path) {
        Ok(bytes) => bytes,
        Err(message) => {
            judged.diagnostics.push(Diagnostic::file_error(display_path(path), message));
            return judged;
        }
    };
    let mut waivers = Vec::new();
    let mut said = Vec::new();
    let mut see = |tree: &Tree| waivers.extend(inline::read(tree, request.sources, request.peers, &mut said));
    let read = read_root(request.system, request.sources, path, &bytes, &mut see, &mut judged.diagnostics);
    judged.waivers = waivers;
    judged.diagnostics.extend(said);
    judged.files.insert(path.to_path_buf());
    judged.timings.read = clock.now().saturating_sub(begun);
    match read {
        Ok(root) => {
            for environment in request.environments {
                judge_loaded(request, environment, root.clone(), clock, &mut judged);
            }
        }
        Err(diagnostic) => {
            judged.diagnostics.push(*diagnostic);
            judged.unparsed.insert(path.to_path_buf());
        }
    }
    judged
}

fn content(request: &Request<'_>, path: &Path) -> Result<Vec<u8>, String> {
    if path == Path::new("-") {
        return request.standard_input.clone().ok_or_else(|| "nothing was given on standard input".to_owned());
    }
    request.system.read(path, MAX_BYTES).map_err(|error| error.to_string())
}
