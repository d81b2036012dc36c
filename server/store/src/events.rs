//! events
use entente_domain::Timestamp;
use entente_domain::event::{Event, NumberedEvent};
use entente_domain::id::{DealId, EventId};
use entente_domain::policy::Scope;
use crate::{Store, StoreError, stub};
impl Store {
    /// Newest first.
    pub async fn timeline(&self, _deal: &DealId, _with_internal: bool, _after: Option<(Timestamp, EventId)>, _limit: u32) -> Result<Vec<Event>, StoreError> { stub() }
    /// After a number.
    pub async fn events_after(&self, _seq: i64, _limit: u32) -> Result<Vec<NumberedEvent>, StoreError> { stub() }
    /// The last number given.
    pub async fn last_seq(&self) -> Result<i64, StoreError> { stub() }
    /// Deal events only, newest first.
    pub async fn recent_events(&self, _scope: &Scope, _with_internal: bool, _before: Option<i64>, _limit: u32) -> Result<Vec<NumberedEvent>, StoreError> { stub() }
}
