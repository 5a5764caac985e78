//! What Terraform and its providers say to each other: messages, values, schemas, ways into values.
//!
//! Owns: the messages of protocol versions 5 and 6 ([`tfplugin5`], [`tfplugin6`]) and of the plugin services
//! ([`plugin`]), generated from the files in `proto/`; values on the wire ([`value`]); what a schema says of values
//! ([`schema`]).
//! Promises: wrong bytes are an error with the place in the value, never a panic; depth and size are bounded; numbers
//! stay exact; an unknown value stays unknown with what the wire says about it.
//! Must not know: connections, processes, rules.

pub mod path;
pub mod schema;
pub mod value;

/// The services that every plugin has besides its provider.
#[expect(clippy::allow_attributes, reason = "generated from proto/plugin.proto; tests/generated.rs keeps it so")]
pub mod plugin {
    include!("generated/plugin.rs");
}

/// Version 5 of the protocol: the messages that the guard reads.
pub mod tfplugin5 {
    include!("generated/tfplugin5.rs");
}

/// Version 6 of the protocol: messages and the server side.
#[expect(clippy::allow_attributes, reason = "generated from proto/tfplugin6.proto; tests/generated.rs keeps it so")]
pub mod tfplugin6 {
    include!("generated/tfplugin6.rs");
}
