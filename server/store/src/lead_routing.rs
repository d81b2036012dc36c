//! Versions of the rules by which leads find a partner. Numbers are unique: of two who save at once one loses.

use bson::doc;
use entente_domain::event::Event;
use entente_domain::lead::routing::LeadRouting;
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};

use crate::connect::{SCHEMA_VERSION, names};
use crate::{Committed, IdempotencyRecord, Store, StoreError};

#[derive(Debug, Clone, Serialize, Deserialize)]
struct RoutingDoc {
    #[serde(rename = "_id")]
    id: String,
    schema_version: i32,
    number: i32,
    routing: LeadRouting,
}

impl Store {
    /// The version of that number; the last one when none is named.
    pub async fn lead_routing(&self, number: Option<i32>) -> Result<Option<LeadRouting>, StoreError> {
        let filter = number.map_or_else(|| doc! {}, |n| doc! { "number": n });
        let found = self.of::<RoutingDoc>(names::LEAD_ROUTINGS).find_one(filter).sort(doc! { "number": -1 }).await?;
        Ok(found.map(|d| d.routing))
    }

    /// Versions below a number, newest first, up to `limit`.
    pub async fn lead_routings(&self, before: Option<i32>, limit: u32) -> Result<Vec<LeadRouting>, StoreError> {
        let filter = doc! { "number": { "$lt": before.unwrap_or(i32::MAX) } };
        let rows = self.of::<RoutingDoc>(names::LEAD_ROUTINGS).find(filter).sort(doc! { "number": -1 }).limit(limit.into()).await?;
        Ok(rows.map_ok(|d| d.routing).try_collect().await?)
    }

    /// Writes a new version with its events. `Duplicate` when its number is taken.
    pub async fn add_lead_routing(&self, r: &LeadRouting, events: &[Event], once: Option<&IdempotencyRecord>) -> Result<Committed, StoreError> {
        let doc = RoutingDoc { id: r.id.to_string(), schema_version: SCHEMA_VERSION, number: r.number, routing: r.clone() };
        self.save_new(names::LEAD_ROUTINGS, r.id.as_str(), &doc, events, once).await
    }
}
