//! Runs of imports and what was wrong in their rows.

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::id::{ImportRunId, UserId};
use futures::TryStreamExt;
use mongodb::Collection;
use serde::{Deserialize, Serialize};

use crate::bson_as::{date, time, time_option};
use crate::connect::{SCHEMA_VERSION, names};
use crate::{Store, StoreError};

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
