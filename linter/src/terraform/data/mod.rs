//! Data sources whose result follows from their configuration alone: no service needs to be asked.
//!
//! Owns: one function per data source, from its configured fields to the fields it would compute.
//! Promises: what depends on an unknown value is unknown, and keeps what is known of it.

mod caller;
mod cloudinit_config;
mod iam_policy_document;
mod local_file;

use crate::eval::{Context, functions};
use crate::source::{FileId, Span};
use crate::value::{Fields, Value};

/// What a data source may look at.
pub(super) struct Input<'i> {
    /// Its configured attributes and blocks.
    pub(super) fields: &'i Fields,
    /// The configuration of its provider.
    pub(super) provider: Option<&'i Value>,
    /// Files and limits.
    pub(super) context: &'i Context<'i>,
    /// Where its block stands.
    pub(super) span: Span,
}

type Compute = fn(&Input<'_>) -> Vec<(&'static str, Value)>;

/// Data source, the attributes it computes, and how.
const SOURCES: &[(&str, &[&str], Compute)] = &[
    ("aws_iam_policy_document", &["json", "minified_json"], iam_policy_document::compute),
    ("aws_region", &["name", "id", "region"], caller::region),
    ("aws_partition", &["partition", "dns_suffix", "id"], caller::partition),
    ("cloudinit_config", &["rendered"], cloudinit_config::compute),
    ("template_cloudinit_config", &["rendered"], cloudinit_config::compute),
    ("template_file", &["rendered"], local_file::template),
    ("local_file", &["content", "content_base64"], local_file::compute),
    ("local_sensitive_file", &["content", "content_base64"], local_file::compute),
];

/// Whether [`compute`] gives this attribute of the data source.
pub(super) fn computes(data_source: &str, attribute: &str) -> bool {
    SOURCES.iter().any(|(name, attributes, _)| *name == data_source && attributes.contains(&attribute))
}

/// The attributes that follow for a data source.
pub(super) fn compute(data_source: &str, input: &Input<'_>) -> Vec<(&'static str, Value)> {
    let found = SOURCES.iter().find(|(name, _, _)| *name == data_source);
    found.map(|(_, _, compute)| compute(input)).unwrap_or_default()
}

impl Input<'_> {
    /// The configured value of this name; null counts as left out.
    fn get(&self, name: &str) -> Option<&Value> {
        self.fields.get(name).filter(|value| !value.is_null())
    }

    /// What one of Terraform's functions gives; unknown with the message where it refuses.
    fn call(&self, name: &str, args: &[Value]) -> Value {
        let spans = vec![self.span; args.len()];
        let call = functions::Call { name, args, arg_spans: &spans, span: self.span };
        functions::call(&call, self.context).unwrap_or_else(|error| error.to_unknown())
    }

    fn file(&self) -> FileId {
        self.span.file
    }
}
