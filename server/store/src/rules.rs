//! Versions of the program's rules, and who accepted the rules of engagement. Numbers are unique, and so are the dates of
//! those versions that were not withdrawn: of two proposals at once one loses.

use bson::doc;
use entente_domain::event::Event;
use entente_domain::id::PartnerId;
use entente_domain::rules::RulesVersion;
use entente_domain::rules::engagement::Acceptance;
use entente_domain::{Date, Timestamp};
use futures::{FutureExt, TryStreamExt};
use jiff::tz::TimeZone;
use mongodb::error::Error;
use mongodb::{ClientSession, Collection};
use serde::{Deserialize, Serialize};

use crate::bson_as::time;
use crate::connect::{SCHEMA_VERSION, names};
use crate::errors::duplicate_key;
use crate::events::EventDoc;
use crate::transaction::refuse;
use crate::{Committed, IdempotencyRecord, Store, StoreError};

/// A version as it is stored: what indexes need beside what the domain says.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct RulesDoc {
    #[serde(rename = "_id")]
    id: String,
    schema_version: i32,
    number: i32,
    effective_from: Date,
    #[serde(with = "time")]
    starts_at: Timestamp,
    withdrawn: bool,
    version: RulesVersion,
}

impl From<&RulesVersion> for RulesDoc {
    fn from(v: &RulesVersion) -> Self {
        Self {
            id: v.id.to_string(),
            schema_version: SCHEMA_VERSION,
            number: v.number,
            effective_from: v.effective_from,
            starts_at: v.starts_at,
            withdrawn: v.withdrawn.is_some(),
            version: v.clone(),
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct AcceptanceDoc {
    #[serde(rename = "_id")]
    id: String,
    schema_version: i32,
    partner_id: PartnerId,
    acceptance: Acceptance,
}

impl From<&Acceptance> for AcceptanceDoc {
    fn from(a: &Acceptance) -> Self {
        Self { id: format!("{} {}", a.partner_id, a.rules), schema_version: SCHEMA_VERSION, partner_id: a.partner_id.clone(), acceptance: a.clone() }
    }
}

/// What is to be written in one transaction.
enum Change {
    /// With the number of the version that it goes on from, which must stand.
    New(Box<RulesDoc>, Option<i32>),
    Withdrawn(Box<RulesDoc>),
    Accepted(Box<AcceptanceDoc>),
}

struct Work<'a> {
    store: &'a Store,
    change: Change,
    events: Vec<EventDoc>,
    idempotency: Option<&'a IdempotencyRecord>,
}

#[derive(Debug, Clone, PartialEq)]
enum Ended {
    With(Committed),
    KeyUsed,
}

impl Store {
    fn rules_docs(&self) -> Collection<RulesDoc> {
        self.of(names::RULES_VERSIONS)
    }

    fn acceptance_docs(&self) -> Collection<AcceptanceDoc> {
        self.of(names::ENGAGEMENTS)
    }

    /// Every version of the rules, in the order of their numbers; the domain bounds how many there are.
    pub async fn rules_versions(&self) -> Result<Vec<RulesVersion>, StoreError> {
        let found = self.rules_docs().find(doc! {}).sort(doc! { "number": 1 }).hint(mongodb::options::Hint::Name("number".into())).await?;
        Ok(found.map_ok(|d| d.version).try_collect().await?)
    }

    /// Writes a new version with its events. `Duplicate` when its number or date is taken; `Stale` when the version whose number is
    /// `based_on` was withdrawn.
    pub async fn add_rules(
        &self,
        v: &RulesVersion,
        based_on: Option<i32>,
        events: &[Event],
        key: Option<&IdempotencyRecord>,
    ) -> Result<Committed, StoreError> {
        self.change_rules(Change::New(Box::new(v.into()), based_on), events, key).await
    }

    /// Writes that a version was withdrawn, with its events. `Stale` when it was withdrawn before.
    pub async fn withdraw_rules(&self, v: &RulesVersion, events: &[Event], key: Option<&IdempotencyRecord>) -> Result<Committed, StoreError> {
        self.change_rules(Change::Withdrawn(Box::new(v.into())), events, key).await
    }

    /// Writes that a partner accepted the rules of engagement. `Duplicate` when it has accepted those of that version.
    pub async fn accept_engagement(&self, a: &Acceptance, events: &[Event], key: Option<&IdempotencyRecord>) -> Result<Committed, StoreError> {
        self.change_rules(Change::Accepted(Box::new(a.into())), events, key).await
    }

    async fn change_rules(&self, change: Change, events: &[Event], idempotency: Option<&IdempotencyRecord>) -> Result<Committed, StoreError> {
        let work = Work { store: self, change, events: events.iter().map(EventDoc::from).collect(), idempotency };
        match self.transaction(work, |session, work| write(session, work).boxed()).await? {
            Ended::With(committed) => Ok(committed),
            Ended::KeyUsed => self.replayed(idempotency.map_or("", |i| i.key.as_str())).await,
        }
    }

    /// Every acceptance of a partner; at most one for each version of the rules.
    pub async fn acceptances(&self, partner: &PartnerId) -> Result<Vec<Acceptance>, StoreError> {
        let found = self.acceptance_docs().find(doc! { "partner_id": partner.as_str() }).await?;
        Ok(found.map_ok(|d| d.acceptance).try_collect().await?)
    }

    /// Gives a program from before rules had versions its first one, and the deals that were judged under it its number.
    pub(crate) async fn first_rules(&self) -> Result<(), StoreError> {
        self.create_collections().await?;
        let under_first = doc! { "$set": { "judged": { "rules": 1, "terms": null } } };
        self.of::<bson::Document>(names::DEALS).update_many(doc! { "judged": { "$exists": false } }, under_first).await?;
        let Some(program) = self.program().await? else { return Ok(()) };
        if self.rules_docs().find_one(doc! {}).await?.is_some() {
            return Ok(());
        }
        let zone = TimeZone::get(&program.calendar.time_zone).map_err(|e| StoreError::Internal(e.to_string()))?;
        match self.rules_docs().insert_one(RulesDoc::from(&RulesVersion::first(&program, &zone))).await {
            Err(e) if duplicate_key(&e).is_some() => Ok(()),
            other => other.map(|_| ()).map_err(Into::into),
        }
    }
}

async fn write(s: &mut ClientSession, work: &Work<'_>) -> Result<Ended, Error> {
    if let Some(record) = work.idempotency {
        work.store.write_idempotency(s, record).await.map_err(|e| if duplicate_key(&e).is_some() { refuse(Ended::KeyUsed) } else { e })?;
    }
    let duplicate = |e: Error| if duplicate_key(&e).is_some() { refuse(Ended::With(Committed::Duplicate)) } else { e };
    match &work.change {
        Change::New(doc, based_on) => {
            // Written to, so that of this and a withdrawal at the same time one comes first. That nothing else was proposed since is
            // what the unique number says.
            if let Some(base) = based_on {
                let (standing, touch) = (doc! { "number": *base, "withdrawn": false }, doc! { "$set": { "followed_by": doc.number } });
                if work.store.rules_docs().update_one(standing, touch).session(&mut *s).await?.matched_count == 0 {
                    return Err(refuse(Ended::With(Committed::Stale)));
                }
            }
            work.store.rules_docs().insert_one(&**doc).session(&mut *s).await.map(|_| ()).map_err(duplicate)?;
        }
        Change::Accepted(doc) => work.store.acceptance_docs().insert_one(&**doc).session(&mut *s).await.map(|_| ()).map_err(duplicate)?,
        Change::Withdrawn(doc) => {
            let standing = doc! { "_id": &doc.id, "withdrawn": false };
            if work.store.rules_docs().replace_one(standing, &**doc).session(&mut *s).await?.matched_count == 0 {
                return Err(refuse(Ended::With(Committed::Stale)));
            }
        }
    }
    if !work.events.is_empty() {
        work.store.event_docs().insert_many(&work.events).session(&mut *s).await?;
    }
    Ok(Ended::With(Committed::Done))
}
