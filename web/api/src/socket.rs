//! One WebSocket per tab, `graphql-transport-ws`, shared by every subscription: handshake with the access token, a new
//! token by ping when the session is renewed, reconnect with back-off and jitter, subscriptions sent again with a payload
//! made anew (so that they resume). A tab that nobody looks at lets it go. Knows nothing of what the subscriptions mean.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use futures::{
    FutureExt, StreamExt,
    channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded},
    select_biased,
};
use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Client,
    backoff::{Backoff, Ending},
    client::SessionChange,
    health::{Care, Health},
    presence::{self, Sign},
    wire::{Heard, Wire},
};

/// How long the way from nothing to an acknowledged connection may take.
const HANDSHAKE_MS: u32 = 8_000;
/// An attempt that is older than this is begun anew when the network comes back or somebody looks again.
const STUCK_AFTER_MS: f64 = 3_000.0;
/// A tab that was hidden for so long lets its connection go until it is shown.
const REST_AFTER_MS: f64 = 5.0 * 60_000.0;

/// Changes that come in a burst, as after a break, are handed on together, so often: drawing each by itself would take
/// longer than reading it again.
const TOGETHER_MS: f64 = 200.0;

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
    /// Let go, because nobody looks; taken up where it was as soon as somebody does.
    Resting,
    /// Lost, being mended.
    Reconnecting,
    /// The browser says that there is no network.
    Offline,
}

/// What a subscription hears.
pub enum Incoming {
    /// The `payload` of a `next` message.
    Next(Value),
    /// The server ended the subscription.
    Ended {
        /// The code of the error that ended it; none when it was simply complete.
        code: Option<String>,
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
    /// The session has a new token.
    Renew,
    /// The network is back, or somebody looks again.
    Wake,
    /// The page is left.
    Leave,
    Close,
}

struct Inner {
    client: Client,
    commands: UnboundedSender<Command>,
    subscriptions: RefCell<BTreeMap<u32, Subscription>>,
    /// Those that the server knows of on the present connection.
    open: RefCell<BTreeSet<u32>>,
    next_id: Cell<u32>,
    on_state: Box<dyn Fn(ConnectionState)>,
    link: Cell<ConnectionState>,
    hidden_since: Cell<Option<f64>>,
    signs: RefCell<Vec<EventListener>>,
}

/// A handle on the connection, cheap to clone; it closes when the last one is dropped.
#[derive(Clone)]
pub struct Socket(Rc<Handle>);

struct Handle(Rc<Inner>);

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.signs.borrow_mut().clear();
        self.0.send(Command::Close);
    }
}

impl Socket {
    /// Opens the connection and keeps it open. `on_state` hears every change of its state.
    #[must_use]
    pub fn open(client: &Client, on_state: impl Fn(ConnectionState) + 'static) -> Self {
        let (commands, receiver) = unbounded();
        let inner = Rc::new(Inner {
            client: client.clone(),
            commands,
            subscriptions: RefCell::default(),
            open: RefCell::default(),
            next_id: Cell::new(1),
            on_state: Box::new(on_state),
            link: Cell::default(),
            hidden_since: Cell::new(presence::is_hidden().then(now)),
            signs: RefCell::default(),
        });
        let weak = Rc::downgrade(&inner);
        client.listen(move |change| {
            if let (SessionChange::Renewed, Some(inner)) = (change, weak.upgrade()) {
                inner.send(Command::Renew);
            }
        });
        let weak = Rc::downgrade(&inner);
        *inner.signs.borrow_mut() = presence::watch(move |sign| {
            if let Some(inner) = weak.upgrade() {
                inner.heed(sign);
            }
        });
        inner.set(ConnectionState::Connecting);
        wasm_bindgen_futures::spawn_local(keep_open(inner.clone(), receiver));
        Self(Rc::new(Handle(inner)))
    }

    /// Adds a subscription. `payload` is called at every connect and answers `{query, variables}`.
    pub fn subscribe(&self, payload: impl Fn() -> Value + 'static, handler: impl Fn(Incoming) + 'static) -> u32 {
        let inner = &self.0.0;
        let id = inner.next_id.replace(inner.next_id.get() + 1);
        let subscription = Subscription { payload: Box::new(payload), handler: Rc::new(handler) };
        inner.subscriptions.borrow_mut().insert(id, subscription);
        inner.send(Command::Subscribe(id));
        id
    }

    /// Sends a subscription again that the server has ended, with a fresh payload.
    pub fn resubscribe(&self, id: u32) {
        self.0.0.send(Command::Subscribe(id));
    }

    /// Ends a subscription.
    pub fn unsubscribe(&self, id: u32) {
        self.0.0.subscriptions.borrow_mut().remove(&id);
        self.0.0.send(Command::Complete(id));
    }
}

impl Inner {
    fn send(&self, command: Command) {
        // The receiver is gone only when the connection was closed for good.
        let _ = self.commands.unbounded_send(command);
    }

    fn set(&self, link: ConnectionState) {
        self.link.set(link);
        let offline = link != ConnectionState::Idle && !presence::is_online();
        (self.on_state)(if offline { ConnectionState::Offline } else { link });
    }

    fn heed(&self, sign: Sign) {
        match sign {
            Sign::Hidden => self.hidden_since.set(Some(now())),
            Sign::Leaving => {
                self.hidden_since.set(Some(now()));
                self.send(Command::Leave);
            }
            Sign::Shown => {
                self.hidden_since.set(None);
                self.send(Command::Wake);
            }
            Sign::Online => {
                self.set(self.link.get());
                self.send(Command::Wake);
            }
            Sign::Offline => self.set(self.link.get()),
        }
    }

    /// Whether nobody has looked for so long that nobody waits for news.
    fn may_rest(&self) -> bool {
        self.hidden_since.get().is_some_and(|since| now() - since >= REST_AFTER_MS)
    }

    /// The message that opens a subscription, unless it is open.
    fn opening(&self, id: u32) -> Option<String> {
        let subscriptions = self.subscriptions.borrow();
        let payload = (subscriptions.get(&id)?.payload)();
        let is_new = self.open.borrow_mut().insert(id);
        is_new.then(|| json!({ "id": id.to_string(), "type": "subscribe", "payload": payload }).to_string())
    }

    fn closing(&self, id: u32) -> Option<String> {
        let was_open = self.open.borrow_mut().remove(&id);
        was_open.then(|| json!({ "id": id.to_string(), "type": "complete" }).to_string())
    }

    fn hear(&self, id: &str, incoming: Incoming) {
        let Ok(id) = id.parse::<u32>() else { return };
        if matches!(incoming, Incoming::Ended { .. }) {
            self.open.borrow_mut().remove(&id);
        }
        // The handler may subscribe or unsubscribe, so the map is not borrowed while it runs.
        let handler = self.subscriptions.borrow().get(&id).map(|subscription| subscription.handler.clone());
        if let Some(handler) = handler {
            handler(incoming);
        }
    }

    /// Hands a message to its subscription.
    fn hand_on(&self, message: ServerMessage) {
        match message.kind.as_str() {
            "next" => self.hear(&message.id, Incoming::Next(message.payload)),
            "error" => {
                let code = message.payload.pointer("/0/extensions/code").and_then(Value::as_str).unwrap_or_default();
                self.hear(&message.id, Incoming::Ended { code: Some(code.to_owned()) });
            }
            "complete" => self.hear(&message.id, Incoming::Ended { code: None }),
            _ => {}
        }
    }
}

/// What was heard and is not handed on yet. What is lost with it comes again: no cursor has passed it.
#[derive(Default)]
struct Inbox {
    messages: Vec<ServerMessage>,
    emptied: f64,
}

impl Inbox {
    /// Hands on what there is, unless that was done just now.
    fn empty(&mut self, inner: &Inner) {
        if self.messages.is_empty() || self.wait_ms(now()) > 0.0 {
            return;
        }
        for message in self.messages.drain(..) {
            inner.hand_on(message);
        }
        self.emptied = now();
    }

    fn wait_ms(&self, now: f64) -> f64 {
        // A clock that was set back must not keep anything waiting.
        (self.emptied + TOGETHER_MS - now).min(TOGETHER_MS)
    }

    /// When to look again, in milliseconds, if there is anything to wait for.
    fn next_look_ms(&self, otherwise: u32) -> u32 {
        if self.messages.is_empty() { otherwise } else { otherwise.min(self.wait_ms(now()).max(0.0).ceil() as u32) }
    }
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

/// How a connection, or the way to it, ended.
enum End {
    /// For good.
    Closed,
    /// Nobody looks.
    Rest,
    /// It does not answer: another one, at once.
    Replace,
    Over {
        ending: Ending,
        /// When it was acknowledged.
        since: Option<f64>,
    },
}

const LOST: End = End::Over { ending: Ending::Lost, since: None };

type Commands = UnboundedReceiver<Command>;

async fn keep_open(inner: Rc<Inner>, mut commands: Commands) {
    let mut backoff = Backoff::default();
    loop {
        let end = if inner.may_rest() { End::Rest } else { one_connection(&inner, &mut commands).await };
        inner.open.borrow_mut().clear();
        let (mut ending, since) = match end {
            End::Closed => return,
            End::Rest => {
                inner.set(ConnectionState::Resting);
                if rest(&inner, &mut commands).await {
                    return;
                }
                backoff.reset();
                inner.set(ConnectionState::Reconnecting);
                continue;
            }
            End::Replace => {
                inner.set(ConnectionState::Reconnecting);
                continue;
            }
            End::Over { ending, since } => (ending, since),
        };
        if ending == Ending::Refused {
            match inner.client.renew().await {
                Ok(Some(_)) => {}
                Ok(None) => return inner.set(ConnectionState::Idle),
                Err(_) => ending = Ending::Lost,
            }
        }
        inner.set(ConnectionState::Reconnecting);
        let lived = since.map_or(0.0, |since| now() - since);
        let pause_ms = backoff.pause_ms(ending, lived, js_sys::Math::random());
        if pause(&inner, pause_ms, ending.may_hurry(), &mut commands).await {
            return;
        }
    }
}

/// Waits before the next attempt; cut short when somebody waits for it and `may_hurry`. True when the socket is to be
/// closed.
async fn pause(inner: &Inner, pause_ms: u32, may_hurry: bool, commands: &mut Commands) -> bool {
    let mut timer = TimeoutFuture::new(pause_ms).fuse();
    loop {
        select_biased! {
            command = commands.next() => match command {
                None | Some(Command::Close) => return true,
                Some(Command::Wake) if may_hurry => return false,
                Some(Command::Leave) => {
                    inner.set(ConnectionState::Resting);
                    return rest(inner, commands).await;
                }
                // Every subscription is sent at the next connect anyway, with the newest token.
                Some(_) => {}
            },
            () = timer => return false,
        }
    }
}

/// Waits until somebody looks. True when the socket is to be closed.
async fn rest(inner: &Inner, commands: &mut Commands) -> bool {
    loop {
        match commands.next().await {
            None | Some(Command::Close) => return true,
            Some(Command::Wake) if inner.hidden_since.get().is_none() => return false,
            Some(_) => {}
        }
    }
}

async fn one_connection(inner: &Inner, commands: &mut Commands) -> End {
    match connect(inner, commands).await {
        Ok((wire, renewed)) => serve(inner, wire, renewed, commands).await,
        Err(end) => end,
    }
}

/// The way to an acknowledged connection; with it, whether the session was renewed after the token went out.
async fn connect(inner: &Inner, commands: &mut Commands) -> Result<(Wire, bool), End> {
    let since = now();
    let Some(token) = inner.client.fresh_token().await else {
        return Err(End::Over { ending: Ending::Refused, since: None });
    };
    let mut wire = Wire::open().ok_or(LOST)?;
    let mut timer = TimeoutFuture::new(HANDSHAKE_MS).fuse();
    let mut renewed = false;
    loop {
        select_biased! {
            command = commands.next() => match command {
                None | Some(Command::Close) => return Err(End::Closed),
                Some(Command::Leave) => return Err(End::Rest),
                Some(Command::Wake) if now() - since >= STUCK_AFTER_MS => return Err(End::Replace),
                Some(Command::Renew) => renewed = true,
                Some(_) => {}
            },
            heard = wire.next().fuse() => match heard {
                Heard::Open => {
                    let hello = json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } });
                    if !wire.send(&hello.to_string()) {
                        return Err(LOST);
                    }
                }
                Heard::Text(text) if serde_json::from_str::<ServerMessage>(&text).is_ok_and(|message| message.kind == "connection_ack") => {
                    return Ok((wire, renewed));
                }
                Heard::Text(_) => {}
                Heard::Closed(code) => return Err(End::Over { ending: Ending::of(code), since: None }),
            },
            () = timer => return Err(LOST),
        }
    }
}

/// Serves the subscriptions until the connection ends.
async fn serve(inner: &Inner, mut wire: Wire, renewed: bool, commands: &mut Commands) -> End {
    let since = now();
    let over = |ending| End::Over { ending, since: Some(since) };
    let mut health = Health::new(since);
    let mut inbox = Inbox::default();
    inner.set(ConnectionState::Connected);
    let ids: Vec<u32> = inner.subscriptions.borrow().keys().copied().collect();
    let mut out: Vec<String> = ids.into_iter().filter_map(|id| inner.opening(id)).collect();
    if renewed {
        inner.send(Command::Renew);
    }
    loop {
        if !out.drain(..).all(|message| wire.send(&message)) {
            // The end of the connection is on its way to be heard, but nobody has to wait for it.
            return over(Ending::Lost);
        }
        inbox.empty(inner);
        let mut timer = TimeoutFuture::new(inbox.next_look_ms(health.next_look_ms(now()))).fuse();
        let care = select_biased! {
            command = commands.next() => match command {
                None | Some(Command::Close) => return End::Closed,
                Some(Command::Leave) => return End::Rest,
                Some(Command::Subscribe(id)) => { out.extend(inner.opening(id)); Care::Nothing }
                Some(Command::Complete(id)) => { out.extend(inner.closing(id)); Care::Nothing }
                Some(Command::Wake) => health.woke(now()),
                Some(Command::Renew) => {
                    if let Some(token) = inner.client.fresh_token().await {
                        health.asked(now());
                        out.push(json!({ "type": "ping", "payload": { "authorization": format!("Bearer {token}") } }).to_string());
                    }
                    Care::Nothing
                }
            },
            heard = wire.next().fuse() => match heard {
                Heard::Text(text) => {
                    health.heard(now());
                    match serde_json::from_str::<ServerMessage>(&text) {
                        Ok(message) if message.kind == "ping" => out.push(json!({ "type": "pong" }).to_string()),
                        Ok(message) if message.kind == "pong" => {
                            if let Some(cursor) = message.payload.get("liveCursor").and_then(Value::as_str) {
                                inner.client.reach(cursor);
                            }
                        }
                        Ok(message) => inbox.messages.push(message),
                        Err(_) => {}
                    }
                    Care::Nothing
                }
                Heard::Open => Care::Nothing,
                Heard::Closed(code) => return over(Ending::of(code)),
            },
            () = timer => health.look(now()),
        };
        match care {
            Care::Nothing if inner.may_rest() => return End::Rest,
            Care::Nothing => {}
            Care::Ping => out.push(json!({ "type": "ping" }).to_string()),
            Care::Replace => return End::Replace,
        }
    }
}

/// The wall clock, in milliseconds since 1970: unlike timers it goes on while the machine sleeps.
fn now() -> f64 {
    js_sys::Date::now()
}
