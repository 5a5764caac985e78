//! Rules as SARIF describes them.

use std::collections::BTreeMap;

use super::shape::{Configuration, Help, Message, Rule, RuleProperties};
use crate::diagnostic::{Report, RuleInfo, Severity};

/// Forges cut longer descriptions.
const MAX_DESCRIPTION: usize = 1024;
/// Forges keep no more tags.
const MAX_TAGS: usize = 20;

/// The rules in force, and those that findings name besides, by id.
pub(super) fn rules(report: &Report) -> Vec<Rule<'_>> {
    let mut known: BTreeMap<&str, Option<&RuleInfo>> =
        report.findings.iter().map(|finding| (&*finding.rule, None)).collect();
    known.extend(report.rules.iter().map(|(id, info)| (&**id, Some(info))));
    known.into_iter().map(|(id, info)| rule(id, info, report)).collect()
}

fn rule<'a>(id: &'a str, info: Option<&'a RuleInfo>, report: &'a Report) -> Rule<'a> {
    let of_findings = || report.findings.iter().filter(|f| *f.rule == *id).map(|f| f.severity).max();
    let severity = info.and_then(|info| info.severity).or_else(of_findings).unwrap_or(Severity::Medium);
    let summary = info.map(|info| info.summary.as_str()).filter(|summary| !summary.is_empty()).unwrap_or(id);
    Rule {
        id,
        name: name(id),
        short_description: Message::new(summary),
        full_description: Message::new(first_paragraph(info).unwrap_or(summary)),
        default_configuration: Configuration { level: level(severity) },
        help: Help {
            text: format!("{summary}. Run: palisade explain {id}"),
            markdown: info.map_or("", |info| info.document.trim()),
        },
        properties: RuleProperties {
            tags: tags(id, info),
            precision: "high",
            security_severity: security_severity(severity),
            problem_severity: match level(severity) {
                "note" => "recommendation",
                other => other,
            },
        },
    }
}

/// `tls/lb-listener-https` as `TlsLbListenerHttps`, which viewers show beside the id.
fn name(id: &str) -> String {
    id.split(|ch: char| !ch.is_alphanumeric())
        .flat_map(|word| {
            let mut chars = word.chars();
            chars.next().map(char::to_uppercase).into_iter().flatten().chain(chars).collect::<Vec<char>>()
        })
        .collect()
}

/// The first paragraph of the document that is prose.
fn first_paragraph(info: Option<&RuleInfo>) -> Option<&str> {
    let paragraph = info?
        .document
        .split("\n\n")
        .map(str::trim)
        .find(|text| !text.is_empty() && !text.starts_with(['#', '`', '<', '|', '-', '*']))?;
    let cut = paragraph.char_indices().nth(MAX_DESCRIPTION).map_or(paragraph.len(), |(at, _)| at);
    paragraph.get(..cut)
}

fn tags<'a>(id: &'a str, info: Option<&'a RuleInfo>) -> Vec<&'a str> {
    let domain = info.map(|info| info.domain.as_str()).filter(|domain| !domain.is_empty());
    let mut tags = vec!["security", domain.unwrap_or_else(|| id.split('/').next().unwrap_or(id))];
    if let Some(info) = info {
        tags.extend(info.standards.iter().chain(&info.clauses).chain(&info.aliases).map(String::as_str));
    }
    let mut unique: Vec<&str> = Vec::with_capacity(tags.len().min(MAX_TAGS));
    for tag in tags {
        if unique.len() < MAX_TAGS && !unique.contains(&tag) {
            unique.push(tag);
        }
    }
    unique
}

/// The level of a failing result.
pub(super) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// A number from 0 to 10; GitHub shows above 9 as critical, from 7 as high, from 4 as medium.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
    }
}
