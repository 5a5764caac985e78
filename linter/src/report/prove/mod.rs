//! Answers about the network: `palisade prove`.

mod text;

use std::io::{self, Write};
use std::sync::Arc;

use serde::Serialize;

use super::json::ErrorOut;
use super::json_text::write_json;
use crate::diagnostic::Diagnostic;
use crate::network::cidr::Address;
use crate::network::model::path::Hop;
use crate::network::model::witness::WitnessLeg;
use crate::network::model::{Cut, Unmodelled, Version};
use crate::network::prove::{Asked, Checked};
use crate::network::service::{ServiceSet, protocol};
use crate::source::{Location, SourceMap};

pub use text::render_proofs_text;

/// What was asked and found.
#[derive(Clone, Copy, Debug)]
pub struct Proofs<'p> {
    /// Questions of the user.
    pub asked: &'p [Asked],
    /// Questions of intents.
    pub checked: &'p [Checked],
    /// What has an effect on the network and is not modelled.
    pub unmodelled: &'p [Unmodelled],
    /// Problems with the input.
    pub errors: &'p [Diagnostic],
}

/// Writes the answers as one JSON document.
///
/// # Errors
/// When writing fails.
pub fn render_proofs_json(proofs: &Proofs<'_>, sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
    let plain = proofs.asked.iter().map(|asked| QueryOut::of(asked, None, sources));
    let intents = proofs.checked.iter().map(|checked| {
        let intent = IntentOut { name: &checked.intent, kind: checked.kind, outcome: checked.outcome.as_str() };
        QueryOut::of(&checked.asked, Some(intent), sources)
    });
    let document = Document {
        queries: plain.chain(intents).collect(),
        not_judged: proofs.unmodelled.iter().map(NotJudgedOut::of).collect(),
        errors: proofs.errors.iter().map(|error| ErrorOut::of(error, sources)).collect(),
    };
    write_json(&document, out)
}

#[derive(Serialize)]
struct Document<'a> {
    queries: Vec<QueryOut<'a>>,
    not_judged: Vec<NotJudgedOut<'a>>,
    errors: Vec<ErrorOut<'a>>,
}

#[derive(Serialize)]
struct IntentOut<'a> {
    name: &'a str,
    kind: &'static str,
    outcome: &'static str,
}

#[derive(Serialize)]
struct NotJudgedOut<'a> {
    what: &'static str,
    name: &'a str,
    address: &'a str,
    reason: &'a str,
}

impl<'a> NotJudgedOut<'a> {
    fn of(found: &'a Unmodelled) -> Self {
        Self { what: "resource_type", name: &found.resource_type, address: &found.address, reason: &found.reason }
    }
}

#[derive(Serialize)]
struct QueryOut<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    intent: Option<IntentOut<'a>>,
    from: &'a str,
    to: &'a str,
    service: &'a str,
    ip_version: u8,
    verdict: &'static str,
    packet_verdict: &'static str,
    services: String,
    witness: Option<WitnessOut>,
    path: Vec<HopOut<'a>>,
    return_path: Vec<HopOut<'a>>,
    cuts: Vec<CutOut<'a>>,
    because: &'a [Arc<str>],
    assumptions: &'a [Arc<str>],
}

#[derive(Serialize)]
struct WitnessOut {
    src: String,
    dst: String,
    protocol: String,
    src_port: Option<u16>,
    dst_port: Option<u16>,
}

#[derive(Serialize)]
struct HopOut<'a> {
    resource: &'a str,
    role: &'a str,
    location: Option<Location>,
    because: &'a str,
    implied: bool,
    certain: bool,
}

#[derive(Serialize)]
struct CutOut<'a> {
    resource: &'a str,
    role: &'a str,
    location: Option<Location>,
    because: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    with: Vec<PlaceOut<'a>>,
}

#[derive(Serialize)]
struct PlaceOut<'a> {
    resource: &'a str,
    location: Option<Location>,
}

impl<'a> QueryOut<'a> {
    fn of(asked: &'a Asked, intent: Option<IntentOut<'a>>, sources: &SourceMap) -> Self {
        let answer = &asked.answer;
        let legs = answer.witness.as_ref().map(|witness| witness.legs.as_slice()).unwrap_or_default();
        let hops = |hops: &'a [Hop]| hops.iter().filter(|hop| !hop.label.role.is_empty());
        Self {
            intent,
            from: &asked.from,
            to: &asked.to,
            service: &asked.service,
            ip_version: version_number(asked.version),
            verdict: answer.verdict.as_str(),
            packet_verdict: answer.packet_verdict.as_str(),
            services: answer.services.may.to_string(),
            witness: witness(legs),
            path: legs.iter().flat_map(|leg| hops(&leg.path)).map(|hop| HopOut::of(hop, sources)).collect(),
            return_path: legs
                .iter()
                .flat_map(|leg| hops(&leg.return_path))
                .map(|hop| HopOut::of(hop, sources))
                .collect(),
            cuts: answer.cuts.iter().filter_map(|cut| CutOut::of(cut, sources)).collect(),
            because: &answer.because,
            assumptions: &asked.assumptions,
        }
    }
}

/// The packet as the first sender sends it; its service as the last one receives it.
fn witness(legs: &[WitnessLeg]) -> Option<WitnessOut> {
    let (first, last) = (legs.first()?, legs.last()?);
    let packet = last.packet;
    let has_ports = protocol::has_ports(packet.protocol);
    let name = ServiceSet::protocol(packet.protocol).to_string();
    Some(WitnessOut {
        src: shown(first.packet.source),
        dst: shown(packet.destination),
        protocol: name,
        src_port: first.source_port.filter(|_| has_ports),
        dst_port: has_ports.then_some(packet.detail),
    })
}

fn shown(address: Address) -> String {
    address.to_string()
}

fn version_number(version: Version) -> u8 {
    match version {
        Version::V4 => 4,
        Version::V6 => 6,
    }
}

impl<'a> HopOut<'a> {
    fn of(hop: &'a Hop, sources: &SourceMap) -> Self {
        Self {
            resource: &hop.label.resource,
            role: hop.label.role,
            location: hop.label.span().and_then(|span| sources.location(span)),
            because: &hop.label.text,
            implied: hop.label.implied,
            certain: hop.certain,
        }
    }
}

impl<'a> CutOut<'a> {
    fn of(cut: &'a Cut, sources: &SourceMap) -> Option<Self> {
        let (first, rest) = cut.labels.split_first()?;
        let place = |label: &crate::network::model::Label| label.span().and_then(|span| sources.location(span));
        let because =
            if first.text.is_empty() { cut.text.to_string() } else { format!("{}: {}", first.text, cut.text) };
        Some(Self {
            resource: &first.resource,
            role: first.role,
            location: place(first),
            because,
            with: rest.iter().map(|label| PlaceOut { resource: &label.resource, location: place(label) }).collect(),
        })
    }
}
