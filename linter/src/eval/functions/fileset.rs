//! `fileset`: the files below a directory whose names match a pattern.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use super::files::is_visible;
use super::glob::{self, Parsed, Token};
use super::paths::{clean, not_null, unreadable};
use super::{Call, Function, FunctionError, Parameter, Signature};
use crate::eval::Context;
use crate::source::{EntryKind, Escape};
use crate::value::{Reason, Type, Unknown, Value};

pub(super) const FUNCTIONS: &[Function] = &[Function::new(
    "fileset",
    &[Parameter::new("path", Signature::String), Parameter::new("pattern", Signature::String)],
    Signature::Set(&Signature::String),
    fileset,
)];

fn fileset(call: &Call<'_>, context: &Context<'_>) -> Result<Value, FunctionError> {
    let (base, pattern) = (clean(call.text(0)?), call.text(1)?);
    // Terraform takes the path for a part of the pattern.
    let whole = clean(&format!("{base}/{pattern}"));
    let mut steps = Vec::new();
    for component in whole.split('/').filter(|component| !component.is_empty()) {
        match Step::parse(component) {
            Ok(step) => steps.push(step),
            Err(Parsed::Nested) => {
                let reason = Reason::Function("fileset".into());
                return Ok(not_null(Unknown::new(Type::set(Type::String), reason)));
            }
            Err(_) => {
                return Err(FunctionError::new(format!("failed to glob pattern {whole}: syntax error in pattern")));
            }
        }
    }
    let start = if whole.starts_with('/') { "/".to_owned() } else { String::new() };
    let mut walk = Walk { call, context, found: BTreeSet::new(), seen: FxHashSet::default(), entries: 0 };
    match walk.follow(&start, &steps, &mut Vec::new())? {
        Walked::Whole => {
            let files = walk.found.iter().map(|file| Value::string(relative(&base, file)));
            Ok(Value::set_of(Type::String, files))
        }
        Walked::Hidden(path) => Ok(unreadable(Type::set(Type::String), &path)),
    }
}

/// One component of a pattern.
enum Step {
    /// A name, or `..`.
    Name(String),
    /// `**`
    Directories,
    /// Names that match one of these.
    Pattern(Vec<Vec<Token>>),
}

impl Step {
    fn parse(component: &str) -> Result<Self, Parsed> {
        if component == "**" {
            return Ok(Self::Directories);
        }
        if !component.contains(['*', '?', '[', '{', '\\']) {
            return Ok(Self::Name(component.to_owned()));
        }
        match glob::parse(component) {
            Parsed::Patterns(patterns) => Ok(Self::Pattern(patterns)),
            other => Err(other),
        }
    }
}

/// Whether everything was looked at.
enum Walked {
    Whole,
    /// This path leads where configuration may not look.
    Hidden(String),
}

struct Walk<'w> {
    call: &'w Call<'w>,
    context: &'w Context<'w>,
    found: BTreeSet<String>,
    /// Directories and how many steps were left there: a second visit finds nothing new.
    seen: FxHashSet<(String, usize)>,
    entries: usize,
}

impl Walk<'_> {
    /// Follows the steps from a directory; `within` are the real paths of the directories on the way.
    fn follow(&mut self, dir: &str, steps: &[Step], within: &mut Vec<PathBuf>) -> Result<Walked, FunctionError> {
        let Some((first, rest)) = steps.split_first() else { return Ok(Walked::Whole) };
        if within.len() > self.context.limits.depth {
            return Err(FunctionError::limit(format!("{} levels of directories", self.context.limits.depth)));
        }
        if !self.seen.insert((dir.to_owned(), steps.len())) {
            return Ok(Walked::Whole);
        }
        match first {
            Step::Name(name) => self.name(&join(dir, name), rest, within),
            Step::Directories => self.directories(dir, steps, rest, within),
            Step::Pattern(patterns) => self.matching(dir, patterns, rest, within),
        }
    }

    fn name(&mut self, path: &str, rest: &[Step], within: &mut Vec<PathBuf>) -> Result<Walked, FunctionError> {
        if !rest.is_empty() {
            return self.follow(path, rest, within);
        }
        self.file(path)
    }

    /// Takes a path as a result if it is a file.
    fn file(&mut self, path: &str) -> Result<Walked, FunctionError> {
        let place = self.place(path);
        match self.context.boundary.resolve(self.context.system, &place) {
            Ok(real) => {
                if self.context.system.kind(&real) == Some(EntryKind::File) {
                    self.found.insert(path.to_owned());
                }
                Ok(Walked::Whole)
            }
            Err(Escape::Unreadable(_)) if is_visible(&place, self.context) => Ok(Walked::Whole),
            Err(_) => Ok(Walked::Hidden(path.to_owned())),
        }
    }

    fn directories(
        &mut self,
        dir: &str,
        steps: &[Step],
        rest: &[Step],
        within: &mut Vec<PathBuf>,
    ) -> Result<Walked, FunctionError> {
        if let Walked::Hidden(path) = self.follow(dir, rest, within)? {
            return Ok(Walked::Hidden(path));
        }
        self.each_entry(dir, within, &mut |walk, path, _, kind, within| match kind {
            EntryKind::Directory => walk.follow(path, steps, within),
            EntryKind::File if rest.is_empty() => walk.file(path),
            EntryKind::File | EntryKind::Other => Ok(Walked::Whole),
        })
    }

    fn matching(
        &mut self,
        dir: &str,
        patterns: &[Vec<Token>],
        rest: &[Step],
        within: &mut Vec<PathBuf>,
    ) -> Result<Walked, FunctionError> {
        self.each_entry(dir, within, &mut |walk, path, name, kind, within| {
            let name: Vec<char> = name.chars().collect();
            if !patterns.iter().any(|pattern| glob::matches(pattern, &name)) {
                return Ok(Walked::Whole);
            }
            match kind {
                EntryKind::Directory if !rest.is_empty() => walk.follow(path, rest, within),
                EntryKind::File if rest.is_empty() => walk.file(path),
                EntryKind::Directory | EntryKind::File | EntryKind::Other => Ok(Walked::Whole),
            }
        })
    }

    /// Visits what is in a directory.
    fn each_entry(&mut self, dir: &str, within: &mut Vec<PathBuf>, visit: Visit<'_>) -> Result<Walked, FunctionError> {
        let place = self.place(dir);
        let real = match self.context.boundary.resolve(self.context.system, &place) {
            // In a loop of links Terraform would go round until the system stops it.
            Ok(real) if within.contains(&real) => return Ok(Walked::Hidden(dir.to_owned())),
            Ok(real) => real,
            Err(Escape::Unreadable(_)) if is_visible(&place, self.context) => return Ok(Walked::Whole),
            Err(_) => return Ok(Walked::Hidden(dir.to_owned())),
        };
        let entries = self.context.system.read_dir(&real).unwrap_or_default();
        self.count(entries.len())?;
        within.push(real);
        for entry in entries {
            if let Walked::Hidden(path) = visit(self, &join(dir, &entry.name), &entry.name, entry.kind, within)? {
                return Ok(Walked::Hidden(path));
            }
        }
        within.pop();
        Ok(Walked::Whole)
    }

    fn count(&mut self, entries: usize) -> Result<(), FunctionError> {
        self.entries += entries;
        let limits = &self.context.limits;
        if self.entries > limits.items {
            return Err(FunctionError::limit(format!("{} files and directories looked at", limits.items)));
        }
        let work = self.context.spend(entries as u64, self.call.span);
        work.map_err(|_| FunctionError::limit(format!("{} evaluation steps", limits.steps)))
    }

    /// Where a path is on this machine.
    fn place(&self, path: &str) -> PathBuf {
        let working_dir = self.context.system.current_dir().join(&self.context.working_dir);
        working_dir.join(Path::new(path))
    }
}

type Visit<'v> =
    &'v mut dyn FnMut(&mut Walk<'_>, &str, &str, EntryKind, &mut Vec<PathBuf>) -> Result<Walked, FunctionError>;

fn join(dir: &str, name: &str) -> String {
    match dir {
        "" => name.to_owned(),
        "/" => format!("/{name}"),
        dir => format!("{dir}/{name}"),
    }
}

/// The path as seen from `base`; both are clean, and both absolute or both not.
fn relative(base: &str, path: &str) -> String {
    let parts = |path: &'_ str| path.split('/').filter(|part| !matches!(*part, "" | ".")).map(str::to_owned).collect();
    let (base, path): (Vec<String>, Vec<String>) = (parts(base), parts(path));
    let common = base.iter().zip(&path).take_while(|(left, right)| left == right).count();
    let up = base.iter().skip(common).map(|_| "..".to_owned());
    let steps: Vec<String> = up.chain(path.iter().skip(common).cloned()).collect();
    if steps.is_empty() { ".".to_owned() } else { steps.join("/") }
}
