//! What an element of the model is called, and where it is written.

use std::sync::Arc;

use crate::source::Span;
use crate::value::{Origin, OriginKind};

/// What people see of an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The resource that declares it; for what nobody declares, the name of the thing and of its owner.
    pub resource: Arc<str>,
    /// What it is in the network: `security group`, `route`, `instance`.
    pub role: &'static str,
    /// What it says, such as `10.0.0.0/8 to aws_nat_gateway.a`; may be empty.
    pub text: Arc<str>,
    /// Where it is written.
    pub origin: Option<Arc<Origin>>,
    /// Whether the cloud makes it although nobody declares it.
    pub implied: bool,
}

impl Label {
    /// An element that a resource declares.
    #[must_use]
    pub fn declared(resource: &Arc<str>, role: &'static str, origin: Option<Arc<Origin>>) -> Self {
        Self { resource: resource.clone(), role, text: "".into(), origin, implied: false }
    }

    /// An element that the cloud makes by itself: `main route table of aws_vpc.a (not declared)`.
    #[must_use]
    pub fn implied(name: &str, role: &'static str) -> Self {
        Self { resource: name.into(), role, text: "".into(), origin: None, implied: true }
    }

    /// The same element with what it says.
    #[must_use]
    pub fn saying(&self, text: impl Into<Arc<str>>) -> Self {
        Self { text: text.into(), ..self.clone() }
    }

    /// Where it is written in a file: the first step with a place that is not a mere reference.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        let steps = || self.origin.iter().flat_map(|origin| origin.steps());
        let is_place = |step: &&Origin| !matches!(step.kind, OriginKind::Reference(_));
        steps().filter(is_place).find_map(|step| step.span).or_else(|| steps().find_map(|step| step.span))
    }
}
