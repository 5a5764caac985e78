//! The tables, and finding a type in them.

use std::sync::{Arc, OnceLock, RwLock};

use rustc_hash::FxHashMap;

use super::model::ResourceSchema;
use crate::diagnostic::closest;

/// The table of one provider; its lines are in order of resource type.
struct Table {
    /// What its types start with.
    prefix: &'static str,
    text: &'static str,
}

/// Made by `cargo run --example make_schema`; `line` tells their form.
static TABLES: [Table; 3] = [
    Table { prefix: "aws_", text: include_str!("../../../data/aws.schema") },
    Table { prefix: "azurerm_", text: include_str!("../../../data/azurerm.schema") },
    Table { prefix: "google_", text: include_str!("../../../data/google.schema") },
];

type Cache = RwLock<FxHashMap<&'static str, Arc<ResourceSchema>>>;

/// What is known about a managed resource type; `None` if it is in no table.
#[must_use]
pub fn resource(type_name: &str) -> Option<Arc<ResourceSchema>> {
    static CACHE: OnceLock<Cache> = OnceLock::new();
    let cache = CACHE.get_or_init(Cache::default);
    if let Some(found) = cache.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(type_name) {
        return Some(Arc::clone(found));
    }
    let line = table_of(type_name)?.line(type_name)?;
    let (name, _) = line.split_once('\t')?;
    let schema = Arc::new(super::line::read(line)?);
    let mut cache = cache.write().unwrap_or_else(std::sync::PoisonError::into_inner);
    Some(Arc::clone(cache.entry(name).or_insert(schema)))
}

/// Whether a managed resource type is in a table; nothing is read for it.
#[must_use]
pub fn is_known(type_name: &str) -> bool {
    table_of(type_name).is_some_and(|table| table.line(type_name).is_some())
}

/// Whether the type is of a provider that has a table: then a type that is not found is new, old or mistyped.
#[must_use]
pub fn is_covered(type_name: &str) -> bool {
    table_of(type_name).is_some()
}

/// All resource types of all tables, in order within a provider.
pub fn resource_types() -> impl Iterator<Item = &'static str> {
    TABLES.iter().flat_map(Table::types)
}

/// The attribute or block of the type that a mistyped name is closest to; `None` if none is close.
#[must_use]
pub fn suggest(type_name: &str, name: &str) -> Option<String> {
    resource(type_name)?.members.suggest(name).map(str::to_owned)
}

/// The resource type that a mistyped one is closest to; `None` if none is close.
#[must_use]
pub fn suggest_type(type_name: &str) -> Option<&'static str> {
    closest(type_name, resource_types())
}

fn table_of(type_name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| type_name.starts_with(table.prefix))
}

impl Table {
    fn types(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.text.lines().filter_map(|line| line.split_once('\t').map(|(name, _)| name))
    }

    /// The line of a type, by halving the text: the index over 1,600 lines would cost every start.
    fn line(&self, type_name: &str) -> Option<&'static str> {
        let bytes = self.text.as_bytes();
        let (mut low, mut high) = (0, bytes.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let start = memchr::memrchr(b'\n', bytes.get(low..middle)?).map_or(low, |at| low + at + 1);
            let end = memchr::memchr(b'\n', bytes.get(middle..)?).map_or(bytes.len(), |at| middle + at);
            let line = self.text.get(start..end)?;
            let (name, _) = line.split_once('\t')?;
            match name.cmp(type_name) {
                std::cmp::Ordering::Equal => return Some(line),
                std::cmp::Ordering::Less => low = end + 1,
                std::cmp::Ordering::Greater => high = start,
            }
        }
        None
    }
}
