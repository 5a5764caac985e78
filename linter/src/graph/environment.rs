//! Environments: to which of dev, test, prod, shared an instance belongs, and what says so.

mod glob;
mod settings;
mod signals;

use std::sync::Arc;

pub use glob::glob_matches;
pub use settings::{DeclaredEnvironment, EnvironmentSettings, Vocabulary};

use crate::source::Span;
use crate::terraform::{Instance, Root};
use crate::value::{Reason, Value};

/// What kind of thing said which environment it is, in order of weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignalKind {
    /// The configuration of Palisade, or `-e`.
    Configured,
    /// A tag or label.
    Tag,
    /// The workspace.
    Workspace,
    /// The provider's account, subscription or project, or its alias.
    Account,
    /// A directory of the root module's path.
    Path,
    /// A word in the name of the resource or its module.
    Name,
}

impl SignalKind {
    /// One word for messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Configured => "configuration",
            Self::Tag => "tag",
            Self::Workspace => "workspace",
            Self::Account => "account",
            Self::Path => "path",
            Self::Name => "name",
        }
    }
}

/// One thing that says something about the environment.
#[derive(Clone, Debug)]
pub struct Signal {
    /// What kind of thing.
    pub kind: SignalKind,
    /// The environment it says; `None` if its word is no environment we know.
    pub environment: Option<Arc<str>>,
    /// The thing in words: `tag Environment = "prod"`.
    pub text: String,
    /// The value, where there is one.
    pub value: Option<Value>,
    /// Where it stands.
    pub span: Option<Span>,
}

/// The environment of an instance and why.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// The environment; `None` if nothing says one.
    pub name: Option<Arc<str>>,
    /// Everything that says something, weightiest first.
    pub signals: Vec<Signal>,
    /// Why it is not known, when only an unknown value could have said it.
    pub undetermined: Vec<Reason>,
}

impl Environment {
    /// Nothing says anything.
    pub const NONE: Self = Self { name: None, signals: Vec::new(), undetermined: Vec::new() };
}

/// Finds the environment of an instance.
pub(super) fn environment_of(root: &Root, instance: &Instance, settings: &EnvironmentSettings) -> Environment {
    let mut found = signals::Collector::new(settings);
    found.configured(root, instance);
    found.tags(instance);
    found.workspace(root);
    found.account(instance);
    found.path(root);
    found.names(instance);
    found.elsewhere(root);
    found.finish()
}
