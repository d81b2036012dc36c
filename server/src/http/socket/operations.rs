//! The operations that are open on one socket, each a stream of answers under the client's name for it.

use std::collections::HashMap;
use std::pin::Pin;
use std::time::Instant;

use async_graphql::Response as Answer;
use futures::stream::{AbortHandle, Abortable, BoxStream, SelectAll};
use futures::{Stream, StreamExt};

use crate::http::metrics::Counted;
use crate::http::operation::Kind;

/// Most operations that are open at once on a socket.
pub(super) const OPEN_MAX: usize = 64;

/// An operation that is open.
pub(super) struct Open {
    pub(super) kind: Kind,
    pub(super) since: Instant,
    /// Whether an answer has gone out.
    pub(super) answered: bool,
    turn: u64,
    stop: AbortHandle,
    _counted: Counted,
}

/// What an operation has to say: an answer, or that it is over.
pub(super) struct Event {
    pub(super) id: String,
    pub(super) answer: Option<Answer>,
    turn: u64,
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

    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut Open> {
        self.open.get_mut(id)
    }

    pub(super) fn start(&mut self, id: String, kind: Kind, answers: BoxStream<'static, Answer>, counted: Counted) {
        self.turn += 1;
        let turn = self.turn;
        let (stop, stopped) = AbortHandle::new_pair();
        let name = id.clone();
        let events = answers.map(Some).chain(futures::stream::once(async { None }));
        let events = events.map(move |answer| Event { id: name.clone(), answer, turn });
        self.streams.push(Box::pin(Abortable::new(events, stopped)));
        self.open.insert(id, Open { kind, since: Instant::now(), answered: false, turn, stop, _counted: counted });
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
