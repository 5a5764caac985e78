//! Palisade inside Terraform.
//!
//! This package translates between Terraform's plugin protocol and the `palisade` library; it never judges by itself.
//! Data flows one way here too; a room uses only those above it:
//!
//! | room | what it owns | what it must not know |
//! |---|---|---|
//! | [`protocol`] | messages, values on the wire, schemas | connections, processes, rules |
//! | [`plugin`] | being started by Terraform, listening, TLS, ending | what the plugin does |
//! | [`policy`] | what is judged by, and its digest | the wire |
//! | [`subject`] | what is judged | the wire |
//! | [`functions`], [`gate`], [`check`] | what the provider offers, computed | the wire |
//! | [`configuration`] | the `provider` block | the wire |
//! | [`offer`] | what the provider offers, described | how anything is judged |
//! | [`server`] | messages in, messages out | how anything is judged |
//! | [`install`], [`command`], [`threads`] | what the binary does besides | the wire |

pub mod check;
pub mod command;
pub mod configuration;
pub mod functions;
pub mod gate;
pub mod install;
pub mod offer;
pub mod plugin;
pub mod policy;
pub mod protocol;
pub mod server;
pub mod subject;
pub mod threads;
