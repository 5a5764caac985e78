//! Documents that run: the examples in a rule's Markdown are judged, and must fail and pass where they say so.

mod markdown;
mod marker;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use markdown::{Example, Section};
use marker::{Expected, expectations};

use super::{Judged, Rule, RuleSet, Settings, Surroundings, judge};
use crate::diagnostic::{Diagnostic, Finding, Level, Verdict};
use crate::graph::Graph;
use crate::source::{Boundary, Memory, SourceMap};
use crate::terraform::{Options, load_directory};

/// Headings that every document has, in this order. `Undetermined` may stand after `Passes`.
pub const HEADINGS: [&str; 6] = ["What it checks", "Why it matters", "Fails", "Passes", "How to fix", "References"];

/// How one heading of a document, or the document as a whole, came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentResult {
    /// Rule and heading: `tls/lb-listener-https: Fails`.
    pub name: String,
    /// What is wrong, each with its line in the document; empty if all is well.
    pub problems: Vec<String>,
}

/// Runs the documents of all rules, one result a heading, in rule order. `sources` must be the map the rules were loaded with.
#[must_use]
pub fn test_documents(rules: &RuleSet, sources: &SourceMap) -> Vec<DocumentResult> {
    rules.iter().flat_map(|rule| test_document(rule, rules, sources)).collect()
}

/// Runs the document of one rule.
#[must_use]
pub fn test_document(rule: &Rule, rules: &RuleSet, sources: &SourceMap) -> Vec<DocumentResult> {
    let bench = Bench { rule, rules, sources };
    let document = markdown::read(&rule.document);
    let mut results = vec![DocumentResult { name: format!("{}: document", rule.id), problems: form(rule, &document) }];
    for section in document.sections.iter().filter(|section| !section.examples.is_empty()) {
        let mut problems = Vec::new();
        for example in &section.examples {
            bench.run(section, example, &mut problems);
        }
        results.push(DocumentResult { name: format!("{}: {}", rule.id, section.heading), problems });
    }
    results
}

/// What is wrong with the document's headings.
fn form(rule: &Rule, document: &markdown::Document) -> Vec<String> {
    if rule.document.is_empty() {
        return vec![format!("there is no rulesets/{}.md beside the rule", rule.id)];
    }
    let mut problems = Vec::new();
    if document.title.as_deref() != Some(rule.summary.as_str()) {
        problems.push(format!("the title must be the rule's summary: # {}", rule.summary));
    }
    let found: Vec<&str> = document.sections.iter().map(|section| section.heading.as_str()).collect();
    let mut at = 0;
    for heading in HEADINGS {
        match found.iter().skip(at).position(|other| *other == heading) {
            Some(distance) => at += distance + 1,
            None => problems.push(format!("the heading \"## {heading}\" is missing or not in its place")),
        }
    }
    for section in &document.sections {
        if section.is_empty {
            problems.push(format!("line {}: there is nothing under \"{}\"", section.line, section.heading));
        }
        if matches!(section.heading.as_str(), "Fails" | "Passes") && section.examples.is_empty() {
            problems.push(format!("line {}: \"{}\" has no hcl block", section.line, section.heading));
        }
    }
    problems
}

/// What examples are judged with.
struct Bench<'b> {
    rule: &'b Rule,
    rules: &'b RuleSet,
    sources: &'b SourceMap,
}

impl Bench<'_> {
    fn run(&self, section: &Section, example: &Example, problems: &mut Vec<String>) {
        let id = &self.rule.id;
        let expected = expectations(example, id);
        if section.heading == "Fails" && !expected.iter().any(|it| it.verdict == Verdict::Fail) {
            problems.push(format!("line {}: an example under Fails needs a line marked # fails: {id}", example.line));
        }
        if matches!(section.heading.as_str(), "Passes" | "How to fix") && !expected.is_empty() {
            problems.push(format!("line {}: nothing may be marked under {}", example.line, section.heading));
        }
        let (judged, trouble) = self.judge(example, &expected);
        for diagnostic in trouble.iter().filter(|it| it.level == Level::Error) {
            let place = diagnostic.span.and_then(|span| self.sources.location(span));
            let place = place.map_or_else(
                || format!("line {}", example.line),
                |place| match example.has_file(&place.file) {
                    true => format!("line {}", example.line_in_document(&place.file, place.start.line)),
                    false => format!("{}:{}", place.file, place.start.line),
                },
            );
            problems.push(format!("{place}: {}", diagnostic.message));
        }
        compare(example, &expected, &judged, problems);
    }

    fn judge(&self, example: &Example, expected: &[Expected]) -> (Judged, Vec<Diagnostic>) {
        let mut system = Memory::new();
        let dir = PathBuf::from("/").join(&example.dir);
        for file in &example.files {
            system.add(dir.join(&file.name), file.text.as_bytes());
        }
        let boundary = Boundary::at(&system, Path::new("/"));
        let options = Options { workspace: example.workspace.clone(), ..Options::default() };
        let loaded = load_directory(&system, self.sources, &boundary, &dir, &options);
        let (mut root, mut trouble) = (loaded.root, loaded.diagnostics);
        root.path = PathBuf::from(&example.dir);
        let named = expected.iter().map(|it| it.rule.clone());
        let select = std::iter::once(self.rule.id.to_string()).chain(named).collect();
        let accept_cloud_default = example.accept_cloud_time;
        let settings = Settings { select, accept_cloud_default, ..document_settings() };
        let graph = Graph::new(&root, settings.environments.clone());
        let mut judged = judge(self.rules, &graph, &settings, Surroundings::new(self.sources));
        trouble.append(&mut judged.errors);
        (judged, trouble)
    }
}

/// Settings under which all documents run: agreed time sources that examples can name, and no scaling.
#[must_use]
pub fn document_settings() -> Settings {
    let sources = ["169.254.169.123", "10.0.0.0/28", "ntp.example.org"];
    Settings { time_sources: sources.map(str::to_owned).to_vec(), ..Settings::default() }
}

fn compare(example: &Example, expected: &[Expected], judged: &Judged, problems: &mut Vec<String>) {
    let line_of = |finding: &Finding| {
        finding.location.as_ref().map_or(example.line, |it| example.line_in_document(&it.file, it.start.line))
    };
    for finding in &judged.findings {
        let line = line_of(finding);
        let is_expected = expected.iter().any(|it| it.line == line && it.matches(finding));
        if !is_expected {
            let word = finding.verdict.as_str();
            let text = &finding.message;
            problems.push(format!("line {line}: unmarked {word} of {} on {}: {text}", finding.rule, finding.address));
        }
    }
    for it in expected {
        let is_met = judged.findings.iter().any(|finding| line_of(finding) == it.line && it.matches(finding));
        if !is_met {
            problems.push(format!(
                "line {}: {} should be {} here{}",
                it.line,
                it.rule,
                it.verdict.as_str(),
                it.wanted()
            ));
        }
    }
}

/// The list of all rules by domain, Markdown: for `rulesets/INDEX.md`.
#[must_use]
pub fn index(rules: &RuleSet) -> String {
    let mut out = String::from("# Rules\n\nGenerated from the rules; `tests/rulesets.rs` says how.\n");
    let mut domain: Option<&Arc<str>> = None;
    for rule in rules.iter() {
        if domain != Some(&rule.domain) {
            out.push_str(&format!("\n## {}\n\n| rule | severity | what is wrong |\n|---|---|---|\n", rule.domain));
            domain = Some(&rule.domain);
        }
        out.push_str(&format!("| [`{0}`]({0}.md) | {1} | {2} |\n", rule.id, rule.severity, rule.summary));
    }
    out
}
