//! What Palisade evaluates from configuration is what Terraform planned.
//!
//! Every root under `tests/plans` with a `plan.json` is evaluated from its source with the plan's variables, and each
//! attribute that both sides know must be equal. `PALISADE_FIDELITY` may name a folder with more roots, at any depth,
//! each with the `plan.json` that the real Terraform made of it.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use palisade::source::{Boundary, Disk, SourceMap};
use palisade::terraform::schema::{self, Nesting, Place};
use palisade::terraform::{Directory, Extent, Instance, Mode, plan};
use palisade::value::{Fields, Kind, Type, Value};

/// Differences that are as they should be: resource type (`*` for all), path without positions, why.
const EXPLAINED: [(&str, &str, &str); 5] = [
    ("aws_db_instance", "maintenance_window", "the provider writes days in lower case"),
    ("aws_region", "region", "aws 3.39 does not have it yet"),
    ("aws_security_group_rule", "protocol", "the provider writes protocol numbers as names"),
    ("aws_instance", "user_data", "the plan shows the SHA-1 of the text"),
    ("aws_iam_policy_document", "minified_json", "aws 3.39 does not have it yet"),
];

#[derive(Default)]
struct Tally {
    roots: usize,
    instances: usize,
    equal: usize,
    unknown: usize,
    explained: usize,
    /// Known in the plan, unknown from source, though the configuration sets it.
    lost: Vec<String>,
    different: Vec<String>,
}

#[test]
fn our_own_roots_evaluate_as_terraform_planned_them() {
    let mut tally = Tally::default();
    for root in roots(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/plans")) {
        compare_root(&root, &mut tally);
    }
    report(&tally);
    assert!(tally.roots >= 2 && tally.equal > 100, "{} roots, {} equal", tally.roots, tally.equal);
    assert_eq!(tally.different, Vec::<String>::new());
}

#[test]
fn roots_from_elsewhere_evaluate_as_terraform_planned_them() {
    let Some(folder) = std::env::var_os("PALISADE_FIDELITY") else {
        eprintln!("skipped: PALISADE_FIDELITY names no folder");
        return;
    };
    let mut tally = Tally::default();
    for root in roots(Path::new(&folder)) {
        compare_root(&root, &mut tally);
    }
    report(&tally);
    assert_eq!(tally.different, Vec::<String>::new());
}

fn report(tally: &Tally) {
    eprintln!(
        "{} roots, {} instances: {} values equal, {} unknown on a side, {} explained, {} lost, {} different",
        tally.roots,
        tally.instances,
        tally.equal,
        tally.unknown,
        tally.explained,
        tally.lost.len(),
        tally.different.len()
    );
    for line in &tally.lost {
        eprintln!("lost: {line}");
    }
    for line in &tally.different {
        eprintln!("different: {line}");
    }
}

fn roots(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        if folder.join("plan.json").is_file() {
            found.push(folder.clone());
        }
        for entry in std::fs::read_dir(&folder).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() && !entry.file_name().to_string_lossy().starts_with('.') {
                open.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

fn compare_root(root: &Path, tally: &mut Tally) {
    let name = root.iter().rev().take(3).collect::<Vec<_>>();
    let name = name.iter().rev().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
    let bytes = std::fs::read(root.join("plan.json")).unwrap();
    let planned = plan::read_json(Path::new("plan.json"), &bytes, &mut Vec::new()).unwrap();
    let map = SourceMap::default();
    let boundary = Boundary::at(&Disk, Path::new("/"));
    let ours = Directory::read(&Disk, &map, &boundary, root).evaluate_with(&planned.variables, Some("default".into()));
    tally.roots += 1;
    for diagnostic in &ours.diagnostics {
        let place = diagnostic.span.and_then(|span| map.location(span));
        let place = place.map_or_else(String::new, |place| format!("{}:{}", place.file, place.start.line));
        tally.different.push(format!("{name}: {} {place}", diagnostic.message));
    }
    let mut evaluated: BTreeMap<&str, &Instance> =
        ours.root.instances.iter().map(|instance| (&*instance.address, instance)).collect();
    for instance in &planned.root.instances {
        match evaluated.remove(&*instance.address) {
            Some(ours) => compare_instance(&name, ours, instance, tally),
            None if is_possible(&ours.root.instances, instance) => tally.unknown += 1,
            None => tally.different.push(format!("{name}: {} is only in the plan", instance.address)),
        }
    }
    for (address, instance) in evaluated {
        if instance.extent == Extent::Certain && instance.mode == Mode::Managed {
            tally.different.push(format!("{name}: {address} is only in the configuration"));
        }
    }
}

/// Whether an instance with an unknown key may stand for this one.
fn is_possible(evaluated: &[Instance], planned: &Instance) -> bool {
    evaluated.iter().any(|other| {
        other.extent == Extent::Possible && other.resource_type == planned.resource_type && other.name == planned.name
    })
}

struct Comparison<'a> {
    root: &'a str,
    instance: &'a Instance,
    tally: &'a mut Tally,
}

fn compare_instance(root: &str, ours: &Instance, planned: &Instance, tally: &mut Tally) {
    tally.instances += 1;
    let mut comparison = Comparison { root, instance: planned, tally };
    let (Some(first), Some(second)) = (ours.values.as_fields(), planned.values.as_fields()) else {
        comparison.tally.unknown += 1;
        return;
    };
    comparison.fields(first, second, &mut Vec::new());
}

impl Comparison<'_> {
    fn fields(&mut self, ours: &Fields, planned: &Fields, path: &mut Vec<String>) {
        for (name, value) in ours {
            path.push(name.to_string());
            match planned.get(name) {
                // What is not set is the provider's to fill in.
                Some(_) if value.is_null() => self.tally.equal += 1,
                Some(other) => self.value(value, other, path),
                None if says_nothing(value) => self.tally.equal += 1,
                None if value.is_unknown() => self.tally.unknown += 1,
                None if self.is_write_only(path) => self.tally.equal += 1,
                None => self.different(value, &Value::null(), path),
            }
            path.pop();
        }
    }

    fn value(&mut self, ours: &Value, planned: &Value, path: &mut Vec<String>) {
        if planned.is_unknown() {
            self.tally.unknown += 1;
        } else if ours.is_unknown() {
            self.tally.unknown += 1;
            if self.instance.mode == Mode::Managed && !is_computed(ours) {
                let reasons: Vec<_> = ours.as_unknown().unwrap().reasons.iter().map(ToString::to_string).collect();
                let line =
                    format!("{} {} {}: {}", self.root, self.instance.address, path.join("."), reasons.join("; "));
                self.tally.lost.push(line);
            }
        } else if let (Some(first), Some(second)) = (ours.as_fields(), planned.as_fields()) {
            self.fields(first, second, path);
        } else if let (Some(first), Some(second)) = (ours.as_items(), planned.as_items()) {
            self.items(first, second, path);
        } else if scalar(ours) == scalar(planned) || same_json(ours, planned) {
            self.tally.equal += 1;
        } else {
            self.different(ours, planned, path);
        }
    }

    fn items(&mut self, ours: &[Value], planned: &[Value], path: &mut Vec<String>) {
        let unknown = |items: &[Value]| items.iter().any(|item| !item.is_wholly_known());
        if ours.len() != planned.len() {
            if unknown(ours) || unknown(planned) {
                self.tally.unknown += 1;
            } else if self.is_set(path) && unique(ours).len() == unique(planned).len() {
                self.items(&unique(ours), &unique(planned), path);
            } else {
                self.different(&Value::tuple(ours.to_vec()), &Value::tuple(planned.to_vec()), path);
            }
            return;
        }
        let (mut first, mut second) = (ours.to_vec(), planned.to_vec());
        if self.is_set(path) {
            if unknown(ours) || unknown(planned) {
                self.tally.unknown += 1;
                return;
            }
            first.sort_by_key(canonical);
            second.sort_by_key(canonical);
        }
        for (index, (one, other)) in first.iter().zip(&second).enumerate() {
            path.push(index.to_string());
            self.value(one, other, path);
            path.pop();
        }
    }

    fn different(&mut self, ours: &Value, planned: &Value, path: &[String]) {
        let names: Vec<&str> = path.iter().map(String::as_str).filter(|step| step.parse::<usize>().is_err()).collect();
        let names = names.join(".");
        let resource_type = &*self.instance.resource_type;
        if EXPLAINED.iter().any(|(ty, at, _)| (*ty == "*" || *ty == resource_type) && *at == names) {
            self.tally.explained += 1;
            return;
        }
        let (ours, planned) = (canonical(ours), canonical(planned));
        let line = format!("{} {} {}: ours {ours}, plan {planned}", self.root, self.instance.address, path.join("."));
        self.tally.different.push(line.chars().take(600).collect());
    }

    fn place<T>(&self, path: &[String], read: impl FnOnce(Place<'_>) -> T) -> Option<T> {
        let schema = schema::resource(&self.instance.resource_type)?;
        let names = path.iter().map(String::as_str).filter(|step| step.parse::<usize>().is_err());
        schema.find(names).map(read)
    }

    fn is_set(&self, path: &[String]) -> bool {
        let found = self.place(path, |place| match place {
            Place::Block(block) => block.nesting == Nesting::Set,
            Place::Attribute(attribute) => matches!(attribute.ty, Type::Set(_)),
            Place::Inside(_, ty) => matches!(ty, Type::Set(_)),
        });
        // Data sources are in no table.
        found.unwrap_or(self.instance.mode == Mode::Data)
    }

    fn is_write_only(&self, path: &[String]) -> bool {
        self.place(path, |place| matches!(place, Place::Attribute(attribute) if attribute.write_only)).unwrap_or(false)
    }
}

/// Whether an unknown value is the provider's to decide, on this or another instance.
fn is_computed(value: &Value) -> bool {
    value.symbol().is_some()
}

fn says_nothing(value: &Value) -> bool {
    value.is_null()
        || value.as_items().is_some_and(<[Value]>::is_empty)
        || value.as_fields().is_some_and(Fields::is_empty)
}

fn unique(items: &[Value]) -> Vec<Value> {
    let by_text: BTreeMap<String, Value> = items.iter().map(|item| (canonical(item), item.clone())).collect();
    by_text.into_values().collect()
}

fn scalar(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::String(text) => Some(text.to_string()),
        Kind::Number(number) => Some(number.to_string()),
        Kind::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// Providers write policies anew. The policy document of aws before 4 writes `"Sid": ""` for statements without one, and
/// single values of conditions as lists.
fn same_json(ours: &Value, planned: &Value) -> bool {
    let parse = |value: &Value| serde_json::from_str::<serde_json::Value>(value.as_str()?).ok().map(plain_json);
    matches!((parse(ours), parse(planned)), (Some(one), Some(other)) if one.is_object() && one == other)
}

fn plain_json(json: serde_json::Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match json {
        Json::Array(items) => match <[Json; 1]>::try_from(items) {
            Ok([only]) if only.is_string() => only,
            Ok([only]) => Json::Array(vec![plain_json(only)]),
            Err(items) => items.into_iter().map(plain_json).collect(),
        },
        Json::Object(fields) => {
            let fields = fields.into_iter().filter(|(name, value)| name != "Sid" || *value != "");
            Json::Object(fields.map(|(name, value)| (name, plain_json(value))).collect())
        }
        other => other,
    }
}

fn canonical(value: &Value) -> String {
    match &value.kind {
        Kind::Unknown(_) => "?".to_owned(),
        Kind::Null(_) => "null".to_owned(),
        Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
            let mut items: Vec<String> = items.iter().map(canonical).collect();
            items.sort();
            format!("[{}]", items.join(","))
        }
        Kind::Map(_, fields) => canonical_fields(fields),
        Kind::Object(object) => canonical_fields(&object.fields),
        Kind::String(_) | Kind::Number(_) | Kind::Bool(_) => scalar(value).unwrap(),
    }
}

/// Empty values and null are not shown: a plan fills in `""`, `0`, `false` and `[]` in blocks of sets.
fn canonical_fields(fields: &Fields) -> String {
    let shown = |(_, value): &(&std::sync::Arc<str>, &Value)| {
        !says_nothing(value) && !matches!(scalar(value).as_deref(), Some("" | "0" | "false"))
    };
    let fields: Vec<String> =
        fields.iter().filter(shown).map(|(name, value)| format!("{name}={}", canonical(value))).collect();
    format!("{{{}}}", fields.join(","))
}
