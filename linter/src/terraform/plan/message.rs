//! The messages inside a binary plan, as far as they are read. Terraform keeps this format to itself and numbers it;
//! this is version 3, which Terraform has written since 0.12.

use std::collections::HashMap;

/// The version that is understood.
pub(super) const VERSION: u64 = 3;

/// The whole plan.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Plan {
    #[prost(uint64, tag = "1")]
    pub(super) version: u64,
    #[prost(map = "string, message", tag = "2")]
    pub(super) variables: HashMap<String, DynamicValue>,
    #[prost(message, repeated, tag = "3")]
    pub(super) resource_changes: Vec<ResourceInstanceChange>,
    #[prost(message, optional, tag = "13")]
    pub(super) backend: Option<Backend>,
    #[prost(string, tag = "14")]
    pub(super) terraform_version: String,
    #[prost(bool, tag = "20")]
    pub(super) errored: bool,
    /// Since Terraform 1.8.
    #[prost(bool, tag = "26")]
    pub(super) complete: bool,
    /// Since Terraform 1.8.
    #[prost(bool, tag = "25")]
    pub(super) applyable: bool,
    #[prost(message, repeated, tag = "27")]
    pub(super) deferred_changes: Vec<DeferredChange>,
    #[prost(string, repeated, tag = "5")]
    pub(super) target_addresses: Vec<String>,
}

/// Where the state is kept.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Backend {
    #[prost(string, tag = "1")]
    pub(super) kind: String,
    #[prost(message, optional, tag = "2")]
    pub(super) config: Option<DynamicValue>,
    #[prost(string, tag = "3")]
    pub(super) workspace: String,
}

/// A change of one resource instance.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct ResourceInstanceChange {
    #[prost(string, tag = "13")]
    pub(super) address: String,
    #[prost(string, tag = "14")]
    pub(super) previous_address: String,
    #[prost(string, tag = "7")]
    pub(super) deposed_key: String,
    #[prost(string, tag = "8")]
    pub(super) provider: String,
    #[prost(message, optional, tag = "9")]
    pub(super) change: Option<Change>,
}

/// A change that a later plan will make.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct DeferredChange {
    #[prost(message, optional, tag = "2")]
    pub(super) change: Option<ResourceInstanceChange>,
}

/// What is done to an object.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Change {
    #[prost(enumeration = "ChangeAction", tag = "1")]
    pub(super) action: i32,
    /// One value, or the ones before and after.
    #[prost(message, repeated, tag = "2")]
    pub(super) values: Vec<DynamicValue>,
    #[prost(message, repeated, tag = "3")]
    pub(super) before_sensitive_paths: Vec<ValuePath>,
    #[prost(message, repeated, tag = "4")]
    pub(super) after_sensitive_paths: Vec<ValuePath>,
}

/// Kind of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, prost::Enumeration)]
#[repr(i32)]
pub(super) enum ChangeAction {
    NoOp = 0,
    Create = 1,
    Read = 2,
    Update = 3,
    Delete = 5,
    DeleteThenCreate = 6,
    CreateThenDelete = 7,
    Forget = 8,
    CreateThenForget = 9,
}

/// A value, as MessagePack.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct DynamicValue {
    #[prost(bytes = "vec", tag = "1")]
    pub(super) msgpack: Vec<u8>,
}

/// A path into a value.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct ValuePath {
    #[prost(message, repeated, tag = "1")]
    pub(super) steps: Vec<PathStep>,
}

/// One step of a path.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct PathStep {
    #[prost(oneof = "Selector", tags = "1, 2")]
    pub(super) selector: Option<Selector>,
}

/// What a step selects.
#[derive(Clone, PartialEq, prost::Oneof)]
pub(super) enum Selector {
    #[prost(string, tag = "1")]
    AttributeName(String),
    #[prost(message, tag = "2")]
    ElementKey(DynamicValue),
}
