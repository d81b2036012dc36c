//! commit
use entente_domain::Timestamp;
use entente_domain::deal::Decision;
use entente_domain::deal::claim::ClaimKey;
use crate::{Store, StoreError, stub};

/// How long an answer can be asked for again under its idempotency key, in days.
pub const IDEMPOTENCY_DAYS: i64 = 7;

/// What came of a guarded write of one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// Written.
    Done,
    /// The stored version is another one; nothing was written.
    Stale,
    /// A unique name is taken (slug, e-mail, key ...); nothing was written.
    Duplicate,
}

/// The answer that was given under an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyRecord {
    /// Caller, mutation and the caller's key, composed by the app.
    pub key: String,
    /// Hash of the input, to tell a repeat from a reuse.
    pub input_hash: String,
    /// Id of what came of it.
    pub result_id: String,
    /// When it was written.
    pub created_at: Timestamp,
}

/// What came of a commit. Everything but `Done` wrote nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Committed {
    /// Written.
    Done,
    /// A deal has another version than the decision was made on.
    Stale,
    /// Somebody else holds this claim.
    ClaimTaken(ClaimKey),
    /// The idempotency key has been used; this is what came of it then.
    Replayed(IdempotencyRecord),
    /// Another unique index: number or import key of a deal, or a second record of the partner's customer.
    Duplicate,
}

impl Store {
    /// Writes all decisions in one transaction.
    pub async fn commit(&self, _decisions: &[Decision], _idempotency: Option<&IdempotencyRecord>) -> Result<Committed, StoreError> {
        stub()
    }
    /// Bulk path of imports and seeds.
    pub async fn insert_deals(&self, _decisions: &[Decision]) -> Result<Committed, StoreError> {
        stub()
    }
    /// The record under an idempotency key.
    pub async fn idempotency(&self, _key: &str) -> Result<Option<IdempotencyRecord>, StoreError> {
        stub()
    }
    /// Reserves numbers; answers the first.
    pub async fn next_number(&self, _counter: &str, _count: i64) -> Result<i64, StoreError> {
        stub()
    }
}
