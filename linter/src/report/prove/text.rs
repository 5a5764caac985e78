//! The same for people: the verdict, then the way hop by hop, then what would stop it.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::{Proofs, shown, version_number};
use crate::network::model::path::Hop;
use crate::network::model::witness::WitnessLeg;
use crate::network::model::{Label, Verdict};
use crate::network::prove::{Asked, Checked, Outcome};
use crate::network::service::{ServiceSet, protocol};
use crate::report::{Style, visible_line};
use crate::source::SourceMap;

/// Writes the answers for people.
///
/// # Errors
/// When writing fails.
pub fn render_proofs_text(
    proofs: &Proofs<'_>,
    sources: &SourceMap,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let page = Page { sources, style };
    for asked in proofs.asked {
        page.asked(asked, asked.answer.verdict.as_str(), out)?;
        writeln!(out)?;
    }
    for checked in proofs.checked {
        page.checked(checked, out)?;
    }
    let assumptions: BTreeSet<&str> = proofs
        .asked
        .iter()
        .chain(proofs.checked.iter().map(|checked| &checked.asked))
        .flat_map(|asked| asked.assumptions.iter().map(|text| &**text))
        .collect();
    if !assumptions.is_empty() {
        writeln!(out, "Taken for granted:")?;
        for text in assumptions {
            writeln!(out, "  - {}", visible_line(text))?;
        }
    }
    for found in proofs.unmodelled {
        writeln!(out, "not modelled: {} ({}): {}", found.address, found.resource_type, visible_line(&found.reason))?;
    }
    if !proofs.checked.is_empty() {
        let count = |outcome: Outcome| proofs.checked.iter().filter(|checked| checked.outcome == outcome).count();
        let (holds, open, violated) = (count(Outcome::Holds), count(Outcome::Undetermined), count(Outcome::Violated));
        writeln!(out, "{violated} violated, {open} undetermined, {holds} proved")?;
    }
    Ok(())
}

struct Page<'p> {
    sources: &'p SourceMap,
    style: &'p Style,
}

impl Page<'_> {
    /// One line where an intent holds, the whole proof where it does not.
    fn checked(&self, checked: &Checked, out: &mut dyn Write) -> io::Result<()> {
        let asked = &checked.asked;
        let name = format!("{} {:?}", checked.kind, checked.intent);
        match checked.outcome {
            Outcome::Holds => {
                let verdict = asked.answer.verdict.as_str();
                writeln!(out, "{} {}: {verdict}", self.sign(checked.outcome), self.question(asked, &name))
            }
            Outcome::Undetermined | Outcome::Violated => {
                let sign = self.sign(checked.outcome);
                let word = format!("{sign} {name} {}", checked.outcome.as_str());
                writeln!(out, "{word}")?;
                self.asked(asked, asked.answer.verdict.as_str(), out)?;
                writeln!(out)
            }
        }
    }

    fn sign(&self, outcome: Outcome) -> &'static str {
        match (outcome, self.style.unicode) {
            (Outcome::Holds, true) => "✓",
            (Outcome::Holds, false) => "ok",
            (Outcome::Undetermined, _) => "?",
            (Outcome::Violated, true) => "✗",
            (Outcome::Violated, false) => "x",
        }
    }

    fn question(&self, asked: &Asked, name: &str) -> String {
        let version = version_number(asked.version);
        let line = format!("{name}  {} -> {}  {}  IPv{version}", asked.from, asked.to, asked.service);
        visible_line(&line).into_owned()
    }

    fn asked(&self, asked: &Asked, verdict: &str, out: &mut dyn Write) -> io::Result<()> {
        let answer = &asked.answer;
        writeln!(out, "{}: {verdict}", self.question(asked, "").trim_start())?;
        if answer.packet_verdict != answer.verdict {
            writeln!(out, "  packets without replies: {}", answer.packet_verdict.as_str())?;
        }
        let legs = answer.witness.as_ref().map(|witness| witness.legs.as_slice()).unwrap_or_default();
        for leg in legs {
            self.leg(leg, out)?;
        }
        for reason in &answer.because {
            writeln!(out, "  depends on: {}", visible_line(reason))?;
        }
        let lead = if answer.verdict == Verdict::Unreachable { "stops at" } else { "to stop it" };
        for cut in &answer.cuts {
            let places: Vec<String> = cut.labels.iter().map(|label| self.place(label)).collect();
            writeln!(out, "  {lead}: {} — {}", places.join(" and "), visible_line(&cut.text))?;
        }
        Ok(())
    }

    fn leg(&self, leg: &WitnessLeg, out: &mut dyn Write) -> io::Result<()> {
        let packet = leg.packet;
        let port = |port: Option<u16>| port.map(|port| format!(" port {port}")).unwrap_or_default();
        let to = protocol::has_ports(packet.protocol).then_some(packet.detail);
        let name = ServiceSet::protocol(packet.protocol);
        let (source, destination) = (shown(packet.source), shown(packet.destination));
        writeln!(out, "  {name} {source}{} -> {destination}{}", port(leg.source_port), port(to))?;
        self.hops(&leg.path, "", out)?;
        self.hops(&leg.return_path, "reply ", out)
    }

    fn hops(&self, hops: &[Hop], lead: &str, out: &mut dyn Write) -> io::Result<()> {
        for (idx, hop) in (1..).zip(hops.iter().filter(|hop| !hop.label.role.is_empty())) {
            let doubt = if hop.certain { "" } else { " (perhaps)" };
            let text = if hop.label.text.is_empty() { String::new() } else { format!(" {}", hop.label.text) };
            let line = format!("  {lead}{idx:>2} {}{text}{doubt}", self.place(&hop.label));
            writeln!(out, "  {}", visible_line(&line))?;
        }
        Ok(())
    }

    /// `security group aws_security_group.a (main.tf:3)`
    fn place(&self, label: &Label) -> String {
        let at = label.span().and_then(|span| self.sources.location(span));
        let at = at.map(|at| format!(" ({}:{})", at.file, at.start.line)).unwrap_or_default();
        format!("{} {}{at}", label.role, label.resource)
    }
}
