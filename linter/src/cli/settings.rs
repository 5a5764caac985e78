//! From the configuration file and the arguments to what the engine wants. Arguments win over the file.

use std::path::PathBuf;
use std::sync::Arc;

use super::args::{Check, Variables};
use super::session::Session;
use crate::config::{self, EnvironmentOptions, judging};
use crate::engine::{Environment, Undetermined};
use crate::rules::Settings;
use crate::terraform::Options;

/// Settings of rules and environments.
pub(super) fn rule_settings(session: &Session, check: &Check) -> Settings {
    let options = &session.config.options;
    let mut settings = judging::settings(options);
    // A day that is none was refused when the waivers were read.
    settings.as_of = check.as_of.as_deref().and_then(|day| day.parse().ok());
    if !check.select.is_empty() {
        settings.select.clone_from(&check.select);
    }
    if !check.ignore.is_empty() {
        settings.ignore = check.ignore.iter().cloned().chain(judging::switched_off(options)).collect();
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

/// What undetermined verdicts do.
pub(super) fn undetermined(session: &Session, check: &Check) -> Undetermined {
    let configured = session.config.options.palisade.undetermined;
    match check.undetermined.or(configured).unwrap_or_default() {
        config::Undetermined::Report => Undetermined::Report,
        config::Undetermined::Fail => Undetermined::Fail,
        config::Undetermined::Hide => Undetermined::Hide,
    }
}
