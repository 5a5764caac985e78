//! SARIF 2.1.0, for code scanning and its viewers.

mod artifacts;
mod result;
mod rule;
mod shape;

#[cfg(all(test, feature = "cli"))]
mod tests;

use std::collections::BTreeMap;
use std::io::{self, Write};

use artifacts::{Artifacts, BASE};
use result::Habits;
use shape::{
    DescriptorReference, Driver, Invocation, Location, Log, Message, Notification, NotificationKind, Run, Tool, UriBase,
};

use super::json_text::write_json;
use crate::diagnostic::{Diagnostic, Level, NotJudged, NotJudgedKind, Report};
use crate::source::SourceMap;

/// Writes the report as one log with one run.
///
/// # Errors
/// When writing fails.
pub(super) fn render(report: &Report, sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
    let version = env!("CARGO_PKG_VERSION");
    let artifacts = Artifacts::of(paths(report, sources).iter().map(String::as_str));
    let rules = rule::rules(report);
    let places: BTreeMap<&str, usize> = rules.iter().enumerate().map(|(index, rule)| (rule.id, index)).collect();
    let habits = Habits::of(report);
    let results = report.findings.iter().map(|finding| {
        let rule_index = places.get(&*finding.rule).copied().unwrap_or_default();
        result::result(finding, rule_index, &artifacts, habits)
    });
    let run = Run {
        results: results.collect(),
        tool: Tool {
            driver: Driver {
                name: "Palisade",
                full_name: concat!("Palisade ", env!("CARGO_PKG_VERSION")),
                version,
                semantic_version: version,
                information_uri: env!("CARGO_PKG_REPOSITORY"),
                rules,
                notifications: notification_kinds(),
            },
        },
        invocations: [invocation(report, sources, &artifacts)],
        original_uri_base_ids: BTreeMap::from([(
            BASE,
            UriBase { description: Message::new("The directory that Palisade ran in.") },
        )]),
        artifacts: artifacts.list(),
        column_kind: "unicodeCodePoints",
    };
    let schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
    write_json(&Log { schema, version: "2.1.0", runs: [run] }, out)
}

/// Every file that is named anywhere in the log.
fn paths(report: &Report, sources: &SourceMap) -> Vec<String> {
    let mut paths = Vec::new();
    for finding in &report.findings {
        paths.push(finding.location.as_ref().map_or(&finding.root, |at| &at.file).clone());
        paths.extend(finding.related.iter().map(|related| related.location.file.clone()));
    }
    for error in &report.errors {
        paths.extend(error.path.clone());
        paths.extend(error.span.and_then(|span| sources.location(span)).map(|at| at.file));
    }
    paths
}

const INPUT: DescriptorReference = DescriptorReference { id: "palisade/input", index: 0 };
const NOT_JUDGED: DescriptorReference = DescriptorReference { id: "palisade/not-judged", index: 1 };

fn notification_kinds() -> [NotificationKind; 2] {
    let kind = |id, text: &str, help: &str| NotificationKind {
        id,
        short_description: Message::new(text),
        full_description: Message::new(text),
        help: Message::new(help),
    };
    [
        kind(INPUT.id, "A problem with the input.", "What could not be read was not judged: mend it and run again."),
        kind(
            NOT_JUDGED.id,
            "Something that was not judged.",
            "The results say nothing about it, neither good nor bad.",
        ),
    ]
}

fn invocation(report: &Report, sources: &SourceMap, artifacts: &Artifacts) -> Invocation {
    let errors = report.errors.iter().map(|error| input_notification(error, sources, artifacts));
    let gaps = report.not_judged.iter().map(gap_notification);
    Invocation {
        execution_successful: report.errors.iter().all(|error| error.level != Level::Error),
        tool_execution_notifications: errors.chain(gaps).collect(),
    }
}

fn input_notification(error: &Diagnostic, sources: &SourceMap, artifacts: &Artifacts) -> Notification {
    let place = error.span.and_then(|span| sources.location(span)).map(|at| artifacts.place(&at));
    let place = place.or_else(|| error.path.as_ref().map(|path| artifacts.file(path)));
    let help = error.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
    Notification {
        descriptor: INPUT,
        level: match error.level {
            Level::Error => "error",
            Level::Warning => "warning",
        },
        message: Message::new(format!("{}{help}", error.message)),
        locations: place
            .map(|place| Location { physical_location: Some(place), ..Location::default() })
            .into_iter()
            .collect(),
    }
}

fn gap_notification(gap: &NotJudged) -> Notification {
    let (level, what) = match gap.what {
        NotJudgedKind::Module => ("warning", "module"),
        NotJudgedKind::File => ("warning", "file"),
        NotJudgedKind::ResourceType => ("note", "resource type"),
    };
    Notification {
        descriptor: NOT_JUDGED,
        level,
        message: Message::new(format!("Not judged: {what} {}: {}", gap.name, gap.reason)),
        locations: Vec::new(),
    }
}
