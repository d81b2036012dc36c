//! What must be the same whoever asks how often: answers kept under idempotency keys, and numbers given out once.

use std::time::Duration;

use bson::doc;
use entente_domain::Timestamp;
use jiff::SignedDuration;
use mongodb::error::Error;
use mongodb::options::{Acknowledgment, ReturnDocument, WriteConcern};
use mongodb::{ClientSession, Collection};
use serde::{Deserialize, Serialize};

use crate::bson_as::{time, time_option};
use crate::connect::{SCHEMA_VERSION, names};
use crate::errors::duplicate_key;
use crate::{Committed, LinkUse, Store, StoreError};

/// How long an answer can be asked for again under its idempotency key, in hours; the database forgets it within a minute
/// or two after.
pub const IDEMPOTENCY_HOURS: i64 = 24;
/// How often, and how far apart, a record is looked for that was just seen but that the majority may not have yet.
const REPLAY_READS: u32 = 50;
const REPLAY_PAUSE: Duration = Duration::from_millis(20);

/// The answer that was given under an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyRecord {
    /// Caller, mutation and the caller's key, composed by the app.
    pub key: String,
    /// Hash of the input, to tell a repeat from a reuse.
    pub input_hash: String,
    /// Id of what came of it.
    pub result_id: String,
    /// What was answered beside it, as JSON: an equal request is answered with it again.
    pub result: String,
    /// When it was written; it is forgotten [`IDEMPOTENCY_HOURS`] later.
    pub created_at: Timestamp,
    /// A link in a letter that is used with this: marked as used in the same transaction. Not a part of what is kept here.
    pub link: Option<Box<LinkUse>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct IdempotencyDoc {
    #[serde(rename = "_id")]
    key: String,
    schema_version: i32,
    input_hash: String,
    result_id: String,
    #[serde(default)]
    result: String,
    #[serde(with = "time")]
    created_at: Timestamp,
    /// What the index that forgets goes by. Records of versions that kept them for a week have none, and go by
    /// `created_at` and the index that those versions made.
    #[serde(default, with = "time_option")]
    forget_at: Option<Timestamp>,
}

impl Store {
    fn idempotency_docs(&self) -> Collection<IdempotencyDoc> {
        self.of(names::IDEMPOTENCY)
    }

    /// Keeps the record; a duplicate key is the sign of a repeat.
    pub(crate) async fn write_idempotency(&self, s: &mut ClientSession, record: &IdempotencyRecord) -> Result<(), Error> {
        let doc = IdempotencyDoc {
            key: record.key.clone(),
            schema_version: SCHEMA_VERSION,
            input_hash: record.input_hash.clone(),
            result_id: record.result_id.clone(),
            result: record.result.clone(),
            created_at: record.created_at,
            forget_at: record.created_at.checked_add(SignedDuration::from_hours(IDEMPOTENCY_HOURS)).ok(),
        };
        self.idempotency_docs().insert_one(&doc).session(&mut *s).await?;
        match &record.link {
            Some(link) => self.use_link(s, link).await,
            None => Ok(()),
        }
    }

    /// The answer to a repeat: the record that its key was found to have.
    pub(crate) async fn replayed(&self, key: &str) -> Result<Committed, StoreError> {
        for _ in 0..REPLAY_READS {
            if let Some(record) = self.idempotency(key).await? {
                return Ok(Committed::Replayed(record));
            }
            tokio::time::sleep(REPLAY_PAUSE).await;
        }
        Err(StoreError::Unavailable("an idempotency record is not readable yet".to_owned()))
    }

    /// The record under an idempotency key, while it is kept.
    pub async fn idempotency(&self, key: &str) -> Result<Option<IdempotencyRecord>, StoreError> {
        let found = self.idempotency_docs().find_one(doc! { "_id": key }).await?;
        Ok(found.map(|d| IdempotencyRecord {
            key: d.key,
            input_hash: d.input_hash,
            result_id: d.result_id,
            result: d.result,
            created_at: d.created_at,
            link: None,
        }))
    }

    /// Reserves `count` consecutive numbers of a counter and answers the first; the first of all is 1. Numbers whose use
    /// fails are not given again, unless an election takes the reservation back: unique indexes on the numbers hold then. It
    /// does not wait for the majority, since what uses the number does.
    pub async fn next_number(&self, counter: &str, count: i64) -> Result<i64, StoreError> {
        #[derive(Debug, Deserialize)]
        struct Counter {
            value: i64,
        }
        let update = || doc! { "$inc": { "value": count }, "$setOnInsert": { "schema_version": SCHEMA_VERSION } };
        let counters = self.of::<Counter>(names::COUNTERS);
        let here = WriteConcern::builder().w(Acknowledgment::Nodes(1)).build();
        let next = || {
            let reserve = counters.find_one_and_update(doc! { "_id": counter }, update()).upsert(true);
            reserve.return_document(ReturnDocument::After).write_concern(here.clone()).into_future()
        };
        // Two first uses at once: one of them inserts, the other one then finds it.
        let after = match next().await {
            Err(e) if duplicate_key(&e).is_some() => next().await?,
            other => other?,
        };
        let after = after.ok_or_else(|| StoreError::Internal(format!("no counter {counter}")))?;
        Ok(after.value - count + 1)
    }
}
