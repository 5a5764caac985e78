//! Gathering of signals, weightiest first.

use std::sync::Arc;

use super::settings::{DeclaredEnvironment, EnvironmentSettings};
use super::{Environment, Signal, SignalKind, glob_matches};
use crate::graph::address::module_path;
use crate::terraform::{Instance, Others, Root};
use crate::value::{Knowledge, Reason, Value};

/// Attributes that hold tags or labels.
const TAG_MAPS: &[&str] =
    &["tags", "tags_all", "labels", "user_labels", "resource_labels", "effective_labels", "freeform_tags"];

/// Directories looked at, from the innermost: an absolute path says nothing with the home directory it is in.
const MAX_PATH_SEGMENTS: usize = 4;

pub(super) struct Collector<'s> {
    settings: &'s EnvironmentSettings,
    found: Environment,
    unknown: Vec<Reason>,
}

impl<'s> Collector<'s> {
    pub(super) fn new(settings: &'s EnvironmentSettings) -> Self {
        Self { settings, found: Environment::default(), unknown: Vec::new() }
    }

    pub(super) fn finish(mut self) -> Environment {
        self.found.name = self.found.signals.iter().find_map(|signal| signal.environment.clone());
        if self.found.name.is_none() {
            self.found.undetermined = self.unknown;
        }
        self.found
    }

    /// Where only a part of a root is known, what says the environment may be in the rest: the provider's tags, a path.
    pub(super) fn elsewhere(&mut self, root: &Root) {
        if root.others == Others::Possible && self.found.signals.is_empty() {
            self.unknown.push(Reason::Error(Others::REASON.into()));
        }
    }

    fn push(&mut self, kind: SignalKind, environment: Option<Arc<str>>, text: String) {
        self.found.signals.push(Signal { kind, environment, text, value: None, span: None });
    }

    fn push_value(&mut self, kind: SignalKind, environment: Option<Arc<str>>, text: String, value: &Value) {
        let span = value.origin.as_ref().and_then(|origin| origin.steps().find_map(|step| step.span));
        self.found.signals.push(Signal { kind, environment, text, value: Some(value.clone()), span });
    }

    /// What the configuration says about the address, path, workspace or account.
    pub(super) fn configured(&mut self, root: &Root, instance: &Instance) {
        let settings = self.settings;
        if let Some(name) = &settings.assigned {
            self.push(SignalKind::Configured, Some(name.clone()), format!("chosen environment {name}"));
        }
        let path = root.path.to_string_lossy().replace('\\', "/");
        let path = path.trim_start_matches("./").trim_end_matches('/');
        let workspace = root.workspace.as_deref();
        let accounts = accounts_of(instance);
        let any = |patterns: &[String], text: &str| patterns.iter().any(|pattern| glob_matches(pattern, text));
        for declared in &settings.declared {
            let says = |text: String| (Some(declared.name.clone()), text);
            let found = if any(&declared.addresses, &instance.address) {
                says(format!("configured address {}", instance.address))
            } else if any(&declared.paths, path) {
                says(format!("configured path {path}"))
            } else if let Some(workspace) = workspace.filter(|name| any(&declared.workspaces, name)) {
                says(format!("configured workspace {workspace}"))
            } else if let Some(account) = accounts.iter().find(|account| declared.accounts.contains(account)) {
                says(format!("configured account {account}"))
            } else {
                continue;
            };
            self.push(SignalKind::Configured, found.0, found.1);
        }
    }

    /// Tags, labels and the provider's defaults for them.
    pub(super) fn tags(&mut self, instance: &Instance) {
        let Some(fields) = instance.values.as_fields() else { return };
        let before = (self.found.signals.len(), self.unknown.len());
        for name in TAG_MAPS {
            if let Some(tags) = fields.get(*name) {
                self.tag_map(tags);
            }
        }
        for block in fields.get("metadata").and_then(Value::as_items).into_iter().flatten() {
            if let Some(labels) = block.as_fields().and_then(|fields| fields.get("labels")) {
                self.tag_map(labels);
            }
        }
        for block in fields.get("tag").and_then(Value::as_items).into_iter().flatten().filter_map(Value::as_fields) {
            if let (Some(key), Some(value)) = (block.get("key").and_then(Value::as_str), block.get("value")) {
                self.tag(key, value);
            }
        }
        // Resources that cannot be tagged do not get the defaults either.
        let is_taggable = TAG_MAPS.iter().any(|name| fields.contains_key(*name));
        // A tag of its own, known or not, hides the provider's.
        if is_taggable && (self.found.signals.len(), self.unknown.len()) == before {
            self.default_tags(instance);
        }
    }

    fn default_tags(&mut self, instance: &Instance) {
        let Some(config) = instance.provider.config.as_deref().and_then(Value::as_fields) else { return };
        if let Some(labels) = config.get("default_labels") {
            self.tag_map(labels);
        }
        for block in config.get("default_tags").and_then(Value::as_items).into_iter().flatten() {
            if let Some(tags) = block.as_fields().and_then(|fields| fields.get("tags")) {
                self.tag_map(tags);
            }
        }
    }

    fn tag_map(&mut self, tags: &Value) {
        if let Some(fields) = tags.as_fields() {
            fields.iter().for_each(|(key, value)| self.tag(key, value));
            return;
        }
        let Some(unknown) = tags.as_unknown() else { return };
        if let Knowledge::Members(members) = &unknown.knowledge {
            for member in members.iter() {
                if let Some(key) = member.key.as_ref().and_then(Value::as_str) {
                    self.tag(key, &member.value);
                }
            }
        }
        self.unknown.extend(unknown.reasons.iter().cloned());
    }

    fn tag(&mut self, key: &str, value: &Value) {
        let settings = self.settings;
        let declared_by = |word: &str| {
            let means = |it: &&DeclaredEnvironment| {
                it.tags.iter().any(|(tag, values)| {
                    tag.eq_ignore_ascii_case(key) && values.iter().any(|pattern| glob_matches(pattern, word))
                })
            };
            settings.declared.iter().find(means).map(|it| it.name.clone())
        };
        let is_declared_key =
            settings.declared.iter().any(|it| it.tags.keys().any(|tag| tag.eq_ignore_ascii_case(key)));
        if !is_declared_key && !settings.tag_keys.iter().any(|name| name.eq_ignore_ascii_case(key)) {
            return;
        }
        match (&value.as_str(), value.as_unknown()) {
            (Some(word), _) => {
                let environment = declared_by(word).or_else(|| self.word_or_part(word));
                self.push_once(environment, format!("tag {key} = \"{word}\""), value);
            }
            (None, Some(unknown)) => self.unknown.extend(unknown.reasons.iter().cloned()),
            (None, None) => {}
        }
    }

    /// `tags` and `tags_all` say the same twice.
    fn push_once(&mut self, environment: Option<Arc<str>>, text: String, value: &Value) {
        if !self.found.signals.iter().any(|signal| signal.text == text) {
            self.push_value(SignalKind::Tag, environment, text, value);
        }
    }

    pub(super) fn workspace(&mut self, root: &Root) {
        let Some(workspace) = root.workspace.as_deref().filter(|name| *name != "default") else { return };
        if let Some(environment) = self.word_or_part(workspace) {
            self.push(SignalKind::Workspace, Some(environment), format!("workspace {workspace}"));
        }
    }

    /// The provider's alias, profile, account, subscription or project.
    pub(super) fn account(&mut self, instance: &Instance) {
        if let Some((_, alias)) = instance.provider.name.split_once('.')
            && let Some(environment) = self.word_or_part(alias)
        {
            self.push(SignalKind::Account, Some(environment), format!("provider {}", instance.provider.name));
        }
        let config = instance.provider.config.as_deref().and_then(Value::as_fields);
        let own = instance.values.as_fields().and_then(|fields| fields.get("project"));
        let named = ["profile", "project"].iter().filter_map(|name| config?.get(*name)).chain(own);
        for value in named {
            if let Some(word) = value.as_str()
                && let Some(environment) = self.specific(word)
            {
                self.push_value(SignalKind::Account, Some(environment), format!("account {word}"), value);
                break;
            }
        }
    }

    pub(super) fn path(&mut self, root: &Root) {
        let path = root.path.to_string_lossy().replace('\\', "/");
        let segments = path.rsplit('/').filter(|segment| !segment.is_empty()).take(MAX_PATH_SEGMENTS);
        let found = segments.map(|word| (self.settings.environment_named(word).or_else(|| self.specific(word)), word));
        if let Some((Some(environment), word)) = found.into_iter().find(|(environment, _)| environment.is_some()) {
            self.push(SignalKind::Path, Some(environment), format!("directory {word}"));
        }
    }

    /// A word in the real name, in the keys of the instance and its modules, in the resource's or a module's name.
    pub(super) fn names(&mut self, instance: &Instance) {
        let real = instance.values.as_fields().and_then(|fields| {
            ["name", "bucket", "identifier", "resource_group_name"].iter().find_map(|name| fields.get(*name)?.as_str())
        });
        let keys = instance_keys(&instance.address);
        let words = real.into_iter().chain(keys).chain([&*instance.name]).chain(module_path(&instance.module));
        for word in words {
            if let Some(environment) = self.specific(word) {
                self.push(SignalKind::Name, Some(environment), format!("name {word}"));
                return;
            }
        }
    }

    fn word_or_part(&self, word: &str) -> Option<Arc<str>> {
        self.settings.environment_named(word).or_else(|| self.specific(word))
    }

    /// The one environment that a part of a compound name means; nothing if parts disagree.
    fn specific(&self, name: &str) -> Option<Arc<str>> {
        let parts = name.split(|ch: char| !ch.is_alphanumeric()).filter(|part| !part.is_empty());
        let mut found = parts
            .filter_map(|part| self.settings.environment_named(part))
            .filter(|environment| !self.settings.vocabulary.is_common_word(environment));
        let first = found.next()?;
        found.all(|other| other == first).then_some(first)
    }
}

/// The texts that stand as keys in an address, innermost first: `dev` in `module.net["dev"].aws_vpc.main`.
fn instance_keys(address: &str) -> impl Iterator<Item = &str> {
    let keys: Vec<&str> = address.split("[\"").skip(1).filter_map(|rest| rest.split("\"]").next()).collect();
    keys.into_iter().rev()
}

/// The account, subscription or project that an instance's provider works in, as far as it is written down.
fn accounts_of(instance: &Instance) -> Vec<String> {
    let mut accounts = Vec::new();
    let own = instance.values.as_fields().and_then(|fields| fields.get("project"));
    accounts.extend(own.and_then(Value::as_str).map(str::to_owned));
    let Some(config) = instance.provider.config.as_deref().and_then(Value::as_fields) else { return accounts };
    for name in ["subscription_id", "project", "profile", "account_id"] {
        accounts.extend(config.get(name).and_then(Value::as_str).map(str::to_owned));
    }
    for id in config.get("allowed_account_ids").and_then(Value::as_items).into_iter().flatten() {
        accounts.extend(id.as_str().map(str::to_owned));
    }
    for role in config.get("assume_role").and_then(Value::as_items).into_iter().flatten() {
        let arn = role.as_fields().and_then(|fields| fields.get("role_arn")).and_then(Value::as_str);
        accounts.extend(arn.and_then(|arn| arn.split(':').nth(4)).map(str::to_owned));
    }
    accounts
}
