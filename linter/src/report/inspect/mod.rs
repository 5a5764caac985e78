//! What was evaluated: `palisade inspect`.

mod text;

#[cfg(all(test, feature = "cli"))]
mod tests;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use serde::Serialize;

use super::Style;
use super::json::ErrorOut;
use super::json_text::write_json;
use crate::diagnostic::Diagnostic;
use crate::source::{Location, SourceMap};
use crate::terraform::{Extent, Instance, Mode};
use crate::value::{Kind, Marks, Origin, OriginKind, Value};

/// What stands for a sensitive value.
const MASK: &str = "(sensitive value)";

/// An instance to be shown, and the environment it was found to belong to.
#[derive(Clone, Copy, Debug)]
pub struct Inspected<'a> {
    /// The instance.
    pub instance: &'a Instance,
    /// Its environment.
    pub environment: Option<&'a str>,
}

/// Whether sensitive values are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Secrecy {
    /// They are masked.
    #[default]
    Masked,
    /// The user asked to see them.
    Shown,
}

/// Whether an address is the one asked for or within it: `aws_subnet.a` asks for `aws_subnet.a[0]` too, and
/// `module.net` for everything in the module.
#[must_use]
pub fn address_is_within(address: &str, asked: &str) -> bool {
    address.strip_prefix(asked).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Writes the instances as JSON: values as in a plan, unknown and sensitive ones by path, with reasons and origins.
///
/// # Errors
/// When writing fails.
pub fn render_inspection_json<'a>(
    instances: impl IntoIterator<Item = Inspected<'a>>,
    errors: &[Diagnostic],
    secrecy: Secrecy,
    sources: &SourceMap,
    out: &mut dyn Write,
) -> io::Result<()> {
    #[derive(Serialize)]
    struct Document<'a> {
        resources: Vec<Resource<'a>>,
        errors: Vec<ErrorOut<'a>>,
    }
    let document = Document {
        resources: instances.into_iter().map(|inspected| Resource::of(inspected, secrecy, sources)).collect(),
        errors: errors.iter().map(|error| ErrorOut::of(error, sources)).collect(),
    };
    write_json(&document, out)
}

/// Writes the instances for people: one attribute in each line, with why it is unknown and where it came from.
///
/// # Errors
/// When writing fails.
pub fn render_inspection_text<'a>(
    instances: impl IntoIterator<Item = Inspected<'a>>,
    secrecy: Secrecy,
    sources: &SourceMap,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let resources = instances.into_iter().map(|inspected| Resource::of(inspected, secrecy, sources));
    text::render(resources, style, out)
}

/// One instance as shown.
#[derive(Serialize)]
struct Resource<'a> {
    address: &'a str,
    #[serde(rename = "type")]
    resource_type: &'a str,
    module: &'a str,
    mode: &'static str,
    /// Whether it will exist, or stands for any number of instances.
    certain: bool,
    values: serde_json::Value,
    unknown: Vec<String>,
    sensitive: Vec<String>,
    /// Why a value is unknown, by path.
    reasons: BTreeMap<String, Vec<String>>,
    /// Where a value came from, nearest first, by path; values written where they are used have no entry.
    origins: BTreeMap<String, Vec<Step>>,
    environment: Option<&'a str>,
    location: Option<Location>,
}

/// A step of a value's way.
#[derive(Serialize)]
struct Step {
    what: String,
    location: Option<Location>,
}

impl<'a> Resource<'a> {
    fn of(inspected: Inspected<'a>, secrecy: Secrecy, sources: &SourceMap) -> Self {
        let Inspected { instance, environment } = inspected;
        let mut resource = Self {
            address: &instance.address,
            resource_type: &instance.resource_type,
            module: &instance.module,
            mode: match instance.mode {
                Mode::Managed => "managed",
                Mode::Data => "data",
            },
            certain: instance.extent == Extent::Certain,
            values: serde_json::Value::Null,
            unknown: Vec::new(),
            sensitive: Vec::new(),
            reasons: BTreeMap::new(),
            origins: BTreeMap::new(),
            environment,
            location: instance.span.and_then(|span| sources.location(span)),
        };
        let values = Walk { resource: &mut resource, secrecy, sources }.value(&instance.values, "", Marks::NONE);
        resource.values = values.unwrap_or_else(|| serde_json::Value::Object(serde_json::Map::new()));
        resource
    }
}

/// Turns values into JSON and notes what is special about them by path.
struct Walk<'w, 'a> {
    resource: &'w mut Resource<'a>,
    secrecy: Secrecy,
    sources: &'w SourceMap,
}

impl Walk<'_, '_> {
    /// The value as a plan shows it; `None` if it is unknown. `around` are the marks of what it is in.
    fn value(&mut self, value: &Value, path: &str, around: Marks) -> Option<serde_json::Value> {
        self.origin(value, path);
        let is_secret = value.marks.is_sensitive();
        if is_secret && !around.is_sensitive() {
            self.resource.sensitive.push(path.to_owned());
        }
        if let Some(unknown) = value.as_unknown() {
            self.resource.unknown.push(path.to_owned());
            let reasons = unknown.reasons.iter().map(ToString::to_string).collect();
            self.resource.reasons.insert(path.to_owned(), reasons);
            return None;
        }
        if is_secret && self.secrecy == Secrecy::Masked {
            return Some(MASK.into());
        }
        let around = around.union(value.marks);
        Some(match &value.kind {
            Kind::Unknown(_) => return None,
            Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => value.to_json().unwrap_or_default(),
            // An unknown item keeps its place, as in a plan.
            Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
                let items = items.iter().enumerate();
                items.map(|(at, item)| self.value(item, &format!("{path}[{at}]"), around).unwrap_or_default()).collect()
            }
            Kind::Map(_, fields) => self.fields(fields, path, around),
            Kind::Object(object) => self.fields(&object.fields, path, around),
        })
    }

    fn fields(&mut self, fields: &BTreeMap<Arc<str>, Value>, path: &str, around: Marks) -> serde_json::Value {
        let mut members = serde_json::Map::new();
        for (name, value) in fields {
            if let Some(member) = self.value(value, &join(path, name), around) {
                members.insert(name.to_string(), member);
            }
        }
        serde_json::Value::Object(members)
    }

    fn origin(&mut self, value: &Value, path: &str) {
        let Some(origin) = &value.origin else { return };
        let steps: Vec<Step> = origin.steps().filter_map(|step| self.step(step)).collect();
        if !steps.is_empty() {
            self.resource.origins.insert(path.to_owned(), steps);
        }
    }

    /// A step worth telling: not that a value is written where it is used.
    fn step(&self, step: &Origin) -> Option<Step> {
        let what = match &step.kind {
            OriginKind::Literal | OriginKind::Attribute(_) | OriginKind::Block(_) => return None,
            OriginKind::Reference(name) => name.to_string(),
            OriginKind::VariableDefault(name) => format!("default of var.{name}"),
            OriginKind::VariableFile(name) => format!("var.{name} in a variables file"),
            OriginKind::VariableGiven(name) => format!("var.{name} as given"),
            OriginKind::ModuleArgument(name) => format!("argument {name} of the module"),
            OriginKind::ProviderDefault => "default of the provider configuration".to_owned(),
            OriginKind::AssumedDefault => "what the service assumes".to_owned(),
            OriginKind::Plan => "the plan".to_owned(),
        };
        Some(Step { what, location: step.span.and_then(|span| self.sources.location(span)) })
    }
}

/// `tags.Name`, `tags["a b"]`.
fn join(path: &str, name: &str) -> String {
    let is_plain = name.chars().all(|ch| ch.is_alphanumeric() || matches!(ch, '_' | '-'));
    match (is_plain && !name.is_empty(), path) {
        (true, "") => name.to_owned(),
        (true, _) => format!("{path}.{name}"),
        (false, _) => format!("{path}[{}]", Value::quote(name)),
    }
}
