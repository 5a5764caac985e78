//! One input to one root, without judging it: what `inspect` shows.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::source::{Boundary, EntryKind, SourceMap, System, display_path};
use crate::terraform::{self, Content, Loaded, Options, Root, load_directory, plan};

/// Largest plan or state, in bytes.
const MAX_BYTES: u64 = 1 << 30;

/// The root that a path means: a directory evaluated with these options, a plan or a state.
#[must_use]
pub fn load(system: &dyn System, sources: &SourceMap, path: &Path, options: &Options) -> Loaded {
    if system.kind(path) == Some(EntryKind::Directory) {
        let boundary = Boundary::around(system, path);
        return load_directory(system, sources, &boundary, path, options);
    }
    let mut diagnostics = Vec::new();
    let read = match system.read(path, MAX_BYTES) {
        Ok(bytes) => read_root(system, sources, path, &bytes, &mut diagnostics),
        Err(error) => Err(Box::new(Diagnostic::file_error(display_path(path), error.to_string()))),
    };
    match read {
        Ok(root) => Loaded { root, diagnostics, unparsed: Vec::new() },
        Err(diagnostic) => {
            diagnostics.push(*diagnostic);
            Loaded { root: empty_root(path), diagnostics, unparsed: vec![path.to_path_buf()] }
        }
    }
}

/// The root in a plan or state, by what the bytes are.
///
/// # Errors
/// When they are no plan and no state, or a broken one.
pub(super) fn read_root(
    system: &dyn System,
    sources: &SourceMap,
    path: &Path,
    bytes: &[u8],
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Root, Box<Diagnostic>> {
    let wrong = |message: &str| Box::new(Diagnostic::file_error(display_path(path), message));
    match terraform::sniff(bytes) {
        Content::BinaryPlan => {
            let _ = (system, sources);
            Err(wrong("binary plans come next"))
        }
        Content::PlanJson => Ok(plan::read_json(path, bytes, diagnostics).map_err(Box::new)?.root),
        Content::State => terraform::read_state(path, bytes, diagnostics).map_err(Box::new),
        Content::PlanLog => {
            Err(wrong("This is the log of a plan; give the plan file, or `terraform show -json` of it"))
        }
        Content::Configuration | Content::JsonConfiguration => {
            Err(wrong("Configuration alone is not read; give the directory it is in"))
        }
        Content::Variables => Err(wrong("Variables alone cannot be judged; give the directory and --var-file")),
        Content::Other => Err(wrong("This is no directory, plan or state that Palisade reads")),
    }
}

fn empty_root(path: &Path) -> Root {
    Root {
        path: PathBuf::from(path),
        instances: Vec::new(),
        removed: Vec::new(),
        workspace: None,
        backend: None,
        moves: Vec::new(),
        providers: Vec::new(),
        modules: Vec::new(),
        files: Vec::new(),
        has_source: false,
    }
}
