//! Saved views: one document for each person, guarded by its version, so that names stay unique and their number bounded.

use bson::doc;
use entente_domain::event::Event;
use entente_domain::id::UserId;
use entente_domain::saved_view::{SavedView, SavedViews};
use serde::{Deserialize, Serialize};

use crate::connect::{SCHEMA_VERSION, names};
use crate::save::Guard;
use crate::{Committed, IdempotencyRecord, Store, StoreError};

#[derive(Debug, Clone, Serialize, Deserialize)]
struct ViewsDoc {
    #[serde(rename = "_id")]
    id: String,
    schema_version: i32,
    version: i32,
    views: Vec<SavedView>,
}

impl Store {
    /// All views of a person; version 0 before the first.
    pub async fn saved_views(&self, user: &UserId) -> Result<SavedViews, StoreError> {
        let found = self.of::<ViewsDoc>(names::SAVED_VIEWS).find_one(doc! { "_id": user.as_str() }).await?;
        Ok(found.map(|d| SavedViews { version: d.version, views: d.views }).unwrap_or_default())
    }

    /// Replaces a person's views if they still have the version before this one, together with the events and, where one was
    /// sent, the record of the idempotency key. `Stale` or `Duplicate` when another change came first.
    pub async fn save_views(
        &self,
        user: &UserId,
        views: &SavedViews,
        events: &[Event],
        once: Option<&IdempotencyRecord>,
    ) -> Result<Committed, StoreError> {
        let doc = ViewsDoc { id: user.to_string(), schema_version: SCHEMA_VERSION, version: views.version, views: views.views.clone() };
        let guard = if views.version <= 1 { Guard::New } else { Guard::Version(views.version - 1) };
        self.save_once(names::SAVED_VIEWS, user.as_str(), &doc, guard, events, once).await
    }
}
