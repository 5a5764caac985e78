//! Raw values of plans and states to the form all inputs share, by what the provider declares.
//!
//! Attributes left out (null) are absent, nested blocks are lists of objects, sets are sets, what is unknown says why,
//! what is sensitive is marked.

use std::sync::Arc;

use super::mask::Mask;
use super::path::Path;
use super::raw::Raw;
use crate::terraform::schema::{Attribute, Block, MemberKind, Members, ResourceSchema};
use crate::value::{Fields, Kind, Marks, Object, ObjectAttribute, Origin, OriginKind, Type, Value, convert};

/// Gives the unknown value at a path of a resource: `id`, `vpc_config[0].cluster_security_group_id`.
pub(in crate::terraform) type Unknowns<'a> = dyn Fn(&str, Declared<'_>) -> Value + 'a;

/// What is declared of an unknown attribute.
#[derive(Clone, Copy, Debug)]
pub(in crate::terraform) enum Declared<'a> {
    /// An attribute.
    Attribute(&'a Attribute),
    /// Something of this type, within an attribute.
    Inside(&'a Type),
    /// A nested block.
    Block,
    /// Nothing: the type is in no table.
    Nothing,
}

impl Declared<'_> {
    /// The type it will have.
    pub(in crate::terraform) fn ty(&self) -> Type {
        match self {
            Self::Attribute(attribute) => attribute.ty.clone(),
            Self::Inside(ty) => (*ty).clone(),
            Self::Block => Type::list(Type::Any),
            Self::Nothing => Type::Any,
        }
    }
}

/// What is said about one object besides its raw values.
pub(in crate::terraform) struct Subject<'a> {
    /// The instance's address.
    pub(in crate::terraform) address: &'a Arc<str>,
    /// What the provider declares.
    pub(in crate::terraform) schema: Option<&'a ResourceSchema>,
    /// What of it is unknown.
    pub(in crate::terraform) unknown: &'a Mask,
    /// What of it is sensitive, beyond what the schema says.
    pub(in crate::terraform) sensitive: &'a Mask,
    /// Makes the unknown values.
    pub(in crate::terraform) unknowns: &'a Unknowns<'a>,
}

/// The fields of a raw object.
type RawFields = Vec<(Arc<str>, Raw)>;

/// The instance's object in shared form; an unknown raw value stays unknown, null has no object.
pub(in crate::terraform) fn object(raw: Raw, subject: &Subject<'_>) -> Option<Value> {
    let shaper = Shaper { unknowns: subject.unknowns, origin: Origin::new(OriginKind::Plan, None) };
    let fields = match raw {
        Raw::Fields(fields) => fields,
        Raw::Value(Value { kind: Kind::Null(_), .. }) if *subject.unknown != Mask::Nothing => Vec::new(),
        Raw::Value(Value { kind: Kind::Map(_, fields), .. }) => entries(&fields),
        Raw::Value(_) | Raw::Items(_) => return None,
    };
    let members = subject.schema.map(|schema| &schema.members);
    let masks = Masks { unknown: subject.unknown, sensitive: subject.sensitive };
    let fields = shaper.fields(fields, members, masks, &Path::Start);
    let identity = Some(Arc::clone(subject.address));
    Some(Kind::Object(Arc::new(Object { fields, identity })).into())
}

#[derive(Clone, Copy)]
struct Masks<'m> {
    unknown: &'m Mask,
    sensitive: &'m Mask,
}

impl<'m> Masks<'m> {
    fn field(self, name: &str) -> Self {
        Self { unknown: self.unknown.field(name), sensitive: self.sensitive.field(name) }
    }

    fn item(self, index: usize) -> Self {
        Self { unknown: self.unknown.item(index), sensitive: self.sensitive.item(index) }
    }

    fn is_empty(self) -> bool {
        *self.unknown == Mask::Nothing && *self.sensitive == Mask::Nothing
    }

    /// Whether something is unknown of what the document leaves out.
    fn has_unknown_parts(self) -> bool {
        self.unknown.item_count() > 0 || !self.unknown.fields().is_empty()
    }

    fn marks(self) -> Marks {
        if *self.sensitive == Mask::All { Marks::SENSITIVE } else { Marks::NONE }
    }
}

struct Shaper<'a> {
    unknowns: &'a Unknowns<'a>,
    origin: Arc<Origin>,
}

impl Shaper<'_> {
    fn unknown(&self, declared: Declared<'_>, masks: Masks<'_>, path: &Path<'_>) -> Value {
        (self.unknowns)(&path.to_string(), declared).marked(masks.marks())
    }

    /// The attributes and blocks of an instance or a nested block.
    fn fields(&self, raw: RawFields, members: Option<&Members>, masks: Masks<'_>, path: &Path<'_>) -> Fields {
        let mut missing: Vec<&str> = masks.unknown.fields().iter().map(|(name, _)| &**name).collect();
        missing.retain(|name| !raw.iter().any(|(other, _)| **other == **name));
        let mut shaped: Vec<(Arc<str>, Value)> = Vec::with_capacity(raw.len() + missing.len());
        for (name, value) in raw {
            let value = self.member(value, members, &name, masks.field(&name), &path.name(&name));
            shaped.extend(value.map(|value| (name, value.from_origin(Some(Arc::clone(&self.origin))))));
        }
        for name in missing {
            let value = self.member(Raw::null(), members, name, masks.field(name), &path.name(name));
            shaped.extend(value.map(|value| (name.into(), value.from_origin(Some(Arc::clone(&self.origin))))));
        }
        shaped.into_iter().collect()
    }

    /// One attribute or block; `None` when it was left out.
    fn member(
        &self,
        raw: Raw,
        members: Option<&Members>,
        name: &str,
        masks: Masks<'_>,
        path: &Path<'_>,
    ) -> Option<Value> {
        match members.and_then(|members| members.get(name)).map(|member| &member.kind) {
            Some(MemberKind::Block(block)) => self.blocks(raw, block, masks, path),
            Some(MemberKind::Attribute(attribute)) => {
                let value = self.typed(raw, &attribute.ty, Declared::Attribute(attribute), masks, path)?;
                Some(if attribute.sensitive { value.marked(Marks::SENSITIVE) } else { value })
            }
            None => self.untyped(raw, masks, path),
        }
    }

    /// Nested blocks of one name, as a list whatever their nesting.
    fn blocks(&self, raw: Raw, block: &Block, masks: Masks<'_>, path: &Path<'_>) -> Option<Value> {
        if raw.is_unknown() || *masks.unknown == Mask::All {
            return Some(self.unknown(Declared::Block, masks, path));
        }
        let one = |raw: Raw| vec![self.block(raw, block, masks, &path.index(0))];
        let many = |items: Vec<Raw>| {
            let item = |(index, item)| self.block(item, block, masks.item(index), &path.index(index));
            items.into_iter().enumerate().map(item).collect()
        };
        let items: Vec<Value> = match raw {
            Raw::Items(items) => many(items),
            Raw::Fields(_) => one(raw),
            Raw::Value(value) => match value.kind {
                Kind::Tuple(items) | Kind::List(_, items) | Kind::Set(_, items) => many(raw_items(&items)),
                Kind::Object(_) | Kind::Map(..) => one(Raw::Value(value)),
                Kind::Null(_) if masks.unknown.item_count() > 0 => many(vec![Raw::null(); masks.unknown.item_count()]),
                Kind::Null(_) if masks.has_unknown_parts() => one(Raw::null()),
                Kind::Unknown(_) | Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => return None,
            },
        };
        (!items.is_empty()).then(|| Value::from(Kind::List(Type::Any, items.into())).marked(masks.marks()))
    }

    fn block(&self, raw: Raw, block: &Block, masks: Masks<'_>, path: &Path<'_>) -> Value {
        if raw.is_unknown() || *masks.unknown == Mask::All {
            return self.unknown(Declared::Block, masks, path);
        }
        let fields = match raw {
            Raw::Fields(fields) => fields,
            Raw::Value(Value { kind: Kind::Map(_, fields), .. }) => entries(&fields),
            Raw::Items(_) | Raw::Value(_) => Vec::new(),
        };
        Value::object(self.fields(fields, Some(&block.members), masks, path)).marked(masks.marks())
    }

    /// A value of a declared type; `None` for null.
    fn typed(&self, raw: Raw, ty: &Type, declared: Declared<'_>, masks: Masks<'_>, path: &Path<'_>) -> Option<Value> {
        if raw.is_unknown() || *masks.unknown == Mask::All {
            return Some(self.unknown(declared, masks, path));
        }
        let marks = masks.marks();
        let kind = match (raw, ty) {
            (Raw::Value(Value { kind: Kind::Null(_), .. }), _) if !masks.has_unknown_parts() => return None,
            (raw, Type::Any) => return self.untyped(raw, masks, path),
            (raw, Type::List(item) | Type::Set(item)) => self.items(raw, item, masks, path)?.within(ty),
            (Raw::Fields(fields), Type::Map(item)) => self.map(fields, item, masks, path),
            (Raw::Fields(fields), Type::Object(types)) => self.object(fields, types, masks, path),
            (Raw::Value(value), ty) => return Some(self.simple(value, ty, masks, path)?.marked(marks)),
            (raw @ (Raw::Items(_) | Raw::Fields(_)), ty) => converted(raw.into_value(), ty).kind,
        };
        Some(Value { kind, marks, origin: None })
    }

    /// What is no array nor object, or has a type already.
    fn simple(&self, value: Value, ty: &Type, masks: Masks<'_>, path: &Path<'_>) -> Option<Value> {
        let marks = value.marks;
        let kind = match (value.kind, ty) {
            (Kind::String(text), Type::String) => Kind::String(text),
            (Kind::Bool(value), Type::Bool) => Kind::Bool(value),
            (Kind::Number(number), Type::Number) => Kind::Number(number),
            (Kind::Map(_, fields), Type::Map(item)) => self.map(entries(&fields), item, masks, path),
            (Kind::Null(_), Type::Map(item)) => self.map(Vec::new(), item, masks, path),
            (Kind::Null(_), Type::Object(types)) => self.object(Vec::new(), types, masks, path),
            (kind, ty) => converted(kind.into(), ty).kind,
        };
        Some(Value { kind, marks, origin: None })
    }

    /// The items of a list or set of a declared item type. Items are never dropped: null stays null.
    fn items(&self, raw: Raw, item: &Type, masks: Masks<'_>, path: &Path<'_>) -> Option<Items> {
        let raw = match raw {
            Raw::Items(items) => items,
            Raw::Value(value) => match value.kind {
                Kind::Tuple(items) | Kind::List(_, items) | Kind::Set(_, items) => raw_items(&items),
                Kind::Null(_) => vec![Raw::null(); masks.unknown.item_count()],
                Kind::Unknown(_)
                | Kind::Bool(_)
                | Kind::Number(_)
                | Kind::String(_)
                | Kind::Map(..)
                | Kind::Object(_) => return None,
            },
            Raw::Fields(_) => return None,
        };
        let shape = |(index, value): (usize, Raw)| {
            self.inside(value, item, masks.item(index), &path.index(index))
                .unwrap_or_else(|| Value::null_of(item.clone()))
        };
        Some(Items(raw.into_iter().enumerate().map(shape).collect()))
    }

    /// Something within an attribute; `None` for null.
    fn inside(&self, raw: Raw, ty: &Type, masks: Masks<'_>, path: &Path<'_>) -> Option<Value> {
        match raw {
            Raw::Value(value) if masks.is_empty() && fits(&value, ty) => Some(value),
            raw => self.typed(raw, ty, Declared::Inside(ty), masks, path),
        }
    }

    /// The entries of a map. Null entries stay: a key of a map is there or not.
    fn map(&self, raw: RawFields, item: &Type, masks: Masks<'_>, path: &Path<'_>) -> Kind {
        let shape = |(name, value): (Arc<str>, Raw)| {
            let value = self.inside(value, item, masks.field(&name), &path.name(&name));
            (name, value.unwrap_or_else(|| Value::null_of(item.clone())))
        };
        Kind::Map(item.clone(), Arc::new(with_unknown(raw, masks).into_iter().map(shape).collect()))
    }

    /// The attributes of an object type; those left out are absent.
    fn object(&self, raw: RawFields, types: &ObjectType, masks: Masks<'_>, path: &Path<'_>) -> Kind {
        let shape = |(name, value): (Arc<str>, Raw)| {
            let ty = types.get(&name).map_or(&Type::Any, |attribute| &attribute.ty);
            let value = self.inside(value, ty, masks.field(&name), &path.name(&name))?;
            Some((name, value))
        };
        let fields = with_unknown(raw, masks).into_iter().filter_map(shape).collect();
        Kind::Object(Arc::new(Object { fields, identity: None }))
    }

    /// A value of which nothing is declared.
    fn untyped(&self, raw: Raw, masks: Masks<'_>, path: &Path<'_>) -> Option<Value> {
        if raw.is_unknown() || *masks.unknown == Mask::All {
            return Some(self.unknown(Declared::Nothing, masks, path));
        }
        let object = |fields: RawFields| {
            Kind::Object(Arc::new(Object { fields: self.fields(fields, None, masks, path), identity: None }))
        };
        let kind = match raw {
            Raw::Value(Value { kind: Kind::Null(_), .. }) if masks.unknown.item_count() > 0 => {
                self.tuple(vec![Raw::null(); masks.unknown.item_count()], masks, path)
            }
            Raw::Value(Value { kind: Kind::Null(_), .. }) if masks.has_unknown_parts() => object(Vec::new()),
            Raw::Value(Value { kind: Kind::Null(_), .. }) => return None,
            Raw::Fields(fields) => object(fields),
            Raw::Items(items) => self.tuple(items, masks, path),
            Raw::Value(value) => return Some(value.marked(masks.marks()).from_origin(None)),
        };
        Some(Value { kind, marks: masks.marks(), origin: None })
    }

    fn tuple(&self, raw: Vec<Raw>, masks: Masks<'_>, path: &Path<'_>) -> Kind {
        let shape = |(index, value): (usize, Raw)| {
            self.untyped(value, masks.item(index), &path.index(index)).unwrap_or_else(Value::null)
        };
        Kind::Tuple(raw.into_iter().enumerate().map(shape).collect())
    }
}

/// Attributes of an object type.
type ObjectType = std::collections::BTreeMap<Arc<str>, ObjectAttribute>;

/// Items on their way into a list or set.
struct Items(Arc<[Value]>);

impl Items {
    fn within(self, ty: &Type) -> Kind {
        match ty {
            // Objects that may be written as blocks are a list in every input.
            Type::Set(item) | Type::List(item) if matches!(**item, Type::Object(_)) => Kind::List(Type::Any, self.0),
            Type::Set(_) => {
                let list = Value::from(Kind::Tuple(self.0));
                convert(&list, ty).map_or(list.kind, |set| set.kind)
            }
            Type::List(item) => Kind::List((**item).clone(), self.0),
            Type::Any | Type::Bool | Type::Number | Type::String | Type::Map(_) | Type::Tuple(_) | Type::Object(_) => {
                Kind::Tuple(self.0)
            }
        }
    }
}

/// Whether the value is of the type already, for the simple types.
fn fits(value: &Value, ty: &Type) -> bool {
    matches!(
        (&value.kind, ty),
        (Kind::String(_), Type::String) | (Kind::Number(_), Type::Number) | (Kind::Bool(_), Type::Bool)
    )
}

fn converted(value: Value, ty: &Type) -> Value {
    convert(&value, ty).unwrap_or(value)
}

/// The fields, and those that only the mask of unknowns names, as null.
fn with_unknown(mut raw: RawFields, masks: Masks<'_>) -> RawFields {
    for (name, _) in masks.unknown.fields() {
        if !raw.iter().any(|(other, _)| **other == **name) {
            raw.push(((&**name).into(), Raw::null()));
        }
    }
    raw
}

fn entries(fields: &Fields) -> RawFields {
    fields.iter().map(|(name, value)| (Arc::clone(name), value.clone().into())).collect()
}

fn raw_items(items: &[Value]) -> Vec<Raw> {
    items.iter().cloned().map(Raw::from).collect()
}
