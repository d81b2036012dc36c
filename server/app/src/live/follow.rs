//! A stream of what a feed tells one audience, in order, each once, from a cursor or from now on. It reads the hub, and the
//! log where it fell behind; what it tells is the feed's business.

use std::sync::Arc;
use std::time::Duration;

use entente_domain::Timestamp;
use entente_domain::policy::Actor;
use entente_live::{Receiver, RecvError};
use futures::Stream;

use super::{Change, with_subjects};
use crate::{App, AppError};

/// Events that a client may be behind and still be told one by one.
pub const REPLAY_MAX: i64 = 2_000;
/// Events read at once while a client catches up.
const BATCH: u32 = 200;

/// What a stream tells of the changes: one per kind of live screen.
pub trait Feed: Send + Sync + 'static {
    /// What is told of one change.
    type Item: Send + 'static;

    /// What to tell this actor of the change; none when it is nothing for the actor or not asked for. Called for every
    /// change and audience, so it only looks at what is in memory.
    fn tell(&self, actor: &Actor, change: &Change) -> Option<Self::Item>;
}

/// From where to where a stream goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Span {
    /// The number of the last event that is known already; none begins with what comes next.
    pub after: Option<i64>,
    /// The stream ends when it has told everything up to this number; none goes on.
    pub until: Option<i64>,
}

/// What a subscriber is told.
#[derive(Debug, Clone)]
pub enum Told<T> {
    /// Something happened.
    Item {
        /// Number of the event: the cursor to resume from.
        seq: i64,
        /// When it happened.
        at: Timestamp,
        /// What the feed says of it.
        item: T,
    },
    /// Too much lies between: read everything again and go on from here.
    Resync {
        /// The cursor to go on from.
        seq: i64,
        /// Why, for a person.
        reason: String,
    },
}

impl<T> Told<T> {
    /// The cursor after which the stream goes on.
    pub fn seq(&self) -> i64 {
        match self {
            Self::Item { seq, .. } | Self::Resync { seq, .. } => *seq,
        }
    }
}

/// What the feed tells this actor. The actor's rights are those given: whoever keeps the stream open watches over them with
/// a [`super::Standing`]. Ends with the span, and when the server stops.
pub fn follow<F: Feed>(app: &App, actor: Actor, feed: F, span: Span) -> impl Stream<Item = Told<F::Item>> + Send + use<F> {
    let follower =
        Follower { receiver: app.hub.subscribe(), pending: Vec::new().into_iter(), app: app.clone(), actor, feed, last: 0, begun: false, span };
    futures::stream::unfold(follower, |mut follower| async move {
        let told = follower.next().await?;
        Some((told, follower))
    })
}

struct Follower<F> {
    app: App,
    actor: Actor,
    feed: F,
    receiver: Receiver<Arc<Change>>,
    pending: std::vec::IntoIter<Arc<Change>>,
    last: i64,
    begun: bool,
    span: Span,
}

impl<F: Feed> Follower<F> {
    async fn next(&mut self) -> Option<Told<F::Item>> {
        if !self.begun {
            self.begun = true;
            if let Err(resync) = self.begin().await {
                return Some(resync);
            }
        }
        loop {
            if let Some(change) = self.pending.next() {
                let seq = change.numbered.seq;
                if seq <= self.last || self.is_over(seq - 1) {
                    continue;
                }
                self.last = seq;
                if let Some(item) = self.feed.tell(&self.actor, &change) {
                    return Some(Told::Item { seq, at: change.numbered.event.occurred_at, item });
                }
                continue;
            }
            if self.is_over(self.last) {
                return None;
            }
            match self.receiver.recv().await {
                Ok((seq, _)) if seq <= self.last => {}
                // A catch-up reads up to the receiver's start; a number beyond the next one would be a hole.
                Ok((_, change)) => self.pending = vec![change].into_iter(),
                Err(RecvError::Lagged(_)) => {
                    if let Err(resync) = self.catch_up().await {
                        return Some(resync);
                    }
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }

    fn is_over(&self, told: i64) -> bool {
        self.span.until.is_some_and(|until| told >= until)
    }

    /// Goes to the place where the stream begins.
    async fn begin(&mut self) -> Result<(), Told<F::Item>> {
        self.last = self.receiver.start();
        let Some(after) = self.span.after else { return Ok(()) };
        // A client that comes from another server may be ahead of this one, but never of the log.
        let app = &self.app;
        let ahead = after > self.last && after <= patiently(|| async move { Ok(app.store.last_seq().await?) }).await;
        if !ahead && !(0..=REPLAY_MAX).contains(&(self.last - after)) {
            return Err(self.resync("The gap since your cursor is too long."));
        }
        self.last = after;
        self.catch_up().await
    }

    /// Reads what lies between the last change told and the hub's place from the store.
    async fn catch_up(&mut self) -> Result<(), Told<F::Item>> {
        let to = self.app.hub.last_seq();
        if to - self.last > REPLAY_MAX {
            return Err(self.resync("The gap is too long."));
        }
        let mut found = Vec::new();
        let mut from = self.last;
        while from < to {
            let app = &self.app;
            let changes = patiently(|| async move { with_subjects(app, app.store.events_after(from, BATCH).await?).await }).await;
            let Some(last) = changes.last() else { break };
            from = last.numbered.seq;
            found.extend(changes);
        }
        self.pending = found.into_iter();
        Ok(())
    }

    fn resync(&mut self, reason: &str) -> Told<F::Item> {
        self.last = self.app.hub.last_seq();
        self.pending = Vec::new().into_iter();
        Told::Resync { seq: self.last, reason: reason.to_owned() }
    }
}

/// Reads until the database answers: a subscriber that waits loses nothing, and could read nothing anew either.
async fn patiently<T, R: Future<Output = Result<T, AppError>>>(read: impl Fn() -> R) -> T {
    let mut pause = Duration::from_millis(50);
    loop {
        match read().await {
            Ok(found) => return found,
            Err(error) => tracing::debug!(%error, "a subscriber waits for the log"),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(1));
    }
}
