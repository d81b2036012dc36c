//! Reading deals and customers: one by one, in pages, counted, summed per stage. Every read carries the asker's scope.

use std::time::Duration;

use bson::{Document, doc};
use entente_domain::customer::Customer;
use entente_domain::deal::Deal;
use entente_domain::id::{CustomerId, DealId, PartnerId};
use entente_domain::policy::Scope;
use entente_domain::{Decimal, Timestamp};
use futures::{StreamExt, TryStreamExt};
use mongodb::Collection;
use mongodb::options::{Hint, ReadConcern};
use serde::Deserialize;

use crate::bson_as::{date, decimal};
use crate::connect::names;
use crate::deal_doc::{CustomerDoc, DealDoc};
use crate::deal_match::{conditions, index_for, stretches};
use crate::{DealFilter, DealQuery, DealSort, Store, StoreError};

/// How long a read that must be certain waits for the majority: longer than an election takes.
const CERTAIN_WITHIN: Duration = Duration::from_secs(15);

impl Store {
    pub(crate) fn deal_docs(&self) -> Collection<DealDoc> {
        self.of(names::DEALS)
    }

    /// The deal, if it is within the scope.
    pub async fn deal(&self, id: &DealId, scope: &Scope) -> Result<Option<Deal>, StoreError> {
        let Some(filter) = within(doc! { "_id": id.as_str() }, scope) else { return Ok(None) };
        Ok(self.deal_docs().find_one(filter).await?.map(Into::into))
    }

    /// As [`Store::deal`], and never from before a change that was acknowledged: right after another member of the replica
    /// set has become primary, an ordinary read may be. It waits for the majority, so it is for what must be certain.
    pub async fn deal_for_certain(&self, id: &DealId, scope: &Scope) -> Result<Option<Deal>, StoreError> {
        let Some(filter) = within(doc! { "_id": id.as_str() }, scope) else { return Ok(None) };
        let found = self.deal_docs().find_one(filter).read_concern(ReadConcern::linearizable()).max_time(CERTAIN_WITHIN).await?;
        Ok(found.map(Into::into))
    }

    /// Those of the deals that are within the scope, in any order.
    pub async fn deals_by_ids(&self, ids: &[DealId], scope: &Scope) -> Result<Vec<Deal>, StoreError> {
        let ids: Vec<&str> = ids.iter().map(DealId::as_str).collect();
        let Some(filter) = within(doc! { "_id": { "$in": &ids } }, scope).filter(|_| !ids.is_empty()) else { return Ok(Vec::new()) };
        self.find_deals(filter).await
    }

    /// Deals that an import made under these keys, in any order.
    pub async fn deals_by_import_key(&self, keys: &[String]) -> Result<Vec<Deal>, StoreError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        // The type is named because the index has only the deals with a key.
        self.find_deals(doc! { "import_key": { "$in": keys, "$type": "string" } }).await
    }

    /// Registrations that were made from that moment on, oldest first, up to `limit`, in batches as they come.
    pub async fn registrations_since(&self, from: Timestamp, limit: u32, mut batch: impl FnMut(Vec<Deal>) + Send) -> Result<(), StoreError> {
        if limit == 0 {
            return Ok(());
        }
        let filter = doc! { "created_at": { "$gte": date(from) }, "source": "REGISTERED" };
        let order = doc! { "created_at": 1, "_id": 1 };
        let hint = Hint::Name("all_created_at".to_owned());
        let rows = self.deal_docs().find(filter).sort(order).hint(hint).limit(limit.into()).batch_size(500).await?;
        let mut chunks = rows.map_ok(Deal::from).try_chunks(500);
        while let Some(chunk) = chunks.next().await {
            batch(chunk.map_err(|e| e.1)?);
        }
        Ok(())
    }

    async fn find_deals(&self, filter: Document) -> Result<Vec<Deal>, StoreError> {
        let rows = self.deal_docs().find(filter).await?;
        Ok(rows.map_ok(Deal::from).try_collect().await?)
    }

    /// A page of deals: up to `q.limit` that follow `q.after`.
    pub async fn deals(&self, q: &DealQuery) -> Result<Vec<Deal>, StoreError> {
        let Some(matching) = conditions(&q.filter) else { return Ok(Vec::new()) };
        let hint = index_for(&q.filter, q.sort).map(Hint::Name);
        let deals = self.deal_docs();
        let mut page: Vec<Deal> = Vec::new();
        for stretch in stretches(q.sort, q.descending, q.after.as_ref()) {
            let left = (q.limit as usize).saturating_sub(page.len());
            if left == 0 {
                break;
            }
            let filter = both(matching.clone(), stretch.condition);
            let left = u32::try_from(left).unwrap_or(u32::MAX);
            let mut find = deals.find(filter).sort(stretch.sort).limit(left.into()).batch_size(left);
            if let Some(hint) = hint.clone() {
                find = find.hint(hint);
            }
            page.extend(find.await?.map_ok(Deal::from).try_collect::<Vec<_>>().await?);
        }
        Ok(page)
    }

    /// How many deals there are.
    pub async fn count_deals(&self, f: &DealFilter) -> Result<u64, StoreError> {
        let Some(matching) = conditions(f) else { return Ok(0) };
        let deals = self.deal_docs();
        let mut count = deals.count_documents(matching);
        if let Some(index) = index_for(f, DealSort::CreatedAt) {
            count = count.hint(Hint::Name(index));
        }
        Ok(count.await?)
    }

    /// Deals per stage: stage key, how many, and the sum of their values in the program's currency. Stages without a deal
    /// are left out; ordered by key.
    pub async fn stage_summary(&self, f: &DealFilter) -> Result<Vec<(String, u64, Decimal)>, StoreError> {
        let Some(matching) = conditions(f) else { return Ok(Vec::new()) };
        let group = doc! { "_id": "$stage", "count": { "$sum": 1 }, "value": { "$sum": "$base_value.amount" } };
        let deals = self.deal_docs();
        let mut sums = deals.aggregate([doc! { "$match": &matching }, doc! { "$group": group }, doc! { "$sort": { "_id": 1 } }]);
        // Everything there is can be summed from the index alone.
        let index = if matching.is_empty() { Some("stage_base_value_amount".to_owned()) } else { index_for(f, DealSort::Value) };
        if let Some(index) = index {
            sums = sums.hint(Hint::Name(index));
        }
        let rows: Vec<StageRow> = sums.with_type::<StageRow>().await?.try_collect().await?;
        Ok(rows.into_iter().map(|r| (r.stage, r.count.unsigned_abs(), r.value)).collect())
    }

    /// The customer, if it is within the scope.
    pub async fn customer(&self, id: &CustomerId, scope: &Scope) -> Result<Option<Customer>, StoreError> {
        let Some(filter) = within(doc! { "_id": id.as_str() }, scope) else { return Ok(None) };
        Ok(self.customer_docs().find_one(filter).await?.map(Into::into))
    }

    /// The partner's records of these customer keys, at most one each, in any order.
    pub async fn customers_by_keys(&self, partner: &PartnerId, keys: &[String]) -> Result<Vec<Customer>, StoreError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.customer_docs().find(doc! { "partner_id": partner.as_str(), "key": { "$in": keys } }).await?;
        Ok(rows.map_ok(Customer::from).try_collect().await?)
    }

    pub(crate) fn customer_docs(&self) -> Collection<CustomerDoc> {
        self.of(names::CUSTOMERS)
    }
}

/// Sum of one stage.
#[derive(Debug, Deserialize)]
struct StageRow {
    #[serde(rename = "_id")]
    stage: String,
    count: i64,
    #[serde(with = "decimal")]
    value: Decimal,
}

/// The filter narrowed to the scope; none when the scope admits nothing.
pub(crate) fn within(mut filter: Document, scope: &Scope) -> Option<Document> {
    match scope {
        Scope::Nothing => return None,
        Scope::All => {}
        Scope::Partner(own) => {
            filter.insert("partner_id", own.as_str());
        }
    }
    Some(filter)
}

/// Both conditions at once.
pub(crate) fn both(a: Document, b: Document) -> Document {
    match (a.is_empty(), b.is_empty()) {
        (true, _) => b,
        (_, true) => a,
        _ => doc! { "$and": [a, b] },
    }
}
