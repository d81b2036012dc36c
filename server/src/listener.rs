//! Accepts connections: without Nagle's delay, and without spinning when the process has no descriptors left.

use std::io;
use std::time::Duration;

use poem::http::uri::Scheme;
use poem::listener::Acceptor;
use poem::web::{LocalAddr, RemoteAddr};
use tokio::net::{TcpListener, TcpStream};

const PAUSE: Duration = Duration::from_millis(50);

/// A bound port.
pub(crate) struct Port(pub(crate) TcpListener);

impl Acceptor for Port {
    type Io = TcpStream;

    fn local_addr(&self) -> Vec<LocalAddr> {
        self.0.local_addr().map(|address| LocalAddr(address.into())).into_iter().collect()
    }

    async fn accept(&mut self) -> io::Result<(TcpStream, LocalAddr, RemoteAddr, Scheme)> {
        match self.0.accept().await {
            Ok((stream, remote)) => {
                // An answer of one small packet must not wait for the client's acknowledgement.
                stream.set_nodelay(true)?;
                let local = stream.local_addr()?;
                Ok((stream, LocalAddr(local.into()), RemoteAddr(remote.into()), Scheme::HTTP))
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(PAUSE).await;
                Err(error)
            }
        }
    }
}
