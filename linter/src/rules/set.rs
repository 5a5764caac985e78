//! Sets of rules: the built-in one and those in directories.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::{Rule, builtin, read};

use crate::diagnostic::Diagnostic;
use crate::source::{Boundary, EntryKind, FileId, SourceMap, System};

/// Directories deeper than this are not looked into.
const MAX_DEPTH: usize = 6;

/// More files than this are not read from one directory.
const MAX_FILES: usize = 10_000;

/// A larger rule or document is refused.
const MAX_BYTES: u64 = 1 << 20;

/// A file of a ruleset before it is read as a rule.
#[derive(Clone, Debug)]
pub struct RuleFile {
    /// Path below the ruleset, forward slashes: `tls/lb-listener-https.hcl`.
    pub path: String,
    /// Path as shown to the user.
    pub shown: PathBuf,
    /// The bytes.
    pub bytes: Arc<[u8]>,
}

/// Rules by id.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    rules: BTreeMap<Arc<str>, Arc<Rule>>,
}

impl RuleSet {
    /// The rules that come with Palisade, all of them read and checked.
    /// The diagnostics are empty unless the program was built from broken rules.
    #[must_use]
    pub fn builtin(sources: &SourceMap) -> (Self, Vec<Diagnostic>) {
        Self::from_files(builtin::files(), sources)
    }

    /// The rules that come with Palisade, each read when it first has something to judge. The names in them are not
    /// checked again: tests hold that [`RuleSet::builtin`], which checks them, has nothing to say.
    #[must_use]
    pub fn builtin_on_demand(sources: &SourceMap) -> (Self, Vec<Diagnostic>) {
        let (mut set, problems) = Self::from_files(builtin::without_heads(), sources);
        set.rules.extend(builtin::with_heads(sources).map(|rule| (rule.id.clone(), Arc::new(rule))));
        (set, problems)
    }

    /// The rules in a directory: `<domain>/<name>.hcl` with `<name>.md` beside it.
    #[must_use]
    pub fn load(system: &dyn System, dir: &Path, sources: &SourceMap) -> (Self, Vec<Diagnostic>) {
        let mut problems = Vec::new();
        let mut files = Vec::new();
        // Rules come with the repository they judge: a link in it may lead anywhere, and messages show excerpts.
        let boundary = Boundary::around(system, dir);
        collect(system, &boundary, dir, "", MAX_DEPTH, &mut files, &mut problems);
        let (set, more) = Self::from_files(files, sources);
        problems.extend(more);
        (set, problems)
    }

    /// The rules in these files.
    #[must_use]
    pub fn from_files(files: Vec<RuleFile>, sources: &SourceMap) -> (Self, Vec<Diagnostic>) {
        let mut set = Self::default();
        let mut problems = Vec::new();
        let documents: BTreeMap<&str, &RuleFile> =
            files.iter().filter_map(|file| Some((file.path.strip_suffix(".md")?, file))).collect();
        // Ids of files are given in order, whatever the threads do, so that messages keep theirs.
        let rules: Vec<(&str, &RuleFile, FileId)> = files
            .iter()
            .filter_map(|file| Some((rule_id(&file.path)?, file, sources.add(&file.shown, file.bytes.clone()))))
            .collect();
        let read = rules.par_iter().map(|(id, file, source)| {
            let document = documents.get(id).map(|file| String::from_utf8_lossy(&file.bytes).into_owned());
            let mut problems = Vec::new();
            (read::rule(id, file, *source, document.unwrap_or_default().into(), &mut problems), problems)
        });
        for (rule, said) in read.collect::<Vec<_>>() {
            problems.extend(said);
            if let Some(rule) = rule {
                set.insert(rule, &mut problems);
            }
        }
        (set, problems)
    }

    fn insert(&mut self, rule: Rule, problems: &mut Vec<Diagnostic>) {
        if let Some(other) = self.rules.get(&rule.id) {
            if let (Ok(own), Ok(other)) = (rule.definition(), other.definition()) {
                let message = format!("There are two rules {:?}", rule.id);
                problems.push(Diagnostic::error(own.span, message).with_label(other.span, "the other one"));
            }
            return;
        }
        self.rules.insert(rule.id.clone(), Arc::new(rule));
    }

    /// Adds the rules of another set; where both have an id, the other's rule replaces this one's.
    pub fn extend(&mut self, other: Self) {
        self.rules.extend(other.rules);
    }

    /// The rules by id.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Rule>> {
        self.rules.values()
    }

    /// How many rules there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The rule of this id or alias.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Arc<Rule>> {
        self.rules.get(name).or_else(|| self.rules.values().find(|rule| rule.is_called(name)))
    }
}

/// The id of the rule in a file: its path without the end. Only files in a domain's directory are rules; policies are not.
pub(super) fn rule_id(path: &str) -> Option<&str> {
    let id = path.strip_suffix(".hcl").or_else(|| path.strip_suffix(".hcl.json"))?;
    let (domain, name) = id.split_once('/')?;
    (!name.contains('/') && domain != "policies" && !domain.is_empty() && !name.is_empty()).then_some(id)
}

fn collect(
    system: &dyn System,
    boundary: &Boundary,
    dir: &Path,
    below: &str,
    depth: usize,
    files: &mut Vec<RuleFile>,
    problems: &mut Vec<Diagnostic>,
) {
    let entries = match system.read_dir(dir) {
        Ok(entries) => entries,
        Err(error) => {
            let message = format!("The ruleset cannot be read: {error}");
            return problems.push(Diagnostic::file_error(dir.display().to_string(), message));
        }
    };
    for entry in entries {
        let (path, below) = (dir.join(&entry.name), format!("{below}{}", entry.name));
        match entry.kind {
            EntryKind::Directory if depth > 0 && !entry.name.starts_with('.') => {
                collect(system, boundary, &path, &format!("{below}/"), depth - 1, files, problems);
            }
            EntryKind::File if below.ends_with(".hcl") || below.ends_with(".hcl.json") || below.ends_with(".md") => {
                if files.len() >= MAX_FILES {
                    let message = format!("The ruleset has more than {MAX_FILES} files; the rest is not read");
                    problems.push(Diagnostic::file_error(dir.display().to_string(), message));
                    return;
                }
                match boundary.read(system, &path, MAX_BYTES) {
                    Ok(bytes) => files.push(RuleFile { path: below, shown: path, bytes: bytes.into() }),
                    Err(error) => problems.push(Diagnostic::file_error(path.display().to_string(), error.to_string())),
                }
            }
            EntryKind::Directory | EntryKind::File | EntryKind::Other => {}
        }
    }
}
