//! Which names an expression depends on.

use crate::syntax::{Expr, ExprKind, For, Part, Traversal, TraversalStep};

/// All references in an expression in source order, without the variables that its `for` expressions bring.
/// Of a reference with a computed key only the steps before the key are given; the key's own references follow.
#[must_use]
pub fn references(expr: Expr<'_>) -> Vec<Traversal<'_>> {
    walk(expr).into_iter().map(|(_, reference)| reference).collect()
}

/// The same as expressions, computed keys included: what can be evaluated step by step.
#[must_use]
pub fn referring(expr: Expr<'_>) -> Vec<Expr<'_>> {
    walk(expr).into_iter().map(|(whole, _)| whole).collect()
}

fn walk(expr: Expr<'_>) -> Vec<(Expr<'_>, Traversal<'_>)> {
    let mut walk = Walk { found: Vec::new(), frames: Vec::new(), open: vec![(expr, None)] };
    while let Some((expr, frame)) = walk.open.pop() {
        walk.visit(expr, frame);
    }
    walk.found.sort_by_key(|(_, reference)| (reference.span.start, reference.span.end));
    walk.found
}

/// Names in force, and the frame around.
struct Frame<'a> {
    names: [Option<&'a str>; 2],
    around: Option<usize>,
}

/// A walk without recursion: expressions may be deep.
struct Walk<'a> {
    found: Vec<(Expr<'a>, Traversal<'a>)>,
    frames: Vec<Frame<'a>>,
    open: Vec<(Expr<'a>, Option<usize>)>,
}

impl<'a> Walk<'a> {
    fn visit(&mut self, expr: Expr<'a>, frame: Option<usize>) {
        match expr.kind() {
            ExprKind::Missing
            | ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Number(_)
            | ExprKind::String(_)
            | ExprKind::SplatItem => {}
            ExprKind::Template => self.template(expr, frame),
            ExprKind::Wrapped(inner) | ExprKind::Paren(inner) | ExprKind::Unary(_, inner) => {
                self.open.push((inner, frame));
            }
            ExprKind::Variable(_) | ExprKind::GetAttr(..) | ExprKind::Index(..) => self.chain(expr, frame),
            ExprKind::Splat { object, each, .. } => self.open.extend([(object, frame), (each, frame)]),
            ExprKind::Call { .. } | ExprKind::Tuple => self.open.extend(expr.children().map(|child| (child, frame))),
            ExprKind::Binary(_, left, right) => self.open.extend([(left, frame), (right, frame)]),
            ExprKind::Conditional(condition, then, otherwise) => {
                self.open.extend([(condition, frame), (then, frame), (otherwise, frame)]);
            }
            ExprKind::Object => {
                for item in expr.object_items() {
                    // A bare name is a key, not a reference.
                    if !matches!(item.key.kind(), ExprKind::Variable(_)) {
                        self.open.push((item.key, frame));
                    }
                    self.open.push((item.value, frame));
                }
            }
            ExprKind::ForTuple(parts) | ExprKind::ForObject(parts) => self.for_parts(&parts, frame),
        }
    }

    fn template(&mut self, expr: Expr<'a>, frame: Option<usize>) {
        for part in expr.parts() {
            match part {
                Part::Text(..) => {}
                Part::Interpolation(inner) => self.open.push((inner, frame)),
                Part::If { condition, then, otherwise } => {
                    self.open.extend([(condition, frame), (then, frame), (otherwise, frame)]);
                }
                Part::For(parts) => self.for_parts(&parts, frame),
            }
        }
    }

    fn for_parts(&mut self, parts: &For<'a>, frame: Option<usize>) {
        self.open.push((parts.collection, frame));
        self.frames.push(Frame { names: [parts.key_var, Some(parts.value_var)], around: frame });
        let inner = Some(self.frames.len() - 1);
        self.open.push((parts.value, inner));
        self.open.extend([parts.key, parts.condition].into_iter().flatten().map(|expr| (expr, inner)));
    }

    fn chain(&mut self, expr: Expr<'a>, frame: Option<usize>) {
        let (mut steps, mut start, mut whole) = (Vec::new(), expr, expr);
        loop {
            match start.kind() {
                ExprKind::GetAttr(object, name) => {
                    steps.push(TraversalStep::Attr(name));
                    start = object;
                }
                ExprKind::Index(object, key) => {
                    match key.kind() {
                        ExprKind::Number(digits) => steps.push(TraversalStep::Number(digits)),
                        ExprKind::String(text) => steps.push(TraversalStep::Key(text)),
                        _ => {
                            self.open.push((key, frame));
                            steps.clear();
                            whole = object;
                        }
                    }
                    start = object;
                }
                ExprKind::Variable(root) => {
                    if !self.is_bound(root, frame) {
                        steps.reverse();
                        self.found.push((expr, Traversal { root, steps, span: whole.span() }));
                    }
                    return;
                }
                _ => {
                    self.open.push((start, frame));
                    return;
                }
            }
        }
    }

    fn is_bound(&self, root: &str, frame: Option<usize>) -> bool {
        let first = frame.and_then(|at| self.frames.get(at));
        let mut around = std::iter::successors(first, |frame| frame.around.and_then(|at| self.frames.get(at)));
        around.any(|frame| frame.names.contains(&Some(root)))
    }
}
