//! timers
use entente_domain::Timestamp;
use entente_domain::id::DealId;
use crate::{Store, StoreError, stub};
/// Something that is due: the end of a deal's protection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    /// Its id.
    pub id: String,
    /// The deal.
    pub deal_id: DealId,
    /// When it was due.
    pub due_at: Timestamp,
    /// How often it has been claimed, this time included.
    pub attempts: i32,
}
impl Store {
    /// Claims one due timer.
    pub async fn claim_timer(&self, _holder: &str, _now: Timestamp, _lease_ms: i64) -> Result<Option<Timer>, StoreError> { stub() }
    /// Removes a claimed timer.
    pub async fn finish_timer(&self, _id: &str) -> Result<(), StoreError> { stub() }
}
