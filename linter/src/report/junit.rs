//! JUnit XML, for test reports: a suite for each root, a case for each rule and address.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::because::because;
use super::tally::{Standing, summary_line};
use super::visible::visible;
use crate::diagnostic::{Diagnostic, Finding, Level, Report};
use crate::source::SourceMap;

/// Writes the document. The suite `palisade` says whether the input could be read; it is always there, since many
/// readers take a document without a case for a broken run.
///
/// # Errors
/// When writing fails.
pub(super) fn render(report: &Report, sources: &SourceMap, out: &mut dyn Write) -> io::Result<()> {
    let mut suites: BTreeMap<&str, BTreeMap<(&str, String), Vec<&Finding>>> = BTreeMap::new();
    for finding in &report.findings {
        let cases = suites.entry(&finding.root).or_default();
        cases.entry((&finding.rule, case_name(finding))).or_default().push(finding);
    }
    let input = errors(report, sources);
    let count = |result: Outcome| suites.values().map(|cases| outcomes(cases, result)).sum::<usize>();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"palisade\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">",
        suites.values().map(BTreeMap::len).sum::<usize>() + 1,
        count(Outcome::Failed),
        usize::from(!input.is_empty()),
        count(Outcome::Skipped),
    )?;
    input_suite(report, &input, out)?;
    for (root, cases) in &suites {
        suite(root, cases, out)?;
    }
    writeln!(out, "</testsuites>")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Failed,
    Skipped,
}

/// A case fails if any of its findings does.
fn outcome(findings: &[&Finding]) -> Outcome {
    let fails = findings.iter().any(|finding| Standing::of(finding) == Standing::Fails);
    if fails { Outcome::Failed } else { Outcome::Skipped }
}

fn outcomes(cases: &BTreeMap<(&str, String), Vec<&Finding>>, wanted: Outcome) -> usize {
    cases.values().filter(|findings| outcome(findings) == wanted).count()
}

fn case_name(finding: &Finding) -> String {
    match &finding.environment {
        Some(environment) => format!("{} ({environment})", finding.address),
        None => finding.address.clone(),
    }
}

fn errors<'a>(report: &'a Report, sources: &SourceMap) -> Vec<(&'a Diagnostic, String)> {
    let errors = report.errors.iter().filter(|error| error.level == Level::Error);
    errors
        .map(|error| {
            let at = error.span.and_then(|span| sources.location(span));
            let place = at.map(|at| format!("{}:{}:{}: ", at.file, at.start.line, at.start.column));
            let place = place.or_else(|| error.path.as_ref().map(|path| format!("{path}: ")));
            (error, place.unwrap_or_default())
        })
        .collect()
}

fn input_suite(report: &Report, errors: &[(&Diagnostic, String)], out: &mut dyn Write) -> io::Result<()> {
    let failed = usize::from(!errors.is_empty());
    writeln!(out, "  <testsuite name=\"palisade\" tests=\"1\" failures=\"0\" errors=\"{failed}\" skipped=\"0\">")?;
    writeln!(out, "    <testcase classname=\"palisade\" name=\"input was read\">")?;
    for (error, place) in errors {
        let help = error.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
        let (message, text) = (attribute(&error.message), content(&format!("{place}{}{help}", error.message)));
        writeln!(out, "      <error message=\"{message}\" type=\"error\">{text}</error>")?;
    }
    writeln!(out, "      <system-out>{}</system-out>", content(&summary_line(report)))?;
    writeln!(out, "    </testcase>")?;
    writeln!(out, "  </testsuite>")
}

fn suite(root: &str, cases: &BTreeMap<(&str, String), Vec<&Finding>>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">",
        attribute(root),
        cases.len(),
        outcomes(cases, Outcome::Failed),
        outcomes(cases, Outcome::Skipped),
    )?;
    for ((rule, name), findings) in cases {
        let file = findings.iter().find_map(|finding| finding.location.as_ref());
        let file = file.map(|at| format!(" file=\"{}\"", attribute(&at.file))).unwrap_or_default();
        writeln!(out, "    <testcase classname=\"{}\" name=\"{}\"{file}>", attribute(rule), attribute(name))?;
        match outcome(findings) {
            Outcome::Failed => {
                for finding in findings.iter().filter(|finding| Standing::of(finding) == Standing::Fails) {
                    failure(finding, out)?;
                }
            }
            // A case may be skipped once.
            Outcome::Skipped => {
                let reasons: Vec<String> = findings.iter().map(|finding| skipped(finding)).collect();
                writeln!(out, "      <skipped message=\"{}\"/>", attribute(&reasons.join("\n")))?;
            }
        }
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>")
}

fn failure(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let mut text = String::new();
    if let Some(at) = &finding.location {
        text = format!("{}:{}:{}: ", at.file, at.start.line, at.start.column);
    }
    text.push_str(&finding.message);
    for related in &finding.related {
        let at = &related.location;
        text = format!("{text}\n{}:{}:{}: {}", at.file, at.start.line, at.start.column, related.message);
    }
    if let Some(help) = &finding.help {
        text = format!("{text}\n{help}");
    }
    let (message, severity) = (attribute(&finding.message), finding.severity);
    writeln!(out, "      <failure message=\"{message}\" type=\"{severity}\">{}</failure>", content(&text))
}

fn skipped(finding: &Finding) -> String {
    match (Standing::of(finding), &finding.waiver) {
        (Standing::Waived, Some(waiver)) => {
            format!("waived until {} by {}: {}", waiver.expires, waiver.owner, waiver.reason)
        }
        (Standing::Known, _) => format!("known: {}", finding.message),
        (Standing::Waived | Standing::Undecided | Standing::Fails, _) => {
            let reasons = because(finding).map(|reasons| format!(" ({reasons})")).unwrap_or_default();
            format!("undetermined: {}{reasons}", finding.message)
        }
    }
}

/// Text between tags.
fn content(text: &str) -> String {
    escape(text, |ch| match ch {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        _ => None,
    })
}

/// Text of an attribute in double quotes; line ends stay line ends.
fn attribute(text: &str) -> String {
    escape(text, |ch| match ch {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\n' => Some("&#10;"),
        '\t' => Some("&#9;"),
        _ => None,
    })
}

/// XML 1.0 has no way to write most control characters, so they are written out for people.
fn escape(text: &str, entity: impl Fn(char) -> Option<&'static str>) -> String {
    let mut escaped = String::with_capacity(text.len());
    for ch in visible(text).chars() {
        match entity(ch) {
            Some(entity) => escaped.push_str(entity),
            None if matches!(ch, '\u{fffe}' | '\u{ffff}') => escaped.extend(ch.escape_unicode()),
            None => escaped.push(ch),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use crate::report::Format;
    use crate::report::samples::{HOSTILE, Sample, everyday, hostile};

    #[test]
    fn documents_are_well_formed_and_their_counts_are_right() {
        for sample in [Sample::default(), everyday(), hostile()] {
            let text = sample.render(Format::Junit);
            let document = roxmltree::Document::parse(&text).unwrap();
            for node in
                document.descendants().filter(|node| matches!(node.tag_name().name(), "testsuites" | "testsuite"))
            {
                let cases = || node.descendants().filter(|child| child.has_tag_name("testcase"));
                let with =
                    |tag: &str| cases().filter(|case| case.children().any(|child| child.has_tag_name(tag))).count();
                for (attribute, count) in [
                    ("tests", cases().count()),
                    ("failures", with("failure")),
                    ("errors", with("error")),
                    ("skipped", with("skipped")),
                ] {
                    assert_eq!(node.attribute(attribute), Some(count.to_string().as_str()), "{attribute}\n{text}");
                }
            }
        }
    }

    #[test]
    fn text_comes_back_as_it_was_made_visible() {
        let text = hostile().render(Format::Junit);
        let document = roxmltree::Document::parse(&text).unwrap();
        let failure = document.descendants().find(|node| node.has_tag_name("failure")).unwrap();
        assert_eq!(failure.attribute("message"), Some(&*super::visible(HOSTILE)));
    }
}
