//! Writes the tables of known attributes (`linter/data/*.schema`) from dumps of provider schemas.
//!
//! `cargo run --example make_schema -- <folder with *.json.gz> [<output folder>]`
//!
//! A dump is gzip'd JSON `{resource type: {attribute path: [flags, type]}}`; `terraform::schema` tells what the
//! tables look like. Of several releases of one provider the newest wins where they differ; what only one of them
//! has is marked.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;

use serde_json::Value as Json;

/// Provider, and its dumps, oldest first.
const PROVIDERS: [(&str, &[&str]); 3] =
    [("aws", &["aws-3.39.0", "aws-6.19.0"]), ("azurerm", &["azurerm-4.51.0"]), ("google", &["google-7.9.0"])];

type Dump = BTreeMap<String, BTreeMap<String, (String, Json)>>;
type Members = BTreeMap<String, Member>;

/// In which releases something exists, as the mark in the table.
const BOTH: &str = "";
const OLD_ONLY: &str = "-";
const NEW_ONLY: &str = "+";

struct Member {
    mark: &'static str,
    flags: String,
    /// The type of an attribute, or `block:<nesting>:<min>:<max>`.
    shape: Json,
    members: Members,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let input = arguments.next().ok_or("usage: make_schema <folder with *.json.gz> [<output folder>]")?;
    let output = arguments.next().unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/data").to_owned());
    for (provider, dumps) in PROVIDERS {
        let mut merged: BTreeMap<String, (&'static str, Members)> = BTreeMap::new();
        for (index, dump) in dumps.iter().enumerate() {
            let newest = index + 1 == dumps.len();
            merge(&mut merged, read(&Path::new(&input).join(format!("{dump}.json.gz")))?, newest && index > 0);
        }
        if dumps.len() == 1 {
            merged.values_mut().for_each(|(mark, _)| *mark = BOTH);
        }
        let mut text = String::new();
        for (resource_type, (mark, members)) in &merged {
            write!(text, "{resource_type}\t{mark}\t")?;
            write_members(&mut text, members)?;
            text.push('\n');
        }
        std::fs::write(Path::new(&output).join(format!("{provider}.schema")), text)?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<Dump, Box<dyn Error>> {
    let file = std::fs::File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut text = String::new();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text)?;
    Ok(serde_json::from_str(&text)?)
}

/// Adds a dump to what older ones said. Everything starts as old; `newest` tells what is gone and what is new.
fn merge(merged: &mut BTreeMap<String, (&'static str, Members)>, dump: Dump, newest: bool) {
    for (resource_type, paths) in dump {
        let mut members = Members::new();
        for (path, (flags, shape)) in paths {
            insert(&mut members, &path, flags, shape);
        }
        let entry = merged.remove(&resource_type);
        let known = entry.is_some();
        if let Some((_, old)) = entry {
            mark_differences(&mut members, old);
        }
        let mark = match (newest, known) {
            (false, _) => OLD_ONLY,
            (true, false) => NEW_ONLY,
            (true, true) => BOTH,
        };
        merged.insert(resource_type, (mark, members));
    }
}

/// Puts an attribute at its dotted path; parents come before their children in the dump's order.
fn insert(members: &mut Members, path: &str, flags: String, shape: Json) {
    match path.split_once('.') {
        Some((parent, rest)) => {
            let parent = members.entry(parent.to_owned()).or_insert_with(Member::empty);
            insert(&mut parent.members, rest, flags, shape);
        }
        None => {
            let member = members.entry(path.to_owned()).or_insert_with(Member::empty);
            member.flags = flags;
            member.shape = shape;
        }
    }
}

fn mark_differences(new: &mut Members, mut old: Members) {
    for (name, member) in new.iter_mut() {
        match old.remove(name) {
            Some(before) if member.is_block() && before.is_block() => {
                mark_differences(&mut member.members, before.members);
            }
            Some(_) => {}
            None => member.mark = NEW_ONLY,
        }
    }
    for (name, mut member) in old {
        member.mark = OLD_ONLY;
        new.insert(name, member);
    }
}

impl Member {
    fn empty() -> Self {
        Self { mark: BOTH, flags: "B".to_owned(), shape: Json::from("block:list:0:0"), members: Members::new() }
    }

    fn is_block(&self) -> bool {
        self.flags.contains('B')
    }
}

fn write_members(out: &mut String, members: &Members) -> Result<(), Box<dyn Error>> {
    for (index, (name, member)) in members.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        write!(out, "{comma}{name} {}", member.mark)?;
        match member.shape.as_str().and_then(|shape| shape.strip_prefix("block:")) {
            Some(shape) => {
                write_block(out, shape)?;
                out.push('{');
                write_members(out, &member.members)?;
                out.push('}');
            }
            None => {
                out.extend(member.flags.chars().map(|flag| flag.to_ascii_lowercase()));
                write_type(out, &member.shape)?;
            }
        }
    }
    Ok(())
}

fn write_block(out: &mut String, shape: &str) -> Result<(), Box<dyn Error>> {
    let mut parts = shape.split(':');
    let nesting = match parts.next() {
        Some("single" | "group") => "=",
        Some("list") => "[",
        Some("set") => "(",
        Some("map") => "%",
        other => return Err(format!("unknown nesting {other:?}").into()),
    };
    let count = |part: Option<&str>| part.filter(|&count| count != "0").unwrap_or("").to_owned();
    let (min, max) = (count(parts.next()), count(parts.next()));
    Ok(write!(out, "@{nesting}{min}:{max}")?)
}

fn write_type(out: &mut String, ty: &Json) -> Result<(), Box<dyn Error>> {
    match ty {
        Json::String(name) => out.push(match name.as_str() {
            "string" => 'S',
            "number" => 'N',
            "bool" => 'B',
            "dynamic" => 'D',
            other => return Err(format!("unknown type {other}").into()),
        }),
        Json::Array(parts) => match (parts.first().and_then(Json::as_str), parts.get(1)) {
            (Some("object"), Some(Json::Object(attributes))) => {
                let sorted: BTreeMap<_, _> = attributes.iter().collect();
                for (index, (name, ty)) in sorted.into_iter().enumerate() {
                    write!(out, "{}{name} ", if index == 0 { "{" } else { "," })?;
                    write_type(out, ty)?;
                }
                out.push_str(if attributes.is_empty() { "{}" } else { "}" });
            }
            (Some(kind), Some(item)) => {
                out.push(match kind {
                    "list" => '[',
                    "set" => '(',
                    "map" => '%',
                    other => return Err(format!("unknown type {other}").into()),
                });
                write_type(out, item)?;
            }
            _ => return Err(format!("unknown type {ty}").into()),
        },
        other => return Err(format!("unknown type {other}").into()),
    }
    Ok(())
}
