//! The live stream of deal changes for one tab: subscribed once, resumed by cursor after every break, each change
//! handed on once. Where the server can no longer replay a gap, the listener is told to read again.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use cynic::{QueryBuilder, SubscriptionBuilder};
use gloo_timers::callback::Timeout;
use serde_json::Value;

use crate::{
    Client,
    client::{SessionChange, decode, unwrap_answer},
    deal::{DealChange, DealChangeEvent, DealChangesSubscription, DealChangesVariables, LastChangeQuery},
    socket::{ConnectionState, Incoming, Socket},
};

/// How many cursors are remembered to drop what is delivered twice.
const REMEMBERED: usize = 512;

/// What the screens hear.
#[derive(Clone, Debug)]
pub enum FeedEvent {
    /// A deal changed, or came to be.
    Change(Rc<DealChange>),
    /// Changes were missed and cannot be replayed: read what is shown again.
    Resync,
}

struct Inner {
    cursor: RefCell<Option<String>>,
    seen: RefCell<VecDeque<String>>,
    socket: RefCell<Option<Socket>>,
    subscription: RefCell<Option<u32>>,
    retry: RefCell<Option<Timeout>>,
    on_event: Box<dyn Fn(FeedEvent)>,
}

/// The stream; ends when dropped.
pub struct DealFeed(Rc<Inner>);

impl DealFeed {
    /// Starts the stream for whoever is signed in. Changes from the moment of the call on are delivered.
    #[must_use]
    pub fn start(client: &Client, on_event: impl Fn(FeedEvent) + 'static, on_state: impl Fn(ConnectionState) + 'static) -> Self {
        let inner = Rc::new(Inner {
            cursor: RefCell::default(),
            seen: RefCell::default(),
            socket: RefCell::default(),
            subscription: RefCell::default(),
            retry: RefCell::default(),
            on_event: Box::new(on_event),
        });
        let weak = Rc::downgrade(&inner);
        client.listen(move |change| {
            if let (SessionChange::Renewed, Some(inner)) = (change, weak.upgrade())
                && let Some(socket) = inner.socket.borrow().as_ref()
            {
                socket.reconnect();
            }
        });
        let (weak, client) = (Rc::downgrade(&inner), client.clone());
        wasm_bindgen_futures::spawn_local(async move {
            // The newest change that there is now: with its cursor nothing falls between the screens' reads and the
            // subscription's start. Without one the subscription starts with what comes next.
            let last = client.run(LastChangeQuery::build(())).await.ok();
            let cursor = last.and_then(|data| data.recent_changes.nodes.into_iter().next()).map(|change| change.cursor);
            if let Some(inner) = weak.upgrade() {
                *inner.cursor.borrow_mut() = cursor;
                inner.open(client, on_state);
            }
        });
        Self(inner)
    }
}

impl Drop for DealFeed {
    fn drop(&mut self) {
        self.0.socket.borrow_mut().take();
    }
}

impl Inner {
    fn open(self: &Rc<Self>, client: Client, on_state: impl Fn(ConnectionState) + 'static) {
        let socket = Socket::open(client, on_state);
        let payload = {
            let weak = Rc::downgrade(self);
            move || {
                let after = weak.upgrade().and_then(|inner| inner.cursor.borrow().clone());
                let operation = DealChangesSubscription::build(DealChangesVariables { filter: None, after });
                serde_json::to_value(&operation).unwrap_or_default()
            }
        };
        let weak = Rc::downgrade(self);
        let id = socket.subscribe(payload, move |incoming| {
            if let Some(inner) = weak.upgrade() {
                inner.hear(incoming);
            }
        });
        *self.subscription.borrow_mut() = Some(id);
        *self.socket.borrow_mut() = Some(socket);
    }

    fn hear(self: &Rc<Self>, incoming: Incoming) {
        match incoming {
            Incoming::Next(payload) => self.next(payload),
            Incoming::Ended { again: false } => {}
            Incoming::Ended { again: true } => {
                // A cursor that the server does not take would be refused for ever.
                self.cursor.borrow_mut().take();
                (self.on_event)(FeedEvent::Resync);
                let weak = Rc::downgrade(self);
                let retry = Timeout::new(3_000, move || {
                    let Some(inner) = weak.upgrade() else { return };
                    if let (Some(socket), Some(id)) = (inner.socket.borrow().as_ref(), *inner.subscription.borrow()) {
                        socket.resubscribe(id);
                    }
                });
                *self.retry.borrow_mut() = Some(retry);
            }
        }
    }

    fn next(&self, payload: Value) {
        let read = unwrap_answer(payload, 200).and_then(decode::<DealChangesSubscription>);
        let Ok(data) = read else { return (self.on_event)(FeedEvent::Resync) };
        match data.deal_changes {
            DealChangeEvent::DealChange(change) => {
                if self.is_new(&change.cursor) {
                    *self.cursor.borrow_mut() = Some(change.cursor.clone());
                    (self.on_event)(FeedEvent::Change(Rc::new(change)));
                }
            }
            DealChangeEvent::ResyncRequired(resync) => {
                *self.cursor.borrow_mut() = Some(resync.cursor);
                (self.on_event)(FeedEvent::Resync);
            }
            DealChangeEvent::Unknown => {}
        }
    }

    fn is_new(&self, cursor: &str) -> bool {
        let mut seen = self.seen.borrow_mut();
        if seen.iter().any(|earlier| earlier == cursor) {
            return false;
        }
        if seen.len() == REMEMBERED {
            seen.pop_front();
        }
        seen.push_back(cursor.to_owned());
        true
    }
}
