//! sessions
use entente_domain::Timestamp;
use entente_domain::id::{SessionId, UserId};
use crate::{Store, StoreError, stub};
/// A family of refresh tokens; only the newest is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub user_id: UserId,
    /// Hash of the token that is good.
    pub token_hash: String,
    /// Hash of the token before.
    pub previous_hash: Option<String>,
    /// When the person signed in.
    pub created_at: Timestamp,
    /// When the token last changed.
    pub rotated_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// Since when it no longer holds.
    pub revoked_at: Option<Timestamp>,
}
impl Store {
    /// Keeps a new session.
    pub async fn create_session(&self, _s: &SessionRecord) -> Result<(), StoreError> { stub() }
    /// A session.
    pub async fn session(&self, _id: &SessionId) -> Result<Option<SessionRecord>, StoreError> { stub() }
    /// Atomic rotation.
    pub async fn rotate_session(&self, _id: &SessionId, _from_hash: &str, _to_hash: &str, _now: Timestamp, _expires_at: Timestamp) -> Result<bool, StoreError> { stub() }
    /// Ends a session.
    pub async fn revoke_session(&self, _id: &SessionId, _now: Timestamp) -> Result<(), StoreError> { stub() }
    /// Ends a person's sessions.
    pub async fn revoke_sessions_of(&self, _user: &UserId, _now: Timestamp) -> Result<(), StoreError> { stub() }
    /// Counts in a window.
    pub async fn bump(&self, _key: &str, _window_seconds: i64, _now: Timestamp) -> Result<i64, StoreError> { stub() }
}
