//! From a request to a WebSocket. The library's own way copies every message; ours lets one text go to many sockets.

use poem::http::{HeaderMap, Method, StatusCode, header};
use poem::{Body, Request, Response, Upgraded};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use crate::http::graphql::BODY_MAX;

/// The subprotocol that is spoken.
pub(super) const PROTOCOL: &str = "graphql-transport-ws";
/// The library reserves 128 KiB for each socket by itself; messages from clients are short, and the buffer grows with them.
const READ_BUFFER: usize = 1024;
/// What is gathered before it is written, unless nothing more is ready.
const WRITE_BUFFER: usize = 16 * 1024;
const WRITE_BUFFER_MAX: usize = 4 * 1024 * 1024;

/// A WebSocket as the server has it.
pub(super) type Stream = WebSocketStream<Upgraded>;

/// Answers the request for a WebSocket, and serves it beside when it is one; `serve` is told whether the client speaks our
/// subprotocol.
pub(super) fn accept<S, F>(request: &Request, serve: S) -> Response
where
    S: FnOnce(Stream, bool) -> F + Send + 'static,
    F: Future<Output = ()> + Send,
{
    let Some(key) = wanted(request.method(), request.headers()) else {
        return Response::builder().status(StatusCode::BAD_REQUEST).body("This is no request for a WebSocket of version 13.");
    };
    let accepted = derive_accept_key(key);
    let Ok(upgrade) = request.take_upgrade() else {
        return Response::builder().status(StatusCode::BAD_REQUEST).body("This connection cannot become a WebSocket.");
    };
    let spoken = speaks(request.headers());
    tokio::spawn(async move {
        let Ok(connection) = upgrade.await else { return };
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(WRITE_BUFFER)
            .max_write_buffer_size(WRITE_BUFFER_MAX)
            .max_message_size(Some(BODY_MAX))
            .max_frame_size(Some(BODY_MAX));
        serve(WebSocketStream::from_raw_socket(connection, Role::Server, Some(config)).await, spoken).await;
    });
    let response = Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(header::CONNECTION, "upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_ACCEPT, accepted);
    let response = if spoken { response.header(header::SEC_WEBSOCKET_PROTOCOL, PROTOCOL) } else { response };
    response.body(Body::empty())
}

/// The key of a request that is one for a WebSocket.
fn wanted<'a>(method: &Method, headers: &'a HeaderMap) -> Option<&'a [u8]> {
    let upgrades = lists(headers, header::UPGRADE, "websocket") && lists(headers, header::CONNECTION, "upgrade");
    let version = headers.get(header::SEC_WEBSOCKET_VERSION).is_some_and(|version| version == "13");
    headers.get(header::SEC_WEBSOCKET_KEY).filter(|_| *method == Method::GET && upgrades && version).map(|key| key.as_bytes())
}

fn speaks(headers: &HeaderMap) -> bool {
    lists(headers, header::SEC_WEBSOCKET_PROTOCOL, PROTOCOL)
}

/// Whether a header that is a list has that entry, in whatever letters.
fn lists(headers: &HeaderMap, name: header::HeaderName, entry: &str) -> bool {
    let values = headers.get_all(name);
    values.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).any(|value| value.trim().eq_ignore_ascii_case(entry))
}
