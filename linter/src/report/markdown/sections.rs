//! What is behind the verdict of a comment.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::escape::{block, code, html_code, prose};
use super::{Comment, of_standing};
use crate::diagnostic::{Diagnostic, Finding, NotJudgedKind, Report, Severity};
use crate::report::because::because;
use crate::report::excerpt::Excerpt;
use crate::report::tally::{Standing, Tally, counted};
use crate::source::SourceMap;

/// What fails, by file, the files with the worst findings first.
pub(super) fn findings(report: &Report, sources: &SourceMap, comment: &mut Comment) {
    let fails = of_standing(report, Standing::Fails);
    if fails.is_empty() {
        return;
    }
    let mut files: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in fails {
        files.entry(finding.location.as_ref().map_or(&finding.root, |at| &at.file)).or_default().push(finding);
    }
    let mut files: Vec<(&str, Vec<&Finding>)> = files.into_iter().collect();
    files.sort_by_key(|(_, findings)| std::cmp::Reverse(findings.iter().map(|finding| finding.severity).max()));
    comment.push("\n#### Findings\n");
    let n_files = files.len();
    for (at, (file, findings)) in files.into_iter().enumerate() {
        if comment.text.len() + 1000 > comment.limit {
            comment.push(&format!("\n… and findings in {} more\n", counted(n_files - at, "file")));
            return;
        }
        let words = Tally::of(findings.iter().copied()).words();
        // The worst are read without a click.
        let open = if findings.iter().any(|finding| finding.severity == Severity::Critical) { " open" } else { "" };
        let total = counted(findings.len(), "finding");
        comment.push(&format!("\n<details{open}><summary>{}: {total} ({words})</summary>\n\n", html_code(file)));
        comment.push_items(findings.iter().map(|finding| item(finding, report, sources)), "finding");
        comment.push("\n</details>\n");
    }
}

/// `- **high** `rule` `address` (prod), line 3: message`, then source, provenance and help.
fn item(finding: &Finding, report: &Report, sources: &SourceMap) -> String {
    let mut text = format!("- **{}** {}: {}\n", finding.severity, subject(finding), prose(&finding.message));
    let excerpt = finding.span.and_then(|span| Excerpt::of(sources, &[span], 0, &report.sensitive_spans));
    if let Some(excerpt) = excerpt.filter(|excerpt| !excerpt.text.trim().is_empty()) {
        let _ = write!(text, "\n{}", block(&excerpt.text, "  "));
    }
    for related in &finding.related {
        let at = &related.location;
        let place = code(&format!("{}:{}", at.file, at.start.line));
        let _ = writeln!(text, "  - {place}: {}", prose(&related.message));
    }
    if let Some(help) = &finding.help {
        let _ = writeln!(text, "  - **Fix:** {}", prose(help));
    }
    text
}

fn subject(finding: &Finding) -> String {
    let mut text = format!("{} {}", code(&finding.rule), code(&finding.address));
    if let Some(environment) = &finding.environment {
        let _ = write!(text, " ({})", prose(environment));
    }
    if let Some(at) = &finding.location {
        let _ = write!(text, ", line {}", at.start.line);
    }
    text
}

/// What could not be decided, and what would decide it.
pub(super) fn undetermined(report: &Report, comment: &mut Comment) {
    let undecided = of_standing(report, Standing::Undecided);
    if undecided.is_empty() {
        return;
    }
    let items: Vec<String> = undecided.iter().map(|finding| undecided_item(finding)).collect();
    let about = "Neither passed nor failed: a value that decides is not known here. Give it a value \
                 (`--var`, `--var-file`), or judge the plan (`palisade check tfplan`).";
    section("Undetermined", about, &items, "finding", comment);
}

fn undecided_item(finding: &Finding) -> String {
    let place = finding.location.as_ref().map(|at| format!(" in {}", code(&at.file))).unwrap_or_default();
    let reasons = because(finding).map(|reasons| format!(" Undetermined {}.", prose(&reasons))).unwrap_or_default();
    format!("- **{}** {}{place}: {}{reasons}\n", finding.severity, subject(finding), prose(&finding.message))
}

/// Problems with the input.
pub(super) fn errors(report: &Report, sources: &SourceMap, comment: &mut Comment) {
    let items: Vec<String> = report.errors.iter().map(|error| error_item(error, sources)).collect();
    let about = "What was not understood was not judged.";
    section("Problems with the input", about, &items, "problem", comment);
}

fn error_item(error: &Diagnostic, sources: &SourceMap) -> String {
    let at = error.span.and_then(|span| sources.location(span));
    let place = at.map(|at| format!("{}:{}", at.file, at.start.line)).or_else(|| error.path.clone());
    let place = place.map(|place| format!("{}: ", code(&place))).unwrap_or_default();
    let help = error.help.as_ref().map(|help| format!(". {}", prose(help))).unwrap_or_default();
    format!("- {place}{}{help}\n", prose(&error.message))
}

/// What the run says nothing about.
pub(super) fn not_judged(report: &Report, comment: &mut Comment) {
    let items: Vec<String> = report
        .not_judged
        .iter()
        .map(|gap| {
            let what = match gap.what {
                NotJudgedKind::Module => "module",
                NotJudgedKind::ResourceType => "resource type",
                NotJudgedKind::File => "file",
            };
            format!("- {what} {}: {}\n", code(&gap.name), prose(&gap.reason))
        })
        .collect();
    section("Not judged", "", &items, "thing", comment);
}

/// What was accepted, by whom and until when.
pub(super) fn waived(report: &Report, comment: &mut Comment) {
    let waived = report.findings.iter().filter_map(|finding| {
        let waiver = finding.waiver.as_ref()?;
        let ticket = waiver.ticket.as_ref().map(|ticket| format!(", {}", prose(ticket))).unwrap_or_default();
        let (owner, expires) = (prose(&waiver.owner), prose(&waiver.expires));
        let reason = prose(&waiver.reason);
        Some(format!("- {} until {expires} by {owner}{ticket}: {reason}\n", subject(finding)))
    });
    section("Waived", "", &waived.collect::<Vec<_>>(), "finding", comment);
}

/// Sentences for the reader.
pub(super) fn notes(report: &Report, comment: &mut Comment) {
    let items: Vec<String> = report.notes.iter().map(|note| format!("- {}\n", prose(note))).collect();
    section("Notes", "", &items, "note", comment);
}

fn section(title: &str, about: &str, items: &[String], noun: &str, comment: &mut Comment) {
    if items.is_empty() {
        return;
    }
    comment.push(&format!("\n<details><summary>{title} ({})</summary>\n\n", items.len()));
    if !about.is_empty() {
        comment.push(&format!("{about}\n\n"));
    }
    comment.push_items(items.iter().cloned(), noun);
    comment.push("\n</details>\n");
}
