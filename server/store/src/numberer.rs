//! numberer
use std::time::Duration;
use entente_domain::Timestamp;
use crate::{Store, StoreError, stub};
/// What a step of numbering came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbering {
    /// Numbered `count` events, the last of them `last`.
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
    /// Another holder has the lease.
    NotLeader,
}
/// Gives committed events their numbers.
#[derive(Debug)]
pub struct EventNumberer { _store: Store }
impl EventNumberer {
    /// A numberer.
    pub fn new(store: &Store, _holder: &str, _lease_ms: i64) -> Self { Self { _store: store.clone() } }
    /// One step.
    pub async fn step(&mut self, _now: Timestamp, _wait: Duration) -> Result<Numbering, StoreError> { stub() }
    /// Gives the lease back.
    pub async fn release(&mut self) -> Result<(), StoreError> { stub() }
}
