//! The report for a person at a terminal.

use std::io::{self, Write};

use super::because::because;
use super::excerpt::Excerpt;
use super::paint::{Paint, wrap};
use super::snippet::{Sign, Snippet};
use super::tally::{Standing, counted, judged_nothing, summary_line};
use super::visible::{visible, visible_line};
use super::{Detail, Style};
use crate::diagnostic::{Diagnostic, Finding, Level, NotJudged, NotJudgedKind, Report, Severity};
use crate::source::{Location, SourceMap, Span};
use crate::syntax::holds_values;

/// Unless everything is wanted, so many of each kind of thing that was not judged are named.
const MAX_NOT_JUDGED: usize = 8;

/// Writes the findings, what was not judged, and the summary as last line.
///
/// # Errors
/// When writing fails.
pub(super) fn render(report: &Report, sources: &SourceMap, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let shown: &[Standing] = if style.detail == Detail::Verbose {
        &[Standing::Waived, Standing::Known, Standing::Fails, Standing::Undecided]
    } else {
        &[Standing::Fails, Standing::Undecided]
    };
    for &standing in shown {
        for finding in report.findings.iter().filter(|finding| Standing::of(finding) == standing) {
            write!(out, "{}", draw(finding, standing, report, sources, style))?;
            writeln!(out)?;
        }
    }
    let paint = Paint::new(style);
    if style.detail > Detail::Quiet {
        for note in &report.notes {
            writeln!(out, "{}", wrap("note: ", &visible_line(note), style.width))?;
        }
        not_judged(&report.not_judged, style, out)?;
    }
    unparsed(report, paint, out)?;
    if judged_nothing(report) {
        writeln!(out, "{}", paint.yellow("NOTHING JUDGED: no resources were found"))?;
    }
    let line = summary_line(report);
    let line = if report.summary.fail > 0 { paint.red(&line) } else { paint.bold(&line) };
    writeln!(out, "{line}")
}

/// Writes problems with the input, one box each.
///
/// # Errors
/// When writing fails.
pub(super) fn diagnostics(
    diagnostics: &[Diagnostic],
    sensitive: &[Span],
    sources: &SourceMap,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    for diagnostic in diagnostics {
        let (word, sign) = match diagnostic.level {
            Level::Error => ("error", Sign::Error),
            Level::Warning => ("warning", Sign::Warning),
        };
        let mut places = vec![];
        places.extend(diagnostic.span.map(|span| (span, None)));
        places.extend(diagnostic.labels.iter().map(|label| (label.span, Some(label.message.as_str()))));
        // A file of values that was not understood may show a secret on any line.
        let is_open = |span: Span| sources.file(span.file).is_some_and(|file| !holds_values(&file.display_path()));
        let (open, closed): (Vec<_>, Vec<_>) = places.into_iter().partition(|&(span, _)| is_open(span));
        let mut drawn = boxes(
            Snippet { message: format!("{word}: {}", visible(&diagnostic.message)), sign, source: None },
            &open,
            &Scene { sources, sensitive, style },
        );
        for (span, label) in closed {
            drawn.push_str(&place_line(sources.location(span).as_ref(), label.unwrap_or_default()));
        }
        if let (None, Some(path)) = (diagnostic.span, &diagnostic.path) {
            drawn.push_str(&format!("   in {}\n", visible_line(path)));
        }
        if let Some(help) = &diagnostic.help {
            drawn.push_str(&help_lines(help, style));
        }
        writeln!(out, "{drawn}")?;
    }
    Ok(())
}

/// What is needed to draw source.
struct Scene<'a> {
    sources: &'a SourceMap,
    sensitive: &'a [Span],
    style: &'a Style,
}

fn draw(finding: &Finding, standing: Standing, report: &Report, sources: &SourceMap, style: &Style) -> String {
    let sign = match (standing, finding.severity) {
        (Standing::Undecided, _) => Sign::Question,
        (Standing::Waived | Standing::Known, _) => Sign::Advice,
        (Standing::Fails, Severity::Critical | Severity::High) => Sign::Error,
        (Standing::Fails, Severity::Medium | Severity::Low) => Sign::Warning,
    };
    let mut message = visible(&finding.message).into_owned();
    if standing == Standing::Undecided
        && let Some(reasons) = because(finding)
    {
        message = format!("{message}\n{reasons}");
    }
    let mut places = Vec::new();
    places.extend(finding.span.map(|span| (span, None)));
    for related in &finding.related {
        places.extend(related.span.map(|span| (span, Some(related.message.as_str()))));
    }
    let scene = Scene { sources, sensitive: &report.sensitive_spans, style };
    let mut drawn = heading(finding, standing, Paint::new(style));
    drawn.push_str(&boxes(Snippet { message, sign, source: None }, &places, &scene));
    if finding.span.is_none() {
        drawn.push_str(&place_line(finding.location.as_ref(), ""));
    }
    for related in finding.related.iter().filter(|related| related.span.is_none()) {
        drawn.push_str(&place_line(Some(&related.location), &related.message));
    }
    if let Some(waiver) = &finding.waiver {
        let text = format!("{}, {}, until {}: {}", waiver.name, waiver.owner, waiver.expires, waiver.reason);
        drawn.push_str(&wrap("  waiver: ", &visible_line(&text), style.width));
        drawn.push('\n');
    }
    if let Some(help) = &finding.help {
        drawn.push_str(&help_lines(help, style));
    }
    let explain = format!("palisade explain {}", visible_line(&finding.rule));
    drawn.push_str(&format!("  more: {}\n", Paint::new(style).dim(&explain)));
    drawn
}

/// `high tls/lb-listener-https aws_lb_listener.http (prod)`
fn heading(finding: &Finding, standing: Standing, paint: Paint) -> String {
    let severity = finding.severity.as_str();
    let (word, severity) = match standing {
        Standing::Undecided => (" undetermined", paint.cyan(severity)),
        Standing::Waived => (" waived", paint.dim(severity)),
        Standing::Known => (" known", paint.dim(severity)),
        Standing::Fails => match finding.severity {
            Severity::Critical | Severity::High => ("", paint.red(severity)),
            Severity::Medium | Severity::Low => ("", paint.yellow(severity)),
        },
    };
    let environment = finding.environment.as_ref().map(|name| format!(" ({})", visible_line(name)));
    format!(
        "{severity}{word} {} {}{}\n",
        paint.bold(&visible_line(&finding.rule)),
        visible_line(&finding.address),
        environment.unwrap_or_default()
    )
}

/// The first place and those of the same file in one box, then a box for each other file.
fn boxes(head: Snippet, places: &[(Span, Option<&str>)], scene: &Scene<'_>) -> String {
    let mut rest: Vec<(Span, Option<&str>)> = places.to_vec();
    let mut snippet = head;
    let mut drawn = String::new();
    while let Some((first, first_label)) = rest.first().copied() {
        let (here, elsewhere): (Vec<_>, Vec<_>) = rest.into_iter().partition(|(span, _)| span.file == first.file);
        rest = elsewhere;
        let is_head = drawn.is_empty();
        if !is_head {
            let message = visible(first_label.unwrap_or("here")).into_owned();
            snippet = Snippet { message, sign: Sign::Continued, source: None };
        }
        let spans: Vec<Span> = here.iter().map(|(span, _)| *span).collect();
        let labels = here.iter().enumerate().map(|(at, (_, label))| {
            // The message of the box says it already.
            label.filter(|_| is_head || at > 0).map(|label| visible(label).into_owned())
        });
        let labels: Vec<Option<String>> = labels.collect();
        snippet.source = Excerpt::of(scene.sources, &spans, 1, scene.sensitive).map(|excerpt| (excerpt, labels));
        drawn.push_str(&snippet.draw(scene.style));
    }
    if drawn.is_empty() { snippet.draw(scene.style) } else { drawn }
}

fn place_line(at: Option<&Location>, label: &str) -> String {
    let Some(at) = at else { return String::new() };
    let label = if label.is_empty() { String::new() } else { format!(": {}", visible_line(label)) };
    format!("   at {}:{}:{}{label}\n", visible_line(&at.file), at.start.line, at.start.column)
}

fn help_lines(help: &str, style: &Style) -> String {
    let paint = Paint::new(style);
    let lines = wrap("  help: ", &visible(help), style.width);
    format!("{}\n", lines.replacen("help:", &paint.cyan("help:"), 1))
}

fn not_judged(gaps: &[NotJudged], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let kinds = [
        (NotJudgedKind::File, "file"),
        (NotJudgedKind::Module, "module"),
        (NotJudgedKind::ResourceType, "resource type"),
    ];
    for (kind, noun) in kinds {
        let of_kind: Vec<&NotJudged> = gaps.iter().filter(|gap| gap.what == kind).collect();
        let limit = if style.detail == Detail::Verbose { of_kind.len() } else { MAX_NOT_JUDGED };
        for gap in of_kind.iter().take(limit) {
            let text = format!("{noun} {}: {}", gap.name, gap.reason);
            writeln!(out, "{}", wrap("not judged: ", &visible_line(&text), style.width))?;
        }
        if of_kind.len() > limit {
            writeln!(out, "not judged: {} more (-v names them)", counted(of_kind.len() - limit, noun))?;
        }
    }
    Ok(())
}

/// Silence about files that were not read has let whole directories pass unseen elsewhere.
fn unparsed(report: &Report, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let count = report.summary.unparsed;
    if count == 0 {
        return Ok(());
    }
    let (were, what) = if count == 1 { ("was", "it") } else { ("were", "them") };
    let line = format!("NOT PARSED: {} could not be read, and nothing in {what} {were} judged", counted(count, "file"));
    writeln!(out, "{}", paint.red(&line))
}
