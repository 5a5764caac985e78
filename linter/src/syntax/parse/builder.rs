//! Growing the arena: nodes, kids, texts, comments, diagnostics, and the way from parse positions to the file.

use std::sync::Arc;

use super::MAX_DIAGNOSTICS;
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};
use crate::syntax::tree::{Comment, Node, NodeId, NodeKind, Tree};

/// A tree under construction.
pub(in crate::syntax) struct Builder {
    file: FileId,
    nodes: Vec<Node>,
    kids: Vec<NodeId>,
    strings: Vec<Box<str>>,
    comments: Vec<Comment>,
    diagnostics: Vec<Diagnostic>,
    suppressed: bool,
    /// Where each parse position stands in the file, when a decoded copy is read rather than the file itself.
    map: Option<Vec<u32>>,
}

impl Builder {
    /// An empty tree; room is made for a source of `len` bytes.
    pub(in crate::syntax) fn new(file: FileId, len: usize) -> Self {
        // Measured on ordinary configuration: one node for nine bytes, one kid for sixteen.
        Self {
            file,
            nodes: Vec::with_capacity(len / 9 + 4),
            kids: Vec::with_capacity(len / 16 + 4),
            strings: Vec::new(),
            comments: Vec::new(),
            diagnostics: Vec::new(),
            suppressed: false,
            map: None,
        }
    }

    /// The finished tree and what was wrong.
    pub(in crate::syntax) fn finish(mut self, source: Arc<[u8]>, root: NodeId) -> (Tree, Vec<Diagnostic>) {
        if self.suppressed
            && let Some(last) = self.diagnostics.last_mut()
        {
            last.help = Some("There are more problems in this file; they are not shown.".to_owned());
        }
        let Self { file, nodes, kids, strings, comments, diagnostics, .. } = self;
        (Tree { file, source, nodes, kids, strings, comments, root }, diagnostics)
    }

    /// The place in the file of a parse position.
    pub(super) fn at(&self, pos: usize) -> u32 {
        match &self.map {
            None => pos as u32,
            Some(map) => map.get(pos).or(map.last()).copied().unwrap_or(0),
        }
    }

    /// A node between two parse positions.
    pub(in crate::syntax) fn add(&mut self, kind: NodeKind, start: usize, end: usize, a: u32, b: u32) -> NodeId {
        let node = Node { kind, op: 0, flags: 0, start: self.at(start), end: self.at(end), a, b };
        self.push(node)
    }

    /// A node as given; its places are places in the file.
    pub(in crate::syntax) fn push(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        self.nodes.len() as NodeId - 1
    }

    /// A node that carries text which is the source between `from` and `to`; the node itself spans `start` to `end`.
    pub(super) fn add_slice(
        &mut self,
        kind: NodeKind,
        src: &[u8],
        span: (usize, usize),
        slice: (usize, usize),
    ) -> NodeId {
        if self.map.is_some() {
            let text = src.get(slice.0..slice.1).unwrap_or_default();
            return self.add_owned(kind, span, String::from_utf8_lossy(text).into_owned());
        }
        self.add(kind, span.0, span.1, slice.0 as u32, slice.1 as u32)
    }

    /// A node that carries text of its own.
    pub(super) fn add_owned(&mut self, kind: NodeKind, span: (usize, usize), text: String) -> NodeId {
        let idx = self.own(text);
        let node =
            Node { kind, op: 0, flags: Node::OWNED_TEXT, start: self.at(span.0), end: self.at(span.1), a: idx, b: 0 };
        self.push(node)
    }

    /// Keeps a text and gives its index.
    pub(in crate::syntax) fn own(&mut self, text: String) -> u32 {
        self.strings.push(text.into_boxed_str());
        self.strings.len() as u32 - 1
    }

    /// Whether texts must be owned because a decoded copy is read.
    pub(super) fn is_mapped(&self) -> bool {
        self.map.is_some()
    }

    /// From now on parse positions are positions in a decoded copy; gives back what was in force before.
    pub(in crate::syntax) fn swap_map(&mut self, map: Option<Vec<u32>>) -> Option<Vec<u32>> {
        std::mem::replace(&mut self.map, map)
    }

    /// A node whose kids are those given; its places are places in the file.
    pub(in crate::syntax) fn add_kids(
        &mut self,
        kind: NodeKind,
        op: u8,
        start: u32,
        end: u32,
        kids: &[NodeId],
    ) -> NodeId {
        let first = self.kids.len() as u32;
        self.kids.extend_from_slice(kids);
        self.push(Node { kind, op, flags: 0, start, end, a: first, b: kids.len() as u32 })
    }

    /// A copy of a node.
    pub(in crate::syntax) fn node(&self, id: NodeId) -> Node {
        const NONE: Node = Node { kind: NodeKind::Missing, op: 0, flags: 0, start: 0, end: 0, a: 0, b: 0 };
        self.nodes.get(id as usize).copied().unwrap_or(NONE)
    }

    /// Changes a node.
    pub(super) fn edit(&mut self, id: NodeId, change: impl FnOnce(&mut Node)) {
        if let Some(node) = self.nodes.get_mut(id as usize) {
            change(node);
        }
    }

    /// Gives a node another span.
    pub(in crate::syntax) fn set_span(&mut self, id: NodeId, start: u32, end: u32) {
        self.edit(id, |node| {
            node.start = start;
            node.end = end;
        });
    }

    /// Keeps a comment; looking ahead may pass the same one twice.
    pub(super) fn comment(&mut self, start: usize, end: usize) {
        let (start, end) = (self.at(start), self.at(end));
        if self.comments.last().is_none_or(|last| last.end <= start) {
            self.comments.push(Comment { start, end });
        }
    }

    /// Tells an error between two parse positions.
    pub(in crate::syntax) fn report(&mut self, start: usize, end: usize, message: impl Into<String>, help: &str) {
        let span = Span::new(self.file, self.at(start), self.at(end));
        self.report_at(Diagnostic::error(span, message).with_help(help));
    }

    /// Tells a problem whose places are places in the file.
    pub(in crate::syntax) fn report_at(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MAX_DIAGNOSTICS {
            self.diagnostics.push(diagnostic);
        } else {
            self.suppressed = true;
        }
    }

    /// Whether no more problems are told, so that reading on to find them has no use.
    pub(super) fn is_full(&self) -> bool {
        self.suppressed
    }

    /// Adds a second place to the problem told last.
    pub(super) fn label(&mut self, start: usize, end: usize, note: &str) {
        let span = Span::new(self.file, self.at(start), self.at(end));
        if !self.suppressed
            && let Some(last) = self.diagnostics.pop()
        {
            self.diagnostics.push(last.with_label(span, note));
        }
    }

    /// Tells that a body sets an argument twice.
    pub(super) fn repeated(&mut self, name: &[u8], again: (u32, u32), first: u32) {
        let name = super::text::shorten(&String::from_utf8_lossy(name));
        let first_end = first + (again.1 - again.0);
        let diagnostic = Diagnostic::error(Span::new(self.file, again.0, again.1), format!("`{name}` is set twice"))
            .with_label(Span::new(self.file, first, first_end), "it is set here first")
            .with_help("Each argument can be set once in a block; the first was kept. Remove one of them.");
        self.report_at(diagnostic);
    }

    /// The file that is read.
    pub(in crate::syntax) fn file(&self) -> FileId {
        self.file
    }
}
