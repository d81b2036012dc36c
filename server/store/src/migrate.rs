//! Bringing a database to what this version needs: collections, indexes and changes of stored documents. Idempotent,
//! recorded in `migrations`, and done by one server at a time. Leaves alone what a server one version older needs.

use std::time::Duration;

use bson::{DateTime, Document, doc};
use futures::future::BoxFuture;
use futures::{FutureExt, TryStreamExt};
use mongodb::error::{Error, ErrorKind};
use serde::Deserialize;

use crate::connect::{SCHEMA_VERSION, names};
use crate::errors::duplicate_key;
use crate::{Store, StoreError, indexes};

/// How long the lock is held at most; a server that dies in the middle blocks others that long.
const LOCK_MS: i64 = 120_000;
/// How often, and how far apart, another server's migration is waited for.
const WAITS: u32 = 600;
const WAIT: Duration = Duration::from_millis(250);
/// The id of the lock among the records.
pub(crate) const LOCK: &str = "lock";
/// The server's code for a collection that exists.
const NAMESPACE_EXISTS: i32 = 48;

/// What a migration did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MigrationReport {
    /// Names of the migrations that ran now, in order.
    pub applied: Vec<String>,
    /// Indexes that this version needs, those on `_id` left out; all of them exist now.
    pub indexes: usize,
}

/// A change of what is stored. May be broken off anywhere and run again.
struct Migration {
    name: &'static str,
    run: for<'a> fn(&'a Store) -> BoxFuture<'a, Result<(), StoreError>>,
}

/// In the order in which they run; new ones are added at the end and none is ever changed.
const MIGRATIONS: [Migration; 8] = [
    Migration { name: "0001_collections", run: |store| store.create_collections().boxed() },
    Migration { name: "0002_first_rules", run: |store| store.first_rules().boxed() },
    Migration { name: "0003_match_keys", run: |store| store.add_match_keys().boxed() },
    Migration { name: "0004_deal_record", run: |store| store.add_records().boxed() },
    Migration { name: "0005_decision_timers", run: |store| store.add_decision_timers().boxed() },
    Migration { name: "0006_follow_up_timers", run: |store| store.add_follow_up_timers().boxed() },
    Migration { name: "0007_customer_keys", run: |store| store.add_customer_keys().boxed() },
    Migration { name: "0008_answers_owed", run: |store| store.add_answers_owed().boxed() },
];

/// Names of the migrations that this version knows.
pub(crate) fn known() -> impl Iterator<Item = &'static str> {
    MIGRATIONS.iter().map(|migration| migration.name)
}

#[derive(Debug, Deserialize)]
struct Record {
    #[serde(rename = "_id")]
    id: String,
}

impl Store {
    /// Brings the database to this version. Any number of servers may start at once: one migrates, the others wait for it,
    /// up to two and a half minutes.
    pub async fn migrate(&self) -> Result<MigrationReport, StoreError> {
        let mut waits = 0;
        while !self.lock().await? {
            if waits == WAITS {
                return Err(StoreError::Unavailable("another server has been migrating for too long".to_owned()));
            }
            waits += 1;
            tokio::time::sleep(WAIT).await;
        }
        let done = self.migrate_locked().await;
        self.of::<Document>(names::MIGRATIONS).delete_one(doc! { "_id": LOCK }).await?;
        done
    }

    /// Takes the lock if it is free. The database's own clock decides, so that servers need not agree on the time.
    async fn lock(&self) -> Result<bool, StoreError> {
        let locks = self.of::<Document>(names::MIGRATIONS);
        // `$expr` may not stand in an upsert: the lock is made first, long run out, and taken afterwards.
        let make = doc! { "$setOnInsert": { "schema_version": SCHEMA_VERSION, "until": DateTime::from_millis(0) } };
        match locks.update_one(doc! { "_id": LOCK }, make).upsert(true).await {
            Err(e) if duplicate_key(&e).is_none() => return Err(e.into()),
            _ => {}
        }
        let free = doc! { "_id": LOCK, "$expr": { "$lt": ["$until", "$$NOW"] } };
        let take = vec![doc! { "$set": { "until": { "$add": ["$$NOW", LOCK_MS] } } }];
        Ok(locks.update_one(free, take).await?.modified_count == 1)
    }

    async fn migrate_locked(&self) -> Result<MigrationReport, StoreError> {
        let records = self.of::<Record>(names::MIGRATIONS);
        let done: Vec<String> = records.find(doc! {}).await?.map_ok(|r| r.id).try_collect().await?;
        let mut report = MigrationReport::default();
        for migration in MIGRATIONS.iter().filter(|m| !done.iter().any(|d| d == m.name)) {
            (migration.run)(self).await?;
            let record = vec![doc! { "$set": { "schema_version": SCHEMA_VERSION, "applied_at": "$$NOW" } }];
            records.update_one(doc! { "_id": migration.name }, record).upsert(true).await?;
            report.applied.push(migration.name.to_owned());
        }
        for (collection, models) in indexes::all() {
            report.indexes += models.len();
            self.of::<Document>(collection).create_indexes(models).await?;
        }
        Ok(report)
    }

    /// Makes every collection, because a transaction that has to make one gets in the way of others.
    pub(crate) async fn create_collections(&self) -> Result<(), StoreError> {
        for name in names::ALL {
            match self.db.create_collection(name).await {
                Err(e) if exists(&e) => {}
                other => other?,
            }
        }
        Ok(())
    }
}

fn exists(e: &Error) -> bool {
    matches!(e.kind.as_ref(), ErrorKind::Command(c) if c.code == NAMESPACE_EXISTS)
}
