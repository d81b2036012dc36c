//! Gives committed events their numbers, 1, 2, 3 ... without gaps, in the order in which they were committed.
//!
//! One holder of a lease at a time follows the change stream; each batch of numbers, the last number and the place in the
//! stream are written in one transaction that is guarded by the lease, so that two who both think they hold it never
//! number twice. The database's clock says when a lease ends. When the place in the stream is lost, what has no number yet is
//! numbered by time (a deal's events by its versions), and the stream begins anew.

use std::time::Duration;

use bson::{Bson, Timestamp as ClusterTime, doc};
use entente_domain::Timestamp;
use entente_domain::id::EventId;
use futures::FutureExt;
use mongodb::Collection;
use mongodb::change_stream::event::ResumeToken;
use mongodb::options::ReturnDocument;
use tokio::time::Instant;

use crate::bson_as::date;
use crate::connect::{SCHEMA_VERSION, names, transaction_options};
use crate::errors::{duplicate_key, is_history_lost};
use crate::feed::{Fed, Feed};
use crate::number_batch::{Backlog, Batch, Head, RelayDoc, Written, chain, write};
use crate::number_waiting::{first_waiting, waiting};
use crate::transaction::run;
use crate::{Store, StoreError};

/// Most events numbered in one transaction.
const BATCH: usize = 500;
/// How often the place in a quiet stream is written down, in milliseconds.
const QUIET_SAVE_MS: i64 = 30_000;
/// How often it is looked whether an event waits for its number while the stream tells of none; one that waits from one look to
/// the next is never told of.
const SILENCE: Duration = Duration::from_secs(2);

/// What a step of numbering came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbering {
    /// Events were numbered.
    Numbered {
        /// The last number given so far.
        last: i64,
        /// How many this step numbered.
        count: usize,
    },
    /// Nothing new came within the wait.
    Idle {
        /// The last number given so far.
        last: i64,
    },
    /// Another holder has the lease; answered at once.
    NotLeader,
}

/// Gives committed events their numbers while it holds the lease. Keeps the change stream open between steps.
#[derive(Debug)]
pub struct EventNumberer {
    store: Store,
    holder: String,
    lease_ms: i64,
    until: Timestamp,
    head: Head,
    feed: Option<Feed>,
    /// Set while events from before the stream's beginning are numbered; then the place to write down.
    healing: Option<Option<ResumeToken>>,
    saved_at: Timestamp,
    /// When the stream last told of an event, or the last look at what waits while it is silent; and what waited then.
    heard: Instant,
    waited: Option<EventId>,
    /// Set while a step runs: still set when the next begins, the step was broken off with events in its hands.
    busy: bool,
    /// Whether the row of the lease is known to exist.
    made: bool,
}

impl EventNumberer {
    /// A numberer for `holder`, a name that no other numberer has. Must be stepped within `lease_ms` milliseconds, half of
    /// it at most to be safe, or another one takes over.
    pub fn new(store: &Store, holder: &str, lease_ms: i64) -> Self {
        Self {
            store: store.clone(),
            holder: holder.to_owned(),
            lease_ms,
            until: Timestamp::MIN,
            head: Head { last: 0, chained: 0, hash: String::new() },
            feed: None,
            healing: None,
            saved_at: Timestamp::MIN,
            heard: Instant::now(),
            waited: None,
            busy: false,
            made: false,
        }
    }

    /// Takes or renews the lease and numbers what has been committed, at most one batch; waits up to `wait` for the first
    /// event. `now` is this server's own time, for what lies between two steps. After an error, or when the future was dropped, the next step opens the stream again where it was.
    pub async fn step(&mut self, now: Timestamp, wait: Duration) -> Result<Numbering, StoreError> {
        if std::mem::replace(&mut self.busy, true) {
            self.forget();
        }
        let done = self.try_step(now, wait).await;
        if !matches!(done, Ok(Numbering::Numbered { .. } | Numbering::Idle { .. })) {
            self.forget();
        }
        self.busy = false;
        done
    }

    /// Gives the lease back, so that another holder need not wait for its end.
    pub async fn release(&mut self) -> Result<(), StoreError> {
        self.forget();
        let mine = doc! { "_id": names::EVENTS, "holder": &self.holder };
        self.relay().update_one(mine, doc! { "$set": { "until": date(Timestamp::UNIX_EPOCH) } }).await?;
        Ok(())
    }

    fn forget(&mut self) {
        self.feed = None;
        self.healing = None;
        self.until = Timestamp::MIN;
    }

    fn relay(&self) -> Collection<RelayDoc> {
        self.store.of(names::RELAY)
    }

    async fn try_step(&mut self, now: Timestamp, wait: Duration) -> Result<Numbering, StoreError> {
        let half_over = self.until.as_millisecond().saturating_sub(now.as_millisecond()) < self.lease_ms / 2;
        if self.feed.is_none() || half_over {
            let Some(relay) = self.lease(now).await? else { return Ok(Numbering::NotLeader) };
            self.head = relay.head();
            if self.feed.is_none() {
                self.open(relay.resume_token).await?;
            }
        }
        let mut wait = wait;
        if self.head.chained < self.head.last {
            if !self.chain_backlog().await? {
                return Ok(Numbering::NotLeader);
            }
            // The rest of it does not wait for news.
            wait = if self.head.chained < self.head.last { Duration::ZERO } else { wait };
        }
        if self.healing.is_some() {
            return self.heal(now).await;
        }
        self.follow(now, wait).await
    }

    /// The lease row if it is ours now; takes it where it is free, makes it where there is none. The database's clock decides, so
    /// that a server whose own is wrong neither takes what is not free nor keeps it beyond its death.
    async fn lease(&mut self, now: Timestamp) -> Result<Option<RelayDoc>, StoreError> {
        let mut taken = self.take().await?;
        if taken.is_none() && !self.made {
            // `$expr` may not stand in an upsert: the row is made first, its lease long run out.
            let nobody = doc! {
                "schema_version": SCHEMA_VERSION, "holder": "", "until": date(Timestamp::UNIX_EPOCH), "last_seq": 0_i64, "resume_token": Bson::Null,
            };
            let make = doc! { "$setOnInsert": nobody };
            match self.relay().update_one(doc! { "_id": names::EVENTS }, make).upsert(true).await {
                Err(e) if duplicate_key(&e).is_none() => return Err(e.into()),
                _ => self.made = true,
            }
            taken = self.take().await?;
        }
        if taken.is_some() {
            self.until = self.lease_end(now);
        }
        Ok(taken)
    }

    async fn take(&self) -> Result<Option<RelayDoc>, StoreError> {
        let over = doc! { "$expr": { "$lte": ["$until", "$$NOW"] } };
        let free = doc! { "_id": names::EVENTS, "$or": [{ "holder": &self.holder }, over] };
        let take = vec![doc! { "$set": { "holder": { "$literal": &self.holder }, "until": { "$add": ["$$NOW", self.lease_ms] } } }];
        Ok(self.relay().find_one_and_update(free, take).return_document(ReturnDocument::After).await?)
    }

    fn lease_end(&self, now: Timestamp) -> Timestamp {
        Timestamp::from_millisecond(now.as_millisecond().saturating_add(self.lease_ms)).unwrap_or(Timestamp::MAX)
    }

    /// Opens the stream where it was, or from now on; then what lies before has to be numbered first.
    async fn open(&mut self, token: Option<ResumeToken>) -> Result<(), StoreError> {
        let goes_on = token.is_some();
        let feed = match Feed::open(&self.store, token).await {
            Err(e) if is_history_lost(&e) => return self.begin_anew().await,
            other => other?,
        };
        self.healing = (!goes_on).then(|| feed.start.clone());
        self.feed = Some(feed);
        (self.heard, self.waited) = (Instant::now(), None);
        Ok(())
    }

    /// A stream from now on, and everything that has no number yet to be numbered by time. The stream is opened before
    /// what is missing is looked for, so that nothing falls between the two.
    async fn begin_anew(&mut self) -> Result<(), StoreError> {
        tracing::warn!("the place in the stream of events is lost; numbering what is left by time");
        let feed = Feed::open(&self.store, None).await?;
        self.healing = Some(feed.start.clone());
        self.feed = Some(feed);
        (self.heard, self.waited) = (Instant::now(), None);
        Ok(())
    }

    /// Hangs a batch of what was numbered without the chain onto it; false when another one numbers. New events are numbered
    /// meanwhile, and join the chain when it has reached them.
    async fn chain_backlog(&mut self) -> Result<bool, StoreError> {
        let session = self.store.client.start_session().default_transaction_options(transaction_options()).await?;
        let work = Backlog { relay: self.relay(), events: self.store.of(names::EVENTS), holder: self.holder.clone(), head: self.head.clone() };
        match run(session, work, |session, work| chain(session, work).boxed()).await? {
            Written::NotLeader => Ok(false),
            Written::Done { head, .. } => {
                self.head = head;
                Ok(true)
            }
        }
    }

    async fn heal(&mut self, now: Timestamp) -> Result<Numbering, StoreError> {
        let ids = waiting(&self.store, BATCH).await?;
        // The place is written down with the last batch only: whoever dies before leaves the healing to the next.
        let rest = ids.len() < BATCH;
        let token = if rest { self.healing.take().flatten() } else { None };
        self.number(ids, token, None, now).await
    }

    async fn follow(&mut self, now: Timestamp, wait: Duration) -> Result<Numbering, StoreError> {
        let Some(feed) = &mut self.feed else { return Ok(Numbering::Idle { last: self.head.last }) };
        let mut ids = Vec::new();
        let (mut place, mut committed, mut quiet) = (None, None, None);
        let mut lost = false;
        let deadline = Instant::now() + wait;
        while ids.len() < BATCH {
            let fed =
                if ids.is_empty() { tokio::time::timeout_at(deadline, feed.queue.recv()).await.ok() } else { feed.queue.try_recv().ok().map(Some) };
            match fed {
                None => break,
                Some(Some(Fed::Event { id, token, committed: at })) => {
                    ids.push(id);
                    (place, committed) = (Some(token), at);
                }
                Some(Some(Fed::Quiet(token))) => quiet = Some(token),
                Some(Some(Fed::HistoryLost)) => {
                    lost = true;
                    break;
                }
                Some(Some(Fed::Broken(e))) if ids.is_empty() => return Err(e.into()),
                // What came before the break is numbered first; the next step finds the stream closed.
                Some(Some(Fed::Broken(_))) => break,
                Some(None) => return Err(StoreError::Unavailable("the stream of events has ended".to_owned())),
            }
        }
        if !ids.is_empty() {
            (self.heard, self.waited) = (Instant::now(), None);
        } else if !lost {
            lost = self.is_deaf().await?;
        }
        if lost {
            self.begin_anew().await?;
        }
        if ids.is_empty() {
            if let Some(token) = quiet.filter(|_| !lost && now.as_millisecond() - self.saved_at.as_millisecond() >= QUIET_SAVE_MS) {
                return self.number(Vec::new(), Some(token), None, now).await;
            }
            return Ok(Numbering::Idle { last: self.head.last });
        }
        self.number(ids, place, committed, now).await
    }

    /// Whether the stream keeps silent about an event that is there: its place is one of another log, in which later events are
    /// earlier, and it would stay silent until the time has come round.
    async fn is_deaf(&mut self) -> Result<bool, StoreError> {
        if self.heard.elapsed() < SILENCE {
            return Ok(false);
        }
        let waits = first_waiting(&self.store).await?;
        let again = waits.is_some() && waits == self.waited;
        (self.heard, self.waited) = (Instant::now(), waits);
        Ok(again)
    }

    /// Numbers those of the events that have no number yet, in the order given, and writes down the place in the stream.
    async fn number(
        &mut self,
        ids: Vec<EventId>,
        token: Option<ResumeToken>,
        committed: Option<ClusterTime>,
        now: Timestamp,
    ) -> Result<Numbering, StoreError> {
        if ids.is_empty() && token.is_none() {
            return Ok(Numbering::Idle { last: self.head.last });
        }
        let mut session = self.store.client.start_session().default_transaction_options(transaction_options()).await?;
        if let Some(time) = committed {
            // The snapshot must not lie before what the stream has told.
            session.advance_operation_time(time);
        }
        let until = self.lease_end(now);
        let moved = token.is_some();
        let work = Batch {
            relay: self.relay(),
            events: self.store.event_docs().clone_with_type(),
            holder: self.holder.clone(),
            lease_ms: self.lease_ms,
            token: token.map(|t| bson::serialize_to_bson(&t)).transpose()?,
            ids,
            head: self.head.clone(),
        };
        match run(session, work, |session, work| write(session, work).boxed()).await? {
            Written::NotLeader => Ok(Numbering::NotLeader),
            Written::Done { head, count } => {
                let last = head.last;
                self.until = until;
                self.head = head;
                if moved {
                    self.saved_at = now;
                }
                Ok(if count == 0 { Numbering::Idle { last } } else { Numbering::Numbered { last, count } })
            }
        }
    }
}
