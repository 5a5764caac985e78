//! The other side: connecting to a plugin that was started.

use std::error::Error;
use std::fmt;
use std::io;

use hyper::body::Body;
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;

use super::endpoint::Stream;
use super::handshake::Announcement;
use super::tls::{self, Identity, TlsError};

/// Bytes on their way to us in one stream, and in one connection.
const WINDOW: u32 = 4 << 20;

/// Why a plugin cannot be reached.
#[derive(Debug)]
pub enum ConnectError {
    /// There can be no TLS.
    Tls(TlsError),
    /// Nobody listens there, or not the one who was announced.
    Io(io::Error),
    /// It does not speak HTTP/2.
    Http(hyper::Error),
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tls(error) => error.fmt(f),
            Self::Io(error) => error.fmt(f),
            Self::Http(error) => error.fmt(f),
        }
    }
}

impl Error for ConnectError {}

/// Connects to the plugin that printed this. `identity` is the one whose certificate the plugin was given; a plugin
/// that announces no certificate is spoken to in clear.
///
/// # Errors
/// When it cannot be reached.
pub async fn connect<B>(announcement: &Announcement, identity: &Identity) -> Result<SendRequest<B>, ConnectError>
where
    B: Body + Unpin + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let stream = Stream::connect(&announcement.address).await.map_err(ConnectError::Io)?;
    match &announcement.certificate {
        None => speak(stream).await,
        Some(certificate) => {
            let config = tls::client(identity, certificate.clone()).map_err(ConnectError::Tls)?;
            let connecting = TlsConnector::from(config).connect(tls::server_name(), stream);
            speak(connecting.await.map_err(ConnectError::Io)?).await
        }
    }
}

/// Speaks HTTP/2 on a connection; a task of its own carries it until it is closed.
async fn speak<B>(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> Result<SendRequest<B>, ConnectError>
where
    B: Body + Unpin + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder.initial_stream_window_size(WINDOW).initial_connection_window_size(WINDOW);
    let (sender, connection) = builder.handshake(TokioIo::new(stream)).await.map_err(ConnectError::Http)?;
    // A broken connection is seen by whoever sends on it.
    tokio::spawn(async move { drop(connection.await) });
    Ok(sender)
}
