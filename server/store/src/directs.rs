//! The vendor's own opportunities. One that is begun or won touches the very index that claims are unique by, in the same
//! transaction, so that it and an approval at the same moment cannot both pass.

use bson::doc;
use entente_domain::Timestamp;
use entente_domain::customer::match_keys;
use entente_domain::deal::claim::{Claim, ClaimKey};
use entente_domain::direct::{Direct, DirectStatus};
use entente_domain::event::Event;
use entente_domain::id::{DealId, DirectId, PartnerId, ProductId};
use futures::{FutureExt, TryStreamExt};
use mongodb::error::Error;
use mongodb::{ClientSession, Collection};
use serde::{Deserialize, Serialize};

use crate::bson_as::{date, time};
use crate::claims::ClaimDoc;
use crate::connect::{SCHEMA_VERSION, names};
use crate::errors::duplicate_key;
use crate::save::{Guard, Work, write};
use crate::transaction::refuse;
use crate::{Committed, IdempotencyRecord, Saved, Store, StoreError};

#[derive(Debug, Clone, Serialize, Deserialize)]
struct DirectDoc {
    #[serde(rename = "_id")]
    id: DirectId,
    schema_version: i32,
    version: i32,
    status: DirectStatus,
    customer_key: String,
    name_key: String,
    match_keys: Vec<String>,
    /// Its products and those within its bundles: conflicts are looked for by them.
    product_ids: Vec<String>,
    #[serde(with = "time")]
    recorded_at: Timestamp,
    direct: Direct,
}

impl From<&Direct> for DirectDoc {
    fn from(d: &Direct) -> Self {
        Self {
            id: d.id.clone(),
            schema_version: SCHEMA_VERSION,
            version: d.version,
            status: d.status,
            customer_key: d.customer_key.clone(),
            name_key: d.name_key.clone(),
            match_keys: match_keys(&d.customer_key, &d.name_key),
            product_ids: d.all_products().map(ToString::to_string).collect(),
            recorded_at: d.recorded_at,
            direct: d.clone(),
        }
    }
}

struct Guarded<'a> {
    store: &'a Store,
    id: String,
    keys: Vec<Claim>,
    work: Work,
    once: Option<&'a IdempotencyRecord>,
}

#[derive(Debug, Clone, PartialEq)]
enum Ended {
    With(Committed),
    KeyUsed,
}

impl Store {
    /// Writes an opportunity with its event: a new one (`based_on` none), or a change of that version. Where `unless_claimed`,
    /// nothing is written and `ClaimTaken` answered when somebody holds its customer and a product, whether or not the
    /// protection has ended: the caller lets those expire first.
    pub async fn save_direct(
        &self,
        d: &Direct,
        based_on: Option<i32>,
        unless_claimed: bool,
        event: &Event,
        once: Option<&IdempotencyRecord>,
    ) -> Result<Committed, StoreError> {
        let work = self.work(names::DIRECTS, d.id.as_str(), &DirectDoc::from(d), Guard::of(based_on), std::slice::from_ref(event))?;
        let products = if unless_claimed { d.all_products().collect() } else { Vec::new() };
        // Held by nobody and for no time: it exists within the transaction alone.
        let nobody = |product: &ProductId| Claim {
            key: ClaimKey { customer_key: d.customer_key.clone(), product_id: product.clone() },
            name_key: d.name_key.clone(),
            deal_id: DealId::new(Default::default()),
            partner_id: PartnerId::new(Default::default()),
            protected_until: Timestamp::UNIX_EPOCH,
        };
        let guarded = Guarded { store: self, id: d.id.to_string(), keys: products.into_iter().map(nobody).collect(), work, once };
        match self.transaction(guarded, |session, guarded| written(session, guarded).boxed()).await? {
            Ended::With(committed) => Ok(committed),
            Ended::KeyUsed => self.replayed(once.map_or("", |r| r.key.as_str())).await,
        }
    }

    /// An opportunity.
    pub async fn direct(&self, id: &DirectId) -> Result<Option<Direct>, StoreError> {
        Ok(self.direct_docs().find_one(doc! { "_id": id.as_str() }).await?.map(|d| d.direct))
    }

    /// Those of the opportunities that there are, in any order.
    pub async fn directs_by_ids(&self, ids: &[DirectId]) -> Result<Vec<Direct>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<&str> = ids.iter().map(DirectId::as_str).collect();
        Ok(self.direct_docs().find(doc! { "_id": { "$in": ids } }).await?.map_ok(|d| d.direct).try_collect().await?)
    }

    /// The opportunities, last recorded first, after that one.
    pub async fn directs(&self, after: Option<(Timestamp, DirectId)>, limit: u32) -> Result<Vec<Direct>, StoreError> {
        let filter = match after {
            None => doc! {},
            Some((at, id)) => {
                doc! { "recorded_at": { "$lte": date(at) }, "$or": [{ "recorded_at": { "$lt": date(at) } }, { "_id": { "$lt": id.as_str() } }] }
            }
        };
        let rows = self.direct_docs().find(filter).sort(doc! { "recorded_at": -1, "_id": -1 }).limit(limit.into()).await?;
        Ok(rows.map_ok(|d| d.direct).try_collect().await?)
    }

    /// How many opportunities there are, by what the database keeps count of.
    pub async fn count_directs(&self) -> Result<u64, StoreError> {
        Ok(self.direct_docs().estimated_document_count().await?)
    }

    fn direct_docs(&self) -> Collection<DirectDoc> {
        self.of(names::DIRECTS)
    }
}

async fn written(s: &mut ClientSession, g: &mut Guarded<'_>) -> Result<Ended, Error> {
    if let Some(record) = g.once {
        g.store.write_idempotency(s, record).await.map_err(|e| if duplicate_key(&e).is_some() { refuse(Ended::KeyUsed) } else { e })?;
    }
    let claims = g.store.claim_docs();
    for claim in &g.keys {
        let doc = ClaimDoc::of_direct(claim, &g.id);
        match claims.insert_one(&doc).session(&mut *s).await {
            Err(e) if duplicate_key(&e).is_some() => return Err(refuse(Ended::With(Committed::ClaimTaken(claim.key.clone())))),
            Err(e) => return Err(e),
            Ok(_) => {}
        }
    }
    if !g.keys.is_empty() {
        let ids: Vec<String> = g.keys.iter().map(|c| ClaimDoc::of_direct(c, &g.id).into_id()).collect();
        claims.delete_many(doc! { "_id": { "$in": ids } }).session(&mut *s).await?;
    }
    match write(s, &g.work).await {
        Ok(_) => Ok(Ended::With(Committed::Done)),
        Err(e) => Err(match e.get_custom::<Saved>() {
            Some(Saved::Stale) => refuse(Ended::With(Committed::Stale)),
            Some(_) => refuse(Ended::With(Committed::Duplicate)),
            None => e,
        }),
    }
}
