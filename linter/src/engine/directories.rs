//! From the paths a user names to the root modules they mean.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::Request;
use crate::graph::glob_matches;
use crate::source::{Boundary, EntryKind, display_path};
use crate::terraform::{Discovered, discover};

/// Root modules for a directory: those in and below it.
pub(super) fn roots_below(request: &Request<'_>, dir: &Path) -> Discovered {
    discover(request.system, dir, &|inner| is_excluded(request, inner))
}

/// Root modules that a changed file belongs to: those whose module tree holds its directory.
///
/// A file beside no configuration (a template, a variables file in a folder of its own) counts for the nearest
/// directory above it that has some.
pub(super) fn roots_of_file(request: &Request<'_>, file: &Path) -> BTreeSet<PathBuf> {
    let boundary = Boundary::around(request.system, file.parent().unwrap_or(file));
    let start = relative_root(request, boundary.root());
    let found = discover(request.system, &start, &|inner| is_excluded(request, inner));
    let known: BTreeSet<&PathBuf> = found.roots.iter().chain(found.callers.keys()).collect();
    let real = |path: &Path| request.system.canonicalize(path).ok();
    let nearest = file.ancestors().skip(1).find_map(|above| {
        let above = real(if above.as_os_str().is_empty() { Path::new(".") } else { above })?;
        known.iter().find(|dir| real(dir) == Some(above.clone())).map(|dir| (*dir).clone())
    });
    let mut pending: Vec<PathBuf> = nearest.into_iter().collect();
    let mut seen: BTreeSet<PathBuf> = BTreeSet::new();
    while let Some(dir) = pending.pop() {
        if seen.insert(dir.clone()) {
            pending.extend(found.callers.get(&dir).into_iter().flatten().cloned());
        }
    }
    found.roots.into_iter().filter(|root| seen.contains(root)).collect()
}

/// The boundary's root as a short path when it is the current directory, so that messages show relative paths.
fn relative_root(request: &Request<'_>, root: &Path) -> PathBuf {
    let current = request.system.current_dir();
    let current = request.system.canonicalize(&current).unwrap_or(current);
    if current == root { PathBuf::from(".") } else { root.to_path_buf() }
}

fn is_excluded(request: &Request<'_>, dir: &Path) -> bool {
    let shown = display_path(dir);
    request.exclude.iter().any(|pattern| glob_matches(pattern, &shown))
}

/// Whether a path is a configuration or variables file by its name: such a file stands for the roots it belongs to.
pub(super) fn is_trigger(request: &Request<'_>, path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let endings =
        [".tf", ".tf.json", ".tofu", ".tofu.json", ".tfvars", ".tfvars.json", ".tftpl", ".hcl", ".yaml", ".yml"];
    request.system.kind(path) == Some(EntryKind::File) && endings.iter().any(|ending| name.ends_with(ending))
}
