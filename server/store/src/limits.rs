//! Fixed-window counters, for limits on signing in. Windows forget themselves.

use bson::{Document, doc};
use entente_domain::Timestamp;
use mongodb::error::Error;
use mongodb::options::ReturnDocument;
use mongodb::{ClientSession, Collection};
use serde::Deserialize;

use crate::bson_as::date;
use crate::connect::{SCHEMA_VERSION, names};
use crate::errors::duplicate_key;
use crate::{Store, StoreError};

#[derive(Debug, Deserialize)]
struct Window {
    count: i64,
}

/// Beginning of the window in which `now` lies, in seconds since 1970, and the id of its row.
fn window(key: &str, seconds: i64, now: Timestamp) -> (i64, String) {
    let start = now.as_second() - now.as_second().rem_euclid(seconds);
    (start, format!("{key}|{seconds}|{start}"))
}

/// Which row counts one use more, and how.
fn one_more(key: &str, seconds: i64, now: Timestamp) -> (Document, Document) {
    let (start, id) = window(key, seconds, now);
    let end = Timestamp::from_second(start.saturating_add(seconds)).unwrap_or(Timestamp::MAX);
    let first = doc! { "schema_version": SCHEMA_VERSION, "key": key, "expires_at": date(end) };
    (doc! { "_id": id }, doc! { "$inc": { "count": 1_i64 }, "$setOnInsert": first })
}

impl Store {
    fn windows(&self) -> Collection<Window> {
        self.of(names::LIMITS)
    }

    /// Counts one use of `key` and answers how many there have been in the current window of `window_seconds` (at least
    /// 1), this one included. Windows begin at whole multiples of their length since 1970.
    pub async fn bump(&self, key: &str, window_seconds: i64, now: Timestamp) -> Result<i64, StoreError> {
        match self.bump_once(key, window_seconds.max(1), now).await {
            // Two first uses at once: one of them inserts, the other one then finds it.
            Err(e) if duplicate_key(&e).is_some() => Ok(self.bump_once(key, window_seconds.max(1), now).await?),
            other => Ok(other?),
        }
    }

    async fn bump_once(&self, key: &str, seconds: i64, now: Timestamp) -> Result<i64, Error> {
        let (filter, update) = one_more(key, seconds, now);
        let after = self.windows().find_one_and_update(filter, update).upsert(true).return_document(ReturnDocument::After).await?;
        Ok(after.map_or(1, |w| w.count))
    }

    /// As [`Store::bump`], as a part of a transaction: two at once conflict, and one of them begins again.
    pub(crate) async fn bump_in(&self, s: &mut ClientSession, key: &str, seconds: i64, now: Timestamp) -> Result<i64, Error> {
        let (filter, update) = one_more(key, seconds, now);
        let windows = self.windows();
        let after = windows.find_one_and_update(filter, update).upsert(true).return_document(ReturnDocument::After).session(s).await?;
        Ok(after.map_or(1, |w| w.count))
    }

    /// How many uses of `key` there have been in the current window, without counting one.
    pub async fn peek(&self, key: &str, window_seconds: i64, now: Timestamp) -> Result<i64, StoreError> {
        let (_, id) = window(key, window_seconds.max(1), now);
        Ok(self.windows().find_one(doc! { "_id": id }).await?.map_or(0, |w| w.count))
    }

    /// Forgets every use of `key`.
    pub async fn reset(&self, key: &str) -> Result<(), StoreError> {
        self.windows().delete_many(doc! { "key": key }).await?;
        Ok(())
    }
}
