//! The parser of HCL native syntax: bytes in, a [`Tree`] and diagnostics out, in one pass without a token list.
//!
//! Owns: what is accepted, how errors are told, where reading goes on after one.
//! Promises: accepts what Terraform accepts (nesting beyond [`MAX_DEPTH`] excepted); linear time; bounded stack.
//! Must not know: what any block or attribute means.

mod body;
mod builder;
mod bytes;
mod collection;
mod expression;
mod heredoc;
mod lexical;
mod recovery;
mod template;
mod text;
mod traversal;

use std::path::Path;
use std::sync::Arc;

pub(super) use self::builder::Builder;
pub(super) use self::lexical::is_number;
pub(super) use self::text::shorten;
use super::secrets::{Suspicion, holds_values, withhold};
use super::tree::{NodeId, NodeKind, Tree};
use crate::diagnostic::Diagnostic;
use crate::source::FileId;

/// How deep blocks, brackets and templates may be nested.
pub const MAX_DEPTH: u32 = 500;
/// How high an expression's tree may grow: nesting and chains such as `a + b + c` together.
pub const MAX_HEIGHT: u32 = 1000;
/// Files larger than this, in bytes, are refused.
pub const MAX_FILE_BYTES: usize = 64 << 20;
/// How many diagnostics one file can give.
pub const MAX_DIAGNOSTICS: usize = 50;

/// A node, or the word that a diagnostic was given and the reader has to find its feet again.
type Parsed = Result<NodeId, Failed>;

/// A diagnostic was given; nothing useful can be said about what follows.
#[derive(Clone, Copy, Debug)]
struct Failed;

/// Whether line ends separate things or are blanks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Newlines {
    Matter,
    Ignored,
}

/// Reads one stretch of source into a [`Builder`].
struct Parser<'s, 'b> {
    /// Everything up to the end of the stretch.
    src: &'s [u8],
    pos: usize,
    newlines: Newlines,
    /// Whether `src` as a whole is UTF-8, so that single texts need no check.
    utf8: bool,
    depth: u32,
    /// How deep what is read stands in something else: a template in a JSON file.
    floor: u32,
    /// Height of the expression that was read last.
    height: u32,
    scratch: Vec<NodeId>,
    operators: Vec<expression::Pending>,
    pieces: Vec<template::Piece>,
    out: &'b mut Builder,
}

impl<'s, 'b> Parser<'s, 'b> {
    fn new(src: &'s [u8], start: usize, newlines: Newlines, out: &'b mut Builder) -> Self {
        let utf8 = std::str::from_utf8(src).is_ok();
        Self {
            src,
            pos: start,
            newlines,
            utf8,
            depth: 0,
            floor: 0,
            height: 0,
            scratch: Vec::new(),
            operators: Vec::new(),
            pieces: Vec::new(),
            out,
        }
    }

    /// Goes one level down. Fails when that is too deep.
    fn enter(&mut self) -> Result<(), Failed> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let (start, end) = (self.pos, self.char_end(self.pos));
            return Err(self.fail(
                start,
                end,
                format!("This is nested more than {MAX_DEPTH} levels deep"),
                "Nothing deeper is read, to bound memory and time. Split the expression with locals.",
            ));
        }
        Ok(())
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }

    fn fail(&mut self, start: usize, end: usize, message: impl Into<String>, help: &str) -> Failed {
        self.out.report(start, end, message, help);
        Failed
    }

    fn fail_opened(
        &mut self,
        at: (usize, usize),
        message: impl Into<String>,
        help: &str,
        opened: usize,
        note: &str,
    ) -> Failed {
        self.out.report(at.0, at.1, message, help);
        self.out.label(opened, opened + 1, note);
        Failed
    }
}

/// Reads a configuration file: attributes and blocks. Never fails; what is wrong is told in the diagnostics.
#[must_use]
pub fn parse_body(file: FileId, source: Arc<[u8]>) -> (Tree, Vec<Diagnostic>) {
    read(file, source, |bytes, out| {
        let mut parser = Parser::new(bytes, bom_len(bytes), Newlines::Matter, out);
        parser.file_body()
    })
}

/// Reads a lone expression, such as the value of `-var`. [`Tree::expr`] gives it.
#[must_use]
pub fn parse_expression(file: FileId, source: Arc<[u8]>) -> (Tree, Vec<Diagnostic>) {
    read(file, source, |bytes, out| {
        let mut parser = Parser::new(bytes, bom_len(bytes), Newlines::Ignored, out);
        parser.lone_expression().unwrap_or_else(|Failed| out.add(NodeKind::Missing, 0, bytes.len(), 0, 0))
    })
}

/// Reads a template, such as the file of `templatefile()`. [`Tree::expr`] gives it.
#[must_use]
pub fn parse_template(file: FileId, source: Arc<[u8]>) -> (Tree, Vec<Diagnostic>) {
    read(file, source, |bytes, out| {
        let mut parser = Parser::new(bytes, bom_len(bytes), Newlines::Ignored, out);
        parser.bare_template().unwrap_or_else(|Failed| out.add(NodeKind::Missing, 0, bytes.len(), 0, 0))
    })
}

/// Reads a configuration file in the syntax its name asks for: JSON for `.json` (as variable values for
/// `.tfvars.json`), native for everything else. The diagnostics quote no secrets.
#[must_use]
pub fn parse_file(path: &Path, file: FileId, source: Arc<[u8]>) -> (Tree, Vec<Diagnostic>) {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let bytes = source.clone();
    let (tree, mut problems) = if name.ends_with(".tfvars.json") {
        super::json::parse_json_values(file, source)
    } else if name.ends_with(".json") {
        super::json::parse_json_body(file, source)
    } else {
        parse_body(file, source)
    };
    withhold(&mut problems, &bytes, if holds_values(&name) { Suspicion::Always } else { Suspicion::ByName });
    (tree, problems)
}

/// What a text inside something else is to be read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Template,
    Expression,
}

/// Reads a text that stands `depth` levels deep in something else, from `start` to the end of `src`, which is UTF-8.
pub(super) fn parse_within(wanted: Wanted, src: &[u8], start: usize, depth: u32, out: &mut Builder) -> NodeId {
    let mut parser = Parser {
        src,
        pos: start,
        newlines: Newlines::Ignored,
        utf8: true,
        depth,
        floor: depth,
        height: 0,
        scratch: Vec::new(),
        operators: Vec::new(),
        pieces: Vec::new(),
        out,
    };
    let parsed = match wanted {
        Wanted::Template => parser.bare_template(),
        Wanted::Expression => parser.lone_expression(),
    };
    parsed.unwrap_or_else(|Failed| out.add(NodeKind::Missing, start, src.len(), 0, 0))
}

/// How many bytes the byte order mark takes, if one is there.
pub(super) fn bom_len(bytes: &[u8]) -> usize {
    if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 }
}

/// Checks the size, lets `parse` build, and closes the tree.
pub(super) fn read(
    file: FileId,
    source: Arc<[u8]>,
    parse: impl FnOnce(&[u8], &mut Builder) -> NodeId,
) -> (Tree, Vec<Diagnostic>) {
    if source.len() > MAX_FILE_BYTES {
        let mut out = Builder::new(file, 0);
        out.report(
            0,
            0,
            format!("This file has {} bytes, the limit is {MAX_FILE_BYTES}", source.len()),
            "It was not read. Split it, or leave it out.",
        );
        let root = out.add(NodeKind::Body, 0, 0, 0, 0);
        return out.finish(Arc::from([]), root);
    }
    let mut out = Builder::new(file, source.len());
    let root = parse(&source, &mut out);
    out.finish(source, root)
}

#[cfg(test)]
mod tests;
