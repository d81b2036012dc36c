//! The questions that are asked about registrations when they are judged: as many for a whole list as for one of them.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::customer::{Customer, group_key, names_one, probe_keys, same_keys};
use entente_domain::deal::RegistrationStatus;
use entente_domain::id::{DealId, DirectId, PartnerId, ProductId};
use entente_domain::program::StageCategory;
use futures::TryStreamExt;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::bson_as::date;
use crate::conflicts::{ConflictQuery, PENDING, about, of_customers};
use crate::connect::names;
use crate::{Store, StoreError};

/// Most rows that a question finds for one registration: whatever may turn out to touch it.
const CANDIDATES_MAX: usize = 2_000;

/// What somebody holds.
#[derive(Debug, Deserialize)]
pub(crate) struct Held {
    pub(crate) deal_id: DealId,
    pub(crate) partner_id: PartnerId,
    pub(crate) product_id: ProductId,
    pub(crate) customer_key: String,
    pub(crate) name_key: String,
}

/// A registration that waits, or an approved deal that is open.
#[derive(Debug, Deserialize)]
pub(crate) struct Open {
    #[serde(rename = "_id")]
    pub(crate) id: DealId,
    pub(crate) partner_id: PartnerId,
    pub(crate) status: RegistrationStatus,
    pub(crate) stage_category: StageCategory,
    pub(crate) key: String,
    pub(crate) name_key: String,
    pub(crate) product_ids: Vec<ProductId>,
    #[serde(default)]
    pub(crate) included: Vec<ProductId>,
}

impl Open {
    pub(crate) fn is_pending(&self) -> bool {
        self.status.is_pending()
    }

    pub(crate) fn is_about(&self, products: &[&ProductId]) -> bool {
        self.product_ids.iter().chain(&self.included).any(|p| products.contains(&p))
    }
}

/// An open opportunity of the vendor's own.
#[derive(Debug, Deserialize)]
pub(crate) struct Direct {
    #[serde(rename = "_id")]
    pub(crate) id: DirectId,
    pub(crate) customer_key: String,
    pub(crate) name_key: String,
    pub(crate) product_ids: Vec<ProductId>,
}

/// What somebody's record of a customer says of its group.
#[derive(Debug, Deserialize)]
struct Family {
    key: String,
    name_key: String,
    group: Option<String>,
    parent_key: Option<String>,
}

/// Everything that was found for the registrations that are judged together.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) held: Vec<Held>,
    pub(crate) open: Vec<Open>,
    pub(crate) directs: Vec<Direct>,
}

/// Asks about several registrations at once.
pub(crate) struct Inquiry<'a> {
    store: &'a Store,
    queries: &'a [ConflictQuery<'a>],
    now: Timestamp,
    is_cut: AtomicBool,
}

impl<'a> Inquiry<'a> {
    pub(crate) fn new(store: &'a Store, queries: &'a [ConflictQuery<'a>], now: Timestamp) -> Self {
        Self { store, queries, now, is_cut: AtomicBool::new(false) }
    }

    /// Whether a question found more than it may: of some registrations not everything is known then.
    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut.load(Ordering::Relaxed)
    }

    async fn rows<T: DeserializeOwned + Send + Sync>(&self, collection: &str, filter: Document, shape: Document) -> Result<Vec<T>, StoreError> {
        let most = self.queries.len() * CANDIDATES_MAX;
        let rows: Vec<T> =
            self.store.of::<T>(collection).find(filter).projection(shape).limit(i64::try_from(most).unwrap_or(i64::MAX)).await?.try_collect().await?;
        if rows.len() >= most {
            self.is_cut.store(true, Ordering::Relaxed);
        }
        Ok(rows)
    }

    /// Claims on the products that hold now.
    async fn held(&self, mut on: Document, products: &[&str]) -> Result<Vec<Held>, StoreError> {
        on.insert("product_id", doc! { "$in": products });
        on.insert("protected_until", doc! { "$gt": date(self.now) });
        let shape = doc! { "_id": 0, "deal_id": 1, "partner_id": 1, "product_id": 1, "customer_key": 1, "name_key": 1 };
        self.rows(names::CLAIMS, on, shape).await
    }

    /// Registrations for the products that wait, and with `is_approved` the open deals too.
    async fn open(&self, on: Document, products: &[&str], is_approved: bool) -> Result<Vec<Open>, StoreError> {
        let mut statuses = vec![doc! { "status": { "$in": PENDING.to_vec() } }];
        statuses.extend(is_approved.then(|| doc! { "status": "APPROVED", "stage_category": "OPEN" }));
        let shape = doc! {
            "partner_id": 1, "status": 1, "stage_category": 1, "product_ids": 1, "included": 1,
            "key": "$customer.key", "name_key": "$customer.name_key",
        };
        self.rows(names::DEALS, doc! { "$and": [on, about(products), { "$or": statuses }] }, shape).await
    }

    async fn directs(&self, near: Document, products: &[&str]) -> Result<Vec<Direct>, StoreError> {
        let filter = doc! { "$and": [near, { "status": "OPEN", "product_ids": { "$in": products } }] };
        self.rows(names::DIRECTS, filter, doc! { "customer_key": 1, "name_key": 1, "product_ids": 1 }).await
    }

    async fn records(&self, filter: Document) -> Result<Vec<Family>, StoreError> {
        let shape = doc! { "_id": 0, "key": 1, "name_key": 1, "group": 1, "parent_key": 1 };
        self.rows(names::CUSTOMERS, filter, shape).await
    }

    /// For each registration the keys of the other companies of its customer's group: the parent, its other subsidiaries, and its
    /// own. Who belongs together is what the vendor or an import said of anybody's record of the customer.
    async fn families(&self) -> Result<Vec<BTreeSet<String>>, StoreError> {
        let customers = || self.queries.iter().map(|q| q.customer);
        let keys: Vec<&str> = customers().map(|c| c.key.as_str()).collect();
        let names: Vec<&str> = customers().map(|c| c.name_key.as_str()).collect();
        let own: Vec<String> = customers().map(|c| group_key(&c.name)).collect();
        let said = doc! { "parent_key": { "$type": "string" }, "$or": [{ "key": { "$in": keys } }, { "name_key": { "$in": names } }] };
        let (said, children) = tokio::try_join!(self.records(said), self.records(doc! { "parent_key": { "$in": &own } }))?;
        let above: Vec<BTreeSet<&str>> = self.queries.iter().map(|q| parents(q.customer, &said)).collect();
        let own_parents: Vec<Option<String>> = customers().map(|c| c.parent.as_deref().map(group_key)).collect();
        let all: BTreeSet<&str> = above.iter().flatten().copied().chain(own_parents.iter().flatten().map(String::as_str)).collect();
        let relatives = if all.is_empty() {
            Vec::new()
        } else {
            let one_of = doc! { "$in": all.into_iter().collect::<Vec<_>>() };
            self.records(doc! { "$or": [{ "group": &one_of }, { "parent_key": &one_of }] }).await?
        };
        let family = |(at, customer): (usize, &Customer)| {
            let is_above = |key: &Option<String>| key.as_deref().is_some_and(|k| above[at].contains(k) || own_parents[at].as_deref() == Some(k));
            let below = children.iter().filter(|r| r.parent_key.as_ref() == Some(&own[at]));
            let beside = relatives.iter().filter(|r| is_above(&r.group) || is_above(&r.parent_key));
            below.chain(beside).map(|r| r.key.clone()).filter(|key| *key != customer.key).collect()
        };
        Ok(customers().enumerate().map(family).collect())
    }

    /// What companies of the groups hold or wait for.
    async fn relatives(&self, products: &[&str]) -> Result<(Vec<BTreeSet<String>>, Found), StoreError> {
        let families = self.families().await?;
        let keys: BTreeSet<&String> = families.iter().flatten().collect();
        if keys.is_empty() {
            return Ok((families, Found::default()));
        }
        let one_of = doc! { "$in": keys.into_iter().collect::<Vec<_>>() };
        let (held, open) =
            tokio::try_join!(self.held(doc! { "customer_key": &one_of }, products), self.open(doc! { "customer.key": &one_of }, products, false),)?;
        Ok((families, Found { held, open, directs: Vec::new() }))
    }

    /// Everything that may touch one of the registrations; and for each the keys of the other companies of its customer's group.
    pub(crate) async fn ask(&self) -> Result<(Found, Vec<BTreeSet<String>>), StoreError> {
        let customers = || self.queries.iter().map(ConflictQuery::keys);
        let keys: Vec<String> = customers().flat_map(|(key, name)| same_keys(key, name)).collect();
        let names: Vec<&str> = customers().map(|(_, name)| name).filter(|name| names_one(name)).collect();
        let probes: BTreeSet<String> = customers().flat_map(|(key, name)| probe_keys(key, name)).collect();
        let probes = doc! { "match_keys": { "$in": probes.into_iter().collect::<Vec<_>>() } };
        let products: BTreeSet<&str> = self.queries.iter().flat_map(ConflictQuery::all_products).map(ProductId::as_str).collect();
        let products: Vec<&str> = products.into_iter().collect();
        let near = doc! { "$or": [&probes, { "customer_key": { "$in": &keys } }] };
        let (held, like_held, open, like_open, directs, (families, related)) = tokio::try_join!(
            self.held(doc! { "keys": { "$in": &keys } }, &products),
            self.held(probes.clone(), &products),
            self.open(of_customers(&keys, &names), &products, true),
            self.open(probes.clone(), &products, false),
            self.directs(near, &products),
            self.relatives(&products),
        )?;
        let found = Found {
            held: held.into_iter().chain(like_held).chain(related.held).collect(),
            open: open.into_iter().chain(like_open).chain(related.open).collect(),
            directs,
        };
        Ok((found, families))
    }
}

/// Of which companies the customer is a subsidiary, by what was said of it.
fn parents<'a>(customer: &Customer, said: &'a [Family]) -> BTreeSet<&'a str> {
    let of_it = said.iter().filter(|r| r.key == customer.key || r.name_key == customer.name_key);
    of_it.filter_map(|r| r.parent_key.as_deref()).collect()
}
