//! What a provider's schema says of values: their type on the wire, and which parts must not be shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use palisade::value::{Fields, Kind, Marks, Object, ObjectAttribute, Type, Value, type_json};

use super::{tfplugin5, tfplugin6};

/// Blocks nested deeper are refused.
const MAX_DEPTH: usize = 64;

/// A block: the outermost one of a provider, resource or data source, or one within.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// Attributes by name.
    pub attributes: BTreeMap<Arc<str>, Attribute>,
    /// Nested blocks by name.
    pub blocks: BTreeMap<Arc<str>, (Nesting, Block)>,
}

/// An attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// Its type.
    pub ty: Type,
    /// It must not be shown.
    pub sensitive: bool,
    /// It is sent but never kept.
    pub write_only: bool,
    /// The provider gives it; nobody may write it unless it is optional too.
    pub computed: bool,
    /// Attributes of its objects, where the schema tells them one by one.
    pub nested: Option<(Nesting, BTreeMap<Arc<str>, Attribute>)>,
}

/// How several objects make one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// An object.
    Single,
    /// A list of objects.
    List,
    /// A set of objects.
    Set,
    /// A map of objects.
    Map,
}

/// A schema that says something that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadSchema {
    /// A type that is none.
    Type,
    /// A nesting that is none.
    Nesting,
    /// Nested too deep.
    Depth,
}

impl std::fmt::Display for BadSchema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Type => "the schema has a type that is not known",
            Self::Nesting => "the schema has a nesting that is not known",
            Self::Depth => "limit reached: blocks in the schema are nested too deep",
        })
    }
}

impl std::error::Error for BadSchema {}

impl Block {
    /// The block as version 6 says it.
    ///
    /// # Errors
    /// When the schema makes no sense.
    pub fn v6(block: &tfplugin6::schema::Block) -> Result<Self, BadSchema> {
        v6_block(block, 0)
    }

    /// The block as version 5 says it.
    ///
    /// # Errors
    /// When the schema makes no sense.
    pub fn v5(block: &tfplugin5::schema::Block) -> Result<Self, BadSchema> {
        v5_block(block, 0)
    }

    /// The type of its values on the wire.
    #[must_use]
    pub fn ty(&self) -> Type {
        let attributes = self.attributes.iter().map(|(name, attribute)| (name.clone(), attribute.ty.clone()));
        let blocks = self.blocks.iter().map(|(name, (nesting, block))| (name.clone(), nesting.of_blocks(block.ty())));
        Type::Object(Arc::new(
            attributes.chain(blocks).map(|(name, ty)| (name, ObjectAttribute::required(ty))).collect(),
        ))
    }

    /// The value with everything marked that must not be shown.
    #[must_use]
    pub fn marked(&self, value: &Value) -> Value {
        map_attributes(value, &mut |name, value| match (self.attributes.get(name), self.blocks.get(name)) {
            (Some(attribute), _) => attribute.marked(value),
            (None, Some((_, block))) => map_objects(value, &mut |object| block.marked(object)),
            (None, None) => value.clone(),
        })
    }
}

impl Attribute {
    fn marked(&self, value: &Value) -> Value {
        if self.sensitive || self.write_only {
            return value.clone().marked(Marks::SENSITIVE);
        }
        let Some((_, attributes)) = &self.nested else { return value.clone() };
        map_objects(value, &mut |object| {
            map_attributes(object, &mut |name, value| match attributes.get(name) {
                Some(attribute) => attribute.marked(value),
                None => value.clone(),
            })
        })
    }
}

impl Nesting {
    /// The type of nested blocks. Blocks whose type is open have no type in common, so together they are open too.
    fn of_blocks(self, block: Type) -> Type {
        match self {
            Self::List | Self::Map if block.has_any() => Type::Any,
            Self::Single | Self::List | Self::Set | Self::Map => self.of(block),
        }
    }

    fn of(self, object: Type) -> Type {
        match self {
            Self::Single => object,
            Self::List => Type::list(object),
            Self::Set => Type::set(object),
            Self::Map => Type::map(object),
        }
    }
}

/// The object with each attribute changed; anything else as it is.
fn map_attributes(value: &Value, change: &mut dyn FnMut(&str, &Value) -> Value) -> Value {
    let Kind::Object(object) = &value.kind else { return value.clone() };
    let fields: Fields = object.fields.iter().map(|(name, value)| (name.clone(), change(name, value))).collect();
    let kind = Kind::Object(Arc::new(Object { fields, identity: object.identity.clone() }));
    Value { kind, marks: value.marks, origin: value.origin.clone() }
}

/// The value with each object changed that it is, or that it holds as its items.
fn map_objects(value: &Value, change: &mut dyn FnMut(&Value) -> Value) -> Value {
    let kind = match &value.kind {
        Kind::Object(object) if !object.fields.is_empty() => return change(value),
        Kind::List(ty, items) => Kind::List(ty.clone(), items.iter().map(change).collect()),
        Kind::Tuple(items) => Kind::Tuple(items.iter().map(change).collect()),
        Kind::Map(ty, fields) => {
            Kind::Map(ty.clone(), Arc::new(fields.iter().map(|(name, item)| (name.clone(), change(item))).collect()))
        }
        // Marks within sets are not kept apart: what holds a secret is one.
        Kind::Set(ty, items) => {
            let items: Vec<Value> = items.iter().map(change).collect();
            let set = Value::set_of(ty.clone(), items);
            return Value { marks: value.marks.union(set.marks), origin: value.origin.clone(), ..set };
        }
        // Nothing within can be told apart.
        Kind::Unknown(_) | Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Object(_) => {
            return value.clone();
        }
    };
    Value { kind, marks: value.marks, origin: value.origin.clone() }
}

fn v6_block(block: &tfplugin6::schema::Block, depth: usize) -> Result<Block, BadSchema> {
    use tfplugin6::schema::nested_block::NestingMode;
    if depth > MAX_DEPTH {
        return Err(BadSchema::Depth);
    }
    let blocks = block.block_types.iter().map(|nested| {
        let nesting = match nested.nesting() {
            NestingMode::Single | NestingMode::Group => Nesting::Single,
            NestingMode::List => Nesting::List,
            NestingMode::Set => Nesting::Set,
            NestingMode::Map => Nesting::Map,
            NestingMode::Invalid => return Err(BadSchema::Nesting),
        };
        let inner = nested.block.as_ref().map_or_else(|| Ok(Block::default()), |inner| v6_block(inner, depth + 1))?;
        Ok((Arc::from(nested.type_name.as_str()), (nesting, inner)))
    });
    Ok(Block { attributes: v6_attributes(&block.attributes, depth)?, blocks: blocks.collect::<Result<_, _>>()? })
}

fn v6_attributes(
    attributes: &[tfplugin6::schema::Attribute],
    depth: usize,
) -> Result<BTreeMap<Arc<str>, Attribute>, BadSchema> {
    attributes
        .iter()
        .map(|attribute| Ok((Arc::from(attribute.name.as_str()), v6_attribute(attribute, depth)?)))
        .collect()
}

fn v6_attribute(attribute: &tfplugin6::schema::Attribute, depth: usize) -> Result<Attribute, BadSchema> {
    use tfplugin6::schema::object::NestingMode;
    if depth > MAX_DEPTH {
        return Err(BadSchema::Depth);
    }
    let (ty, nested) = match &attribute.nested_type {
        None => (type_json::read(&attribute.r#type).ok_or(BadSchema::Type)?, None),
        Some(object) => {
            let nesting = match object.nesting() {
                NestingMode::Single => Nesting::Single,
                NestingMode::List => Nesting::List,
                NestingMode::Set => Nesting::Set,
                NestingMode::Map => Nesting::Map,
                NestingMode::Invalid => return Err(BadSchema::Nesting),
            };
            let inner = v6_attributes(&object.attributes, depth + 1)?;
            let types = inner.iter().map(|(name, it)| (name.clone(), ObjectAttribute::required(it.ty.clone())));
            (nesting.of(Type::Object(Arc::new(types.collect()))), Some((nesting, inner)))
        }
    };
    Ok(Attribute {
        ty: ty.without_optional(),
        sensitive: attribute.sensitive,
        write_only: attribute.write_only,
        computed: attribute.computed,
        nested,
    })
}

fn v5_block(block: &tfplugin5::schema::Block, depth: usize) -> Result<Block, BadSchema> {
    use tfplugin5::schema::nested_block::NestingMode;
    if depth > MAX_DEPTH {
        return Err(BadSchema::Depth);
    }
    let blocks = block.block_types.iter().map(|nested| {
        let nesting = match nested.nesting() {
            NestingMode::Single | NestingMode::Group => Nesting::Single,
            NestingMode::List => Nesting::List,
            NestingMode::Set => Nesting::Set,
            NestingMode::Map => Nesting::Map,
            NestingMode::Invalid => return Err(BadSchema::Nesting),
        };
        let inner = nested.block.as_ref().map_or_else(|| Ok(Block::default()), |inner| v5_block(inner, depth + 1))?;
        Ok((Arc::from(nested.type_name.as_str()), (nesting, inner)))
    });
    let attributes = block.attributes.iter().map(|attribute| {
        let ty = type_json::read(&attribute.r#type).ok_or(BadSchema::Type)?.without_optional();
        let (sensitive, write_only, computed) = (attribute.sensitive, attribute.write_only, attribute.computed);
        Ok((Arc::from(attribute.name.as_str()), Attribute { ty, sensitive, write_only, computed, nested: None }))
    });
    Ok(Block { attributes: attributes.collect::<Result<_, _>>()?, blocks: blocks.collect::<Result<_, _>>()? })
}
