//! The whole database at one moment, read while others write; and the way back into an empty one.
//!
//! Documents go through as the bytes they are: what they mean is for nobody here to know, so a backup of one version is
//! read by the next. All reads of a snapshot see the same cluster time; the server keeps it for five minutes unless its
//! `minSnapshotHistoryWindowInSeconds` says otherwise.

use std::io;

use bson::{DateTime, Document, RawDocumentBuf, doc};
use entente_domain::Timestamp;
use mongodb::ClientSession;
use mongodb::options::ReadConcern;
use serde::Deserialize;

use crate::bson_as::date;
use crate::connect::{SCHEMA_VERSION, names};
use crate::{Store, StoreError, migrate};

/// Most documents that go into the database at once, and most bytes of them.
const BATCH: usize = 1_000;
const BATCH_BYTES: usize = 8 * 1024 * 1024;
/// How long servers are kept from a database that is being filled, in milliseconds: a day.
const FILLING_MS: i64 = 24 * 60 * 60 * 1_000;

/// The database as it was when the first read of it was answered.
pub struct Snapshot {
    store: Store,
    session: ClientSession,
}

/// What went wrong with reading or filling: the database, or whoever takes or gives the documents.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The other side.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl From<mongodb::error::Error> for TransferError {
    fn from(e: mongodb::error::Error) -> Self {
        Self::Store(e.into())
    }
}

impl Store {
    /// A view of the database that stands still.
    pub async fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let session = self.client.start_session().snapshot(true).await?;
        Ok(Snapshot { store: self.clone(), session })
    }

    /// Whether there is no document at all, whatever collections and indexes there are.
    pub async fn is_blank(&self) -> Result<bool, StoreError> {
        for name in self.collections().await? {
            if self.of::<Document>(&name).find_one(doc! {}).await?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn collections(&self) -> Result<Vec<String>, StoreError> {
        let mut all = self.db.list_collection_names().await?;
        all.retain(|name| !name.starts_with("system."));
        all.sort();
        Ok(all)
    }

    /// Makes the collections and keeps servers away until [`Store::open_after_filling`].
    pub async fn close_for_filling(&self, collections: &[String]) -> Result<(), StoreError> {
        let lock = doc! {
            "_id": migrate::LOCK,
            "schema_version": SCHEMA_VERSION,
            "until": DateTime::from_millis(Timestamp::now().as_millisecond() + FILLING_MS),
        };
        self.of::<Document>(names::MIGRATIONS).insert_one(lock).await?;
        self.create_collections().await?;
        let there = self.collections().await?;
        for name in collections.iter().filter(|name| !there.contains(name)) {
            self.db.create_collection(name).await?;
        }
        Ok(())
    }

    /// Puts documents, as their bytes, into a collection and answers how many they were. `next` answers none at the end.
    pub async fn fill(&self, collection: &str, next: &mut (dyn FnMut() -> io::Result<Option<Vec<u8>>> + Send)) -> Result<u64, TransferError> {
        let target = self.of::<RawDocumentBuf>(collection);
        let (mut batch, mut bytes, mut count) = (Vec::new(), 0, 0);
        loop {
            let document = next()?;
            let last = document.is_none();
            if let Some(document) = document {
                bytes += document.len();
                count += 1;
                batch.push(RawDocumentBuf::from_bytes(document).map_err(io::Error::other)?);
            }
            if !batch.is_empty() && (last || batch.len() >= BATCH || bytes >= BATCH_BYTES) {
                target.insert_many(std::mem::take(&mut batch)).ordered(false).await?;
                bytes = 0;
            }
            if last {
                return Ok(count);
            }
        }
    }

    /// Lets servers in again. The place in the old database's log means nothing here: events that had no number are
    /// numbered by time, those that had one keep it.
    pub async fn open_after_filling(&self) -> Result<(), StoreError> {
        let nobody = doc! { "holder": "", "until": date(Timestamp::UNIX_EPOCH), "resume_token": bson::Bson::Null };
        self.of::<Document>(names::RELAY).update_one(doc! { "_id": names::EVENTS }, doc! { "$set": nobody }).await?;
        self.of::<Document>(names::MIGRATIONS).delete_one(doc! { "_id": migrate::LOCK }).await?;
        Ok(())
    }

    /// Names of the migrations that this database has seen and this version does not know: it is newer than we are.
    pub fn unknown_migrations(applied: &[String]) -> Vec<&str> {
        applied.iter().map(String::as_str).filter(|name| !migrate::known().any(|known| known == *name)).collect()
    }
}

impl Snapshot {
    /// Names of the collections, sorted.
    pub async fn collections(&self) -> Result<Vec<String>, StoreError> {
        self.store.collections().await
    }

    /// Gives every document of a collection, in the order of their ids, as its bytes; answers how many they were.
    pub async fn read(&mut self, collection: &str, take: &mut (dyn FnMut(&[u8]) -> io::Result<()> + Send)) -> Result<u64, TransferError> {
        // Who migrates right now is no part of what is kept.
        let filter = if collection == names::MIGRATIONS {
            doc! { "_id": { "$ne": migrate::LOCK } }
        } else {
            doc! {}
        };
        let source = self.store.of::<RawDocumentBuf>(collection);
        let mut rows = source.find(filter).sort(doc! { "_id": 1 }).read_concern(ReadConcern::snapshot()).session(&mut self.session).await?;
        let mut count = 0;
        while rows.advance(&mut self.session).await? {
            take(rows.current().as_bytes())?;
            count += 1;
        }
        Ok(count)
    }

    /// Names of the migrations that the database has seen, in order.
    pub async fn migrations(&mut self) -> Result<Vec<String>, StoreError> {
        #[derive(Deserialize)]
        struct Name {
            #[serde(rename = "_id")]
            id: String,
        }
        let records = self.store.of::<Name>(names::MIGRATIONS);
        let mut rows = records
            .find(doc! { "_id": { "$ne": migrate::LOCK } })
            .sort(doc! { "_id": 1 })
            .read_concern(ReadConcern::snapshot())
            .session(&mut self.session)
            .await?;
        let mut all = Vec::new();
        while let Some(row) = rows.next(&mut self.session).await {
            all.push(row?.id);
        }
        Ok(all)
    }

    /// The cluster time of everything that was read, in seconds since 1970; none before the first read.
    pub fn taken_at(&self) -> Option<Timestamp> {
        Timestamp::from_second(self.session.snapshot_time()?.time.into()).ok()
    }
}
