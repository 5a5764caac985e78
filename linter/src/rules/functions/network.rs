//! What packet filters let through, the same for all clouds.

use std::sync::Arc;

use super::address::{count, set};
use super::{RuleFunction, Surroundings, anything};
use crate::eval::functions::{Call, FunctionError, Signature, Unknowns};
use crate::network::address::AddressSet;
use crate::network::bounds::Certainty;
use crate::network::exposure::{Exposure, Width};
use crate::network::filter::{Direction, Filter, FilterRule, Peer, Question, View};
use crate::network::service::ServiceSet;
use crate::rules::scope::unknown_because;
use crate::rules::subject::record;
use crate::value::{Kind, Knowledge, Member, Origin, OriginKind, Reason, Type, Unknown, Value};

pub(super) const FUNCTIONS: &[RuleFunction] = &[
    RuleFunction::new(
        "world_access",
        &[anything("instance"), services("services")],
        Signature::Any,
        "What lets strangers on the Internet reach these services, of the filter rules that an instance declares: objects with services, source, addresses, rule, port_span, every_protocol, and of the whole rule rule_span, first_port, rule_every_protocol. \
         All rules of the same filter are looked at together; a third argument is the number of public addresses that are still known ones (256).",
        world_access,
    )
    .with_variadic(anything("max_addresses").with_unknowns(Unknowns::No)),
    RuleFunction::new(
        "world_egress",
        &[anything("instance"), services("services")],
        Signature::Any,
        "What lets traffic out to any public address at these services, of the filter rules that an instance declares: objects as world_access gives them.",
        world_egress,
    ),
    RuleFunction::new(
        "open_ports",
        &[anything("instance")],
        Signature::Any,
        "The services that strangers on the Internet can reach because of this instance, as texts such as tcp/22.",
        open_ports,
    ),
    RuleFunction::new(
        "admits",
        &[anything("instance"), anything("addresses").with_unknowns(Unknowns::No), services("services")],
        Signature::Bool,
        "Whether the filter lets all of these addresses in to all of these services.",
        admits,
    ),
    RuleFunction::new(
        "egress_allows",
        &[anything("instance"), anything("addresses").with_unknowns(Unknowns::No), services("services")],
        Signature::Bool,
        "Whether the filter lets traffic out to all of these addresses and services.",
        egress_allows,
    ),
    RuleFunction::new(
        "ingress_sources",
        &[anything("instance")],
        Signature::Any,
        "Where the rules of an instance let traffic in from: objects with source, services, rule.",
        ingress_sources,
    ),
];

const fn services(name: &'static str) -> crate::eval::functions::Parameter {
    anything(name).with_unknowns(Unknowns::No)
}

/// The services that an argument names: `"tcp/22"`, `["tcp/22", "udp/161"]`, `"all"`.
pub(super) fn service_set(call: &Call<'_>, idx: usize) -> Result<ServiceSet, FunctionError> {
    let value = call.value(idx)?;
    let items = value.as_items().unwrap_or(std::slice::from_ref(value));
    let mut sum = ServiceSet::empty();
    for item in items {
        let text = item.as_str().ok_or_else(|| FunctionError::argument(idx, "services are text such as \"tcp/22\""))?;
        let set: ServiceSet = text.parse().map_err(|problem: crate::network::service::NotAService| {
            FunctionError::argument(idx, problem.to_string())
        })?;
        sum = sum.union(&set);
    }
    Ok(sum)
}

fn width(call: &Call<'_>, idx: usize) -> Width {
    let given = call.args.get(idx).and_then(Value::as_number).and_then(crate::value::Number::to_i64);
    let v4 = given.and_then(|number| u128::try_from(number).ok());
    v4.map_or_else(Width::default, |v4| Width { v4, ..Width::default() })
}

/// The filter that an instance is a part of, and its address.
fn filter<'s>(
    call: &Call<'_>,
    around: &Surroundings<'s, '_, '_>,
) -> Result<(Option<&'s Filter>, Arc<str>), FunctionError> {
    let address = around.instance(call, 0)?.address.clone();
    Ok((around.facts.filters().of_owner(&address), address))
}

fn world_access(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    world(call, around, Direction::Ingress)
}

fn world_egress(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    world(call, around, Direction::Egress)
}

fn world(call: &Call<'_>, around: &Surroundings<'_, '_, '_>, direction: Direction) -> Result<Value, FunctionError> {
    let (Some(filter), owner) = filter(call, around)? else { return Ok(Value::tuple([])) };
    let exposures = filter.exposures(&owner, direction, &service_set(call, 1)?, width(call, 2));
    let mut found = Found::default();
    for (idx, certainty) in rules_of(&exposures) {
        let Some(rule) = filter.rules.get(idx) else { continue };
        let own: Vec<&Exposure> = exposures.iter().filter(|it| it.rule == idx && it.certainty == certainty).collect();
        found.add(exposure_record(rule, &own), certainty, doubts(rule, &own));
    }
    Ok(found.into_list())
}

/// The rules that expose something, each once for what is certain and once for what is possible.
fn rules_of(exposures: &[Exposure]) -> Vec<(usize, Certainty)> {
    let mut rules: Vec<(usize, Certainty)> = Vec::new();
    for exposure in exposures {
        let key = (exposure.rule, exposure.certainty);
        if !rules.contains(&key) {
            rules.push(key);
        }
    }
    rules
}

/// What one rule exposes, through any of its entries.
fn exposure_record(rule: &FilterRule, exposures: &[&Exposure]) -> Value {
    let peers: Vec<&Peer> = exposures.iter().filter_map(|it| rule.peers.get(it.peer)).collect();
    let at = peers.iter().filter_map(|peer| peer.origin.clone()).find(has_place);
    let services = exposures.iter().fold(ServiceSet::empty(), |sum, it| sum.union(&it.services));
    let addresses = exposures.iter().fold(AddressSet::empty(), |sum, it| sum.union(&it.addresses));
    let whole = rule.service_set(Certainty::May);
    record([
        ("services", Value::string(services.to_string())),
        ("source", Value::string(sources(&peers))),
        ("addresses", count(addresses.count())),
        ("rule", Value::string(&rule.owner)),
        ("rule_every_protocol", whole.is_all().into()),
        ("rule_span", i64::from(whole.widest_port_run()).into()),
        ("first_port", whole.first_port().map_or_else(Value::null, |port| i64::from(port).into())),
        ("port_span", i64::from(services.widest_port_run()).into()),
        ("every_protocol", services.is_all().into()),
    ])
    .from_origin(at.or_else(|| rule.origin.clone()))
}

/// The entries in words: three, and how many more.
fn sources(peers: &[&Peer]) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<&str> = peers.iter().take(SHOWN).map(|peer| &*peer.text).collect();
    match peers.len().saturating_sub(SHOWN) {
        0 => shown.join(" and "),
        rest => format!("{} and {rest} more", shown.join(", ")),
    }
}

fn has_place(origin: &Arc<Origin>) -> bool {
    origin.steps().any(|step| step.span.is_some() && !matches!(step.kind, OriginKind::Reference(_)))
}

/// Why it is not known whether a rule exposes these.
fn doubts(rule: &FilterRule, exposures: &[&Exposure]) -> Vec<Reason> {
    let peers = exposures.iter().filter_map(|exposure| rule.peers.get(exposure.peer));
    doubts_of(rule, peers)
}

fn doubts_of<'r>(rule: &'r FilterRule, peers: impl Iterator<Item = &'r Peer>) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = peers.flat_map(|peer| peer.reasons.iter().cloned()).collect();
    reasons.extend(rule.services.iter().flat_map(|entry| entry.reasons.iter().cloned()));
    if reasons.is_empty() {
        reasons.push(Reason::InstanceKey(rule.owner.clone()));
    }
    reasons.dedup();
    reasons
}

/// A list of which some entries are certain and others possible.
#[derive(Default)]
pub(super) struct Found {
    members: Vec<Member>,
    reasons: Vec<Reason>,
}

impl Found {
    /// Adds an entry; `doubts` say why, if it is only possible.
    pub(super) fn add(&mut self, value: Value, certainty: Certainty, doubts: Vec<Reason>) {
        let certain = certainty == Certainty::Must;
        if !certain {
            self.reasons.extend(doubts);
        }
        self.members.push(Member { key: None, value, certain });
    }

    /// Whether an entry is certain.
    pub(super) fn is_certain(&self) -> bool {
        self.members.iter().any(|member| member.certain)
    }

    /// The list: known if all entries are certain.
    pub(super) fn into_list(mut self) -> Value {
        let certain = self.members.iter().filter(|member| member.certain).count();
        if certain == self.members.len() {
            return Value::tuple(self.members.into_iter().map(|member| member.value).collect::<Vec<_>>());
        }
        self.reasons.dedup();
        let mut unknown: Unknown = unknown_because(Type::list(Type::Any), &self.reasons);
        unknown.refinement.not_null = true;
        unknown.refinement.min_length = Some(certain);
        unknown.refinement.max_length = Some(self.members.len());
        unknown.knowledge = Knowledge::Members(self.members.into());
        Kind::Unknown(Arc::new(unknown)).into()
    }
}

fn open_ports(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let (Some(filter), owner) = filter(call, around)? else { return Ok(Value::tuple([])) };
    let mut found = Found::default();
    let exposures = filter.exposures(&owner, Direction::Ingress, &ServiceSet::all(), Width::default());
    for exposure in exposures {
        let Some(rule) = filter.rules.get(exposure.rule) else { continue };
        let origin = rule.origin.clone();
        for part in exposure.services.to_string().split(", ") {
            let value = Value::string(part).from_origin(origin.clone());
            found.add(value, exposure.certainty, doubts(rule, &[&exposure]));
        }
    }
    Ok(found.into_list())
}

fn admits(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    passes(call, around, Direction::Ingress)
}

fn egress_allows(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    passes(call, around, Direction::Egress)
}

/// Whether all of the addresses and services pass: surely, surely not all, or not known.
fn passes(call: &Call<'_>, around: &Surroundings<'_, '_, '_>, direction: Direction) -> Result<Value, FunctionError> {
    let (filter, _) = filter(call, around)?;
    let (addresses, services) = (set(call, 1)?, service_set(call, 2)?);
    let Some(filter) = filter else { return Ok(false.into()) };
    let question = Question { direction, services: &services, addresses: &addresses, view: View::Anyone, owner: None };
    let wanted = crate::network::traffic::Traffic::of(services.clone(), addresses.clone());
    if filter.traffic(question, Certainty::Must).includes(&wanted) {
        return Ok(true.into());
    }
    if !filter.traffic(question, Certainty::May).includes(&wanted) {
        return Ok(false.into());
    }
    let reasons: Vec<Reason> =
        filter.rules.iter().filter(|rule| rule.direction == direction).flat_map(unknown_parts).collect();
    let reasons = if reasons.is_empty() {
        vec![Reason::Error("the members of a security group are not known".into())]
    } else {
        reasons
    };
    Ok(Kind::Unknown(Arc::new(unknown_because(Type::Bool, &reasons))).into())
}

fn unknown_parts(rule: &FilterRule) -> Vec<Reason> {
    let peers = rule.peers.iter().flat_map(|peer| peer.reasons.iter().cloned());
    peers.chain(rule.services.iter().flat_map(|entry| entry.reasons.iter().cloned())).collect()
}

fn ingress_sources(call: &Call<'_>, around: &Surroundings<'_, '_, '_>) -> Result<Value, FunctionError> {
    let address = around.instance(call, 0)?.address.clone();
    let mut found = Found::default();
    let rules = around.facts.filters().rules_of(&address);
    for rule in rules.filter(|rule| rule.direction == Direction::Ingress) {
        for peer in &rule.peers {
            let certain = peer.reasons.is_empty() && rule.exists.must;
            let certainty = if certain { Certainty::Must } else { Certainty::May };
            let entry = record([
                ("source", Value::string(&peer.text)),
                ("services", Value::string(rule.service_set(Certainty::May).to_string())),
                (
                    "public",
                    (!peer.seen(View::Strangers, Certainty::May).intersect(AddressSet::public()).is_empty()).into(),
                ),
                ("rule", Value::string(&rule.owner)),
            ]);
            let origin = peer.origin.clone().or_else(|| rule.origin.clone());
            found.add(entry.from_origin(origin), certainty, doubts_of(rule, std::iter::once(peer)));
        }
    }
    Ok(found.into_list())
}
