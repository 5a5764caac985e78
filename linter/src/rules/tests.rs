//! Rules on small configurations: what is found, where, in which words.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod documents;
mod environments;
mod files;
mod logs;
mod network;
mod places;
mod relations;
mod time;
mod verdicts;

use std::path::Path;

use super::{Judged, RuleFile, RuleSet, Settings, Surroundings, judge};
use crate::graph::Graph;
use crate::source::{Boundary, Memory, SourceMap};
use crate::terraform::{Options, load_directory};

/// A judged configuration.
pub(super) struct Run {
    pub(super) judged: Judged,
}

impl Run {
    /// `verdict line address: message` for each finding.
    pub(super) fn lines(&self) -> Vec<String> {
        let line = |it: &crate::diagnostic::Finding| {
            let line = it.location.as_ref().map_or(0, |place| place.start.line);
            format!("{} {} {}: {}", it.verdict.as_str(), line, it.address, it.message)
        };
        self.judged.findings.iter().map(line).collect()
    }

    /// `verdict line` for each finding.
    pub(super) fn verdicts(&self) -> Vec<String> {
        let lines = self.lines();
        lines.iter().map(|line| line.splitn(3, ' ').take(2).collect::<Vec<_>>().join(" ")).collect()
    }
}

/// Loads rules, which must be sound; each is its path and its text.
pub(super) fn rules(files: &[(&str, &str)], sources: &SourceMap) -> RuleSet {
    let (set, problems) = load(files, sources);
    assert!(problems.is_empty(), "{problems:#?}");
    set
}

pub(super) fn load(files: &[(&str, &str)], sources: &SourceMap) -> (RuleSet, Vec<crate::diagnostic::Diagnostic>) {
    let file = |(path, text): &(&str, &str)| RuleFile {
        path: (*path).to_owned(),
        shown: Path::new("rules").join(path),
        bytes: text.as_bytes().into(),
    };
    RuleSet::from_files(files.iter().map(file).collect(), sources)
}

/// Judges `main.tf` (or several files) by rules, with these settings.
pub(super) fn run_with(rule_files: &[(&str, &str)], files: &[(&str, &str)], settings: &Settings) -> Run {
    let (sources, mut system) = (SourceMap::default(), Memory::new());
    let set = rules(rule_files, &sources);
    for (path, text) in files {
        system.add(Path::new("/w").join(path), text.as_bytes());
    }
    let boundary = Boundary::at(&system, Path::new("/"));
    let loaded = load_directory(&system, &sources, &boundary, Path::new("/w"), &Options::default());
    let graph = Graph::new(&loaded.root, settings.environments.clone());
    Run { judged: judge(&set, &graph, settings, Surroundings::new(&sources)) }
}

/// Judges a configuration by one check: what stands in the `check` block of the type.
pub(super) fn check(resource_type: &str, body: &str, config: &str) -> Run {
    let rule = rule_text(&format!("check \"{resource_type}\" {{\n{body}\n}}"));
    run_with(&[("tls/x.hcl", &rule)], &[("main.tf", config)], &Settings::default())
}

/// A rule with this in it besides what it must have.
pub(super) fn rule_text(inner: &str) -> String {
    format!("rule \"x\" {{\n  summary = \"Something is wrong\"\n  severity = \"high\"\n{inner}\n}}\n")
}
