//! The configuration inside a binary plan, as a machine that holds nothing else.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use crate::source::{Entry, EntryKind, Memory, ReadError, System};

/// Parent directories above the root module that are told apart at most.
const MAX_PARENTS: usize = 32;

/// A module inside a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EmbeddedModule {
    /// `net.inner`; empty for the root.
    pub(super) key: String,
    /// From the root module's directory, such as `modules/net` or `../shared`.
    pub(super) dir: PathBuf,
}

/// Configuration inside a binary plan. As a [`System`] its current directory is the root module's, so that paths are
/// shown as Terraform showed them. It holds the configuration files alone: no files that functions would read.
#[derive(Clone, Debug, Default)]
pub struct EmbeddedConfig {
    files: Memory,
    current: PathBuf,
    modules: BTreeMap<String, PathBuf>,
}

impl EmbeddedConfig {
    pub(super) fn new(modules: impl IntoIterator<Item = EmbeddedModule>) -> Self {
        let modules: BTreeMap<String, PathBuf> = modules.into_iter().map(|module| (module.key, module.dir)).collect();
        let parents = |dir: &PathBuf| dir.components().take_while(|part| *part == Component::ParentDir).count();
        let above = modules.values().map(parents).max().unwrap_or(0).min(MAX_PARENTS);
        let mut current = PathBuf::from("/");
        current.extend(std::iter::repeat_n("_", above));
        current.push("root");
        let mut config = Self { files: Memory::new(), current, modules };
        let manifest = config.manifest();
        config.files.add(config.current.join(".terraform/modules/modules.json"), manifest);
        config
    }

    /// Adds a file of a module; files of modules that are not listed are left out.
    pub(super) fn add(&mut self, key: &str, file: &str, content: Vec<u8>) {
        let root = PathBuf::new();
        let dir = if key.is_empty() { Some(self.modules.get(key).unwrap_or(&root)) } else { self.modules.get(key) };
        if let Some(dir) = dir {
            let path = self.current.join(dir).join(file);
            self.files.add(path, content);
        }
    }

    /// The list of modules as `terraform init` writes it.
    fn manifest(&self) -> Vec<u8> {
        let entry = |(key, dir): (&String, &PathBuf)| serde_json::json!({"Key": key, "Source": "", "Dir": if dir.as_os_str().is_empty() { Path::new(".") } else { dir }});
        let modules: Vec<_> = self.modules.iter().map(entry).collect();
        serde_json::json!({"Modules": modules}).to_string().into_bytes()
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        if path.has_root() { path.to_path_buf() } else { self.current.join(path) }
    }
}

impl System for EmbeddedConfig {
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
        self.files.read(&self.absolute(path), limit)
    }

    fn read_dir(&self, path: &Path) -> Result<Vec<Entry>, ReadError> {
        self.files.read_dir(&self.absolute(path))
    }

    fn kind(&self, path: &Path) -> Option<EntryKind> {
        self.files.kind(&self.absolute(path))
    }

    fn canonicalize(&self, path: &Path) -> Result<PathBuf, ReadError> {
        self.files.canonicalize(&self.absolute(path))
    }

    fn env_var(&self, _name: &str) -> Option<String> {
        None
    }

    fn env_vars(&self, _prefix: &str) -> Vec<(String, String)> {
        Vec::new()
    }

    fn current_dir(&self) -> PathBuf {
        self.current.clone()
    }
}
