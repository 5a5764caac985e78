//! Serving HTTP/2 to the one who started us.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::io::{self, Write as _};
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http2;
use hyper::service::Service;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::endpoint::Endpoint;
use super::handshake::{Announcement, HandshakeError, Invitation};
use super::tls::{self, Identity, TlsError};

/// How long to wait for the first connection: whoever started us is gone by then.
const FIRST_CONNECTION: Duration = Duration::from_secs(120);
/// How long answers on their way may take when the end is asked for.
const GRACE: Duration = Duration::from_millis(50);
/// Bytes on their way to us in one stream, and in one connection.
const WINDOW: u32 = 4 << 20;

/// Why a plugin cannot serve.
#[derive(Debug)]
pub enum ServeError {
    /// The two sides do not understand each other.
    Handshake(HandshakeError),
    /// There can be no TLS.
    Tls(TlsError),
    /// The system refused.
    Io(io::Error),
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Handshake(error) => error.fmt(f),
            Self::Tls(error) => error.fmt(f),
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl Error for ServeError {}

impl From<HandshakeError> for ServeError {
    fn from(error: HandshakeError) -> Self {
        Self::Handshake(error)
    }
}

impl From<TlsError> for ServeError {
    fn from(error: TlsError) -> Self {
        Self::Tls(error)
    }
}

impl From<io::Error> for ServeError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A plugin that listens and is not announced yet.
pub struct Plugin {
    endpoint: Endpoint,
    tls: Option<Arc<ServerConfig>>,
    announcement: Announcement,
}

impl Plugin {
    /// Listens as Terraform wants it, to speak this version of the protocol.
    ///
    /// # Errors
    /// When there is no place to listen at, or no TLS although Terraform asks for it.
    pub async fn listen(invitation: &Invitation, version: u16) -> Result<Self, ServeError> {
        let endpoint = Endpoint::bind(invitation).await?;
        let (tls, certificate) = match &invitation.client_certificate {
            Some(client) => {
                let identity = Identity::new()?;
                (Some(tls::server(&identity, client.clone())?), Some(identity.certificate().to_vec()))
            }
            None => (None, None),
        };
        let announcement = Announcement { version, address: endpoint.address().clone(), certificate };
        Ok(Self { endpoint, tls, announcement })
    }

    /// How it can be reached.
    #[must_use]
    pub fn announcement(&self) -> &Announcement {
        &self.announcement
    }

    /// Prints the line that Terraform waits for: the only thing that ever goes to standard output.
    ///
    /// # Errors
    /// When nobody reads it.
    pub fn announce(&self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        writeln!(out, "{}", self.announcement)?;
        out.flush()
    }

    /// Serves every connection with `service` until the end is asked for, or the last connection is closed.
    ///
    /// # Errors
    /// When nothing can be accepted any more.
    pub async fn serve<S, B>(self, service: S, end: Arc<Notify>) -> Result<(), ServeError>
    where
        S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
        S::Future: Send + 'static,
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let mut connections = JoinSet::new();
        let mut served = false;
        loop {
            let none_came = tokio::time::sleep(FIRST_CONNECTION);
            tokio::select! {
                accepted = self.endpoint.accept() => {
                    let (stream, tls, service) = (accepted?, self.tls.clone(), service.clone());
                    connections.spawn(async move { serve_maybe_secured(stream, tls, service).await });
                }
                Some(ended) = connections.join_next() => {
                    served = served || ended.unwrap_or(false);
                    if served && connections.is_empty() {
                        return Ok(());
                    }
                }
                () = end.notified() => {
                    tokio::time::sleep(GRACE).await;
                    return Ok(());
                }
                () = none_came, if connections.is_empty() => return Ok(()),
            }
        }
    }
}

/// Serves one connection; whether it was one of the right client.
async fn serve_maybe_secured<S, B>(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    tls: Option<Arc<ServerConfig>>,
    service: S,
) -> bool
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send + 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    match tls {
        None => serve_connection(stream, service).await.is_ok(),
        Some(config) => match TlsAcceptor::from(config).accept(stream).await {
            Ok(stream) => {
                // However it ends, the client is gone then.
                drop(serve_connection(stream, service).await);
                true
            }
            Err(_) => false,
        },
    }
}

/// Serves HTTP/2 on one connection until it is closed. Nothing bounds the size of a body here.
///
/// # Errors
/// When the connection breaks, or the other side does not speak HTTP/2.
pub async fn serve_connection<S, B>(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    service: S,
) -> Result<(), hyper::Error>
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Send + 'static,
    S::Future: Send + 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    http2::Builder::new(TokioExecutor::new())
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(WINDOW)
        .serve_connection(TokioIo::new(stream), service)
        .await
}
