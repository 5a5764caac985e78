//! Attributes that follow from configuration alone, though a provider sets them.

use std::sync::Arc;

use super::data;
use super::instance::Mode;
use crate::eval::Context;
use crate::source::Span;
use crate::value::{Fields, Kind, Origin, OriginKind, Type, Value};

/// Whether [`complete`] sets this attribute of the type.
pub(super) fn is_computed(mode: Mode, resource_type: &str, name: &str) -> bool {
    match (mode, resource_type, name) {
        (Mode::Managed, "terraform_data", "output") => true,
        (Mode::Managed, _, "tags_all") => true,
        (Mode::Managed, "template_cloudinit_config" | "cloudinit_config", "rendered") => true,
        (Mode::Data, _, _) => data::computes(resource_type, name),
        (Mode::Managed, _, _) => false,
    }
}

/// What computed attributes may depend on besides the configured ones.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'i> {
    pub(super) provider: Option<&'i Value>,
    pub(super) context: &'i Context<'i>,
    pub(super) span: Span,
}

/// The attributes with those that follow from them.
pub(super) fn complete(mode: Mode, resource_type: &str, mut fields: Fields, input: &Surroundings<'_>) -> Fields {
    if mode == Mode::Data {
        let Surroundings { provider, context, span } = *input;
        let computed = data::compute(resource_type, &data::Input { fields: &fields, provider, context, span });
        fields.extend(computed.into_iter().map(|(name, value)| (Arc::from(name), value)));
    }
    if (mode, resource_type) == (Mode::Managed, "terraform_data") {
        let output = fields.get("input").cloned().unwrap_or_else(Value::null);
        fields.insert("output".into(), output);
    }
    fields
}

/// The attributes with `tags_all`: the tags of the resource over the provider's default tags.
pub(super) fn with_default_tags(mut fields: Fields, provider: Option<&Value>, has_tags_all: bool) -> Fields {
    if !has_tags_all {
        return fields;
    }
    let defaults = provider.and_then(default_tags);
    let own = fields.get("tags").filter(|tags| !tags.is_null());
    let all = match (defaults, own) {
        (None, None) => return fields,
        (None, Some(own)) => own.clone(),
        (Some(defaults), None) => from_provider(defaults),
        (Some(defaults), Some(own)) => match (defaults.as_fields(), own.as_fields()) {
            (Some(base), Some(over)) => {
                let mut merged = base.clone();
                for value in merged.values_mut() {
                    *value = from_provider(value.clone());
                }
                merged.extend(over.iter().map(|(name, value)| (name.clone(), value.clone())));
                let marks = defaults.marks.union(own.marks);
                Value::from(Kind::Map(Type::String, Arc::new(merged))).marked(marks)
            }
            _ if own.as_fields().is_none() => own.clone(),
            _ => defaults,
        },
    };
    fields.insert("tags_all".into(), all);
    fields
}

fn default_tags(provider: &Value) -> Option<Value> {
    let block = provider.as_fields()?.get("default_tags")?.as_items()?.first()?.clone();
    block.as_fields()?.get("tags").filter(|tags| !tags.is_null()).cloned()
}

fn from_provider(value: Value) -> Value {
    let origin =
        Origin::after(OriginKind::ProviderDefault, value.origin.as_ref().and_then(|o| o.span), value.origin.clone());
    value.from_origin(Some(origin))
}
