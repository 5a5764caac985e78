//! Expressions as views over the arena.

use super::tree::{NodeId, NodeKind, Tree};
use crate::source::Span;

/// An expression: a node of a [`Tree`]. Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Expr<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) node: NodeId,
}

/// `-x`, `!x`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum UnaryOp {
    /// `-`
    Negate,
    /// `!`
    Not,
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum BinaryOp {
    /// `||`
    Or,
    /// `&&`
    And,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
}

impl BinaryOp {
    /// All operators; the position is the value in the arena.
    pub(crate) const ALL: [Self; 13] = [
        Self::Or,
        Self::And,
        Self::Equal,
        Self::NotEqual,
        Self::Less,
        Self::LessEqual,
        Self::Greater,
        Self::GreaterEqual,
        Self::Add,
        Self::Subtract,
        Self::Multiply,
        Self::Divide,
        Self::Modulo,
    ];
}

/// One `key = value` of an object constructor.
#[derive(Clone, Copy, Debug)]
pub struct ObjectItem<'a> {
    /// The key; a bare identifier is [`ExprKind::String`].
    pub key: Expr<'a>,
    /// The value.
    pub value: Expr<'a>,
}

/// A `for` expression or template directive.
#[derive(Clone, Copy, Debug)]
pub struct For<'a> {
    /// Name of the key or index variable, if there are two variables.
    pub key_var: Option<&'a str>,
    /// Name of the value variable.
    pub value_var: &'a str,
    /// What is gone through.
    pub collection: Expr<'a>,
    /// Key of each result, for objects.
    pub key: Option<Expr<'a>>,
    /// Value of each result, or the body template.
    pub value: Expr<'a>,
    /// The `if` clause.
    pub condition: Option<Expr<'a>>,
    /// Whether results with equal keys are grouped (`...`).
    pub grouped: bool,
}

/// A part of a template.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    /// Literal text, escapes resolved and strip markers applied.
    Text(&'a str, Span),
    /// `${expression}`
    Interpolation(Expr<'a>),
    /// `%{if condition}...%{else}...%{endif}`; a missing `else` is an empty template.
    If {
        /// The condition.
        condition: Expr<'a>,
        /// Template when true.
        then: Expr<'a>,
        /// Template when false.
        otherwise: Expr<'a>,
    },
    /// `%{for x in y}...%{endfor}`
    For(For<'a>),
}

/// What an expression is.
#[derive(Clone, Debug)]
pub enum ExprKind<'a> {
    /// Could not be parsed; the diagnostic was given then.
    Missing,
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// Digits as written.
    Number(&'a str),
    /// A string without interpolation, escapes resolved.
    String(&'a str),
    /// Text with parts. The parts are [`Expr::parts`].
    Template,
    /// `"${expression}"` alone: the value passes unchanged.
    Wrapped(Expr<'a>),
    /// A name: the root of a reference.
    Variable(&'a str),
    /// `object.name`
    GetAttr(Expr<'a>, &'a str),
    /// `object[key]`, also `object.0`
    Index(Expr<'a>, Expr<'a>),
    /// `object.*...` or `object[*]...`
    Splat {
        /// What is gone through.
        object: Expr<'a>,
        /// `[*]` rather than `.*`.
        full: bool,
        /// Evaluated for each item; [`ExprKind::SplatItem`] stands for the item.
        each: Expr<'a>,
    },
    /// The item of the innermost splat around.
    SplatItem,
    /// `name(arguments)`. The arguments are [`Expr::children`].
    Call {
        /// The name as written: `cidrsubnet`, `provider::aws::arn_parse`.
        name: &'a str,
        /// Where the name stands.
        name_span: Span,
        /// Whether the last argument is expanded (`...`).
        expand: bool,
    },
    /// `-x`, `!x`
    Unary(UnaryOp, Expr<'a>),
    /// `a + b` and the like.
    Binary(BinaryOp, Expr<'a>, Expr<'a>),
    /// `condition ? then : otherwise`
    Conditional(Expr<'a>, Expr<'a>, Expr<'a>),
    /// `(inner)`
    Paren(Expr<'a>),
    /// `[a, b]`. The items are [`Expr::children`].
    Tuple,
    /// `{a = b}`. The items are [`Expr::object_items`].
    Object,
    /// `[for ...]`
    ForTuple(For<'a>),
    /// `{for ...}`
    ForObject(For<'a>),
}

/// A reference: a root name and static steps, such as `aws_vpc.main[0].id`.
#[derive(Clone, Debug)]
pub struct Traversal<'a> {
    /// The root name.
    pub root: &'a str,
    /// The steps after it.
    pub steps: Vec<TraversalStep<'a>>,
    /// The whole reference.
    pub span: Span,
}

/// A step of a [`Traversal`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TraversalStep<'a> {
    /// `.name`
    Attr(&'a str),
    /// `[0]` with a literal number, as written.
    Number(&'a str),
    /// `["key"]`
    Key(&'a str),
}

impl<'a> Expr<'a> {
    /// Where it stands.
    #[must_use]
    pub fn span(self) -> Span {
        self.tree.node_span(self.node)
    }

    /// The source text.
    #[must_use]
    pub fn text(self) -> &'a str {
        let node = self.tree.node(self.node);
        self.tree.source_text(node.start, node.end)
    }

    /// The tree this is a part of.
    #[must_use]
    pub fn tree(self) -> &'a Tree {
        self.tree
    }

    fn sub(self, node: NodeId) -> Self {
        Self { tree: self.tree, node }
    }

    fn kid(self, idx: usize) -> Self {
        self.sub(self.tree.kids(self.node).get(idx).copied().unwrap_or(NodeId::MAX))
    }

    /// What the expression is, one level deep.
    #[must_use]
    pub fn kind(self) -> ExprKind<'a> {
        let node = self.tree.node(self.node);
        match node.kind {
            NodeKind::Null => ExprKind::Null,
            NodeKind::Bool => ExprKind::Bool(node.op != 0),
            NodeKind::Number => ExprKind::Number(self.tree.text(self.node)),
            NodeKind::String | NodeKind::Text => ExprKind::String(self.tree.text(self.node)),
            NodeKind::Template => match self.tree.kids(self.node) {
                &[only] if self.tree.node(only).kind == NodeKind::Interpolation => {
                    ExprKind::Wrapped(self.sub(self.tree.node(only).a))
                }
                _ => ExprKind::Template,
            },
            NodeKind::Interpolation => ExprKind::Wrapped(self.sub(node.a)),
            NodeKind::TemplateIf | NodeKind::TemplateFor => ExprKind::Template,
            NodeKind::Variable => ExprKind::Variable(self.tree.text(self.node)),
            NodeKind::GetAttr => ExprKind::GetAttr(self.sub(node.a), self.tree.step_name(node)),
            NodeKind::Index => ExprKind::Index(self.sub(node.a), self.sub(node.b)),
            NodeKind::Splat => ExprKind::Splat { object: self.sub(node.a), full: node.op != 0, each: self.sub(node.b) },
            NodeKind::SplatItem => ExprKind::SplatItem,
            NodeKind::Call => {
                let name = self.tree.kids(self.node).first().copied().unwrap_or(NodeId::MAX);
                ExprKind::Call {
                    name: self.tree.text(name),
                    name_span: self.tree.node_span(name),
                    expand: node.op != 0,
                }
            }
            NodeKind::Unary => {
                let op = if node.op == UnaryOp::Negate as u8 { UnaryOp::Negate } else { UnaryOp::Not };
                ExprKind::Unary(op, self.sub(node.a))
            }
            NodeKind::Binary => {
                let op = BinaryOp::ALL.get(node.op as usize).copied().unwrap_or(BinaryOp::Or);
                ExprKind::Binary(op, self.sub(node.a), self.sub(node.b))
            }
            NodeKind::Conditional => ExprKind::Conditional(self.kid(0), self.kid(1), self.kid(2)),
            NodeKind::Paren => ExprKind::Paren(self.sub(node.a)),
            NodeKind::Tuple => ExprKind::Tuple,
            NodeKind::Object => ExprKind::Object,
            NodeKind::ForTuple => ExprKind::ForTuple(self.for_parts(false)),
            NodeKind::ForObject => ExprKind::ForObject(self.for_parts(true)),
            NodeKind::Missing | NodeKind::Body | NodeKind::Attribute | NodeKind::Block => ExprKind::Missing,
        }
    }

    fn for_parts(self, object: bool) -> For<'a> {
        let shift = usize::from(object);
        let condition = self.kid(4 + shift);
        For {
            key_var: self.kid(0).name(),
            value_var: self.kid(1).name().unwrap_or(""),
            collection: self.kid(2),
            key: object.then(|| self.kid(3)),
            value: self.kid(3 + shift),
            condition: (self.tree.node(condition.node).kind != NodeKind::Missing).then_some(condition),
            grouped: self.tree.node(self.node).op != 0,
        }
    }

    fn name(self) -> Option<&'a str> {
        (self.tree.node(self.node).kind == NodeKind::Text).then(|| self.tree.text(self.node))
    }

    /// Items of a tuple, arguments of a call.
    pub fn children(self) -> impl ExactSizeIterator<Item = Expr<'a>> {
        let kids = match self.tree.node(self.node).kind {
            NodeKind::Tuple => self.tree.kids(self.node),
            NodeKind::Call => self.tree.kids(self.node).get(1..).unwrap_or_default(),
            _ => &[],
        };
        kids.iter().map(move |&kid| self.sub(kid))
    }

    /// Items of an object constructor in source order.
    pub fn object_items(self) -> impl ExactSizeIterator<Item = ObjectItem<'a>> {
        let kids = if self.tree.node(self.node).kind == NodeKind::Object { self.tree.kids(self.node) } else { &[] };
        let pairs = kids.chunks_exact(2);
        pairs.map(move |pair| match *pair {
            [key, value] => ObjectItem { key: self.sub(key), value: self.sub(value) },
            _ => ObjectItem { key: self.sub(NodeId::MAX), value: self.sub(NodeId::MAX) },
        })
    }

    /// Parts of a template; a plain string is one part of text, any other expression one interpolation.
    #[must_use]
    pub fn parts(self) -> Vec<Part<'a>> {
        match self.tree.node(self.node).kind {
            NodeKind::Template => self.tree.kids(self.node).iter().map(|&kid| self.sub(kid).part()).collect(),
            _ => vec![self.part()],
        }
    }

    fn part(self) -> Part<'a> {
        let node = self.tree.node(self.node);
        match node.kind {
            NodeKind::String | NodeKind::Text => Part::Text(self.tree.text(self.node), self.span()),
            NodeKind::Interpolation => Part::Interpolation(self.sub(node.a)),
            NodeKind::TemplateIf => Part::If { condition: self.kid(0), then: self.kid(1), otherwise: self.kid(2) },
            NodeKind::TemplateFor => Part::For(For {
                key_var: self.kid(0).name(),
                value_var: self.kid(1).name().unwrap_or(""),
                collection: self.kid(2),
                key: None,
                value: self.kid(3),
                condition: None,
                grouped: false,
            }),
            _ => Part::Interpolation(self),
        }
    }

    /// The expression as a reference with static steps; `None` for anything else.
    #[must_use]
    pub fn as_traversal(self) -> Option<Traversal<'a>> {
        let mut steps = Vec::new();
        let mut expr = self;
        let root = loop {
            match expr.kind() {
                ExprKind::Variable(name) => break name,
                ExprKind::GetAttr(object, name) => {
                    steps.push(TraversalStep::Attr(name));
                    expr = object;
                }
                ExprKind::Index(object, key) => {
                    steps.push(match key.kind() {
                        ExprKind::Number(digits) => TraversalStep::Number(digits),
                        ExprKind::String(text) => TraversalStep::Key(text),
                        _ => return None,
                    });
                    expr = object;
                }
                _ => return None,
            }
        };
        steps.reverse();
        Some(Traversal { root, steps, span: self.span() })
    }
}
