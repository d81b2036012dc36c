//! What a deal was after each change: kept in the event of the change, which is written in the same transaction and by the same
//! insert. It is never sent with the event; only who asks how a deal was reads it. See `docs/adr/0016`.

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::deal::Deal;
use entente_domain::event::{Event, Subject};
use entente_domain::id::DealId;
use futures::TryStreamExt;
use mongodb::options::Hint;
use serde::Deserialize;

use crate::bson_as::{date, time};
use crate::connect::names;
use crate::deal_doc::DealDoc;
use crate::{Store, StoreError};

/// Fields of a stored deal that follow from the others and are for finding it.
const DERIVED: [&str; 3] = ["search_words", "match_keys", "owed_since"];
/// Events that leave a deal as it is; they carry the version that it had.
const NO_CHANGE: [&str; 3] = ["DEAL_NOTE_ADDED", "DEAL_WAY_FREED", "CUSTOMER_GROUPED"];

/// The one of them that does not even move the moment of the deal's last change: it is about the customer.
const NO_TRACE: &str = "CUSTOMER_GROUPED";

/// A deal as it is kept in the event that made it so.
pub(crate) fn recorded(deal: &Deal) -> Result<Document, bson::error::Error> {
    let mut state = bson::serialize_to_document(&DealDoc::from(deal))?;
    for field in DERIVED {
        state.remove(field);
    }
    Ok(state)
}

/// Whether the event is the one that made the deal what it is.
pub(crate) fn makes(event: &Event, deal: &Deal) -> bool {
    event.kind.changes_deal() && matches!(&event.subject, Subject::Deal { id, version, .. } if *id == deal.id && *version == deal.version)
}

/// What is known of a deal at an earlier moment.
#[derive(Debug, Clone, PartialEq)]
pub enum DealThen {
    /// The deal as it was written down then.
    Recorded(Box<Deal>),
    /// What changed it last before then was written by a version that kept no states, or nothing had happened to it.
    Unknown,
}

/// A version of a deal with the moment at which it came to be.
#[derive(Debug, Clone, PartialEq)]
pub struct DealState {
    /// When.
    pub at: Timestamp,
    /// The version.
    pub version: i32,
    /// The deal; none when it was written by a version that kept no states.
    pub deal: Option<Deal>,
}

#[derive(Debug, Deserialize)]
struct StateRow {
    subject: Subject,
    #[serde(with = "time")]
    occurred_at: Timestamp,
    #[serde(default)]
    state: Option<Document>,
}

#[derive(Debug, Deserialize)]
struct Moment {
    #[serde(with = "time")]
    occurred_at: Timestamp,
}

impl StateRow {
    fn read(self) -> Result<DealState, StoreError> {
        let version = if let Subject::Deal { version, .. } = self.subject { version } else { 0 };
        let deal = self.state.map(bson::deserialize_from_document::<DealDoc>).transpose()?.map(Deal::from);
        Ok(DealState { at: self.occurred_at, version, deal })
    }
}

impl Store {
    /// The deal as it was at that moment: its highest version of those that had come to be by then, whatever the clocks of the
    /// servers that wrote them said; with the last thing that had happened to it as the moment of its last change. Whether the
    /// asker may see the deal is for the caller to know.
    pub async fn deal_then(&self, id: &DealId, at: Timestamp) -> Result<DealThen, StoreError> {
        let until = doc! { "$lte": date(at) };
        let of = doc! { "subject.id": id.as_str(), "occurred_at": &until };
        let mut changes = of.clone();
        changes.insert("kind", doc! { "$nin": NO_CHANGE.to_vec() });
        let mut moves = of;
        moves.insert("kind", doc! { "$ne": NO_TRACE });
        let (rows, moments) = (self.of::<StateRow>(names::EVENTS), self.of::<Moment>(names::EVENTS));
        let state = rows.find_one(changes).projection(shape()).sort(doc! { "subject.version": -1, "_id": -1 }).hint(by_version());
        let last = moments.find_one(moves).projection(doc! { "_id": 0, "occurred_at": 1 }).sort(doc! { "occurred_at": -1, "_id": -1 });
        let (state, last) = tokio::try_join!(async { state.await }, async { last.await })?;
        let Some(deal) = state.map(StateRow::read).transpose()?.and_then(|s| s.deal) else { return Ok(DealThen::Unknown) };
        let updated_at = last.map_or(deal.updated_at, |m| m.occurred_at.max(deal.updated_at));
        Ok(DealThen::Recorded(Box::new(Deal { updated_at, ..deal })))
    }

    /// The versions of a deal with their moments, oldest first, at most `limit`.
    pub async fn deal_states(&self, id: &DealId, limit: u32) -> Result<Vec<DealState>, StoreError> {
        let changes = doc! { "subject.id": id.as_str(), "kind": { "$nin": NO_CHANGE.to_vec() } };
        let events = self.of::<StateRow>(names::EVENTS);
        let rows = events.find(changes).projection(shape()).sort(doc! { "subject.version": 1, "_id": 1 }).hint(by_version()).limit(limit.into());
        let rows: Vec<StateRow> = rows.await?.try_collect().await?;
        rows.into_iter().map(StateRow::read).collect()
    }
}

/// The order of versions, which not even a wrong clock turns round.
fn by_version() -> Hint {
    Hint::Name("subject_version".to_owned())
}

/// What is read of an event to know a state.
fn shape() -> Document {
    doc! { "_id": 0, "subject": 1, "occurred_at": 1, "state": 1 }
}
