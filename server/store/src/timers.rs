//! Timers: rows that say when something is due. Any number of servers ask for due rows; one atomic update gives a row to
//! one of them for a while, so that another takes over where one dies.

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::timer::{Due, TimerKind};
use futures::TryStreamExt;
use mongodb::error::Error;
use mongodb::options::ReturnDocument;
use mongodb::{ClientSession, Collection};
use serde::{Deserialize, Serialize};

use crate::bson_as::{date, time};
use crate::connect::{SCHEMA_VERSION, names};
use crate::{Store, StoreError};

/// Something that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    /// Its id.
    pub id: String,
    /// What is due.
    pub kind: TimerKind,
    /// The id of what it is due for: a deal, for the kinds of deals.
    pub subject: String,
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
    kind: TimerKind,
    /// Timers from before there were other kinds say `deal_id`.
    #[serde(alias = "deal_id")]
    subject: String,
    #[serde(with = "time")]
    due_at: Timestamp,
    #[serde(with = "time")]
    available_at: Timestamp,
    attempts: i32,
    holder: Option<String>,
}

impl TimerDoc {
    /// The timer of that subject, claimed by nobody.
    pub(crate) fn new(subject: &str, due: Due) -> Self {
        Self {
            id: timer_id(due.kind, subject),
            schema_version: SCHEMA_VERSION,
            kind: due.kind,
            subject: subject.to_owned(),
            due_at: due.at,
            available_at: due.at,
            attempts: 0,
            holder: None,
        }
    }

    /// The update that brings a stored timer to this one; a timer with the same due time keeps its lease and its count.
    pub(crate) fn set(&self) -> Result<(Document, Vec<Document>), bson::error::Error> {
        let due = date(self.due_at);
        let same = doc! { "$eq": ["$due_at", &due] };
        let keep = |field: &str, fresh: bson::Bson| doc! { "$cond": [&same, format!("${field}"), fresh] };
        let set = doc! {
            "schema_version": self.schema_version,
            "kind": bson::serialize_to_bson(&self.kind)?,
            "subject": &self.subject,
            "available_at": keep("available_at", due.clone()),
            "attempts": keep("attempts", 0.into()),
            "holder": keep("holder", bson::Bson::Null),
            "due_at": due,
        };
        Ok((doc! { "_id": &self.id }, vec![doc! { "$set": set }]))
    }
}

/// The id of the one timer of that kind that a subject can have.
pub(crate) fn timer_id(kind: TimerKind, subject: &str) -> String {
    format!("{}:{subject}", kind.tag())
}

/// Gives a subject exactly these timers out of `kinds`, within a transaction; one that stays as it is keeps its lease.
pub(crate) async fn set_timers(
    session: &mut ClientSession,
    timers: &Collection<TimerDoc>,
    subject: &str,
    kinds: &[TimerKind],
    wanted: &[Due],
) -> Result<(), Error> {
    for due in wanted {
        let (filter, update) = TimerDoc::new(subject, *due).set().map_err(Error::custom)?;
        timers.update_one(filter, update).upsert(true).session(&mut *session).await?;
    }
    let gone: Vec<String> = kinds.iter().filter(|k| wanted.iter().all(|d| d.kind != **k)).map(|k| timer_id(*k, subject)).collect();
    if !gone.is_empty() {
        timers.delete_many(doc! { "_id": { "$in": gone } }).session(session).await?;
    }
    Ok(())
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
        Ok(claimed.map(|t| Timer { id: t.id, kind: t.kind, subject: t.subject, due_at: t.due_at, attempts: t.attempts }))
    }

    /// Gives registrations from before deadlines had timers the timer of their deadline.
    pub(crate) async fn add_decision_timers(&self) -> Result<(), StoreError> {
        #[derive(Debug, Deserialize)]
        struct Pending {
            #[serde(rename = "_id")]
            id: String,
            #[serde(with = "time")]
            decision_due_at: Timestamp,
        }
        let pending = doc! { "status": { "$in": ["SUBMITTED", "IN_REVIEW"] }, "decision_due_at": { "$type": "date" } };
        let only = doc! { "decision_due_at": 1 };
        let mut rows = self.of::<Pending>(names::DEALS).find(pending).projection(only).await?;
        while let Some(deal) = rows.try_next().await? {
            let due = Due { kind: TimerKind::DecisionDeadline, at: deal.decision_due_at };
            let (filter, update) = TimerDoc::new(&deal.id, due).set()?;
            self.timer_docs().update_one(filter, update).upsert(true).await?;
        }
        Ok(())
    }

    /// Gives leads that were taken before following up had timers the timer of it.
    pub(crate) async fn add_follow_up_timers(&self) -> Result<(), StoreError> {
        #[derive(Debug, Deserialize)]
        struct Taken {
            #[serde(rename = "_id")]
            id: String,
            #[serde(with = "time")]
            follow_up_at: Timestamp,
        }
        let taken = doc! { "status": "ACCEPTED", "follow_up_at": { "$type": "date" } };
        let only = doc! { "follow_up_at": 1 };
        let mut rows = self.of::<Taken>(names::LEADS).find(taken).projection(only).await?;
        while let Some(lead) = rows.try_next().await? {
            let due = Due { kind: TimerKind::LeadFollowUp, at: lead.follow_up_at };
            let (filter, update) = TimerDoc::new(&lead.id, due).set()?;
            self.timer_docs().update_one(filter, update).upsert(true).await?;
        }
        Ok(())
    }

    /// When the next timer comes to be free to claim; none when there is no timer at all.
    pub async fn next_timer_at(&self) -> Result<Option<Timestamp>, StoreError> {
        #[derive(Debug, Deserialize)]
        struct Next {
            #[serde(with = "time")]
            available_at: Timestamp,
        }
        let only = doc! { "available_at": 1, "_id": 0 };
        let next = self.of::<Next>(names::TIMERS).find_one(doc! {}).sort(doc! { "available_at": 1 }).projection(only).await?;
        Ok(next.map(|n| n.available_at))
    }

    /// Removes a timer that was claimed. One that has been set anew since then, or that another has claimed, stays.
    pub async fn finish_timer(&self, timer: &Timer) -> Result<(), StoreError> {
        self.timer_docs().delete_one(doc! { "_id": &timer.id, "due_at": date(timer.due_at), "attempts": timer.attempts }).await?;
        Ok(())
    }
}
