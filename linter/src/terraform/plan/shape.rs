//! Raw values of plans and states to the form all inputs share, by what the provider declares.
//!
//! Attributes left out (null) are absent, nested blocks are lists of objects, sets are sets, what is unknown says why,
//! what is sensitive is marked.

use std::sync::Arc;

use super::path::{push_index, push_name};
use super::raw::Mask;
use crate::terraform::schema::{Attribute, Block, MemberKind, Members, Place, ResourceSchema};
use crate::value::{Fields, Kind, Marks, Object, Origin, OriginKind, Type, Value, convert};

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

/// The instance's object in shared form; an unknown raw value stays unknown, null has no object.
pub(in crate::terraform) fn object(raw: Value, subject: &Subject<'_>) -> Option<Value> {
    let shaper = Shaper {
        unknowns: subject.unknowns,
        origin: Origin::new(OriginKind::Plan, None),
        path: std::cell::RefCell::new(String::new()),
    };
    let fields = match raw.kind {
        Kind::Object(object) => unshare(object).fields,
        Kind::Map(_, fields) => unshare(fields),
        Kind::Null(_) if *subject.unknown != Mask::Nothing => Fields::new(),
        _ => return None,
    };
    let members = subject.schema.map(|schema| &schema.members);
    let fields = shaper.fields(fields, members, Masks { unknown: subject.unknown, sensitive: subject.sensitive });
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

    fn marks(self) -> Marks {
        if *self.sensitive == Mask::All { Marks::SENSITIVE } else { Marks::NONE }
    }
}

struct Shaper<'a> {
    unknowns: &'a Unknowns<'a>,
    origin: Arc<Origin>,
    path: std::cell::RefCell<String>,
}

impl Shaper<'_> {
    fn at<T>(&self, push: impl FnOnce(&mut String), work: impl FnOnce() -> T) -> T {
        let length = self.path.borrow().len();
        push(&mut self.path.borrow_mut());
        let result = work();
        self.path.borrow_mut().truncate(length);
        result
    }

    fn unknown(&self, declared: Declared<'_>, masks: Masks<'_>) -> Value {
        (self.unknowns)(&self.path.borrow(), declared).marked(masks.marks())
    }

    /// The attributes and blocks of an instance or a nested block.
    fn fields(&self, raw: Fields, members: Option<&Members>, masks: Masks<'_>) -> Fields {
        let mut missing: Vec<&str> = masks.unknown.fields().iter().map(|(name, _)| &**name).collect();
        missing.retain(|name| !raw.contains_key(*name));
        let mut shaped: Vec<(Arc<str>, Value)> = Vec::with_capacity(raw.len() + missing.len());
        for (name, value) in raw {
            let inner = masks.field(&name);
            let value = self.at(|path| push_name(path, &name), || self.member(value, members, &name, inner));
            shaped.extend(value.map(|value| (name, value.from_origin(Some(Arc::clone(&self.origin))))));
        }
        for name in missing {
            let inner = masks.field(name);
            let value = self.at(|path| push_name(path, name), || self.member(Value::null(), members, name, inner));
            shaped.extend(value.map(|value| (name.into(), value.from_origin(Some(Arc::clone(&self.origin))))));
        }
        shaped.into_iter().collect()
    }

    /// One attribute or block; `None` when it was left out.
    fn member(&self, raw: Value, members: Option<&Members>, name: &str, masks: Masks<'_>) -> Option<Value> {
        match members.and_then(|members| members.get(name)).map(|member| &member.kind) {
            Some(MemberKind::Block(block)) => self.blocks(raw, block, masks),
            Some(MemberKind::Attribute(attribute)) => {
                let value = self.typed(raw, Place::Attribute(attribute), masks)?;
                Some(if attribute.sensitive { value.marked(Marks::SENSITIVE) } else { value })
            }
            None => self.untyped(raw, masks),
        }
    }

    /// Nested blocks of one name, as a list whatever their nesting.
    fn blocks(&self, raw: Value, block: &Block, masks: Masks<'_>) -> Option<Value> {
        if raw.is_unknown() || *masks.unknown == Mask::All {
            return Some(self.unknown(Declared::Block, masks));
        }
        let marks = masks.marks();
        let items: Vec<Value> = match raw.kind {
            Kind::Tuple(items) | Kind::List(_, items) | Kind::Set(_, items) => {
                unshare_items(items).into_iter().enumerate().collect::<Vec<_>>()
            }
            Kind::Object(_) | Kind::Map(..) => vec![(usize::MAX, raw)],
            Kind::Null(_) if masks.unknown.item_count() > 0 => {
                (0..masks.unknown.item_count()).map(|index| (index, Value::null())).collect()
            }
            Kind::Null(_) if !masks.unknown.fields().is_empty() => vec![(usize::MAX, Value::null())],
            Kind::Unknown(_) | Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => return None,
        }
        .into_iter()
        .map(|(index, item)| {
            let inner = if index == usize::MAX { masks } else { masks.item(index) };
            let shown = if index == usize::MAX { 0 } else { index };
            self.at(|path| push_index(path, shown), || self.block(item, block, inner))
        })
        .collect();
        (!items.is_empty()).then(|| Value::from(Kind::List(Type::Any, items.into())).marked(marks))
    }

    fn block(&self, raw: Value, block: &Block, masks: Masks<'_>) -> Value {
        if raw.is_unknown() || *masks.unknown == Mask::All {
            return self.unknown(Declared::Block, masks);
        }
        let fields = match raw.kind {
            Kind::Object(object) => unshare(object).fields,
            Kind::Map(_, fields) => unshare(fields),
            _ => Fields::new(),
        };
        Value::object(self.fields(fields, Some(&block.members), masks)).marked(masks.marks())
    }

    /// A value of a declared type; `None` for null.
    fn typed(&self, raw: Value, place: Place<'_>, masks: Masks<'_>) -> Option<Value> {
        let (attribute, ty, declared) = match &place {
            Place::Attribute(attribute) => (*attribute, &attribute.ty, Declared::Attribute(attribute)),
            Place::Inside(attribute, ty) => (*attribute, ty, Declared::Inside(ty)),
            Place::Block(_) => return self.untyped(raw, masks),
        };
        if raw.is_unknown() || *masks.unknown == Mask::All {
            return Some(self.unknown(declared, masks));
        }
        let marks = raw.marks.union(masks.marks());
        let kind = match (raw.kind, ty) {
            (Kind::Null(_), _) if masks.unknown.item_count() == 0 && masks.unknown.fields().is_empty() => return None,
            (kind, Type::List(item) | Type::Set(item)) => self.items(kind, attribute, item, masks)?.within(ty),
            (Kind::Map(_, fields), Type::Map(item)) => {
                Kind::Map((**item).clone(), Arc::new(self.keyed(unshare(fields), attribute, item, masks)))
            }
            (Kind::Object(object), Type::Map(item)) => {
                Kind::Map((**item).clone(), Arc::new(self.keyed(unshare(object).fields, attribute, item, masks)))
            }
            (Kind::Object(object), Type::Object(_)) => {
                let fields = self.attributes(unshare(object).fields, attribute, ty, masks);
                Kind::Object(Arc::new(Object { fields, identity: None }))
            }
            (Kind::Null(_), Type::Map(item)) => {
                Kind::Map((**item).clone(), Arc::new(self.keyed(Fields::new(), attribute, item, masks)))
            }
            (Kind::Null(_), Type::Object(_)) => {
                let fields = self.attributes(Fields::new(), attribute, ty, masks);
                Kind::Object(Arc::new(Object { fields, identity: None }))
            }
            (Kind::String(text), Type::String) => Kind::String(text),
            (Kind::Bool(value), Type::Bool) => Kind::Bool(value),
            (Kind::Number(number), Type::Number) => Kind::Number(number),
            (kind, Type::Any) => return self.untyped(Value { kind, marks, origin: None }, masks),
            (kind, ty) => {
                let value = Value::from(kind);
                convert(&value, ty).unwrap_or(value).kind
            }
        };
        Some(Value { kind, marks, origin: None })
    }

    /// The items of a list or set of a declared item type. Items are never dropped: null stays null.
    fn items(&self, raw: Kind, attribute: &Attribute, item: &Type, masks: Masks<'_>) -> Option<Items> {
        let raw = match raw {
            Kind::Tuple(items) | Kind::List(_, items) | Kind::Set(_, items) => items,
            Kind::Null(_) => vec![Value::null(); masks.unknown.item_count()].into(),
            _ => return None,
        };
        let plain = masks.is_empty() && raw.iter().all(|value| fits(value, item));
        if plain {
            return Some(Items(raw));
        }
        let shape = |(index, value): (usize, Value)| {
            let place = Place::Inside(attribute, item.clone());
            self.at(|path| push_index(path, index), || self.typed(value, place, masks.item(index)))
                .unwrap_or_else(|| Value::null_of(item.clone()))
        };
        Some(Items(unshare_items(raw).into_iter().enumerate().map(shape).collect()))
    }

    /// The entries of a map. Null entries stay: a key of a map is there or not.
    fn keyed(&self, mut raw: Fields, attribute: &Attribute, item: &Type, masks: Masks<'_>) -> Fields {
        if masks.is_empty() && raw.values().all(|value| fits(value, item)) {
            return raw;
        }
        for (name, _) in masks.unknown.fields() {
            raw.entry((&**name).into()).or_insert_with(Value::null);
        }
        let shape = |(name, value): (Arc<str>, Value)| {
            let place = Place::Inside(attribute, item.clone());
            let value = self.at(|path| push_name(path, &name), || self.typed(value, place, masks.field(&name)));
            (name, value.unwrap_or_else(|| Value::null_of(item.clone())))
        };
        raw.into_iter().map(shape).collect()
    }

    /// The attributes of an object type; those left out are absent.
    fn attributes(&self, mut raw: Fields, attribute: &Attribute, ty: &Type, masks: Masks<'_>) -> Fields {
        for (name, _) in masks.unknown.fields() {
            raw.entry((&**name).into()).or_insert_with(Value::null);
        }
        let Type::Object(types) = ty else { return raw };
        let shape = |(name, value): (Arc<str>, Value)| {
            let ty = types.get(&name).map_or(Type::Any, |attribute| attribute.ty.clone());
            let place = Place::Inside(attribute, ty);
            let value = self.at(|path| push_name(path, &name), || self.typed(value, place, masks.field(&name)))?;
            Some((name, value))
        };
        raw.into_iter().filter_map(shape).collect()
    }

    /// A value of which nothing is declared.
    fn untyped(&self, raw: Value, masks: Masks<'_>) -> Option<Value> {
        if raw.is_unknown() || *masks.unknown == Mask::All {
            return Some(self.unknown(Declared::Nothing, masks));
        }
        let marks = raw.marks.union(masks.marks());
        let kind = match raw.kind {
            Kind::Null(_) if masks.unknown.item_count() > 0 => {
                let nulls: Arc<[Value]> = vec![Value::null(); masks.unknown.item_count()].into();
                Kind::Tuple(self.untyped_items(nulls, masks))
            }
            Kind::Null(_) if !masks.unknown.fields().is_empty() => {
                Kind::Object(Arc::new(Object { fields: self.fields(Fields::new(), None, masks), identity: None }))
            }
            Kind::Null(_) => return None,
            Kind::Object(object) => {
                let fields = self.fields(unshare(object).fields, None, masks);
                Kind::Object(Arc::new(Object { fields, identity: None }))
            }
            Kind::Tuple(items) => Kind::Tuple(self.untyped_items(items, masks)),
            kind => kind,
        };
        Some(Value { kind, marks, origin: None })
    }

    fn untyped_items(&self, raw: Arc<[Value]>, masks: Masks<'_>) -> Arc<[Value]> {
        let shape = |(index, value): (usize, Value)| {
            self.at(|path| push_index(path, index), || self.untyped(value, masks.item(index)))
                .unwrap_or_else(Value::null)
        };
        unshare_items(raw).into_iter().enumerate().map(shape).collect()
    }
}

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
            _ => Kind::Tuple(self.0),
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

fn unshare<T: Clone>(shared: Arc<T>) -> T {
    Arc::try_unwrap(shared).unwrap_or_else(|shared| (*shared).clone())
}

fn unshare_items(items: Arc<[Value]>) -> Vec<Value> {
    items.iter().cloned().collect()
}
