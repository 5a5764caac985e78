//! From the configuration file and the arguments to what the engine wants. Arguments win over the file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::args::{Check, Variables};
use super::session::Session;
use crate::config::{self, EnvironmentOptions};
use crate::diagnostic::Diagnostic;
use crate::engine::{Environment, Undetermined};
use crate::graph::{DeclaredEnvironment, EnvironmentSettings};
use crate::rules::{ExternalProvision, RuleOverride, RuleSet, Settings, matches_rule, no_such_rule};
use crate::terraform::Options;
use crate::value::Value;
use crate::waivers::{Date, Waiver};

/// Settings of rules and environments.
pub(super) fn rule_settings(session: &Session, check: &Check) -> Settings {
    let options = &session.config.options;
    let or = |given: &[String], configured: &[String]| {
        if given.is_empty() { configured.to_vec() } else { given.to_vec() }
    };
    let mut ignore = or(&check.ignore, &options.palisade.ignore);
    let off = options.rule.iter().filter(|(_, rule)| rule.enabled == Some(false));
    ignore.extend(off.map(|(id, _)| id.clone()));
    let mut settings = Settings {
        select: or(&check.select, &options.palisade.select),
        ignore,
        rules: options.rule.iter().map(|(id, rule)| (id.clone(), rule_override(rule))).collect(),
        environments: environments(&options.environment),
        external: options.external.iter().map(|(name, external)| provision(name, external)).collect(),
        accept_cloud_default: options.time.accept_cloud_default,
        time_images: options.time.images.clone(),
        // A day that is none was refused when the waivers were read.
        as_of: check.as_of.as_deref().and_then(|day| day.parse().ok()),
        ..Settings::default()
    };
    if let Some(sources) = &options.time.sources {
        settings.time_sources.clone_from(sources);
    }
    settings
}

fn rule_override(rule: &config::RuleOptions) -> RuleOverride {
    let params = rule.params.iter().map(|(name, value)| (name.clone(), Value::from_json(value)));
    RuleOverride { severity: rule.severity, params: params.collect() }
}

fn provision(name: &str, external: &config::External) -> ExternalProvision {
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

/// The values for root variables that the arguments give.
///
/// # Errors
/// When a `--var` has no `=`.
pub(super) fn variables(given: &Variables) -> Result<Options, String> {
    let pair = |text: &String| {
        let (name, value) = text.split_once('=').ok_or_else(|| format!("--var {text:?} is not NAME=VALUE"))?;
        Ok::<_, String>((name.trim().to_owned(), value.to_owned()))
    };
    Ok(Options {
        var_files: given.var_files.clone(),
        vars: given.vars.iter().map(pair).collect::<Result<_, _>>()?,
        workspace: given.workspace.clone(),
    })
}

/// How each root is judged: once as it stands, or once per environment named.
///
/// # Errors
/// When a `--var` has no `=`.
pub(super) fn passes(session: &Session, check: &Check) -> Result<Vec<Environment>, String> {
    let options = variables(&check.variables)?;
    if check.environments.is_empty() {
        return Ok(vec![Environment { options, ..Environment::default() }]);
    }
    let named = check.environments.iter().flat_map(|names| names.split(','));
    let pass = |name: &str| {
        let declared = session.config.options.environment.get(name);
        let mut options = options.clone();
        let configured =
            declared.and_then(|declared| declared.workspace.clone().or_else(|| literal_workspace(declared)));
        options.workspace = options.workspace.or(configured);
        let guessed = vec![PathBuf::from(format!("{name}.tfvars")), PathBuf::from(format!("{name}.tfvars.json"))];
        Environment {
            name: Some(Arc::from(name)),
            options,
            var_files: declared.map(|it| it.var_files.clone()).filter(|files| !files.is_empty()).unwrap_or(guessed),
            base: session.config_dir(),
        }
    };
    Ok(named.map(str::trim).filter(|name| !name.is_empty()).map(pass).collect())
}

/// The one workspace of an environment, when it is written without patterns.
fn literal_workspace(declared: &EnvironmentOptions) -> Option<String> {
    match declared.workspaces.as_slice() {
        [only] if !only.contains(['*', '?']) => Some(only.clone()),
        _ => None,
    }
}

/// The waivers of the configuration.
pub(super) fn waivers(session: &Session, diagnostics: &mut Vec<Diagnostic>) -> Vec<Waiver> {
    let mut waivers = Vec::new();
    for (name, waiver) in &session.config.options.waiver {
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

/// What undetermined verdicts do.
pub(super) fn undetermined(session: &Session, check: &Check) -> Undetermined {
    let configured = session.config.options.palisade.undetermined;
    match check.undetermined.or(configured).unwrap_or_default() {
        config::Undetermined::Report => Undetermined::Report,
        config::Undetermined::Fail => Undetermined::Fail,
        config::Undetermined::Hide => Undetermined::Hide,
    }
}

/// Names in the configuration that mean no rule.
pub(super) fn mistakes(session: &Session, settings: &Settings, rules: &RuleSet) -> Vec<Diagnostic> {
    let path =
        session.config.path.as_deref().map_or_else(|| "--select/--ignore".to_owned(), crate::source::display_path);
    let wrong_waivers = session.config.options.waiver.iter().filter_map(|(name, waiver)| {
        let known = rules.iter().any(|rule| matches_rule(&waiver.rule, rule));
        let message = format!("Waiver {name:?} counts for nothing: {}", no_such_rule(&waiver.rule, rules));
        (!known && !waiver.rule.starts_with("palisade/")).then(|| match waiver.span {
            Some(span) => Diagnostic::error(span, message),
            None => Diagnostic::file_error(path.clone(), message),
        })
    });
    let blocks = &session.config.options.rule;
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
