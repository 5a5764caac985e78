//! Nested blocks in JSON syntax, where they are objects and arrays: the schema says which of them are blocks.
//!
//! Where no schema is known an object is a value, but `dynamic` inside it still makes blocks: nothing else has that form.

use std::sync::Arc;

use super::body::{BlockList, Bound, as_blocks, fitted};
use super::evaluator::Evaluator;
use super::schema::{MemberKind, Members};
use crate::eval::Scope;
use crate::source::Span;
use crate::syntax::{Expr, ExprKind, ObjectItem};
use crate::value::{Fields, Origin, OriginKind, Value};

/// One `dynamic` block: the type of the blocks it makes, and its body.
struct Dynamic<'e> {
    kind: &'e str,
    for_each: Expr<'e>,
    content: Expr<'e>,
    iterator: Option<&'e str>,
}

impl Evaluator<'_> {
    /// The blocks that an object, or an array of them, is for a block type; `None` if it is written in another way.
    pub(super) fn json_blocks(
        &self,
        expr: Expr<'_>,
        kind: &str,
        members: &Members,
        scope: &dyn Scope,
    ) -> Option<Value> {
        let bodies: Vec<Expr<'_>> = match expr.kind() {
            ExprKind::Object => vec![expr],
            ExprKind::Tuple => expr.children().collect(),
            _ => return None,
        };
        if !bodies.iter().all(|body| is_body(*body)) {
            return None;
        }
        let blocks = bodies.into_iter().map(|body| (self.json_block(body, kind, Some(members), scope), true));
        Some(BlockList::of(blocks.collect()).into_value())
    }

    /// The value of an expression in which `dynamic` blocks are, though no schema tells what is a block.
    pub(super) fn json_value(&self, expr: Expr<'_>, scope: &dyn Scope) -> Value {
        match expr.kind() {
            _ if !mentions_dynamic(expr) => self.evaluate(expr, scope),
            ExprKind::Object if is_body(expr) => Value::object(self.json_body(expr, None, scope)),
            ExprKind::Tuple => {
                let items = expr.children().map(|child| self.json_value(child, scope));
                Value::tuple(items.collect::<Vec<_>>())
            }
            _ => self.evaluate(expr, scope),
        }
    }

    fn json_block(&self, body: Expr<'_>, kind: &str, members: Option<&Members>, scope: &dyn Scope) -> Value {
        let origin = Origin::new(OriginKind::Block(kind.into()), Some(body.span()));
        Value::object(self.json_body(body, members, scope)).from_origin(Some(origin))
    }

    fn json_body(&self, body: Expr<'_>, members: Option<&Members>, scope: &dyn Scope) -> Fields {
        let mut fields = Fields::new();
        let mut dynamics = Vec::new();
        for item in body.object_items() {
            let ExprKind::String(name) = item.key.kind() else { continue };
            let found = if name == "dynamic" { dynamics_of(item.value) } else { Vec::new() };
            if !found.is_empty() {
                dynamics.extend(found);
            } else if name != "//" {
                fields.insert(name.into(), self.json_member(&item, name, members, scope));
            }
        }
        let mut lists: Vec<(&str, BlockList)> = Vec::new();
        for dynamic in dynamics {
            let place = lists.iter().position(|(kind, _)| *kind == dynamic.kind).unwrap_or_else(|| {
                let written = fields.remove(dynamic.kind);
                lists.push((dynamic.kind, BlockList::of(written_blocks(written))));
                lists.len() - 1
            });
            if let Some((_, list)) = lists.get_mut(place) {
                self.json_dynamic(&dynamic, members, scope, list);
            }
        }
        fields.extend(lists.into_iter().map(|(kind, list)| (Arc::from(kind), list.into_value())));
        fields
    }

    /// An attribute, or blocks of one type.
    fn json_member(&self, item: &ObjectItem<'_>, name: &str, members: Option<&Members>, scope: &dyn Scope) -> Value {
        let shape = members.and_then(|members| members.get(name)).map(|member| &member.kind);
        let value = match shape {
            Some(MemberKind::Block(block)) => {
                let blocks = self.json_blocks(item.value, name, &block.members, scope);
                return blocks.unwrap_or_else(|| as_blocks(self.evaluate(item.value, scope), name, item.value.span()));
            }
            Some(kind) => fitted(self.evaluate(item.value, scope), name, kind, item.value.span()),
            None => self.json_value(item.value, scope),
        };
        let span = item.key.span().to(item.value.span());
        let prior = value.origin.clone();
        value.from_origin(Some(Origin::after(OriginKind::Attribute(name.into()), Some(span), prior)))
    }

    fn json_dynamic(&self, dynamic: &Dynamic<'_>, members: Option<&Members>, scope: &dyn Scope, list: &mut BlockList) {
        let inner = members.and_then(|members| members.block(dynamic.kind)).map(|block| &block.members);
        let (name, span): (_, Span) = (dynamic.iterator.unwrap_or(dynamic.kind), dynamic.for_each.span());
        let over = self.evaluate(dynamic.for_each, scope);
        self.each_block(&over, span, list, |key, value| {
            let bound = Bound { name, key, value, outer: scope };
            self.json_block(dynamic.content, dynamic.kind, inner, &bound)
        });
    }
}

/// Whether an expression is an object whose properties have plain names, as JSON writes them.
fn is_body(expr: Expr<'_>) -> bool {
    let is_plain =
        |item: ObjectItem<'_>| matches!(item.key.kind(), ExprKind::String(_)) && item.key.text().starts_with('"');
    matches!(expr.kind(), ExprKind::Object) && expr.object_items().all(is_plain)
}

/// Whether `dynamic` may be the name of a property in an expression. A look at its text is enough.
pub(super) fn mentions_dynamic(expr: Expr<'_>) -> bool {
    expr.text().contains("\"dynamic\"")
}

/// The `dynamic` blocks in the value of a property with that name: objects by block type, and arrays of these.
/// None if it is anything else.
fn dynamics_of(expr: Expr<'_>) -> Vec<Dynamic<'_>> {
    let mut found = Vec::new();
    for kinds in objects_of(expr) {
        for item in kinds.object_items() {
            let ExprKind::String(kind) = item.key.kind() else { continue };
            for body in objects_of(item.value) {
                let property = |wanted: &str| {
                    let is_wanted =
                        |item: &ObjectItem<'_>| matches!(item.key.kind(), ExprKind::String(n) if n == wanted);
                    body.object_items().find(is_wanted).map(|item| item.value)
                };
                let content = property("content").and_then(|content| objects_of(content).into_iter().next());
                let iterator = property("iterator").and_then(|iterator| match iterator.kind() {
                    ExprKind::String(name) => Some(name),
                    _ => None,
                });
                if let (Some(for_each), Some(content)) = (property("for_each"), content) {
                    found.push(Dynamic { kind, for_each, content, iterator });
                }
            }
        }
    }
    found
}

/// The objects that an expression is or lists.
fn objects_of(expr: Expr<'_>) -> Vec<Expr<'_>> {
    match expr.kind() {
        ExprKind::Object => vec![expr],
        ExprKind::Tuple => expr.children().filter(|child| matches!(child.kind(), ExprKind::Object)).collect(),
        _ => Vec::new(),
    }
}

fn written_blocks(value: Option<Value>) -> Vec<(Value, bool)> {
    match value {
        Some(value) => match value.as_items() {
            Some(items) => items.iter().map(|item| (item.clone(), true)).collect(),
            None => vec![(value, true)],
        },
        None => Vec::new(),
    }
}
