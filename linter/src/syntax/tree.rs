//! The arena of one file, and its structural views: bodies, blocks, attributes, comments.

use std::sync::Arc;

use super::expr::Expr;
use crate::source::{FileId, Span};

/// Index of a node in its [`Tree`].
pub(crate) type NodeId = u32;

/// What a [`Node`] is. `a` and `b` are its operands; "kids" means `b` entries of the kid list from `a` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum NodeKind {
    /// Kids: `Attribute` and `Block` nodes in source order.
    Body,
    /// Name is the source from `start` to `a`, or with `Node::NAME_NODE` the `Text` node `a`; `b` = expression.
    Attribute,
    /// Kids: type (`Text`), labels (`Text`...), body (last).
    Block,
    /// A piece of text: `flags` says whether it is the source slice of the node's span trimmed as told there, or `a` = string index.
    Text,
    /// An expression that could not be parsed.
    Missing,
    Null,
    /// `op` = 0 or 1.
    Bool,
    /// Digits are the source slice.
    Number,
    /// A string without interpolation: text as in `Text`.
    String,
    /// Kids: parts (`String` for literal text, `Interpolation`, `TemplateIf`, `TemplateFor`).
    Template,
    /// `a` = expression. As the only part of a quoted template it passes the value through unchanged.
    Interpolation,
    /// Kids: condition, then-template, else-template.
    TemplateIf,
    /// Kids: key `Text` or `Missing`, value `Text`, collection, body template.
    TemplateFor,
    /// The name, as in `Text`.
    Variable,
    /// `a` = object; the name is the source from `b` to `end`, or with `Node::OWNED_TEXT` `Tree::strings[b]`.
    GetAttr,
    /// `a` = object, `b` = key.
    Index,
    /// `a` = object, `b` = expression over `SplatItem`; `op` = 1 for `[*]`, 0 for `.*`.
    Splat,
    SplatItem,
    /// Kids: name (`Text`, with its `::` parts as written), arguments; `op` = 1 when the last is expanded with `...`.
    Call,
    /// `a` = operand; `op` as in `UnaryOp`.
    Unary,
    /// `a`, `b` = operands; `op` as in `BinaryOp`.
    Binary,
    /// Kids: condition, then, otherwise.
    Conditional,
    /// `a` = inner.
    Paren,
    /// Kids: items.
    Tuple,
    /// Kids: key, value, key, value...; a bare identifier key is a `String`.
    Object,
    /// Kids: key `Text` or `Missing`, value `Text`, collection, result, condition or `Missing`.
    ForTuple,
    /// Kids: key `Text` or `Missing`, value `Text`, collection, result key, result value, condition or `Missing`; `op` = 1 when grouping.
    ForObject,
}

/// One node: 20 bytes, so that a tree stays under six times the size of its source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) kind: NodeKind,
    pub(crate) op: u8,
    pub(crate) flags: u16,
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) a: u32,
    pub(crate) b: u32,
}

impl Node {
    /// Flag of `Text` and `String`: the text is `Tree::strings[a]`. Without it, it is the source from `a` to `b`.
    pub(crate) const OWNED_TEXT: u16 = 1;
    /// Flag of `Attribute`: the name is a node, because it is not the beginning of the attribute's own text.
    pub(crate) const NAME_NODE: u16 = 2;
}

/// A comment as written, marker included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// First byte, of the marker.
    pub start: u32,
    /// One past the last byte, without the line end.
    pub end: u32,
}

/// The syntax tree of one file.
#[derive(Debug)]
pub struct Tree {
    pub(crate) file: FileId,
    pub(crate) source: Arc<[u8]>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) kids: Vec<NodeId>,
    pub(crate) strings: Vec<Box<str>>,
    pub(crate) comments: Vec<Comment>,
    pub(crate) root: NodeId,
}

impl Tree {
    /// The file that was parsed.
    #[must_use]
    pub fn file(&self) -> FileId {
        self.file
    }

    /// The top-level body. For a tree made from a lone expression or template it is empty; see [`Tree::expr`].
    #[must_use]
    pub fn body(&self) -> Body<'_> {
        Body { tree: self, node: self.root }
    }

    /// The expression, when the tree was parsed from a lone expression or template.
    #[must_use]
    pub fn expr(&self) -> Option<Expr<'_>> {
        (self.node(self.root).kind != NodeKind::Body).then_some(Expr { tree: self, node: self.root })
    }

    /// How many bytes of memory the tree takes, the source not counted.
    #[must_use]
    pub fn memory(&self) -> usize {
        let strings: usize = self.strings.iter().map(|text| text.len()).sum();
        self.nodes.capacity() * size_of::<Node>()
            + self.kids.capacity() * size_of::<NodeId>()
            + self.comments.capacity() * size_of::<Comment>()
            + self.strings.capacity() * size_of::<Box<str>>()
            + strings
    }

    /// All comments in source order.
    #[must_use]
    pub fn comments(&self) -> &[Comment] {
        &self.comments
    }

    /// A comment's text, marker included.
    #[must_use]
    pub fn comment_text(&self, comment: Comment) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(self.source.get(comment.start as usize..comment.end as usize).unwrap_or_default())
    }

    /// A span in this file.
    #[must_use]
    pub fn span(&self, start: u32, end: u32) -> Span {
        Span::new(self.file, start, end)
    }

    pub(crate) fn node(&self, id: NodeId) -> Node {
        // The builder makes no dangling ids; an empty `Missing` keeps this total.
        const MISSING: Node = Node { kind: NodeKind::Missing, op: 0, flags: 0, start: 0, end: 0, a: 0, b: 0 };
        self.nodes.get(id as usize).copied().unwrap_or(MISSING)
    }

    pub(crate) fn node_span(&self, id: NodeId) -> Span {
        let node = self.node(id);
        self.span(node.start, node.end)
    }

    pub(crate) fn kids(&self, id: NodeId) -> &[NodeId] {
        let node = self.node(id);
        self.kids.get(node.a as usize..node.a as usize + node.b as usize).unwrap_or_default()
    }

    pub(crate) fn text(&self, id: NodeId) -> &str {
        let node = self.node(id);
        if node.flags & Node::OWNED_TEXT != 0 {
            return self.strings.get(node.a as usize).map_or("", |text| text);
        }
        let bytes = self.source.get(node.a as usize..node.b as usize).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or("")
    }

    /// The name of a `GetAttr`.
    pub(crate) fn step_name(&self, node: Node) -> &str {
        if node.flags & Node::OWNED_TEXT != 0 {
            return self.strings.get(node.b as usize).map_or("", |text| text);
        }
        self.source_text(node.b, node.end)
    }

    pub(crate) fn source_text(&self, start: u32, end: u32) -> &str {
        std::str::from_utf8(self.source.get(start as usize..end as usize).unwrap_or_default()).unwrap_or("")
    }
}

/// A body: what stands at the top of a file or between the braces of a block.
#[derive(Clone, Copy, Debug)]
pub struct Body<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) node: NodeId,
}

/// An attribute or a block.
#[derive(Clone, Copy, Debug)]
pub enum Item<'a> {
    /// `name = expression`
    Attribute(Attribute<'a>),
    /// `type "label" { ... }`
    Block(Block<'a>),
}

impl<'a> Body<'a> {
    /// Attributes and blocks in source order.
    pub fn items(self) -> impl Iterator<Item = Item<'a>> {
        let kids = if self.tree.node(self.node).kind == NodeKind::Body { self.tree.kids(self.node) } else { &[] };
        kids.iter().filter_map(move |&node| match self.tree.node(node).kind {
            NodeKind::Attribute => Some(Item::Attribute(Attribute { tree: self.tree, node })),
            NodeKind::Block => Some(Item::Block(Block { tree: self.tree, node })),
            _ => None,
        })
    }

    /// The attributes in source order.
    pub fn attributes(self) -> impl Iterator<Item = Attribute<'a>> {
        self.items().filter_map(|item| match item {
            Item::Attribute(attribute) => Some(attribute),
            Item::Block(_) => None,
        })
    }

    /// The blocks in source order.
    pub fn blocks(self) -> impl Iterator<Item = Block<'a>> {
        self.items().filter_map(|item| match item {
            Item::Block(block) => Some(block),
            Item::Attribute(_) => None,
        })
    }

    /// The attribute of this name.
    #[must_use]
    pub fn attribute(self, name: &str) -> Option<Attribute<'a>> {
        self.attributes().find(|attribute| attribute.name() == name)
    }

    /// The blocks of this type.
    pub fn blocks_of<'n>(self, kind: &'n str) -> impl Iterator<Item = Block<'a>> + use<'a, 'n> {
        self.blocks().filter(move |block| block.kind() == kind)
    }

    /// The span of the body, without braces.
    #[must_use]
    pub fn span(self) -> Span {
        self.tree.node_span(self.node)
    }

    /// The tree this is a part of.
    #[must_use]
    pub fn tree(self) -> &'a Tree {
        self.tree
    }
}

/// `name = expression`
#[derive(Clone, Copy, Debug)]
pub struct Attribute<'a> {
    tree: &'a Tree,
    node: NodeId,
}

impl<'a> Attribute<'a> {
    /// The name.
    #[must_use]
    pub fn name(self) -> &'a str {
        let node = self.tree.node(self.node);
        if node.flags & Node::NAME_NODE != 0 {
            self.tree.text(node.a)
        } else {
            self.tree.source_text(node.start, node.a)
        }
    }

    /// Where the name stands.
    #[must_use]
    pub fn name_span(self) -> Span {
        let node = self.tree.node(self.node);
        if node.flags & Node::NAME_NODE != 0 { self.tree.node_span(node.a) } else { self.tree.span(node.start, node.a) }
    }

    /// The expression after `=`.
    #[must_use]
    pub fn expr(self) -> Expr<'a> {
        Expr { tree: self.tree, node: self.tree.node(self.node).b }
    }

    /// From the name to the end of the expression.
    #[must_use]
    pub fn span(self) -> Span {
        self.tree.node_span(self.node)
    }
}

/// A label of a block.
#[derive(Clone, Copy, Debug)]
pub struct Label<'a> {
    /// The text without quotes.
    pub text: &'a str,
    /// Where it stands, with quotes.
    pub span: Span,
}

/// `type "label" { ... }`
#[derive(Clone, Copy, Debug)]
pub struct Block<'a> {
    tree: &'a Tree,
    node: NodeId,
}

impl<'a> Block<'a> {
    /// The block type: `resource`, `ingress`.
    #[must_use]
    pub fn kind(self) -> &'a str {
        self.tree.kids(self.node).first().map_or("", |&kind| self.tree.text(kind))
    }

    /// The labels in order.
    pub fn labels(self) -> impl ExactSizeIterator<Item = Label<'a>> {
        let kids = self.tree.kids(self.node);
        let labels = kids.get(1..kids.len().saturating_sub(1)).unwrap_or_default();
        labels.iter().map(move |&label| Label { text: self.tree.text(label), span: self.tree.node_span(label) })
    }

    /// The label at this position.
    #[must_use]
    pub fn label(self, idx: usize) -> Option<Label<'a>> {
        self.labels().nth(idx)
    }

    /// What stands between the braces.
    #[must_use]
    pub fn body(self) -> Body<'a> {
        let node = self.tree.kids(self.node).last().copied().unwrap_or(NodeId::MAX);
        Body { tree: self.tree, node }
    }

    /// From the type to the last label: the part to point at.
    #[must_use]
    pub fn header_span(self) -> Span {
        let kids = self.tree.kids(self.node);
        let start = self.tree.node(self.node).start;
        let last = kids.len().checked_sub(2).and_then(|idx| kids.get(idx));
        Span::new(self.tree.file, start, last.map_or(start, |&kid| self.tree.node(kid).end))
    }

    /// From the type to the closing brace.
    #[must_use]
    pub fn span(self) -> Span {
        self.tree.node_span(self.node)
    }

    /// The tree this is a part of.
    #[must_use]
    pub fn tree(self) -> &'a Tree {
        self.tree
    }
}
