//! What users may change about rules, as plain data.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Definition, Rule, RuleSet};
use crate::diagnostic::{Severity, closest};
use crate::graph::EnvironmentSettings;
use crate::source::Date;
use crate::value::Value;

/// The day on which the tables that come with Palisade were last looked at. It stands for today in verdicts where no
/// day is given, so that they do not depend on the clock.
pub const DATA_DATE: &str = "2026-11-22";

/// Everything that decides how a root is judged besides the rules and the root.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Prefixes of rule ids, or aliases: only these rules. Empty: all.
    pub select: Vec<String>,
    /// Prefixes of rule ids, or aliases: not these rules. The longer of two prefixes that match wins.
    pub ignore: Vec<String>,
    /// Changes by rule id or alias.
    pub rules: BTreeMap<String, RuleOverride>,
    /// How environments are found.
    pub environments: EnvironmentSettings,
    /// Agreed time sources: addresses, ranges, host names.
    pub time_sources: Vec<String>,
    /// Whether the time that a cloud gives its machines is agreed; `None` is yes.
    pub accept_cloud_default: Option<bool>,
    /// Time sources that images bring, by a pattern of the image's id or name.
    pub time_images: BTreeMap<String, Vec<String>>,
    /// Duties that something outside the configuration fulfils.
    pub external: Vec<ExternalProvision>,
    /// Environments in which findings weigh one step less, except critical ones and those of the `seg` domain.
    pub lowered_environments: Vec<String>,
    /// The day as of which certificates are looked at; `None` is [`DATA_DATE`].
    pub as_of: Option<Date>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            select: Vec::new(),
            ignore: Vec::new(),
            rules: BTreeMap::new(),
            environments: EnvironmentSettings::default(),
            time_sources: Vec::new(),
            accept_cloud_default: None,
            time_images: BTreeMap::new(),
            external: Vec::new(),
            lowered_environments: vec!["dev".to_owned(), "test".to_owned()],
            as_of: None,
        }
    }
}

/// Changes to one rule.
#[derive(Clone, Debug, Default)]
pub struct RuleOverride {
    /// Another severity, which scaling leaves alone.
    pub severity: Option<Severity>,
    /// Other values of parameters.
    pub params: BTreeMap<String, Value>,
}

/// A duty fulfilled outside: `external "log-archive" { provides = ["log/store-separate-account"] evidence = "…" }`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExternalProvision {
    /// Its name.
    pub name: String,
    /// Rules it stands for: ids, prefixes or aliases.
    pub provides: Vec<String>,
    /// Where that can be seen.
    pub evidence: String,
}

impl Settings {
    /// Whether the rule is in force.
    #[must_use]
    pub fn is_selected(&self, rule: &Rule) -> bool {
        let selected = longest_match(&self.select, rule);
        let ignored = longest_match(&self.ignore, rule);
        match (selected, ignored) {
            (None, _) if !self.select.is_empty() => false,
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(select), Some(ignore)) => select > ignore,
        }
    }

    /// The declaration that something outside fulfils the rule, if there is one.
    #[must_use]
    pub fn provided_by(&self, rule: &Rule) -> Option<&ExternalProvision> {
        self.external.iter().find(|external| longest_match(&external.provides, rule).is_some())
    }

    /// The changes to a rule.
    #[must_use]
    pub fn override_of(&self, rule: &Rule) -> Option<&RuleOverride> {
        self.rules.get(&*rule.id).or_else(|| self.rules.iter().find(|(name, _)| rule.is_called(name)).map(|it| it.1))
    }

    /// The parameters of a rule with the changes to them.
    #[must_use]
    pub fn params_of(&self, rule: &Rule, definition: &Definition) -> BTreeMap<Arc<str>, Value> {
        let mut params = definition.params.clone();
        for (name, value) in self.override_of(rule).iter().flat_map(|change| &change.params) {
            if let Some(param) = params.get_mut(name.as_str()) {
                *param = value.clone();
            }
        }
        params
    }

    /// What names no rule or parameter: messages for the user, in order.
    #[must_use]
    pub fn mistakes(&self, rules: &RuleSet) -> Vec<String> {
        let mut mistakes = Vec::new();
        for name in self.select.iter().chain(&self.ignore).chain(self.external.iter().flat_map(|it| &it.provides)) {
            if !rules.iter().any(|rule| matches_rule(name, rule)) {
                mistakes.push(no_such_rule(name, rules));
            }
        }
        for (name, change) in &self.rules {
            let Some(rule) = rules.find(name) else {
                mistakes.push(no_such_rule(name, rules));
                continue;
            };
            let known: Vec<&str> = rule.param_names.iter().map(|name| &**name).collect();
            for param in change.params.keys().filter(|param| !known.contains(&param.as_str())) {
                let known =
                    if known.is_empty() { "it has none".to_owned() } else { format!("it has {}", known.join(", ")) };
                mistakes.push(format!("{} has no parameter {param:?}: {known}", rule.id));
            }
        }
        mistakes
    }
}

/// What to say of a name that means no rule.
#[must_use]
pub fn no_such_rule(name: &str, rules: &RuleSet) -> String {
    let ids = rules.iter().map(|rule| &*rule.id);
    match closest(name, ids) {
        Some(close) => format!("No rule is called {name:?}; did you mean {close:?}?"),
        None => format!("No rule is called {name:?}"),
    }
}

/// The length of the longest name that means the rule.
fn longest_match(names: &[String], rule: &Rule) -> Option<usize> {
    let weight = |name: &&String| {
        // An alias names the rule itself, so it weighs as much as its id.
        if rule.is_called(name) { rule.id.len() } else { name.len() }
    };
    names.iter().filter(|name| matches_rule(name, rule)).map(|name| weight(&name)).max()
}

/// Whether a name given by the user means the rule: `tls`, `tls/`, `tls/lb-*`, `tls/lb-listener-https`, `CKV_AWS_2`, `all`.
#[must_use]
pub fn matches_rule(name: &str, rule: &Rule) -> bool {
    if rule.is_called(name) || name == "all" || name == "*" {
        return true;
    }
    if name.contains('*') {
        return crate::graph::glob_matches(name, &rule.id);
    }
    rule.id.strip_prefix(name.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/'))
}
