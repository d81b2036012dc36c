//! Runs of imports and what was wrong in their rows.

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::id::{ImportRunId, UserId};
use futures::{FutureExt, TryStreamExt};
use mongodb::error::Error;
use mongodb::{ClientSession, Collection};
use serde::{Deserialize, Serialize};

use crate::bson_as::{date, time, time_option};
use crate::connect::{SCHEMA_VERSION, names};
use crate::errors::duplicate_key;
use crate::transaction::refuse;
use crate::{Committed, IdempotencyRecord, Store, StoreError};

/// One run of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportRunRecord {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: ImportRunId,
    /// `RUNNING`, `DONE` or `FAILED`.
    pub status: String,
    /// When it began.
    #[serde(with = "time")]
    pub started_at: Timestamp,
    /// When it ended.
    #[serde(with = "time_option")]
    pub finished_at: Option<Timestamp>,
    /// By whom; none from the command line.
    pub started_by: Option<UserId>,
    /// Rows read so far.
    pub processed: i64,
    /// Rows in all.
    pub total: i64,
    /// Rows that made a deal.
    pub created: i64,
    /// Rows that were there already.
    pub unchanged: i64,
    /// Rows refused.
    pub rejected: i64,
    /// Why it failed as a whole.
    pub failure: Option<String>,
    /// Severity, code, message and how often.
    pub issue_counts: Vec<(String, String, String, i64)>,
    /// `CRM` or `LEADS`: what was imported.
    #[serde(default = "of_a_crm")]
    pub kind: String,
}

/// Runs from before there were other kinds.
fn of_a_crm() -> String {
    "CRM".to_owned()
}

/// One thing wrong in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportIssueRecord {
    /// `ERROR` or `WARNING`.
    pub severity: String,
    /// File name.
    pub file: String,
    /// Line in the file, from 1.
    pub line: i64,
    /// Column, where it is about one.
    pub column: Option<String>,
    /// The value found.
    pub value: Option<String>,
    /// Kind of issue.
    pub code: String,
    /// For a person.
    pub reason: String,
}

/// An issue as it is stored; its id is made of run and ordinal.
#[derive(Debug, Serialize, Deserialize)]
struct IssueDoc {
    #[serde(rename = "_id")]
    id: String,
    schema_version: i32,
    run_id: ImportRunId,
    ordinal: i64,
    issue: ImportIssueRecord,
}

/// How the beginning of a run ended. Everything but `Now` wrote nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// It has begun.
    Now,
    /// Another one holds the gate.
    GateClosed,
    /// The idempotency key has been used; this is what came of it then.
    Before(IdempotencyRecord),
}

struct Beginning<'a> {
    store: &'a Store,
    document: Document,
    gate: &'a str,
    seconds: i64,
    now: Timestamp,
    once: Option<&'a IdempotencyRecord>,
}

#[derive(Debug, Clone, Copy)]
enum Ended {
    Begun,
    GateClosed,
    KeyUsed,
}

async fn begin(s: &mut ClientSession, work: &Beginning<'_>) -> Result<Ended, Error> {
    // First, so that a repeat is told that it is one and not that its own run is in the way.
    if let Some(record) = work.once {
        work.store.write_idempotency(s, record).await.map_err(|e| if duplicate_key(&e).is_some() { refuse(Ended::KeyUsed) } else { e })?;
    }
    match work.store.bump_in(s, work.gate, work.seconds, work.now).await {
        Ok(1) => {}
        Ok(_) => return Err(refuse(Ended::GateClosed)),
        // Another one took it in the same moment.
        Err(e) if duplicate_key(&e).is_some() => return Err(refuse(Ended::GateClosed)),
        Err(e) => return Err(e),
    }
    work.store.of::<Document>(names::IMPORT_RUNS).insert_one(&work.document).session(s).await?;
    Ok(Ended::Begun)
}

impl Store {
    fn import_run_docs(&self) -> Collection<ImportRunRecord> {
        self.of(names::IMPORT_RUNS)
    }

    fn import_issue_docs(&self) -> Collection<IssueDoc> {
        self.of(names::IMPORT_ISSUES)
    }

    /// Inserts the run, or replaces it as it now stands.
    pub async fn save_import_run(&self, run: &ImportRunRecord) -> Result<(), StoreError> {
        let mut set = bson::serialize_to_document(run)?;
        set.insert("schema_version", SCHEMA_VERSION);
        self.import_run_docs().update_one(doc! { "_id": run.id.as_str() }, doc! { "$set": set }).upsert(true).await?;
        Ok(())
    }

    /// Begins a run through a gate that lets one in at a time: the counter `gate`, as [`Store::bump`] keeps it in windows of
    /// `seconds`, has to be at zero. Gate, run and the record of the idempotency key are written at once, or nothing is.
    pub async fn begin_import_run(
        &self,
        run: &ImportRunRecord,
        (gate, seconds): (&str, i64),
        once: Option<&IdempotencyRecord>,
    ) -> Result<Begun, StoreError> {
        let mut document = bson::serialize_to_document(run)?;
        document.insert("schema_version", SCHEMA_VERSION);
        let beginning = Beginning { store: self, document, gate, seconds: seconds.max(1), now: run.started_at, once };
        match (self.transaction(beginning, |s, work| begin(s, work).boxed()).await?, once) {
            (Ended::Begun, _) => Ok(Begun::Now),
            (Ended::GateClosed, _) => Ok(Begun::GateClosed),
            (Ended::KeyUsed, Some(record)) => match self.replayed(&record.key).await? {
                Committed::Replayed(record) => Ok(Begun::Before(record)),
                other => Err(StoreError::Internal(format!("a replay ended as {other:?}"))),
            },
            (Ended::KeyUsed, None) => Err(StoreError::Internal("no idempotency key was written".to_owned())),
        }
    }

    /// The run.
    pub async fn import_run(&self, id: &ImportRunId) -> Result<Option<ImportRunRecord>, StoreError> {
        Ok(self.import_run_docs().find_one(doc! { "_id": id.as_str() }).await?)
    }

    /// A page of runs, newest first. `after` is beginning and id of the last run of the page before.
    pub async fn import_runs(&self, after: Option<(Timestamp, ImportRunId)>, limit: u32) -> Result<Vec<ImportRunRecord>, StoreError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let filter = match after {
            None => Document::new(),
            Some((at, id)) => doc! {
                "started_at": { "$lte": date(at) },
                "$or": [{ "started_at": { "$lt": date(at) } }, { "_id": { "$lt": id.as_str() } }],
            },
        };
        let rows = self.import_run_docs().find(filter).sort(doc! { "started_at": -1, "_id": -1 }).limit(limit.into()).await?;
        Ok(rows.try_collect().await?)
    }

    /// How many runs there have been.
    pub async fn count_import_runs(&self) -> Result<u64, StoreError> {
        Ok(self.import_run_docs().estimated_document_count().await?)
    }

    /// Adds issues of a run, numbered from `first_ordinal` on. A number is taken once: adding one again is an error.
    pub async fn add_import_issues(&self, run: &ImportRunId, first_ordinal: i64, issues: &[ImportIssueRecord]) -> Result<(), StoreError> {
        let doc = |(ordinal, issue): (i64, &ImportIssueRecord)| IssueDoc {
            id: format!("{run}:{ordinal:09}"),
            schema_version: SCHEMA_VERSION,
            run_id: run.clone(),
            ordinal,
            issue: issue.clone(),
        };
        let docs: Vec<IssueDoc> = (first_ordinal..).zip(issues).map(doc).collect();
        if !docs.is_empty() {
            self.import_issue_docs().insert_many(docs).await?;
        }
        Ok(())
    }

    /// Up to `limit` issues of a run with their ordinals, in order, after `after_ordinal`.
    pub async fn import_issues(&self, run: &ImportRunId, after_ordinal: i64, limit: u32) -> Result<Vec<(i64, ImportIssueRecord)>, StoreError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let filter = doc! { "run_id": run.as_str(), "ordinal": { "$gt": after_ordinal } };
        let rows = self.import_issue_docs().find(filter).sort(doc! { "ordinal": 1 }).limit(limit.into()).batch_size(limit).await?;
        Ok(rows.map_ok(|d| (d.ordinal, d.issue)).try_collect().await?)
    }

    /// How many issues a run has.
    pub async fn count_import_issues(&self, run: &ImportRunId) -> Result<u64, StoreError> {
        Ok(self.import_issue_docs().count_documents(doc! { "run_id": run.as_str() }).await?)
    }
}
