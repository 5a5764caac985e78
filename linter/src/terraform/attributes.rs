//! The attributes of resource instances, as other expressions see them.

use super::body::{META_ATTRIBUTES, META_BLOCKS};
use super::computed::{self, Surroundings};
use super::evaluator::{Evaluator, Memo, ResourceInstance};
use super::instance::Mode;
use super::module::produces;
use super::schema::{self, MemberKind, Members, Presence};
use super::scope::ModuleScope;
use crate::source::Span;
use crate::syntax::Block;
use crate::value::{Fields, Kind, Knowledge, Marks, Object, Reason, Symbol, Type, Unknown, Value, convert};
use std::sync::Arc;

impl<'a> Evaluator<'a> {
    /// All that is configured of an instance, with what follows from it, as an object that knows its address.
    pub(super) fn whole(&self, instance: &ResourceInstance<'a>) -> Value {
        if let Some(known) = &*instance.whole.borrow() {
            return known.clone();
        }
        let names: Vec<&str> = configured_names(instance);
        let fields: Fields = names
            .into_iter()
            .map(|name| (Arc::from(name), self.configured(instance, name, instance.resource.span)))
            .collect();
        let fields = self.with_computed(instance, fields);
        let object = Object { fields, identity: Some(instance.address.clone()) };
        let value = Value::from(Kind::Object(Arc::new(object)));
        *instance.whole.borrow_mut() = Some(value.clone());
        value
    }

    /// The instance as a reference to all of it gives it: nested blocks have every attribute that is declared, those not
    /// written as the provider's to decide, or null.
    pub(super) fn referenced(&self, instance: &ResourceInstance<'a>) -> Value {
        let whole = self.whole(instance);
        let (Some(schema), Kind::Object(object)) = (self.schema_of(instance), &whole.kind) else { return whole };
        if !object.fields.keys().any(|name| schema.members.block(name).is_some()) {
            return whole;
        }
        let mut object = (**object).clone();
        for (name, value) in &mut object.fields {
            if let Some(block) = schema.members.block(name) {
                *value = completed(value, &block.members, &instance.address, name);
            }
        }
        Value { kind: Kind::Object(Arc::new(object)), ..whole }
    }

    /// An attribute as a reference from elsewhere gives it: what is not configured is the symbol of itself.
    pub(super) fn attribute_for_reference(&self, instance: &ResourceInstance<'a>, name: &str, span: Span) -> Value {
        let schema = self.schema_of(instance);
        let declared = schema.as_ref().and_then(|schema| schema.members.attribute(name));
        if configured_names(instance).contains(&name) {
            let value = self.configured(instance, name, span);
            let is_block = declared.is_none() && schema.is_some();
            let usable = !value.is_null() && !is_block && !is_block_of(instance, name);
            if usable {
                return match declared {
                    Some(attribute) => convert(&value, &attribute.ty).unwrap_or(value),
                    None => value,
                };
            }
        }
        if let Some(value) = self.computed(instance, name) {
            return value;
        }
        let (ty, sensitive) = match declared {
            Some(attribute) => (attribute.ty.clone(), attribute.sensitive),
            None => (Type::Any, false),
        };
        let value = symbol(instance, name, ty);
        if sensitive { value.marked(Marks::SENSITIVE) } else { value }
    }

    fn computed(&self, instance: &ResourceInstance<'a>, name: &str) -> Option<Value> {
        if !computed::is_computed(instance.resource.mode, instance.resource.resource_type, name) {
            return None;
        }
        self.whole(instance).as_fields()?.get(name).cloned()
    }

    fn with_computed(&self, instance: &ResourceInstance<'a>, fields: Fields) -> Fields {
        let resource = instance.resource;
        let Some(module) = self.module(instance.module) else { return fields };
        let provider = self.provider(&module, resource);
        let members = self.schema_of(instance);
        let has_tags_all = members.as_ref().is_some_and(|schema| schema.members.get("tags_all").is_some());
        let fields = computed::with_default_tags(fields, provider.config.as_deref(), has_tags_all);
        let surroundings =
            Surroundings { provider: provider.config.as_deref(), context: &self.context, span: resource.span };
        computed::complete(resource.mode, resource.resource_type, fields, &surroundings)
    }

    /// A configured attribute or nested block, computed once.
    fn configured(&self, instance: &ResourceInstance<'a>, name: &str, span: Span) -> Value {
        let known = instance.attributes.borrow().get(name).cloned();
        match known {
            Some(Memo::Done(value)) => value,
            Some(Memo::Running) => self.cycle(&format!("{}.{name}", instance.address), span),
            None => {
                instance.attributes.borrow_mut().insert(name.to_owned(), Memo::Running);
                let shown = format!("{}.{name}", instance.address);
                let value = self.within(shown, || self.bounded(span, || self.configure(instance, name)));
                instance.attributes.borrow_mut().insert(name.to_owned(), Memo::Done(value.clone()));
                value
            }
        }
    }

    fn configure(&self, instance: &ResourceInstance<'a>, name: &str) -> Value {
        let Some(module) = self.module(instance.module) else { return Value::null() };
        let scope = ModuleScope { evaluator: self, instance: &module, repetition: &instance.repetition, itself: None };
        let schema = self.schema_of(instance);
        let members: Option<&Members> = schema.as_ref().map(|schema| &schema.members);
        if let Some(attribute) = instance.resource.body.attribute(name) {
            return self.counting_blocks(|| self.attribute_value(attribute, members, &scope));
        }
        let blocks: Vec<Block<'a>> =
            instance.resource.body.blocks().into_iter().filter(|block| produces(*block) == name).collect();
        self.counting_blocks(|| self.block_values(&blocks, name, members, &scope))
    }

    fn schema_of(&self, instance: &ResourceInstance<'a>) -> Option<Arc<schema::ResourceSchema>> {
        match instance.resource.mode {
            Mode::Managed => schema::resource(instance.resource.resource_type),
            Mode::Data => None,
        }
    }
}

/// Nested blocks with the attributes that are not written. The schema's own nesting bounds the depth.
fn completed(blocks: &Value, members: &Members, address: &Arc<str>, path: &str) -> Value {
    let Some(items) = blocks.as_items() else { return blocks.clone() };
    let complete = |(index, item): (usize, &Value)| {
        let Some(written) = item.as_fields() else { return item.clone() };
        let mut fields = written.clone();
        for (name, member) in members.iter() {
            let path = format!("{path}[{index}].{name}");
            let value = match (&member.kind, written.get(name)) {
                (MemberKind::Block(block), Some(inner)) => completed(inner, &block.members, address, &path),
                (MemberKind::Attribute(_), Some(_)) => continue,
                (MemberKind::Block(_), None) => Value::tuple([]),
                (MemberKind::Attribute(attribute), None) => match attribute.presence {
                    Presence::Computed | Presence::OptionalComputed => {
                        computed_symbol(address, &path, attribute.ty.clone())
                    }
                    Presence::Required | Presence::Optional => Value::null_of(attribute.ty.clone()),
                },
            };
            fields.insert(name.clone(), value);
        }
        Value::object(fields).marked(item.marks).from_origin(item.origin.clone())
    };
    let items: Vec<Value> = items.iter().enumerate().map(complete).collect();
    Value { kind: Kind::Tuple(items.into()), ..blocks.clone() }
}

fn computed_symbol(address: &Arc<str>, path: &str, ty: Type) -> Value {
    let mut unknown = Unknown::new(ty, Reason::Computed(address.clone(), path.into()));
    unknown.knowledge = Knowledge::Symbol(Symbol { address: address.clone(), attribute: path.into() });
    Kind::Unknown(Arc::new(unknown)).into()
}

/// Names of the attributes and block types written in the body, Terraform's own left out.
fn configured_names<'a>(instance: &ResourceInstance<'a>) -> Vec<&'a str> {
    let body = &instance.resource.body;
    let attributes = body.attributes().into_iter().map(|attribute| attribute.name());
    let mut names: Vec<&'a str> = attributes.filter(|name| !META_ATTRIBUTES.contains(name)).collect();
    for block in body.blocks() {
        let kind = produces(block);
        if !META_BLOCKS.contains(&block.kind()) && !names.contains(&kind) {
            names.push(kind);
        }
    }
    names
}

/// Whether the name is written as nested blocks: what the provider adds inside them is not known, so a reference
/// to the blocks as a whole says nothing certain.
fn is_block_of(instance: &ResourceInstance<'_>, name: &str) -> bool {
    instance.resource.body.attribute(name).is_none()
}

/// The unknown value that is this attribute of this instance.
pub(super) fn symbol(instance: &ResourceInstance<'_>, name: &str, ty: Type) -> Value {
    let reason = match instance.resource.mode {
        Mode::Managed => Reason::Computed(instance.address.clone(), name.into()),
        Mode::Data => Reason::DataSource(instance.address.clone()),
    };
    let mut unknown = Unknown::new(ty, reason);
    unknown.refinement.not_null = matches!(name, "id" | "arn" | "self_link");
    unknown.knowledge = Knowledge::Symbol(Symbol { address: instance.address.clone(), attribute: name.into() });
    Kind::Unknown(Arc::new(unknown)).into()
}
