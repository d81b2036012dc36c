//! Writing decisions: deals, customers, claims, timers, events and the idempotency record in one transaction, exactly as
//! the domain decided, or not at all. A race that is lost comes back as an ordinary answer. The deal that comes of a lead is
//! written with the lead: whoever sees one as converted finds the other.

use std::collections::BTreeMap;

use bson::doc;
use entente_domain::customer::Customer;
use entente_domain::deal::Decision;
use entente_domain::deal::claim::{Claim, ClaimKey};
use entente_domain::lead::LeadDecision;
use entente_domain::timer::TimerKind;
use futures::{FutureExt, TryStreamExt};
use mongodb::ClientSession;
use mongodb::error::Error;

use crate::bson_as::date;
use crate::claims::ClaimDoc;
use crate::deal_doc::{CustomerDoc, DealDoc};
use crate::errors::duplicate_key;
use crate::events::EventDoc;
use crate::lead_commit;
use crate::states::{makes, recorded};
use crate::timers::{TimerDoc, set_timers};
use crate::transaction::refuse;
use crate::{IdempotencyRecord, Store, StoreError};

/// What came of a commit. Everything but `Done` wrote nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Committed {
    /// Written.
    Done,
    /// A deal, or the lead that it comes of, has another version than the decision was made on.
    Stale,
    /// Somebody else holds this claim.
    ClaimTaken(ClaimKey),
    /// The idempotency key has been used; this is what came of it then.
    Replayed(IdempotencyRecord),
    /// Another unique index: id, number or import key of a deal, or a second record of the partner's customer.
    Duplicate,
}

/// How a write ended inside the transaction; a replay is looked up afterwards.
#[derive(Debug, Clone, PartialEq)]
enum Ended {
    With(Committed),
    KeyUsed,
}

struct Work<'a> {
    store: &'a Store,
    decisions: &'a [Decision],
    /// What becomes of the lead that a deal comes of.
    lead: Option<&'a LeadDecision>,
    idempotency: Option<&'a IdempotencyRecord>,
    /// Customers that exist already keep what they say.
    keep_customers: bool,
}

impl Store {
    /// Writes all decisions in one transaction: each deal is inserted, or replaced if it still has the version it was
    /// decided on; claims are given free before others are taken. A decision that leaves the version as it is (a note)
    /// writes its events and moves `updated_at` forward, whatever version the deal has by now.
    pub async fn commit(&self, decisions: &[Decision], idempotency: Option<&IdempotencyRecord>) -> Result<Committed, StoreError> {
        self.commit_work(Work { store: self, decisions, lead: None, idempotency, keep_customers: false }).await
    }

    /// As [`Store::commit`], for the one deal that comes of a lead: both are written, or neither. Whoever decided on another
    /// version of the lead is told so first, before a deal that came of it meanwhile stands in the way.
    pub async fn commit_conversion(
        &self,
        deal: &Decision,
        lead: &LeadDecision,
        idempotency: Option<&IdempotencyRecord>,
    ) -> Result<Committed, StoreError> {
        let decisions = std::slice::from_ref(deal);
        self.commit_work(Work { store: self, decisions, lead: Some(lead), idempotency, keep_customers: false }).await
    }

    async fn commit_work(&self, work: Work<'_>) -> Result<Committed, StoreError> {
        let key = work.idempotency.map_or("", |i| i.key.as_str());
        match self.transaction(work, |session, work| write(session, work).boxed()).await? {
            Ended::With(committed) => Ok(committed),
            Ended::KeyUsed => self.replayed(key).await,
        }
    }

    /// The bulk path of imports and seeds: new deals (decisions based on no version) with their customers, claims and
    /// events, in one transaction. Up to some 500 at once; the caller makes the batches. A customer that exists already
    /// keeps what it says.
    pub async fn insert_deals(&self, decisions: &[Decision]) -> Result<Committed, StoreError> {
        let work = Work { store: self, decisions, lead: None, idempotency: None, keep_customers: true };
        match self.transaction(work, |session, work| write(session, work).boxed()).await? {
            Ended::With(committed) => Ok(committed),
            Ended::KeyUsed => Err(StoreError::Internal("no idempotency key was written".to_owned())),
        }
    }
}

type Step = Result<(), Error>;

fn end(committed: Committed) -> Error {
    refuse(Ended::With(committed))
}

/// A duplicate ends the work with that answer; any other error stays one.
fn duplicate_ends(e: Error) -> Error {
    if duplicate_key(&e).is_some() { end(Committed::Duplicate) } else { e }
}

async fn write(s: &mut ClientSession, work: &Work<'_>) -> Result<Ended, Error> {
    // First, so that a repeat is told that it is one and not that its deal exists.
    if let Some(record) = work.idempotency {
        work.store.write_idempotency(s, record).await.map_err(|e| if duplicate_key(&e).is_some() { refuse(Ended::KeyUsed) } else { e })?;
    }
    // Before the deal, whose unique lead another conversion may have taken: that the lead moved says more.
    if let Some(lead) = work.lead
        && !lead_commit::write_within(s, work.store, lead).await?
    {
        return Err(end(Committed::Stale));
    }
    write_deals(s, work).await?;
    write_customers(s, work).await?;
    write_claims(s, work).await?;
    write_timers(s, work).await?;
    write_events(s, work).await?;
    Ok(Ended::With(Committed::Done))
}

/// Writes decisions, and what becomes of the lead that a deal comes of, inside somebody else's transaction. What is refused is an
/// error made by [`refuse`] with a [`Committed`] in it.
pub(crate) async fn write_within(s: &mut ClientSession, store: &Store, decisions: &[Decision], lead: Option<&LeadDecision>) -> Step {
    let work = Work { store, decisions, lead, idempotency: None, keep_customers: false };
    match write(s, &work).await {
        Ok(_) => Ok(()),
        Err(e) => Err(match e.get_custom::<Ended>() {
            Some(Ended::With(committed)) => refuse(committed.clone()),
            _ => e,
        }),
    }
}

/// Whether the decision writes events only.
fn is_note(d: &Decision) -> bool {
    d.based_on == Some(d.deal.version)
}

async fn write_deals(s: &mut ClientSession, work: &Work<'_>) -> Step {
    let deals = work.store.deal_docs();
    let new: Vec<DealDoc> = work.decisions.iter().filter(|d| d.based_on.is_none()).map(|d| (&d.deal).into()).collect();
    if !new.is_empty() {
        deals.insert_many(&new).session(&mut *s).await.map_err(duplicate_ends)?;
    }
    for decision in work.decisions {
        let Some(based_on) = decision.based_on else { continue };
        let id = decision.deal.id.as_str();
        let found = if is_note(decision) {
            let Some(last) = decision.events.iter().map(|e| e.occurred_at).max() else { continue };
            deals.update_one(doc! { "_id": id }, doc! { "$max": { "updated_at": date(last) } }).session(&mut *s).await?.matched_count
        } else {
            let filter = doc! { "_id": id, "version": based_on };
            let replaced = deals.replace_one(filter, DealDoc::from(&decision.deal)).session(&mut *s).await;
            replaced.map_err(duplicate_ends)?.matched_count
        };
        if found != 1 {
            return Err(end(Committed::Stale));
        }
    }
    Ok(())
}

/// Only new deals write their customer: a later change carries the copy as it was when the deal was registered.
async fn write_customers(s: &mut ClientSession, work: &Work<'_>) -> Step {
    let new = work.decisions.iter().filter(|d| d.based_on.is_none()).filter_map(|d| d.deal.customer.as_ref());
    let mut by_id: BTreeMap<&str, &Customer> = new.map(|c| (c.id.as_str(), c)).collect();
    if by_id.is_empty() {
        return Ok(());
    }
    let customers = work.store.customer_docs();
    let ids: Vec<&str> = by_id.keys().copied().collect();
    let mut rows = customers.find(doc! { "_id": { "$in": ids } }).session(&mut *s).await?;
    let existing: Vec<CustomerDoc> = rows.stream(&mut *s).try_collect().await?;
    for old in existing {
        let Some(new) = by_id.remove(old.id.as_str()) else { continue };
        if !work.keep_customers {
            // What the vendor said of its group stays: the partner that registers does not know it.
            let new = CustomerDoc::from(new).keep_group(&old);
            let replaced = customers.replace_one(doc! { "_id": new.id.as_str() }, &new).session(&mut *s).await;
            replaced.map_err(duplicate_ends)?;
        }
    }
    let missing: Vec<CustomerDoc> = by_id.into_values().map(Into::into).collect();
    if !missing.is_empty() {
        customers.insert_many(&missing).session(&mut *s).await.map_err(duplicate_ends)?;
    }
    Ok(())
}

async fn write_claims(s: &mut ClientSession, work: &Work<'_>) -> Step {
    let claims = work.store.claim_docs();
    let released: Vec<&str> = work.decisions.iter().filter(|d| d.release_claims).map(|d| d.deal.id.as_str()).collect();
    if !released.is_empty() {
        claims.delete_many(doc! { "deal_id": { "$in": released } }).session(&mut *s).await?;
    }
    let take: Vec<&Claim> = work.decisions.iter().flat_map(|d| &d.take).collect();
    if take.is_empty() {
        return Ok(());
    }
    let docs: Vec<ClaimDoc> = take.iter().map(|c| ClaimDoc::from(*c)).collect();
    let Err(e) = claims.insert_many(&docs).session(&mut *s).await else { return Ok(()) };
    match duplicate_key(&e).and_then(|d| take.get(d.position)) {
        Some(claim) => Err(end(Committed::ClaimTaken(claim.key.clone()))),
        None => Err(e),
    }
}

/// Each deal gets the timers that its state asks for, and loses the others.
async fn write_timers(s: &mut ClientSession, work: &Work<'_>) -> Step {
    let timers = work.store.timer_docs();
    let mut new = Vec::new();
    for decision in work.decisions.iter().filter(|d| !is_note(d)) {
        let (id, wanted) = (decision.deal.id.as_str(), decision.deal.timers());
        match decision.based_on {
            None => new.extend(wanted.into_iter().map(|due| TimerDoc::new(id, due))),
            Some(_) => set_timers(s, &timers, id, &TimerKind::OF_DEALS, &wanted).await?,
        }
    }
    if !new.is_empty() {
        timers.insert_many(&new).session(&mut *s).await?;
    }
    Ok(())
}

/// The events, those that made the deal what it is now with the deal itself: so that how it was can be read later, and no other
/// write is needed to keep it.
async fn write_events(s: &mut ClientSession, work: &Work<'_>) -> Step {
    let mut docs: Vec<EventDoc> = Vec::new();
    for decision in work.decisions {
        let state = if is_note(decision) { None } else { Some(recorded(&decision.deal).map_err(Error::custom)?) };
        docs.extend(decision.events.iter().map(|event| match &state {
            Some(state) if makes(event, &decision.deal) => EventDoc::recording(event, state.clone()),
            _ => EventDoc::from(event),
        }));
    }
    if docs.is_empty() {
        return Ok(());
    }
    work.store.event_docs().insert_many(&docs).session(s).await?;
    Ok(())
}
