//! The tables of known attributes say what the dumps of provider schemas say.
//!
//! The dumps are not in the repository, for they are large and not ours, and no tool that could be missing: without
//! them the tests say that they were skipped, in CI too. They are looked for in `PALISADE_PROVIDER_SCHEMAS`, then in
//! `shared/provider-schemas` beside or above the repository.

#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "tests")]

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use palisade::terraform::schema::{self, Attribute, Block, Nesting, Place, Presence};
use palisade::value::Type;
use serde_json::Value as Json;

type Dump = BTreeMap<String, BTreeMap<String, (String, Json)>>;

fn dumps() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("PALISADE_PROVIDER_SCHEMAS") {
        return Some(folder.into());
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().map(|folder| folder.join("shared/provider-schemas")).find(|folder| folder.is_dir())
}

fn read(path: &Path) -> Dump {
    let mut text = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn tables_hold_what_the_newest_dumps_hold() {
    let Some(folder) = dumps() else {
        eprintln!("skipped: no dumps of provider schemas here");
        return;
    };
    let mut seen = 0;
    for name in ["aws-6.19.0", "azurerm-4.51.0", "google-7.9.0"] {
        for (resource_type, paths) in read(&folder.join(format!("{name}.json.gz"))) {
            let known = schema::resource(&resource_type).unwrap_or_else(|| panic!("{resource_type} is missing"));
            for (path, (flags, shape)) in paths {
                let found = known.find(path.split('.'));
                let told = match &found {
                    Some(Place::Attribute(attribute)) => attribute_words(attribute),
                    Some(Place::Block(block)) => block_words(block),
                    Some(Place::Inside(..)) | None => panic!("{resource_type}.{path}: {found:?}"),
                };
                assert_eq!(told, (sorted(&flags), shape), "{resource_type}.{path}");
                seen += 1;
            }
        }
    }
    assert!(seen > 90_000, "{seen}");
}

#[test]
fn tables_keep_what_only_the_older_dump_holds() {
    let Some(folder) = dumps() else {
        eprintln!("skipped: no dumps of provider schemas here");
        return;
    };
    let newest = read(&folder.join("aws-6.19.0.json.gz"));
    for (resource_type, paths) in read(&folder.join("aws-3.39.0.json.gz")) {
        let known = schema::resource(&resource_type).unwrap_or_else(|| panic!("{resource_type} is missing"));
        let kept = newest.get(&resource_type);
        for path in paths.keys() {
            let top = path.split('.').next().unwrap();
            if kept.is_none_or(|newer| !newer.contains_key(top)) {
                assert!(known.find(path.split('.')).is_some(), "{resource_type}.{path}");
            }
        }
    }
}

fn sorted(flags: &str) -> String {
    let mut letters: Vec<char> = flags.chars().collect();
    letters.sort_unstable();
    letters.into_iter().collect()
}

fn attribute_words(attribute: &Attribute) -> (String, Json) {
    let mut flags = match attribute.presence {
        Presence::Required => "R",
        Presence::Optional => "O",
        Presence::OptionalComputed => "OC",
        Presence::Computed => "C",
    }
    .to_owned();
    flags.extend(attribute.sensitive.then_some('S'));
    flags.extend(attribute.deprecated.then_some('D'));
    flags.extend(attribute.write_only.then_some('W'));
    (sorted(&flags), type_words(&attribute.ty))
}

fn block_words(block: &Block) -> (String, Json) {
    let nesting = match block.nesting {
        Nesting::Single => "single",
        Nesting::List => "list",
        Nesting::Set => "set",
        Nesting::Map => "map",
    };
    ("B".to_owned(), Json::from(format!("block:{nesting}:{}:{}", block.min, block.max.unwrap_or(0))))
}

fn type_words(ty: &Type) -> Json {
    match ty {
        Type::Any => "dynamic".into(),
        Type::Bool => "bool".into(),
        Type::Number => "number".into(),
        Type::String => "string".into(),
        Type::List(item) => Json::Array(vec!["list".into(), type_words(item)]),
        Type::Set(item) => Json::Array(vec!["set".into(), type_words(item)]),
        Type::Map(item) => Json::Array(vec!["map".into(), type_words(item)]),
        Type::Tuple(items) => Json::Array(vec!["tuple".into(), items.iter().map(type_words).collect()]),
        Type::Object(attributes) => {
            let attributes = attributes.iter().map(|(name, attribute)| (name.to_string(), type_words(&attribute.ty)));
            Json::Array(vec!["object".into(), Json::Object(attributes.collect())])
        }
    }
}
