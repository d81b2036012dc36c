//! The floor: a WebSocket server that does nothing but send. One task per socket, one broadcast channel, and a Redis
//! subscription whose messages go out as they are.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use futures::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use tokio_tungstenite::accept_hdr_async_with_config;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Bytes, Message, Utf8Bytes};

/// The channel of Redis that it forwards.
pub const CHANNEL: &str = "bare";
/// Messages that wait for a socket, as many as in the product.
const QUEUE: usize = 256;
/// What may gather before it is written, as in the product; each message is flushed.
const WRITE_BUFFER: usize = 16 * 1024;

/// Serves until it is killed. `read_buffer` is what the library reserves for each socket, in bytes.
pub async fn serve(listen: SocketAddr, redis_url: &str, read_buffer: usize) -> Result<()> {
    let (sender, _) = broadcast::channel(QUEUE);
    let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let client = redis::Client::open(redis_url)?;
    let mut messages = client.get_async_pubsub().await?;
    messages.subscribe(CHANNEL).await?;
    let forward = sender.clone();
    let config = WebSocketConfig::default().read_buffer_size(read_buffer).write_buffer_size(WRITE_BUFFER);
    tokio::spawn(async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            // A socket that fails is the other side's loss.
            let sender = sender.clone();
            tokio::spawn(async move { socket(stream, sender, config).await.ok() });
        }
    });
    let mut stream = messages.on_message();
    while let Some(message) = stream.next().await {
        let payload: Vec<u8> = message.get_payload()?;
        // Nobody listening is no error.
        let _ = forward.send(Utf8Bytes::try_from(Bytes::from(payload))?);
    }
    Ok(())
}

#[expect(clippy::result_large_err, reason = "the library's callback")]
fn spoken(_: &Request, mut response: Response) -> Result<Response, ErrorResponse> {
    response.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
    Ok(response)
}

async fn socket(stream: TcpStream, sender: broadcast::Sender<Utf8Bytes>, config: WebSocketConfig) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut socket = accept_hdr_async_with_config(stream, spoken, Some(config)).await?;
    // The client says hello and what it wants, as to the others; it gets the same here whatever it says.
    socket.next().await.context("no hello")??;
    socket.send(Message::text(r#"{"type":"connection_ack"}"#)).await?;
    socket.next().await.context("no wish")??;
    let mut receiver = sender.subscribe();
    drop(sender);
    loop {
        tokio::select! {
            text = receiver.recv() => socket.send(Message::Text(text?)).await?,
            heard = socket.next() => { heard.context("closed")??; }
        }
    }
}
