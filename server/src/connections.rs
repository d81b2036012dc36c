//! Connections: accepted, given to the edge, limited in time, and let finish when the server stops.
//!
//! HTTP/1.1 only. What is in front of a server for real speaks it too, and a connection on which nothing is said is
//! closed by one time limit instead of several.

use std::convert::Infallible;
use std::pin::pin;
use std::time::Duration;

use hyper::Request as HyperRequest;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use poem::Endpoint;
use poem::http::uri::Scheme;
use poem::web::{LocalAddr, RemoteAddr};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};

use crate::http::Front;

/// How long a client may take from the beginning of its silence to the end of a request's head.
const HEAD_LIMIT: Duration = Duration::from_secs(60);
/// Most bytes of a request's head, and of what is read ahead of a body.
const BUFFER_MAX: usize = 64 * 1024;
/// What to wait when the process has no descriptors left, instead of spinning.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stopping` turns true, then takes no more connections and lets requests under way finish.
pub(crate) async fn serve(listener: TcpListener, front: Front, mut stopping: watch::Receiver<bool>) {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_LIMIT).max_buf_size(BUFFER_MAX);
    let (open, mut all_closed) = mpsc::channel(1);
    loop {
        let accepted = tokio::select! {
            () = stopped(&mut stopping) => break,
            accepted = accept(&listener) => accepted,
        };
        let Some((stream, local, remote)) = accepted else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let connection = Connection { front: front.clone(), local, remote, stopping: stopping.clone(), _open: open.clone() };
        tokio::spawn(connection.serve(builder.clone(), stream));
    }
    drop((listener, open));
    // Nothing is ever sent: this returns when the last connection has dropped its end.
    let _ = all_closed.recv().await;
}

struct Connection {
    front: Front,
    local: LocalAddr,
    remote: RemoteAddr,
    stopping: watch::Receiver<bool>,
    _open: mpsc::Sender<Infallible>,
}

impl Connection {
    async fn serve(mut self, builder: http1::Builder, stream: TcpStream) {
        let (front, local, remote) = (self.front, self.local, self.remote);
        let service = service_fn(move |request: HyperRequest<Incoming>| {
            let (front, local, remote) = (front.clone(), local.clone(), remote.clone());
            async move {
                let response = front.get_response((request, local, remote, Scheme::HTTP).into()).await;
                Ok::<_, Infallible>(hyper::Response::from(response))
            }
        });
        let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service).with_upgrades());
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = stopped(&mut self.stopping) => {
                // What is under way is answered; a connection that waits for the next request is closed.
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection ended badly");
        }
    }
}

async fn stopped(stopping: &mut watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// The next connection; none when there was none to be had.
async fn accept(listener: &TcpListener) -> Option<(TcpStream, LocalAddr, RemoteAddr)> {
    let accepted = listener.accept().await.and_then(|(stream, remote)| {
        // An answer of one small packet must not wait for the client's acknowledgement.
        stream.set_nodelay(true)?;
        let local = stream.local_addr()?;
        Ok((stream, LocalAddr(local.into()), RemoteAddr(remote.into())))
    });
    accepted.inspect_err(|error| tracing::warn!(%error, "a connection could not be accepted")).ok()
}
