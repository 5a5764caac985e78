//! Roots in memory, and what their instances are.

#![expect(clippy::unwrap_used, reason = "tests")]

mod blocks;
mod inputs;
mod instances;
mod modules;
mod symbols;

use std::path::Path;

use super::{Loaded, Options, load_directory};
use crate::source::{Boundary, Memory, SourceMap};
use crate::value::{Kind, Knowledge, Value};

/// The root module in `/` that these files make.
fn load(files: &[(&str, &str)]) -> Loaded {
    load_with(files, &[], &Options::default())
}

fn load_with(files: &[(&str, &str)], env: &[(&str, &str)], options: &Options) -> Loaded {
    let mut system = Memory::new();
    for (path, text) in files {
        system.add(path, *text);
    }
    for (name, value) in env {
        system.set_env(name, value);
    }
    let boundary = Boundary::at(&system, Path::new("/"));
    load_directory(&system, &SourceMap::default(), &boundary, Path::new("."), options)
}

/// The messages, each on a line.
fn messages(loaded: &Loaded) -> String {
    loaded.diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect::<Vec<_>>().join("\n")
}

/// The addresses of all instances, a `?` after those that may not be there.
fn addresses(loaded: &Loaded) -> Vec<String> {
    let shown = |it: &super::Instance| match it.extent {
        super::Extent::Certain => it.address.to_string(),
        super::Extent::Possible => format!("{}?", it.address),
    };
    loaded.root.instances.iter().map(shown).collect()
}

/// An attribute of an instance, as [`shown`].
fn attribute(loaded: &Loaded, address: &str, name: &str) -> String {
    let instance = loaded.root.instances.iter().find(|it| &*it.address == address);
    let instance = instance.unwrap_or_else(|| unreachable_address(loaded, address));
    instance.values.as_fields().unwrap().get(name).map_or_else(|| "absent".to_owned(), shown)
}

#[expect(clippy::panic, reason = "tests")]
fn unreachable_address<'l>(loaded: &'l Loaded, address: &str) -> &'l super::Instance {
    panic!("no {address} in {:?}: {}", addresses(loaded), messages(loaded))
}

/// A value in short: `<address.attribute>` for symbols, `a|b` for one of a few, `?` for unknown.
fn shown(value: &Value) -> String {
    if value.marks.is_sensitive() {
        return "sensitive".to_owned();
    }
    let list = |items: &[Value]| format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(","));
    match &value.kind {
        Kind::Unknown(unknown) => match &unknown.knowledge {
            Knowledge::Symbol(symbol) => format!("<{}.{}>", symbol.address, symbol.attribute),
            Knowledge::OneOf(values) => values.iter().map(shown).collect::<Vec<_>>().join("|"),
            Knowledge::Members(members) => {
                let members =
                    members.iter().map(|it| format!("{}{}", shown(&it.value), if it.certain { "" } else { "?" }));
                format!("some[{}]", members.collect::<Vec<_>>().join(","))
            }
            Knowledge::Nothing
            | Knowledge::Template(_)
            | Knowledge::Json(_)
            | Knowledge::Yaml(_)
            | Knowledge::Base64(_) => "?".to_owned(),
        },
        Kind::Null(_) => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::String(text) => text.to_string(),
        Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => list(items),
        Kind::Map(_, fields) => pairs(fields),
        Kind::Object(object) => pairs(&object.fields),
    }
}

fn pairs(fields: &crate::value::Fields) -> String {
    format!(
        "{{{}}}",
        fields.iter().map(|(name, value)| format!("{name}={}", shown(value))).collect::<Vec<_>>().join(",")
    )
}

/// The attribute `v` of `x.a` in a root of one file.
fn value_of(text: &str) -> String {
    attribute(&load(&[("main.tf", text)]), "x.a", "v")
}
