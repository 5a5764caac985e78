//! What a rule is once it is loaded: its head at once, its conditions when they are first asked for.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::code::Code;
use crate::diagnostic::{Diagnostic, RuleInfo, Severity};
use crate::source::Span;
use crate::value::Value;

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its path below the ruleset: `tls/lb-listener-https`.
    pub id: Arc<str>,
    /// The first part of the id.
    pub domain: Arc<str>,
    /// One line.
    pub summary: String,
    /// Before overrides and scaling.
    pub severity: Severity,
    /// Ids of the same check in other tools, and former ids.
    pub aliases: Vec<String>,
    /// Ids of rules that say more: where one of them finds the same place, this rule steps back.
    pub covered_by: Vec<String>,
    /// Standards it serves.
    pub standards: Vec<String>,
    /// Policy clauses it enforces.
    pub clauses: Vec<String>,
    /// Names of its parameters, in order.
    pub param_names: Vec<Arc<str>>,
    /// What its checks judge, in their order.
    pub targets: Vec<Target>,
    /// The document beside it, Markdown; empty if there is none.
    pub document: Cow<'static, str>,
    pub(super) definition: OnDemand,
}

/// What a rule judges by.
#[derive(Debug)]
pub struct Definition {
    /// Parameters and their defaults.
    pub params: BTreeMap<Arc<str>, Value>,
    /// What is checked, in order.
    pub checks: Vec<Check>,
    /// Header of the `rule` block.
    pub span: Span,
    /// Attributes of types that no provider table has, as the rule declares them.
    pub(super) declared: BTreeMap<Arc<str>, Vec<String>>,
}

type Reading = Result<Arc<Definition>, Vec<Diagnostic>>;

/// A definition, or what is wrong with it, made when first asked for, by whichever thread comes first.
pub(super) type OnDemand = LazyLock<Reading, Box<dyn FnOnce() -> Reading + Send + Sync>>;

/// What kind of thing a check judges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Instances of these resource types; data sources with `data.` in front.
    Instances(Vec<Arc<str>>),
    /// Configurations of a provider, by local name.
    Provider(Arc<str>),
    /// Module calls.
    Module,
    /// The root as a whole.
    Root,
}

/// One `check` block.
#[derive(Clone, Debug)]
pub struct Check {
    /// What it judges.
    pub target: Target,
    /// Header of the block.
    pub span: Span,
    /// Judged only where this holds.
    pub(super) when: Option<Code>,
    /// Each element of this is judged by itself.
    pub(super) for_each: Option<Code>,
    /// Named intermediate results.
    pub(super) locals: BTreeMap<Arc<str>, Code>,
    /// What must hold; at least one.
    pub(super) asserts: Vec<Assert>,
}

/// What must hold, and what is said when it does not.
#[derive(Clone, Debug)]
pub(super) struct Assert {
    pub(super) when: Option<Code>,
    pub(super) condition: Code,
    pub(super) error_message: Code,
    pub(super) help: Option<Code>,
    pub(super) severity: Option<Code>,
    pub(super) at: Option<Code>,
}

impl Rule {
    /// A definition that is there.
    pub(super) fn at_once(definition: Definition) -> OnDemand {
        Self::later(move || Ok(Arc::new(definition)))
    }

    /// A definition that is read when it is first asked for.
    pub(super) fn later(read: impl FnOnce() -> Reading + Send + Sync + 'static) -> OnDemand {
        LazyLock::new(Box::new(read))
    }

    /// Its parameters and checks.
    ///
    /// # Errors
    /// What is wrong with the rule, if it was loaded without reading them and they cannot be read.
    pub fn definition(&self) -> Result<&Definition, &[Diagnostic]> {
        self.definition.as_deref().map_err(Vec::as_slice)
    }

    /// The resource types it reads directly, in order, without duplicates.
    #[must_use]
    pub fn resource_types(&self) -> Vec<String> {
        let mut types: Vec<String> = Vec::new();
        for target in &self.targets {
            match target {
                Target::Instances(names) => types.extend(names.iter().map(|name| name.to_string())),
                Target::Provider(name) => types.push(format!("provider.{name}")),
                Target::Module => types.push("module".to_owned()),
                Target::Root => types.push("terraform".to_owned()),
            }
        }
        types.sort();
        types.dedup();
        types
    }

    /// Whether the rule's own id or one of its aliases is this, capitals aside.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        self.id.eq_ignore_ascii_case(name) || self.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
    }

    /// What outputs say about it, before overrides.
    #[must_use]
    pub fn info(&self) -> RuleInfo {
        let params = self.definition().into_iter().flat_map(|definition| &definition.params);
        let params = params.map(|(name, value)| (name.to_string(), super::message::to_json(value)));
        RuleInfo { params: params.collect(), ..self.head() }
    }

    /// What outputs say about it, before overrides, as far as that is known without reading its conditions.
    #[must_use]
    pub fn head(&self) -> RuleInfo {
        RuleInfo {
            id: self.id.to_string(),
            domain: self.domain.to_string(),
            severity: Some(self.severity),
            summary: self.summary.clone(),
            document: self.document.clone(),
            aliases: self.aliases.clone(),
            standards: self.standards.clone(),
            clauses: self.clauses.clone(),
            resource_types: self.resource_types(),
            params: serde_json::Map::new(),
        }
    }
}

impl Target {
    /// What a check with these labels judges; `None` if it has none, or one that cannot stand with others.
    pub(super) fn of(labels: &[&str]) -> Option<Self> {
        match labels {
            [] => None,
            ["terraform"] => Some(Self::Root),
            ["module"] => Some(Self::Module),
            [only] if only.starts_with(PROVIDER) => Some(Self::Provider(only.get(PROVIDER.len()..)?.into())),
            several if several.iter().any(|label| is_special(label)) => None,
            types => Some(Self::Instances(types.iter().map(|name| (*name).into()).collect())),
        }
    }
}

/// Whether a label means something else than instances of a type.
pub(super) fn is_special(label: &str) -> bool {
    matches!(label, "terraform" | "module") || label.starts_with(PROVIDER)
}

const PROVIDER: &str = "provider.";

impl Check {
    /// The label of the block: `aws_lb_listener`, `provider.aws`, `module`, `terraform`; of several types the first.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.target {
            Target::Instances(names) => names.first().map(|name| name.to_string()).unwrap_or_default(),
            Target::Provider(name) => format!("provider.{name}"),
            Target::Module => "module".to_owned(),
            Target::Root => "terraform".to_owned(),
        }
    }
}
