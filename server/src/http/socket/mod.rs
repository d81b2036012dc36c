//! The WebSocket: `graphql-transport-ws` to the letter, one task per socket and no queue that grows.
//!
//! A client that does not read, does not answer pings or does not introduce itself in time is let go; it resumes.

mod messages;
mod operations;
mod session;

use std::sync::Arc;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use poem::http::{StatusCode, header};
use poem::web::websocket::{Message, WebSocket, WebSocketConfig, WebSocketStream};
use poem::{FromRequest, IntoResponse, Request, Response};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};

use super::graphql::BODY_MAX;
use super::metrics::Counted;
use super::{Edge, request};
use messages::Close;
use session::{Origin, Session};

const PROTOCOL: &str = "graphql-transport-ws";
/// How long a client may take to introduce itself.
const INIT_LIMIT: Duration = Duration::from_secs(10);
/// How long a client may take to read one message.
const WRITE_LIMIT: Duration = Duration::from_secs(5);
/// A client is asked this often whether it is there, and its token looked at again.
const PING_EVERY: Duration = Duration::from_secs(20);
/// A client that was silent for so long has gone.
const SILENCE_LIMIT: Duration = Duration::from_secs(50);
/// The library reserves 128 KiB for each socket by itself; messages from clients are short.
const READ_BUFFER: usize = 4 * 1024;
const WRITE_BUFFER_MAX: usize = 4 * 1024 * 1024;

/// Answers the request for a WebSocket.
pub(crate) async fn upgrade(edge: Arc<Edge>, request: Request) -> Response {
    if *edge.stopping.borrow() {
        return Response::builder().status(StatusCode::SERVICE_UNAVAILABLE).finish();
    }
    let offered = request.headers().get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|value| value.to_str().ok());
    let spoken = offered.flat_map(|value| value.split(',')).any(|name| name.trim() == PROTOCOL);
    let origin = Origin { request_id: request::request_id(&request), client_ip: request::client_ip(&edge, &request) };
    let (request, mut body) = request.split();
    let socket = match WebSocket::from_request(&request, &mut body).await {
        Ok(socket) => socket,
        Err(error) => return error.into_response(),
    };
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(WRITE_BUFFER_MAX)
        .max_message_size(Some(BODY_MAX))
        .max_frame_size(Some(BODY_MAX));
    socket
        .config(config)
        .protocols([PROTOCOL])
        .on_upgrade(move |stream| async move {
            let _open = Counted::new(&edge.metrics.sockets);
            let close = if spoken { serve(&edge, stream, origin).await } else { refuse(stream).await };
            tracing::debug!(code = close.code, reason = %close.reason, "a socket was closed");
        })
        .into_response()
}

async fn refuse(mut stream: WebSocketStream) -> Close {
    let close = Close::new(4406, "Subprotocol not acceptable");
    end(&mut stream, &close).await;
    close
}

/// Serves the socket until one side closes it.
async fn serve(edge: &Arc<Edge>, mut stream: WebSocketStream, origin: Origin) -> Close {
    let mut session = Session::new(edge.clone(), origin);
    let mut stopping = edge.stopping.clone();
    let opened = Instant::now();
    let (mut heard, mut pinged) = (opened, opened);
    let close = loop {
        let wake = if session.is_acknowledged() { pinged + PING_EVERY } else { opened + INIT_LIMIT };
        let outgoing = tokio::select! {
            biased;
            () = stopped(&mut stopping) => break Close::new(1012, "Service restart"),
            frame = stream.next() => {
                heard = Instant::now();
                match frame {
                    Some(Ok(Message::Text(text))) => session.hear(&text).await,
                    Some(Ok(Message::Binary(_))) => break Close::new(4400, "Messages are text"),
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                    Some(Ok(Message::Close(_))) | None => return Close::new(1000, "The client closed"),
                    Some(Err(_)) => break Close::new(1009, "The connection broke, or a message was too long"),
                }
            }
            event = session.event() => event.map(|text| vec![Message::text(text)]),
            () = sleep_until(wake) => {
                pinged = Instant::now();
                if !session.is_acknowledged() {
                    break Close::new(4408, "Connection initialisation timeout");
                }
                if heard.elapsed() > SILENCE_LIMIT {
                    return Close::new(1001, "The client is silent");
                }
                session.check().await.map(|()| vec![Message::Ping(Vec::new())])
            }
        };
        let messages = match outgoing {
            Ok(messages) => messages,
            Err(close) => break close,
        };
        for message in messages {
            match timeout(WRITE_LIMIT, stream.send(message)).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return Close::new(1006, "The connection broke"),
                Err(_) => return Close::new(1013, "The client does not read"),
            }
        }
    };
    end(&mut stream, &close).await;
    close
}

/// Returns when the server stops. Of its own, because the guard of the value must not live across an await.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// Says why, and waits a moment for the other side to say the same.
async fn end(stream: &mut WebSocketStream, close: &Close) {
    let _ = timeout(Duration::from_secs(1), async {
        stream.send(Message::close_with(close.code, close.reason.clone())).await.ok()?;
        while let Some(Ok(_)) = stream.next().await {}
        Some(())
    })
    .await;
}
