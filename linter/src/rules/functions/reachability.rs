//! What packets can do, asked of the model of the whole network.

use std::sync::Arc;

use super::network::{Found, service_set};
use super::{RuleFunction, Surroundings, anything};
use crate::eval::functions::{Call, FunctionError, Signature, Unknowns};
use crate::network::bounds::Certainty;
use crate::network::model::connection::Level;
use crate::network::model::{NodeId, Relays, Serves, SiteId, Verdict, Version};
use crate::network::prove::{Asked, Endpoint, Manner};
use crate::network::service::ServiceSet;
use crate::rules::scope::unknown_because;
use crate::rules::subject::record;
use crate::value::{Kind, Origin, OriginKind, Reason, Type, Value};

/// The environment that serves all others.
const SHARED: &str = "shared";

pub(super) const FUNCTIONS: &[RuleFunction] = &[
    RuleFunction::new(
        "reachable",
        &[anything("from"), anything("to"), anything("services").with_unknowns(Unknowns::No)],
        Signature::Bool,
        "Whether connections from one end reach the other for any of the services: instances, or texts such as \"internet\", \"cidr:10.0.0.0/8\", \"environment:dev\". \
         Routes, gateways, filters and replies are looked at.",
        reachable,
    ),
    RuleFunction::new(
        "exposed_to_internet",
        &[anything("instance"), anything("services").with_unknowns(Unknowns::No)],
        Signature::Bool,
        "Whether the Internet reaches any of these services of an instance, directly or through load balancers.",
        exposed_to_internet,
    ),
    RuleFunction::new(
        "crosses_firewall",
        &[anything("from"), anything("to")],
        Signature::Bool,
        "Whether everything that gets from one end to the other passes a firewall or an appliance.",
        crosses_firewall,
    ),
    RuleFunction::new(
        "has_way_to_internet",
        &[anything("instance")],
        Signature::Bool,
        "Whether a host behind the filter that an instance declares, or the host itself, gets out to the Internet. Null where there is no such host.",
        has_way_to_internet,
    ),
    RuleFunction::new(
        "has_way_from_internet",
        &[anything("instance")],
        Signature::Bool,
        "Whether packets from the Internet get to a host behind the filter that an instance declares, or to the host itself. Null where there is no such host.",
        has_way_from_internet,
    ),
    RuleFunction::new(
        "paths_to_production",
        &[],
        Signature::Any,
        "Ways of packets from other environments to prod: objects with from, source, target, services, packet, way.",
        paths_to_production,
    ),
    RuleFunction::new(
        "ways_around_firewall",
        &[anything("network"), anything("outside").with_unknowns(Unknowns::No)],
        Signature::Any,
        "Ways between hosts of a network and the outside (\"internet\" or \"external\": VPN and Direct Connect) that pass no firewall, the first one found: objects with host, outside, direction, way.",
        ways_around_firewall,
    ),
];

fn manner(services: ServiceSet, relays: Relays, level: Level) -> Manner {
    Manner { services, version: Version::V4, level, relays }
}

/// The sites that an argument means, and what it is called.
fn end(call: &Call<'_>, idx: usize, around: &Surroundings<'_, '_, '_>) -> Result<(String, Vec<SiteId>), FunctionError> {
    let value = call.value(idx)?;
    let model = around.facts.model();
    if let Some(address) = value.identity() {
        let sites = model.sites_called(address);
        return Ok((address.to_string(), sites));
    }
    let text = value.as_str().ok_or_else(|| FunctionError::argument(idx, "it must be an instance or an endpoint"))?;
    let endpoint: Endpoint = text
        .parse()
        .map_err(|problem: crate::network::prove::NoSuchEndpoint| FunctionError::argument(idx, problem.to_string()))?;
    Ok((text.to_owned(), model.known_sites(&endpoint)))
}

/// A verdict as a truth value: certain either way, or not known with the reasons.
fn truth(asked: &Asked, verdict: Verdict) -> Value {
    match verdict {
        Verdict::Reachable => true.into(),
        Verdict::Unreachable => false.into(),
        Verdict::Undetermined => Kind::Unknown(Arc::new(unknown_because(Type::Bool, &reasons(asked)))).into(),
    }
}

fn reasons(asked: &Asked) -> Vec<Reason> {
    let texts = asked.answer.because.iter();
    let reasons: Vec<Reason> = texts.map(|text| Reason::Error(text.clone())).collect();
    if reasons.is_empty() { vec![Reason::Error("the way of packets is not known".into())] } else { reasons }
}

fn reachable(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let (from, to, services) = (end(call, 0, around)?, end(call, 1, around)?, service_set(call, 2)?);
    let manner = manner(services, Relays::None, Level::Connection);
    let asked = around.facts.model().ask_sites(from, to, &manner, Vec::new());
    Ok(truth(&asked, asked.answer.verdict))
}

fn exposed_to_internet(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let (to, services) = (end(call, 0, around)?, service_set(call, 1)?);
    let from = ("internet".to_owned(), around.facts.model().known_sites(&Endpoint::Strangers));
    let manner = manner(services, Relays::LoadBalancers, Level::Connection);
    let asked = around.facts.model().ask_sites(from, to, &manner, Vec::new());
    Ok(truth(&asked, asked.answer.verdict))
}

fn has_way_to_internet(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    way(call, around, |internet, hosts| (hosts, internet))
}

fn has_way_from_internet(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    way(call, around, |internet, hosts| (internet, hosts))
}

/// A named set of sites.
type Named = (String, Vec<SiteId>);

fn way(
    call: &Call<'_>,
    around: &Surroundings<'_, '_, '_>,
    order: fn(Named, Named) -> (Named, Named),
) -> Result<Value, FunctionError> {
    let instance = around.instance(call, 0)?;
    let model = around.facts.model();
    let group = around.facts.filters().key_of_owner(&instance.address);
    let hosts = match group {
        Some(group) => model.members(&|_, site| site.groups.iter().any(|member| member.group == *group)),
        None => model.sites_called(&instance.address),
    };
    if hosts.is_empty() {
        return Ok(Value::null_of(Type::Bool));
    }
    let internet = ("internet".to_owned(), model.known_sites(&Endpoint::Strangers));
    let (from, to) = order(internet, (instance.address.to_string(), hosts));
    let manner = manner(ServiceSet::all(), Relays::None, Level::Packet);
    let asked = model.ask_sites(from, to, &manner, Vec::new());
    Ok(truth(&asked, asked.answer.verdict))
}

/// The places of firewalls and appliances.
fn firewalls(around: &Surroundings<'_, '_, '_>) -> Vec<NodeId> {
    let is_firewall = |role: &str| matches!(role, "firewall" | "inspection endpoint" | "appliance");
    let nodes = (0..).zip(&around.facts.model().topology.nodes);
    nodes.filter(|(_, node)| is_firewall(node.label.role)).map(|(id, _)| NodeId(id)).collect()
}

fn crosses_firewall(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let (from, to) = (end(call, 0, around)?, end(call, 1, around)?);
    let manner = manner(ServiceSet::all(), Relays::None, Level::Packet);
    let asked = around.facts.model().ask_sites(from, to, &manner, firewalls(around));
    Ok(match asked.answer.verdict {
        Verdict::Reachable => false.into(),
        Verdict::Unreachable => true.into(),
        Verdict::Undetermined => truth(&asked, Verdict::Undetermined),
    })
}

fn paths_to_production(_: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let model = around.facts.model();
    let production = around.facts.settings.environments.environment_named("prod").unwrap_or_else(|| "prod".into());
    let environments = model.environments();
    let mut found = Found::default();
    let target = Endpoint::Environment(production.to_string());
    let targets = model.known_sites(&target);
    for name in environments.iter().filter(|name| **name != production && ***name != *SHARED) {
        let source = Endpoint::Environment(name.to_string());
        let from = (source.to_string(), model.known_sites(&source));
        let manner = manner(ServiceSet::all(), Relays::None, Level::Packet);
        // What is open to the Internet is open to everybody there, and another rule's.
        let avoiding = firewalls(around).into_iter().chain(model.internet_places()).collect();
        let asked = model.ask_sites(from, (target.to_string(), targets.clone()), &manner, avoiding);
        let name = Value::string(name);
        note(&mut found, &asked, around, |ends| {
            record([
                ("from", name),
                ("source", Value::string(&ends.source)),
                ("target", Value::string(&ends.target)),
                ("services", Value::string(asked.answer.services.may.to_string())),
                ("packet", Value::string(&ends.packet)),
                ("way", Value::string(&ends.way)),
            ])
        });
    }
    Ok(found.into_list())
}

/// What there is to say of a witness.
struct Ends {
    source: Arc<str>,
    target: Arc<str>,
    packet: String,
    way: String,
    origin: Option<Arc<Origin>>,
}

/// Adds what was found, certain or possible; nothing where it is proved that there is no way.
fn note(found: &mut Found, asked: &Asked, around: &Surroundings<'_, '_, '_>, entry: impl FnOnce(&Ends) -> Value) {
    let certainty = match asked.answer.verdict {
        Verdict::Unreachable => return,
        Verdict::Reachable => Certainty::Must,
        Verdict::Undetermined => Certainty::May,
    };
    let Some(ends) = ends(asked, around) else { return };
    let value = entry(&ends).from_origin(ends.origin.clone());
    found.add(value, certainty, reasons(asked));
}

fn ends(asked: &Asked, around: &Surroundings<'_, '_, '_>) -> Option<Ends> {
    let topology = &around.facts.model().topology;
    let witness = asked.answer.witness.as_ref()?;
    let resource = |id: SiteId| topology.site(id).map(|site| site.label.resource.clone());
    let (first, last) = (witness.legs.first()?, witness.legs.last()?);
    let service = crate::network::model::path::service_of(&last.packet);
    let hops: Vec<&str> = witness
        .legs
        .iter()
        .flat_map(|leg| &leg.path)
        .filter(|hop| !hop.label.role.is_empty())
        .map(|hop| &*hop.label.resource)
        .collect();
    let mut way: Vec<&str> = hops;
    way.dedup();
    let place = |origin: &Option<Arc<Origin>>| {
        let steps = origin.iter().flat_map(|origin| origin.steps());
        let span = steps.filter(|step| !matches!(step.kind, OriginKind::Reference(_))).find_map(|step| step.span)?;
        Some(Origin::new(OriginKind::Literal, Some(span)))
    };
    // A route is what leads the way; where none is written, whatever could be taken away.
    let cuts = || asked.answer.cuts.iter().flat_map(|cut| &cut.labels);
    let hops = || witness.hops().filter(|hop| hop.element.is_some()).map(|hop| &hop.label);
    let route = cuts().chain(hops()).filter(|label| label.role == "route").find_map(|label| place(&label.origin));
    Some(Ends {
        source: resource(witness.source)?,
        target: resource(witness.target)?,
        packet: format!("{service} from {} to {}", first.packet.source, last.packet.destination),
        way: way.join(" > "),
        origin: route.or_else(|| cuts().chain(hops()).find_map(|label| place(&label.origin))),
    })
}

fn ways_around_firewall(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let instance = around.instance(call, 0)?;
    let model = around.facts.model();
    let of_network = |site: &crate::network::model::Site| {
        site.network.as_ref().is_some_and(|network| **network == *instance.address)
    };
    // Gateways and load balancers are the edge itself; a place without hosts has nothing to protect.
    let is_host = |site: &crate::network::model::Site| {
        !matches!(site.serves, Some(Serves::Balancing | Serves::Translating | Serves::Placeholder | Serves::Outside))
    };
    let hosts = model.members(&|_, site| of_network(site) && is_host(site));
    let outside = match call.value(1)?.as_str() {
        Some("internet") => model.known_sites(&Endpoint::Internet),
        _ => model.outside_networks(),
    };
    let mut found = Found::default();
    let firewalls = firewalls(around);
    for direction in ["in", "out"] {
        if found.is_certain() {
            break;
        }
        let (from, to) = match direction {
            "in" => (outside.clone(), hosts.clone()),
            _ => (hosts.clone(), outside.clone()),
        };
        let manner = manner(ServiceSet::all(), Relays::None, Level::Connection);
        let asked =
            model.ask_sites((direction.to_owned(), from), (direction.to_owned(), to), &manner, firewalls.clone());
        note(&mut found, &asked, around, |ends| {
            let (host, far) = match direction {
                "in" => (&ends.target, &ends.source),
                _ => (&ends.source, &ends.target),
            };
            record([
                ("host", Value::string(host)),
                ("outside", Value::string(far)),
                ("direction", Value::string(direction)),
                ("way", Value::string(&ends.way)),
            ])
        });
    }
    Ok(found.into_list())
}
