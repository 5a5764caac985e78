//! The contract for programs.

use std::io::{self, Write};

use serde::Serialize;

use super::json_text::write_json;
use crate::diagnostic::{
    Diagnostic, Finding, KnownState, Level, NotJudged, Report, Severity, Summary, Verdict, WaiverNote,
};
use crate::source::{Location, SourceMap, Span};

/// The JSON Schema (draft 2020-12) of this format.
pub const SCHEMA: &str = include_str!("../../schemas/findings.schema.json");

/// Raised when a reader of the old shape would misread the new one; new fields do not raise it.
const SCHEMA_VERSION: u32 = 1;

/// Writes the report as one JSON document.
///
/// # Errors
/// When writing fails.
pub(super) fn render(report: &Report, sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        schema: SCHEMA_VERSION,
        tool: Tool { name: "palisade", version: env!("CARGO_PKG_VERSION") },
        summary: &report.summary,
        findings: report.findings.iter().map(|finding| FindingOut::of(finding, report)).collect(),
        not_judged: &report.not_judged,
        errors: report.errors.iter().map(|error| ErrorOut::of(error, sources)).collect(),
        notes: &report.notes,
    };
    write_json(&document, out)
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    tool: Tool,
    summary: &'a Summary,
    findings: Vec<FindingOut<'a>>,
    not_judged: &'a [NotJudged],
    errors: Vec<ErrorOut<'a>>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct FindingOut<'a> {
    rule: &'a str,
    domain: &'a str,
    severity: Severity,
    verdict: Verdict,
    address: &'a str,
    resource_type: &'a str,
    environment: Option<&'a str>,
    root: &'a str,
    message: &'a str,
    help: Option<&'a str>,
    location: Option<&'a Location>,
    related: Vec<RelatedOut<'a>>,
    because: &'a [String],
    aliases: &'a [String],
    standards: &'a [String],
    clauses: &'a [String],
    fingerprint: &'a str,
    waiver: Option<&'a WaiverNote>,
    known: bool,
}

impl<'a> FindingOut<'a> {
    fn of(finding: &'a Finding, report: &'a Report) -> Self {
        let rule = report.rules.get(&finding.rule);
        Self {
            rule: &finding.rule,
            domain: rule.map_or_else(|| domain(&finding.rule), |rule| &rule.domain),
            severity: finding.severity,
            verdict: finding.verdict,
            address: &finding.address,
            resource_type: &finding.resource_type,
            environment: finding.environment.as_deref(),
            root: &finding.root,
            message: &finding.message,
            help: finding.help.as_deref(),
            location: finding.location.as_ref(),
            related: finding
                .related
                .iter()
                .map(|related| RelatedOut { message: &related.message, location: Some(&related.location) })
                .collect(),
            because: &finding.because,
            aliases: rule.map_or(&[], |rule| &rule.aliases),
            standards: rule.map_or(&[], |rule| &rule.standards),
            clauses: rule.map_or(&[], |rule| &rule.clauses),
            fingerprint: &finding.fingerprint,
            waiver: finding.waiver.as_ref(),
            known: finding.known == KnownState::Known,
        }
    }
}

/// The part of a rule id before the slash.
fn domain(rule: &str) -> &str {
    rule.split_once('/').map_or(rule, |(domain, _)| domain)
}

#[derive(Serialize)]
struct RelatedOut<'a> {
    message: &'a str,
    location: Option<&'a Location>,
}

/// A problem with the input.
#[derive(Serialize)]
pub(super) struct ErrorOut<'a> {
    level: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    path: Option<String>,
    location: Option<Location>,
    related: Vec<ErrorLabel<'a>>,
}

#[derive(Serialize)]
struct ErrorLabel<'a> {
    message: &'a str,
    location: Option<Location>,
}

impl<'a> ErrorOut<'a> {
    /// The problem, with its places.
    pub(super) fn of(error: &'a Diagnostic, sources: &SourceMap) -> Self {
        let place = |span: Option<Span>| span.and_then(|span| sources.location(span));
        let location = place(error.span);
        Self {
            level: match error.level {
                Level::Error => "error",
                Level::Warning => "warning",
            },
            message: &error.message,
            help: error.help.as_deref(),
            path: error.path.clone().or_else(|| location.as_ref().map(|at| at.file.clone())),
            location,
            related: error
                .labels
                .iter()
                .map(|label| ErrorLabel { message: &label.message, location: place(Some(label.span)) })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::SCHEMA;
    use crate::report::Format;
    use crate::report::samples::{Sample, everyday, hostile};

    #[test]
    fn documents_are_valid_by_the_published_schema() {
        let schema: serde_json::Value = serde_json::from_str(SCHEMA).unwrap();
        assert!(jsonschema::draft202012::meta::is_valid(&schema));
        let validator = jsonschema::validator_for(&schema).unwrap();
        for sample in [Sample::default(), everyday(), hostile()] {
            let document = serde_json::from_str(&sample.render(Format::Json)).unwrap();
            let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{}", errors.join("\n"));
        }
    }

    /// The schema lets fields be added, but each one that is written must be in it.
    #[test]
    fn every_field_is_in_the_schema_and_required() {
        let schema: serde_json::Value = serde_json::from_str(SCHEMA).unwrap();
        let document: serde_json::Value = serde_json::from_str(&everyday().render(Format::Json)).unwrap();
        for (place, shape) in [
            ("", ""),
            ("/summary", "/properties/summary"),
            ("/findings/0", "/$defs/finding"),
            ("/errors/0", "/properties/errors/items"),
            ("/not_judged/0", "/properties/not_judged/items"),
        ] {
            let written: Vec<&String> = document.pointer(place).unwrap().as_object().unwrap().keys().collect();
            let shape = schema.pointer(shape).unwrap();
            let described: Vec<&String> = shape.get("properties").unwrap().as_object().unwrap().keys().collect();
            assert_eq!(written, described, "{place}");
            assert_eq!(serde_json::json!(described), *shape.get("required").unwrap(), "{place}");
        }
    }
}
