//! The operations that are open on one socket, each a stream of messages under the client's name for it.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use async_graphql::Response as Answer;
use entente_graphql::{Message, Subscriber};
use futures::stream::{AbortHandle, Abortable, SelectAll, unfold};
use futures::{FutureExt, Stream, StreamExt};
use tokio::task::JoinHandle;

use crate::http::metrics::Counted;
use crate::http::operation::Kind;

/// Most operations that are open at once on a socket.
pub(super) const OPEN_MAX: usize = 64;

/// An operation that is open.
pub(super) struct Open {
    pub(super) kind: Kind,
    pub(super) since: Instant,
    turn: u64,
    stop: AbortHandle,
    _counted: Counted,
}

/// What an operation has to say.
pub(super) struct Event {
    pub(super) id: String,
    pub(super) said: Said,
    turn: u64,
}

/// One thing that an operation says.
pub(super) enum Said {
    /// What a stream told.
    Message(Arc<Message>),
    /// The answer to a query or a mutation; none when its task came to nothing.
    Answer(Option<Box<Answer>>),
    /// That it is over.
    End,
}

/// All of them.
#[derive(Default)]
pub(super) struct Operations {
    open: HashMap<String, Open>,
    streams: SelectAll<Pin<Box<dyn Stream<Item = Event> + Send>>>,
    turn: u64,
}

impl Operations {
    pub(super) fn is_full(&self) -> bool {
        self.open.len() >= OPEN_MAX
    }

    pub(super) fn contains(&self, id: &str) -> bool {
        self.open.contains_key(id)
    }

    /// Whether a query or a mutation is still under way.
    pub(super) fn owe_answers(&self) -> bool {
        self.open.values().any(|open| open.kind != Kind::Subscription)
    }

    /// Follows a subscription.
    pub(super) fn follow(&mut self, id: String, subscriber: Box<Subscriber>, counted: Counted) {
        let told = unfold(subscriber, |mut subscriber| async move { Some((Said::Message(subscriber.next().await?), subscriber)) });
        self.start(id, Kind::Subscription, told, counted);
    }

    /// Waits for an answer. Its work goes on when the socket closes, as a mutation must not end half-way for that.
    pub(super) fn answer(&mut self, id: String, kind: Kind, answer: JoinHandle<Answer>, counted: Counted) {
        let answered = answer.map(|answer| Said::Answer(answer.ok().map(Box::new))).into_stream();
        self.start(id, kind, answered, counted);
    }

    fn start(&mut self, id: String, kind: Kind, said: impl Stream<Item = Said> + Send + 'static, counted: Counted) {
        self.turn += 1;
        let turn = self.turn;
        let (stop, stopped) = AbortHandle::new_pair();
        let name = id.clone();
        let events = said.chain(futures::stream::once(async { Said::End })).map(move |said| Event { id: name.clone(), said, turn });
        self.streams.push(Box::pin(Abortable::new(events, stopped)));
        self.open.insert(id, Open { kind, since: Instant::now(), turn, stop, _counted: counted });
    }

    /// Ends an operation; its stream is dropped without another word.
    pub(super) fn stop(&mut self, id: &str) -> Option<Open> {
        let open = self.open.remove(id)?;
        open.stop.abort();
        Some(open)
    }

    /// The next event of an operation that is still open; waits for ever while there is none. Safe to drop while waiting.
    pub(super) async fn next(&mut self) -> Event {
        loop {
            match self.streams.next().await {
                // An operation that was ended may have an event left, and its name may be in use again.
                Some(event) if self.open.get(&event.id).is_some_and(|open| open.turn == event.turn) => return event,
                Some(_) => {}
                None => std::future::pending().await,
            }
        }
    }
}

impl Drop for Operations {
    fn drop(&mut self) {
        for open in self.open.values() {
            open.stop.abort();
        }
    }
}
