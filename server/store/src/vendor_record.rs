//! What the vendor's own record is made of: the registrations that were decided, or whose deadline was missed, in a stretch of time.

use std::collections::BTreeMap;

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::deal::deadline::Deadline;
use entente_domain::id::DealId;
use entente_domain::record::Row;
use entente_domain::rules::Judged;
use futures::TryStreamExt;
use mongodb::options::Hint;
use serde::Deserialize;

use crate::bson_as::{date, time};
use crate::connect::names;
use crate::{Store, StoreError};

/// Most registrations that one record is made of.
const ROWS_MAX: i64 = 100_000;

/// The few fields of a deal that count.
#[derive(Debug, Deserialize)]
struct RecordDoc {
    #[serde(rename = "_id")]
    id: DealId,
    #[serde(with = "time")]
    created_at: Timestamp,
    decision_reason: Option<String>,
    #[serde(default)]
    judged: Judged,
    deadline: Deadline,
}

impl RecordDoc {
    fn row(self) -> Row {
        Row {
            rules: self.judged.rules,
            submitted_at: self.created_at,
            answered: self.deadline.answered.map(|a| (a.at, a.approved)),
            runs: self.deadline.runs,
            missed: self.deadline.missed,
            reasoned: self.decision_reason.is_some_and(|r| !r.trim().is_empty()),
            reason: self.deadline.reason,
        }
    }
}

impl Store {
    /// The registrations that the vendor decided from the first moment up to, not including, the last, and those whose deadline
    /// passed in that time without a decision; each once. Refused where they are more than 100,000.
    pub async fn record_rows(&self, from: Timestamp, to: Timestamp) -> Result<Vec<Row>, StoreError> {
        let mut rows = BTreeMap::new();
        for field in ["answered_at", "missed_at"] {
            let within = doc! { field: { "$gte": date(from), "$lt": date(to) } };
            let only = doc! { "created_at": 1, "decision_reason": 1, "judged": 1, "deadline": 1 };
            let found = self.of::<RecordDoc>(names::DEALS).find(within).projection(only).limit(ROWS_MAX + 1).hint(by(field)).await?;
            let found: Vec<RecordDoc> = found.try_collect().await?;
            if found.len() as i64 > ROWS_MAX {
                return Err(StoreError::Internal(format!("more than {ROWS_MAX} registrations in one record")));
            }
            rows.extend(found.into_iter().map(|doc| (doc.id.clone(), doc.row())));
        }
        Ok(rows.into_values().collect())
    }
}

/// The index of that field alone.
fn by(field: &str) -> Hint {
    Hint::Keys(Document::from_iter([(field.to_owned(), 1.into())]))
}
