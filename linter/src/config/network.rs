//! What the configuration says about the network: zones, firewalls and intents, as written.

use std::collections::BTreeMap;

use serde::Deserialize;

/// One or several, however it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany<T> {
    /// A list.
    Many(Vec<T>),
    /// A single one.
    One(T),
}

impl<T: Clone> OneOrMany<T> {
    /// As a list.
    #[must_use]
    pub fn list(&self) -> Vec<T> {
        match self {
            Self::Many(list) => list.clone(),
            Self::One(one) => vec![one.clone()],
        }
    }
}

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

/// `zone "name" {}`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ZoneOptions {
    /// `internet`
    pub builtin: Option<String>,
    /// Ranges.
    pub cidr: Option<OneOrMany<String>>,
    /// What members are like.
    #[serde(rename = "match")]
    pub matches: OneOrMany<MatchOptions>,
}

/// `match {}` of a zone
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct MatchOptions {
    /// Tags or labels with their values, as globs.
    pub tag: BTreeMap<String, String>,
    /// The environment.
    pub environment: Option<String>,
    /// The provider configuration.
    pub account: Option<String>,
    /// Modules.
    pub module: OneOrMany<String>,
    /// Networks.
    pub vpc: OneOrMany<String>,
    /// Subnets.
    pub subnet: OneOrMany<String>,
    /// Addresses of resources.
    pub address: OneOrMany<String>,
}

/// `firewall "name" {}`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct FirewallOptions {
    /// The resources it consists of.
    pub resources: Vec<String>,
    /// What its policy lets through.
    pub assume: Option<Assume>,
}

/// What is assumed of a firewall's policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assume {
    /// What the configuration says.
    #[default]
    Config,
    /// Nothing passes.
    DenyAll,
    /// Everything passes.
    AllowAll,
}

/// `isolate "name" {}`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct IsolateOptions {
    /// Zones.
    pub between: Vec<String>,
    /// `packet` or `connection`.
    pub level: Option<LevelOption>,
}

/// What counts as reaching.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum LevelOption {
    /// Packets are delivered.
    Packet,
    /// Packets are delivered and replies come back.
    Connection,
}

/// Who passes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum RelaysOption {
    /// Nobody.
    #[default]
    None,
    /// Load balancers.
    LoadBalancers,
    /// Every host.
    Hosts,
}

/// `allow_only "name" {}`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct AllowOnlyOptions {
    /// What is protected.
    pub to: String,
    /// Allowed flows.
    pub flow: OneOrMany<FlowOptions>,
}

/// `flow {}` of `allow_only`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct FlowOptions {
    /// Where from.
    pub from: String,
    /// Services; all if left out.
    pub ports: Option<Vec<String>>,
    /// Firewalls or resources that must be passed.
    pub via: Vec<String>,
}

/// `waypoint "name" {}`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WaypointOptions {
    /// Where from; `*` for every zone.
    pub from: OneOrMany<String>,
    /// Where to; `*` for every zone.
    pub to: OneOrMany<String>,
    /// Firewalls or resources.
    pub through: OneOrMany<String>,
    /// Only between different zones, which is the only thing there is.
    pub cross_zone: Option<bool>,
    /// `request` or `both`.
    pub direction: Option<String>,
}

/// `forbid "name" {}`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ForbidOptions {
    /// Where from.
    pub from: String,
    /// Where to.
    pub to: String,
    /// Services; all if left out.
    pub ports: Option<Vec<String>>,
    /// Who passes on.
    pub relays: RelaysOption,
}

/// `egress_only "name" {}`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct EgressOnlyOptions {
    /// Where from.
    pub from: String,
    /// Where to; the Internet if left out.
    pub to: Option<String>,
    /// Firewalls or resources.
    pub through: OneOrMany<String>,
}

/// `require "name" {}`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RequireOptions {
    /// Where from.
    pub from: String,
    /// Where to.
    pub to: String,
    /// Services, each of which must get through.
    pub ports: Vec<String>,
}

/// What answers that depend on unknown values do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnUnknownOption {
    /// The run fails.
    Error,
    /// They are shown.
    #[default]
    Warn,
    /// What is not proved open counts as closed.
    AssumeClosed,
}

/// Everything about the network.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct NetworkOptions {
    /// `zone "name" {}`
    pub zone: BTreeMap<String, ZoneOptions>,
    /// `firewall "name" {}`
    pub firewall: BTreeMap<String, FirewallOptions>,
    /// `isolate "name" {}`
    pub isolate: BTreeMap<String, IsolateOptions>,
    /// `allow_only "name" {}`
    pub allow_only: BTreeMap<String, AllowOnlyOptions>,
    /// `waypoint "name" {}`
    pub waypoint: BTreeMap<String, WaypointOptions>,
    /// `forbid "name" {}`
    pub forbid: BTreeMap<String, ForbidOptions>,
    /// `egress_only "name" {}`
    pub egress_only: BTreeMap<String, EgressOnlyOptions>,
    /// `require "name" {}`
    pub require: BTreeMap<String, RequireOptions>,
    /// What undetermined answers do.
    pub on_unknown: Option<OnUnknownOption>,
}
