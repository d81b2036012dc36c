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
use crate::{Store, StoreError};

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

/// A document to be written, and what goes with it.
pub(crate) struct Work {
    documents: Collection<Document>,
    id: String,
    document: Document,
    guard: Guard,
    event_docs: Collection<EventDoc>,
    events: Vec<EventDoc>,
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

    /// What [`write`] does, ready to be done in a transaction.
    pub(crate) fn work<T: Serialize>(&self, collection: &str, id: &str, document: &T, guard: Guard, events: &[Event]) -> Result<Work, StoreError> {
        Ok(Work {
            documents: self.of(collection),
            id: id.to_owned(),
            document: bson::serialize_to_document(document)?,
            guard,
            event_docs: self.event_docs(),
            events: events.iter().map(EventDoc::from).collect(),
        })
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
    Ok(Saved::Done)
}
