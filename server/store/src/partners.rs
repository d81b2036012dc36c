//! Partners as documents: one by one, by what they are named by, and all of them for the search index.

use bson::doc;
use entente_domain::Timestamp;
use entente_domain::event::Event;
use entente_domain::id::{PartnerId, UserId};
use entente_domain::partner::{Certificate, Contact, Logo, Partner};
use futures::TryStreamExt;
use mongodb::Collection;
use serde::{Deserialize, Serialize};

use crate::bson_as::time_option;
use crate::connect::{SCHEMA_VERSION, names};
use crate::save::Guard;
use crate::{Saved, Store, StoreError};

/// How many partners [`Store::all_partners`] hands over at once.
const BATCH: u32 = 500;

/// A partner as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct PartnerDoc {
    #[serde(rename = "_id")]
    id: PartnerId,
    schema_version: i32,
    version: i32,
    slug: String,
    name: String,
    summary: String,
    description: String,
    website: Option<String>,
    country: Option<String>,
    city: Option<String>,
    tier: Option<String>,
    types: Vec<String>,
    territories: Vec<String>,
    verticals: Vec<String>,
    competencies: Vec<String>,
    languages: Vec<String>,
    manager_id: Option<UserId>,
    contact: Contact,
    color: Option<String>,
    logo: Option<Logo>,
    published: bool,
    #[serde(with = "time_option")]
    partner_since: Option<Timestamp>,
    import_key: Option<String>,
    #[serde(default)]
    certificates: Vec<Certificate>,
}

impl From<&Partner> for PartnerDoc {
    fn from(p: &Partner) -> Self {
        Self {
            id: p.id.clone(),
            schema_version: SCHEMA_VERSION,
            version: p.version,
            slug: p.slug.clone(),
            name: p.name.clone(),
            summary: p.summary.clone(),
            description: p.description.clone(),
            website: p.website.clone(),
            country: p.country.clone(),
            city: p.city.clone(),
            tier: p.tier.clone(),
            types: p.types.clone(),
            territories: p.territories.clone(),
            verticals: p.verticals.clone(),
            competencies: p.competencies.clone(),
            languages: p.languages.clone(),
            manager_id: p.manager_id.clone(),
            contact: p.contact.clone(),
            color: p.color.clone(),
            logo: p.logo.clone(),
            published: p.published,
            partner_since: p.partner_since,
            import_key: p.import_key.clone(),
            certificates: p.certificates.clone(),
        }
    }
}

impl From<PartnerDoc> for Partner {
    fn from(p: PartnerDoc) -> Self {
        Partner {
            id: p.id,
            version: p.version,
            slug: p.slug,
            name: p.name,
            summary: p.summary,
            description: p.description,
            website: p.website,
            country: p.country,
            city: p.city,
            tier: p.tier,
            types: p.types,
            territories: p.territories,
            verticals: p.verticals,
            competencies: p.competencies,
            languages: p.languages,
            manager_id: p.manager_id,
            contact: p.contact,
            color: p.color,
            logo: p.logo,
            published: p.published,
            partner_since: p.partner_since,
            import_key: p.import_key,
            certificates: p.certificates,
        }
    }
}

impl Store {
    fn partner_docs(&self) -> Collection<PartnerDoc> {
        self.of(names::PARTNERS)
    }

    /// The partner.
    pub async fn partner(&self, id: &PartnerId) -> Result<Option<Partner>, StoreError> {
        Ok(self.partner_docs().find_one(doc! { "_id": id.as_str() }).await?.map(Into::into))
    }

    /// The partner whose public address ends in that slug.
    pub async fn partner_by_slug(&self, slug: &str) -> Result<Option<Partner>, StoreError> {
        Ok(self.partner_docs().find_one(doc! { "slug": slug }).await?.map(Into::into))
    }

    /// The partners, in any order; unknown ids are left out.
    pub async fn partners_by_ids(&self, ids: &[PartnerId]) -> Result<Vec<Partner>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<&str> = ids.iter().map(PartnerId::as_str).collect();
        let rows = self.partner_docs().find(doc! { "_id": { "$in": ids } }).await?;
        Ok(rows.map_ok(Partner::from).try_collect().await?)
    }

    /// Partners that an import made under these keys, in any order.
    pub async fn partners_by_import_key(&self, keys: &[String]) -> Result<Vec<Partner>, StoreError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        // The type is named because the index has only the partners with a key.
        let rows = self.partner_docs().find(doc! { "import_key": { "$in": keys, "$type": "string" } }).await?;
        Ok(rows.map_ok(Partner::from).try_collect().await?)
    }

    /// Hands over every partner, a few hundred at a time, in the order of their ids.
    pub async fn all_partners(&self, mut batch: impl FnMut(Vec<Partner>) + Send) -> Result<(), StoreError> {
        let mut rows = self.partner_docs().find(doc! {}).sort(doc! { "_id": 1 }).batch_size(BATCH).await?;
        let mut some = Vec::new();
        while let Some(row) = rows.try_next().await? {
            some.push(row.into());
            if some.len() == BATCH as usize {
                batch(std::mem::take(&mut some));
            }
        }
        if !some.is_empty() {
            batch(some);
        }
        Ok(())
    }

    /// Inserts the partner (`based_on` none), or replaces it if it still has that version, together with the events.
    /// `Duplicate` when its id, slug or import key is taken.
    pub async fn save_partner(&self, p: &Partner, based_on: Option<i32>, events: &[Event]) -> Result<Saved, StoreError> {
        self.save(names::PARTNERS, p.id.as_str(), &PartnerDoc::from(p), Guard::of(based_on), events).await
    }
}
