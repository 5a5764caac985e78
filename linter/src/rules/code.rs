//! Expressions that a rule keeps.

use std::sync::Arc;

use crate::source::Span;
use crate::syntax::{Expr, Tree};

/// An expression with the tree it is a part of.
#[derive(Clone, Debug)]
pub(super) struct Code {
    tree: Arc<Tree>,
    node: u32,
}

impl Code {
    /// Keeps an expression of this tree.
    pub(super) fn new(tree: &Arc<Tree>, expr: Expr<'_>) -> Self {
        Self { tree: tree.clone(), node: expr.node }
    }

    /// The expression.
    pub(super) fn expr(&self) -> Expr<'_> {
        Expr { tree: &self.tree, node: self.node }
    }

    /// Where it stands in the rule's file.
    pub(super) fn span(&self) -> Span {
        self.expr().span()
    }
}
