//! conflicts
use entente_domain::Timestamp;
use entente_domain::deal::claim::{Claim, ClaimKey};
use entente_domain::deal::verdict::ConflictFacts;
use entente_domain::id::{DealId, PartnerId, ProductId};
use crate::{Store, StoreError, stub};
impl Store {
    /// What stands in the way of a registration.
    pub async fn conflict_facts(&self, _partner: &PartnerId, _customer_key: &str, _name_key: &str, _products: &[ProductId], _now: Timestamp, _except: Option<&DealId>) -> Result<ConflictFacts, StoreError> { stub() }
    /// Holders of claims that have run out.
    pub async fn expired_claim_holders(&self, _keys: &[ClaimKey], _now: Timestamp) -> Result<Vec<DealId>, StoreError> { stub() }
    /// The claims on these keys.
    pub async fn claims_on(&self, _keys: &[ClaimKey]) -> Result<Vec<Claim>, StoreError> { stub() }
}
