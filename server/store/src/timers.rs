//! Timers: rows that say when something is due. Any number of servers ask for due rows; one atomic update gives a row to
//! one of them for a while, so that another takes over where one dies.

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::id::DealId;
use mongodb::Collection;
use mongodb::options::ReturnDocument;
use serde::{Deserialize, Serialize};

use crate::bson_as::{date, time};
use crate::connect::{SCHEMA_VERSION, names};
use crate::{Store, StoreError};

/// The only kind so far: the end of a deal's protection.
const PROTECTION_END: &str = "PROTECTION_END";

/// Something that is due: the end of a deal's protection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    /// Its id.
    pub id: String,
    /// The deal whose protection ends.
    pub deal_id: DealId,
    /// When it was due.
    pub due_at: Timestamp,
    /// How often it has been claimed, this time included.
    pub attempts: i32,
}

/// A timer as it is stored. `available_at` is `due_at`, or the end of the lease of whoever claimed it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct TimerDoc {
    #[serde(rename = "_id")]
    id: String,
    schema_version: i32,
    kind: String,
    deal_id: DealId,
    #[serde(with = "time")]
    due_at: Timestamp,
    #[serde(with = "time")]
    available_at: Timestamp,
    attempts: i32,
    holder: Option<String>,
}

impl TimerDoc {
    /// The timer of the end of a deal's protection.
    pub(crate) fn protection_end(deal_id: &DealId, due_at: Timestamp) -> Self {
        Self {
            id: protection_timer_id(deal_id),
            schema_version: SCHEMA_VERSION,
            kind: PROTECTION_END.to_owned(),
            deal_id: deal_id.clone(),
            due_at,
            available_at: due_at,
            attempts: 0,
            holder: None,
        }
    }

    /// The update that brings a stored timer to this one; a timer with the same due time keeps its lease and its count.
    pub(crate) fn set(&self) -> (Document, Vec<Document>) {
        let due = date(self.due_at);
        let same = doc! { "$eq": ["$due_at", &due] };
        let keep = |field: &str, fresh: bson::Bson| doc! { "$cond": [&same, format!("${field}"), fresh] };
        let set = doc! {
            "schema_version": self.schema_version,
            "kind": &self.kind,
            "deal_id": self.deal_id.as_str(),
            "available_at": keep("available_at", due.clone()),
            "attempts": keep("attempts", 0.into()),
            "holder": keep("holder", bson::Bson::Null),
            "due_at": due,
        };
        (doc! { "_id": &self.id }, vec![doc! { "$set": set }])
    }
}

/// The id of the timer of the end of a deal's protection.
pub(crate) fn protection_timer_id(deal_id: &DealId) -> String {
    format!("protection:{deal_id}")
}

impl Store {
    pub(crate) fn timer_docs(&self) -> Collection<TimerDoc> {
        self.of(names::TIMERS)
    }

    /// Gives the longest due timer to `holder` for `lease_ms` milliseconds; none when nothing is due at `now`. A timer that
    /// is not finished by then is given out again.
    pub async fn claim_timer(&self, holder: &str, now: Timestamp, lease_ms: i64) -> Result<Option<Timer>, StoreError> {
        let until = Timestamp::from_millisecond(now.as_millisecond().saturating_add(lease_ms)).unwrap_or(Timestamp::MAX);
        let update = doc! { "$set": { "available_at": date(until), "holder": holder }, "$inc": { "attempts": 1 } };
        let claimed = self
            .timer_docs()
            .find_one_and_update(doc! { "available_at": { "$lte": date(now) } }, update)
            .sort(doc! { "available_at": 1 })
            .return_document(ReturnDocument::After)
            .await?;
        Ok(claimed.map(|t| Timer { id: t.id, deal_id: t.deal_id, due_at: t.due_at, attempts: t.attempts }))
    }

    /// Removes a timer that was claimed. One that has been set anew since then stays.
    pub async fn finish_timer(&self, id: &str) -> Result<(), StoreError> {
        self.timer_docs().delete_one(doc! { "_id": id, "holder": { "$ne": bson::Bson::Null } }).await?;
        Ok(())
    }
}
