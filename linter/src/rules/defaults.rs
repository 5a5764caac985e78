//! What an attribute means that nobody wrote: provider and service defaults, by type and major version.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::read::literal;
use crate::diagnostic::Diagnostic;
use crate::graph::canonical_type;
use crate::source::SourceMap;
use crate::syntax::{Block, parse_file};
use crate::value::{Fields, Kind, Object, Origin, OriginKind, Reason, Type, Value};

/// A block in a table: position in `TABLES`, first byte, end.
type Place = (usize, usize, usize);

include!(concat!(env!("OUT_DIR"), "/defaults.rs"));

/// What one omitted attribute means.
#[derive(Clone, Debug)]
pub struct Default {
    /// Names from the instance on: `default_action`, `redirect`, `protocol`.
    pub path: Vec<Arc<str>>,
    /// The value; `None` if the service decides and it cannot be known from the configuration.
    pub value: Option<Value>,
    /// First major version of the provider it holds for.
    pub since: Option<u32>,
    /// Last major version it holds for.
    pub until: Option<u32>,
    /// Where that is written.
    pub source: String,
}

/// All defaults, by canonical type.
#[derive(Debug, Default)]
pub struct Defaults {
    by_type: FxHashMap<Arc<str>, OfType>,
}

/// The defaults of one type.
#[derive(Debug, Default)]
struct OfType {
    /// Where they are written, if they are not read yet.
    blocks: &'static [(usize, usize, usize)],
    read: OnceLock<Vec<self::Default>>,
}

impl Defaults {
    /// The table that comes with Palisade; the defaults of a type are read when they are first asked for.
    #[must_use]
    pub fn builtin() -> &'static Self {
        static TABLE: OnceLock<Defaults> = OnceLock::new();
        TABLE.get_or_init(|| {
            let types = BY_TYPE.iter();
            let by_type = types.map(|(name, blocks)| ((*name).into(), OfType { blocks, read: OnceLock::new() }));
            Self { by_type: by_type.collect() }
        })
    }

    /// Reads tables; what is wrong in them is told and left out.
    pub fn read<'f>(
        files: impl IntoIterator<Item = (&'f str, &'f str)>,
        sources: &SourceMap,
    ) -> (Self, Vec<Diagnostic>) {
        let (mut table, mut problems) = (FxHashMap::<Arc<str>, Vec<self::Default>>::default(), Vec::new());
        for (path, text) in files {
            let bytes: Arc<[u8]> = text.as_bytes().into();
            let file = sources.add(Path::new(path), bytes.clone());
            let (tree, syntax_problems) = parse_file(Path::new(path), file, bytes);
            problems.extend(syntax_problems);
            for block in tree.body().blocks() {
                match entry(block) {
                    Ok((types, default)) => types.into_iter().for_each(|name| {
                        let name: Arc<str> = canonical_type(&name).into();
                        table.entry(name).or_default().push(default.clone());
                    }),
                    Err(problem) => problems.push(problem),
                }
            }
        }
        let of_type = |(name, defaults)| (name, OfType { blocks: &[], read: OnceLock::from(defaults) });
        (Self { by_type: table.into_iter().map(of_type).collect() }, problems)
    }

    /// The defaults of a type for a major version; without a version those of the newest.
    pub fn of<'d>(&'d self, resource_type: &str, major: Option<u32>) -> impl Iterator<Item = &'d self::Default> {
        let all = self.by_type.get(&*canonical_type(resource_type));
        all.into_iter().flat_map(OfType::all).filter(move |default| match major {
            Some(major) => {
                default.since.is_none_or(|since| since <= major) && default.until.is_none_or(|until| major <= until)
            }
            None => default.until.is_none(),
        })
    }

    /// All defaults with their types, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &self::Default)> {
        self.by_type.iter().flat_map(|(name, of_type)| of_type.all().iter().map(move |default| (name, default)))
    }

    /// The object with what was left out filled in. Blocks that are absent stay absent.
    #[must_use]
    pub fn applied(&self, resource_type: &str, major: Option<u32>, address: &str, fields: &Fields) -> Fields {
        let mut fields = fields.clone();
        for default in self.of(resource_type, major) {
            apply(&mut fields, &default.path, default, address);
        }
        fields
    }
}

impl OfType {
    fn all(&self) -> &[self::Default] {
        self.read.get_or_init(|| self.blocks.iter().flat_map(read_block).collect())
    }
}

/// The default that a block of the embedded tables says; tests hold that all of them are sound.
fn read_block((table, start, end): &(usize, usize, usize)) -> Option<self::Default> {
    let (path, text) = TABLES.get(*table)?;
    let bytes: Arc<[u8]> = text.as_bytes().get(*start..*end)?.into();
    let file = SourceMap::default().add(Path::new(path), bytes.clone());
    let (tree, _) = parse_file(Path::new(path), file, bytes);
    let block = tree.body().blocks().next()?;
    entry(block).ok().map(|(_, default)| default)
}

fn apply(fields: &mut Fields, path: &[Arc<str>], default: &self::Default, address: &str) {
    let Some((name, rest)) = path.split_first() else { return };
    if rest.is_empty() {
        let slot = fields.entry(name.clone()).or_insert_with(Value::null);
        if slot.is_null() {
            *slot = assumed(default, address);
        }
    } else if let Some(inner) = fields.get_mut(name) {
        apply_within(inner, rest, default, address);
    }
}

fn apply_within(value: &mut Value, path: &[Arc<str>], default: &self::Default, address: &str) {
    let items = match &mut value.kind {
        Kind::Object(object) => {
            let mut fields = object.fields.clone();
            apply(&mut fields, path, default, address);
            *object = Arc::new(Object { fields, identity: object.identity.clone() });
            return;
        }
        Kind::Tuple(items) => items,
        Kind::List(_, items) | Kind::Set(_, items) => items,
        Kind::Unknown(_) | Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Map(..) => return,
    };
    *items = items
        .iter()
        .map(|item| {
            let mut item = item.clone();
            apply_within(&mut item, path, default, address);
            item
        })
        .collect();
}

fn assumed(default: &self::Default, address: &str) -> Value {
    let value = default
        .value
        .clone()
        .unwrap_or_else(|| Value::unknown(Type::Any, Reason::Computed(address.into(), default.path.join(".").into())));
    value.from_origin(Some(Origin::new(OriginKind::AssumedDefault, None)))
}

/// `default "type" … { attribute = "a.b" value = … since = 5 until = 6 unknown = true source = "…" }`
fn entry(block: Block<'_>) -> Result<(Vec<String>, self::Default), Diagnostic> {
    let body = block.body();
    let problem = |message: &str| Diagnostic::error(block.header_span(), message.to_owned());
    if block.kind() != "default" || block.labels().len() == 0 {
        return Err(problem("A table of defaults holds blocks: default \"<type>\" { … }"));
    }
    let get = |name: &str| match body.attribute(name) {
        Some(attribute) => literal(attribute.expr()).map(Some).map_err(|error| error.to_diagnostic()),
        None => Ok(None),
    };
    let text = |name: &str| Ok(get(name)?.and_then(|value| value.as_str().map(str::to_owned)));
    let major = |name: &str| -> Result<Option<u32>, Diagnostic> {
        Ok(get(name)?.and_then(|value| value.as_number()?.to_i64()?.try_into().ok()))
    };
    let path = text("attribute")?.ok_or_else(|| problem("A default names its attribute"))?;
    // Through JSON, so that no part of it points into the table: its numbers of files are not those of the run.
    let value = get("value")?.map(|value| match value.to_json() {
        Ok(json) => Value::from_json(&json),
        Err(_) => value.from_origin(None),
    });
    let is_unknown = get("unknown")?.and_then(|value| value.as_bool()) == Some(true);
    if value.is_some() == is_unknown {
        return Err(problem("A default has either a value or unknown = true"));
    }
    let default = self::Default {
        path: path.split('.').map(Into::into).collect(),
        value,
        since: major("since")?,
        until: major("until")?,
        source: text("source")?.ok_or_else(|| problem("A default says where it is written: source = \"…\""))?,
    };
    Ok((block.labels().map(|label| label.text.to_owned()).collect(), default))
}
