//! Provider configurations as plan JSON tells them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use super::document::{ConfigResource, Configuration};
use super::raw::{self, Budget, Names, Raw};
use super::references::references;
use crate::terraform::ProviderRef;
use crate::terraform::lock::short_source;
use crate::terraform::provider::constrained_major;
use crate::value::{Fields, Kind, Marks, Origin, OriginKind, Reason, Type, Value};

/// Nothing in a provider block is nested deeper.
const MAX_DEPTH: usize = 32;
/// Arguments of provider blocks that hold secrets, in every provider known.
const SECRETS: [&str; 12] = [
    "access_key",
    "secret_key",
    "token",
    "password",
    "client_secret",
    "credentials",
    "access_token",
    "api_key",
    "private_key",
    "client_key",
    "oidc_token",
    "client_certificate_password",
];

/// The provider configurations of a plan.
#[derive(Debug, Default)]
pub(super) struct Providers {
    /// By key in the plan: `aws`, `aws.west`, `module.m:aws`.
    by_key: BTreeMap<String, ProviderRef>,
}

impl Providers {
    /// What `configuration.provider_config` says, with root variables filled in.
    pub(super) fn of_plan(configuration: Option<&Configuration<'_>>, variables: &Fields) -> Self {
        let mut by_key = BTreeMap::new();
        for (key, config) in configuration.into_iter().flat_map(|configuration| &configuration.provider_config) {
            let expressions = config.expressions.and_then(|raw| serde_json::from_str::<Json>(raw.get()).ok());
            let name = config.name.as_deref().unwrap_or_else(|| key.rsplit(':').next().unwrap_or(key));
            let label = match config.alias.as_deref() {
                Some(alias) => format!("{name}.{alias}"),
                None => name.to_owned(),
            };
            let in_module = config.module_address.is_some();
            let values = expressions.map(|json| {
                let reader = Blocks { variables, label: &label, budget: Budget::new() };
                Arc::new(reader.block(&json, 0).from_origin(Some(Origin::new(OriginKind::Plan, None))))
            });
            let reference = ProviderRef {
                source: short_source(config.full_name.as_deref().unwrap_or("")).into(),
                name: if in_module { "".into() } else { label.as_str().into() },
                config: values,
                major: config.version_constraint.as_deref().and_then(constrained_major),
            };
            by_key.insert(key.clone(), reference);
        }
        Self { by_key }
    }

    /// The provider of a resource: by its key, otherwise by its source alone.
    pub(super) fn reference(&self, key: Option<&str>, source: Arc<str>) -> ProviderRef {
        let found = key.and_then(|key| {
            // A module's resources may name the root's configuration that they inherit.
            self.by_key.get(key).or_else(|| self.by_key.get(key.rsplit(':').next().unwrap_or(key)))
        });
        match found {
            Some(known) if known.source.is_empty() => ProviderRef { source, ..known.clone() },
            Some(known) => known.clone(),
            None => ProviderRef { source, name: "".into(), config: None, major: None },
        }
    }

    /// The root's configurations by name with alias.
    pub(super) fn configs(&self) -> Vec<(Arc<str>, Arc<Value>)> {
        let of_root = self.by_key.values().filter(|reference| !reference.name.is_empty());
        of_root
            .filter_map(|reference| Some((Arc::clone(&reference.name), Arc::clone(reference.config.as_ref()?))))
            .collect()
    }
}

/// The `provisioner` blocks of a resource: kind, and the arguments that are constant.
pub(super) fn provisioners(resource: &ConfigResource<'_>) -> Vec<Value> {
    let reader = Blocks { variables: &Fields::new(), label: &resource.address, budget: Budget::new() };
    let made = resource.provisioners.iter().map(|provisioner| {
        let json = provisioner.expressions.and_then(|raw| serde_json::from_str(raw.get()).ok());
        let mut value = reader.block(&json.unwrap_or(Json::Null), 0);
        if let Kind::Object(object) = &mut value.kind {
            let object = Arc::make_mut(object);
            object.fields.insert("type".into(), Value::string(&provisioner.kind));
        }
        value
    });
    made.collect()
}

/// Source and name with alias of `provider["registry.terraform.io/hashicorp/aws"].west`; the name is empty where a
/// module configures the provider, and is the last part of the source otherwise.
pub(in crate::terraform) fn provider_address(text: &str) -> (String, String) {
    let Some((module, rest)) = text.split_once("provider[\"") else { return (String::new(), String::new()) };
    let (source, alias) = rest.split_once("\"]").unwrap_or((rest, ""));
    let local = source.rsplit('/').next().unwrap_or(source);
    let name = if module.is_empty() { format!("{local}{alias}") } else { String::new() };
    (source.to_owned(), name)
}

/// The arguments of a provider or backend block with the secret ones marked.
pub(super) fn mark_secrets(arguments: Fields) -> Value {
    let marked = arguments.into_iter().map(|(name, value)| {
        let secret = SECRETS.contains(&&*name);
        (name, if secret { value.marked(Marks::SENSITIVE) } else { value })
    });
    Value::object(marked.collect())
}

/// Reads blocks whose values are `{"constant_value": …}` or `{"references": […]}`.
struct Blocks<'b> {
    variables: &'b Fields,
    /// Whose arguments they are, for the reason of unknown ones.
    label: &'b str,
    budget: Budget,
}

impl Blocks<'_> {
    fn block(&self, json: &Json, depth: usize) -> Value {
        let arguments = json.as_object().into_iter().flatten();
        let fields = arguments.map(|(name, inner)| (Arc::from(name.as_str()), self.argument(name, inner, depth + 1)));
        mark_secrets(fields.collect())
    }

    fn argument(&self, name: &str, json: &Json, depth: usize) -> Value {
        let unknown = || Value::unknown(Type::Any, Reason::NotInPlan(self.label.into(), name.into()));
        match json {
            _ if depth > MAX_DEPTH => unknown(),
            Json::Array(blocks) => {
                let blocks: Vec<Value> = blocks.iter().map(|block| self.block(block, depth)).collect();
                Kind::List(Type::Any, blocks.into()).into()
            }
            Json::Object(object) if object.contains_key("constant_value") => {
                let text = object.get("constant_value").map(Json::to_string).unwrap_or_default();
                raw::read(&text, &mut Names::default(), &self.budget).map_or_else(|_| unknown(), Raw::into_value)
            }
            Json::Object(object) if object.contains_key("references") || object.is_empty() => {
                match references(json).as_slice() {
                    [only] => self.variable(only).unwrap_or_else(unknown),
                    _ => unknown(),
                }
            }
            Json::Object(_) => Kind::List(Type::Any, [self.block(json, depth)].into()).into(),
            _ => unknown(),
        }
    }

    /// The value of `var.x`. The expression may do more than pass it on (plan JSON does not tell), which for the
    /// arguments of providers, regions and tags above all, it hardly does.
    fn variable(&self, reference: &str) -> Option<Value> {
        let name = reference.strip_prefix("var.")?;
        let value = self.variables.get(name)?.clone();
        Some(value.from_origin(Some(Origin::new(OriginKind::Reference(reference.into()), None))))
    }
}
