//! Tags and labels, the provider's defaults among them.

use std::sync::Arc;

use super::{RuleFunction, Surroundings, anything};
use crate::eval::functions::{Call, FunctionError, Signature};
use crate::terraform::{Instance, Others};
use crate::value::{Fields, Kind, Knowledge, Member, Reason, Type, Unknown, Value};

pub(super) const FUNCTIONS: &[RuleFunction] = &[
    RuleFunction::new(
        "tags_of",
        &[anything("instance")],
        Signature::Any,
        "The tags or labels of an instance with those of the provider's default_tags or default_labels: an object.",
        tags_of,
    ),
    RuleFunction::new(
        "default_tags",
        &[anything("instance")],
        Signature::Any,
        "The provider's default_tags or default_labels for an instance: an object, empty if there are none.",
        default_tags,
    ),
];

/// Attributes that hold tags or labels, the widest first.
const TAGS: &[&str] = &["tags", "labels", "user_labels", "resource_labels", "freeform_tags"];

fn default_tags(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let instance = around.instance(call, 0)?;
    Ok(merged(&defaults(instance, around)))
}

fn tags_of(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let instance = around.instance(call, 0)?;
    let fields = instance.values.as_fields();
    let own = TAGS.iter().filter_map(|name| fields?.get(*name)).find(|value| !value.is_null());
    // Resources that cannot be tagged do not get the defaults either.
    let mut sources = defaults(instance, around);
    sources.extend(own.cloned());
    Ok(merged(&sources))
}

fn defaults(instance: &Instance, around: &Surroundings<'_, '_, '_>) -> Vec<Value> {
    let config = instance.provider.config.as_deref();
    if config.is_none() && around.facts.graph.root().others == Others::Possible {
        // The provider's configuration is not known here.
        return vec![Value::unknown(Type::map(Type::String), Reason::Error(Others::REASON.into()))];
    }
    let Some(config) = config.and_then(Value::as_fields) else { return Vec::new() };
    let blocks = config.get("default_tags").and_then(Value::as_items).into_iter().flatten();
    let tags = blocks.filter_map(|block| block.as_fields()?.get("tags").cloned());
    tags.chain(config.get("default_labels").cloned()).collect()
}

/// One object of several; later ones win. Where one is not known, its known members are kept.
fn merged(sources: &[Value]) -> Value {
    let (mut fields, mut open) = (Fields::new(), Vec::new());
    for source in sources {
        match source.as_unknown() {
            None => {
                fields.extend(source.as_fields().into_iter().flatten().map(|(key, value)| (key.clone(), value.clone())))
            }
            Some(unknown) => {
                if let Knowledge::Members(members) = &unknown.knowledge {
                    let known = members.iter().filter(|member| member.certain);
                    fields.extend(known.filter_map(|it| Some((it.key.as_ref()?.as_str()?.into(), it.value.clone()))));
                }
                open.push(unknown);
            }
        }
    }
    if open.is_empty() {
        return Value::object(fields);
    }
    let mut unknown = Unknown::derived(Type::map(Type::Any), open);
    let member = |(key, value): (Arc<str>, Value)| Member { key: Some(Value::string(key)), value, certain: true };
    unknown.knowledge = Knowledge::Members(fields.into_iter().map(member).collect());
    unknown.refinement.not_null = true;
    Kind::Unknown(Arc::new(unknown)).into()
}
