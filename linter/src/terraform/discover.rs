//! Finding the root modules below a directory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files::config_files;
use super::load::clean;
use super::module::literal;
use crate::source::{EntryKind, SourceMap, System};
use crate::syntax;

/// Deepest directory below the start.
const MAX_DEPTH: usize = 40;
/// Most directories looked into.
const MAX_DIRECTORIES: usize = 200_000;
/// Largest file looked into, in bytes.
const MAX_FILE_BYTES: u64 = 64 << 20;
/// Directories that hold other people's or generated files.
const SKIPPED: [&str; 3] = [".terraform", ".git", "node_modules"];

/// The module directories below a start, and which of them are roots.
#[derive(Debug, Default)]
pub struct Discovered {
    /// Root modules: directories with configuration that no other directory found here calls.
    pub roots: Vec<PathBuf>,
    /// Directories that are called, and by which.
    pub callers: BTreeMap<PathBuf, BTreeSet<PathBuf>>,
    /// What was left out because of a bound, in words.
    pub left_out: Vec<String>,
}

/// Searches `start` and the directories below it. `excluded` says which directories to leave out.
pub fn discover(system: &dyn System, start: &Path, excluded: &dyn Fn(&Path) -> bool) -> Discovered {
    let mut walk = Walk { system, excluded, modules: Vec::new(), seen: BTreeSet::new(), left_out: Vec::new() };
    walk.visit(&clean(start), 0);
    let Walk { modules, left_out, .. } = walk;
    let mut callers: BTreeMap<PathBuf, BTreeSet<PathBuf>> = BTreeMap::new();
    let mut own_backend: BTreeSet<PathBuf> = BTreeSet::new();
    for dir in &modules {
        let text = Text::of(system, dir);
        for target in text.calls {
            callers.entry(clean(&dir.join(target))).or_default().insert(dir.clone());
        }
        if text.has_backend {
            own_backend.insert(dir.clone());
        }
    }
    let is_root = |dir: &PathBuf| own_backend.contains(dir) || !callers.contains_key(dir);
    let mut roots: Vec<PathBuf> = modules.iter().filter(|dir| is_root(dir)).cloned().collect();
    // Modules that only call each other in a circle have no root; the first stands for them.
    if roots.is_empty() {
        roots.extend(modules.first().cloned());
    }
    Discovered { roots, callers, left_out }
}

struct Walk<'w> {
    system: &'w dyn System,
    excluded: &'w dyn Fn(&Path) -> bool,
    modules: Vec<PathBuf>,
    /// Real paths, so that links in a circle end.
    seen: BTreeSet<PathBuf>,
    left_out: Vec<String>,
}

impl Walk<'_> {
    fn visit(&mut self, dir: &Path, depth: usize) {
        if depth > MAX_DEPTH || self.seen.len() >= MAX_DIRECTORIES {
            self.left_out.push(format!("{}: too deep or too many directories", dir.display()));
            return;
        }
        let Ok(real) = self.system.canonicalize(dir) else { return };
        if !self.seen.insert(real) {
            return;
        }
        if config_files(self.system, dir).is_ok_and(|files| !files.is_empty()) {
            self.modules.push(dir.to_path_buf());
        }
        let Ok(entries) = self.system.read_dir(dir) else { return };
        for entry in entries.iter().filter(|entry| entry.kind == EntryKind::Directory) {
            let inner = clean(&dir.join(&entry.name));
            if !SKIPPED.contains(&entry.name.as_str()) && !(self.excluded)(&inner) {
                self.visit(&inner, depth + 1);
            }
        }
    }
}

/// What discovery needs of a directory's files.
#[derive(Default)]
struct Text {
    calls: Vec<String>,
    has_backend: bool,
}

impl Text {
    fn of(system: &dyn System, dir: &Path) -> Self {
        let mut text = Self::default();
        for file in config_files(system, dir).unwrap_or_default() {
            let Ok(bytes) = system.read(&dir.join(&file.name), MAX_FILE_BYTES) else { continue };
            // Most files have neither; looking for the words is much faster than parsing.
            let has = |word: &[u8]| memchr::memmem::find(&bytes, word).is_some();
            if has(b"module") || has(b"backend") || has(b"cloud") {
                text.take(&file.name, bytes.into());
            }
        }
        text
    }

    fn take(&mut self, name: &str, bytes: Arc<[u8]>) {
        let map = SourceMap::default();
        let id = map.add(Path::new(name), bytes.clone());
        let (tree, _) = syntax::parse_file(Path::new(name), id, bytes);
        for block in tree.body().blocks() {
            match block.kind() {
                "module" => {
                    let source = block.body().attribute("source").and_then(|source| literal(source.expr()));
                    let local = source.filter(|source| source.starts_with("./") || source.starts_with("../"));
                    self.calls.extend(local.map(str::to_owned));
                }
                "terraform" => {
                    let mut settings = block.body().blocks();
                    self.has_backend |= settings.any(|settings| matches!(settings.kind(), "backend" | "cloud"));
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Memory;

    #[test]
    fn called_directories_are_no_roots_unless_they_keep_a_state() {
        let mut memory = Memory::new();
        memory
            .add("/r/envs/prod/main.tf", "module \"n\" { source = \"../../modules/net\" }")
            .add("/r/modules/net/main.tf", "variable \"x\" {}")
            .add("/r/modules/alone/main.tf", "variable \"x\" {}")
            .add("/r/shared/main.tf", "terraform {\n backend \"s3\" {}\n}")
            .add("/r/uses/main.tf", "module \"s\" { source = \"../shared\" }")
            .add("/r/.terraform/modules/x/main.tf", "variable \"x\" {}")
            .add("/r/old/main.tf", "variable \"x\" {}");
        let found = discover(&memory, Path::new("/r"), &|dir| dir.ends_with("old"));
        let roots: Vec<_> = found.roots.iter().map(|root| root.to_string_lossy().into_owned()).collect();
        assert_eq!(roots, ["/r/envs/prod", "/r/modules/alone", "/r/shared", "/r/uses"]);
    }

    #[test]
    fn modules_that_call_each_other_in_a_circle_are_still_judged() {
        let mut memory = Memory::new();
        memory
            .add("/r/a/main.tf", "module \"b\" { source = \"../b\" }")
            .add("/r/b/main.tf", "module \"a\" { source = \"../a\" }");
        let found = discover(&memory, Path::new("/r"), &|_| false);
        assert_eq!(found.roots, [PathBuf::from("/r/a")]);
    }
}
