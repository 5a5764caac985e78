//! Where a condition failed: the parts of the configuration that the false part of it looked at.

use super::code::Code;
use super::message::is_assumed;
use super::scope::{Bound, RuleScope};
use crate::eval::{self, Context, Scope};
use crate::source::{FileId, Span};
use crate::syntax::{BinaryOp, Expr, ExprKind, For, UnaryOp};
use crate::value::{Kind, Knowledge, OriginKind, Value};

/// More places than this are not gathered.
const MAX_READS: usize = 16;

/// More items of a loop are not tried one by one.
const MAX_ITEMS: usize = 1_000;

/// What a condition came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    True,
    False,
    Unknown,
}

/// Something that a condition looked at.
#[derive(Clone, Debug)]
pub(super) struct Read {
    /// The reference as the rule writes it: `self.ssl_policy`.
    pub(super) reference: String,
    /// What it gave.
    pub(super) value: Value,
    /// Where to look: the attribute, the block around an absent one, or the instance.
    pub(super) place: Option<Span>,
    /// How many of its last steps led to nothing that is written down.
    pub(super) missing_steps: usize,
}

/// Gathers what decided a condition.
pub(super) struct Blame<'b, 's, 'f, 'r> {
    /// The rule's own file: places in it are not places in the user's configuration.
    pub(super) rule_file: FileId,
    pub(super) scope: &'b RuleScope<'s, 'f, 'r>,
    pub(super) context: &'b Context<'b>,
    /// Where the collection stands that the check goes through.
    pub(super) collection: Option<Span>,
}

impl Blame<'_, '_, '_, '_> {
    /// What made the condition come to `truth`, most telling first.
    pub(super) fn reads(&self, condition: &Code, truth: Truth) -> Vec<Read> {
        let mut reads = Vec::new();
        self.explain(condition.expr(), truth, self.scope, &mut reads);
        // Something written down tells more than the instance as a whole.
        reads.sort_by_key(|read| read.missing_steps > 0 && read.place == self.scope.subject.span);
        reads
    }

    /// The place that a rule tells with `at`: of a value, or where it would be if it were written.
    pub(super) fn place_told(&self, at: &Code) -> Option<Span> {
        let value = eval::evaluate(at.expr(), self.scope, self.context).ok();
        value.and_then(|value| self.place_of(&value)).or_else(|| {
            let mut reads = Vec::new();
            self.gather(at.expr(), self.scope, &mut reads);
            reads.iter().find_map(|read| read.place)
        })
    }

    /// The place of a value in the user's files.
    pub(super) fn place_of(&self, value: &Value) -> Option<Span> {
        let origin = value.origin.as_ref()?;
        let mut steps = origin.steps().filter(|step| !matches!(step.kind, OriginKind::Reference(_)));
        let (first, literal) = (steps.next()?, origin.span);
        let place = first.span.or(literal).filter(|span| span.file != self.rule_file)?;
        let is_placed = matches!(first.kind, OriginKind::Attribute(_) | OriginKind::Block(_));
        match self.collection {
            // An item that came from elsewhere: the attribute that holds it is what to look at.
            Some(around) if !is_placed && !contains(around, place) => Some(around),
            _ => Some(place),
        }
    }

    fn truth(&self, expr: Expr<'_>, scope: &dyn Scope) -> Option<Truth> {
        let value = eval::evaluate(expr, scope, self.context).ok()?;
        Some(match value.as_bool() {
            Some(true) => Truth::True,
            Some(false) => Truth::False,
            None if value.is_unknown() => Truth::Unknown,
            None if value.is_null() => Truth::False,
            None => return None,
        })
    }

    fn explain(&self, expr: Expr<'_>, truth: Truth, scope: &dyn Scope, reads: &mut Vec<Read>) {
        if reads.len() >= MAX_READS {
            return;
        }
        match expr.kind() {
            ExprKind::Wrapped(inner) | ExprKind::Paren(inner) => self.explain(inner, truth, scope, reads),
            ExprKind::Unary(UnaryOp::Not, inner) => self.explain(inner, truth.opposite(), scope, reads),
            ExprKind::Binary(BinaryOp::And | BinaryOp::Or, left, right) => {
                let sides = [left, right].map(|side| (side, self.truth(side, scope)));
                let decided = sides.iter().any(|(_, side)| *side == Some(truth));
                for (side, side_truth) in sides {
                    if !decided || side_truth == Some(truth) {
                        self.explain(side, side_truth.unwrap_or(truth), scope, reads);
                    }
                }
            }
            ExprKind::Conditional(condition, then, otherwise) => {
                let chosen = match self.truth(condition, scope) {
                    Some(Truth::True) => then,
                    Some(Truth::False) => otherwise,
                    Some(Truth::Unknown) | None => condition,
                };
                self.explain(chosen, truth, scope, reads);
                self.gather(condition, scope, reads);
            }
            ExprKind::Call { name: "alltrue" | "anytrue", .. } => self.explain_all(expr, truth, scope, reads),
            ExprKind::GetAttr(object, name) if matches!(object.kind(), ExprKind::Variable("local")) => {
                match self.scope.check.locals.get(name) {
                    Some(code) => self.explain(code.expr(), truth, self.scope, reads),
                    None => self.gather(expr, scope, reads),
                }
            }
            _ => self.gather(expr, scope, reads),
        }
    }

    /// `alltrue([for x in y : c])`: the items that are false; `anytrue` when it is true: those that are true.
    fn explain_all(&self, call: Expr<'_>, truth: Truth, scope: &dyn Scope, reads: &mut Vec<Read>) {
        let Some(argument) = call.children().next() else { return };
        match argument.kind() {
            ExprKind::ForTuple(parts) => {
                let before = reads.len();
                self.explain_items(&parts, truth, scope, reads);
                if reads.len() == before {
                    self.gather(parts.collection, scope, reads);
                }
            }
            ExprKind::Tuple => {
                for child in argument.children() {
                    if self.truth(child, scope) == Some(truth) {
                        self.explain(child, truth, scope, reads);
                    }
                }
            }
            _ => self.gather(argument, scope, reads),
        }
    }

    fn explain_items(&self, parts: &For<'_>, truth: Truth, scope: &dyn Scope, reads: &mut Vec<Read>) {
        let Ok(collection) = eval::evaluate(parts.collection, scope, self.context) else { return };
        for (key, value) in items(&collection).into_iter().take(MAX_ITEMS) {
            let mut names = vec![(parts.value_var, value)];
            names.extend(parts.key_var.map(|name| (name, key)));
            let inner = Bound { parent: scope, names };
            if parts.condition.is_some_and(|condition| self.truth(condition, &inner) == Some(Truth::False)) {
                continue;
            }
            if self.truth(parts.value, &inner) == Some(truth) {
                self.explain(parts.value, truth, &inner, reads);
            }
        }
    }

    /// All references in an expression.
    fn gather(&self, expr: Expr<'_>, scope: &dyn Scope, reads: &mut Vec<Read>) {
        if let ExprKind::Conditional(condition, then, otherwise) = expr.kind() {
            return [then, otherwise, condition].into_iter().for_each(|part| self.gather(part, scope, reads));
        }
        for reference in eval::referring(expr) {
            if reads.len() >= MAX_READS {
                return;
            }
            self.read(reference, scope, reads);
        }
    }

    /// One reference: the deepest part of it that is written down.
    fn read(&self, expr: Expr<'_>, scope: &dyn Scope, reads: &mut Vec<Read>) {
        let (mut prefixes, mut at) = (vec![expr], expr);
        while let ExprKind::GetAttr(object, _) | ExprKind::Index(object, _) = at.kind() {
            prefixes.push(object);
            at = object;
        }
        let ExprKind::Variable(root) = at.kind() else { return };
        match root {
            "params" | "time" | "settings" => return,
            "local" => {
                let name = prefixes.iter().rev().nth(1).map(|prefix| prefix.kind());
                if let Some(ExprKind::GetAttr(_, name)) = name
                    && let Some(code) = self.scope.check.locals.get(name)
                {
                    self.gather(code.expr(), self.scope, reads);
                }
                return;
            }
            _ => {}
        }
        let reference = expr.text().to_owned();
        if reads.iter().any(|read| read.reference == reference) {
            return;
        }
        let Ok(value) = eval::evaluate(expr, scope, self.context) else { return };
        let written = prefixes.iter().enumerate().find_map(|(steps, prefix)| {
            let value = eval::evaluate(*prefix, scope, self.context).ok()?;
            if value.is_null() || is_assumed(&value) {
                return None;
            }
            Some((steps, self.place_of(&value)?))
        });
        let subject = self.scope.subject;
        let (missing_steps, place) = match written {
            Some((steps, place)) => (steps, Some(place)),
            None => (prefixes.len(), self.element_place().or(subject.span)),
        };
        reads.push(Read { reference, value, place, missing_steps });
    }

    /// The place of the element that the check is about.
    pub(super) fn element_place(&self) -> Option<Span> {
        let (_, value) = self.scope.each.as_ref()?;
        self.place_of(value).or(self.collection)
    }
}

impl Truth {
    fn opposite(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }
}

fn contains(outer: Span, inner: Span) -> bool {
    outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end
}

/// Keys and values of a collection, as far as they are known.
pub(super) fn items(collection: &Value) -> Vec<(Value, Value)> {
    let numbered = |items: &[Value]| (0..).zip(items).map(|(idx, item)| (Value::from(idx), item.clone())).collect();
    let named = |fields: &crate::value::Fields| {
        fields.iter().map(|(name, value)| (Value::string(name), value.clone())).collect()
    };
    match &collection.kind {
        Kind::List(_, items) | Kind::Tuple(items) | Kind::Set(_, items) => numbered(items),
        Kind::Map(_, fields) => named(fields),
        Kind::Object(object) => named(&object.fields),
        Kind::Unknown(unknown) => match &unknown.knowledge {
            Knowledge::Members(members) => {
                let pair = |(idx, member): (i64, &crate::value::Member)| {
                    (member.key.clone().unwrap_or_else(|| idx.into()), member.value.clone())
                };
                (0..).zip(members.iter()).map(pair).collect()
            }
            Knowledge::Nothing
            | Knowledge::Symbol(_)
            | Knowledge::Template(_)
            | Knowledge::Json(_)
            | Knowledge::Yaml(_)
            | Knowledge::Base64(_)
            | Knowledge::OneOf(_) => Vec::new(),
        },
        Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => Vec::new(),
    }
}
