//! What Entente keeps: typed documents in MongoDB, read by keyset and written one decision at a time.
//!
//! The only crate that knows mongodb and bson. It knows no rule: what is to change comes in as a
//! [`Decision`](entente_domain::deal::Decision) and is written as it is, in one transaction, or not at all. Timestamps
//! are kept to the millisecond, amounts as Decimal128, dates as ISO text. Nothing is published from here.

mod api_keys;
mod commit;
mod conflicts;
mod deal_doc;
mod deal_filter;
mod deals;
mod errors;
mod events;
mod imports;
mod kits;
mod migrate;
mod numberer;
mod partners;
mod program;
mod sessions;
mod timers;
mod users;

pub use commit::{Committed, IDEMPOTENCY_DAYS, IdempotencyRecord, Saved};
pub use deal_filter::{DealFilter, DealKey, DealQuery, DealSort, SortValue, deal_key};
pub use errors::StoreError;
pub use imports::{ImportIssueRecord, ImportRunRecord};
pub use kits::KitQuery;
pub use migrate::MigrationReport;
pub use numberer::{EventNumberer, Numbering};
pub use sessions::SessionRecord;
pub use timers::Timer;
pub use users::UserQuery;

use mongodb::{Client, Database};

/// Where the database is and how many connections may be open.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// MongoDB connection string; must name a replica set.
    pub uri: String,
    /// Name of the database.
    pub database: String,
    /// Most connections of this process, at least 1.
    pub max_pool: u32,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self { uri: "mongodb://127.0.0.1:27017/?replicaSet=rs0".to_owned(), database: "entente".to_owned(), max_pool: 64 }
    }
}

/// The store. A clone is cheap and shares the connections.
#[derive(Debug, Clone)]
pub struct Store {
    client: Client,
    db: Database,
}

impl Store {
    /// Connects with majority reads and journalled majority writes, to the primary only.
    pub async fn connect(_o: &StoreOptions) -> Result<Store, StoreError> {
        stub()
    }
    /// Asks the primary for a sign of life.
    pub async fn ping(&self) -> Result<(), StoreError> {
        stub()
    }
    /// Drops the whole database. For tests and for starting over.
    pub async fn drop_database(&self) -> Result<(), StoreError> {
        stub()
    }
    /// Whether there is no program yet.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        stub()
    }
}

pub(crate) fn stub<T>() -> Result<T, StoreError> {
    Err(StoreError::Internal("not there yet".into()))
}
