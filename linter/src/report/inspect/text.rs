//! Instances for people.

use std::io::{self, Write};

use serde_json::Value as Json;

use super::{Resource, Step, join};
use crate::report::visible::visible_line;
use crate::report::{Detail, Style};
use crate::value::Value;

/// Unless everything is wanted, longer values are cut.
const MAX_VALUE: usize = 120;

/// Writes the resources, one attribute in each line.
///
/// # Errors
/// When writing fails.
pub(super) fn render<'a>(
    resources: impl Iterator<Item = Resource<'a>>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut count = 0;
    for resource in resources {
        count += 1;
        heading(&resource, out)?;
        let mut lines = Vec::new();
        leaves(&resource.values, "", &resource, &mut lines);
        lines.extend(resource.unknown.iter().map(|path| (path.clone(), unknown(&resource, path))));
        lines.sort_by_cached_key(|(path, _)| sort_key(path));
        let width = lines.iter().map(|(path, _)| path.chars().count()).filter(|&width| width <= 40).max().unwrap_or(0);
        for (path, value) in lines {
            let limit = if style.detail == Detail::Verbose { usize::MAX } else { MAX_VALUE };
            let origin = resource.origins.get(&path).map(|steps| format!("  # {}", from(steps))).unwrap_or_default();
            let (path, value) = (visible_line(&path), cut(&visible_line(&value), limit));
            writeln!(out, "  {path:width$} = {value}{}", visible_line(&origin))?;
        }
        writeln!(out)?;
    }
    if count == 0 { writeln!(out, "Nothing was evaluated.") } else { Ok(()) }
}

fn heading(resource: &Resource<'_>, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{}", visible_line(resource.address))?;
    if let Some(environment) = resource.environment {
        write!(out, " ({})", visible_line(environment))?;
    }
    if !resource.certain {
        write!(out, " (any number of instances)")?;
    }
    match &resource.location {
        Some(at) => writeln!(out, "  {}:{}:{}", visible_line(&at.file), at.start.line, at.start.column),
        None => writeln!(out),
    }
}

/// The values that hold no others, with their paths.
fn leaves(value: &Json, path: &str, resource: &Resource<'_>, lines: &mut Vec<(String, String)>) {
    match value {
        Json::Object(members) if !members.is_empty() => {
            for (name, member) in members {
                leaves(member, &join(path, name), resource, lines);
            }
        }
        Json::Array(items) if !items.is_empty() => {
            for (at, item) in items.iter().enumerate() {
                leaves(item, &format!("{path}[{at}]"), resource, lines);
            }
        }
        // What is unknown within a list is null in its place; it gets its own line.
        Json::Null if resource.reasons.contains_key(path) => {}
        Json::Object(_) if path.is_empty() => {}
        Json::String(text) if text == super::MASK && resource.sensitive.iter().any(|secret| secret == path) => {
            lines.push((path.to_owned(), text.clone()));
        }
        Json::String(text) => lines.push((path.to_owned(), Value::quote(text))),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_) | Json::Array(_) => {
            lines.push((path.to_owned(), value.to_string()));
        }
    }
}

fn unknown(resource: &Resource<'_>, path: &str) -> String {
    let reasons = resource.reasons.get(path).map(|reasons| reasons.join("; ")).unwrap_or_default();
    if reasons.is_empty() { "(unknown)".to_owned() } else { format!("(unknown: {reasons})") }
}

/// `var.cidr, default of var.cidr at vars.tf:3`
fn from(steps: &[Step]) -> String {
    let words: Vec<String> = steps.iter().map(|step| step.what.clone()).collect();
    let place = steps.last().and_then(|step| step.location.as_ref());
    let place = place.map(|at| format!(" at {}:{}", at.file, at.start.line)).unwrap_or_default();
    format!("{}{place}", words.join(", "))
}

/// The path with its indices filled up with zeros, so that `[10]` comes after `[9]`.
fn sort_key(path: &str) -> String {
    let parts = path.split('[').map(|part| match part.split_once(']') {
        Some((index, rest)) if index.bytes().all(|byte| byte.is_ascii_digit()) => format!("{index:0>10}]{rest}"),
        Some(_) | None => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("[")
}

fn cut(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}
