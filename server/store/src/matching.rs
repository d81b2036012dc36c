//! Giving what was stored before similar customers were looked for the keys by which they are found.

use bson::{Bson, Document, doc};
use entente_domain::customer::{group_key, match_keys};
use futures::TryStreamExt;
use mongodb::options::{UpdateOneModel, WriteModel};

use crate::connect::names;
use crate::{Store, StoreError};

/// Documents written at once.
const BATCH: usize = 500;

impl Store {
    /// Collections of this version, and the keys of claims, waiting registrations and customers that have none.
    pub(crate) async fn add_match_keys(&self) -> Result<(), StoreError> {
        self.create_collections().await?;
        let text = |d: &Document, field: &str| d.get_str(field).unwrap_or_default().to_owned();
        let missing = doc! { "match_keys": { "$exists": false } };
        self.complete(names::CLAIMS, missing, |d| doc! { "match_keys": match_keys(&text(d, "customer_key"), &text(d, "name_key")) }).await?;
        let pending = doc! { "match_keys": { "$exists": false }, "status": { "$in": ["SUBMITTED", "IN_REVIEW", "INFO_REQUESTED"] } };
        self.complete(names::DEALS, pending, |d| {
            let keys = d.get_document("customer").map_or_else(|_| Vec::new(), |c| match_keys(&text(c, "key"), &text(c, "name_key")));
            doc! { "match_keys": keys }
        })
        .await?;
        self.complete(names::CUSTOMERS, doc! { "group": { "$exists": false } }, |d| doc! { "group": group_key(&text(d, "name")) }).await
    }

    async fn complete(&self, collection: &str, filter: Document, fields: impl Fn(&Document) -> Document) -> Result<(), StoreError> {
        let documents = self.of::<Document>(collection);
        let mut rows = documents.find(filter).await?;
        let mut models: Vec<WriteModel> = Vec::new();
        while let Some(row) = rows.try_next().await? {
            let id = row.get("_id").cloned().unwrap_or(Bson::Null);
            let model = UpdateOneModel::builder().namespace(documents.namespace()).filter(doc! { "_id": id }).update(doc! { "$set": fields(&row) });
            models.push(model.build().into());
            if models.len() == BATCH {
                self.client.bulk_write(std::mem::take(&mut models)).await?;
            }
        }
        if !models.is_empty() {
            self.client.bulk_write(models).await?;
        }
        Ok(())
    }
}
