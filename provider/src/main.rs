//! The provider binary: what Terraform starts, and what `palisade provider` and `palisade guard` start.

use std::process::ExitCode;
use std::sync::Arc;

use terraform_provider_palisade::plugin::handshake::Invitation;
use terraform_provider_palisade::plugin::log::{self, Level};
use terraform_provider_palisade::plugin::serve::{Plugin, ServeError};
use terraform_provider_palisade::plugin::services::Services;
use terraform_provider_palisade::protocol::tfplugin6::provider_server::ProviderServer;
use terraform_provider_palisade::server::{self, Server};
use terraform_provider_palisade::threads;
use tokio::sync::Notify;

/// The versions of the protocol that are served.
const VERSIONS: [u16; 1] = [6];
/// Messages from Terraform may be this large.
const MAX_MESSAGE: usize = 256 << 20;

fn main() -> ExitCode {
    match Invitation::read(|name| std::env::var(name).ok()) {
        Ok(Some(invitation)) => ended(threads::run(serve(invitation))),
        Ok(None) => terraform_provider_palisade::command::run(std::env::args_os()),
        Err(error) => ended(Ok(Err(error.into()))),
    }
}

async fn serve(invitation: Invitation) -> Result<(), ServeError> {
    let version = invitation.version(&VERSIONS)?;
    let plugin = Plugin::listen(&invitation, version).await?;
    // Ctrl-C reaches every process of the terminal; Terraform decides what it means.
    #[cfg(unix)]
    let _interrupts = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())?;
    let end = Arc::new(Notify::new());
    let provider = ProviderServer::new(Server::default())
        .max_decoding_message_size(MAX_MESSAGE)
        .max_encoding_message_size(usize::MAX);
    let services = Services::new(server::PREFIX, provider, Arc::clone(&end));
    log::line(Level::Debug, "serving", &[("version", env!("CARGO_PKG_VERSION"))]);
    plugin.announce()?;
    plugin.serve(services, end).await
}

fn ended(result: std::io::Result<Result<(), ServeError>>) -> ExitCode {
    let message = match result {
        Ok(Ok(())) => return ExitCode::SUCCESS,
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    log::line(Level::Error, &message, &[]);
    ExitCode::FAILURE
}
