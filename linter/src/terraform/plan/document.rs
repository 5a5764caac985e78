//! The parts of plan JSON (and of `terraform show -json` of a state) that are read. Values stay text until asked for.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

/// A plan, or a state as `terraform show -json` prints it.
#[derive(Debug, Deserialize)]
pub(in crate::terraform) struct Document<'a> {
    pub(in crate::terraform) format_version: Option<String>,
    pub(in crate::terraform) terraform_version: Option<String>,
    #[serde(borrow, default)]
    pub(in crate::terraform) variables: BTreeMap<String, Variable<'a>>,
    #[serde(borrow)]
    pub(in crate::terraform) planned_values: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(in crate::terraform) resource_changes: Option<Vec<ResourceChange<'a>>>,
    #[serde(borrow)]
    pub(in crate::terraform) prior_state: Option<PriorState<'a>>,
    #[serde(borrow)]
    pub(in crate::terraform) configuration: Option<Configuration<'a>>,
    /// Only in a state.
    #[serde(borrow)]
    pub(in crate::terraform) values: Option<StateValues<'a>>,
    pub(in crate::terraform) complete: Option<bool>,
    pub(in crate::terraform) errored: Option<bool>,
}

/// A root module's variable.
#[derive(Debug, Deserialize)]
pub(in crate::terraform) struct Variable<'a> {
    #[serde(borrow)]
    pub(in crate::terraform) value: Option<&'a RawValue>,
}

/// One entry of `resource_changes`.
#[derive(Debug, Deserialize)]
pub(in crate::terraform) struct ResourceChange<'a> {
    pub(in crate::terraform) address: String,
    pub(in crate::terraform) previous_address: Option<String>,
    pub(in crate::terraform) module_address: Option<String>,
    #[serde(borrow)]
    pub(in crate::terraform) mode: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "type")]
    pub(in crate::terraform) resource_type: Cow<'a, str>,
    #[serde(borrow)]
    pub(in crate::terraform) name: Cow<'a, str>,
    pub(in crate::terraform) index: Option<Index>,
    #[serde(borrow, default)]
    pub(in crate::terraform) provider_name: Cow<'a, str>,
    pub(in crate::terraform) deposed: Option<String>,
    #[serde(borrow)]
    pub(in crate::terraform) change: Change<'a>,
}

/// `count` or `for_each` key.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(in crate::terraform) enum Index {
    Number(u64),
    Name(String),
    Other(serde::de::IgnoredAny),
}

/// `change` of an entry.
#[derive(Debug, Deserialize)]
pub(in crate::terraform) struct Change<'a> {
    #[serde(borrow, default)]
    pub(in crate::terraform) actions: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    pub(in crate::terraform) before: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(in crate::terraform) after: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(in crate::terraform) after_unknown: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(in crate::terraform) before_sensitive: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(in crate::terraform) after_sensitive: Option<&'a RawValue>,
}

/// What was read before planning.
#[derive(Debug, Deserialize)]
pub(in crate::terraform) struct PriorState<'a> {
    #[serde(borrow)]
    pub(in crate::terraform) values: Option<StateValues<'a>>,
}

/// `values` of a state, `planned_values` of a plan.
#[derive(Debug, Deserialize)]
pub(in crate::terraform) struct StateValues<'a> {
    #[serde(borrow)]
    pub(in crate::terraform) root_module: Option<StateModule<'a>>,
}

/// A module instance of a state.
#[derive(Debug, Deserialize)]
pub(in crate::terraform) struct StateModule<'a> {
    #[serde(borrow, default)]
    pub(in crate::terraform) resources: Vec<StateResource<'a>>,
    #[serde(borrow, default)]
    pub(in crate::terraform) child_modules: Vec<StateModule<'a>>,
}

/// A resource instance of a state.
#[derive(Debug, Deserialize)]
pub(in crate::terraform) struct StateResource<'a> {
    pub(in crate::terraform) address: String,
    #[serde(borrow)]
    pub(in crate::terraform) mode: Option<Cow<'a, str>>,
    #[serde(borrow, rename = "type")]
    pub(in crate::terraform) resource_type: Cow<'a, str>,
    #[serde(borrow)]
    pub(in crate::terraform) name: Cow<'a, str>,
    pub(in crate::terraform) index: Option<Index>,
    #[serde(borrow, default)]
    pub(in crate::terraform) provider_name: Cow<'a, str>,
    #[serde(borrow)]
    pub(in crate::terraform) values: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(in crate::terraform) sensitive_values: Option<&'a RawValue>,
    pub(in crate::terraform) deposed_key: Option<String>,
    #[serde(borrow, default)]
    pub(in crate::terraform) depends_on: Vec<Cow<'a, str>>,
}

/// The configuration as the plan tells it: constants and references, no more.
#[derive(Debug, Default, Deserialize)]
pub(in crate::terraform) struct Configuration<'a> {
    #[serde(borrow, default)]
    pub(in crate::terraform) provider_config: BTreeMap<String, ProviderConfig<'a>>,
    #[serde(borrow, default)]
    pub(in crate::terraform) root_module: ConfigModule<'a>,
}

/// A `provider` block, or a provider that resources use without one.
#[derive(Debug, Deserialize)]
pub(in crate::terraform) struct ProviderConfig<'a> {
    pub(in crate::terraform) name: Option<String>,
    pub(in crate::terraform) full_name: Option<String>,
    pub(in crate::terraform) alias: Option<String>,
    pub(in crate::terraform) module_address: Option<String>,
    pub(in crate::terraform) version_constraint: Option<String>,
    #[serde(borrow)]
    pub(in crate::terraform) expressions: Option<&'a RawValue>,
}

/// A module of the configuration.
#[derive(Debug, Default, Deserialize)]
pub(in crate::terraform) struct ConfigModule<'a> {
    #[serde(borrow, default)]
    pub(in crate::terraform) resources: Vec<ConfigResource<'a>>,
    #[serde(borrow, default)]
    pub(in crate::terraform) module_calls: BTreeMap<String, ModuleCall<'a>>,
    #[serde(borrow, default)]
    pub(in crate::terraform) outputs: BTreeMap<String, Output<'a>>,
}

/// A resource of the configuration.
#[derive(Debug, Deserialize)]
pub(in crate::terraform) struct ConfigResource<'a> {
    pub(in crate::terraform) address: String,
    pub(in crate::terraform) provider_config_key: Option<String>,
    #[serde(borrow)]
    pub(in crate::terraform) expressions: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(in crate::terraform) for_each_expression: Option<&'a RawValue>,
    #[serde(default)]
    pub(in crate::terraform) depends_on: Vec<String>,
    #[serde(borrow, default)]
    pub(in crate::terraform) provisioners: Vec<Provisioner<'a>>,
}

/// A `provisioner` block.
#[derive(Debug, Deserialize)]
pub(in crate::terraform) struct Provisioner<'a> {
    #[serde(rename = "type")]
    pub(in crate::terraform) kind: String,
    #[serde(borrow)]
    pub(in crate::terraform) expressions: Option<&'a RawValue>,
}

/// A `module` block.
#[derive(Debug, Deserialize)]
pub(in crate::terraform) struct ModuleCall<'a> {
    #[serde(borrow)]
    pub(in crate::terraform) expressions: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(in crate::terraform) count_expression: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(in crate::terraform) for_each_expression: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(in crate::terraform) module: ConfigModule<'a>,
}

/// An `output` block.
#[derive(Debug, Deserialize)]
pub(in crate::terraform) struct Output<'a> {
    #[serde(borrow)]
    pub(in crate::terraform) expression: Option<&'a RawValue>,
}
