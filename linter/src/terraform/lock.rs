//! `.terraform.lock.hcl`: which provider versions a root runs with.

use std::collections::BTreeMap;
use std::path::Path;

use crate::source::SourceMap;
use crate::syntax::{Block, ExprKind, parse_body};

/// The largest lock file that is read.
pub(in crate::terraform) const MAX_BYTES: u64 = 4 << 20;

/// The major version of each provider, by short source (`hashicorp/aws`; other registries keep their host).
/// What cannot be read is left out.
#[must_use]
pub fn majors(bytes: &[u8]) -> BTreeMap<String, u32> {
    if bytes.len() as u64 > MAX_BYTES {
        return BTreeMap::new();
    }
    // A map of its own: positions in lock files are shown to nobody.
    let file = SourceMap::default().add(Path::new(".terraform.lock.hcl"), bytes.into());
    let (tree, _) = parse_body(file, bytes.into());
    let blocks = tree.body().blocks_of("provider");
    let read = |block: Block<'_>| {
        let source = short_source(block.label(0)?.text).to_owned();
        let version = match block.body().attribute("version")?.expr().kind() {
            ExprKind::String(text) => text.split('.').next()?.parse().ok()?,
            _ => return None,
        };
        Some((source, version))
    };
    blocks.filter_map(read).collect()
}

/// `registry.terraform.io/hashicorp/aws` as `hashicorp/aws`; sources on other registries keep their host.
#[must_use]
pub fn short_source(source: &str) -> &str {
    source
        .strip_prefix("registry.terraform.io/")
        .or_else(|| source.strip_prefix("registry.opentofu.org/"))
        .unwrap_or(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn major_versions_are_read_by_short_source() {
        let text = r#"
            # This file is maintained automatically by "terraform init".
            provider "registry.terraform.io/hashicorp/aws" {
              version     = "3.39.0"
              constraints = "~> 3.0"
              hashes = ["h1:x="]
            }
            provider "registry.opentofu.org/hashicorp/google" { version = "7.9.0" }
            provider "example.com/acme/cloud" { version = "0.2.0" }
            provider "broken" { version = 3 }
            provider { version = "1.0.0" }
        "#;
        let expected = [("example.com/acme/cloud", 0), ("hashicorp/aws", 3), ("hashicorp/google", 7)];
        let found = majors(text.as_bytes());
        assert_eq!(found.iter().map(|(source, major)| (source.as_str(), *major)).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn broken_lock_files_give_what_they_can() {
        assert!(majors(b"").is_empty());
        assert!(majors(b"\xff\xfe{{{{").is_empty());
        assert_eq!(majors(b"provider \"a/b\" {\n version = \"2.0.0\"\n}\nprovider \"c").len(), 1);
    }
}
