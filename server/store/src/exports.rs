//! Exports: who asked for which list as a file, how far it is, and which server works on it. A server that dies loses its lease;
//! another one begins the file again.

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::id::{ApiKeyId, ExportId, UserId};
use entente_domain::report::export::{ExportFailure, ExportKind, ExportState};
use futures::{FutureExt, TryStreamExt};
use mongodb::error::Error;
use mongodb::options::ReturnDocument;
use mongodb::{ClientSession, Collection};
use serde::{Deserialize, Serialize};

use crate::bson_as::{date, time, time_option};
use crate::connect::{SCHEMA_VERSION, names};
use crate::errors::duplicate_key;
use crate::transaction::refuse;
use crate::{Committed, IdempotencyRecord, Store, StoreError};

/// How often an export is begun before it counts as broken.
const ATTEMPTS_MAX: i32 = 3;

/// One export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportRecord {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: ExportId,
    /// Which list.
    pub kind: ExportKind,
    /// How far it is.
    pub state: ExportState,
    /// Who asked.
    pub user_id: UserId,
    /// The key that asked, where one did.
    pub api_key_id: Option<ApiKeyId>,
    /// What was asked for, as the application wrote it.
    pub request: String,
    /// Rows written so far.
    pub done: i64,
    /// Rows in all, as counted when it began.
    pub total: i64,
    /// Bytes of the file; none until it is ready.
    pub bytes: Option<i64>,
    /// Why there is no file.
    pub failure: Option<ExportFailure>,
    /// How often it was begun.
    pub attempts: i32,
    /// When it was asked for.
    #[serde(with = "time")]
    pub created_at: Timestamp,
    /// When it ended.
    #[serde(with = "time_option")]
    pub finished_at: Option<Timestamp>,
    /// Until when somebody works on it; in the past where nobody does.
    #[serde(with = "time")]
    pub lease_until: Timestamp,
    /// Who works on it.
    pub holder: Option<String>,
    /// When record and file go.
    #[serde(with = "time")]
    pub forget_at: Timestamp,
}

/// How the start of an export ended. Everything but `Now` wrote nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportStarted {
    /// It waits to be done.
    Now,
    /// The same person has asked for too many.
    TooMany,
    /// Too many exports of the same person wait or run.
    TooManyRunning,
    /// The idempotency key has been used; this is what came of it then.
    Before(IdempotencyRecord),
}

#[derive(Debug, Clone, Copy)]
enum Ended {
    Started,
    TooMany,
    TooManyRunning,
    KeyUsed,
}

/// How many exports one person may start, and have unfinished at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportLimits {
    /// Most that are started within `seconds`.
    pub most: i64,
    /// The window of `most`.
    pub seconds: i64,
    /// Most that wait or run at once.
    pub running: u64,
}

struct Starting<'a> {
    store: &'a Store,
    document: Document,
    user: &'a UserId,
    limits: ExportLimits,
    now: Timestamp,
    once: Option<&'a IdempotencyRecord>,
}

async fn start(s: &mut ClientSession, work: &Starting<'_>) -> Result<Ended, Error> {
    if let Some(record) = work.once {
        work.store.write_idempotency(s, record).await.map_err(|e| if duplicate_key(&e).is_some() { refuse(Ended::KeyUsed) } else { e })?;
    }
    let gate = format!("exports:{}", work.user);
    if work.store.bump_in(s, &gate, work.limits.seconds, work.now).await? > work.limits.most {
        return Err(refuse(Ended::TooMany));
    }
    // Two starts of one person at once have met at the gate: the second one counts the first.
    let unfinished = doc! { "finished_at": bson::Bson::Null, "user_id": work.user.as_str() };
    let exports = work.store.of::<Document>(names::EXPORTS);
    let running = exports.count_documents(unfinished).limit(work.limits.running).session(&mut *s).await?;
    if running >= work.limits.running {
        return Err(refuse(Ended::TooManyRunning));
    }
    exports.insert_one(&work.document).session(s).await?;
    Ok(Ended::Started)
}

impl Store {
    fn export_docs(&self) -> Collection<ExportRecord> {
        self.of(names::EXPORTS)
    }

    /// Writes an export down to be done, with the record of the idempotency key, unless the person is at one of the limits.
    pub async fn start_export(
        &self,
        export: &ExportRecord,
        limits: ExportLimits,
        once: Option<&IdempotencyRecord>,
    ) -> Result<ExportStarted, StoreError> {
        let mut document = bson::serialize_to_document(export)?;
        document.insert("schema_version", SCHEMA_VERSION);
        let work = Starting { store: self, document, user: &export.user_id, limits, now: export.created_at, once };
        match (self.transaction(work, |s, work| start(s, work).boxed()).await?, once) {
            (Ended::Started, _) => Ok(ExportStarted::Now),
            (Ended::TooMany, _) => Ok(ExportStarted::TooMany),
            (Ended::TooManyRunning, _) => Ok(ExportStarted::TooManyRunning),
            (Ended::KeyUsed, Some(record)) => match self.replayed(&record.key).await? {
                Committed::Replayed(record) => Ok(ExportStarted::Before(record)),
                other => Err(StoreError::Internal(format!("a replay ended as {other:?}"))),
            },
            (Ended::KeyUsed, None) => Err(StoreError::Internal("no idempotency key was written".to_owned())),
        }
    }

    /// The export.
    pub async fn export(&self, id: &ExportId) -> Result<Option<ExportRecord>, StoreError> {
        Ok(self.export_docs().find_one(doc! { "_id": id.as_str() }).await?)
    }

    /// Gives an export that nobody works on to `holder` until then: that one, or the one that has waited longest. None when there
    /// is none, or it was begun too often.
    pub async fn claim_export(
        &self,
        id: Option<&ExportId>,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<ExportRecord>, StoreError> {
        let mut free = doc! { "finished_at": bson::Bson::Null, "lease_until": { "$lte": date(now) }, "attempts": { "$lt": ATTEMPTS_MAX } };
        if let Some(id) = id {
            free.insert("_id", id.as_str());
        }
        let take = doc! {
            "$set": { "state": "RUNNING", "holder": holder, "lease_until": date(until), "done": 0_i64 },
            "$inc": { "attempts": 1 },
        };
        let exports = self.export_docs();
        let claimed = exports.find_one_and_update(free, take).sort(doc! { "lease_until": 1 }).return_document(ReturnDocument::After);
        Ok(claimed.await?)
    }

    /// Keeps the progress and the lease; false when somebody else works on it by now.
    pub async fn keep_export(&self, id: &ExportId, holder: &str, done: i64, until: Timestamp) -> Result<bool, StoreError> {
        let own = doc! { "_id": id.as_str(), "holder": holder, "finished_at": bson::Bson::Null };
        let set = doc! { "$set": { "done": done, "lease_until": date(until) } };
        Ok(self.export_docs().update_one(own, set).await?.matched_count == 1)
    }

    /// Keeps how it ended; false when somebody else works on it by now. `end` has the rows and bytes of the file, or why there is
    /// none.
    pub async fn finish_export(
        &self,
        id: &ExportId,
        holder: &str,
        end: Result<(i64, i64), ExportFailure>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let own = doc! { "_id": id.as_str(), "holder": holder, "finished_at": bson::Bson::Null };
        let mut set = doc! { "finished_at": date(now) };
        match end {
            Ok((rows, bytes)) => set.extend(doc! { "state": "DONE", "done": rows, "total": rows, "bytes": bytes }),
            Err(why) => set.extend(doc! { "state": "FAILED", "failure": bson::serialize_to_bson(&why)? }),
        }
        Ok(self.export_docs().update_one(own, doc! { "$set": set }).await?.matched_count == 1)
    }

    /// Ends the exports that were begun too often and that nobody works on.
    pub async fn give_up_exports(&self, now: Timestamp) -> Result<u64, StoreError> {
        let lost = doc! { "finished_at": bson::Bson::Null, "lease_until": { "$lte": date(now) }, "attempts": { "$gte": ATTEMPTS_MAX } };
        let set = doc! { "$set": { "state": "FAILED", "failure": "BROKEN", "finished_at": date(now) } };
        Ok(self.export_docs().update_many(lost, set).await?.modified_count)
    }

    /// Up to `limit` exports whose time is over, so that their files can go.
    pub async fn exports_to_forget(&self, now: Timestamp, limit: i64) -> Result<Vec<ExportId>, StoreError> {
        #[derive(Deserialize)]
        struct Only {
            #[serde(rename = "_id")]
            id: ExportId,
        }
        let over = doc! { "forget_at": { "$lte": date(now) } };
        let rows = self.of::<Only>(names::EXPORTS).find(over).projection(doc! { "_id": 1 }).sort(doc! { "forget_at": 1 }).limit(limit).await?;
        Ok(rows.map_ok(|o| o.id).try_collect().await?)
    }

    /// Forgets an export whose file is gone.
    pub async fn forget_export(&self, id: &ExportId) -> Result<(), StoreError> {
        self.export_docs().delete_one(doc! { "_id": id.as_str() }).await?;
        Ok(())
    }
}
