//! api keys
use entente_domain::Timestamp;
use entente_domain::api_key::ApiKey;
use entente_domain::id::{ApiKeyId, PartnerId};
use crate::{Store, StoreError, stub};
impl Store {
    /// A key.
    pub async fn api_key(&self, _id: &ApiKeyId) -> Result<Option<ApiKey>, StoreError> { stub() }
    /// By hash.
    pub async fn api_key_by_hash(&self, _hash: &str) -> Result<Option<ApiKey>, StoreError> { stub() }
    /// Keeps a new key.
    pub async fn create_api_key(&self, _key: &ApiKey) -> Result<(), StoreError> { stub() }
    /// Ends a key.
    pub async fn revoke_api_key(&self, _id: &ApiKeyId, _now: Timestamp) -> Result<(), StoreError> { stub() }
    /// Notes a use.
    pub async fn touch_api_key(&self, _id: &ApiKeyId, _now: Timestamp) -> Result<(), StoreError> { stub() }
    /// Newest first.
    pub async fn api_keys(&self, _partner: Option<&PartnerId>, _after: Option<(Timestamp, ApiKeyId)>, _limit: u32) -> Result<Vec<ApiKey>, StoreError> { stub() }
    /// How many.
    pub async fn count_api_keys(&self, _partner: Option<&PartnerId>) -> Result<u64, StoreError> { stub() }
}
