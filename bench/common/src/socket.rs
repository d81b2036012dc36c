//! One WebSocket that speaks `graphql-transport-ws`.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::{Message, WebSocketConfig};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

const OPEN_LIMIT: Duration = Duration::from_secs(10);

/// What came over a socket.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// A message, as text.
    Text(String),
    /// The other side closed it with this code and reason.
    Closed(u16, String),
    /// It broke without a word.
    Broken(String),
}

/// A socket.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    local: u16,
}

impl Socket {
    /// Connects and upgrades. `receive_buffer` makes the kernel's buffer that many bytes, so that the other side notices soon
    /// when nobody reads.
    pub async fn open(to: SocketAddr, receive_buffer: Option<u32>) -> Result<Self> {
        timeout(OPEN_LIMIT, Self::upgrade(to, receive_buffer)).await.context("the socket does not open in time")?
    }

    async fn upgrade(to: SocketAddr, receive_buffer: Option<u32>) -> Result<Self> {
        let tcp = TcpSocket::new_v4()?;
        if let Some(bytes) = receive_buffer {
            tcp.set_recv_buffer_size(bytes)?;
        }
        let tcp = tcp.connect(to).await?;
        tcp.set_nodelay(true)?;
        let local = tcp.local_addr()?.port();
        let mut request = format!("ws://{to}/graphql").into_client_request()?;
        request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse()?);
        let config = WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(0);
        let (stream, _) = client_async_with_config(request, tcp, Some(config)).await?;
        Ok(Self { stream, local })
    }

    /// Connects, introduces itself and waits for the acknowledgement.
    pub async fn introduced(to: SocketAddr, token: &str, receive_buffer: Option<u32>) -> Result<Self> {
        let mut socket = Self::open(to, receive_buffer).await?;
        socket.say(&json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } })).await?;
        match timeout(OPEN_LIMIT, socket.hear()).await.context("no acknowledgement in time")? {
            Heard::Text(text) if text.contains("connection_ack") => Ok(socket),
            Heard::Closed(code, reason) => bail!("closed with {code} {reason}"),
            other => bail!("{other:?}"),
        }
    }

    /// The port of our end.
    pub fn local_port(&self) -> u16 {
        self.local
    }

    /// Sends a message.
    pub async fn say(&mut self, message: &Value) -> Result<()> {
        Ok(self.stream.send(Message::text(message.to_string())).await?)
    }

    /// Sends text as it is.
    pub async fn say_text(&mut self, text: String) -> Result<()> {
        Ok(self.stream.send(Message::text(text)).await?)
    }

    /// Starts an operation.
    pub async fn subscribe(&mut self, id: &str, query: &str, variables: Value) -> Result<()> {
        self.say(&json!({ "id": id, "type": "subscribe", "payload": { "query": query, "variables": variables } })).await
    }

    /// The next message, or how it ended. Pings are answered. Safe to drop while waiting.
    pub async fn hear(&mut self) -> Heard {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => return Heard::Text(text.as_str().to_owned()),
                Some(Ok(Message::Close(Some(frame)))) => return Heard::Closed(frame.code.into(), frame.reason.as_str().to_owned()),
                Some(Ok(Message::Close(None))) => return Heard::Closed(1005, String::new()),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Heard::Broken(error.to_string()),
                None => return Heard::Broken("the stream ended".to_owned()),
            }
        }
    }

    /// Ends it without a word to the other side's program, as a cut line does: the kernel resets the connection.
    pub fn cut(self) {
        let _ = self.stream.get_ref().set_zero_linger();
    }
}
