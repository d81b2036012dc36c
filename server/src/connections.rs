//! Connections: accepted, given to the edge, limited in time, and let finish when the server stops.
//!
//! HTTP/1.1 only. What is in front of a server for real speaks it too, and a connection on which nothing is said is
//! closed by one time limit instead of several.

use std::convert::Infallible;
use std::time::Duration;

use hyper::Request as HyperRequest;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use poem::Endpoint;
use poem::http::uri::Scheme;
use poem::web::{LocalAddr, RemoteAddr};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::http::Front;

/// How long a client may take from the beginning of its silence to the end of a request's head.
const HEAD_LIMIT: Duration = Duration::from_secs(60);
/// Most bytes of a request's head, and of what is read ahead of a body.
const BUFFER_MAX: usize = 64 * 1024;
/// What to wait when the process has no descriptors left, instead of spinning.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stopping` turns true, then takes no more connections and lets requests under way finish.
pub(crate) async fn serve(listener: TcpListener, front: Front, mut stopping: watch::Receiver<bool>) {
    let graceful = GracefulShutdown::new();
    let mut builder = auto::Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_LIMIT).max_buf_size(BUFFER_MAX);
    loop {
        let accepted = tokio::select! {
            () = stopped(&mut stopping) => break,
            accepted = accept(&listener) => accepted,
        };
        let Some((stream, local, remote)) = accepted else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let front = front.clone();
        let service = service_fn(move |request: HyperRequest<Incoming>| {
            let (front, addresses) = (front.clone(), (local.clone(), remote.clone()));
            async move {
                let request = (request, addresses.0, addresses.1, Scheme::HTTP).into();
                Ok::<_, Infallible>(hyper::Response::from(front.get_response(request).await))
            }
        });
        let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended badly");
            }
        });
    }
    drop(listener);
    graceful.shutdown().await;
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
