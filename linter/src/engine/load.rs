//! One input to one root, without judging it: what `inspect` shows.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::source::{Boundary, EntryKind, SourceMap, System, display_path};
use crate::syntax::Tree;
use crate::terraform::plan::{self, PlanFile};
use crate::terraform::{self, Content, Directory, Loaded, Options, Root, load_directory};

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
        Ok(bytes) => read_root(system, sources, path, &bytes, &mut |_| (), &mut diagnostics),
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

/// The root in a plan or state, by what the bytes are. `see` is shown the files of the configuration it came from.
///
/// # Errors
/// When they are no plan and no state, or a broken one.
pub(super) fn read_root(
    system: &dyn System,
    sources: &SourceMap,
    path: &Path,
    bytes: &[u8],
    see: &mut dyn FnMut(&Tree),
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Root, Box<Diagnostic>> {
    let wrong = |message: &str| Box::new(Diagnostic::file_error(display_path(path), message));
    match terraform::sniff(bytes) {
        Content::BinaryPlan => {
            let plan = plan::read_binary(path, bytes, diagnostics).map_err(Box::new)?;
            Ok(joined(system, sources, path, plan, see))
        }
        Content::PlanJson => {
            let plan = plan::read_json(path, bytes, diagnostics).map_err(Box::new)?;
            Ok(joined(system, sources, path, plan, see))
        }
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

/// The plan over the configuration it was made from: the one inside it, else the one in its own directory.
///
/// Problems in that configuration are not the plan's: Terraform has read it, so they only make positions poorer.
fn joined(system: &dyn System, sources: &SourceMap, path: &Path, plan: PlanFile, see: &mut dyn FnMut(&Tree)) -> Root {
    let PlanFile { root, variables, sources: embedded, .. } = plan;
    let workspace = root.workspace.clone();
    if let Some(embedded) = &embedded {
        let boundary = Boundary::at(embedded, Path::new("/"));
        let directory = Directory::read(embedded, sources, &boundary, Path::new("."));
        directory.trees().for_each(see);
        return plan::overlay(directory.evaluate_with(&variables, workspace).root, root);
    }
    let Some(dir) = path.parent().filter(|_| path != Path::new("-")) else { return root };
    let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
    let boundary = Boundary::around(system, dir);
    let directory = Directory::read(system, sources, &boundary, dir);
    let configuration = directory.evaluate_with(&variables, workspace).root;
    if !matches(&configuration, &root) {
        return root;
    }
    directory.trees().for_each(see);
    plan::overlay(configuration, root)
}

/// Whether a configuration is the one a plan was made from: it has most of the plan's resources.
fn matches(configuration: &Root, plan: &Root) -> bool {
    let known: BTreeSet<&str> = configuration.instances.iter().map(|it| block_of(&it.address)).collect();
    let found = plan.instances.iter().filter(|it| known.contains(block_of(&it.address))).count();
    found * 2 > plan.instances.len()
}

/// An address without the last instance key.
fn block_of(address: &str) -> &str {
    if address.ends_with(']') { address.rsplit_once('[').map_or(address, |(block, _)| block) } else { address }
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
        others: crate::terraform::Others::None,
    }
}
