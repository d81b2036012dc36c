//! imports
use entente_domain::Timestamp;
use entente_domain::id::{ImportRunId, UserId};
use crate::{Store, StoreError, stub};
/// One run of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRunRecord {
    /// Its id.
    pub id: ImportRunId,
    /// `RUNNING`, `DONE` or `FAILED`.
    pub status: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
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
#[derive(Debug, Clone, PartialEq, Eq)]
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
impl Store {
    /// Inserts or replaces a run.
    pub async fn save_import_run(&self, _run: &ImportRunRecord) -> Result<(), StoreError> { stub() }
    /// A run.
    pub async fn import_run(&self, _id: &ImportRunId) -> Result<Option<ImportRunRecord>, StoreError> { stub() }
    /// Newest first.
    pub async fn import_runs(&self, _after: Option<(Timestamp, ImportRunId)>, _limit: u32) -> Result<Vec<ImportRunRecord>, StoreError> { stub() }
    /// How many.
    pub async fn count_import_runs(&self) -> Result<u64, StoreError> { stub() }
    /// Adds issues.
    pub async fn add_import_issues(&self, _run: &ImportRunId, _first_ordinal: i64, _issues: &[ImportIssueRecord]) -> Result<(), StoreError> { stub() }
    /// Issues after an ordinal, in order.
    pub async fn import_issues(&self, _run: &ImportRunId, _after_ordinal: i64, _limit: u32) -> Result<Vec<(i64, ImportIssueRecord)>, StoreError> { stub() }
    /// How many.
    pub async fn count_import_issues(&self, _run: &ImportRunId) -> Result<u64, StoreError> { stub() }
}
