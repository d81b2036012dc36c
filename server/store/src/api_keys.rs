//! Keys of integrators, found by the hash of their secret.

use bson::{Bson, Document, doc};
use entente_domain::Timestamp;
use entente_domain::api_key::{ApiKey, ApiScope};
use entente_domain::event::Event;
use entente_domain::id::{ApiKeyId, PartnerId, UserId};
use futures::{FutureExt, TryStreamExt};
use mongodb::error::Error;
use mongodb::{ClientSession, Collection};
use serde::{Deserialize, Serialize};

use crate::bson_as::{date, time, time_option};
use crate::connect::{SCHEMA_VERSION, names};
use crate::events::EventDoc;
use crate::{Committed, IdempotencyRecord, Store, StoreError};

#[derive(Debug, Serialize, Deserialize)]
struct ApiKeyDoc {
    #[serde(rename = "_id")]
    id: ApiKeyId,
    schema_version: i32,
    name: String,
    prefix: String,
    hash: String,
    scopes: Vec<ApiScope>,
    partner_id: Option<PartnerId>,
    created_by: UserId,
    #[serde(with = "time")]
    created_at: Timestamp,
    #[serde(with = "time_option")]
    last_used_at: Option<Timestamp>,
    #[serde(with = "time_option")]
    revoked_at: Option<Timestamp>,
}

impl From<&ApiKey> for ApiKeyDoc {
    fn from(k: &ApiKey) -> Self {
        Self {
            id: k.id.clone(),
            schema_version: SCHEMA_VERSION,
            name: k.name.clone(),
            prefix: k.prefix.clone(),
            hash: k.hash.clone(),
            scopes: k.scopes.clone(),
            partner_id: k.partner_id.clone(),
            created_by: k.created_by.clone(),
            created_at: k.created_at,
            last_used_at: k.last_used_at,
            revoked_at: k.revoked_at,
        }
    }
}

impl From<ApiKeyDoc> for ApiKey {
    fn from(k: ApiKeyDoc) -> Self {
        ApiKey {
            id: k.id,
            name: k.name,
            prefix: k.prefix,
            hash: k.hash,
            scopes: k.scopes,
            partner_id: k.partner_id,
            created_by: k.created_by,
            created_at: k.created_at,
            last_used_at: k.last_used_at,
            revoked_at: k.revoked_at,
        }
    }
}

impl Store {
    fn api_key_docs(&self) -> Collection<ApiKeyDoc> {
        self.of(names::API_KEYS)
    }

    /// The key, revoked ones too.
    pub async fn api_key(&self, id: &ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        Ok(self.api_key_docs().find_one(doc! { "_id": id.as_str() }).await?.map(Into::into))
    }

    /// The key whose secret has this hash, revoked ones too.
    pub async fn api_key_by_hash(&self, hash: &str) -> Result<Option<ApiKey>, StoreError> {
        Ok(self.api_key_docs().find_one(doc! { "hash": hash }).await?.map(Into::into))
    }

    /// Keeps a new key with the events that say so and, where one was sent, the record of the idempotency key; `Duplicate`
    /// when there is one of this id or secret.
    pub async fn create_api_key(&self, key: &ApiKey, events: &[Event], once: Option<&IdempotencyRecord>) -> Result<Committed, StoreError> {
        self.save_new(names::API_KEYS, key.id.as_str(), &ApiKeyDoc::from(key), events, once).await
    }

    /// Ends a key and writes the event that says so; one that was revoked before keeps its moment, and nothing is written.
    pub async fn revoke_api_key(&self, id: &ApiKeyId, now: Timestamp, event: &Event) -> Result<(), StoreError> {
        let work = Revocation { store: self, id, now, event: EventDoc::from(event) };
        self.transaction(work, |session, work| revoke(session, work).boxed()).await
    }

    /// Notes that a key was used.
    pub async fn touch_api_key(&self, id: &ApiKeyId, now: Timestamp) -> Result<(), StoreError> {
        self.api_key_docs().update_one(doc! { "_id": id.as_str() }, doc! { "$max": { "last_used_at": date(now) } }).await?;
        Ok(())
    }

    /// A page of a partner's keys, or of the vendor's when `partner` is none; newest first, revoked ones too. `after` is
    /// moment of making and id of the last key of the page before.
    pub async fn api_keys(&self, partner: Option<&PartnerId>, after: Option<(Timestamp, ApiKeyId)>, limit: u32) -> Result<Vec<ApiKey>, StoreError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let mut filter = of_side(partner);
        if let Some((at, id)) = after {
            filter.insert("created_at", doc! { "$lte": date(at) });
            filter.insert("$or", vec![doc! { "created_at": { "$lt": date(at) } }, doc! { "_id": { "$lt": id.as_str() } }]);
        }
        let rows = self.api_key_docs().find(filter).sort(doc! { "created_at": -1, "_id": -1 }).limit(limit.into()).await?;
        Ok(rows.map_ok(ApiKey::from).try_collect().await?)
    }

    /// How many keys a partner has, or the vendor when `partner` is none; revoked ones too.
    pub async fn count_api_keys(&self, partner: Option<&PartnerId>) -> Result<u64, StoreError> {
        Ok(self.api_key_docs().count_documents(of_side(partner)).await?)
    }
}

struct Revocation<'a> {
    store: &'a Store,
    id: &'a ApiKeyId,
    now: Timestamp,
    event: EventDoc,
}

async fn revoke(session: &mut ClientSession, work: &Revocation<'_>) -> Result<(), Error> {
    let holds = doc! { "_id": work.id.as_str(), "revoked_at": Bson::Null };
    let set = doc! { "$set": { "revoked_at": date(work.now) } };
    if work.store.api_key_docs().update_one(holds, set).session(&mut *session).await?.matched_count == 1 {
        work.store.event_docs().insert_one(&work.event).session(session).await?;
    }
    Ok(())
}

fn of_side(partner: Option<&PartnerId>) -> Document {
    doc! { "partner_id": partner.map_or(Bson::Null, |p| p.as_str().into()) }
}
