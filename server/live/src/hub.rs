//! The hub: every subscriber of this process receives every payload once and in order, or is told that it fell behind.
//!
//! One bounded queue for all; a slow subscriber holds up nobody and learns how many events it missed.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use tokio::sync::broadcast;

/// Distributes payloads within this process.
#[derive(Debug)]
pub struct Hub<P> {
    queue: broadcast::Sender<Item<P>>,
    last: AtomicI64,
    relayed: AtomicU64,
}

#[derive(Debug, Clone)]
enum Item<P> {
    Event(i64, P),
    /// The order was broken before this place: the numbers between are not to be had from the log any more.
    Gap(u64),
}

/// Why nothing was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecvError {
    /// The subscriber fell behind and missed that many events; it goes on from the log or tells its client to read again.
    #[error("missed {0} events")]
    Lagged(u64),
    /// The server is stopping.
    #[error("the relay has ended")]
    Closed,
}

impl<P: Clone + Send + Sync + 'static> Hub<P> {
    /// A hub that stands at `last` and keeps up to `capacity` (at least 1) payloads for slow subscribers.
    pub(crate) fn new(last: i64, capacity: usize) -> Self {
        let (queue, _) = broadcast::channel(capacity.max(1));
        Self { queue, last: AtomicI64::new(last), relayed: AtomicU64::new(0) }
    }

    /// A receiver of everything from now on. Its [`Receiver::start`] says where "now" is.
    pub fn subscribe(&self) -> Receiver<P> {
        // First the queue, then the number: `publish` goes the other way round, so an event is either at most `start`
        // or in the queue; one that is both is dropped by `recv`.
        let queue = self.queue.subscribe();
        let start = self.last.load(Ordering::SeqCst);
        Receiver { queue, start, last: start }
    }

    /// The number of the last event that was handed to subscribers.
    pub fn last_seq(&self) -> i64 {
        self.last.load(Ordering::SeqCst)
    }

    /// How many subscribers there are.
    pub fn subscribers(&self) -> usize {
        self.queue.receiver_count()
    }

    /// How many events were handed out since the start.
    pub fn relayed(&self) -> u64 {
        self.relayed.load(Ordering::Relaxed)
    }

    pub(crate) fn publish(&self, seq: i64, payload: P) {
        self.last.store(seq, Ordering::SeqCst);
        self.relayed.fetch_add(1, Ordering::Relaxed);
        // Nobody listening is no error.
        let _ = self.queue.send(Item::Event(seq, payload));
    }

    pub(crate) fn publish_gap(&self, up_to: i64) {
        let missed = up_to.saturating_sub(self.last_seq()).unsigned_abs();
        self.last.store(up_to, Ordering::SeqCst);
        let _ = self.queue.send(Item::Gap(missed));
    }
}

/// One subscriber's end of the hub.
#[derive(Debug)]
pub struct Receiver<P> {
    queue: broadcast::Receiver<Item<P>>,
    start: i64,
    last: i64,
}

impl<P: Clone + Send + Sync + 'static> Receiver<P> {
    /// The number this receiver starts after: read the log up to and with it to catch up, then `recv`.
    pub fn start(&self) -> i64 {
        self.start
    }

    /// The next payload and its number; numbers only grow. Safe to drop while waiting.
    pub async fn recv(&mut self) -> Result<(i64, P), RecvError> {
        loop {
            match self.queue.recv().await {
                Ok(Item::Event(seq, payload)) if seq > self.last => {
                    self.last = seq;
                    return Ok((seq, payload));
                }
                Ok(Item::Event(..)) => {}
                Ok(Item::Gap(missed)) | Err(broadcast::error::RecvError::Lagged(missed)) => return Err(RecvError::Lagged(missed)),
                Err(broadcast::error::RecvError::Closed) => return Err(RecvError::Closed),
            }
        }
    }
}
