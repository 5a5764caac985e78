//! Which files of a directory belong to a module, and in which order.

use std::collections::BTreeSet;
use std::path::Path;

use crate::source::{Entry, EntryKind, ReadError, System};

/// A configuration file of a module directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ConfigFile {
    /// File name without directory.
    pub(super) name: String,
    /// JSON syntax rather than native.
    pub(super) json: bool,
    /// Merged over the others, attribute by attribute.
    pub(super) is_override: bool,
}

/// The configuration files of a directory: ordinary ones by name, then override files by name.
///
/// A `.tofu` file stands in for the `.tf` file of the same name, as in OpenTofu.
///
/// # Errors
/// When the directory cannot be listed.
pub(super) fn config_files(system: &dyn System, dir: &Path) -> Result<Vec<ConfigFile>, ReadError> {
    let entries = system.read_dir(dir)?;
    let shadowed: BTreeSet<String> =
        entries.iter().filter_map(|entry| stem(&entry.name, &[".tofu", ".tofu.json"])).map(str::to_owned).collect();
    let mut files: Vec<ConfigFile> = entries.iter().filter_map(|entry| config_file(entry, &shadowed)).collect();
    files.sort_by(|a, b| (a.is_override, &a.name).cmp(&(b.is_override, &b.name)));
    Ok(files)
}

/// The variable files that Terraform reads by itself, in order of increasing precedence.
pub(super) fn automatic_variable_files(entries: &[Entry]) -> Vec<&str> {
    let names: Vec<&str> =
        entries.iter().filter(|entry| entry.kind == EntryKind::File).map(|entry| entry.name.as_str()).collect();
    let mut automatic: Vec<&str> =
        names.iter().copied().filter(|name| stem(name, &[".auto.tfvars", ".auto.tfvars.json"]).is_some()).collect();
    automatic.sort_unstable();
    let fixed = ["terraform.tfvars", "terraform.tfvars.json"];
    fixed.into_iter().filter(|name| names.contains(name)).chain(automatic).collect()
}

fn config_file(entry: &Entry, shadowed: &BTreeSet<String>) -> Option<ConfigFile> {
    let name = entry.name.as_str();
    // Editors leave such files beside the real ones; Terraform skips them too.
    if entry.kind != EntryKind::File || name.starts_with('.') || name.starts_with('#') || name.ends_with('~') {
        return None;
    }
    let (stem, is_tofu) = match stem(name, &[".tofu", ".tofu.json"]) {
        Some(stem) => (stem, true),
        None => (stem(name, &[".tf", ".tf.json"])?, false),
    };
    if !is_tofu && shadowed.contains(stem) {
        return None;
    }
    Some(ConfigFile {
        name: name.to_owned(),
        json: name.ends_with(".json"),
        is_override: stem == "override" || stem.ends_with("_override"),
    })
}

fn stem<'n>(name: &'n str, endings: &[&str]) -> Option<&'n str> {
    endings.iter().find_map(|ending| name.strip_suffix(ending)).filter(|stem| !stem.is_empty())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::source::Memory;

    #[test]
    fn overrides_come_last_and_tofu_files_shadow() {
        let mut memory = Memory::new();
        for name in ["b.tf", "a.tf", "override.tf", "x_override.tf.json", "b.tofu", ".hidden.tf", "c.tf~", "note.md"] {
            memory.add(format!("/m/{name}"), "");
        }
        let names: Vec<String> =
            config_files(&memory, Path::new("/m")).unwrap().into_iter().map(|file| file.name).collect();
        assert_eq!(names, ["a.tf", "b.tofu", "override.tf", "x_override.tf.json"]);
    }

    #[test]
    fn variable_files_come_in_order_of_precedence() {
        let mut memory = Memory::new();
        for name in ["z.auto.tfvars", "a.auto.tfvars.json", "terraform.tfvars.json", "terraform.tfvars", "prod.tfvars"]
        {
            memory.add(format!("/m/{name}"), "");
        }
        let entries = memory.read_dir(Path::new("/m")).unwrap();
        assert_eq!(
            automatic_variable_files(&entries),
            ["terraform.tfvars", "terraform.tfvars.json", "a.auto.tfvars.json", "z.auto.tfvars"]
        );
    }
}
