//! From the configuration file to what judging wants: rules, settings, waivers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{EnvironmentOptions, External, Loaded, Options, RuleOptions};
use crate::diagnostic::Diagnostic;
use crate::graph::{DeclaredEnvironment, EnvironmentSettings};
use crate::rules::{ExternalProvision, RuleOverride, RuleSet, Settings, matches_rule, no_such_rule};
use crate::source::{Boundary, SourceMap, System, display_path};
use crate::value::Value;
use crate::waivers::{Date, Waiver};

/// How much is wanted of the rules that come with Palisade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Builtin {
    /// All of each, at once.
    Whole,
    /// Of each what its head says, and its conditions when it has something to judge.
    OnDemand,
}

/// Who chose the configuration file, which decides what it may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// The user named it: it may name anything.
    ByUser,
    /// It was found beside what is judged: it may name nothing outside the repository.
    Found,
}

impl Loaded {
    /// The directory that relative paths in the file start from.
    #[must_use]
    pub fn directory(&self) -> PathBuf {
        self.path.as_deref().and_then(Path::parent).map(Path::to_path_buf).unwrap_or_default()
    }
}

/// Whether a path is outside the repository of a configuration file that nobody chose.
#[must_use]
pub fn leads_out(system: &dyn System, loaded: &Loaded, chosen: Chosen, path: &Path) -> bool {
    let base = loaded.directory();
    let base = if base.as_os_str().is_empty() { Path::new(".") } else { &base };
    chosen == Chosen::Found && Boundary::around(system, base).resolve(system, path).is_err()
}

/// The rules that the configuration names, and those in `further` folders, which the user names.
#[must_use]
pub fn rules(
    system: &dyn System,
    sources: &SourceMap,
    loaded: &Loaded,
    chosen: Chosen,
    further: &[PathBuf],
    builtin: Builtin,
) -> (RuleSet, Vec<Diagnostic>) {
    let named = loaded.options.palisade.rulesets.clone().unwrap_or_else(|| vec!["builtin".to_owned()]);
    let (mut rules, mut diagnostics) = if named.iter().any(|name| name == "builtin") {
        match builtin {
            Builtin::Whole => RuleSet::builtin(sources),
            Builtin::OnDemand => RuleSet::builtin_on_demand(sources),
        }
    } else {
        (RuleSet::default(), Vec::new())
    };
    let base = loaded.directory();
    let folders = named.iter().filter(|name| *name != "builtin").map(|name| (base.join(name), chosen));
    for (folder, by) in folders.chain(further.iter().map(|folder| (folder.clone(), Chosen::ByUser))) {
        if system.kind(&folder).is_none() {
            let message = "There is no folder of rules here";
            diagnostics.push(Diagnostic::file_error(display_path(&folder), message));
            continue;
        }
        if leads_out(system, loaded, by, &folder) {
            let message = "The configuration names a folder of rules outside the repository";
            let help = "Configuration may not read there; name the folder with --rulesets.";
            diagnostics.push(Diagnostic::file_error(display_path(&folder), message).with_help(help));
            continue;
        }
        let (more, problems) = RuleSet::load(system, &folder, sources);
        rules.extend(more);
        diagnostics.extend(problems);
    }
    (rules, diagnostics)
}

/// Settings of rules and environments.
#[must_use]
pub fn settings(options: &Options) -> Settings {
    let mut ignore = options.palisade.ignore.clone();
    ignore.extend(switched_off(options));
    let mut settings = Settings {
        select: options.palisade.select.clone(),
        ignore,
        rules: options.rule.iter().map(|(id, rule)| (id.clone(), rule_override(rule))).collect(),
        environments: environments(&options.environment),
        external: options.external.iter().map(|(name, external)| provision(name, external)).collect(),
        accept_cloud_default: options.time.accept_cloud_default,
        time_images: options.time.images.clone(),
        ..Settings::default()
    };
    if let Some(sources) = &options.time.sources {
        settings.time_sources.clone_from(sources);
    }
    settings
}

/// The rules that the configuration switches off one by one.
pub fn switched_off(options: &Options) -> impl Iterator<Item = String> {
    options.rule.iter().filter(|(_, rule)| rule.enabled == Some(false)).map(|(id, _)| id.clone())
}

fn rule_override(rule: &RuleOptions) -> RuleOverride {
    let params = rule.params.iter().map(|(name, value)| (name.clone(), Value::from_json(value)));
    RuleOverride { severity: rule.severity, params: params.collect() }
}

fn provision(name: &str, external: &External) -> ExternalProvision {
    ExternalProvision {
        name: name.to_owned(),
        provides: external.provides.clone(),
        evidence: external.evidence.clone(),
    }
}

fn environments(declared: &BTreeMap<String, EnvironmentOptions>) -> EnvironmentSettings {
    let mut settings = EnvironmentSettings::default();
    for (name, options) in declared {
        let mut addresses = options.addresses.clone();
        addresses.extend(options.modules.iter().map(|module| format!("{module}.**")));
        settings.declared.push(DeclaredEnvironment {
            name: Arc::from(name.as_str()),
            workspaces: options.workspaces.clone(),
            paths: options.paths.clone(),
            addresses,
            tags: options.tags.clone(),
            accounts: options.accounts.clone(),
            cidrs: options.cidrs.clone(),
        });
        let words = settings.vocabulary.groups.entry(Arc::from(name.as_str())).or_default();
        words.extend(options.names.iter().map(|word| word.to_lowercase()));
    }
    settings
}

/// The waivers of the configuration.
pub fn waivers(options: &Options, diagnostics: &mut Vec<Diagnostic>) -> Vec<Waiver> {
    let mut waivers = Vec::new();
    for (name, waiver) in &options.waiver {
        let expires: Result<Date, String> = waiver.expires.parse();
        match (expires, waiver.span) {
            (Ok(expires), span) => waivers.push(Waiver {
                name: name.clone(),
                rules: vec![waiver.rule.clone()],
                address: waiver.address.clone(),
                file: waiver.file.clone(),
                environment: waiver.environment.clone(),
                covers: None,
                reason: waiver.reason.clone(),
                owner: waiver.owner.clone(),
                ticket: waiver.ticket.clone(),
                expires: Some(expires),
                span,
            }),
            (Err(message), Some(span)) => diagnostics.push(Diagnostic::error(span, message)),
            (Err(message), None) => diagnostics.push(Diagnostic::file_error("palisade.hcl", message)),
        }
    }
    waivers
}

/// Names in the configuration that mean no rule.
#[must_use]
pub fn mistakes(loaded: &Loaded, settings: &Settings, rules: &RuleSet) -> Vec<Diagnostic> {
    let path = loaded.path.as_deref().map_or_else(|| "--select/--ignore".to_owned(), display_path);
    let wrong_waivers = loaded.options.waiver.iter().filter_map(|(name, waiver)| {
        let known = rules.iter().any(|rule| matches_rule(&waiver.rule, rule));
        let message = format!("Waiver {name:?} counts for nothing: {}", no_such_rule(&waiver.rule, rules));
        (!known && !waiver.rule.starts_with("palisade/")).then(|| match waiver.span {
            Some(span) => Diagnostic::error(span, message),
            None => Diagnostic::file_error(path.clone(), message),
        })
    });
    let blocks = &loaded.options.rule;
    let named = settings.mistakes(rules).into_iter().collect::<BTreeSet<_>>().into_iter().map(|message| {
        // A message names its rule in quotes, or begins with it.
        let about = |id: &str| message.contains(&format!("{id:?}")) || message.starts_with(&format!("{id} "));
        match blocks.iter().find(|(id, _)| about(id)).and_then(|(_, block)| block.span) {
            Some(span) => Diagnostic::error(span, message),
            None => Diagnostic::file_error(path.clone(), message),
        }
    });
    named.chain(wrong_waivers).collect()
}
