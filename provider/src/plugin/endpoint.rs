//! Where a plugin listens: a socket in a directory of its own, or a port where there are no sockets.

use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
#[cfg(unix)]
use tokio::net::{UnixListener, UnixStream};

use super::handshake::{Address, Invitation};

/// Ports that are tried when Terraform says none.
#[cfg(not(unix))]
const PORTS: (u16, u16) = (10_000, 25_000);

/// A place to listen at. The socket goes away with it.
#[derive(Debug)]
pub struct Endpoint {
    listener: Listener,
    address: Address,
    /// Made for the socket, and removed with it.
    _directory: Option<PrivateDirectory>,
}

#[derive(Debug)]
enum Listener {
    #[cfg(unix)]
    Unix(UnixListener),
    Tcp(TcpListener),
}

/// A connection that was accepted, or made.
#[derive(Debug)]
pub enum Stream {
    /// Through a socket.
    #[cfg(unix)]
    Unix(UnixStream),
    /// Through a port of this machine.
    Tcp(TcpStream),
}

impl Endpoint {
    /// Listens where Terraform wants it.
    ///
    /// # Errors
    /// When there is no place to listen at.
    pub async fn bind(invitation: &Invitation) -> io::Result<Self> {
        #[cfg(unix)]
        {
            let parent = invitation.socket_directory.clone().unwrap_or_else(std::env::temp_dir);
            Self::in_directory(&parent).await
        }
        #[cfg(not(unix))]
        {
            Self::at_port(invitation.ports.unwrap_or(PORTS)).await
        }
    }

    /// Listens at a socket in a new directory below `parent`.
    ///
    /// # Errors
    /// When the directory or the socket cannot be made.
    #[cfg(unix)]
    pub async fn in_directory(parent: &Path) -> io::Result<Self> {
        let directory = PrivateDirectory::below(parent)?;
        let path = directory.0.join("plugin.sock");
        let listener = Listener::Unix(UnixListener::bind(&path)?);
        Ok(Self { listener, address: Address::Unix(path), _directory: Some(directory) })
    }

    /// Listens at the first free port of this machine.
    ///
    /// # Errors
    /// When none is free.
    pub async fn at_port((low, high): (u16, u16)) -> io::Result<Self> {
        let mut last = io::Error::from(io::ErrorKind::AddrInUse);
        for port in low..=high.max(low) {
            match TcpListener::bind(("127.0.0.1", port)).await {
                Ok(listener) => {
                    let address = Address::Tcp(listener.local_addr()?.to_string());
                    return Ok(Self { listener: Listener::Tcp(listener), address, _directory: None });
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// Where that is.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The next connection.
    ///
    /// # Errors
    /// When nothing can be accepted any more.
    pub async fn accept(&self) -> io::Result<Stream> {
        match &self.listener {
            #[cfg(unix)]
            Listener::Unix(listener) => Ok(Stream::Unix(listener.accept().await?.0)),
            Listener::Tcp(listener) => Ok(Stream::Tcp(listener.accept().await?.0)),
        }
    }
}

impl Stream {
    /// Connects to a plugin.
    ///
    /// # Errors
    /// When nobody listens there.
    pub async fn connect(address: &Address) -> io::Result<Self> {
        match address {
            #[cfg(unix)]
            Address::Unix(path) => Ok(Self::Unix(UnixStream::connect(path).await?)),
            #[cfg(not(unix))]
            Address::Unix(_) => Err(io::Error::from(io::ErrorKind::Unsupported)),
            Address::Tcp(address) => Ok(Self::Tcp(TcpStream::connect(address).await?)),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            #[cfg(unix)]
            Self::Unix(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Tcp(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            #[cfg(unix)]
            Self::Unix(stream) => Pin::new(stream).poll_write(cx, buf),
            Self::Tcp(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            #[cfg(unix)]
            Self::Unix(stream) => Pin::new(stream).poll_flush(cx),
            Self::Tcp(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            #[cfg(unix)]
            Self::Unix(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

/// A directory that only this user may enter, removed when it is dropped.
#[derive(Debug)]
pub struct PrivateDirectory(PathBuf);

impl PrivateDirectory {
    /// Tries with other names before giving up.
    const ATTEMPTS: u32 = 1_000;

    /// A new one.
    ///
    /// # Errors
    /// When none can be made there.
    pub fn below(parent: &Path) -> io::Result<Self> {
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let process = std::process::id();
        // Paths of sockets may be a hundred bytes long, so names are short.
        for attempt in 0..Self::ATTEMPTS {
            let path = parent.join(format!("pal{process}-{attempt}"));
            match builder.create(&path) {
                Ok(()) => return Ok(Self(path)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::from(io::ErrorKind::AlreadyExists))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for PrivateDirectory {
    fn drop(&mut self) {
        // What cannot be removed is left: there is nobody to tell any more.
        drop(std::fs::remove_dir_all(&self.0));
    }
}
