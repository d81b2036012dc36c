//! How the relay is doing, for readiness and metrics. Written by its tasks, read by anyone.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use tokio::sync::Notify;

/// The relay's state, shared between its tasks and whoever watches.
#[derive(Debug, Default)]
pub struct RelayStatus {
    known: AtomicI64,
    caught_up: AtomicBool,
    leader: AtomicBool,
    redis: AtomicBool,
    wake: Notify,
}

impl RelayStatus {
    /// The highest number that this process knows to be given; what the hub's last number lags behind.
    pub fn known_seq(&self) -> i64 {
        self.known.load(Ordering::Relaxed)
    }

    /// Whether the last look at the log worked and left nothing to deliver.
    pub fn caught_up(&self) -> bool {
        self.caught_up.load(Ordering::Relaxed)
    }

    /// Whether this process numbers the events.
    pub fn is_leader(&self) -> bool {
        self.leader.load(Ordering::Relaxed)
    }

    /// Whether Redis wakes this process; without it the log is polled more often.
    pub fn redis_connected(&self) -> bool {
        self.redis.load(Ordering::Relaxed)
    }

    pub(crate) fn set_leader(&self, leader: bool) -> bool {
        self.leader.swap(leader, Ordering::Relaxed)
    }

    pub(crate) fn set_redis(&self, connected: bool) -> bool {
        let before = self.redis.swap(connected, Ordering::Relaxed);
        if before != connected {
            // What was said meanwhile went unheard, and the time between polls is another one now.
            self.wake.notify_one();
        }
        before
    }

    pub(crate) fn set_caught_up(&self, caught_up: bool) {
        self.caught_up.store(caught_up, Ordering::Relaxed);
    }

    /// Notes a number that was given and wakes the reader when it is news.
    pub(crate) fn heard(&self, seq: i64) {
        if self.known.fetch_max(seq, Ordering::Relaxed) < seq {
            self.wake.notify_one();
        }
    }

    /// Notes a number that was found in the log.
    pub(crate) fn saw(&self, seq: i64) {
        self.known.fetch_max(seq, Ordering::Relaxed);
    }

    pub(crate) async fn woken(&self) {
        self.wake.notified().await;
    }
}
