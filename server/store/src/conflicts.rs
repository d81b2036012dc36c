//! What stands in the way of a registration: facts for the domain's verdict, three questions asked at once.

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::deal::verdict::ConflictFacts;
use entente_domain::id::{DealId, PartnerId, ProductId};
use serde::Deserialize;

use crate::bson_as::date;
use crate::connect::names;
use crate::{Store, StoreError};

/// Statuses of registrations that somebody still has to decide on.
const PENDING: [&str; 3] = ["SUBMITTED", "IN_REVIEW", "INFO_REQUESTED"];

/// A row of which only the existence matters.
#[derive(Debug, Deserialize)]
struct Row {
    #[serde(rename = "_id")]
    _id: String,
}

impl Store {
    /// What is known of others, and of the partner itself, when a registration of this customer and these products is
    /// judged at `now`. `except` is left out of account: the deal that is being judged again.
    pub async fn conflict_facts(
        &self,
        partner: &PartnerId,
        customer_key: &str,
        name_key: &str,
        products: &[ProductId],
        now: Timestamp,
        except: Option<&DealId>,
    ) -> Result<ConflictFacts, StoreError> {
        let partner = partner.as_str();
        let products: Vec<&str> = products.iter().map(ProductId::as_str).collect();
        let not_this = |mut filter: Document, field: &str| {
            if let Some(except) = except {
                filter.insert(field, doc! { "$ne": except.as_str() });
            }
            filter
        };
        let products = doc! { "$in": products };
        let protected = doc! { "$gt": date(now) };
        let others = doc! { "$ne": partner };
        let claimed =
            not_this(doc! { "customer_key": customer_key, "product_id": &products, "partner_id": &others, "protected_until": &protected }, "deal_id");
        let similar = not_this(
            doc! { "name_key": name_key, "customer_key": { "$ne": customer_key }, "product_id": &products, "partner_id": &others, "protected_until": &protected },
            "deal_id",
        );
        let waiting = not_this(
            doc! { "customer.key": customer_key, "status": { "$in": PENDING.to_vec() }, "product_ids": &products, "partner_id": &others },
            "_id",
        );
        let open: Vec<Document> = vec![doc! { "status": { "$in": PENDING.to_vec() } }, doc! { "status": "APPROVED", "stage_category": "OPEN" }];
        let own = not_this(doc! { "customer.key": customer_key, "product_ids": &products, "partner_id": partner, "$or": open }, "_id");
        let (claimed, similar, waiting, own) = tokio::try_join!(
            self.exists(names::CLAIMS, claimed),
            self.exists(names::CLAIMS, similar),
            self.exists(names::DEALS, waiting),
            self.exists(names::DEALS, own),
        )?;
        Ok(ConflictFacts { protected_by_other: claimed, other_registration: similar || waiting, own_registration: own })
    }

    /// Whether any row fulfils the filter.
    pub(crate) async fn exists(&self, collection: &str, filter: Document) -> Result<bool, StoreError> {
        Ok(self.of::<Row>(collection).find_one(filter).projection(doc! { "_id": 1 }).await?.is_some())
    }
}
