//! Where a value came from, step by step.

use std::sync::Arc;

use crate::source::Span;

/// One step of a value's way, and the steps before it. The newest step is the outermost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// What the step is.
    pub kind: OriginKind,
    /// Where it stands, if it stands anywhere.
    pub span: Option<Span>,
    /// The step before: for an attribute `cidr = var.x`, the reference; for a reference, the default it found.
    pub prior: Option<Arc<Origin>>,
}

/// Kind of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OriginKind {
    /// An expression that wrote the value down.
    Literal,
    /// An attribute of a block was set to it; the span covers the whole attribute.
    Attribute(Arc<str>),
    /// A nested block made it; the span is the block's header.
    Block(Arc<str>),
    /// A reference passed it on: `var.cidr`, `local.rules`, `module.net.ids`.
    Reference(Arc<str>),
    /// The `default` of a variable, by variable name.
    VariableDefault(Arc<str>),
    /// A line of a variables file, by variable name.
    VariableFile(Arc<str>),
    /// `--var` or `TF_VAR_*`, by variable name.
    VariableGiven(Arc<str>),
    /// The argument of a module call, by variable name.
    ModuleArgument(Arc<str>),
    /// The provider's `default_tags` or `default_labels`.
    ProviderDefault,
    /// What the provider or service assumes when nothing is written, from the table of defaults.
    AssumedDefault,
    /// A plan or state file.
    Plan,
}

impl Origin {
    /// A first step.
    #[must_use]
    pub fn new(kind: OriginKind, span: Option<Span>) -> Arc<Self> {
        Arc::new(Self { kind, span, prior: None })
    }

    /// A step after `prior`.
    #[must_use]
    pub fn after(kind: OriginKind, span: Option<Span>, prior: Option<Arc<Origin>>) -> Arc<Self> {
        Arc::new(Self { kind, span, prior })
    }

    /// The steps, newest first.
    pub fn steps(&self) -> impl Iterator<Item = &Origin> {
        std::iter::successors(Some(self), |step| step.prior.as_deref())
    }
}
