//! What a rule is once it is loaded.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::code::Code;
use crate::diagnostic::{RuleInfo, Severity};
use crate::source::Span;
use crate::value::Value;

/// A rule.
#[derive(Clone, Debug)]
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
    /// Standards it serves.
    pub standards: Vec<String>,
    /// Policy clauses it enforces.
    pub clauses: Vec<String>,
    /// Parameters and their defaults.
    pub params: BTreeMap<Arc<str>, Value>,
    /// What is checked, in order.
    pub checks: Vec<Check>,
    /// The document beside it, Markdown; empty if there is none.
    pub document: Arc<str>,
    /// Header of the `rule` block.
    pub span: Span,
    /// Attributes of types that no provider table has, as the rule declares them.
    pub(super) declared: BTreeMap<Arc<str>, Vec<String>>,
}

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
    /// The resource types it reads directly, in order, without duplicates.
    #[must_use]
    pub fn resource_types(&self) -> Vec<String> {
        let mut types: Vec<String> = Vec::new();
        for check in &self.checks {
            match &check.target {
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
        RuleInfo {
            id: self.id.to_string(),
            domain: self.domain.to_string(),
            severity: Some(self.severity),
            summary: self.summary.clone(),
            document: self.document.to_string(),
            aliases: self.aliases.clone(),
            standards: self.standards.clone(),
            clauses: self.clauses.clone(),
            resource_types: self.resource_types(),
            params: self
                .params
                .iter()
                .map(|(name, value)| (name.to_string(), super::message::to_json(value)))
                .collect(),
        }
    }
}

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
