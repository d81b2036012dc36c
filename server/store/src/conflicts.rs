//! What stands in the way of registrations: the deals and the vendor's own opportunities that touch them. A whole list is asked
//! about by as many questions as one of them; which row touches which registration is told here. The verdict asks whether there
//! are any; the one who decides sees which.

use std::collections::BTreeSet;

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::customer::{Customer, group_key, is_same, names_one, resembles, same_keys};
use entente_domain::deal::verdict::ConflictFacts;
use entente_domain::deal::{Deal, RegistrationStatus};
use entente_domain::event::Event;
use entente_domain::id::{DealId, DirectId, PartnerId, ProductId};
use entente_domain::program::StageCategory;
use futures::{FutureExt, TryStreamExt};
use serde::Deserialize;

use crate::events::EventDoc;
use crate::inquiry::{Found, Held, Inquiry, Open};
use crate::{Store, StoreError};

/// Statuses of registrations that somebody still has to decide on.
pub(crate) const PENDING: [&str; 3] = ["SUBMITTED", "IN_REVIEW", "INFO_REQUESTED"];
/// Most rows of one kind that are told.
const FOUND_MAX: usize = 50;

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

/// Deals for one of these products, whether named or within a bundle.
pub(crate) fn about(products: &[&str]) -> Document {
    doc! { "$or": [{ "product_ids": { "$in": products } }, { "included": { "$in": products } }] }
}

/// Deals of the same customer, see [`same_keys`].
fn of_customer(key: &str, name_key: &str) -> Document {
    of_customers(&same_keys(key, name_key), &[name_key].into_iter().filter(|key| names_one(key)).collect::<Vec<_>>())
}

/// Deals of customers with one of these keys, or of a name that tells which customer it is.
pub(crate) fn of_customers(keys: &[String], names: &[&str]) -> Document {
    doc! { "$or": [{ "customer.key": { "$in": keys } }, { "customer.name_key": { "$in": names } }] }
}

/// Each once, and no more than are told.
fn told(deals: impl Iterator<Item = DealId>) -> Vec<DealId> {
    let each: BTreeSet<DealId> = deals.collect();
    each.into_iter().take(FOUND_MAX).collect()
}

impl ConflictQuery<'_> {
    /// Its customer's keys: the first, and that of the name.
    pub(crate) fn keys(&self) -> (&str, &str) {
        (&self.customer.key, &self.customer.name_key)
    }

    /// Its products and those of their lines.
    pub(crate) fn all_products(&self) -> impl Iterator<Item = &ProductId> {
        self.products.iter().chain(self.line)
    }

    /// Which of the rows touch this registration, each deal under what weighs most. `family` are the keys of the other companies
    /// of the customer's group.
    fn judge(&self, found: &Found, family: &BTreeSet<String>) -> Conflicts {
        let asked = self.keys();
        let own: Vec<&ProductId> = self.products.iter().collect();
        let all: Vec<&ProductId> = self.all_products().collect();
        let others: Vec<&ProductId> = self.line.iter().filter(|p| !own.contains(p)).collect();
        let not_this = |id: &DealId| self.except != Some(id);
        let held: Vec<&Held> = found.held.iter().filter(|r| r.partner_id != *self.partner && not_this(&r.deal_id)).collect();
        let open = || found.open.iter().filter(|r| not_this(&r.id));
        let waiting: Vec<&Open> = open().filter(|r| r.partner_id != *self.partner && r.is_pending()).collect();
        // The deals of others that fit the customer's keys and are about one of the products.
        let of_others = |fits: &dyn Fn((&str, &str)) -> bool, products: &[&ProductId], is_held: bool, is_waiting: bool| -> BTreeSet<DealId> {
            let held = held.iter().filter(|r| is_held && products.contains(&&r.product_id) && fits((&r.customer_key, &r.name_key)));
            let waiting = waiting.iter().filter(|r| is_waiting && r.is_about(products) && fits((&r.key, &r.name_key)));
            held.map(|r| r.deal_id.clone()).chain(waiting.map(|r| r.id.clone())).collect()
        };
        let same = |of: (&str, &str)| is_same(asked, of);
        let similar = |of: (&str, &str)| !is_same(asked, of) && resembles(asked, of);
        let related = |of: (&str, &str)| family.contains(of.0);
        let protected = of_others(&same, &own, true, false);
        let waiting_for_it = of_others(&same, &own, false, true);
        let is_told = |d: &DealId| protected.contains(d) || waiting_for_it.contains(d);
        let line: BTreeSet<DealId> = of_others(&same, &others, true, true).into_iter().filter(|d| !is_told(d)).collect();
        let related: BTreeSet<DealId> = of_others(&related, &all, true, true).into_iter().filter(|d| !is_told(d) && !line.contains(d)).collect();
        let similar = of_others(&similar, &all, true, true).into_iter().filter(|d| !related.contains(d));
        let is_open = |r: &&Open| r.is_pending() || (r.status == RegistrationStatus::Approved && r.stage_category == StageCategory::Open);
        let mine = open().filter(|r| r.partner_id == *self.partner && r.is_about(&own) && same((&r.key, &r.name_key))).filter(is_open);
        let near = |of: (&str, &str)| is_same(asked, of) || resembles(asked, of);
        let directs = found.directs.iter().filter(|r| near((&r.customer_key, &r.name_key)) && r.product_ids.iter().any(|p| own.contains(&p)));
        Conflicts {
            similar: told(similar),
            own: told(mine.map(|r| r.id.clone())),
            direct: directs.map(|r| r.id.clone()).take(FOUND_MAX).collect(),
            protected: told(protected.into_iter()),
            waiting: told(waiting_for_it.into_iter()),
            line: told(line.into_iter()),
            related: told(related.into_iter()),
        }
    }
}

impl Store {
    /// What is known of others, and of the partner itself, when registrations are judged; in the order of the queries.
    pub async fn conflicts(&self, queries: &[ConflictQuery<'_>], now: Timestamp) -> Result<Vec<Conflicts>, StoreError> {
        if queries.is_empty() {
            return Ok(Vec::new());
        }
        let (all, is_cut) = self.ask(queries, now).await?;
        if queries.len() == 1 || !is_cut {
            return Ok(all);
        }
        // What one registration finds too much of must not hide what touches another.
        let mut each = Vec::with_capacity(queries.len());
        for query in queries {
            each.extend(self.ask(std::slice::from_ref(query), now).await?.0);
        }
        Ok(each)
    }

    /// As [`Store::conflicts`]; with whether a question was cut short.
    async fn ask(&self, queries: &[ConflictQuery<'_>], now: Timestamp) -> Result<(Vec<Conflicts>, bool), StoreError> {
        let inquiry = Inquiry::new(self, queries, now);
        let (found, families) = inquiry.ask().await?;
        Ok((queries.iter().zip(&families).map(|(q, family)| q.judge(&found, family)).collect(), inquiry.is_cut()))
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
