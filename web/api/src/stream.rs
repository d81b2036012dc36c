//! A live stream on the tab's socket: subscribed once, resumed by cursor after every break, each change handed on once.
//! Where the server can no longer replay a gap, the listener is told to read again. What is streamed is a [`Source`].

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use gloo_timers::{callback::Timeout, future::TimeoutFuture};
use serde_json::Value;

use crate::{
    ApiError, Client,
    client::unwrap_answer,
    cursor::{GoOn, Place},
    socket::{Incoming, Socket},
};

const LONGEST_PAUSE_MS: u32 = 10_000;

/// What the screens hear.
#[derive(Clone, Debug)]
pub enum Told<T> {
    /// Something changed, or came to be.
    Change(T),
    /// Changes were missed and cannot be replayed: read what is shown again.
    Resync,
}

/// One answer of a stream.
pub enum Step<T> {
    /// A change, and the cursor to go on after.
    Change(String, T),
    /// The gap before this cursor cannot be replayed.
    Resync(String),
    /// Something that this version does not know.
    Unknown,
}

/// What a stream is made of: a subscription with an `after` argument.
pub trait Source: 'static {
    /// What the screens are handed.
    type Item: 'static;

    /// `{query, variables}` to go on after the cursor, or from now on without one.
    fn operation(after: Option<String>) -> Value;

    /// Reads the `data` of one answer.
    ///
    /// # Errors
    /// [`ApiError::Server`] when it does not have the shape that was asked for.
    fn read(data: Value) -> Result<Step<Self::Item>, ApiError>;
}

struct Inner<S: Source> {
    client: Client,
    socket: Socket,
    place: RefCell<Place>,
    subscription: Cell<Option<u32>>,
    pause: RefCell<Option<Timeout>>,
    tell: Box<dyn Fn(Told<S::Item>)>,
}

/// The stream; ends when dropped.
pub struct Stream<S: Source>(Rc<Inner<S>>);

impl<S: Source> Stream<S> {
    /// Starts the stream for whoever is signed in, where the session or another stream has come to: a screen that reads afterwards
    /// misses nothing in between.
    #[must_use]
    pub fn start(client: &Client, socket: &Socket, tell: impl Fn(Told<S::Item>) + 'static) -> Self {
        let inner = Rc::new(Inner {
            client: client.clone(),
            socket: socket.clone(),
            place: RefCell::default(),
            subscription: Cell::default(),
            pause: RefCell::default(),
            tell: Box::new(tell),
        });
        match client.reached() {
            Some(cursor) => {
                inner.place.borrow_mut().begin(cursor);
                inner.subscribe();
            }
            None => wasm_bindgen_futures::spawn_local(begin_anew(Rc::downgrade(&inner))),
        }
        Self(inner)
    }
}

impl<S: Source> Drop for Stream<S> {
    fn drop(&mut self) {
        if let Some(id) = self.0.subscription.get() {
            self.0.socket.unsubscribe(id);
        }
    }
}

/// Begins at the newest change that there is, and has the screens read after that is known.
async fn begin_anew<S: Source>(stream: Weak<Inner<S>>) {
    let mut pause_ms = 500;
    let newest = loop {
        let Some(client) = stream.upgrade().map(|inner| inner.client.clone()) else { return };
        match client.live_cursor().await {
            Ok(newest) => break newest,
            Err(ApiError::Forbidden | ApiError::Unauthenticated) => return,
            Err(_) => {}
        }
        TimeoutFuture::new((f64::from(pause_ms) * (0.5 + 0.5 * js_sys::Math::random())) as u32).await;
        pause_ms = (pause_ms * 2).min(LONGEST_PAUSE_MS);
    };
    let Some(inner) = stream.upgrade() else { return };
    inner.place.borrow_mut().begin(newest);
    inner.subscribe();
    (inner.tell)(Told::Resync);
}

impl<S: Source> Inner<S> {
    fn subscribe(self: &Rc<Self>) {
        if let Some(id) = self.subscription.get() {
            return self.socket.resubscribe(id);
        }
        let stream = Rc::downgrade(self);
        let payload = move || S::operation(stream.upgrade().and_then(|inner| inner.place.borrow().cursor().map(str::to_owned)));
        let stream = Rc::downgrade(self);
        let id = self.socket.subscribe(payload, move |incoming| {
            if let Some(inner) = stream.upgrade() {
                inner.hear(incoming);
            }
        });
        self.subscription.set(Some(id));
    }

    fn hear(self: &Rc<Self>, incoming: Incoming) {
        match incoming {
            Incoming::Next(payload) => self.next(payload),
            Incoming::Ended { code } => {
                let go_on = self.place.borrow_mut().ended(code.as_deref());
                let (pause_ms, anew) = match go_on {
                    GoOn::Never => return,
                    GoOn::Resume(pause_ms) => (pause_ms, false),
                    GoOn::Anew(pause_ms) => (pause_ms, true),
                };
                let stream = Rc::downgrade(self);
                let pause = Timeout::new(pause_ms, move || match stream.upgrade() {
                    Some(_) if anew => wasm_bindgen_futures::spawn_local(begin_anew(stream)),
                    Some(inner) => inner.subscribe(),
                    None => {}
                });
                *self.pause.borrow_mut() = Some(pause);
            }
        }
    }

    fn next(&self, payload: Value) {
        let told = match unwrap_answer(payload, 200).and_then(S::read) {
            // It said something that cannot be read: what is shown may be wrong.
            Err(_) => Told::Resync,
            Ok(Step::Unknown) => return,
            Ok(Step::Resync(cursor)) => {
                self.client.reach(&cursor);
                self.place.borrow_mut().begin(cursor);
                Told::Resync
            }
            Ok(Step::Change(cursor, change)) => {
                if !self.place.borrow_mut().reach(&cursor) {
                    return;
                }
                self.client.reach(&cursor);
                Told::Change(change)
            }
        };
        (self.tell)(told);
    }
}
