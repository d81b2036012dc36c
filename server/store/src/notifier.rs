//! Where the telling of events stands: one row with the number of the last event that people were told of, held by one server
//! at a time. What is told of a stretch of events and the place after it are written in one transaction, guarded by the place
//! before it: nothing is told twice and nothing left out, whoever dies when.

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::action_link::ActionLink;
use entente_domain::event::Event;
use entente_domain::id::UserId;
use entente_domain::notification::Notification;
use entente_domain::timer::{Due, TimerKind};
use futures::FutureExt;
use mongodb::error::Error;
use mongodb::options::ReturnDocument;
use mongodb::{ClientSession, Collection};
use serde::Deserialize;

use crate::action_links::ActionLinkDoc;
use crate::bson_as::date;
use crate::connect::{SCHEMA_VERSION, names};
use crate::errors::duplicate_key;
use crate::events::EventDoc;
use crate::notifications::NotificationDoc;
use crate::outbox::{LetterDoc, NewLetter};
use crate::timers::{TimerDoc, timer_id};
use crate::transaction::refuse;
use crate::{Store, StoreError};

/// The id of the row.
const NOTIFIER: &str = "notifier";

/// What is told of a stretch of events.
#[derive(Debug, Clone, Default)]
pub struct Telling {
    /// What people are told, and whether it waits for a digest.
    pub notifications: Vec<(Notification, bool)>,
    /// Letters that are sent by themselves.
    pub letters: Vec<NewLetter>,
    /// Links in those letters.
    pub links: Vec<ActionLink>,
    /// When the digest of a person is sent; an earlier one that is waited for stays.
    pub digests: Vec<(UserId, Timestamp)>,
    /// What happened with this.
    pub events: Vec<Event>,
}

impl Telling {
    /// Whether nothing is told.
    pub fn is_empty(&self) -> bool {
        self.notifications.is_empty() && self.events.is_empty()
    }
}

#[derive(Debug, Deserialize)]
struct Row {
    cursor: i64,
}

struct Work<'a> {
    store: &'a Store,
    holder: &'a str,
    from: i64,
    to: i64,
    now: Timestamp,
    telling: &'a Telling,
}

impl Store {
    /// Makes the row if there is none: what happened before is history and nobody is told of it.
    pub async fn begin_notifier(&self) -> Result<(), StoreError> {
        let row = doc! { "$setOnInsert": { "schema_version": SCHEMA_VERSION, "cursor": self.last_seq().await?, "holder": "", "until": date(Timestamp::UNIX_EPOCH) } };
        match self.of::<Document>(names::RELAY).update_one(doc! { "_id": NOTIFIER }, row).upsert(true).await {
            Err(e) if duplicate_key(&e).is_none() => Err(e.into()),
            _ => Ok(()),
        }
    }

    /// Whether [`Store::begin_notifier`] was ever called.
    pub async fn has_notifier(&self) -> Result<bool, StoreError> {
        self.exists(names::RELAY, doc! { "_id": NOTIFIER }).await
    }

    /// Takes or renews the lease for `lease_ms` milliseconds by the database's clock, and answers the number of the last event
    /// that people were told of; none when another server has it.
    pub async fn lead_notifier(&self, holder: &str, lease_ms: i64) -> Result<Option<i64>, StoreError> {
        let free = doc! { "_id": NOTIFIER, "$or": [{ "holder": holder }, { "$expr": { "$lt": ["$until", "$$NOW"] } }] };
        let take = vec![doc! { "$set": { "holder": holder, "until": { "$add": ["$$NOW", lease_ms] } } }];
        let row = self.of::<Row>(names::RELAY).find_one_and_update(free, take).return_document(ReturnDocument::After).await?;
        Ok(row.map(|r| r.cursor))
    }

    /// Gives the lease back, so that another server need not wait for its end.
    pub async fn resign_notifier(&self, holder: &str) -> Result<(), StoreError> {
        let set = doc! { "$set": { "until": date(Timestamp::UNIX_EPOCH) } };
        self.of::<Document>(names::RELAY).update_one(doc! { "_id": NOTIFIER, "holder": holder }, set).await?;
        Ok(())
    }

    /// Writes what is told of the events after `from` up to `to`, and that they were told. False when another server was first:
    /// nothing was written.
    pub async fn tell(&self, holder: &str, from: i64, to: i64, now: Timestamp, telling: &Telling) -> Result<bool, StoreError> {
        let work = Work { store: self, holder, from, to, now, telling };
        self.transaction(work, |session, work| write(session, work).boxed()).await
    }
}

async fn write(s: &mut ClientSession, work: &Work<'_>) -> Result<bool, Error> {
    let (store, telling) = (work.store, work.telling);
    let mine = doc! { "_id": NOTIFIER, "holder": work.holder, "cursor": work.from };
    let moved = store.of::<Document>(names::RELAY).update_one(mine, doc! { "$set": { "cursor": work.to } }).session(&mut *s).await?;
    if moved.matched_count == 0 {
        return Err(refuse(false));
    }
    // One id for each event, person and kind: a second one would be a mistake, and ends everything.
    let notifications: Vec<NotificationDoc> = telling.notifications.iter().map(|(n, digest)| NotificationDoc::of(n, *digest)).collect();
    insert(s, &store.notification_docs(), &notifications).await?;
    let letters: Vec<LetterDoc> = telling.letters.iter().map(|l| LetterDoc::new(l, work.now)).collect();
    insert(s, &store.letter_docs(), &letters).await?;
    let links: Vec<ActionLinkDoc> = telling.links.iter().map(ActionLinkDoc::from).collect();
    insert(s, &store.action_link_docs(), &links).await?;
    for (user, at) in &telling.digests {
        set_digest(s, &store.timer_docs(), user, *at, work.now).await?;
    }
    let events: Vec<EventDoc> = telling.events.iter().map(EventDoc::from).collect();
    insert(s, &store.event_docs(), &events).await?;
    Ok(true)
}

async fn insert<T: serde::Serialize + Send + Sync>(s: &mut ClientSession, into: &Collection<T>, documents: &[T]) -> Result<(), Error> {
    if !documents.is_empty() {
        into.insert_many(documents).session(s).await?;
    }
    Ok(())
}

/// Has a digest sent at that moment, unless an earlier one is waited for already. One that is being sent just now is past: the
/// timer is set anew, and whoever sends does not take it away.
async fn set_digest(s: &mut ClientSession, timers: &Collection<TimerDoc>, user: &UserId, at: Timestamp, now: Timestamp) -> Result<(), Error> {
    let kind = TimerKind::NotificationDigest;
    let waited = doc! { "_id": timer_id(kind, user.as_str()), "due_at": { "$gt": date(now), "$lte": date(at) } };
    if timers.find_one(waited).session(&mut *s).await?.is_some() {
        return Ok(());
    }
    let (filter, update) = TimerDoc::new(user.as_str(), Due { kind, at }).set().map_err(Error::custom)?;
    timers.update_one(filter, update).upsert(true).session(s).await?;
    Ok(())
}
