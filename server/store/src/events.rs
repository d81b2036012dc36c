//! Events as they are stored and read: a deal's timeline, what happened of late, and everything after a number. Events
//! are written with the change they tell of and never change, but for the number that [`crate::EventNumberer`] gives.

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::event::{Event, EventActor, EventKind, FieldChange, NumberedEvent, Subject, Visibility};
use entente_domain::id::{DealId, EventId};
use entente_domain::policy::Scope;
use futures::TryStreamExt;
use mongodb::Collection;
use serde::{Deserialize, Serialize};

use crate::bson_as::{date, time};
use crate::connect::{SCHEMA_VERSION, names};
use crate::{Store, StoreError};

/// An event as it is stored. `pending` until it has its number, so that a partial index holds what waits for one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct EventDoc {
    #[serde(rename = "_id")]
    id: EventId,
    schema_version: i32,
    kind: EventKind,
    subject: Subject,
    #[serde(with = "time")]
    occurred_at: Timestamp,
    actor: EventActor,
    visibility: Visibility,
    text: Option<String>,
    changes: Vec<FieldChange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seq: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pending: Option<bool>,
    /// The deal after the event, for whoever asks how it was; read by [`crate::states`] only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<Document>,
}

/// Everything but the recorded state: it is large, and nobody who is told of an event needs it.
pub(crate) fn told() -> Document {
    doc! { "state": 0 }
}

impl EventDoc {
    /// The event of a change, with the deal as the change left it.
    pub(crate) fn recording(event: &Event, state: Document) -> Self {
        Self { state: Some(state), ..Self::from(event) }
    }
}

impl From<&Event> for EventDoc {
    fn from(e: &Event) -> Self {
        Self {
            id: e.id.clone(),
            schema_version: SCHEMA_VERSION,
            kind: e.kind,
            subject: e.subject.clone(),
            occurred_at: e.occurred_at,
            actor: e.actor.clone(),
            visibility: e.visibility,
            text: e.text.clone(),
            changes: e.changes.clone(),
            seq: None,
            pending: Some(true),
            state: None,
        }
    }
}

impl From<EventDoc> for Event {
    fn from(e: EventDoc) -> Self {
        Event {
            id: e.id,
            kind: e.kind,
            subject: e.subject,
            occurred_at: e.occurred_at,
            actor: e.actor,
            visibility: e.visibility,
            text: e.text,
            changes: e.changes,
        }
    }
}

impl From<EventDoc> for NumberedEvent {
    fn from(e: EventDoc) -> Self {
        NumberedEvent { seq: e.seq.unwrap_or_default(), event: e.into() }
    }
}

impl Store {
    pub(crate) fn event_docs(&self) -> Collection<EventDoc> {
        self.of(names::EVENTS)
    }

    /// What happened to a deal, newest first, up to `limit`; without what only the vendor may see unless `with_internal`.
    /// `after` is moment and id of the last event of the page before. Whether the asker may see the deal is for the
    /// caller to know.
    pub async fn timeline(
        &self,
        deal: &DealId,
        with_internal: bool,
        after: Option<(Timestamp, EventId)>,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let mut filter = visible(doc! { "subject.id": deal.as_str() }, with_internal);
        if let Some((at, id)) = after {
            // The bound goes into the index; the ties are few, for a deal has few events at one moment.
            filter.insert("occurred_at", doc! { "$lte": date(at) });
            filter.insert("$or", vec![doc! { "occurred_at": { "$lt": date(at) } }, doc! { "_id": { "$lt": id.as_str() } }]);
        }
        let rows = self.event_docs().find(filter).projection(told()).sort(doc! { "occurred_at": -1, "_id": -1 }).limit(limit.into()).await?;
        Ok(rows.map_ok(Event::from).try_collect().await?)
    }

    /// Up to `limit` events whose number is above `seq`, in order and without gaps.
    pub async fn events_after(&self, seq: i64, limit: u32) -> Result<Vec<NumberedEvent>, StoreError> {
        self.numbered(doc! { "seq": { "$gt": seq } }, 1, limit).await
    }

    /// The last number given; 0 when none has been.
    pub async fn last_seq(&self) -> Result<i64, StoreError> {
        #[derive(Debug, Deserialize)]
        struct Last {
            last_seq: i64,
        }
        let relay = self.of::<Last>(names::RELAY).find_one(doc! { "_id": names::EVENTS }).await?;
        Ok(relay.map_or(0, |r| r.last_seq))
    }

    /// What happened to deals within the scope, newest first, up to `limit`, with numbers below `before`; without what
    /// only the vendor may see unless `with_internal`.
    pub async fn recent_events(&self, scope: &Scope, with_internal: bool, before: Option<i64>, limit: u32) -> Result<Vec<NumberedEvent>, StoreError> {
        let mut filter = visible(doc! { "subject.type": "DEAL" }, with_internal);
        match scope {
            Scope::Nothing => return Ok(Vec::new()),
            Scope::All => {}
            Scope::Partner(own) => {
                filter.insert("subject.partner_id", own.as_str());
            }
        }
        filter.insert("seq", doc! { "$gt": 0_i64, "$lt": before.unwrap_or(i64::MAX) });
        self.numbered(filter, -1, limit).await
    }

    async fn numbered(&self, filter: Document, direction: i32, limit: u32) -> Result<Vec<NumberedEvent>, StoreError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let rows = self.event_docs().find(filter).projection(told()).sort(doc! { "seq": direction }).limit(limit.into()).batch_size(limit).await?;
        Ok(rows.map_ok(NumberedEvent::from).try_collect().await?)
    }
}

fn visible(mut filter: Document, with_internal: bool) -> Document {
    if !with_internal {
        filter.insert("visibility", "SHARED");
    }
    filter
}
