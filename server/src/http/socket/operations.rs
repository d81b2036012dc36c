//! The operations that are open on one socket: polled by the socket's own task, one after the other in turn.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use async_graphql::Response as Answer;
use entente_graphql::{Message, Subscriber};
use futures::{FutureExt, StreamExt};
use tokio::task::JoinHandle;

use crate::http::metrics::Counted;
use crate::http::operation::Kind;

/// Most operations that are open at once on a socket.
pub(super) const OPEN_MAX: usize = 64;

/// An operation that is open.
pub(super) struct Open {
    /// The client's name for it.
    pub(super) id: Box<str>,
    pub(super) kind: Kind,
    pub(super) since: Instant,
    source: Source,
    _counted: Counted,
}

enum Source {
    Stream(Box<Subscriber>),
    /// A task of its own: a mutation must not end half-way because its socket closes.
    Answer(JoinHandle<Answer>),
    Answered,
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

/// All of them. Few, nearly always one: a list is the smallest and fastest there is.
#[derive(Default)]
pub(super) struct Operations {
    open: Vec<Open>,
    turn: usize,
}

impl Operations {
    pub(super) fn is_full(&self) -> bool {
        self.open.len() >= OPEN_MAX
    }

    pub(super) fn contains(&self, id: &str) -> bool {
        self.open.iter().any(|open| &*open.id == id)
    }

    /// Whether a query or a mutation is still under way.
    pub(super) fn owe_answers(&self) -> bool {
        self.open.iter().any(|open| open.kind != Kind::Subscription)
    }

    /// Follows a subscription.
    pub(super) fn follow(&mut self, id: String, subscriber: Box<Subscriber>, counted: Counted) {
        self.start(id, Kind::Subscription, Source::Stream(subscriber), counted);
    }

    /// Waits for an answer.
    pub(super) fn answer(&mut self, id: String, kind: Kind, answer: JoinHandle<Answer>, counted: Counted) {
        self.start(id, kind, Source::Answer(answer), counted);
    }

    fn start(&mut self, id: String, kind: Kind, source: Source, counted: Counted) {
        self.open.push(Open { id: id.into(), kind, since: Instant::now(), source, _counted: counted });
    }

    /// Ends the operation of that name without another word.
    pub(super) fn stop(&mut self, id: &str) -> Option<Open> {
        let at = self.open.iter().position(|open| &*open.id == id)?;
        Some(self.open.swap_remove(at))
    }

    /// Ends the operation at that place.
    pub(super) fn stop_at(&mut self, at: usize) -> Open {
        self.open.swap_remove(at)
    }

    /// The operation at the place that [`Operations::poll`] answered.
    pub(super) fn at(&self, at: usize) -> &Open {
        &self.open[at]
    }

    /// The next thing that one of them says, and the place of that one until another is ended.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<(usize, Said)> {
        let count = self.open.len();
        for step in 0..count {
            let at = (self.turn + step) % count;
            if let Poll::Ready(said) = self.open[at].source.poll(context) {
                self.turn = at + 1;
                return Poll::Ready((at, said));
            }
        }
        Poll::Pending
    }
}

impl Source {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Said> {
        match self {
            Self::Stream(subscriber) => subscriber.poll_next_unpin(context).map(|message| message.map_or(Said::End, Said::Message)),
            Self::Answer(task) => task.poll_unpin(context).map(|answer| {
                *self = Self::Answered;
                Said::Answer(answer.ok().map(Box::new))
            }),
            Self::Answered => Poll::Ready(Said::End),
        }
    }
}
