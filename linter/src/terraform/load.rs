//! Reading a root module and every module it calls: syntax only, nothing is evaluated.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::files::{ConfigFile, config_files};
use super::module::literal;
use crate::diagnostic::Diagnostic;
use crate::source::{Boundary, Escape, SourceMap, Span, System};
use crate::syntax::{self, Tree};

/// Deepest chain of module calls.
const MAX_MODULE_DEPTH: usize = 32;
/// Most module calls of one root, counting each path to a module.
const MAX_MODULE_CALLS: usize = 10_000;
/// Largest configuration file, in bytes.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// A directory that was read.
#[derive(Debug)]
pub(super) struct Directory {
    /// As shown to the user.
    pub(super) path: PathBuf,
    /// Its files: the tree, and whether it is an override file.
    pub(super) files: Vec<(Tree, bool)>,
}

/// A place in the tree of module calls.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// Index of its directory.
    pub(super) directory: usize,
    /// What each call leads to.
    pub(super) children: BTreeMap<String, Child>,
}

/// Where a module call leads.
#[derive(Debug)]
pub(super) enum Child {
    /// Index of its node.
    Loaded(usize),
    /// The module is not here; why.
    Missing(String),
}

/// A root module with all it calls, as read.
#[derive(Debug, Default)]
pub(super) struct Sources {
    pub(super) directories: Vec<Directory>,
    /// The first is the root.
    pub(super) nodes: Vec<Node>,
    /// Files read, as shown to the user.
    pub(super) files: Vec<PathBuf>,
    /// Files with an error.
    pub(super) unparsed: Vec<PathBuf>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Reads the root module in `dir` and the modules it calls.
pub(super) fn load(system: &dyn System, map: &SourceMap, boundary: &Boundary, dir: &Path, data_dir: &Path) -> Sources {
    let mut loader = Loader {
        system,
        map,
        boundary,
        installed: installed_modules(system, dir, data_dir),
        by_path: FxHashMap::default(),
        said: FxHashSet::default(),
        sources: Sources::default(),
    };
    match loader.directory(dir) {
        Ok(directory) => drop(loader.node(directory, &mut vec![directory], "")),
        Err(reason) => {
            let shown = crate::source::display_path(dir);
            loader.sources.diagnostics.push(Diagnostic::file_error(shown, reason));
        }
    }
    loader.sources
}

struct Loader<'s> {
    system: &'s dyn System,
    map: &'s SourceMap,
    boundary: &'s Boundary,
    /// Directory by call path (`a.b`), from `modules.json`.
    installed: BTreeMap<String, PathBuf>,
    by_path: FxHashMap<PathBuf, usize>,
    /// Calls that a problem was said of: a module may be reached in many ways.
    said: FxHashSet<Span>,
    sources: Sources,
}

impl Loader<'_> {
    /// The index of a directory, read the first time it is asked for.
    fn directory(&mut self, dir: &Path) -> Result<usize, String> {
        let real = self.boundary.resolve(self.system, dir).map_err(|escape| refusal(&escape))?;
        if let Some(&known) = self.by_path.get(&real) {
            return Ok(known);
        }
        let files = config_files(self.system, &real).map_err(|error| error.to_string())?;
        let read: Vec<_> = if files.len() > 8 {
            files.par_iter().map(|file| self.read(dir, file)).collect()
        } else {
            files.iter().map(|file| self.read(dir, file)).collect()
        };
        let mut trees = Vec::with_capacity(read.len());
        for (file, result) in files.iter().zip(read) {
            let path = clean(&dir.join(&file.name));
            match result {
                Ok((tree, diagnostics)) => {
                    if diagnostics.iter().any(|diagnostic| diagnostic.level == crate::diagnostic::Level::Error) {
                        self.sources.unparsed.push(path.clone());
                    }
                    self.sources.diagnostics.extend(diagnostics);
                    trees.push((tree, file.is_override));
                }
                Err(diagnostic) => {
                    self.sources.unparsed.push(path.clone());
                    self.sources.diagnostics.push(diagnostic);
                }
            }
            self.sources.files.push(path);
        }
        let idx = self.sources.directories.len();
        self.sources.directories.push(Directory { path: clean(dir), files: trees });
        self.by_path.insert(real, idx);
        Ok(idx)
    }

    fn read(&self, dir: &Path, file: &ConfigFile) -> Result<(Tree, Vec<Diagnostic>), Diagnostic> {
        let path = clean(&dir.join(&file.name));
        let bytes: Arc<[u8]> = self
            .boundary
            .read(self.system, &path, MAX_FILE_BYTES)
            .map_err(|escape| Diagnostic::file_error(crate::source::display_path(&path), refusal(&escape)))?
            .into();
        let id = self.map.add(&path, bytes.clone());
        Ok(syntax::parse_file(&path, id, bytes))
    }

    /// Adds a node for a call that leads to `directory`; `ancestors` are the directories on the way.
    fn node(&mut self, directory: usize, ancestors: &mut Vec<usize>, call_path: &str) -> usize {
        let idx = self.sources.nodes.len();
        self.sources.nodes.push(Node { directory, children: BTreeMap::new() });
        let calls = self.calls(directory);
        for (name, (source, span)) in calls {
            let child_path = if call_path.is_empty() { name.clone() } else { format!("{call_path}.{name}") };
            let child = match self.child(directory, source.as_deref(), ancestors, &child_path) {
                Ok(target) => {
                    ancestors.push(target);
                    let node = self.node(target, ancestors, &child_path);
                    ancestors.pop();
                    Child::Loaded(node)
                }
                Err(Refusal::Absent(reason)) => Child::Missing(reason),
                Err(Refusal::Endless(reason)) => {
                    if self.said.insert(span) {
                        let message = format!("Module {name:?} is not read: {reason}");
                        self.sources.diagnostics.push(Diagnostic::error(span, message).with_help(ENDLESS_HELP));
                    }
                    Child::Missing(reason)
                }
            };
            if let Some(node) = self.sources.nodes.get_mut(idx) {
                node.children.insert(name, child);
            }
        }
        idx
    }

    /// Name, source and place of each module call of a directory.
    fn calls(&self, directory: usize) -> BTreeMap<String, (Option<String>, Span)> {
        let mut calls: BTreeMap<String, (Option<String>, Span)> = BTreeMap::new();
        let files = self.sources.directories.get(directory).map(|directory| directory.files.as_slice());
        for (tree, _) in files.unwrap_or_default() {
            for block in tree.body().blocks_of("module") {
                let Some(label) = block.label(0) else { continue };
                let source = block.body().attribute("source").and_then(|source| literal(source.expr()));
                let entry = calls.entry(label.text.to_owned()).or_insert_with(|| (None, block.header_span()));
                if source.is_some() {
                    entry.0 = source.map(str::to_owned);
                }
            }
        }
        calls
    }

    fn child(
        &mut self,
        caller: usize,
        source: Option<&str>,
        ancestors: &[usize],
        call_path: &str,
    ) -> Result<usize, Refusal> {
        let endless = |reason: String| Err(Refusal::Endless(reason));
        if ancestors.len() >= MAX_MODULE_DEPTH {
            return endless(format!("module calls are nested more than {MAX_MODULE_DEPTH} deep"));
        }
        if self.sources.nodes.len() >= MAX_MODULE_CALLS {
            return endless(format!("there are more than {MAX_MODULE_CALLS} module calls"));
        }
        let caller_path = self.sources.directories.get(caller).map(|dir| dir.path.clone()).unwrap_or_default();
        let dir = match source {
            Some(local) if local.starts_with("./") || local.starts_with("../") => clean(&caller_path.join(local)),
            _ => match self.installed.get(call_path) {
                Some(dir) => dir.clone(),
                None => return Err(Refusal::Absent(not_installed(source))),
            },
        };
        let target = self.directory(&dir);
        let target = target.map_err(|reason| Refusal::Absent(format!("source {}: {reason}", dir.display())))?;
        if ancestors.contains(&target) {
            return endless("it calls itself, directly or through others".to_owned());
        }
        Ok(target)
    }
}

/// Why a call leads nowhere.
enum Refusal {
    /// The module is not here.
    Absent(String),
    /// Following it would not end, or not soon.
    Endless(String),
}

const ENDLESS_HELP: &str = "Take the call out, or call fewer modules; what it would make is not judged.";

fn not_installed(source: Option<&str>) -> String {
    match source {
        Some(source) => format!("source {source:?} is not installed; run `terraform init` to have it judged"),
        None => "its source is not a literal string".to_owned(),
    }
}

fn refusal(escape: &Escape) -> String {
    match escape {
        Escape::Outside { .. } => "it is outside the repository, and configuration may not read there".to_owned(),
        Escape::Unreadable(error) => error.to_string(),
    }
}

/// Directory of each installed module by call path, from the manifest that `terraform init` writes.
fn installed_modules(system: &dyn System, dir: &Path, data_dir: &Path) -> BTreeMap<String, PathBuf> {
    #[derive(serde::Deserialize)]
    struct Manifest {
        #[serde(rename = "Modules", default)]
        modules: Vec<Entry>,
    }
    #[derive(serde::Deserialize)]
    struct Entry {
        #[serde(rename = "Key")]
        key: String,
        #[serde(rename = "Dir")]
        dir: PathBuf,
    }
    let manifest = dir.join(data_dir).join("modules/modules.json");
    let Ok(bytes) = system.read(&manifest, MAX_FILE_BYTES) else { return BTreeMap::new() };
    let Ok(manifest) = serde_json::from_slice::<Manifest>(&bytes) else { return BTreeMap::new() };
    manifest
        .modules
        .into_iter()
        .filter(|entry| !entry.key.is_empty())
        .map(|entry| (entry.key, clean(&dir.join(entry.dir))))
        .collect()
}

/// The path without `.` parts and with `name/..` pairs taken out, so that messages show short paths.
pub(super) fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(clean.components().next_back(), Some(Component::Normal(_))) => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    if clean.as_os_str().is_empty() { PathBuf::from(".") } else { clean }
}
