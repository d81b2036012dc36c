//! An integrator's key: who made it, what it may do, whether it still holds. The secret itself is never kept.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{ApiKeyId, PartnerId, UserId};

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ApiScope {
    /// Queries and subscriptions.
    Read,
    /// Mutations.
    Write,
}

/// A key as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Its id.
    pub id: ApiKeyId,
    /// What it is for, in the words of who made it.
    pub name: String,
    /// The first characters of the secret, to tell keys apart.
    pub prefix: String,
    /// Hash of the secret (hex).
    pub hash: String,
    /// What it may do.
    pub scopes: Vec<ApiScope>,
    /// The partner whose data it sees; none for the vendor's.
    pub partner_id: Option<PartnerId>,
    /// Who made it.
    pub created_by: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// Since when it no longer holds.
    pub revoked_at: Option<Timestamp>,
}
