//! Saving one document that is guarded by its version (program, partner, person, kit) together with its events.

use bson::{Document, doc};
use entente_domain::event::Event;
use futures::FutureExt;
use mongodb::error::Error;
use mongodb::{ClientSession, Collection};
use serde::Serialize;

use crate::errors::duplicate_key;
use crate::events::EventDoc;
use crate::transaction::refuse;
use crate::{Committed, IdempotencyRecord, Store, StoreError};

/// What came of a guarded write of one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// Written.
    Done,
    /// The stored version is another one, or nothing is stored; nothing was written.
    Stale,
    /// A unique name is taken (slug, e-mail, key ...); nothing was written.
    Duplicate,
}

/// What the write expects to find.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Guard {
    /// No document of that id.
    New,
    /// The document in this version.
    Version(i32),
    /// Either none or any version.
    Any,
}

impl Guard {
    pub(crate) fn of(based_on: Option<i32>) -> Self {
        based_on.map_or(Guard::New, Guard::Version)
    }
}

/// How a write under an idempotency key ended inside the transaction; a replay is looked up afterwards.
#[derive(Debug, Clone, Copy)]
enum Once {
    Saved(Saved),
    KeyUsed,
}

/// A document to be written, and what goes with it.
pub(crate) struct Work {
    documents: Collection<Document>,
    id: String,
    document: Document,
    guard: Guard,
    event_docs: Collection<EventDoc>,
    events: Vec<EventDoc>,
    beside: Option<Beside>,
}

/// A change of another document that comes about together with a write, whatever version it has.
struct Beside {
    documents: Collection<Document>,
    id: String,
    update: Document,
}

impl Work {
    /// Changes that document of another collection in the same transaction.
    pub(crate) fn beside(self, documents: Collection<Document>, id: &str, update: Document) -> Self {
        Self { beside: Some(Beside { documents, id: id.to_owned(), update }), ..self }
    }
}

impl Store {
    /// Writes `document` (all of its fields; fields that it lacks stay as they are) and the events, or neither.
    pub(crate) async fn save<T: Serialize>(
        &self,
        collection: &str,
        id: &str,
        document: &T,
        guard: Guard,
        events: &[Event],
    ) -> Result<Saved, StoreError> {
        let work = self.work(collection, id, document, guard, events)?;
        self.transaction(work, |session, work| write(session, work).boxed()).await
    }

    /// As [`Store::save`] of a new document, together with the record of the idempotency key under which it was asked for.
    /// `Replayed` when the key has been used, and nothing was written.
    pub(crate) async fn save_new<T: Serialize>(
        &self,
        collection: &str,
        id: &str,
        document: &T,
        events: &[Event],
        once: Option<&IdempotencyRecord>,
    ) -> Result<Committed, StoreError> {
        self.save_once(collection, id, document, Guard::New, events, once).await
    }

    /// As [`Store::save_new`], of a document that the guard says how to find.
    pub(crate) async fn save_once<T: Serialize>(
        &self,
        collection: &str,
        id: &str,
        document: &T,
        guard: Guard,
        events: &[Event],
        once: Option<&IdempotencyRecord>,
    ) -> Result<Committed, StoreError> {
        self.save_work(self.work(collection, id, document, guard, events)?, once).await
    }

    /// As [`Store::save_once`], of what is ready to be written.
    pub(crate) async fn save_work(&self, work: Work, once: Option<&IdempotencyRecord>) -> Result<Committed, StoreError> {
        let ended = self.transaction((work, once, self), |session, context| write_once(session, context).boxed()).await?;
        match (ended, once) {
            (Once::Saved(Saved::Done), _) => Ok(Committed::Done),
            (Once::Saved(Saved::Stale), _) => Ok(Committed::Stale),
            (Once::Saved(Saved::Duplicate), _) => Ok(Committed::Duplicate),
            (Once::KeyUsed, Some(record)) => self.replayed(&record.key).await,
            (Once::KeyUsed, None) => Err(StoreError::Internal("no idempotency key was written".to_owned())),
        }
    }

    /// What [`write`] does, ready to be done in a transaction.
    pub(crate) fn work<T: Serialize>(&self, collection: &str, id: &str, document: &T, guard: Guard, events: &[Event]) -> Result<Work, StoreError> {
        Ok(Work {
            documents: self.of(collection),
            id: id.to_owned(),
            document: bson::serialize_to_document(document)?,
            guard,
            event_docs: self.event_docs(),
            events: events.iter().map(EventDoc::from).collect(),
            beside: None,
        })
    }
}

/// As [`write`], after the idempotency record, which ends everything when its key was used before.
async fn write_once(session: &mut ClientSession, (work, once, store): &mut (Work, Option<&IdempotencyRecord>, &Store)) -> Result<Once, Error> {
    if let Some(record) = once {
        store.write_idempotency(session, record).await.map_err(|e| if duplicate_key(&e).is_some() { refuse(Once::KeyUsed) } else { e })?;
    }
    match write(session, work).await {
        Ok(saved) => Ok(Once::Saved(saved)),
        Err(e) => Err(match e.get_custom::<Saved>() {
            Some(saved) => refuse(Once::Saved(*saved)),
            None => e,
        }),
    }
}

/// Writes the document and the events; what refuses is an error made by [`refuse`] with a [`Saved`] in it.
pub(crate) async fn write(session: &mut ClientSession, work: &Work) -> Result<Saved, Error> {
    let set = doc! { "$set": &work.document };
    let written = match work.guard {
        Guard::New => work.documents.insert_one(&work.document).session(&mut *session).await.map(|_| true),
        Guard::Version(v) => {
            let filter = doc! { "_id": &work.id, "version": v };
            work.documents.update_one(filter, set).session(&mut *session).await.map(|r| r.matched_count == 1)
        }
        Guard::Any => work.documents.update_one(doc! { "_id": &work.id }, set).upsert(true).session(&mut *session).await.map(|_| true),
    };
    match written {
        Err(e) if duplicate_key(&e).is_some() => return Err(refuse(Saved::Duplicate)),
        Err(e) => return Err(e),
        Ok(false) => return Err(refuse(Saved::Stale)),
        Ok(true) => {}
    }
    if !work.events.is_empty() {
        work.event_docs.insert_many(&work.events).session(&mut *session).await?;
    }
    if let Some(beside) = &work.beside {
        beside.documents.update_one(doc! { "_id": &beside.id }, beside.update.clone()).session(&mut *session).await?;
    }
    Ok(Saved::Done)
}
