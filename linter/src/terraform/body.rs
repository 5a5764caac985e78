//! The body of a resource, provider or backend as an object: attributes, nested blocks, dynamic blocks.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::evaluator::Evaluator;
use super::json_blocks::mentions_dynamic;
use super::module::{MergedBody, produces};
use super::schema::{self, Members};
use crate::diagnostic::Diagnostic;
use crate::eval::{Context, EvalError, Resolved, Scope, functions::Call};
use crate::source::Span;
use crate::syntax::{Attribute, Block, ExprKind, Traversal};
use crate::value::{Fields, Kind, Knowledge, Marks, Member, Origin, OriginKind, Reason, Type, Unknown, Value, convert};

/// Most blocks that one `dynamic` block makes.
const MAX_DYNAMIC_BLOCKS: usize = 10_000;

/// Attributes that Terraform itself reads, on resources and data sources.
pub(super) const META_ATTRIBUTES: [&str; 4] = ["count", "for_each", "provider", "depends_on"];
/// Blocks that Terraform itself reads, on resources and data sources.
pub(super) const META_BLOCKS: [&str; 3] = ["lifecycle", "provisioner", "connection"];

/// The blocks of one type, and whether these are certainly all.
#[derive(Default)]
pub(super) struct BlockList {
    items: Vec<(Value, bool)>,
    unknown: Vec<Reason>,
}

impl Evaluator<'_> {
    /// All attributes and blocks of a body but Terraform's own.
    pub(super) fn fields(&self, body: &MergedBody<'_>, members: Option<&Members>, scope: &dyn Scope) -> Fields {
        let attributes = body.attributes().into_iter().filter(|it| !META_ATTRIBUTES.contains(&it.name()));
        let blocks = body.blocks().into_iter().filter(|block| !META_BLOCKS.contains(&block.kind()));
        self.contents(attributes, blocks, members, scope)
    }

    fn contents<'b>(
        &self,
        attributes: impl Iterator<Item = Attribute<'b>>,
        blocks: impl Iterator<Item = Block<'b>>,
        members: Option<&Members>,
        scope: &dyn Scope,
    ) -> Fields {
        let mut fields = Fields::new();
        for attribute in attributes {
            fields.insert(attribute.name().into(), self.attribute_value(attribute, members, scope));
        }
        let mut kinds: Vec<(&str, Vec<Block<'b>>)> = Vec::new();
        let mut places: FxHashMap<&str, usize> = FxHashMap::default();
        for block in blocks {
            let kind = produces(block);
            let place = *places.entry(kind).or_insert(kinds.len());
            match kinds.get_mut(place) {
                Some((_, of_kind)) => of_kind.push(block),
                None => kinds.push((kind, vec![block])),
            }
        }
        for (kind, of_kind) in kinds {
            fields.insert(kind.into(), self.block_values(&of_kind, kind, members, scope));
        }
        fields
    }

    /// The value of one attribute, in the type its schema says.
    pub(super) fn attribute_value(
        &self,
        attribute: Attribute<'_>,
        members: Option<&Members>,
        scope: &dyn Scope,
    ) -> Value {
        let (name, expr) = (attribute.name(), attribute.expr());
        let shape = members.and_then(|members| members.get(name)).map(|member| &member.kind);
        let blocks = match shape {
            Some(schema::MemberKind::Block(block)) => self.json_blocks(expr, name, &block.members, scope),
            Some(schema::MemberKind::Attribute(_)) => None,
            None => mentions_dynamic(expr).then(|| self.json_value(expr, scope)),
        };
        let value = blocks.unwrap_or_else(|| {
            let value = self.evaluate(expr, scope);
            shape.map_or(value.clone(), |shape| fitted(value, name, shape, attribute.span()))
        });
        let prior = value.origin.clone();
        value.from_origin(Some(Origin::after(OriginKind::Attribute(name.into()), Some(attribute.span()), prior)))
    }

    /// The blocks of one type as a tuple of objects, in source order.
    pub(super) fn block_values(
        &self,
        blocks: &[Block<'_>],
        kind: &str,
        members: Option<&Members>,
        scope: &dyn Scope,
    ) -> Value {
        let inner = members.and_then(|members| members.block(kind)).map(|block| &block.members);
        let mut list = BlockList::default();
        for block in blocks {
            if block.kind() == "dynamic" {
                self.dynamic(*block, kind, inner, scope, &mut list);
            } else {
                list.items.push((self.block_object(*block, kind, inner, scope), true));
            }
        }
        let origin = blocks.first().map(|block| Origin::new(OriginKind::Block(kind.into()), Some(block.header_span())));
        list.into_value().from_origin(origin)
    }

    fn block_object(&self, block: Block<'_>, kind: &str, members: Option<&Members>, scope: &dyn Scope) -> Value {
        // Inside a block these names are the provider's: `provider` of a pipeline's action, `lifecycle` of a container.
        let body = MergedBody::one(block.body());
        let fields = self.contents(body.attributes().into_iter(), body.blocks().into_iter(), members, scope);
        let origin = Origin::new(OriginKind::Block(kind.into()), Some(block.header_span()));
        Value::object(fields).from_origin(Some(origin))
    }

    /// `dynamic "kind" { for_each, iterator, content {} }`
    fn dynamic(
        &self,
        block: Block<'_>,
        kind: &str,
        members: Option<&Members>,
        scope: &dyn Scope,
        list: &mut BlockList,
    ) {
        let body = block.body();
        let (Some(for_each), Some(content)) = (body.attribute("for_each"), body.blocks_of("content").next()) else {
            let message = format!("dynamic {kind:?} needs a `for_each` and a `content` block");
            self.say(Diagnostic::error(block.header_span(), message));
            return;
        };
        let iterator = body.attribute("iterator").and_then(|iterator| match iterator.expr().kind() {
            ExprKind::Variable(name) | ExprKind::String(name) => Some(name),
            _ => None,
        });
        let iterator = iterator.unwrap_or(kind);
        let over = self.evaluate(for_each.expr(), scope);
        self.each_block(&over, for_each.expr().span(), list, |key, value| {
            let bound = Bound { name: iterator, key, value, outer: scope };
            self.block_object(content, kind, members, &bound)
        });
    }

    /// Adds what `make` gives for each key and value of a `for_each` value.
    pub(super) fn each_block(
        &self,
        over: &Value,
        span: Span,
        list: &mut BlockList,
        make: impl Fn(Value, Value) -> Value,
    ) {
        for (key, value, certain) in self.iterations(over, span, list) {
            if !self.one_more_block(span) {
                list.unknown.push(Reason::Limit("dynamic blocks".into()));
                break;
            }
            list.items.push((make(key, value), certain));
        }
    }

    /// Key and value of each block that a `for_each` value asks for, and whether it is certainly there.
    fn iterations(&self, over: &Value, span: Span, list: &mut BlockList) -> Vec<(Value, Value, bool)> {
        let found: Vec<(Value, Value, bool)> = match &over.kind {
            Kind::List(_, items) | Kind::Tuple(items) => {
                let indexed = items.iter().enumerate();
                indexed.map(|(idx, item)| (Value::from(idx as i64), item.clone(), true)).collect()
            }
            Kind::Set(_, items) => items.iter().map(|item| (item.clone(), item.clone(), true)).collect(),
            Kind::Map(_, fields) => named(fields),
            Kind::Object(object) => named(&object.fields),
            Kind::Unknown(unknown) => {
                list.unknown.extend(unknown.reasons.iter().cloned());
                match &unknown.knowledge {
                    Knowledge::Members(members) => members
                        .iter()
                        .map(|member| {
                            let key = member.key.clone().unwrap_or_else(|| unknown_like(unknown));
                            (key, member.value.clone(), member.certain)
                        })
                        .collect(),
                    Knowledge::OneOf(choices) if choices.iter().all(|choice| !choice.is_unknown()) => choices
                        .iter()
                        .flat_map(|choice| self.iterations(choice, span, &mut BlockList::default()))
                        .map(|(key, value, _)| (key, value, false))
                        .collect(),
                    _ => vec![(unknown_like(unknown), unknown_like(unknown), false)],
                }
            }
            Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
                let message = "The for_each of a dynamic block must be a collection";
                self.say(Diagnostic::error(span, message));
                Vec::new()
            }
        };
        if found.len() > MAX_DYNAMIC_BLOCKS {
            let message =
                format!("A dynamic block makes more than {MAX_DYNAMIC_BLOCKS} blocks; the rest is not judged");
            self.say(Diagnostic::warning(span, message));
            list.unknown.push(Reason::Limit(format!("{MAX_DYNAMIC_BLOCKS} dynamic blocks").into()));
        }
        found.into_iter().take(MAX_DYNAMIC_BLOCKS).map(|(k, v, c)| (k, v.marked(over.marks), c)).collect()
    }
}

impl BlockList {
    /// Blocks that are written down, and whether each is certainly there.
    pub(super) fn of(items: Vec<(Value, bool)>) -> Self {
        Self { items, unknown: Vec::new() }
    }

    pub(super) fn into_value(self) -> Value {
        if self.unknown.is_empty() && self.items.iter().all(|(_, certain)| *certain) {
            return Value::tuple(self.items.into_iter().map(|(value, _)| value).collect::<Vec<_>>());
        }
        let members = self.items.into_iter().map(|(value, certain)| Member { key: None, value, certain });
        let reason = self.unknown.into_iter().next().unwrap_or_else(|| Reason::Limit("dynamic blocks".into()));
        let mut unknown = Unknown::new(Type::list(Type::Any), reason);
        unknown.refinement.not_null = true;
        unknown.knowledge = Knowledge::Members(members.collect());
        Kind::Unknown(Arc::new(unknown)).into()
    }
}

fn named(fields: &Fields) -> Vec<(Value, Value, bool)> {
    fields.iter().map(|(key, value)| (Value::string(key), value.clone(), true)).collect()
}

/// An unknown part of an unknown whole.
fn unknown_like(unknown: &Unknown) -> Value {
    Kind::Unknown(Arc::new(Unknown::derived(Type::Any, [unknown]))).into()
}

/// The type with lists for sets: instances keep the order of the source, so that findings come in it.
fn listed(ty: &Type) -> Type {
    match ty {
        Type::List(item) | Type::Set(item) => Type::list(listed(item)),
        Type::Map(item) => Type::map(listed(item)),
        Type::Tuple(items) => Type::Tuple(items.iter().map(listed).collect()),
        Type::Object(attributes) => Type::Object(Arc::new(
            attributes
                .iter()
                .map(|(name, attribute)| {
                    let ty = listed(&attribute.ty);
                    (name.clone(), crate::value::ObjectAttribute { ty, optional: true })
                })
                .collect(),
        )),
        Type::Any | Type::Bool | Type::Number | Type::String => ty.clone(),
    }
}

/// A value in the form that its place in the schema asks for.
pub(super) fn fitted(value: Value, name: &str, kind: &schema::MemberKind, span: Span) -> Value {
    match kind {
        schema::MemberKind::Attribute(known) => {
            // Attribute types differ between provider releases; what does not fit is judged as written.
            let fitted = convert(&value, &listed(&known.ty)).unwrap_or(value);
            let fitted = if known.may_be_blocks() { as_blocks(fitted, name, span) } else { fitted };
            if known.sensitive { fitted.marked(Marks::SENSITIVE) } else { fitted }
        }
        schema::MemberKind::Block(_) => as_blocks(value, name, span),
    }
}

/// Objects given as an attribute's value, made to look like nested blocks.
pub(super) fn as_blocks(value: Value, name: &str, span: Span) -> Value {
    let block = |item: &Value| {
        let own = item.origin.as_ref().and_then(|origin| origin.span).unwrap_or(span);
        let origin = Origin::after(OriginKind::Block(name.into()), Some(own), item.origin.clone());
        item.clone().from_origin(Some(origin))
    };
    match &value.kind {
        Kind::List(_, items) | Kind::Tuple(items) | Kind::Set(_, items) => {
            Value { kind: Kind::Tuple(items.iter().map(block).collect()), ..value }
        }
        Kind::Object(_) => Value { kind: Kind::Tuple([block(&value)].into()), ..value },
        Kind::Unknown(_) | Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Map(..) => value,
    }
}

/// The scope inside `content`: the iterator over the scope around.
pub(super) struct Bound<'b> {
    pub(super) name: &'b str,
    pub(super) key: Value,
    pub(super) value: Value,
    pub(super) outer: &'b dyn Scope,
}

impl Scope for Bound<'_> {
    fn resolve(&self, reference: &Traversal<'_>, context: &Context<'_>) -> Result<Resolved, EvalError> {
        if reference.root != self.name {
            return self.outer.resolve(reference, context);
        }
        let fields: Fields =
            [(Arc::from("key"), self.key.clone()), (Arc::from("value"), self.value.clone())].into_iter().collect();
        Ok(Resolved { value: Value::object(fields), steps: 0 })
    }

    fn call(&self, call: &Call<'_>, context: &Context<'_>) -> Option<Result<Value, EvalError>> {
        self.outer.call(call, context)
    }
}
