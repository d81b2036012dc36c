//! The connection: one place for concerns, timeouts and the pool, and the names of the collections.

use std::time::Duration;

use bson::doc;
use mongodb::options::{Acknowledgment, ClientOptions, ReadConcern, ReadPreference, SelectionCriteria, TransactionOptions, WriteConcern};
use mongodb::{Client, Collection, Database};

use crate::{StoreError, StoreStats};

/// By what the database knows our connections.
pub(crate) const APP_NAME: &str = "entente";
/// How long to look for a primary before giving up.
const SELECTION_TIMEOUT: Duration = Duration::from_secs(5);
/// How long one connection attempt may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// How often a server is asked for a sign of life. One that owes it for this and [`CONNECT_TIMEOUT`] counts as gone, and whatever
/// waits for it is told so: with the time to look for another, no operation waits longer than some ten seconds.
const HEARTBEAT: Duration = Duration::from_secs(2);

/// Version of the documents that this crate writes; in every document, so that a migration can tell old ones.
pub(crate) const SCHEMA_VERSION: i32 = 1;

/// Names of the collections.
pub(crate) mod names {
    pub const ABSENCES: &str = "absences";
    pub const ACTION_LINKS: &str = "action_links";
    pub const API_KEYS: &str = "api_keys";
    pub const CLAIMS: &str = "claims";
    pub const COUNTERS: &str = "counters";
    pub const CUSTOMERS: &str = "customers";
    pub const DEALS: &str = "deals";
    pub const DIRECTS: &str = "directs";
    pub const DISPUTES: &str = "disputes";
    pub const ENGAGEMENTS: &str = "engagements";
    pub const EVENTS: &str = "events";
    pub const EXPORTS: &str = "exports";
    pub const IDEMPOTENCY: &str = "idempotency";
    pub const IMPORT_ISSUES: &str = "import_issues";
    pub const IMPORT_RUNS: &str = "import_runs";
    pub const KITS: &str = "kits";
    pub const LEADS: &str = "leads";
    pub const LEAD_KEYS: &str = "lead_keys";
    pub const LEAD_LEDGER: &str = "lead_ledger";
    pub const LEAD_ROUTINGS: &str = "lead_routings";
    pub const LEAD_WHYS: &str = "lead_whys";
    pub const LIMITS: &str = "limits";
    pub const MIGRATIONS: &str = "migrations";
    pub const NOTIFICATIONS: &str = "notifications";
    pub const NOTIFICATION_PREFERENCES: &str = "notification_preferences";
    pub const OUTBOX: &str = "outbox";
    pub const PARTNERS: &str = "partners";
    pub const PROGRAM: &str = "program";
    pub const RELAY: &str = "relay";
    pub const ROOMS: &str = "rooms";
    pub const ROOM_MESSAGES: &str = "room_messages";
    pub const ROUTING_TABLES: &str = "routing_tables";
    pub const RULES_VERSIONS: &str = "rules_versions";
    pub const SAVED_VIEWS: &str = "saved_views";
    pub const SESSIONS: &str = "sessions";
    pub const TIMERS: &str = "timers";
    pub const USERS: &str = "users";

    pub const ALL: [&str; 37] = [
        ABSENCES,
        ACTION_LINKS,
        API_KEYS,
        CLAIMS,
        COUNTERS,
        CUSTOMERS,
        DEALS,
        DIRECTS,
        DISPUTES,
        ENGAGEMENTS,
        EVENTS,
        EXPORTS,
        IDEMPOTENCY,
        IMPORT_ISSUES,
        IMPORT_RUNS,
        KITS,
        LEADS,
        LEAD_KEYS,
        LEAD_LEDGER,
        LEAD_ROUTINGS,
        LEAD_WHYS,
        LIMITS,
        MIGRATIONS,
        NOTIFICATIONS,
        NOTIFICATION_PREFERENCES,
        OUTBOX,
        PARTNERS,
        PROGRAM,
        RELAY,
        ROOMS,
        ROOM_MESSAGES,
        ROUTING_TABLES,
        RULES_VERSIONS,
        SAVED_VIEWS,
        SESSIONS,
        TIMERS,
        USERS,
    ];
}

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
    pub(crate) client: Client,
    pub(crate) db: Database,
    stats: StoreStats,
}

impl Store {
    /// Prepares the connection: majority reads, journalled majority writes, the primary only. Fails on a connection string
    /// that cannot be read; whether the database answers is for [`Store::ping`] to say.
    pub async fn connect(o: &StoreOptions) -> Result<Store, StoreError> {
        let mut options = ClientOptions::parse(&o.uri).await?;
        options.app_name = Some(APP_NAME.to_owned());
        options.max_pool_size = Some(o.max_pool.max(1));
        options.server_selection_timeout = Some(SELECTION_TIMEOUT);
        options.connect_timeout = Some(CONNECT_TIMEOUT);
        options.heartbeat_freq = Some(HEARTBEAT);
        options.retry_reads = Some(true);
        options.retry_writes = Some(true);
        options.read_concern = Some(ReadConcern::majority());
        options.write_concern = Some(majority());
        options.selection_criteria = Some(primary());
        let stats = StoreStats::default();
        stats.attach(&mut options);
        let client = Client::with_options(options)?;
        let db = client.database(&o.database);
        Ok(Store { client, db, stats })
    }

    /// What the connections of this store do, counted.
    pub fn stats(&self) -> &StoreStats {
        &self.stats
    }

    /// Asks the primary for a sign of life; waits at most five seconds.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.db.run_command(doc! { "ping": 1 }).selection_criteria(primary()).await?;
        Ok(())
    }

    /// Drops the whole database. For tests and for starting over.
    pub async fn drop_database(&self) -> Result<(), StoreError> {
        Ok(self.db.drop().await?)
    }

    /// A collection whose documents are read as `T`.
    pub(crate) fn of<T: Send + Sync>(&self, name: &str) -> Collection<T> {
        self.db.collection(name)
    }
}

fn majority() -> WriteConcern {
    WriteConcern::builder().w(Acknowledgment::Majority).journal(true).build()
}

fn primary() -> SelectionCriteria {
    SelectionCriteria::ReadPreference(ReadPreference::Primary)
}

/// Options of every transaction: one snapshot, acknowledged by the majority, on the primary.
pub(crate) fn transaction_options() -> TransactionOptions {
    TransactionOptions::builder().read_concern(ReadConcern::snapshot()).write_concern(majority()).selection_criteria(primary()).build()
}
