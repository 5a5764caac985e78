//! What is configured about environments, and the words that mean them.

use std::collections::BTreeMap;
use std::sync::Arc;

/// An environment as declared in the configuration. Patterns are those of [`glob_matches`](super::glob_matches).
#[derive(Clone, Debug, Default)]
pub struct DeclaredEnvironment {
    /// Its name.
    pub name: Arc<str>,
    /// Patterns of workspaces.
    pub workspaces: Vec<String>,
    /// Patterns of root module paths.
    pub paths: Vec<String>,
    /// Patterns of instance addresses: `module.prod.*`.
    pub addresses: Vec<String>,
    /// Tags or labels by key, with the values that mean this environment (patterns).
    pub tags: BTreeMap<String, Vec<String>>,
    /// Accounts, subscriptions, projects.
    pub accounts: Vec<String>,
    /// Address ranges; for the network room.
    pub cidrs: Vec<String>,
}

/// How environments are found.
#[derive(Clone, Debug)]
pub struct EnvironmentSettings {
    /// The environment that everything is judged as (`-e`).
    pub assigned: Option<Arc<str>>,
    /// The declared environments, in order.
    pub declared: Vec<DeclaredEnvironment>,
    /// Words that mean environments.
    pub vocabulary: Vocabulary,
    /// Keys of tags and labels that name the environment, in lower case.
    pub tag_keys: Vec<String>,
}

impl Default for EnvironmentSettings {
    fn default() -> Self {
        let tag_keys = ["environment", "env", "stage"];
        Self {
            assigned: None,
            declared: Vec::new(),
            vocabulary: Vocabulary::default(),
            tag_keys: tag_keys.map(str::to_owned).to_vec(),
        }
    }
}

impl EnvironmentSettings {
    /// The names of all environments: the declared ones, or those of the vocabulary.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let declared = self.declared.iter().map(|environment| &*environment.name);
        let known = self.vocabulary.groups.keys().map(|name| &**name).filter(|_| self.declared.is_empty());
        declared.chain(known)
    }

    /// The environment that a word means: `production` is `prod`, or what the configuration calls it.
    #[must_use]
    pub fn environment_named(&self, word: &str) -> Option<Arc<str>> {
        let declared = |word: &str| self.declared.iter().find(|it| it.name.eq_ignore_ascii_case(word));
        if let Some(environment) = declared(word) {
            return Some(environment.name.clone());
        }
        let (name, words) = self.vocabulary.group_of(word)?;
        let renamed = std::iter::once(&**name).chain(words.iter().map(String::as_str)).find_map(declared);
        Some(renamed.map_or_else(|| name.clone(), |environment| environment.name.clone()))
    }
}

/// Words that mean environments.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    /// For each environment the other words for it, in lower case.
    pub groups: BTreeMap<Arc<str>, Vec<String>>,
}

impl Default for Vocabulary {
    fn default() -> Self {
        let groups: [(&str, &[&str]); 4] = [
            ("prod", &["production", "prd", "live"]),
            ("test", &["testing", "tst", "qa", "uat", "stage", "staging", "stg", "preprod", "acceptance"]),
            ("dev", &["development", "develop", "sandbox", "sbx"]),
            (SHARED, &["common", "hub", "network", "core", "platform", "central", "transit", "mgmt", "management"]),
        ];
        let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        Self { groups: groups.into_iter().map(|(name, words)| (name.into(), owned(words))).collect() }
    }
}

/// The environment of what serves all others.
const SHARED: &str = "shared";

impl Vocabulary {
    fn group_of(&self, word: &str) -> Option<(&Arc<str>, &Vec<String>)> {
        let is_word = |other: &str| other.eq_ignore_ascii_case(word);
        self.groups.iter().find(|(name, words)| is_word(name) || words.iter().any(|other| is_word(other)))
    }

    /// Whether words of this environment are so common (`core`, `network`) that they say nothing inside names.
    #[must_use]
    pub fn is_common_word(&self, environment: &str) -> bool {
        environment == SHARED
    }
}
