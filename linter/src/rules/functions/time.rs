//! Time: what a guest's configuration says, which sources are agreed, what a cloud gives when nothing is said.

use std::sync::Arc;

use super::{RuleFunction, Surroundings, anything};
use crate::eval::functions::{Call, FunctionError, Signature, Unknowns};
use crate::guest::{SourceName, TimeFinding, TimeSource};
use crate::rules::scope::unknown_because;
use crate::rules::subject::record;
use crate::value::{Kind, Knowledge, Member, Reason, Type, Value};

mod agreed;
mod default;
mod device;
mod paths;

pub(super) const FUNCTIONS: &[RuleFunction] = &[
    RuleFunction::new(
        "time_configuration",
        &[anything("instance")],
        Signature::Any,
        "What user data, metadata and provisioners say about time: an object with status (explicit, default, disabled, \
         unsynchronised), sources (each with name, evidence and authenticated), disabled_by, set_by_hand (commands) and \
         evidence.",
        time_configuration,
    ),
    RuleFunction::new(
        "is_agreed_time_source",
        &[anything("name")],
        Signature::Bool,
        "Whether an address, name or word for a time source is agreed: listed in time { sources }, or the cloud's own.",
        is_agreed,
    ),
    RuleFunction::new(
        "cloud_time_default",
        &[anything("instance")],
        Signature::Any,
        "The time that image and cloud give a machine of which nothing is said: an object with sources and accepted.",
        cloud_default,
    ),
    RuleFunction::new(
        "time_paths",
        &[anything("instance")],
        Signature::Any,
        "The ways to the time servers that a host is configured with: objects with name, evidence, open (whether packet \
         filters let it ask and let answers in) and blocked_by. Sources on the machine itself need no way.",
        time_paths,
    ),
    RuleFunction::new(
        "time_servers",
        &[anything("instance")],
        Signature::Any,
        "The time servers that a network device, a hypervisor or a DHCP scope is configured with: objects with name and kind \
         (server, pool, peer).",
        time_servers,
    ),
    RuleFunction::new(
        "first_time_servers",
        &[anything("instance"), anything("types").with_unknowns(Unknowns::No)],
        Signature::Any,
        "The first resource of these types in an instance's environment whose time servers are all known: an object with address and names. \
         Null if there is none.",
        first_time_servers,
    ),
    RuleFunction::new(
        "accepts_cloud_time",
        &[],
        Signature::Bool,
        "Whether the time that a cloud gives its machines is agreed.",
        accepts_cloud_time,
    ),
];

fn unknown(ty: Type, reasons: &[Reason]) -> Value {
    Kind::Unknown(Arc::new(unknown_because(ty, reasons))).into()
}

fn time_configuration(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    Ok(finding_object(&around.facts.time(around.instance(call, 0)?)))
}

/// The object of a finding; everything in it points at the attribute that says it.
fn finding_object(finding: &TimeFinding) -> Value {
    let placed = |value: Value| value.marked(finding.marks).from_origin(finding.origin.clone());
    let text = |text: &Option<Arc<str>>| text.as_ref().map_or_else(|| Value::null_of(Type::String), Value::string);
    let status = match finding.reasons.is_empty() || finding.status != crate::guest::Status::Undetermined {
        true => Value::string(finding.status.as_str()),
        false => unknown(Type::String, &finding.reasons),
    };
    let disabled_by = match finding.is_opaque && finding.disabled_by.is_none() {
        true => unknown(Type::String, &finding.reasons),
        false => text(&finding.disabled_by),
    };
    let set_by_hand = match finding.is_opaque && finding.set_by_hand.is_empty() {
        true => unknown(Type::list(Type::String), &finding.reasons),
        false => Value::tuple(finding.set_by_hand.iter().map(|it| placed(Value::string(it))).collect::<Vec<_>>()),
    };
    let sources: Vec<Value> = finding.sources.iter().map(|source| placed(source_object(source, &placed))).collect();
    let open: &[Reason] = if finding.is_opaque { &finding.reasons } else { &finding.open };
    let fields = [
        ("status", placed(status)),
        ("sources", placed(source_list(sources, open))),
        ("disabled_by", placed(disabled_by)),
        ("set_by_hand", placed(set_by_hand)),
        ("evidence", placed(text(&finding.evidence))),
    ];
    placed(record(fields))
}

fn source_object(source: &TimeSource, placed: &dyn Fn(Value) -> Value) -> Value {
    let name = match &source.name {
        SourceName::Known(name) => Value::string(name),
        SourceName::Unknown(reasons) => unknown(Type::String, reasons),
    };
    record([
        ("name", placed(name)),
        ("evidence", placed(Value::string(&source.evidence))),
        ("authenticated", placed(source.is_authenticated.into())),
    ])
}

/// A plain list if these are all, otherwise one with certain members and perhaps others.
fn source_list(sources: Vec<Value>, open: &[Reason]) -> Value {
    if open.is_empty() {
        return Value::tuple(sources);
    }
    let mut list = unknown_because(Type::list(Type::Any), open);
    list.refinement.not_null = true;
    list.refinement.min_length = Some(sources.len());
    let members: Vec<Member> = sources.into_iter().map(|value| Member { key: None, value, certain: true }).collect();
    list.knowledge = if members.is_empty() { Knowledge::Nothing } else { Knowledge::Members(members.into()) };
    Kind::Unknown(Arc::new(list)).into()
}

fn is_agreed(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let value = call.value(0)?;
    if let Some(unknown_name) = value.as_unknown() {
        return Ok(unknown(Type::Bool, &unknown_name.reasons));
    }
    let Some(name) = value.as_str() else { return Ok(false.into()) };
    Ok(agreed::judge(name, around.facts.settings).into_value())
}

fn time_paths(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let host = around.instance(call, 0)?;
    let finding = around.facts.time(host);
    let placed = |value: Value| value.marked(finding.marks).from_origin(finding.origin.clone());
    let object = |path: &paths::TimePath<'_>| {
        let (open, blocked_by) = match &path.pass {
            paths::Pass::Yes => (true.into(), Value::null_of(Type::String)),
            paths::Pass::No(what) => (false.into(), Value::string(what)),
            paths::Pass::NotKnown(reasons) => (unknown(Type::Bool, reasons), unknown(Type::String, reasons)),
        };
        placed(record([
            ("name", placed(Value::string(path.name))),
            ("evidence", placed(Value::string(&path.source.evidence))),
            ("open", placed(open)),
            ("blocked_by", placed(blocked_by)),
        ]))
    };
    let objects: Vec<Value> = paths::of(&finding, host, around).iter().map(object).collect();
    Ok(placed(Value::tuple(objects)))
}

fn time_servers(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    Ok(device::servers_of(around.instance(call, 0)?))
}

fn first_time_servers(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let graph = around.facts.graph;
    let environment = |instance| &graph.environment(instance).name;
    let own = environment(around.instance(call, 0)?);
    let types = call.value(1)?.as_items().unwrap_or_default().iter().filter_map(Value::as_str);
    let candidates = types.flat_map(|name| graph.of_type(name)).filter(|other| environment(other) == own);
    let mut known = candidates.filter_map(|other| Some((other, device::known_names(other)?)));
    Ok(known.find(|(_, names)| !names.is_empty()).map_or_else(Value::null, |(other, names)| {
        let names: Vec<Value> = names.iter().map(Value::string).collect();
        record([("address", Value::string(&other.address)), ("names", Value::tuple(names))])
    }))
}

fn accepts_cloud_time(_: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    Ok(agreed::accepts_cloud(around.facts.settings).into())
}

fn cloud_default(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let instance = around.instance(call, 0)?;
    let found = default::of(instance, around);
    let settings = around.facts.settings;
    let accepted = match &found {
        default::Default::Cloud(_) if agreed::accepts_cloud(settings) => agreed::Verdict::Yes,
        default::Default::Cloud(names) | default::Default::Other(names) => agreed::all(names, settings),
        default::Default::NotKnown(reason) => agreed::Verdict::NotKnown(reason.clone()),
    };
    let names: &[String] = match &found {
        default::Default::Cloud(names) | default::Default::Other(names) => names,
        default::Default::NotKnown(_) => &[],
    };
    let sources: Vec<Value> = names.iter().map(Value::string).collect();
    Ok(record([("sources", Value::tuple(sources)), ("accepted", accepted.into_value())]))
}
