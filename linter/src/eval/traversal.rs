//! References and the steps after them: `var.x`, `.name`, `[key]`.

use super::EvalError;
use super::expression::Evaluation;
use crate::source::Span;
use crate::syntax::{Expr, ExprKind, Traversal, TraversalStep};
use crate::value::{Origin, OriginKind, Value};

/// Longest way of a value that is kept.
const MAX_ORIGINS: usize = 16;

/// A step of a chain.
#[derive(Clone, Copy)]
enum Step<'a> {
    Attr(&'a str),
    Index(Expr<'a>),
}

/// A step and the expression that ends with it.
#[derive(Clone, Copy)]
struct Link<'a> {
    step: Step<'a>,
    whole: Expr<'a>,
}

impl Evaluation<'_> {
    /// A name or any other expression, and the attributes and indices taken of it one after the other.
    pub(super) fn chain(&self, expr: Expr<'_>) -> Result<Value, EvalError> {
        let (start, links) = links(expr);
        let (mut value, used) = match start.kind() {
            ExprKind::Variable(root) => self.reference(root, start, &links)?,
            _ => (self.strict().value(start)?, 0),
        };
        for link in links.iter().skip(used) {
            let span = link.whole.span();
            self.context.spend(1, span)?;
            value = match link.step {
                Step::Attr(name) => self.attribute(&value, name, span)?,
                Step::Index(key) => {
                    let key = self.strict().operand(key)?;
                    self.index(&value, &key, span)?
                }
            };
        }
        Ok(value)
    }

    /// The value of a chain's root with the steps that the scope takes, and the number of those.
    fn reference(&self, root: &str, start: Expr<'_>, links: &[Link<'_>]) -> Result<(Value, usize), EvalError> {
        let steps: Vec<TraversalStep<'_>> = links.iter().map_while(|link| static_step(link.step)).collect();
        let last = steps.len().checked_sub(1).and_then(|idx| links.get(idx));
        let span = last.map_or(start, |link| link.whole).span();
        let reference = Traversal { root, steps, span };
        let resolved = self.scope.resolve(&reference, self.context)?;
        let used = resolved.steps.min(reference.steps.len());
        let mut value = resolved.value;
        if used == 0 {
            // A variable of the expression itself: it has no way of its own.
            return Ok((value, 0));
        }
        // The rest of the static steps is taken first, so that the way is that of the value that was meant.
        for link in links.iter().take(reference.steps.len()).skip(used) {
            self.context.spend(1, span)?;
            value = match link.step {
                Step::Attr(name) => self.attribute(&value, name, link.whole.span())?,
                Step::Index(key) => self.index(&value, &self.operand(key)?, link.whole.span())?,
            };
        }
        let name = used.checked_sub(1).and_then(|idx| links.get(idx)).map_or(start, |link| link.whole).text();
        Ok((referenced(value, name, span), reference.steps.len()))
    }
}

/// The start of a chain, and its links in order.
fn links(expr: Expr<'_>) -> (Expr<'_>, Vec<Link<'_>>) {
    let (mut links, mut start) = (Vec::new(), expr);
    loop {
        let (step, object) = match start.kind() {
            ExprKind::GetAttr(object, name) => (Step::Attr(name), object),
            ExprKind::Index(object, key) => (Step::Index(key), object),
            _ => break,
        };
        links.push(Link { step, whole: start });
        start = object;
    }
    links.reverse();
    (start, links)
}

fn static_step(step: Step<'_>) -> Option<TraversalStep<'_>> {
    match step {
        Step::Attr(name) => Some(TraversalStep::Attr(name)),
        Step::Index(key) => match key.kind() {
            ExprKind::Number(digits) => Some(TraversalStep::Number(digits)),
            ExprKind::String(text) => Some(TraversalStep::Key(text)),
            _ => None,
        },
    }
}

/// A value that a reference passed on.
fn referenced(value: Value, name: &str, span: Span) -> Value {
    let prior = value.origin.clone();
    if prior.as_ref().is_some_and(|origin| origin.steps().take(MAX_ORIGINS).count() >= MAX_ORIGINS) {
        return value;
    }
    value.from_origin(Some(Origin::after(OriginKind::Reference(name.into()), Some(span), prior)))
}
