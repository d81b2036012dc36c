//! What the relay needs from others: the log of events, and somebody who makes of an event what subscribers need.

use std::time::Duration;

use async_trait::async_trait;
use entente_domain::event::NumberedEvent;

/// Why the log did not answer: text for the server's own log, never for people outside.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the event log did not answer: {0}")]
pub struct LogError(pub String);

/// What one step of numbering came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbered {
    /// Another server numbers; try again later, it may have died.
    NotLeader,
    /// This server numbers.
    Last {
        /// The highest number given so far, 0 before the first event.
        seq: i64,
        /// Whether this step gave any number.
        new: bool,
    },
}

/// The log of all events, shared by every server on one database.
#[async_trait]
pub trait EventLog: Send + Sync + 'static {
    /// One step of numbering: takes or renews the lease, waits up to `wait` for events without a number, and numbers them
    /// in commit order and without gaps. The relay never drops this future while it runs, unless the process is about to end.
    async fn number(&self, wait: Duration) -> Result<Numbered, LogError>;

    /// The numbered events after `seq`, lowest first, at most `limit`.
    async fn read_after(&self, seq: i64, limit: u32) -> Result<Vec<NumberedEvent>, LogError>;

    /// The highest number given so far, 0 before the first event.
    async fn last(&self) -> Result<i64, LogError>;

    /// Gives the lease back at an orderly end, so that another server need not wait for it to run out.
    async fn resign(&self) {}
}

/// Makes of events what subscribers need, once per event and process and not once per subscriber.
#[async_trait]
pub trait Prepare: Send + Sync + 'static {
    /// What a subscriber receives; cheap to clone, an `Arc` of something.
    type Payload: Clone + Send + Sync + 'static;

    /// One payload for each event, in the same order. `events` is never empty and holds at most one batch, so that what
    /// belongs to it can be loaded with one query. After an error the relay asks again with the same events; nothing is skipped.
    async fn prepare(&self, events: Vec<NumberedEvent>) -> Result<Vec<Self::Payload>, LogError>;
}
