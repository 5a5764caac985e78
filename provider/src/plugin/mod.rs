//! Being a plugin of Terraform: how one is started, how it listens, how it ends.
//!
//! Owns: what Terraform says in the environment and what a plugin answers on standard output ([`handshake`]), mutual
//! TLS with certificates that were made for one run ([`tls`]), where a plugin listens ([`endpoint`]), serving HTTP/2
//! ([`serve`]), reaching one ([`client`]), the services besides the provider ([`services`]), log lines ([`log`]).
//! Promises: nothing but the one line goes to standard output; with a client certificate only its holder is served;
//! sockets are in a directory that only this user may enter, and go away with the plugin.
//! Must not know: what the plugin does.

pub mod client;
pub mod endpoint;
pub mod handshake;
pub mod log;
pub mod serve;
pub mod services;
pub mod tls;
