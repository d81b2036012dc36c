//! One WebSocket per tab, `graphql-transport-ws`, shared by every subscription: handshake with the access token,
//! ping, reconnect with back-off and jitter, subscriptions sent again with a payload made anew (so that they resume).
//! Knows the protocol, nothing of what the subscriptions mean.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::{Rc, Weak},
};

use futures::{
    FutureExt, SinkExt, StreamExt,
    channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded},
    select_biased,
};
use gloo_events::EventListener;
use gloo_net::websocket::{Message, WebSocketError, futures::WebSocket};
use gloo_timers::future::TimeoutFuture;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Client;

const HANDSHAKE_MS: u32 = 10_000;
const PING_EVERY_MS: u32 = 12_000;
const LONGEST_PAUSE_MS: f64 = 20_000.0;

/// What the person should know about the live connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConnectionState {
    /// No live connection is wanted: nobody is signed in.
    #[default]
    Idle,
    /// On the way for the first time.
    Connecting,
    /// Live.
    Connected,
    /// Lost, being mended.
    Reconnecting,
    /// The browser says that there is no network.
    Offline,
}

/// What a subscription hears.
pub enum Incoming {
    /// The `payload` of a `next` message.
    Next(Value),
    /// The server refused or ended the subscription; `true` when asking again makes sense.
    Ended {
        /// Whether to subscribe again.
        again: bool,
    },
}

struct Subscription {
    /// Makes the payload of `subscribe`; called at every connect, so that it can carry the newest cursor.
    payload: Box<dyn Fn() -> Value>,
    handler: Rc<dyn Fn(Incoming)>,
}

enum Command {
    Subscribe(u32),
    Complete(u32),
    /// Connect anew at once: a new token, or the network is back.
    Reconnect,
    Close,
}

struct Inner {
    client: Client,
    commands: UnboundedSender<Command>,
    subscriptions: RefCell<BTreeMap<u32, Subscription>>,
    next_id: Cell<u32>,
    on_state: Box<dyn Fn(ConnectionState)>,
    network: RefCell<Vec<EventListener>>,
}

/// The connection; closes when dropped.
pub struct Socket(Rc<Inner>);

impl Socket {
    /// Opens the connection and keeps it open. `on_state` hears every change of its state.
    #[must_use]
    pub fn open(client: Client, on_state: impl Fn(ConnectionState) + 'static) -> Self {
        let (commands, receiver) = unbounded();
        let inner = Rc::new(Inner {
            client,
            commands,
            subscriptions: RefCell::default(),
            next_id: Cell::new(1),
            on_state: Box::new(on_state),
            network: RefCell::default(),
        });
        inner.watch_network();
        wasm_bindgen_futures::spawn_local(keep_open(Rc::downgrade(&inner), receiver));
        Self(inner)
    }

    /// Adds a subscription. `payload` is called at every connect and answers `{query, variables}`.
    pub fn subscribe(&self, payload: impl Fn() -> Value + 'static, handler: impl Fn(Incoming) + 'static) -> u32 {
        let id = self.0.next_id.replace(self.0.next_id.get() + 1);
        let subscription = Subscription { payload: Box::new(payload), handler: Rc::new(handler) };
        self.0.subscriptions.borrow_mut().insert(id, subscription);
        self.0.send(Command::Subscribe(id));
        id
    }

    /// Sends a subscription again, with a fresh payload.
    pub fn resubscribe(&self, id: u32) {
        self.0.send(Command::Subscribe(id));
    }

    /// Ends a subscription.
    pub fn unsubscribe(&self, id: u32) {
        self.0.subscriptions.borrow_mut().remove(&id);
        self.0.send(Command::Complete(id));
    }

    /// Connects anew, for a new token; subscriptions resume where they were.
    pub fn reconnect(&self) {
        self.0.send(Command::Reconnect);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.0.send(Command::Close);
    }
}

impl Inner {
    fn send(&self, command: Command) {
        // The receiver is gone only when the connection was closed for good.
        let _ = self.commands.unbounded_send(command);
    }

    fn watch_network(self: &Rc<Self>) {
        let Some(window) = web_sys::window() else { return };
        let inner = Rc::downgrade(self);
        let online = EventListener::new(&window, "online", move |_| {
            if let Some(inner) = inner.upgrade() {
                inner.send(Command::Reconnect);
            }
        });
        let inner = Rc::downgrade(self);
        let offline = EventListener::new(&window, "offline", move |_| {
            if let Some(inner) = inner.upgrade() {
                (inner.on_state)(ConnectionState::Offline);
            }
        });
        *self.network.borrow_mut() = vec![online, offline];
    }

    fn subscribe_message(&self, id: u32) -> Option<String> {
        let subscriptions = self.subscriptions.borrow();
        let payload = (subscriptions.get(&id)?.payload)();
        Some(json!({ "id": id.to_string(), "type": "subscribe", "payload": payload }).to_string())
    }

    fn hear(&self, id: &str, incoming: Incoming) {
        let Ok(id) = id.parse::<u32>() else { return };
        // The handler may subscribe or unsubscribe, so the map is not borrowed while it runs.
        let handler = self.subscriptions.borrow().get(&id).map(|subscription| subscription.handler.clone());
        if let Some(handler) = handler {
            handler(incoming);
        }
    }
}

/// Why a connection ended.
enum End {
    Closed,
    Renew,
    Refused,
    Lost { was_connected: bool },
}

#[derive(Deserialize)]
struct ServerMessage {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    payload: Value,
}

async fn keep_open(inner: Weak<Inner>, mut commands: UnboundedReceiver<Command>) {
    let mut attempt = 0_i32;
    let mut first = true;
    loop {
        let Some(inner) = inner.upgrade() else { return };
        if first {
            (inner.on_state)(ConnectionState::Connecting);
        }
        let mut in_a_hurry = true;
        match one_connection(&inner, &mut commands).await {
            End::Closed => return,
            End::Renew => {
                attempt = 0;
                continue;
            }
            End::Refused => {
                if matches!(inner.client.renew().await, Ok(None)) {
                    (inner.on_state)(ConnectionState::Idle);
                    return;
                }
                // The renewal itself asks for a new connection; a server that refuses every token must not be hammered.
                in_a_hurry = false;
                attempt += 1;
            }
            End::Lost { was_connected } => attempt = if was_connected { 1 } else { attempt + 1 },
        }
        first = false;
        let online = web_sys::window().is_none_or(|window| window.navigator().on_line());
        (inner.on_state)(if online { ConnectionState::Reconnecting } else { ConnectionState::Offline });
        drop(inner);
        if pause(attempt, in_a_hurry, &mut commands).await {
            return;
        }
    }
}

/// Waits before the next attempt: doubling, with jitter on the upper half; cut short by a wish to reconnect when
/// `in_a_hurry`. True when the socket is to be closed.
async fn pause(attempt: i32, in_a_hurry: bool, commands: &mut UnboundedReceiver<Command>) -> bool {
    let ceiling = (500.0 * 2_f64.powi(attempt.min(10) - 1)).min(LONGEST_PAUSE_MS);
    let mut timer = TimeoutFuture::new((ceiling * (0.5 + 0.5 * js_sys::Math::random())) as u32).fuse();
    loop {
        select_biased! {
            command = commands.next() => match command {
                None | Some(Command::Close) => return true,
                Some(Command::Reconnect) if in_a_hurry => return false,
                Some(Command::Reconnect) => {}
                // Every subscription is sent at the next connect anyway.
                Some(Command::Subscribe(_) | Command::Complete(_)) => {}
            },
            () = timer => return false,
        }
    }
}

async fn one_connection(inner: &Rc<Inner>, commands: &mut UnboundedReceiver<Command>) -> End {
    let Some(token) = inner.client.fresh_token().await else { return End::Refused };
    let Ok(mut socket) = WebSocket::open_with_protocol(&address(), "graphql-transport-ws") else {
        return End::Lost { was_connected: false };
    };
    let hello = json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } });
    if socket.send(Message::Text(hello.to_string())).await.is_err() {
        return End::Lost { was_connected: false };
    }
    let mut connected = false;
    let mut waiting_for_pong = false;
    let mut timer = TimeoutFuture::new(HANDSHAKE_MS).fuse();
    loop {
        let mut out: Vec<String> = Vec::new();
        select_biased! {
            command = commands.next() => match command {
                None | Some(Command::Close) => return End::Closed,
                Some(Command::Reconnect) => return End::Renew,
                Some(Command::Subscribe(id)) if connected => out.extend(inner.subscribe_message(id)),
                Some(Command::Complete(id)) if connected => {
                    out.push(json!({ "id": id.to_string(), "type": "complete" }).to_string());
                }
                Some(Command::Subscribe(_) | Command::Complete(_)) => {}
            },
            frame = socket.next().fuse() => match frame {
                Some(Ok(Message::Text(text))) => {
                    waiting_for_pong = false;
                    timer = TimeoutFuture::new(if connected { PING_EVERY_MS } else { HANDSHAKE_MS }).fuse();
                    let Ok(message) = serde_json::from_str::<ServerMessage>(&text) else { continue };
                    if message.kind == "connection_ack" {
                        connected = true;
                        (inner.on_state)(ConnectionState::Connected);
                        let ids: Vec<u32> = inner.subscriptions.borrow().keys().copied().collect();
                        out.extend(ids.into_iter().filter_map(|id| inner.subscribe_message(id)));
                    } else {
                        out.extend(answer(inner, message));
                    }
                }
                Some(Ok(Message::Bytes(_))) => {}
                Some(Err(WebSocketError::ConnectionClose(close))) if matches!(close.code, 4401 | 4403) => {
                    return End::Refused;
                }
                Some(Err(_)) | None => return End::Lost { was_connected: connected },
            },
            () = timer => {
                if waiting_for_pong || !connected {
                    return End::Lost { was_connected: connected };
                }
                waiting_for_pong = true;
                timer = TimeoutFuture::new(PING_EVERY_MS).fuse();
                out.push(json!({ "type": "ping" }).to_string());
            }
        }
        for message in out {
            if socket.send(Message::Text(message)).await.is_err() {
                return End::Lost { was_connected: connected };
            }
        }
    }
}

/// Hands a message to its subscription; what is to be sent back, if anything.
fn answer(inner: &Inner, message: ServerMessage) -> Option<String> {
    match message.kind.as_str() {
        "ping" => return Some(json!({ "type": "pong" }).to_string()),
        "next" => inner.hear(&message.id, Incoming::Next(message.payload)),
        "error" => {
            let code = message.payload.pointer("/0/extensions/code").and_then(Value::as_str).unwrap_or_default();
            inner.hear(&message.id, Incoming::Ended { again: code != "FORBIDDEN" });
        }
        "complete" => inner.hear(&message.id, Incoming::Ended { again: true }),
        _ => {}
    }
    None
}

fn address() -> String {
    let location = web_sys::window().map(|window| window.location());
    let host = location.as_ref().and_then(|location| location.host().ok()).unwrap_or_default();
    let secure = location.and_then(|location| location.protocol().ok()).is_some_and(|protocol| protocol == "https:");
    format!("{}://{host}/graphql", if secure { "wss" } else { "ws" })
}
