//! Joins: instances that refer to an instance, and instances that a value refers to.

use std::sync::Arc;

use super::{RuleFunction, Surroundings, anything, text};
use crate::eval::functions::{Call, FunctionError, Signature, Unknowns};
use crate::graph::Related;
use crate::rules::scope::unknown_because;
use crate::terraform::{Extent, Instance, Others};
use crate::value::{Kind, Knowledge, Member, Reason, Type, Value};

/// So many instances that may refer to something unknown make the answer open; more would not make it more so.
const MAX_POSSIBLE: usize = 64;

pub(super) const FUNCTIONS: &[RuleFunction] = &[
    RuleFunction::new(
        "related",
        &[anything("of"), text("type"), text("path")],
        Signature::Any,
        "The instances of a type whose attribute at a path refers to the instance, by symbol or by known id, ARN or name.",
        related,
    ),
    RuleFunction::new(
        "has_related",
        &[anything("of"), text("type"), text("path")],
        Signature::Bool,
        "Whether there is an instance of a type whose attribute at a path refers to the instance.",
        has_related,
    ),
    RuleFunction::new(
        "referenced",
        &[anything("value")],
        Signature::Any,
        "The instances that a value refers to. With a type as second argument only those, found by their names too.",
        referenced,
    )
    .with_variadic(text("type")),
    RuleFunction::new(
        "resources",
        &[text("type")],
        Signature::Any,
        "All instances of a type; data sources with \"data.\" in front.",
        resources,
    ),
    RuleFunction::new(
        "of_same_device",
        &[anything("instance"), anything("types").with_unknowns(Unknowns::No)],
        Signature::Any,
        "The instances of these types that configure the same device as an instance: by its provider configuration and its device attribute.",
        of_same_device,
    ),
    RuleFunction::new("address", &[anything("instance")], Signature::String, "The address of an instance.", address),
    RuleFunction::new(
        "resource_type",
        &[anything("instance")],
        Signature::String,
        "The resource type of an instance.",
        resource_type,
    ),
];

fn related(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let found = find(call, around)?;
    if around.may_be_others() {
        return Ok(around.open_instances(&found.certain, &found.possible, &found.reasons));
    }
    Ok(around.instances(&found.certain, &found.possible, &found.reasons))
}

fn has_related(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let found = find(call, around)?;
    if found.certain.is_empty() && (!found.possible.is_empty() || around.may_be_others()) {
        let reasons = match around.may_be_others() {
            true => vec![others_reason()],
            false => reasons_for(&found.possible, &found.reasons),
        };
        return Ok(Kind::Unknown(Arc::new(unknown_because(Type::Bool, &reasons))).into());
    }
    Ok((!found.certain.is_empty()).into())
}

fn find<'r>(call: &Call<'_>, around: &Surroundings<'_, '_, 'r>) -> Result<Related<'r>, FunctionError> {
    let (resource_type, path) = (call.text(1)?, call.text(2)?);
    if let Some(unknown) = call.value(0)?.as_unknown() {
        // Whatever it is, nothing but these can refer to it.
        let possible = around.facts.graph.of_type(resource_type).take(MAX_POSSIBLE).collect();
        return Ok(Related { possible, reasons: unknown.reasons.to_vec(), ..Related::default() });
    }
    Ok(around.facts.graph.related(around.instance(call, 0)?, resource_type, path))
}

fn referenced(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let wanted = if call.args.len() > 1 { Some(call.text(1)?) } else { None };
    let found = around.facts.graph.resolve(call.value(0)?, wanted);
    if found.open.is_empty() {
        return Ok(around.instances(&found.certain, &found.possible, &[]));
    }
    let possible = found.possible.iter().map(|it| (*it, false));
    let members = found.certain.iter().map(|it| (*it, true)).chain(possible).map(|it| member(around, it));
    let members = members.chain([something_else(&found.open)]);
    Ok(members_value(around, members.collect(), &found.open, None))
}

fn resources(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let (certain, possible): (Vec<_>, Vec<_>) =
        around.facts.graph.of_type(call.text(0)?).partition(|instance| instance.extent == Extent::Certain);
    if around.may_be_others() {
        return Ok(around.open_instances(&certain, &possible, &[]));
    }
    Ok(around.instances(&certain, &possible, &[]))
}

fn of_same_device(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let instance = around.instance(call, 0)?;
    let types = call.value(1)?.as_items().unwrap_or_default().iter().filter_map(Value::as_str);
    let same_provider = |other: &&Instance| {
        other.provider.name == instance.provider.name && other.provider.source == instance.provider.source
    };
    let (mut certain, mut possible) = (Vec::new(), Vec::new());
    for other in types.flat_map(|name| around.facts.graph.of_type(name)).filter(same_provider) {
        let (mine, theirs) = (device(instance), device(other));
        let is_open = [mine, theirs].into_iter().flatten().any(Value::is_unknown);
        if is_open || mine.and_then(Value::as_str) == theirs.and_then(Value::as_str) {
            let is_certain = !is_open && other.extent == Extent::Certain;
            if is_certain { certain.push(other) } else { possible.push(other) }
        }
    }
    Ok(around.instances(&certain, &possible, &[]))
}

/// The device that a resource names, where one provider configuration serves several.
fn device(instance: &Instance) -> Option<&Value> {
    instance.values.as_fields()?.get("device").filter(|value| !value.is_null())
}

fn address(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    match call.value(0)?.identity() {
        Some(address) => Ok(Value::string(address)),
        None => Ok(Value::string(&around.subject.address)),
    }
}

fn resource_type(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    Ok(Value::string(&around.instance(call, 0)?.resource_type))
}

impl<'r> Surroundings<'_, '_, 'r> {
    /// The objects of instances: a plain list if all are certain, otherwise a collection of which only that much is known.
    pub(super) fn instances(&self, certain: &[&'r Instance], possible: &[&'r Instance], reasons: &[Reason]) -> Value {
        if possible.is_empty() {
            let objects: Vec<Value> = certain.iter().map(|instance| self.facts.object(instance)).collect();
            return Value::tuple(objects);
        }
        let reasons = reasons_for(possible, reasons);
        let members = certain.iter().map(|it| (*it, true)).chain(possible.iter().map(|it| (*it, false)));
        let members = members.map(|it| member(self, it)).collect();
        members_value(self, members, &reasons, Some(certain.len() + possible.len()))
    }

    /// The objects of instances where others may exist that are not known here.
    fn open_instances(&self, certain: &[&'r Instance], possible: &[&'r Instance], reasons: &[Reason]) -> Value {
        let mut reasons = reasons.to_vec();
        reasons.insert(0, others_reason());
        let members = certain.iter().map(|it| (*it, true)).chain(possible.iter().map(|it| (*it, false)));
        let members = members.map(|it| member(self, it)).chain([something_else(&reasons)]);
        members_value(self, members.collect(), &reasons, None)
    }

    /// Whether there may be resources besides those that are known.
    fn may_be_others(&self) -> bool {
        self.facts.graph.root().others == Others::Possible
    }
}

fn others_reason() -> Reason {
    Reason::Error(Others::REASON.into())
}

fn member(around: &Surroundings<'_, '_, '_>, (instance, certain): (&Instance, bool)) -> Member {
    Member { key: None, value: around.facts.object(instance), certain }
}

/// It may be something else, of which nothing is known.
fn something_else(reasons: &[Reason]) -> Member {
    let other = Kind::Unknown(Arc::new(unknown_because(Type::Any, reasons))).into();
    Member { key: None, value: other, certain: false }
}

fn members_value(
    around: &Surroundings<'_, '_, '_>,
    members: Vec<Member>,
    reasons: &[Reason],
    most: Option<usize>,
) -> Value {
    let mut unknown = unknown_because(Type::list(Type::Any), reasons);
    unknown.refinement.not_null = true;
    unknown.refinement.min_length = Some(members.iter().filter(|member| member.certain).count());
    // A generic instance stands for any number of them, so there is no upper bound then.
    unknown.refinement.max_length = most.filter(|_| members.iter().all(|member| !is_generic(around, &member.value)));
    unknown.knowledge = Knowledge::Members(members.into());
    Kind::Unknown(Arc::new(unknown)).into()
}

fn is_generic(around: &Surroundings<'_, '_, '_>, object: &Value) -> bool {
    let instance = object.identity().and_then(|address| around.facts.graph.instance(address));
    instance.is_some_and(|instance| instance.extent == Extent::Possible)
}

/// Why it is not known which of these count: what is told, or that it is not known whether they will exist.
fn reasons_for(possible: &[&Instance], told: &[Reason]) -> Vec<Reason> {
    let generic = possible.iter().filter(|instance| instance.extent == Extent::Possible);
    let mut reasons: Vec<Reason> = told.to_vec();
    reasons.extend(generic.map(|instance| Reason::InstanceKey(instance.address.clone())));
    if reasons.is_empty() {
        reasons.extend(possible.iter().map(|instance| {
            let message = format!("it is not known whether {} belongs to it", instance.address);
            Reason::Error(message.into())
        }));
    }
    reasons.dedup();
    reasons
}
