//! The rules that come with Palisade: their texts are embedded, and their heads beside them.
//!
//! A head is what every run asks of every rule: its names, its severity, the types it judges. Conditions and documents
//! are read where they are needed, so a start costs the same however many rules there are.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use super::read;
use super::rule::{Definition, Rule, Target};
use super::set::{RuleFile, rule_id};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::SourceMap;

include!(concat!(env!("OUT_DIR"), "/rulesets.rs"));

/// What a rule's text says before its conditions, found when the program was built.
struct Header {
    summary: &'static str,
    severity: Severity,
    aliases: &'static [&'static str],
    covered_by: &'static [&'static str],
    standards: &'static [&'static str],
    clauses: &'static [&'static str],
    /// Names, in order.
    params: &'static [&'static str],
    /// The labels of each check.
    targets: &'static [&'static [&'static str]],
}

/// All files: rules, documents, policies.
pub(super) fn files() -> Vec<RuleFile> {
    BUILTIN.iter().map(|(path, text)| file(path, text)).collect()
}

/// The rules with a head; each reads its conditions when it is first asked for them.
pub(super) fn with_heads(sources: &SourceMap) -> impl Iterator<Item = Rule> {
    HEADERS.iter().filter_map(move |(at, header)| {
        let (path, text) = BUILTIN.get(*at)?;
        Some(rule(rule_id(path)?, path, text, header, sources.clone()))
    })
}

/// The files of rules that have no head, with their documents: they are read at the start.
pub(super) fn without_heads() -> Vec<RuleFile> {
    let has_head = |at: usize| HEADERS.binary_search_by_key(&at, |(at, _)| *at).is_ok();
    let rules = BUILTIN.iter().enumerate().filter(|(at, (path, _))| rule_id(path).is_some() && !has_head(*at));
    let with_document = rules.flat_map(|(_, (path, text))| {
        let document = rule_id(path).and_then(document_of);
        [Some(file(path, text)), document.map(|(path, text)| file(path, text))]
    });
    with_document.flatten().collect()
}

fn rule(id: &'static str, path: &'static str, text: &'static str, header: &Header, sources: SourceMap) -> Rule {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let read = move || definition(id, path, text, &sources);
    Rule {
        id: id.into(),
        domain: id.split_once('/').map_or(id, |(domain, _)| domain).into(),
        summary: header.summary.to_owned(),
        severity: header.severity,
        aliases: texts(header.aliases),
        covered_by: texts(header.covered_by),
        standards: texts(header.standards),
        clauses: texts(header.clauses),
        param_names: header.params.iter().map(|name| (*name).into()).collect(),
        targets: header.targets.iter().filter_map(|labels| Target::of(labels)).collect(),
        document: Cow::Borrowed(document_of(id).map_or("", |(_, text)| text)),
        definition: Rule::later(read),
    }
}

fn definition(id: &str, path: &str, text: &str, sources: &SourceMap) -> Result<Arc<Definition>, Vec<Diagnostic>> {
    let file = file(path, text);
    let source = sources.add(&file.shown, file.bytes.clone());
    let mut problems = Vec::new();
    match read::tested_rule(id, &file, source, &mut problems) {
        Some(rule) => (*rule.definition).clone(),
        None => Err(problems),
    }
}

fn document_of(id: &str) -> Option<(&'static str, &'static str)> {
    let path = format!("{id}.md");
    let at = BUILTIN.binary_search_by_key(&path.as_str(), |(path, _)| path).ok()?;
    BUILTIN.get(at).copied()
}

fn file(path: &str, text: &str) -> RuleFile {
    let shown = Path::new("rulesets").join(path);
    RuleFile { path: path.to_owned(), shown, bytes: text.as_bytes().into() }
}
