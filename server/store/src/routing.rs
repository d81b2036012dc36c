//! The versions of the routing table and the absences. A version's number is its id, so that of two changes at once one
//! loses; all absences are one document that is guarded by its version, so that a circle of covers cannot slip in between.

use std::collections::BTreeSet;

use bson::{Document, doc};
use entente_domain::event::Event;
use entente_domain::id::UserId;
use entente_domain::routing::RoutingTable;
use entente_domain::routing::absence::Absence;
use futures::TryStreamExt;
use mongodb::options::Hint;
use serde::{Deserialize, Serialize};

use crate::connect::{SCHEMA_VERSION, names};
use crate::save::Guard;
use crate::{Committed, IdempotencyRecord, Saved, Store, StoreError};

/// The id of the one document of absences.
const ALL: &str = "all";

/// A version of the table as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct TableDoc {
    #[serde(rename = "_id")]
    id: String,
    schema_version: i32,
    version: i32,
    table: RoutingTable,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct AbsencesDoc {
    #[serde(rename = "_id")]
    id: String,
    schema_version: i32,
    version: i32,
    absences: Vec<Absence>,
}

/// Owner of pending deals.
#[derive(Debug, Deserialize)]
struct OwnerRow {
    #[serde(rename = "_id")]
    owner: Option<UserId>,
}

/// Ids that sort as their numbers do.
fn table_id(version: i32) -> String {
    format!("{version:010}")
}

impl Store {
    /// The newest version of the routing table, or that one; none when there is no such version.
    pub async fn routing_table(&self, version: Option<i32>) -> Result<Option<RoutingTable>, StoreError> {
        let filter = version.map_or_else(|| doc! {}, |v| doc! { "_id": table_id(v) });
        let found = self.of::<TableDoc>(names::ROUTING_TABLES).find_one(filter).sort(doc! { "_id": -1 }).await?;
        Ok(found.map(|d| d.table))
    }

    /// Writes a version with its events. `Duplicate` when that version exists.
    pub async fn add_routing_table(&self, table: &RoutingTable, events: &[Event]) -> Result<Saved, StoreError> {
        let id = table_id(table.version);
        let doc = TableDoc { id: id.clone(), schema_version: SCHEMA_VERSION, version: table.version, table: table.clone() };
        self.save(names::ROUTING_TABLES, &id, &doc, Guard::New, events).await
    }

    /// All absences with the version of the list, 0 before the first.
    pub async fn absences(&self) -> Result<(i32, Vec<Absence>), StoreError> {
        let found = self.of::<AbsencesDoc>(names::ABSENCES).find_one(doc! { "_id": ALL }).await?;
        Ok(found.map_or((0, Vec::new()), |d| (d.version, d.absences)))
    }

    /// Replaces the absences if the list still has that version (0 for none yet), together with the events and, where one was
    /// sent, the record of the idempotency key. `Stale` or `Duplicate` when another change came first.
    pub async fn save_absences(
        &self,
        based_on: i32,
        absences: &[Absence],
        events: &[Event],
        once: Option<&IdempotencyRecord>,
    ) -> Result<Committed, StoreError> {
        let doc = AbsencesDoc { id: ALL.to_owned(), schema_version: SCHEMA_VERSION, version: based_on + 1, absences: absences.to_vec() };
        let guard = if based_on == 0 { Guard::New } else { Guard::Version(based_on) };
        self.save_once(names::ABSENCES, ALL, &doc, guard, events, once).await
    }

    /// The owners of registrations that wait for a decision or an answer, and of deals whose partners wait for an answer, each once.
    pub async fn pending_owners(&self) -> Result<Vec<UserId>, StoreError> {
        let pending = doc! { "$match": { "status": { "$in": ["SUBMITTED", "IN_REVIEW", "INFO_REQUESTED"] } } };
        let owed = doc! { "$match": { "owed_since": { "$exists": true } } };
        let (pending, owed) = tokio::try_join!(self.owners(pending, "status_decision_due_at"), self.owners(owed, "owed_since"))?;
        let all: BTreeSet<UserId> = pending.into_iter().chain(owed).filter_map(|r| r.owner).collect();
        Ok(all.into_iter().collect())
    }

    async fn owners(&self, matching: Document, index: &str) -> Result<Vec<OwnerRow>, StoreError> {
        let deals = self.deal_docs();
        let rows = deals.aggregate([matching, doc! { "$group": { "_id": "$manager_id" } }]).hint(Hint::Name(index.to_owned()));
        Ok(rows.with_type::<OwnerRow>().await?.try_collect().await?)
    }
}
