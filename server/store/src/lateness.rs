//! What waits longer than it should: events that have no number or were not handed out yet, and timers that are due.
//! Four small reads along indexes, for whoever watches the server.

use bson::{Document, doc};
use entente_domain::Timestamp;
use futures::future::try_join4;
use serde::Deserialize;

use crate::bson_as::{date, time};
use crate::connect::names;
use crate::{Store, StoreError};

/// Most rows that are counted: beyond, the figure says "at least".
const COUNT_MAX: u64 = 10_000;

/// What waits, at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lateness {
    /// Events that are committed and have no number yet; at most 10,000 are counted.
    pub events_unnumbered: u64,
    /// When the oldest event happened that has no number, or a number above the given one.
    pub oldest_event: Option<Timestamp>,
    /// Timers that are due and in nobody's hands; at most 10,000 are counted.
    pub timers_due: u64,
    /// Since when the first of them could have been fired.
    pub oldest_timer: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Happened {
    #[serde(with = "time")]
    occurred_at: Timestamp,
}

#[derive(Deserialize)]
struct Due {
    #[serde(with = "time")]
    available_at: Timestamp,
}

/// Events that are committed and have no number yet.
fn pending() -> Document {
    doc! { "pending": true }
}

impl Store {
    /// Whether there are events that are committed and have no number yet.
    pub async fn has_unnumbered(&self) -> Result<bool, StoreError> {
        self.exists(names::EVENTS, pending()).await
    }

    /// What waits at `now`, where events up to number `handed_out` have reached their readers.
    pub async fn lateness(&self, now: Timestamp, handed_out: i64) -> Result<Lateness, StoreError> {
        let due = || doc! { "available_at": { "$lte": date(now) } };
        let (events, timers) = (self.of::<Document>(names::EVENTS), self.of::<Document>(names::TIMERS));
        let happened = self.of::<Happened>(names::EVENTS);
        let only = doc! { "occurred_at": 1, "_id": 0 };
        let next = async { happened.find_one(doc! { "seq": { "$gt": handed_out } }).sort(doc! { "seq": 1 }).projection(only.clone()).await };
        let first = async { happened.find_one(pending()).sort(doc! { "occurred_at": 1, "_id": 1 }).projection(only.clone()).await };
        let counts = async {
            let events_unnumbered = events.count_documents(pending()).limit(COUNT_MAX).await?;
            Ok((events_unnumbered, timers.count_documents(due()).limit(COUNT_MAX).await?))
        };
        let waiting = self.of::<Due>(names::TIMERS);
        let timer = async { waiting.find_one(due()).sort(doc! { "available_at": 1 }).projection(doc! { "available_at": 1, "_id": 0 }).await };
        let (next, first, (events_unnumbered, timers_due), timer) = try_join4(next, first, counts, timer).await?;
        let oldest_event = [next, first].into_iter().flatten().map(|e| e.occurred_at).min();
        Ok(Lateness { events_unnumbered, oldest_event, timers_due, oldest_timer: timer.map(|t| t.available_at) })
    }
}
