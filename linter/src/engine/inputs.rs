//! Judging one input after the other, roots in parallel.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::directories::{is_trigger, roots_below, roots_of_file};
use super::{Environment, Request, Timings};
use crate::diagnostic::{Diagnostic, Finding, NotJudged, NotJudgedKind};
use crate::graph::Graph;
use crate::rules::{self, Settings, Surroundings};
use crate::source::{Boundary, Clock, EntryKind, Span, display_path};
use crate::terraform::{Directory, Extent, Mode, ModuleState, Options, Root};
use crate::waivers::{Waiver, inline};

/// One root judged in one environment.
#[derive(Debug, Default)]
pub struct Pass {
    /// Its findings.
    pub findings: Vec<Finding>,
    /// Managed resource instances.
    pub resources: usize,
    /// Verdicts that passed.
    pub pass: usize,
    /// Rules in force.
    pub rules: usize,
}

/// Everything found out about the inputs, before waivers and filters.
#[derive(Debug, Default)]
pub struct Judged {
    /// Each root in each environment.
    pub passes: Vec<Pass>,
    /// Roots judged.
    pub roots: BTreeSet<String>,
    /// Files read.
    pub files: BTreeSet<PathBuf>,
    /// Files with an error.
    pub unparsed: BTreeSet<PathBuf>,
    /// What was not judged.
    pub not_judged: BTreeSet<NotJudged>,
    /// Problems with input.
    pub diagnostics: Vec<Diagnostic>,
    /// Waivers in comments.
    pub waivers: Vec<Waiver>,
    /// Sentences for the reader.
    pub notes: BTreeSet<String>,
    /// Where sensitive values are written: never quoted.
    pub sensitive: Vec<Span>,
    /// How long it took.
    pub timings: Timings,
}

impl Judged {
    fn merge(&mut self, other: Self) {
        self.passes.extend(other.passes);
        self.roots.extend(other.roots);
        self.files.extend(other.files);
        self.unparsed.extend(other.unparsed);
        self.not_judged.extend(other.not_judged);
        self.diagnostics.extend(other.diagnostics);
        self.waivers.extend(other.waivers);
        self.notes.extend(other.notes);
        self.sensitive.extend(other.sensitive);
        self.timings.add(other.timings);
    }
}

/// Judges every path of the request.
pub(super) fn judge_all(request: &Request<'_>, clock: Clock) -> Judged {
    let mut judged = Judged::default();
    let mut roots: Vec<(PathBuf, Boundary)> = Vec::new();
    // Outside of repositories, roots may read what is below the path that the user named.
    let mut add = |root: PathBuf, fence: &Boundary| {
        if !roots.iter().any(|(known, _)| *known == root) {
            let own = Boundary::repository(request.system, &root);
            roots.push((root, own.unwrap_or_else(|| fence.clone())));
        }
    };
    (request.progress)("looking for root modules");
    for path in request.paths {
        match request.system.kind(path) {
            Some(EntryKind::Directory) => {
                let found = roots_below(request, path);
                if found.roots.is_empty() {
                    let message = "There is no Terraform configuration here";
                    judged.diagnostics.push(Diagnostic::file_error(display_path(path), message));
                }
                let left_out = found.left_out.into_iter().map(|reason| NotJudged {
                    what: NotJudgedKind::File,
                    name: display_path(path),
                    reason,
                });
                judged.not_judged.extend(left_out);
                let fence = Boundary::around(request.system, path);
                found.roots.into_iter().for_each(|root| add(root, &fence));
            }
            Some(_) if is_trigger(request, path) => {
                let fence = Boundary::around(request.system, path.parent().unwrap_or(path));
                roots_of_file(request, path).into_iter().for_each(|root| add(root, &fence));
            }
            _ => judged.merge(super::plans::judge(request, path, clock)),
        }
    }
    (request.progress)(&format!("judging {} root modules", roots.len()));
    let parts: Vec<Judged> = roots.par_iter().map(|(root, fence)| judge_root(request, root, fence, clock)).collect();
    parts.into_iter().for_each(|part| judged.merge(part));
    judged
}

fn judge_root(request: &Request<'_>, dir: &Path, boundary: &Boundary, clock: Clock) -> Judged {
    let begun = clock.now();
    let directory = Directory::read(request.system, request.sources, boundary, dir);
    let mut judged = Judged::default();
    for tree in directory.trees() {
        let waivers = inline::read(tree, request.sources, request.peers, &mut judged.diagnostics);
        judged.waivers.extend(waivers);
    }
    judged.timings.read = clock.now().saturating_sub(begun);
    for environment in request.environments {
        let options = options_for(request, environment, dir);
        let begun = clock.now();
        let loaded = directory.evaluate(&options);
        judged.timings.evaluate += clock.now().saturating_sub(begun);
        judged.diagnostics.extend(loaded.diagnostics);
        judged.unparsed.extend(loaded.unparsed);
        judge_loaded(request, environment, loaded.root, clock, &mut judged);
    }
    judged
}

/// Judges an evaluated root in an environment.
pub(super) fn judge_loaded(
    request: &Request<'_>,
    environment: &Environment,
    root: Root,
    clock: Clock,
    judged: &mut Judged,
) {
    let begun = clock.now();
    judged.roots.insert(display_path(&root.path));
    judged.files.extend(root.files.iter().cloned());
    for (address, state) in &root.modules {
        if let ModuleState::Missing(reason) = state {
            let (name, reason) = (address.to_string(), reason.clone());
            judged.not_judged.insert(NotJudged { what: NotJudgedKind::Module, name, reason });
        }
    }
    let providers = root.providers.iter().map(|(_, config)| &**config);
    for values in root.instances.iter().chain(&root.removed).map(|instance| &instance.values).chain(providers) {
        values.sensitive_spans(&mut judged.sensitive);
    }
    let settings = settings_for(request.settings, environment);
    let graph = Graph::new(&root, settings.environments.clone());
    let result = rules::judge(request.rules, &graph, &settings, Surroundings { sources: request.sources, clock });
    let mut pass = Pass {
        findings: result.findings,
        resources: root.instances.iter().filter(|i| i.mode == Mode::Managed && i.extent == Extent::Certain).count(),
        pass: result.pass,
        rules: result.rules,
    };
    if let Some(name) = &environment.name {
        for finding in &mut pass.findings {
            finding.environment = Some(name.to_string());
        }
    }
    judged.diagnostics.extend(result.errors);
    for (rule, external) in result.provided {
        judged.notes.insert(format!("{rule} is left to external {external:?}"));
    }
    judged.passes.push(pass);
    judged.timings.add_judging(clock.now().saturating_sub(begun), result.costs);
}

fn settings_for(settings: &Settings, environment: &Environment) -> Settings {
    let mut settings = settings.clone();
    settings.environments.assigned.clone_from(&environment.name);
    settings
}

/// The options for a root: variables files of the environment are looked for beside the root first.
fn options_for(request: &Request<'_>, environment: &Environment, dir: &Path) -> Options {
    let mut options = environment.options.clone();
    let places = |file: &PathBuf| [dir.join(file), environment.base.join(file)];
    // The configuration names these files, so they may not lie outside the repository.
    let base = if environment.base.as_os_str().is_empty() { Path::new(".") } else { &environment.base };
    let fences = [Boundary::around(request.system, dir), Boundary::around(request.system, base)];
    let is_inside = |place: &PathBuf| fences.iter().any(|fence| fence.resolve(request.system, place).is_ok());
    let found = environment.var_files.iter().filter_map(|file| {
        let is_there = |place: &PathBuf| request.system.kind(place) == Some(EntryKind::File) && is_inside(place);
        places(file).into_iter().find(is_there)
    });
    let mut var_files: Vec<PathBuf> = found.collect();
    var_files.append(&mut options.var_files);
    options.var_files = var_files;
    if options.workspace.is_none() {
        options.workspace = environment.name.as_deref().map(str::to_owned);
    }
    options
}
