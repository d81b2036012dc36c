//! Giving what was stored before similar customers were looked for the keys by which they are found.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use bson::{Bson, Document, doc};
use entente_domain::customer::{group_key, match_keys, same_keys};
use futures::TryStreamExt;

use crate::connect::names;
use crate::{Store, StoreError};

/// Documents written at once.
const AT_ONCE: usize = 16;

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

    /// The keys under which claims hold their customers, and those by which names without a country are found. Where two claims of
    /// before hold one customer by its name, both stay, and the later one holds its own key alone.
    pub(crate) async fn add_customer_keys(&self) -> Result<(), StoreError> {
        let text = |d: &Document, field: &str| d.get_str(field).unwrap_or_default().to_owned();
        let mut held: HashSet<(String, String)> = HashSet::new();
        let mut rows = self.of::<Document>(names::CLAIMS).find(doc! {}).projection(doc! { "customer_key": 1, "product_id": 1 }).await?;
        while let Some(row) = rows.try_next().await? {
            held.insert((text(&row, "customer_key"), text(&row, "product_id")));
        }
        let held = Mutex::new(held);
        self.complete(names::CLAIMS, doc! { "keys": { "$exists": false } }, |d| {
            let (key, name_key, product) = (text(d, "customer_key"), text(d, "name_key"), text(d, "product_id"));
            let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
            let keys: Vec<String> =
                same_keys(&key, &name_key).into_iter().filter(|k| *k == key || held.insert((k.clone(), product.clone()))).collect();
            if keys.len() < same_keys(&key, &name_key).len() {
                tracing::warn!(claim = text(d, "_id"), "another claim holds the same name and country; this one goes on under its domain alone");
            }
            doc! { "keys": keys, "match_keys": match_keys(&key, &name_key) }
        })
        .await?;
        let pending = doc! { "status": { "$in": ["SUBMITTED", "IN_REVIEW", "INFO_REQUESTED"] } };
        self.complete(names::DEALS, pending, |d| {
            let keys = d.get_document("customer").map_or_else(|_| Vec::new(), |c| match_keys(&text(c, "key"), &text(c, "name_key")));
            doc! { "match_keys": keys }
        })
        .await?;
        self.complete(names::DIRECTS, doc! {}, |d| doc! { "match_keys": match_keys(&text(d, "customer_key"), &text(d, "name_key")) }).await
    }

    /// One write for each document: servers before version 8 know no bulk of different ones.
    async fn complete(&self, collection: &str, filter: Document, fields: impl Fn(&Document) -> Document) -> Result<(), StoreError> {
        let documents = self.of::<Document>(collection);
        let rows = documents.find(filter).await?;
        rows.map_err(StoreError::from)
            .try_for_each_concurrent(AT_ONCE, |row| {
                let id = row.get("_id").cloned().unwrap_or(Bson::Null);
                let (documents, set) = (&documents, doc! { "$set": fields(&row) });
                async move {
                    documents.update_one(doc! { "_id": id }, set).await?;
                    Ok(())
                }
            })
            .await
    }
}
