//! What Entente keeps: typed documents in MongoDB, read by keyset and written one decision at a time.
//!
//! The only crate that knows mongodb and bson. It knows no rule: what is to change comes in as a
//! [`Decision`](entente_domain::deal::Decision) and is written as it is, in one transaction, or not at all. Timestamps
//! are kept to the millisecond, amounts as Decimal128, dates as ISO text. Nothing is published from here.

mod api_keys;
mod attention;
mod audit;
mod bson_as;
mod chain;
mod claims;
mod commit;
mod conflicts;
mod connect;
mod deal_doc;
mod deal_filter;
mod deal_match;
mod deals;
mod errors;
mod events;
mod feed;
mod idempotency;
mod imports;
mod indexes;
mod kits;
mod lateness;
mod limits;
mod migrate;
mod number_batch;
mod number_waiting;
mod numberer;
mod orphans;
mod partners;
mod pool;
mod program;
mod routing;
mod rules;
mod save;
mod saved_views;
mod sessions;
mod snapshot;
mod stats;
mod timers;
mod transaction;
mod users;

pub use audit::{Anchor, AuditProblem, AuditReport};
pub use commit::Committed;
pub use connect::{Store, StoreOptions};
pub use deal_filter::{DealFilter, DealKey, DealQuery, DealSort, SortValue, deal_key};
pub use errors::StoreError;
pub use idempotency::{IDEMPOTENCY_HOURS, IdempotencyRecord};
pub use imports::{Begun, ImportIssueRecord, ImportRunRecord};
pub use kits::KitQuery;
pub use lateness::Lateness;
pub use migrate::MigrationReport;
pub use numberer::{EventNumberer, Numbering};
pub use save::Saved;
pub use sessions::SessionRecord;
pub use snapshot::{Snapshot, TransferError};
pub use stats::StoreStats;
pub use timers::Timer;
pub use users::UserQuery;
