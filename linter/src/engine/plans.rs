//! Plans and states as inputs.

use std::path::Path;

use super::Request;
use super::inputs::{Judged, judge_loaded};
use super::load::read_root;
use crate::diagnostic::Diagnostic;
use crate::source::display_path;

/// Largest plan or state, in bytes.
const MAX_BYTES: u64 = 1 << 30;

/// Judges a file, or standard input for `-`, by what it holds.
pub(super) fn judge(request: &Request<'_>, path: &Path) -> Judged {
    let mut judged = Judged::default();
    let bytes = match content(request, path) {
        Ok(bytes) => bytes,
        Err(message) => {
            judged.diagnostics.push(Diagnostic::file_error(display_path(path), message));
            return judged;
        }
    };
    let roots = match read_root(request.system, request.sources, path, &bytes, &mut judged.diagnostics) {
        Ok(root) => vec![root],
        Err(diagnostic) => {
            judged.diagnostics.push(*diagnostic);
            judged.unparsed.insert(path.to_path_buf());
            Vec::new()
        }
    };
    judged.files.insert(path.to_path_buf());
    for root in roots {
        for environment in request.environments {
            judge_loaded(request, environment, root.clone(), &mut judged);
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
