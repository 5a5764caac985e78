//! State files: what exists, as Terraform last saw it. Format 4, and `terraform show -json` of a state.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::lock::short_source;
use super::plan::mask::{Mask, Step};
use super::plan::raw::{self, Budget, Names, Raw};
use super::plan::shape::{self, Declared, Subject};
use super::plan::{Address, broken, own_attribute, provider_address, read_shown_state};
use super::{Extent, Instance, InstanceKey, Lifecycle, Mode, ProviderRef, Root, schema};
use crate::diagnostic::Diagnostic;
use crate::value::{Reason, Type, Value};

/// Reads a state file, or the JSON that `terraform show -json` prints of one.
///
/// # Errors
/// When the bytes are neither. What is wrong with parts is added to `diagnostics`.
pub fn read_state(path: &Path, bytes: &[u8], diagnostics: &mut Vec<Diagnostic>) -> Result<Root, Diagnostic> {
    let shown = path.display().to_string();
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Diagnostic::file_error(&*shown, format!("State is not UTF-8 at byte {}", error.valid_up_to()))
    })?;
    let text = text.trim_start_matches('\u{feff}');
    let head: Head = serde_json::from_str(text).map_err(|error| broken(&shown, "State", &error))?;
    match (head.version, head.format_version) {
        (Some(4), _) => {
            let document = serde_json::from_str(text).map_err(|error| broken(&shown, "State", &error))?;
            Ok(read_file(path, &shown, &document, diagnostics))
        }
        (Some(version), _) => {
            Err(Diagnostic::file_error(&*shown, format!("State has format version {version}; known is 4"))
                .with_help("Give the output of `terraform show -json` instead."))
        }
        (None, Some(_)) => read_shown_state(path, text, diagnostics),
        (None, None) => Err(Diagnostic::file_error(&*shown, "No version: this JSON is not a Terraform state")
            .with_help("Give terraform.tfstate or the output of `terraform show -json`.")),
    }
}

#[derive(Deserialize)]
struct Head {
    version: Option<u64>,
    format_version: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct StateFile<'a> {
    #[serde(borrow, default)]
    resources: Vec<Resource<'a>>,
}

#[derive(Deserialize)]
struct Resource<'a> {
    #[serde(default)]
    module: String,
    #[serde(borrow)]
    mode: Cow<'a, str>,
    #[serde(borrow, rename = "type")]
    resource_type: Cow<'a, str>,
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(default)]
    provider: String,
    #[serde(borrow, default)]
    instances: Vec<StateInstance<'a>>,
}

#[derive(Deserialize)]
struct StateInstance<'a> {
    #[serde(borrow)]
    index_key: Option<&'a RawValue>,
    deposed: Option<String>,
    #[serde(borrow)]
    attributes: Option<&'a RawValue>,
    #[serde(borrow)]
    sensitive_attributes: Option<&'a RawValue>,
    #[serde(default)]
    dependencies: Vec<String>,
}

fn read_file(path: &Path, shown: &str, state: &StateFile<'_>, diagnostics: &mut Vec<Diagnostic>) -> Root {
    let budget = Budget::new();
    let mut names = Names::default();
    let mut instances = Vec::new();
    for resource in &state.resources {
        for found in resource.instances.iter().filter(|instance| instance.deposed.is_none()) {
            instances.push(instance(resource, found, &mut names, &budget));
        }
    }
    if budget.is_exhausted() {
        let message = format!("The state holds more than {} values: the rest is unknown", Budget::VALUES);
        diagnostics.push(Diagnostic::file_error(shown, message));
    }
    Root { path: path.to_path_buf(), instances, files: vec![path.to_path_buf()], ..Root::default() }
}

fn instance(resource: &Resource<'_>, found: &StateInstance<'_>, names: &mut Names, budget: &Budget) -> Instance {
    let mode = if resource.mode == "data" { Mode::Data } else { Mode::Managed };
    let parts = Address {
        module: resource.module.as_str().into(),
        mode,
        resource_type: resource.resource_type.as_ref().into(),
        name: resource.name.as_ref().into(),
        key: key(found.index_key),
    };
    let address: Arc<str> = parts.full().into();
    let schema = (mode == Mode::Managed).then(|| schema::resource(&parts.resource_type)).flatten();
    let sensitive = found.sensitive_attributes.map_or(Mask::Nothing, |raw| sensitive_mask(raw.get()));
    let unknowns = |path: &str, declared: Declared<'_>| own_attribute(&address, path, declared.ty());
    let subject = Subject {
        address: &address,
        schema: schema.as_deref(),
        unknown: &Mask::Nothing,
        sensitive: &sensitive,
        unknowns: &unknowns,
    };
    let raw = found.attributes.and_then(|raw| raw::read(raw.get(), names, budget).ok());
    let raw = raw.map(|raw| if schema.is_none() { without_types(raw) } else { raw });
    let values = raw.and_then(|raw| shape::object(raw, &subject)).unwrap_or_else(|| {
        Value::unknown(Type::Any, Reason::Limit(format!("{address} in the state is too large or too deep").into()))
    });
    let (source, name) = provider_address(&resource.provider);
    Instance {
        module: parts.module,
        mode,
        resource_type: parts.resource_type,
        name: parts.name,
        key: parts.key,
        values,
        span: None,
        calls: Vec::new(),
        provider: ProviderRef { source: short_source(&source).into(), name: name.into(), config: None, major: None },
        extent: Extent::Certain,
        lifecycle: Lifecycle::default(),
        depends_on: found.dependencies.iter().map(|address| address.as_str().into()).collect(),
        provisioners: Vec::new(),
        change: None,
        address,
    }
}

fn key(raw: Option<&RawValue>) -> InstanceKey {
    match raw.map(|raw| serde_json::from_str::<serde_json::Value>(raw.get())) {
        None | Some(Ok(serde_json::Value::Null)) => InstanceKey::None,
        Some(Ok(serde_json::Value::String(name))) => InstanceKey::Name(name.into()),
        Some(Ok(serde_json::Value::Number(index))) => index.as_u64().map_or(InstanceKey::Unknown, InstanceKey::Index),
        Some(_) => InstanceKey::Unknown,
    }
}

/// One step of a path in `sensitive_attributes`.
#[derive(Deserialize)]
struct PathStep {
    #[serde(rename = "type")]
    kind: String,
    value: serde_json::Value,
}

/// The paths of `sensitive_attributes`. What cannot be read makes everything sensitive.
fn sensitive_mask(text: &str) -> Mask {
    let Ok(paths) = serde_json::from_str::<Vec<Vec<PathStep>>>(text) else { return Mask::All };
    let mut mask = Mask::Nothing;
    for path in paths {
        let steps: Vec<Step> = path.iter().map(step).collect();
        mask.add(&steps);
    }
    mask
}

fn step(step: &PathStep) -> Step {
    match (step.kind.as_str(), &step.value) {
        ("get_attr", serde_json::Value::String(name)) => Step::Name(name.as_str().into()),
        ("index", serde_json::Value::Object(typed)) => match typed.get("value") {
            Some(serde_json::Value::String(name)) => Step::Name(name.as_str().into()),
            Some(serde_json::Value::Number(index)) => {
                index.as_u64().and_then(|index| usize::try_from(index).ok()).map_or(Step::Anything, Step::index)
            }
            _ => Step::Anything,
        },
        _ => Step::Anything,
    }
}

/// Attributes of open type are kept as `{"value": …, "type": …}` in state files: their values.
fn without_types(raw: Raw) -> Raw {
    let Raw::Fields(fields) = raw else { return raw };
    Raw::Fields(fields.into_iter().map(|(name, value)| (name, without_type(value))).collect())
}

fn without_type(raw: Raw) -> Raw {
    let Raw::Fields(mut fields) = raw else { return raw };
    let place = |wanted: &str| fields.iter().position(|(name, _)| **name == *wanted);
    if let (2, Some(ty), Some(value)) = (fields.len(), place("type"), place("value"))
        && fields.get(ty).is_some_and(|(_, ty)| is_type(ty))
    {
        return fields.swap_remove(value).1;
    }
    Raw::Fields(fields)
}

fn is_type(raw: &Raw) -> bool {
    let text = |raw: &Raw| match raw {
        Raw::Value(value) => value.as_str().map(str::to_owned),
        Raw::Items(_) | Raw::Fields(_) => None,
    };
    match raw {
        Raw::Value(_) => text(raw).is_some_and(|name| matches!(&*name, "string" | "number" | "bool" | "dynamic")),
        Raw::Items(items) => items.first().is_some_and(|kind| text(kind).is_some()),
        Raw::Fields(_) => false,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;

    fn read(name: &str) -> Root {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/plans/changes").join(name);
        let mut diagnostics = Vec::new();
        let root = read_state(Path::new(name), &std::fs::read(path).unwrap(), &mut diagnostics).unwrap();
        assert_eq!(diagnostics, []);
        root
    }

    fn text<'v>(instance: &'v Instance, name: &str) -> Option<&'v str> {
        instance.values.as_fields()?.get(name)?.as_str()
    }

    #[test]
    fn both_forms_of_a_state_give_the_same_instances() {
        let (file, shown) = (read("terraform.tfstate"), read("state.json"));
        let addresses = |root: &Root| root.instances.iter().map(|found| found.address.clone()).collect::<Vec<_>>();
        assert_eq!(addresses(&file), addresses(&shown));
        assert_eq!(file.instances.len(), 9);
        for (one, other) in file.instances.iter().zip(&shown.instances) {
            assert_eq!(text(one, "id"), text(other, "id"));
            assert_eq!(text(one, "input"), text(other, "input"), "{}", one.address);
            assert_eq!((&one.key, &one.provider.source), (&other.key, &other.provider.source));
        }
        assert_eq!(&*file.instances[1].address, "terraform_data.each[\"a.b\"]");
        assert_eq!(text(&file.instances[0], "input"), Some("before"));
    }

    #[test]
    fn sensitive_paths_are_marked() {
        for name in ["terraform.tfstate", "state.json"] {
            let root = read(name);
            let kept = root.instances.iter().find(|found| &*found.name == "kept").unwrap();
            let input = kept.values.as_fields().unwrap().get("input").unwrap().as_fields().unwrap();
            assert!(input.get("secret").unwrap().marks.is_sensitive(), "{name}");
            assert!(!input.get("name").unwrap().marks.is_sensitive(), "{name}");
        }
    }

    #[test]
    fn what_is_no_state_is_refused_in_words() {
        for (text, words) in [
            ("{\"version\":3}", "version 3"),
            ("{}", "not a Terraform state"),
            ("[", "State"),
            ("{\"version\":4,\"resources\":7}", "expected form"),
        ] {
            let error = read_state(Path::new("s"), text.as_bytes(), &mut Vec::new()).unwrap_err();
            assert!(error.message.contains(words), "{}", error.message);
        }
    }

    #[test]
    fn deposed_objects_are_left_out() {
        let text = br#"{"version":4,"resources":[{"mode":"managed","type":"x","name":"y","provider":"provider[\"a/b/c\"]","instances":[
            {"attributes":{"id":"1"}},{"deposed":"abcd1234","attributes":{"id":"2"}}]}]}"#;
        let root = read_state(Path::new("s"), text, &mut Vec::new()).unwrap();
        assert_eq!(root.instances.len(), 1);
        assert_eq!(&*root.instances[0].provider.source, "a/b/c");
    }
}
