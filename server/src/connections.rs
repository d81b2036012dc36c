//! Connections: counted, accepted, given to the edge, limited in time, and let finish when the server stops.
//!
//! HTTP/1.1 only. What is in front of a server for real speaks it too, and a connection on which nothing is said is
//! closed by few time limits instead of many. One that says nothing at all costs a task and a descriptor, and no buffer.

mod stream;

use std::convert::Infallible;
use std::io::Write;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hyper::Request as HyperRequest;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use poem::Endpoint;
use poem::http::uri::Scheme;
use poem::web::{LocalAddr, RemoteAddr};
use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep, timeout};

use crate::http::{ConnectionPermit, Front, Full};
use stream::Held;

/// How long a client may take from the beginning of its silence between two requests to the end of the next one's head.
const HEAD_LIMIT: Duration = Duration::from_secs(60);
/// Most bytes of a request's head, and of what is read ahead of a body.
const BUFFER_MAX: usize = 32 * 1024;
/// What to wait when the process has no descriptors left, instead of spinning.
const PAUSE: Duration = Duration::from_millis(50);

/// How long a server that stops goes on as before: what a client had sent before it could know is still read and answered.
const LINGER: Duration = Duration::from_millis(250);

/// What a client hears that is not let in.
const SERVER_FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
const ADDRESS_FULL: &[u8] = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// Raises the limit of open files as far as the system lets this process, and answers it; none where there is no limit.
pub(crate) fn open_files() -> Option<u64> {
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        let raised = rustix::process::Rlimit { current: limit.maximum, maximum: limit.maximum };
        match setrlimit(Resource::Nofile, raised) {
            Ok(()) => limit = getrlimit(Resource::Nofile),
            Err(error) => tracing::warn!(%error, "the limit of open files could not be raised"),
        }
    }
    limit.current
}

/// Serves until a quarter of a second after `stopping` turned true, then takes no more connections and lets requests under
/// way finish.
pub(crate) async fn serve(listener: TcpListener, front: Front, mut stopping: watch::Receiver<bool>) {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_LIMIT).max_buf_size(BUFFER_MAX);
    let (open, mut all_closed) = mpsc::channel(1);
    let (close, closing) = watch::channel(false);
    let mut over = pin!(async move {
        stopped(&mut stopping).await;
        sleep(LINGER).await;
    });
    loop {
        let accepted = tokio::select! {
            () = &mut over => break,
            accepted = accept(&listener) => accepted,
        };
        let Some((stream, local, remote)) = accepted else {
            sleep(PAUSE).await;
            continue;
        };
        let from = remote.as_socket_addr().map_or(IpAddr::from([0, 0, 0, 0]), |address| address.ip());
        let permit = match front.connection(from) {
            Ok(permit) => permit,
            Err(full) => {
                turn_away(stream, full);
                continue;
            }
        };
        let connection = Connection { front: front.clone(), local, remote, closing: closing.clone(), _open: open.clone() };
        tokio::spawn(connection.serve(builder.clone(), stream, permit));
    }
    close.send_replace(true);
    drop((listener, open));
    // Nothing is ever sent: this returns when the last connection has dropped its end.
    let _ = all_closed.recv().await;
}

/// Says why, without waiting for anything, and closes.
fn turn_away(stream: TcpStream, full: Full) {
    let words = if full == Full::Server { SERVER_FULL } else { ADDRESS_FULL };
    let said = stream.into_std().and_then(|mut stream| {
        stream.write_all(words)?;
        stream.shutdown(std::net::Shutdown::Write)
    });
    if let Err(error) = said {
        tracing::debug!(%error, "a client that was turned away did not hear why");
    }
}

struct Connection {
    front: Front,
    local: LocalAddr,
    remote: RemoteAddr,
    closing: watch::Receiver<bool>,
    _open: mpsc::Sender<Infallible>,
}

impl Connection {
    async fn serve(mut self, builder: http1::Builder, stream: TcpStream, permit: ConnectionPermit) {
        let patience = self.front.patience();
        stream::give_up_after(&stream, patience);
        // Before anything is reserved for a client that may never speak.
        let spoke = tokio::select! {
            biased;
            spoke = timeout(patience, stream.readable()) => spoke.is_ok_and(|readable| readable.is_ok()),
            () = stopped(&mut self.closing) => false,
        };
        if spoke {
            Box::pin(self.converse(builder, Held::new(stream, permit), patience)).await;
        }
    }

    async fn converse(mut self, builder: http1::Builder, stream: Held<TcpStream, ConnectionPermit>, patience: Duration) {
        let (front, local, remote) = (self.front, self.local, self.remote);
        let asked = Arc::new(AtomicBool::new(false));
        let has_asked = asked.clone();
        let service = service_fn(move |request: HyperRequest<Incoming>| {
            asked.store(true, Ordering::Relaxed);
            let (front, local, remote) = (front.clone(), local.clone(), remote.clone());
            async move {
                let response = front.get_response((request, local, remote, Scheme::HTTP).into()).await;
                Ok::<_, Infallible>(hyper::Response::from(response))
            }
        });
        let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service).with_upgrades());
        let mut first_head = pin!(sleep(patience));
        let (mut waiting, mut closing) = (true, false);
        let ended = loop {
            // The connection first: a request that is there is read before the connection is told to close.
            tokio::select! {
                biased;
                ended = connection.as_mut() => break ended,
                () = stopped(&mut self.closing), if !closing => {
                    // What is under way is answered; a connection that waits for the next request is closed.
                    closing = true;
                    connection.as_mut().graceful_shutdown();
                }
                () = first_head.as_mut(), if waiting => {
                    waiting = false;
                    if !has_asked.load(Ordering::Relaxed) {
                        tracing::debug!("a client took too long over the head of its first request");
                        return;
                    }
                }
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
