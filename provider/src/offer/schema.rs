//! Descriptions as Terraform asks for them.

use palisade::value::type_json;

use super::{Attribute, Block, Function, Parameter, Presence, Schema};
use crate::protocol::tfplugin6::schema::nested_block::NestingMode;
use crate::protocol::tfplugin6::{self as wire, StringKind, get_provider_schema, schema};

/// What the provider can do besides.
const CAPABILITIES: wire::ServerCapabilities =
    wire::ServerCapabilities { plan_destroy: false, get_provider_schema_optional: true, move_resource_state: false };

/// Everything that is offered.
#[must_use]
pub fn provider_schema() -> get_provider_schema::Response {
    let named = |name: &str, schema: Schema| (name.to_owned(), message(&schema));
    get_provider_schema::Response {
        provider: Some(message(&super::provider())),
        resource_schemas: [named(super::GATE, super::gate())].into(),
        data_source_schemas: [named(super::CHECK, super::check())].into(),
        functions: super::functions().iter().map(|it| (it.name.to_owned(), function(it))).collect(),
        server_capabilities: Some(CAPABILITIES),
        ..get_provider_schema::Response::default()
    }
}

/// The description as a message.
fn message(described: &Schema) -> wire::Schema {
    wire::Schema { version: 0, block: Some(block(described.description, &described.attributes, &described.blocks)) }
}

fn block(description: &str, attributes: &[Attribute], blocks: &[Block]) -> schema::Block {
    let nested = |nested: &Block| schema::NestedBlock {
        type_name: nested.name.to_owned(),
        block: Some(block(nested.description, &nested.attributes, &[])),
        nesting: NestingMode::List.into(),
        min_items: i64::from(nested.min),
        max_items: 0,
    };
    schema::Block {
        version: 0,
        attributes: attributes.iter().map(attribute).collect(),
        block_types: blocks.iter().map(nested).collect(),
        description: description.to_owned(),
        description_kind: StringKind::Markdown.into(),
        deprecated: false,
    }
}

fn attribute(described: &Attribute) -> schema::Attribute {
    schema::Attribute {
        name: described.name.to_owned(),
        r#type: type_json::write(&described.ty),
        description: described.description.to_owned(),
        description_kind: StringKind::Markdown.into(),
        required: described.presence == Presence::Required,
        optional: described.presence == Presence::Optional,
        computed: described.presence == Presence::Computed,
        ..schema::Attribute::default()
    }
}

fn function(described: &Function) -> wire::Function {
    wire::Function {
        parameters: described.parameters.iter().map(parameter).collect(),
        variadic_parameter: None,
        r#return: Some(wire::function::Return { r#type: type_json::write(&described.result) }),
        summary: described.summary.to_owned(),
        description: described.description.to_owned(),
        description_kind: StringKind::Markdown.into(),
        deprecation_message: String::new(),
    }
}

fn parameter(described: &Parameter) -> wire::function::Parameter {
    wire::function::Parameter {
        name: described.name.to_owned(),
        r#type: type_json::write(&described.ty),
        // What is certainly wrong is wrong whatever the rest will be.
        allow_unknown_values: true,
        allow_null_value: false,
        description: described.description.to_owned(),
        description_kind: StringKind::Markdown.into(),
    }
}
