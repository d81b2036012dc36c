//! Writing leads: the lead, the reasons, its timer, the shares of the rules and the events in one transaction, or nothing.
//!
//! Every offer to a partner moves the ledger on by one. Whoever decided on an older ledger is told so and decides again: of
//! two leads at once the second one sees the first one's partner as one lead fuller, so that no capacity is exceeded and no
//! share is counted twice.

use std::collections::BTreeMap;

use bson::doc;
use entente_domain::Timestamp;
use entente_domain::id::{LeadId, PartnerId};
use entente_domain::lead::{LeadDecision, duplicate_keys};
use entente_domain::timer::TimerKind;
use futures::{FutureExt, TryStreamExt};
use jiff::SignedDuration;
use mongodb::error::Error;
use mongodb::{ClientSession, Collection};
use serde::{Deserialize, Serialize};

use crate::bson_as::time;
use crate::connect::{SCHEMA_VERSION, names};
use crate::errors::duplicate_key;
use crate::events::EventDoc;
use crate::lead::{LeadDoc, WhyDoc};
use crate::timers::{TimerDoc, set_timers};
use crate::transaction::refuse;
use crate::{Committed, IdempotencyRecord, Store, StoreError};

/// Id of the only ledger.
const LEDGER: &str = "ledger";

/// Credits of partners by rule, and how often the ledger was moved on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LeadLedger {
    /// Counts offers.
    pub version: i64,
    /// By name of the rule.
    pub credits: BTreeMap<String, BTreeMap<PartnerId, i64>>,
}

/// The ledger as it is stored; lists, for a rule's name may have any character.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct LedgerDoc {
    #[serde(rename = "_id")]
    id: String,
    schema_version: i32,
    version: i64,
    credits: Vec<(String, Vec<(PartnerId, i64)>)>,
}

/// Which open lead a person's enquiry for a product belongs to.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct KeyDoc {
    #[serde(rename = "_id")]
    key: String,
    schema_version: i32,
    lead_id: LeadId,
    #[serde(with = "time")]
    at: Timestamp,
}

/// What came of a commit of leads. Everything but `Done` wrote nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum LeadCommitted {
    /// Written.
    Done,
    /// A lead has another version than the decision was made on.
    Stale,
    /// Another lead was given away meanwhile: look at the partners again.
    LedgerMoved,
    /// The same person asked for the same product before; that is the lead.
    Joins(LeadId),
    /// The idempotency key has been used; this is what came of it then.
    Replayed(IdempotencyRecord),
    /// Another unique index: id, number or import key.
    Duplicate,
}

/// What is to be written.
#[derive(Debug, Clone, Copy)]
pub struct LeadWrite<'a> {
    /// The decisions.
    pub decisions: &'a [LeadDecision],
    /// The ledger that they were decided on and what its credits are afterwards; none when nobody was offered anything.
    pub ledger: Option<&'a LeadLedger>,
    /// For how many days a new lead of the same person and product joins an open one; 0 for never.
    pub duplicate_days: i64,
    /// The record of the idempotency key.
    pub once: Option<&'a IdempotencyRecord>,
}

struct Work<'a> {
    store: &'a Store,
    write: LeadWrite<'a>,
}

#[derive(Debug, Clone, PartialEq)]
enum Ended {
    With(LeadCommitted),
    KeyUsed,
}

fn end(committed: LeadCommitted) -> Error {
    refuse(Ended::With(committed))
}

fn duplicate_ends(e: Error) -> Error {
    if duplicate_key(&e).is_some() { end(LeadCommitted::Duplicate) } else { e }
}

impl Store {
    fn ledger_docs(&self) -> Collection<LedgerDoc> {
        self.of(names::LEAD_LEDGER)
    }

    fn lead_key_docs(&self) -> Collection<KeyDoc> {
        self.of(names::LEAD_KEYS)
    }

    /// The ledger; read it before what is known of the partners.
    pub async fn lead_ledger(&self) -> Result<LeadLedger, StoreError> {
        let found = self.ledger_docs().find_one(doc! { "_id": LEDGER }).await?;
        Ok(found.map_or_else(LeadLedger::default, |d| LeadLedger {
            version: d.version,
            credits: d.credits.into_iter().map(|(rule, credits)| (rule, credits.into_iter().collect())).collect(),
        }))
    }

    /// The open leads that these people and products belong to, by key, if they came in at or after `since`.
    pub async fn lead_keys(&self, keys: &[String], since: Timestamp) -> Result<BTreeMap<String, LeadId>, StoreError> {
        if keys.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows = self.lead_key_docs().find(doc! { "_id": { "$in": keys } }).await?;
        let found: Vec<KeyDoc> = rows.try_collect().await?;
        Ok(found.into_iter().filter(|k| k.at >= since).map(|k| (k.key, k.lead_id)).collect())
    }

    /// Writes all decisions in one transaction, or nothing.
    pub async fn commit_leads(&self, write: LeadWrite<'_>) -> Result<LeadCommitted, StoreError> {
        let work = Work { store: self, write };
        match self.transaction(work, |session, work| write_all(session, work).boxed()).await? {
            Ended::With(committed) => Ok(committed),
            Ended::KeyUsed => match self.replayed(write.once.map_or("", |o| o.key.as_str())).await? {
                Committed::Replayed(record) => Ok(LeadCommitted::Replayed(record)),
                other => Err(StoreError::Internal(format!("a replay ended as {other:?}"))),
            },
        }
    }
}

type Step = Result<(), Error>;

/// Writes the change of a lead inside somebody else's transaction. False when the lead has another version than it was decided on;
/// that transaction has to be given up then.
pub(crate) async fn write_within(s: &mut ClientSession, store: &Store, decision: &LeadDecision) -> Result<bool, Error> {
    let write = LeadWrite { decisions: std::slice::from_ref(decision), ledger: None, duplicate_days: 0, once: None };
    match write_all(s, &Work { store, write }).await {
        Ok(_) => Ok(true),
        Err(e) => match e.get_custom::<Ended>() {
            Some(Ended::With(LeadCommitted::Stale)) => Ok(false),
            _ => Err(e),
        },
    }
}

async fn write_all(s: &mut ClientSession, work: &Work<'_>) -> Result<Ended, Error> {
    let store = work.store;
    if let Some(record) = work.write.once {
        store.write_idempotency(s, record).await.map_err(|e| if duplicate_key(&e).is_some() { refuse(Ended::KeyUsed) } else { e })?;
    }
    write_keys(s, work).await?;
    write_leads(s, work).await?;
    let whys: Vec<WhyDoc> = work.write.decisions.iter().filter_map(|d| d.why.as_ref().map(|why| WhyDoc::of(&d.lead, why))).collect();
    if !whys.is_empty() {
        store.why_docs().insert_many(&whys).session(&mut *s).await?;
    }
    write_timers(s, work).await?;
    let events: Vec<EventDoc> = work.write.decisions.iter().flat_map(|d| &d.events).map(EventDoc::from).collect();
    if !events.is_empty() {
        store.event_docs().insert_many(&events).session(&mut *s).await?;
    }
    if let Some(ledger) = work.write.ledger {
        write_ledger(s, store, ledger).await?;
    }
    Ok(Ended::With(LeadCommitted::Done))
}

/// A new lead takes the keys of its person and products, unless an open lead of late has one; a lead that is over gives its
/// keys free.
async fn write_keys(s: &mut ClientSession, work: &Work<'_>) -> Step {
    let keys = work.store.lead_key_docs();
    let over: Vec<&str> = work.write.decisions.iter().filter(|d| !d.lead.status.is_open()).map(|d| d.lead.id.as_str()).collect();
    if !over.is_empty() {
        keys.delete_many(doc! { "lead_id": { "$in": over } }).session(&mut *s).await?;
    }
    if work.write.duplicate_days <= 0 {
        return Ok(());
    }
    let mut wanted: BTreeMap<String, KeyDoc> = BTreeMap::new();
    for lead in work.write.decisions.iter().filter(|d| d.based_on.is_none() && d.lead.status.is_open()).map(|d| &d.lead) {
        for key in duplicate_keys(&lead.person.email, &lead.product_ids) {
            wanted.insert(key.clone(), KeyDoc { key, schema_version: SCHEMA_VERSION, lead_id: lead.id.clone(), at: lead.created_at });
        }
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let ids: Vec<&str> = wanted.keys().map(String::as_str).collect();
    let mut rows = keys.find(doc! { "_id": { "$in": &ids } }).session(&mut *s).await?;
    let held: Vec<KeyDoc> = rows.stream(&mut *s).try_collect().await?;
    for old in &held {
        let Some(new) = wanted.get(&old.key) else { continue };
        let since = new.at.checked_sub(SignedDuration::from_hours(24 * work.write.duplicate_days)).unwrap_or(Timestamp::MIN);
        if old.at >= since {
            return Err(end(LeadCommitted::Joins(old.lead_id.clone())));
        }
    }
    if !held.is_empty() {
        let old: Vec<&str> = held.iter().map(|k| k.key.as_str()).collect();
        keys.delete_many(doc! { "_id": { "$in": old } }).session(&mut *s).await?;
    }
    // Another one who takes the same key at the same moment: whoever comes second looks again and joins.
    let docs: Vec<KeyDoc> = wanted.into_values().collect();
    keys.insert_many(&docs)
        .session(&mut *s)
        .await
        .map(|_| ())
        .map_err(|e| if duplicate_key(&e).is_some() { end(LeadCommitted::LedgerMoved) } else { e })
}

async fn write_leads(s: &mut ClientSession, work: &Work<'_>) -> Step {
    let leads = work.store.lead_docs();
    let new: Vec<LeadDoc> = work.write.decisions.iter().filter(|d| d.based_on.is_none()).map(|d| (&d.lead).into()).collect();
    if !new.is_empty() {
        leads.insert_many(&new).session(&mut *s).await.map_err(duplicate_ends)?;
    }
    for decision in work.write.decisions {
        let Some(based_on) = decision.based_on else { continue };
        let filter = doc! { "_id": decision.lead.id.as_str(), "version": based_on };
        let replaced = leads.replace_one(filter, LeadDoc::from(&decision.lead)).session(&mut *s).await;
        if replaced.map_err(duplicate_ends)?.matched_count != 1 {
            return Err(end(LeadCommitted::Stale));
        }
    }
    Ok(())
}

async fn write_timers(s: &mut ClientSession, work: &Work<'_>) -> Step {
    let timers = work.store.timer_docs();
    let mut new = Vec::new();
    for decision in work.write.decisions {
        let (id, wanted) = (decision.lead.id.as_str(), decision.lead.timers());
        match decision.based_on {
            None => new.extend(wanted.into_iter().map(|due| TimerDoc::new(id, due))),
            Some(_) => set_timers(s, &timers, id, &TimerKind::OF_LEADS, &wanted).await?,
        }
    }
    if !new.is_empty() {
        timers.insert_many(&new).session(&mut *s).await?;
    }
    Ok(())
}

async fn write_ledger(s: &mut ClientSession, store: &Store, ledger: &LeadLedger) -> Step {
    let doc = LedgerDoc {
        id: LEDGER.to_owned(),
        schema_version: SCHEMA_VERSION,
        version: ledger.version + 1,
        credits: ledger.credits.iter().map(|(rule, credits)| (rule.clone(), credits.iter().map(|(p, c)| (p.clone(), *c)).collect())).collect(),
    };
    let filter = doc! { "_id": LEDGER, "version": ledger.version };
    let written = store.ledger_docs().replace_one(filter, &doc).upsert(ledger.version == 0).session(s).await;
    match written {
        Err(e) if duplicate_key(&e).is_some() => Err(end(LeadCommitted::LedgerMoved)),
        Err(e) => Err(e),
        Ok(done) if done.matched_count == 0 && done.upserted_id.is_none() => Err(end(LeadCommitted::LedgerMoved)),
        Ok(_) => Ok(()),
    }
}
