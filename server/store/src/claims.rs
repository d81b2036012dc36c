//! Claims: what approved registrations hold. A unique index on each key of the customer and the product lets only one of them exist.

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::customer::{match_keys, same_keys};
use entente_domain::deal::claim::{Claim, ClaimKey};
use entente_domain::id::{DealId, PartnerId, ProductId};
use futures::TryStreamExt;
use mongodb::Collection;
use serde::{Deserialize, Serialize};

use crate::bson_as::{date, time};
use crate::connect::{SCHEMA_VERSION, names};
use crate::{Store, StoreError};

/// A claim as it is stored. Its id is made of the deal and the product: a deal holds a product once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ClaimDoc {
    #[serde(rename = "_id")]
    id: String,
    schema_version: i32,
    customer_key: String,
    /// Every key under which it holds the customer; none before they are added by a migration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    keys: Vec<String>,
    product_id: ProductId,
    name_key: String,
    deal_id: DealId,
    partner_id: PartnerId,
    #[serde(with = "time")]
    protected_until: Timestamp,
    /// Under what similar customers find it.
    #[serde(default)]
    match_keys: Vec<String>,
}

impl ClaimDoc {
    /// What an opportunity of the vendor's own puts in the way of others for the length of a transaction.
    pub(crate) fn of_direct(claim: &Claim, id: &str) -> Self {
        Self { id: format!("{id}:{}", claim.key.product_id), ..Self::from(claim) }
    }

    pub(crate) fn into_id(self) -> String {
        self.id
    }
}

impl From<&Claim> for ClaimDoc {
    fn from(c: &Claim) -> Self {
        Self {
            id: format!("{}:{}", c.deal_id, c.key.product_id),
            schema_version: SCHEMA_VERSION,
            customer_key: c.key.customer_key.clone(),
            keys: same_keys(&c.key.customer_key, &c.name_key),
            product_id: c.key.product_id.clone(),
            name_key: c.name_key.clone(),
            deal_id: c.deal_id.clone(),
            partner_id: c.partner_id.clone(),
            protected_until: c.protected_until,
            match_keys: match_keys(&c.key.customer_key, &c.name_key),
        }
    }
}

impl From<ClaimDoc> for Claim {
    fn from(c: ClaimDoc) -> Self {
        Claim {
            key: ClaimKey { customer_key: c.customer_key, product_id: c.product_id },
            name_key: c.name_key,
            deal_id: c.deal_id,
            partner_id: c.partner_id,
            protected_until: c.protected_until,
        }
    }
}

impl Store {
    pub(crate) fn claim_docs(&self) -> Collection<ClaimDoc> {
        self.of(names::CLAIMS)
    }

    /// The claims that are held on these keys, whether or not their protection has ended, in any order.
    pub async fn claims_on(&self, keys: &[ClaimKey]) -> Result<Vec<Claim>, StoreError> {
        let Some(filter) = on_keys(keys) else { return Ok(Vec::new()) };
        let rows = self.claim_docs().find(filter).await?;
        Ok(rows.map_ok(Claim::from).try_collect().await?)
    }

    /// The deals that still hold claims on these keys although their protection ended at or before `now`; each once.
    pub async fn expired_claim_holders(&self, keys: &[ClaimKey], now: Timestamp) -> Result<Vec<DealId>, StoreError> {
        let Some(mut filter) = on_keys(keys) else { return Ok(Vec::new()) };
        filter.insert("protected_until", doc! { "$lte": date(now) });
        let rows = self.claim_docs().find(filter).await?;
        let mut holders: Vec<DealId> = rows.map_ok(|c| c.deal_id).try_collect().await?;
        holders.sort();
        holders.dedup();
        Ok(holders)
    }
}

/// The condition of being on one of the keys, grouped by customer so that each group is one range of the index.
fn on_keys(keys: &[ClaimKey]) -> Option<Document> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for key in keys {
        match groups.iter_mut().find(|(customer, _)| *customer == key.customer_key) {
            Some((_, products)) => products.push(key.product_id.as_str()),
            None => groups.push((&key.customer_key, vec![key.product_id.as_str()])),
        }
    }
    let each: Vec<Document> = groups.into_iter().map(|(customer, products)| doc! { "keys": customer, "product_id": { "$in": products } }).collect();
    (!each.is_empty()).then(|| doc! { "$or": each })
}
