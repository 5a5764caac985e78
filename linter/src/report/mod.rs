//! What a run found out, written down: for people, for machines, for forges.
//!
//! Owns: the output formats, [`Format`], [`Style`], [`render`], [`summary_line`].
//! Promises: the same report gives the same bytes; text from users can neither steer a terminal, a log nor a
//! comment; sensitive source text is masked in every excerpt.
//! Must not know: how a verdict came about, where the output goes, whether anybody is watching.

mod because;
mod compact;
mod excerpt;
#[cfg(feature = "cli")]
mod explain;
mod github;
mod gitlab;
mod inspect;
mod json;
mod json_text;
mod junit;
mod markdown;
#[cfg(feature = "cli")]
mod paint;
mod prove;
mod rules;
#[cfg(test)]
mod samples;
mod sarif;
#[cfg(feature = "cli")]
mod snippet;
mod tally;
#[cfg(feature = "cli")]
mod text;
#[cfg(feature = "cli")]
mod timings;
mod visible;

use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

#[cfg(feature = "cli")]
use crate::diagnostic::Diagnostic;
use crate::diagnostic::Report;
use crate::source::SourceMap;

#[cfg(feature = "cli")]
pub use explain::{markdown, render_explanation};
pub use inspect::{Inspected, Secrecy, address_is_within, render_inspection_json, render_inspection_text};
pub use json::SCHEMA as FINDINGS_SCHEMA;
pub use prove::{Proofs, render_proofs_json, render_proofs_text};
pub use rules::{render_rules_json, render_rules_text};
pub use tally::{Tally, gate_fails, summary_line};
#[cfg(feature = "cli")]
pub use timings::render_timings;
pub use visible::{visible, visible_line};

/// A format of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// For a person at a terminal: source excerpts, help, what was not judged.
    Text,
    /// One line for each finding.
    Compact,
    /// The contract for programs; see [`FINDINGS_SCHEMA`].
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for test reports.
    Junit,
    /// Workflow commands of GitHub Actions.
    Github,
    /// Code quality report of GitLab.
    Gitlab,
    /// A comment on a pull request.
    Markdown,
}

impl Format {
    /// All formats, in the order of the documentation.
    pub const ALL: [Self; 8] =
        [Self::Text, Self::Compact, Self::Json, Self::Sarif, Self::Junit, Self::Github, Self::Gitlab, Self::Markdown];

    /// The name on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Compact => "compact",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Junit => "junit",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Markdown => "markdown",
        }
    }

    /// Other names it answers to, as other tools call it.
    #[must_use]
    pub fn aliases(self) -> &'static [&'static str] {
        match self {
            Self::Text => &["human", "pretty", "cli", "default", "full"],
            Self::Compact => &["concise", "short", "line"],
            Self::Json => &[],
            Self::Sarif => &["sarif2", "sarif-2.1.0"],
            Self::Junit => &["junitxml", "junit-xml", "junit_xml"],
            Self::Github => &["github-actions", "github_actions", "github_failed_only"],
            Self::Gitlab => &["gitlab-codequality", "gitlab_codequality", "gitlab_sast", "codeclimate", "codequality"],
            Self::Markdown => &["md", "comment"],
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is = |name: &&str| name.eq_ignore_ascii_case(text);
        Self::ALL.into_iter().find(|format| is(&format.as_str()) || format.aliases().iter().any(is)).ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.into_iter().map(Self::as_str).collect();
            format!("unknown format {text:?}: use {}", names.join(", "))
        })
    }
}

/// How text for people looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Colours and bold, as terminal escape sequences.
    pub color: bool,
    /// Lines and signs beyond ASCII.
    pub unicode: bool,
    /// Columns to fill at most; prose is wrapped there, source lines are not.
    pub width: usize,
    /// How much is said.
    pub detail: Detail,
}

/// How much text for people says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Findings and the summary only.
    Quiet,
    /// Also what was not judged, shortened where long.
    #[default]
    Normal,
    /// Everything, waived and known findings too.
    Verbose,
}

impl Default for Style {
    /// For a file: no colours, 100 columns.
    fn default() -> Self {
        Self { color: false, unicode: true, width: 100, detail: Detail::Normal }
    }
}

/// Writes the report in a format. Only [`Format::Text`] looks at `style`.
///
/// # Errors
/// When writing fails.
pub fn render(
    report: &Report,
    sources: &SourceMap,
    format: Format,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Text => text(report, sources, style, out),
        Format::Compact => compact::render(report, out),
        Format::Json => json::render(report, sources, out),
        Format::Sarif => sarif::render(report, sources, out),
        Format::Junit => junit::render(report, sources, out),
        Format::Github => github::render(report, sources, out),
        Format::Gitlab => gitlab::render(report, sources, out),
        Format::Markdown => markdown::render(report, sources, out),
    }
}

#[cfg(feature = "cli")]
fn text(report: &Report, sources: &SourceMap, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    text::render(report, sources, style, out)
}

/// Without the terminal renderer there are the lines and the summary.
#[cfg(not(feature = "cli"))]
fn text(report: &Report, _: &SourceMap, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    compact::render(report, out)?;
    writeln!(out, "{}", summary_line(report))
}

/// Writes problems with the input as text with source excerpts, for the error stream. No excerpt is taken from files
/// that hold values (variables, state, plan): what did not parse may be a secret.
///
/// # Errors
/// When writing fails.
#[cfg(feature = "cli")]
pub fn render_diagnostics(
    diagnostics: &[Diagnostic],
    sources: &SourceMap,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    text::diagnostics(diagnostics, &[], sources, style, out)
}

/// The same for the problems in a report, whose sensitive places are masked.
///
/// # Errors
/// When writing fails.
#[cfg(feature = "cli")]
pub fn render_errors(report: &Report, sources: &SourceMap, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    text::diagnostics(&report.errors, &report.sensitive_spans, sources, style, out)
}

#[cfg(all(test, feature = "cli"))]
mod tests;
