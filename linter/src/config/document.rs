//! A configuration file as JSON, with the place of every part.
//!
//! Native syntax becomes what its JSON twin would hold: a labelled block is an object under its label.
//! So one JSON Schema serves both.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::diagnostic::Diagnostic;
use crate::eval::{self, Context, Dialect, EvalError, Resolved, Scope};
use crate::source::{Boundary, SourceMap, Span, System};
use crate::syntax::{self, Body, Traversal};

/// A configuration file, read.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) json: Json,
    /// Places by JSON pointer.
    places: BTreeMap<String, Span>,
}

impl Document {
    /// Reads native syntax.
    pub(super) fn native(
        system: &dyn System,
        map: &SourceMap,
        path: &Path,
        bytes: Arc<[u8]>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Self {
        let id = map.add(path, bytes.clone());
        let (tree, problems) = syntax::parse_body(id, bytes);
        diagnostics.extend(problems);
        let boundary = Boundary::at(system, path.parent().unwrap_or(path));
        let context = Context::new(system, &boundary, map, boundary.root().to_path_buf(), Dialect::Terraform);
        let mut reader = Reader { context: &context, places: BTreeMap::new(), diagnostics };
        let json = Json::Object(reader.body(tree.body(), ""));
        let places = reader.places;
        Self { json, places }
    }

    /// Reads JSON syntax; `None` if it is no JSON.
    pub(super) fn json(map: &SourceMap, path: &Path, bytes: &[u8], diagnostics: &mut Vec<Diagnostic>) -> Option<Self> {
        let id = map.add(path, bytes.into());
        match serde_json::from_slice(bytes) {
            Ok(json) => {
                let whole = Span::new(id, 0, 0);
                Some(Self { json, places: BTreeMap::from([(String::new(), whole)]) })
            }
            Err(error) => {
                let at = offset(bytes, error.line(), error.column());
                diagnostics.push(Diagnostic::error(Span::new(id, at, at), format!("This is not JSON: {error}")));
                None
            }
        }
    }

    /// The place of the part that a pointer names, or of the nearest part around it.
    pub(super) fn place(&self, pointer: &str) -> Option<Span> {
        let mut pointer = pointer;
        loop {
            if let Some(span) = self.places.get(pointer) {
                return Some(*span);
            }
            pointer = pointer.rsplit_once('/')?.0;
        }
    }
}

/// Blocks without label of which there may be several: they become a list.
const REPEATABLE: &[&str] = &["flow", "match"];

/// Adds to the list of a name.
fn push(object: &mut Map<String, Json>, name: &str, value: Json) {
    match object.entry(name.to_owned()).or_insert_with(|| Json::Array(Vec::new())) {
        Json::Array(list) => list.push(value),
        other => *other = Json::Array(vec![other.take(), value]),
    }
}

struct Reader<'r> {
    context: &'r Context<'r>,
    places: BTreeMap<String, Span>,
    diagnostics: &'r mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn body(&mut self, body: Body<'_>, pointer: &str) -> Map<String, Json> {
        let mut object = Map::new();
        for attribute in body.attributes() {
            let at = format!("{pointer}/{}", escape(attribute.name()));
            self.places.insert(at, attribute.span());
            let value = eval::evaluate(attribute.expr(), &Literals, self.context);
            match value.map(|value| value.to_json()) {
                Ok(Ok(value)) => drop(object.insert(attribute.name().to_owned(), value)),
                Ok(Err(_)) => {
                    let message = format!("{:?} must be a value that is known here", attribute.name());
                    self.diagnostics.push(Diagnostic::error(attribute.span(), message));
                }
                Err(error) => self.diagnostics.push(error.to_diagnostic()),
            }
        }
        for block in body.blocks() {
            let mut at = format!("{pointer}/{}", escape(block.kind()));
            if block.labels().len() > 0 {
                self.places.entry(at.clone()).or_insert_with(|| block.header_span());
            }
            let mut path = vec![block.kind()];
            for label in block.labels() {
                at = format!("{at}/{}", escape(label.text));
                path.push(label.text);
            }
            let inner = self.body(block.body(), &at);
            if REPEATABLE.contains(&block.kind()) && block.labels().len() == 0 {
                self.places.entry(at).or_insert_with(|| block.header_span());
                push(&mut object, block.kind(), Json::Object(inner));
                continue;
            }
            if let Some(before) = self.places.insert(at, block.header_span())
                && insert(&mut object, &path, Json::Object(inner.clone())).is_some()
            {
                let message = format!("{} is there twice", path.join(" "));
                self.diagnostics.push(Diagnostic::error(block.header_span(), message).with_label(before, "first here"));
                continue;
            }
            insert(&mut object, &path, Json::Object(inner));
        }
        object
    }
}

/// Puts a value at a path of names, making objects on the way; gives what was there.
fn insert(object: &mut Map<String, Json>, path: &[&str], value: Json) -> Option<Json> {
    let (first, rest) = path.split_first()?;
    if rest.is_empty() {
        return object.insert((*first).to_owned(), value);
    }
    let inner = object.entry((*first).to_owned()).or_insert_with(|| Json::Object(Map::new()));
    match inner {
        Json::Object(inner) => insert(inner, rest, value),
        _ => None,
    }
}

/// A name as a step of a JSON pointer.
pub(super) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn offset(bytes: &[u8], line: usize, column: usize) -> u32 {
    let start: usize = bytes.split_inclusive(|byte| *byte == b'\n').take(line.saturating_sub(1)).map(<[u8]>::len).sum();
    (start + column.saturating_sub(1)).min(bytes.len()) as u32
}

/// Configuration holds literal values and functions of them.
struct Literals;

impl Scope for Literals {
    fn resolve(&self, reference: &Traversal<'_>, _: &Context<'_>) -> Result<Resolved, EvalError> {
        let message = format!("{:?} has no meaning here", reference.root);
        Err(EvalError::fixed(reference.span, message).with_help("Write text in quotes: \"prod\"."))
    }
}
