//! Letters that are to be sent: written with what they tell of, taken by one worker at a time for a while, tried again with
//! pauses that grow, and laid aside when they cannot be sent. No letter has a secret in it: the secrets of its links are made
//! when it is sent.

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::id::{ActionLinkId, LetterId, UserId};
use entente_domain::notification::Notification;
use futures::{FutureExt, TryStreamExt};
use jiff::SignedDuration;
use mongodb::error::Error;
use mongodb::options::ReturnDocument;
use mongodb::{ClientSession, Collection};
use serde::{Deserialize, Serialize};

use crate::bson_as::{date, time, time_option};
use crate::connect::{SCHEMA_VERSION, names};
use crate::errors::duplicate_key;
use crate::notifications::NotificationDoc;
use crate::{Store, StoreError};

/// Letters that were sent are forgotten after so many days.
const KEPT_DAYS: i64 = 30;

/// What a letter says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LetterBody {
    /// One notification, with links that act.
    Notice {
        /// What is told.
        notification: Box<Notification>,
        /// The links.
        links: Vec<ActionLinkId>,
    },
    /// Several notifications.
    Digest {
        /// What is told, oldest first.
        notifications: Vec<Notification>,
        /// How many more there are.
        more: i64,
    },
}

/// A letter that is to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct NewLetter {
    /// Its id, the same for the same letter.
    pub id: LetterId,
    /// To whom.
    pub user_id: UserId,
    /// What it says.
    pub body: LetterBody,
    /// Not sent before.
    pub send_at: Timestamp,
}

/// A letter that was taken to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct TakenLetter {
    /// Its id.
    pub id: LetterId,
    /// To whom.
    pub user_id: UserId,
    /// What it says.
    pub body: LetterBody,
    /// How often it was tried, this time included.
    pub attempts: i32,
}

/// How many letters there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OutboxCounts {
    /// That are to be sent.
    pub waiting: u64,
    /// That could not be sent.
    pub dead: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum State {
    Waiting,
    Sent,
    /// Nobody was left to send it to.
    Dropped,
    Dead,
}

/// A letter as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct LetterDoc {
    #[serde(rename = "_id")]
    id: LetterId,
    schema_version: i32,
    user_id: UserId,
    body: LetterBody,
    state: State,
    /// Whether it counts as a letter at once, of which there must be no flood.
    at_once: bool,
    #[serde(with = "time")]
    made_at: Timestamp,
    #[serde(with = "time")]
    available_at: Timestamp,
    attempts: i32,
    holder: Option<String>,
    /// What stood in the way the last time, in words of ours.
    error: Option<String>,
    #[serde(default, with = "time_option")]
    forget_at: Option<Timestamp>,
}

impl LetterDoc {
    pub(crate) fn new(l: &NewLetter, now: Timestamp) -> Self {
        Self {
            id: l.id.clone(),
            schema_version: SCHEMA_VERSION,
            user_id: l.user_id.clone(),
            body: l.body.clone(),
            state: State::Waiting,
            at_once: matches!(l.body, LetterBody::Notice { .. }),
            made_at: now,
            available_at: l.send_at,
            attempts: 0,
            holder: None,
            error: None,
            forget_at: None,
        }
    }
}

struct Fold<'a> {
    store: &'a Store,
    letter: &'a LetterId,
    user: &'a UserId,
    now: Timestamp,
    most: usize,
}

impl Store {
    pub(crate) fn letter_docs(&self) -> Collection<LetterDoc> {
        self.of(names::OUTBOX)
    }

    /// Gives the letter that has waited longest to `holder` for `lease_ms` milliseconds; none when none is due at `now`. A
    /// letter that is not done with by then is given out again.
    pub async fn take_letter(&self, holder: &str, now: Timestamp, lease_ms: i64) -> Result<Option<TakenLetter>, StoreError> {
        let until = Timestamp::from_millisecond(now.as_millisecond().saturating_add(lease_ms)).unwrap_or(Timestamp::MAX);
        let update = doc! { "$set": { "available_at": date(until), "holder": holder }, "$inc": { "attempts": 1 } };
        let taken = self
            .letter_docs()
            .find_one_and_update(doc! { "state": "WAITING", "available_at": { "$lte": date(now) } }, update)
            .sort(doc! { "available_at": 1 })
            .return_document(ReturnDocument::After)
            .await?;
        Ok(taken.map(|l| TakenLetter { id: l.id, user_id: l.user_id, body: l.body, attempts: l.attempts }))
    }

    /// The letter was sent (or dropped, when nobody is left who may read it), by whoever has it. False when another has it by now.
    pub async fn letter_done(&self, id: &LetterId, holder: &str, sent: bool, now: Timestamp) -> Result<bool, StoreError> {
        let forget = now.checked_add(SignedDuration::from_hours(24 * KEPT_DAYS)).unwrap_or(now);
        let state = if sent { "SENT" } else { "DROPPED" };
        self.end_letter(id, holder, doc! { "state": state, "forget_at": date(forget) }).await
    }

    /// The letter was not sent: it comes again at `again`, or is laid aside when there is no such moment.
    pub async fn letter_failed(&self, id: &LetterId, holder: &str, again: Option<Timestamp>, why: &str) -> Result<bool, StoreError> {
        let set = match again {
            Some(at) => doc! { "available_at": date(at), "error": why },
            None => doc! { "state": "DEAD", "error": why },
        };
        self.end_letter(id, holder, set).await
    }

    async fn end_letter(&self, id: &LetterId, holder: &str, mut set: Document) -> Result<bool, StoreError> {
        set.insert("holder", bson::Bson::Null);
        let mine = doc! { "_id": id.as_str(), "state": "WAITING", "holder": holder };
        Ok(self.letter_docs().update_one(mine, doc! { "$set": set }).await?.matched_count == 1)
    }

    /// How many letters were made for these people at once since then; who got none is left out.
    pub async fn letters_since(&self, user: &UserId, since: Timestamp) -> Result<u64, StoreError> {
        let filter = doc! { "user_id": user.as_str(), "at_once": true, "made_at": { "$gte": date(since) } };
        Ok(self.letter_docs().count_documents(filter).limit(1_000).await?)
    }

    /// How many letters wait, and how many could not be sent.
    pub async fn outbox_counts(&self) -> Result<OutboxCounts, StoreError> {
        let count = async |state: &str| self.letter_docs().count_documents(doc! { "state": state }).await;
        Ok(OutboxCounts { waiting: count("WAITING").await?, dead: count("DEAD").await? })
    }

    /// Folds up to `most` unread notifications that wait for a digest into one letter of that id, in one transaction; false
    /// when there are none, or the letter was made before.
    pub async fn fold_digest(&self, letter: &LetterId, user: &UserId, now: Timestamp, most: usize) -> Result<bool, StoreError> {
        let fold = Fold { store: self, letter, user, now, most };
        self.transaction(fold, |session, fold| write_digest(session, fold).boxed()).await
    }
}

async fn write_digest(s: &mut ClientSession, fold: &Fold<'_>) -> Result<bool, Error> {
    let waits = doc! { "user_id": fold.user.as_str(), "digest": true };
    let notifications = fold.store.notification_docs();
    let mut rows = notifications.find(waits.clone()).sort(doc! { "at": 1, "_id": 1 }).session(&mut *s).await?;
    let all: Vec<NotificationDoc> = rows.stream(&mut *s).try_collect().await?;
    if all.is_empty() {
        return Ok(false);
    }
    notifications.update_many(waits, doc! { "$unset": { "digest": "" } }).session(&mut *s).await?;
    let unread: Vec<Notification> = all.into_iter().map(Notification::from).filter(|n| n.read_at.is_none()).collect();
    if unread.is_empty() {
        return Ok(false);
    }
    let more = i64::try_from(unread.len().saturating_sub(fold.most)).unwrap_or_default();
    let body = LetterBody::Digest { notifications: unread.into_iter().take(fold.most).collect(), more };
    let letter = NewLetter { id: fold.letter.clone(), user_id: fold.user.clone(), body, send_at: fold.now };
    match fold.store.letter_docs().insert_one(LetterDoc::new(&letter, fold.now)).session(s).await {
        Err(e) if duplicate_key(&e).is_some() => Err(crate::transaction::refuse(false)),
        other => other.map(|_| true),
    }
}
