//! Disputes: each a document beside the deals that it is about. What its decision does to deals is written in the same
//! transaction. A unique index lets a partner have one open dispute about a customer.

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::deal::Decision;
use entente_domain::dispute::{Dispute, DisputeDecision, DisputeStatus};
use entente_domain::event::Event;
use entente_domain::id::{DealId, DisputeId, PartnerId, UserId};
use entente_domain::lead::LeadDecision;
use entente_domain::policy::Scope;
use entente_domain::timer::TimerKind;
use futures::{FutureExt, TryStreamExt};
use mongodb::error::Error;
use mongodb::options::Hint;
use mongodb::{ClientSession, Collection};
use serde::{Deserialize, Serialize};

use crate::bson_as::{date, time};
use crate::commit::write_within;
use crate::connect::{SCHEMA_VERSION, names};
use crate::errors::duplicate_key;
use crate::events::{EventDoc, told};
use crate::timers::set_timers;
use crate::transaction::refuse;
use crate::{Committed, IdempotencyRecord, Store, StoreError};

/// Kinds of events by which a person decides on a registration.
const DECIDING: [&str; 4] = ["DEAL_APPROVED", "DEAL_REJECTED", "DEAL_INFO_REQUESTED", "DEAL_STEP_APPROVED"];

/// A dispute as it is stored: what it is found by, and the dispute itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct DisputeDoc {
    #[serde(rename = "_id")]
    id: DisputeId,
    schema_version: i32,
    version: i32,
    number: String,
    status: DisputeStatus,
    /// The partners of its sides.
    sides: Vec<PartnerId>,
    /// The deals of its sides.
    deals: Vec<DealId>,
    #[serde(with = "time")]
    opened_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    open_key: Option<String>,
    dispute: Dispute,
}

impl From<&Dispute> for DisputeDoc {
    fn from(d: &Dispute) -> Self {
        let parties = || std::iter::once(&d.complainant).chain(&d.respondent);
        Self {
            id: d.id.clone(),
            schema_version: SCHEMA_VERSION,
            version: d.version,
            number: d.number.clone(),
            status: d.status,
            sides: parties().map(|p| p.partner_id.clone()).collect(),
            deals: parties().filter_map(|p| p.deal_id.clone()).collect(),
            opened_at: d.opened_at,
            open_key: d.open_key(),
            dispute: d.clone(),
        }
    }
}

/// Which disputes.
#[derive(Debug, Clone)]
pub struct DisputeQuery {
    /// The scope of whoever asks.
    pub scope: Scope,
    /// Statuses; empty for all.
    pub statuses: Vec<DisputeStatus>,
    /// Those about this deal.
    pub deal: Option<DealId>,
    /// Moment of opening and id of the last row of the page before.
    pub after: Option<(Timestamp, DisputeId)>,
    /// Most rows.
    pub limit: u32,
}

/// What came of a commit of a dispute. Everything but `Done` wrote nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum DisputeCommitted {
    /// Written.
    Done,
    /// The dispute has another version than the decision was made on.
    Stale,
    /// The partner has an open dispute about the customer.
    AlreadyOpen,
    /// A deal, or the lead that one comes of, did not follow: it changed, or somebody else holds the claim.
    Deals(Committed),
    /// The idempotency key has been used; this is what came of it then.
    Replayed(IdempotencyRecord),
}

#[derive(Debug, Clone, PartialEq)]
enum Ended {
    With(DisputeCommitted),
    KeyUsed,
}

struct Work<'a> {
    store: &'a Store,
    decision: &'a DisputeDecision,
    deals: &'a [Decision],
    lead: Option<&'a LeadDecision>,
    once: Option<&'a IdempotencyRecord>,
}

impl Store {
    fn dispute_docs(&self) -> Collection<DisputeDoc> {
        self.of(names::DISPUTES)
    }

    /// A dispute within the scope; none when it is not there or hidden.
    pub async fn dispute(&self, id: &DisputeId, scope: &Scope) -> Result<Option<Dispute>, StoreError> {
        Ok(self.disputes_by_ids(std::slice::from_ref(id), scope).await?.pop())
    }

    /// Those of the disputes that lie within the scope, in any order.
    pub async fn disputes_by_ids(&self, ids: &[DisputeId], scope: &Scope) -> Result<Vec<Dispute>, StoreError> {
        let Some(mut filter) = within(scope).filter(|_| !ids.is_empty()) else { return Ok(Vec::new()) };
        let ids: Vec<&str> = ids.iter().map(DisputeId::as_str).collect();
        filter.insert("_id", doc! { "$in": ids });
        Ok(self.dispute_docs().find(filter).await?.map_ok(|d| d.dispute).try_collect().await?)
    }

    /// Disputes, the last opened first.
    pub async fn disputes(&self, q: &DisputeQuery) -> Result<Vec<Dispute>, StoreError> {
        let Some(mut filter) = matching(q).filter(|_| q.limit > 0) else { return Ok(Vec::new()) };
        if let Some((at, id)) = &q.after {
            filter.insert("opened_at", doc! { "$lte": date(*at) });
            filter.insert("$or", vec![doc! { "opened_at": { "$lt": date(*at) } }, doc! { "_id": { "$lt": id.as_str() } }]);
        }
        let docs = self.dispute_docs();
        let rows = docs.find(filter).sort(doc! { "opened_at": -1, "_id": -1 }).limit(q.limit.into());
        Ok(rows.await?.map_ok(|d| d.dispute).try_collect().await?)
    }

    /// How many disputes the query finds on all pages.
    pub async fn count_disputes(&self, q: &DisputeQuery) -> Result<u64, StoreError> {
        let Some(filter) = matching(q) else { return Ok(0) };
        // Named, because without a condition the database would read every document.
        let index = match (&q.scope, q.statuses.is_empty()) {
            (Scope::Partner(_), _) => "sides_opened_at",
            (_, false) => "status_opened_at",
            (_, true) => "opened_at",
        };
        Ok(self.dispute_docs().count_documents(filter).hint(Hint::Name(index.to_owned())).await?)
    }

    /// Who approved, rejected or asked about one of these deals.
    pub async fn deciders(&self, deals: &[DealId]) -> Result<Vec<UserId>, StoreError> {
        if deals.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<&str> = deals.iter().map(DealId::as_str).collect();
        let filter = doc! { "subject.id": { "$in": ids }, "kind": { "$in": DECIDING.to_vec() } };
        let found = self.event_docs().distinct("actor.user_id", filter).await?;
        Ok(found.into_iter().filter_map(|id| id.as_str()?.parse().ok()).collect())
    }

    /// What happened to a dispute or a deal, oldest first, the last `limit` times, with what only the vendor may see.
    pub async fn events_of(&self, subject: &str, limit: u32) -> Result<Vec<Event>, StoreError> {
        let docs = self.event_docs();
        let rows = docs.find(doc! { "subject.id": subject }).projection(told());
        let rows = rows.sort(doc! { "occurred_at": -1, "_id": -1 }).limit(limit.into()).await?;
        let mut events: Vec<Event> = rows.map_ok(Event::from).try_collect().await?;
        events.reverse();
        Ok(events)
    }

    /// Writes a change of a dispute that touches no deal, or nothing.
    pub async fn commit_dispute(&self, decision: &DisputeDecision, once: Option<&IdempotencyRecord>) -> Result<DisputeCommitted, StoreError> {
        self.commit_dispute_work(Work { store: self, decision, deals: &[], lead: None, once }).await
    }

    /// Writes the decision of a dispute, what it does to deals, and what becomes of the lead that a deal comes of in one
    /// transaction, or nothing.
    pub async fn commit_ruling(
        &self,
        decision: &DisputeDecision,
        deals: &[Decision],
        lead: Option<&LeadDecision>,
    ) -> Result<DisputeCommitted, StoreError> {
        self.commit_dispute_work(Work { store: self, decision, deals, lead, once: None }).await
    }

    async fn commit_dispute_work(&self, work: Work<'_>) -> Result<DisputeCommitted, StoreError> {
        let key = work.once.map_or("", |o| o.key.as_str());
        match self.transaction(work, |session, work| write(session, work).boxed()).await? {
            Ended::With(committed) => Ok(committed),
            Ended::KeyUsed => match self.replayed(key).await? {
                Committed::Replayed(record) => Ok(DisputeCommitted::Replayed(record)),
                other => Err(StoreError::Internal(format!("a replay ended as {other:?}"))),
            },
        }
    }
}

/// The filter of a scope; none for a scope without rows.
fn within(scope: &Scope) -> Option<Document> {
    match scope {
        Scope::All => Some(doc! {}),
        Scope::Partner(own) => Some(doc! { "sides": own.as_str() }),
        Scope::Nothing => None,
    }
}

/// Everything that the query asks for but the page; none when nothing can be found.
fn matching(q: &DisputeQuery) -> Option<Document> {
    let mut filter = within(&q.scope)?;
    if !q.statuses.is_empty() {
        filter.insert("status", doc! { "$in": q.statuses.iter().map(|s| s.name()).collect::<Vec<_>>() });
    }
    if let Some(deal) = &q.deal {
        filter.insert("deals", deal.as_str());
    }
    Some(filter)
}

fn end(committed: DisputeCommitted) -> Error {
    refuse(Ended::With(committed))
}

async fn write(s: &mut ClientSession, work: &Work<'_>) -> Result<Ended, Error> {
    let store = work.store;
    if let Some(record) = work.once {
        store.write_idempotency(s, record).await.map_err(|e| if duplicate_key(&e).is_some() { refuse(Ended::KeyUsed) } else { e })?;
    }
    let dispute = &work.decision.dispute;
    let docs = store.dispute_docs();
    let written = match work.decision.based_on {
        None => docs.insert_one(DisputeDoc::from(dispute)).session(&mut *s).await.map(|_| true),
        Some(version) => {
            let filter = doc! { "_id": dispute.id.as_str(), "version": version };
            docs.replace_one(filter, DisputeDoc::from(dispute)).session(&mut *s).await.map(|r| r.matched_count == 1)
        }
    };
    match written {
        Err(e) if duplicate_key(&e).is_some_and(|d| d.index == "open_key") => return Err(end(DisputeCommitted::AlreadyOpen)),
        Err(e) => return Err(e),
        Ok(false) => return Err(end(DisputeCommitted::Stale)),
        Ok(true) => {}
    }
    set_timers(s, &store.timer_docs(), dispute.id.as_str(), &TimerKind::OF_DISPUTES, &dispute.timers()).await?;
    if !work.deals.is_empty() || work.lead.is_some() {
        let lost = |e: Error| match e.get_custom::<Committed>() {
            Some(committed) => end(DisputeCommitted::Deals(committed.clone())),
            None => e,
        };
        write_within(s, store, work.deals, work.lead).await.map_err(lost)?;
    }
    let events: Vec<EventDoc> = work.decision.events.iter().map(EventDoc::from).collect();
    store.event_docs().insert_many(&events).session(&mut *s).await?;
    Ok(Ended::With(DisputeCommitted::Done))
}
