//! What stands in the way of a registration: the deals and the vendor's own opportunities that touch it, found by several
//! questions at once. The verdict asks whether there are any; the one who decides sees which.

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::customer::{Customer, group_key, is_same, names_one, probe_keys, resembles, same_keys};
use entente_domain::deal::Deal;
use entente_domain::deal::verdict::ConflictFacts;
use entente_domain::event::Event;
use entente_domain::id::{DealId, DirectId, PartnerId, ProductId};
use futures::{FutureExt, TryStreamExt};
use serde::Deserialize;

use crate::bson_as::date;
use crate::connect::names;
use crate::events::EventDoc;
use crate::{Store, StoreError};

/// Statuses of registrations that somebody still has to decide on.
const PENDING: [&str; 3] = ["SUBMITTED", "IN_REVIEW", "INFO_REQUESTED"];
/// Most rows of one kind that are told.
const FOUND_MAX: i64 = 50;
/// Most candidates that may turn out to be similar.
const CANDIDATES_MAX: i64 = 2_000;
/// Most companies of one group.
const GROUP_MAX: i64 = 1_000;

/// What is judged.
#[derive(Debug, Clone, Copy)]
pub struct ConflictQuery<'a> {
    /// Whose registration.
    pub partner: &'a PartnerId,
    /// The customer, with its keys.
    pub customer: &'a Customer,
    /// Its products, those within its bundles too.
    pub products: &'a [ProductId],
    /// The other products of their lines.
    pub line: &'a [ProductId],
    /// Now.
    pub now: Timestamp,
    /// Left out of account: the deal that is being judged again.
    pub except: Option<&'a DealId>,
}

/// What was found, each deal under the first kind that fits it, at most some fifty of a kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conflicts {
    /// Protected: same customer, same product.
    pub protected: Vec<DealId>,
    /// Waiting: same customer, same product.
    pub waiting: Vec<DealId>,
    /// Same customer, another product of the line.
    pub line: Vec<DealId>,
    /// A customer of nearly the same name or domain.
    pub similar: Vec<DealId>,
    /// A company of the same group.
    pub related: Vec<DealId>,
    /// Open opportunities of the vendor's own.
    pub direct: Vec<DirectId>,
    /// The partner's own open registrations.
    pub own: Vec<DealId>,
}

impl Conflicts {
    /// Whether there is any of each kind.
    pub fn facts(&self) -> ConflictFacts {
        ConflictFacts {
            protected_by_other: !self.protected.is_empty(),
            other_registration: !self.waiting.is_empty(),
            own_registration: !self.own.is_empty(),
            similar_customer: !self.similar.is_empty(),
            related_customer: !self.related.is_empty(),
            product_line: !self.line.is_empty(),
            direct_sale: !self.direct.is_empty(),
        }
    }
}

/// A row of which only the existence matters.
#[derive(Debug, Deserialize)]
struct Row {
    #[serde(rename = "_id")]
    _id: String,
}

/// A claim or a waiting registration with the keys of its customer.
#[derive(Debug, Deserialize)]
struct Candidate {
    deal: DealId,
    key: String,
    name_key: String,
}

#[derive(Debug, Deserialize)]
struct DirectRow {
    #[serde(rename = "_id")]
    id: DirectId,
    customer_key: String,
    name_key: String,
}

#[derive(Debug, Deserialize)]
struct Family {
    key: String,
    parent_key: Option<String>,
}

fn ids(products: &[ProductId]) -> Vec<&str> {
    products.iter().map(ProductId::as_str).collect()
}

/// Deals for one of these products, whether named or within a bundle.
pub(crate) fn about(products: &[&str]) -> Document {
    doc! { "$or": [{ "product_ids": { "$in": products } }, { "included": { "$in": products } }] }
}

/// Deals of the same customer, see [`same_keys`].
fn of_customer(key: &str, name_key: &str) -> Document {
    let mut same = vec![doc! { "customer.key": { "$in": same_keys(key, name_key) } }];
    if names_one(name_key) {
        same.push(doc! { "customer.name_key": name_key });
    }
    doc! { "$or": same }
}

fn deals(rows: Vec<Candidate>) -> Vec<DealId> {
    let mut ids: Vec<DealId> = rows.into_iter().map(|r| r.deal).collect();
    ids.sort();
    ids.dedup();
    ids
}

impl ConflictQuery<'_> {
    /// Claims of others on these products that hold now.
    fn claims(&self, on: Document, products: &[&str]) -> Document {
        let mut filter = on;
        filter.insert("product_id", doc! { "$in": products });
        filter.insert("partner_id", doc! { "$ne": self.partner.as_str() });
        filter.insert("protected_until", doc! { "$gt": date(self.now) });
        self.not_this(filter, "deal_id")
    }

    /// Registrations of others for these products that wait.
    fn waiting(&self, on: Document, products: &[&str]) -> Document {
        let mut filter = doc! { "$and": [on, about(products)] };
        filter.insert("status", doc! { "$in": PENDING.to_vec() });
        filter.insert("partner_id", doc! { "$ne": self.partner.as_str() });
        self.not_this(filter, "_id")
    }

    fn not_this(&self, mut filter: Document, field: &str) -> Document {
        if let Some(except) = self.except {
            filter.insert(field, doc! { "$ne": except.as_str() });
        }
        filter
    }
}

impl Store {
    /// What is known of others, and of the partner itself, when a registration is judged.
    pub async fn conflicts(&self, q: ConflictQuery<'_>) -> Result<Conflicts, StoreError> {
        let (key, name_key) = (q.customer.key.as_str(), q.customer.name_key.as_str());
        let own = ids(q.products);
        let others: Vec<&str> = ids(q.line).into_iter().filter(|p| !own.contains(p)).collect();
        let all: Vec<&str> = own.iter().chain(&others).copied().collect();
        let open = vec![doc! { "status": { "$in": PENDING.to_vec() } }, doc! { "status": "APPROVED", "stage_category": "OPEN" }];
        let mine = doc! { "partner_id": q.partner.as_str(), "$and": [of_customer(key, name_key), about(&own), { "$or": open }] };
        let held_under = || doc! { "keys": { "$in": same_keys(key, name_key) } };
        let probes = probe_keys(key, name_key);
        let (protected, waiting, line_held, line_waiting, similar_held, similar_waiting, related, own_open, direct) = tokio::try_join!(
            self.held(q.claims(held_under(), &own), FOUND_MAX),
            self.pending(q.waiting(of_customer(key, name_key), &own), FOUND_MAX),
            self.held_if(!others.is_empty(), q.claims(held_under(), &others)),
            self.pending_if(!others.is_empty(), q.waiting(of_customer(key, name_key), &others)),
            self.held(q.claims(doc! { "match_keys": { "$in": &probes } }, &all), CANDIDATES_MAX),
            self.pending(q.waiting(doc! { "match_keys": { "$in": &probes } }, &all), CANDIDATES_MAX),
            self.related(&q, &all),
            self.pending(q.not_this(mine, "_id"), FOUND_MAX),
            self.directs_near(&probes, key, name_key, &own),
        )?;
        let asked = (key, name_key);
        let similar = |c: &Candidate| !is_same(asked, (&c.key, &c.name_key)) && resembles(asked, (&c.key, &c.name_key));
        let mut found = Conflicts {
            protected: deals(protected),
            waiting: deals(waiting),
            line: deals(line_held.into_iter().chain(line_waiting).collect()),
            similar: deals(similar_held.into_iter().chain(similar_waiting).filter(similar).collect()),
            related: deals(related),
            direct,
            own: deals(own_open),
        };
        // A deal is told once, under what weighs most.
        let told: Vec<DealId> = found.protected.iter().chain(&found.waiting).cloned().collect();
        found.line.retain(|d| !told.contains(d));
        found.related.retain(|d| !told.contains(d) && !found.line.contains(d));
        found.similar.retain(|d| !found.related.contains(d));
        for list in [&mut found.line, &mut found.similar, &mut found.related] {
            list.truncate(usize::try_from(FOUND_MAX).unwrap_or(usize::MAX));
        }
        Ok(found)
    }

    async fn held(&self, filter: Document, limit: i64) -> Result<Vec<Candidate>, StoreError> {
        let shape = doc! { "_id": 0, "deal": "$deal_id", "key": "$customer_key", "name_key": 1 };
        Ok(self.of::<Candidate>(names::CLAIMS).find(filter).projection(shape).limit(limit).await?.try_collect().await?)
    }

    async fn pending(&self, filter: Document, limit: i64) -> Result<Vec<Candidate>, StoreError> {
        let shape = doc! { "_id": 0, "deal": "$_id", "key": "$customer.key", "name_key": "$customer.name_key" };
        Ok(self.of::<Candidate>(names::DEALS).find(filter).projection(shape).limit(limit).await?.try_collect().await?)
    }

    async fn held_if(&self, asked: bool, filter: Document) -> Result<Vec<Candidate>, StoreError> {
        if asked { self.held(filter, FOUND_MAX).await } else { Ok(Vec::new()) }
    }

    async fn pending_if(&self, asked: bool, filter: Document) -> Result<Vec<Candidate>, StoreError> {
        if asked { self.pending(filter, FOUND_MAX).await } else { Ok(Vec::new()) }
    }

    /// The vendor's open opportunities for the customer, or one that may be the same, and one of the products.
    async fn directs_near(&self, probes: &[String], key: &str, name_key: &str, products: &[&str]) -> Result<Vec<DirectId>, StoreError> {
        let near = vec![doc! { "match_keys": { "$in": probes } }, doc! { "customer_key": key }];
        let filter = doc! { "$or": near, "status": "OPEN", "product_ids": { "$in": products } };
        let shape = doc! { "customer_key": 1, "name_key": 1 };
        let rows: Vec<DirectRow> =
            self.of::<DirectRow>(names::DIRECTS).find(filter).projection(shape).limit(CANDIDATES_MAX).await?.try_collect().await?;
        let asked = (key, name_key);
        let near = |r: &DirectRow| is_same(asked, (&r.customer_key, &r.name_key)) || resembles(asked, (&r.customer_key, &r.name_key));
        Ok(rows.into_iter().filter(near).map(|r| r.id).collect())
    }

    /// Says of which company a customer is a subsidiary, on everybody's record of it, with the event.
    pub async fn set_parent(&self, customer_key: &str, parent: Option<&str>, event: &Event) -> Result<(), StoreError> {
        let set = doc! { "$set": { "parent": parent, "parent_key": parent.map(group_key) } };
        let work = (self, doc! { "key": customer_key }, set, EventDoc::from(event));
        self.transaction(work, |session, (store, filter, set, event)| {
            async move {
                store.customer_docs().update_many(filter.clone(), set.clone()).session(&mut *session).await?;
                store.event_docs().insert_one(&*event).session(&mut *session).await?;
                Ok(())
            }
            .boxed()
        })
        .await
    }

    /// Keys of the other companies of a customer's group: the parent, its other subsidiaries, and its own. Who belongs together
    /// is what the vendor or an import said of anybody's record of the customer.
    async fn family(&self, customer: &Customer) -> Result<Vec<String>, StoreError> {
        let said = doc! { "parent_key": { "$type": "string" }, "$or": [{ "key": &customer.key }, { "name_key": &customer.name_key }] };
        let own = group_key(&customer.name);
        let (told, children) = tokio::try_join!(self.records(said), self.records(doc! { "parent_key": &own }))?;
        let mut above: Vec<String> = told.into_iter().filter_map(|r| r.parent_key).chain(customer.parent.as_deref().map(group_key)).collect();
        above.sort();
        above.dedup();
        let mut keys: Vec<String> = children.into_iter().map(|r| r.key).collect();
        if !above.is_empty() {
            let above = doc! { "$in": above };
            let (parent, sisters) = tokio::try_join!(self.records(doc! { "group": &above }), self.records(doc! { "parent_key": &above }))?;
            keys.extend(parent.into_iter().chain(sisters).map(|r| r.key));
        }
        keys.retain(|k| *k != customer.key);
        keys.sort();
        keys.dedup();
        Ok(keys)
    }

    async fn records(&self, filter: Document) -> Result<Vec<Family>, StoreError> {
        let shape = doc! { "_id": 0, "key": 1, "parent_key": 1 };
        Ok(self.of::<Family>(names::CUSTOMERS).find(filter).projection(shape).limit(GROUP_MAX).await?.try_collect().await?)
    }

    /// Claims and waiting registrations of others on companies of the customer's group.
    async fn related(&self, q: &ConflictQuery<'_>, products: &[&str]) -> Result<Vec<Candidate>, StoreError> {
        let family = self.family(q.customer).await?;
        if family.is_empty() {
            return Ok(Vec::new());
        }
        let one_of = doc! { "$in": family };
        let (held, waiting) = tokio::try_join!(
            self.held(q.claims(doc! { "customer_key": &one_of }, products), FOUND_MAX),
            self.pending(q.waiting(doc! { "customer.key": &one_of }, products), FOUND_MAX),
        )?;
        Ok(held.into_iter().chain(waiting).collect())
    }

    /// Other partners' registrations that wait for a decision on this deal's customer and one of its products, at most `limit`.
    pub async fn waiting_behind(&self, deal: &Deal, limit: u32) -> Result<Vec<Deal>, StoreError> {
        let Some(customer) = &deal.customer else { return Ok(Vec::new()) };
        let products: Vec<&str> = deal.all_products().map(ProductId::as_str).collect();
        let filter = doc! {
            "$and": [of_customer(&customer.key, &customer.name_key), about(&products)],
            "status": { "$in": PENDING.to_vec() },
            "_id": { "$ne": deal.id.as_str() },
        };
        let rows = self.deal_docs().find(filter).limit(limit.into()).await?;
        Ok(rows.map_ok(Deal::from).try_collect().await?)
    }

    /// Whether any row fulfils the filter.
    pub(crate) async fn exists(&self, collection: &str, filter: Document) -> Result<bool, StoreError> {
        Ok(self.of::<Row>(collection).find_one(filter).projection(doc! { "_id": 1 }).await?.is_some())
    }
}
