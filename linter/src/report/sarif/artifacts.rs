//! Files as SARIF names them: percent-encoded, relative to the checkout where possible.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::shape::{Artifact, ArtifactLocation, PhysicalLocation, Region};
use crate::source::Location;

/// What relative paths start from: the root of the checkout, which only the reader knows.
pub(super) const BASE: &str = "%SRCROOT%";

/// The files of a log, numbered in order of path.
pub(super) struct Artifacts(BTreeMap<String, usize>);

impl Artifacts {
    /// Numbers these paths.
    pub(super) fn of<'a>(paths: impl Iterator<Item = &'a str>) -> Self {
        let mut files: BTreeMap<String, usize> = paths.map(|path| (path.to_owned(), 0)).collect();
        for (index, slot) in files.values_mut().enumerate() {
            *slot = index;
        }
        Self(files)
    }

    /// The list for the log.
    pub(super) fn list(&self) -> Vec<Artifact> {
        self.0.keys().map(|path| Artifact { location: self.location(path) }).collect()
    }

    /// The file, and the place in it.
    pub(super) fn place(&self, at: &Location) -> PhysicalLocation {
        let region = Region {
            start_line: at.start.line.max(1),
            start_column: at.start.column.max(1),
            end_line: at.end.line.max(at.start.line).max(1),
            end_column: at.end.column.max(1),
        };
        PhysicalLocation { artifact_location: self.location(&at.file), region: Some(region) }
    }

    /// What stands for a finding that is about a whole root: code scanning wants a line.
    pub(super) fn root(&self, path: &str) -> PhysicalLocation {
        let region = Region { start_line: 1, start_column: 1, end_line: 1, end_column: 1 };
        PhysicalLocation { artifact_location: self.location(path), region: Some(region) }
    }

    /// The file as a whole.
    pub(super) fn file(&self, path: &str) -> PhysicalLocation {
        PhysicalLocation { artifact_location: self.location(path), region: None }
    }

    fn location(&self, path: &str) -> ArtifactLocation {
        let uri = uri(path);
        let absolute = uri.starts_with("file:");
        let index = self.0.get(path).copied().unwrap_or_default();
        ArtifactLocation { uri, uri_base_id: (!absolute).then_some(BASE), index }
    }
}

/// The path as a URI reference.
pub(super) fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").filter(|rest| !rest.is_empty()).unwrap_or(path);
    let path = if path.is_empty() { "." } else { path };
    let is_drive = path.as_bytes().get(1) == Some(&b':') && path.starts_with(|ch: char| ch.is_ascii_alphabetic());
    let mut uri = String::with_capacity(path.len() + 8);
    if path.starts_with('/') {
        uri.push_str("file://");
    } else if is_drive {
        uri.push_str("file:///");
    }
    for (at, byte) in path.bytes().enumerate() {
        let stays = byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) || (is_drive && at == 1);
        if stays {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uri_references() {
        for (path, expected) in [
            ("edge/main.tf", "edge/main.tf"),
            ("./a b/ü#1.tf", "a%20b/%C3%BC%231.tf"),
            ("../up:x.tf", "../up%3Ax.tf"),
            ("/srv/a.tf", "file:///srv/a.tf"),
            ("C:/x/a.tf", "file:///C:/x/a.tf"),
            ("100%.tf", "100%25.tf"),
        ] {
            assert_eq!(uri(path), expected);
        }
    }
}
