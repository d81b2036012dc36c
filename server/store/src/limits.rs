//! Fixed-window counters, for limits on signing in. Windows forget themselves.

use bson::doc;
use entente_domain::Timestamp;
use mongodb::options::ReturnDocument;
use serde::Deserialize;

use crate::bson_as::date;
use crate::connect::{SCHEMA_VERSION, names};
use crate::errors::duplicate_key;
use crate::{Store, StoreError};

#[derive(Debug, Deserialize)]
struct Window {
    count: i64,
}

impl Store {
    /// Counts one use of `key` and answers how many there have been in the current window of `window_seconds` (at least
    /// 1), this one included. Windows begin at whole multiples of their length since 1970.
    pub async fn bump(&self, key: &str, window_seconds: i64, now: Timestamp) -> Result<i64, StoreError> {
        match self.bump_once(key, window_seconds.max(1), now).await {
            // Two first uses at once: one of them inserts, the other one then finds it.
            Err(e) if duplicate_key(&e).is_some() => Ok(self.bump_once(key, window_seconds.max(1), now).await?),
            other => Ok(other?),
        }
    }

    async fn bump_once(&self, key: &str, window_seconds: i64, now: Timestamp) -> Result<i64, mongodb::error::Error> {
        let end = Timestamp::from_second(window_start(window_seconds, now).saturating_add(window_seconds)).unwrap_or(Timestamp::MAX);
        let update = doc! { "$inc": { "count": 1_i64 }, "$setOnInsert": { "schema_version": SCHEMA_VERSION, "expires_at": date(end) } };
        let id = window_id(key, window_seconds, now);
        let windows = self.of::<Window>(names::LIMITS);
        let after = windows.find_one_and_update(doc! { "_id": id }, update).upsert(true).return_document(ReturnDocument::After).await?;
        Ok(after.map_or(1, |w| w.count))
    }

    /// The count of [`Store::bump`] in the current window; counts nothing.
    pub async fn peek(&self, key: &str, window_seconds: i64, now: Timestamp) -> Result<i64, StoreError> {
        let windows = self.of::<Window>(names::LIMITS);
        let found = windows.find_one(doc! { "_id": window_id(key, window_seconds.max(1), now) }).await?;
        Ok(found.map_or(0, |w| w.count))
    }

    /// Forgets every window of `key`.
    pub async fn reset(&self, key: &str) -> Result<(), StoreError> {
        // `|` begins the window's part of the id, `}` is the character after it.
        let range = doc! { "_id": { "$gte": format!("{key}|"), "$lt": format!("{key}}}") } };
        self.of::<Window>(names::LIMITS).delete_many(range).await?;
        Ok(())
    }
}

fn window_start(window_seconds: i64, now: Timestamp) -> i64 {
    now.as_second() - now.as_second().rem_euclid(window_seconds)
}

fn window_id(key: &str, window_seconds: i64, now: Timestamp) -> String {
    format!("{key}|{window_seconds}|{}", window_start(window_seconds, now))
}
