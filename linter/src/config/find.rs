//! Where the configuration file is.

use std::path::{Path, PathBuf};

use crate::source::{EntryKind, System};

/// Names of the configuration file, in order of preference.
pub const FILE_NAMES: [&str; 2] = ["palisade.hcl", "palisade.hcl.json"];

/// The configuration file nearest to `start`: in it or in a parent, up to the repository's root.
#[must_use]
pub fn find(system: &dyn System, start: &Path) -> Option<PathBuf> {
    let start = system.canonicalize(start).ok()?;
    let first = if system.kind(&start) == Some(EntryKind::File) { start.parent()? } else { &start };
    for dir in first.ancestors() {
        let found = FILE_NAMES.iter().map(|name| dir.join(name)).find(|p| system.kind(p) == Some(EntryKind::File));
        if found.is_some() {
            return found;
        }
        if system.kind(&dir.join(".git")).is_some() {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Memory;

    #[test]
    fn the_search_walks_up_and_stops_at_the_repository() {
        let mut memory = Memory::new();
        memory.add("/palisade.hcl", "").add("/repo/.git/HEAD", "").add("/repo/envs/prod/main.tf", "");
        assert_eq!(find(&memory, Path::new("/repo/envs/prod")), None);
        memory.add("/repo/palisade.hcl", "");
        assert_eq!(find(&memory, Path::new("/repo/envs/prod")), Some(PathBuf::from("/repo/palisade.hcl")));
        assert_eq!(find(&memory, Path::new("/repo/envs/prod/main.tf")), Some(PathBuf::from("/repo/palisade.hcl")));
    }
}
