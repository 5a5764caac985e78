//! The JSON syntax: `.tf.json`, `.tofu.json`, `.tfvars.json` into the same tree as native syntax, with exact spans.
//!
//! Owns: which properties are blocks ([`BodyShape`]) and which strings are templates, expressions or plain text.
//! Promises: as for native syntax; JSON itself is read to its first error, templates in it each to theirs.
//! Must not know: what any block means. The names of Terraform's blocks are known only for their shape.

mod decoded;
mod reader;
mod shape;

use std::sync::Arc;

use rustc_hash::FxHashMap;

use self::reader::{Document, Value, ValueId, ValueKind};
pub use self::shape::{BlockShape, BodyShape, Strings};
use super::parse::{Builder, Wanted};
use super::tree::{Node, NodeId, NodeKind, Tree};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};

/// Reads a configuration file in JSON syntax.
#[must_use]
pub fn parse_json_body(file: FileId, source: Arc<[u8]>) -> (Tree, Vec<Diagnostic>) {
    parse_json_shaped(file, source, &shape::TERRAFORM_FILE)
}

/// Reads a file of variable values in JSON syntax: all strings are text as it stands.
#[must_use]
pub fn parse_json_values(file: FileId, source: Arc<[u8]>) -> (Tree, Vec<Diagnostic>) {
    parse_json_shaped(file, source, &shape::LITERALS)
}

/// Reads a file in JSON syntax whose blocks are those of `shape`.
#[must_use]
pub fn parse_json_shaped(file: FileId, source: Arc<[u8]>, shape: &'static BodyShape) -> (Tree, Vec<Diagnostic>) {
    super::parse::read(file, source, |bytes, out| lower_file(bytes, shape, out))
}

fn lower_file(src: &[u8], shape: &'static BodyShape, out: &mut Builder) -> NodeId {
    let start = super::parse::bom_len(src);
    if start > 0 {
        out.report(0, start, "This JSON file begins with a byte order mark", "Save it as UTF-8 without the mark.");
    }
    if let Err(error) = std::str::from_utf8(src) {
        let at = error.valid_up_to();
        let help = "Nothing of it was read. Save it as UTF-8.";
        out.report(at, at + 1, "This JSON file is not UTF-8", help);
        return out.add(NodeKind::Body, 0, src.len(), 0, 0);
    }
    let document = reader::read(src, start, out);
    let mut lowering = Lowering { src, document: &document, scratch: Vec::new(), depth: 1, out };
    lowering.root(shape)
}

/// Turns JSON values into nodes.
struct Lowering<'s, 'd, 'b> {
    src: &'s [u8],
    document: &'d Document,
    scratch: Vec<NodeId>,
    depth: u32,
    out: &'b mut Builder,
}

/// A block whose labels are being gone through.
struct Header {
    shape: &'static BlockShape,
    /// The kind and the labels so far.
    names: Vec<NodeId>,
    start: usize,
}

impl Lowering<'_, '_, '_> {
    fn root(&mut self, shape: &'static BodyShape) -> NodeId {
        let end = self.src.len();
        let Some(root) = self.document.root else { return self.out.add(NodeKind::Body, 0, end, 0, 0) };
        let value = self.document.value(root);
        let bodies: Vec<Value> = match value.kind {
            ValueKind::Object => vec![value],
            // A file of variable values is one object.
            ValueKind::Array if !std::ptr::eq(shape, &raw const shape::LITERALS) => {
                self.document.kids(value).iter().map(|&id| self.document.value(id)).collect()
            }
            _ => {
                let help = "A configuration file in JSON is an object; its properties are block types.";
                self.out.report(value.start, value.end, "Expected an object at the top of the file", help);
                Vec::new()
            }
        };
        for body in bodies {
            self.items(body, shape);
        }
        self.close_body(0, value.start, value.end)
    }

    /// A body of what was put on the pile since `mark`.
    fn close_body(&mut self, mark: usize, start: usize, end: usize) -> NodeId {
        let kids = self.scratch.get(mark..).unwrap_or_default();
        let body = self.out.add_kids(NodeKind::Body, 0, start as u32, end as u32, kids);
        self.scratch.truncate(mark);
        body
    }

    /// Puts the attributes and blocks of an object on the pile.
    fn items(&mut self, object: Value, shape: &'static BodyShape) {
        if object.kind != ValueKind::Object {
            self.wrong_kind(object, "an object");
            return;
        }
        let mut seen: FxHashMap<String, Value> = FxHashMap::default();
        let document = self.document;
        for pair in document.kids(object).chunks_exact(2) {
            let &[key_id, value_id] = pair else { continue };
            let key = document.value(key_id);
            let name = self.string_text(key);
            if name == "//" {
                continue;
            }
            if let Some(block) = shape.block(&name) {
                let kind = self.name_node(key, name);
                self.blocks(&Header { shape: block, names: vec![kind], start: key.start }, value_id);
                continue;
            }
            if let Some(first) = seen.get(&name) {
                self.repeated(&name, key, *first);
                continue;
            }
            let strings = shape.strings_of(&name);
            let expr = self.expression(value_id, strings);
            let text = self.name_node(key, name.clone());
            seen.insert(name, key);
            let end = document.value(value_id).end as u32;
            let (kind, flags) = (NodeKind::Attribute, Node::NAME_NODE);
            let node = self.out.push(Node { kind, op: 0, flags, start: key.start as u32, end, a: text, b: expr });
            self.scratch.push(node);
        }
    }

    fn repeated(&mut self, name: &str, again: Value, first: Value) {
        let span = |value: Value| Span::new(self.out.file(), value.start as u32, value.end as u32);
        let message = format!("`{}` is set twice", super::parse::shorten(name));
        let diagnostic = Diagnostic::error(span(again), message)
            .with_label(span(first), "it is set here first")
            .with_help("Each property can be set once in an object; the first was kept. Remove one of them.");
        self.out.report_at(diagnostic);
    }

    fn wrong_kind(&mut self, value: Value, expected: &str) {
        let found = match value.kind {
            ValueKind::Object => "an object",
            ValueKind::Array => "an array",
            ValueKind::String { .. } => "a string",
            ValueKind::Number => "a number",
            ValueKind::True | ValueKind::False => "true or false",
            ValueKind::Null => "null",
            ValueKind::Missing => return,
        };
        let help = "A block is an object, several are an array of objects; labels are the names of properties.";
        self.out.report(value.start, value.end, format!("Expected {expected}, found {found}"), help);
    }

    /// Puts the blocks that a property's value stands for on the pile.
    fn blocks(&mut self, header: &Header, value_id: ValueId) {
        let document = self.document;
        let value = document.value(value_id);
        match value.kind {
            ValueKind::Null | ValueKind::Missing => {}
            ValueKind::Array => {
                for &item in document.kids(value) {
                    if matches!(document.value(item).kind, ValueKind::Array | ValueKind::Null) {
                        self.wrong_kind(document.value(item), "an object");
                    } else {
                        self.blocks(header, item);
                    }
                }
            }
            ValueKind::Object if header.names.len() <= header.shape.labels => {
                for pair in document.kids(value).chunks_exact(2) {
                    let &[key_id, inner] = pair else { continue };
                    let key = document.value(key_id);
                    let label = self.string_text(key);
                    if label == "//" {
                        continue;
                    }
                    let mut names = header.names.clone();
                    names.push(self.name_node(key, label));
                    self.blocks(&Header { shape: header.shape, names, start: header.start }, inner);
                }
            }
            ValueKind::Object => self.block(header, value),
            _ => self.wrong_kind(value, "an object"),
        }
    }

    fn block(&mut self, header: &Header, value: Value) {
        let mark = self.scratch.len();
        self.items(value, header.shape.body);
        let body = self.close_body(mark, value.start, value.end);
        let mut kids = header.names.clone();
        kids.push(body);
        // Blocks of one property share its name; each spans from its own nearest label.
        let start = match header.names.as_slice() {
            [_, .., last] => self.out.node(*last).start,
            _ => header.start as u32,
        };
        let block = self.out.add_kids(NodeKind::Block, 0, start, value.end as u32, &kids);
        self.scratch.push(block);
    }

    /// A string's text, escapes resolved.
    fn string_text(&self, value: Value) -> String {
        let (start, end) = inside(value);
        if matches!(value.kind, ValueKind::String { escaped: true }) {
            return decoded::decode(self.src, start, end).text;
        }
        String::from_utf8_lossy(self.src.get(start..end).unwrap_or_default()).into_owned()
    }

    /// A `Text` node for the name of a property.
    fn name_node(&mut self, key: Value, text: String) -> NodeId {
        self.plain_string(NodeKind::Text, key, text)
    }

    /// A node of literal text for a string; the text is the source where that is the same.
    fn plain_string(&mut self, kind: NodeKind, value: Value, text: String) -> NodeId {
        let (start, end) = inside(value);
        if matches!(value.kind, ValueKind::String { escaped: true }) {
            let a = self.out.own(text);
            let (from, to) = (value.start as u32, value.end as u32);
            return self.out.push(Node { kind, op: 0, flags: Node::OWNED_TEXT, start: from, end: to, a, b: 0 });
        }
        self.out.add(kind, value.start, value.end, start as u32, end as u32)
    }

    fn expression(&mut self, value_id: ValueId, strings: Strings) -> NodeId {
        let value = self.document.value(value_id);
        match value.kind {
            ValueKind::Missing => self.out.add(NodeKind::Missing, value.start, value.end, 0, 0),
            ValueKind::Null => self.out.add(NodeKind::Null, value.start, value.end, 0, 0),
            ValueKind::False => self.out.add(NodeKind::Bool, value.start, value.end, 0, 0),
            ValueKind::True => {
                let (start, end) = (value.start as u32, value.end as u32);
                self.out.push(Node { kind: NodeKind::Bool, op: 1, flags: 0, start, end, a: start, b: end })
            }
            ValueKind::Number => self.number(value),
            ValueKind::String { .. } => self.string(value, strings),
            ValueKind::Array => self.array(value, strings),
            ValueKind::Object => self.object(value, strings),
        }
    }

    fn number(&mut self, value: Value) -> NodeId {
        let (start, end) = (value.start, value.end);
        if self.src.get(start) != Some(&b'-') {
            return self.out.add(NodeKind::Number, start, end, start as u32, end as u32);
        }
        let digits = self.out.add(NodeKind::Number, start + 1, end, start as u32 + 1, end as u32);
        let (start, end) = (start as u32, end as u32);
        let op = super::expr::UnaryOp::Negate as u8;
        self.out.push(Node { kind: NodeKind::Unary, op, flags: 0, start, end, a: digits, b: 0 })
    }

    fn array(&mut self, value: Value, strings: Strings) -> NodeId {
        let mark = self.scratch.len();
        self.depth += 1;
        let document = self.document;
        for &item in document.kids(value) {
            let node = self.expression(item, strings);
            self.scratch.push(node);
        }
        self.depth -= 1;
        self.close_expression(NodeKind::Tuple, value, mark)
    }

    fn close_expression(&mut self, kind: NodeKind, value: Value, mark: usize) -> NodeId {
        let kids = self.scratch.get(mark..).unwrap_or_default();
        let node = self.out.add_kids(kind, 0, value.start as u32, value.end as u32, kids);
        self.scratch.truncate(mark);
        node
    }

    fn object(&mut self, value: Value, strings: Strings) -> NodeId {
        let mark = self.scratch.len();
        self.depth += 1;
        let document = self.document;
        let mut seen: FxHashMap<String, Value> = FxHashMap::default();
        for pair in document.kids(value).chunks_exact(2) {
            let &[key_id, value_id] = pair else { continue };
            let key = document.value(key_id);
            let name = self.string_text(key);
            let inner = match strings {
                Strings::ProviderRequirement if name == "configuration_aliases" => Strings::Expressions,
                _ => strings,
            };
            if let Some(first) = seen.get(&name) {
                self.repeated(&name, key, *first);
                continue;
            }
            seen.insert(name, key);
            let key_node = self.string(key, strings);
            let value_node = self.expression(value_id, inner);
            self.scratch.push(key_node);
            self.scratch.push(value_node);
        }
        self.depth -= 1;
        self.close_expression(NodeKind::Object, value, mark)
    }

    fn string(&mut self, value: Value, strings: Strings) -> NodeId {
        let (start, end) = inside(value);
        let wanted = match strings {
            Strings::Literal | Strings::ProviderRequirement => None,
            Strings::Expressions => Some(Wanted::Expression),
            Strings::Templates => Some(Wanted::Template),
        };
        let escaped = matches!(value.kind, ValueKind::String { escaped: true });
        let content = self.src.get(start..end).unwrap_or_default();
        let plain = !escaped && memchr::memchr2(b'$', b'%', content).is_none();
        let Some(wanted) = wanted.filter(|wanted| *wanted == Wanted::Expression || !plain) else {
            let text = if escaped { self.string_text(value) } else { String::new() };
            return self.plain_string(NodeKind::String, value, text);
        };
        let node = if escaped {
            let decoded = decoded::decode(self.src, start, end);
            let outer = self.out.swap_map(Some(decoded.places));
            let node = super::parse::parse_within(wanted, decoded.text.as_bytes(), 0, self.depth, self.out);
            self.out.swap_map(outer);
            node
        } else {
            super::parse::parse_within(wanted, self.src.get(..end).unwrap_or_default(), start, self.depth, self.out)
        };
        if wanted == Wanted::Template {
            self.out.set_span(node, value.start as u32, value.end as u32);
        }
        node
    }
}

/// The range between a string's quotes.
fn inside(value: Value) -> (usize, usize) {
    match value.kind {
        ValueKind::String { .. } => (value.start + 1, value.end - 1),
        _ => (value.start, value.end),
    }
}

#[cfg(test)]
mod tests;
