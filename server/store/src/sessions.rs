//! Sessions: families of refresh tokens, of which the newest is good. Rotation is one atomic update, so that of two who
//! come with the same token only one goes on.

use bson::{Bson, doc};
use entente_domain::Timestamp;
use entente_domain::id::{SessionId, UserId};
use mongodb::Collection;
use serde::{Deserialize, Serialize};

use crate::bson_as::{date, time, time_option};
use crate::connect::{SCHEMA_VERSION, names};
use crate::{Store, StoreError};

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
    /// When it ends; it is forgotten some time after.
    pub expires_at: Timestamp,
    /// Since when it no longer holds.
    pub revoked_at: Option<Timestamp>,
}

#[derive(Debug, Serialize, Deserialize)]
struct SessionDoc {
    #[serde(rename = "_id")]
    id: SessionId,
    schema_version: i32,
    user_id: UserId,
    token_hash: String,
    previous_hash: Option<String>,
    #[serde(with = "time")]
    created_at: Timestamp,
    #[serde(with = "time")]
    rotated_at: Timestamp,
    #[serde(with = "time")]
    expires_at: Timestamp,
    #[serde(with = "time_option")]
    revoked_at: Option<Timestamp>,
}

impl Store {
    fn session_docs(&self) -> Collection<SessionDoc> {
        self.of(names::SESSIONS)
    }

    /// Keeps a new session.
    pub async fn create_session(&self, s: &SessionRecord) -> Result<(), StoreError> {
        let s = s.clone();
        let doc = SessionDoc {
            id: s.id,
            schema_version: SCHEMA_VERSION,
            user_id: s.user_id,
            token_hash: s.token_hash,
            previous_hash: s.previous_hash,
            created_at: s.created_at,
            rotated_at: s.rotated_at,
            expires_at: s.expires_at,
            revoked_at: s.revoked_at,
        };
        self.session_docs().insert_one(doc).await?;
        Ok(())
    }

    /// The session, also when it has ended or was revoked, until it is forgotten.
    pub async fn session(&self, id: &SessionId) -> Result<Option<SessionRecord>, StoreError> {
        let found = self.session_docs().find_one(doc! { "_id": id.as_str() }).await?;
        Ok(found.map(|s| SessionRecord {
            id: s.id,
            user_id: s.user_id,
            token_hash: s.token_hash,
            previous_hash: s.previous_hash,
            created_at: s.created_at,
            rotated_at: s.rotated_at,
            expires_at: s.expires_at,
            revoked_at: s.revoked_at,
        }))
    }

    /// Puts the token of hash `to_hash` in the place of that of `from_hash`. False, and nothing written, when `from_hash`
    /// is not the current one or the session has ended or was revoked.
    pub async fn rotate_session(
        &self,
        id: &SessionId,
        from_hash: &str,
        to_hash: &str,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let good = doc! { "_id": id.as_str(), "token_hash": from_hash, "revoked_at": Bson::Null, "expires_at": { "$gt": date(now) } };
        let next = doc! { "token_hash": to_hash, "previous_hash": from_hash, "rotated_at": date(now), "expires_at": date(expires_at) };
        let updated = self.session_docs().update_one(good, doc! { "$set": next }).await?;
        Ok(updated.matched_count == 1)
    }

    /// Ends a session; one that was revoked before keeps its moment.
    pub async fn revoke_session(&self, id: &SessionId, now: Timestamp) -> Result<(), StoreError> {
        let holds = doc! { "_id": id.as_str(), "revoked_at": Bson::Null };
        self.session_docs().update_one(holds, doc! { "$set": { "revoked_at": date(now) } }).await?;
        Ok(())
    }

    /// Ends every session of a person.
    pub async fn revoke_sessions_of(&self, user: &UserId, now: Timestamp) -> Result<(), StoreError> {
        let hold = doc! { "user_id": user.as_str(), "revoked_at": Bson::Null };
        self.session_docs().update_many(hold, doc! { "$set": { "revoked_at": date(now) } }).await?;
        Ok(())
    }
}
