//! Campaign kits with their templates.

use std::collections::{BTreeMap, BTreeSet};

use bson::{Bson, Document, doc};
use entente_domain::Timestamp;
use entente_domain::event::Event;
use entente_domain::id::{KitAssetId, KitId};
use entente_domain::kit::{Kit, KitAsset, KitAssetKind};
use futures::TryStreamExt;
use mongodb::Collection;
use serde::{Deserialize, Serialize};

use crate::bson_as::{date, time_option};
use crate::connect::{SCHEMA_VERSION, names};
use crate::deal_doc::search_words;
use crate::deal_match::search_conditions;
use crate::deals::both;
use crate::save::Guard;
use crate::{Saved, Store, StoreError};

/// Which kits, newest published first, drafts last. An empty list does not filter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KitQuery {
    /// Only those that partners see at that moment; none answers drafts and past ones too.
    pub published_at: Option<Timestamp>,
    /// Words of title and summary; each is complete or the beginning of one.
    pub search: Option<String>,
    /// Languages (ISO 639-1).
    pub languages: Vec<String>,
    /// Verticals, any of them; a kit for any vertical fits always.
    pub verticals: Vec<String>,
    /// Kinds of assets, any of them.
    pub kinds: Vec<KitAssetKind>,
    /// Publication and id of the last kit of the page before.
    pub after: Option<(Option<Timestamp>, KitId)>,
    /// Most kits to answer.
    pub limit: u32,
    /// Leave out the templates: they come empty, and such a kit must not be saved.
    pub light: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct KitDoc {
    #[serde(rename = "_id")]
    id: KitId,
    schema_version: i32,
    key: String,
    title: String,
    summary: String,
    language: String,
    verticals: Vec<String>,
    #[serde(with = "time_option")]
    published_at: Option<Timestamp>,
    #[serde(with = "time_option")]
    expires_at: Option<Timestamp>,
    assets: Vec<AssetDoc>,
    search_words: BTreeSet<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct AssetDoc {
    id: KitAssetId,
    key: String,
    title: String,
    kind: KitAssetKind,
    main_template: String,
    #[serde(default)]
    templates: Vec<TemplateDoc>,
}

/// A list of these and not a map: names of templates have dots, which names of fields should not.
#[derive(Debug, Serialize, Deserialize)]
struct TemplateDoc {
    name: String,
    text: String,
}

impl From<&Kit> for KitDoc {
    fn from(k: &Kit) -> Self {
        let template = |(name, text): (&String, &String)| TemplateDoc { name: name.clone(), text: text.clone() };
        let asset = |a: &KitAsset| AssetDoc {
            id: a.id.clone(),
            key: a.key.clone(),
            title: a.title.clone(),
            kind: a.kind,
            main_template: a.main_template.clone(),
            templates: a.templates.iter().map(template).collect(),
        };
        Self {
            id: k.id.clone(),
            schema_version: SCHEMA_VERSION,
            key: k.key.clone(),
            title: k.title.clone(),
            summary: k.summary.clone(),
            language: k.language.clone(),
            verticals: k.verticals.clone(),
            published_at: k.published_at,
            expires_at: k.expires_at,
            assets: k.assets.iter().map(asset).collect(),
            search_words: search_words([k.title.as_str(), k.summary.as_str()]),
        }
    }
}

impl From<KitDoc> for Kit {
    fn from(k: KitDoc) -> Self {
        let asset = |a: AssetDoc| KitAsset {
            id: a.id,
            key: a.key,
            title: a.title,
            kind: a.kind,
            main_template: a.main_template,
            templates: a.templates.into_iter().map(|t| (t.name, t.text)).collect::<BTreeMap<_, _>>(),
        };
        Kit {
            id: k.id,
            key: k.key,
            title: k.title,
            summary: k.summary,
            language: k.language,
            verticals: k.verticals,
            published_at: k.published_at,
            expires_at: k.expires_at,
            assets: k.assets.into_iter().map(asset).collect(),
        }
    }
}

impl Store {
    fn kit_docs(&self) -> Collection<KitDoc> {
        self.of(names::KITS)
    }

    /// The kit with its templates.
    pub async fn kit(&self, id: &KitId) -> Result<Option<Kit>, StoreError> {
        Ok(self.kit_docs().find_one(doc! { "_id": id.as_str() }).await?.map(Into::into))
    }

    /// The kit that has this asset, with its templates.
    pub async fn kit_of_asset(&self, id: &KitAssetId) -> Result<Option<Kit>, StoreError> {
        Ok(self.kit_docs().find_one(doc! { "assets.id": id.as_str() }).await?.map(Into::into))
    }

    /// A page of kits.
    pub async fn kits(&self, q: &KitQuery) -> Result<Vec<Kit>, StoreError> {
        let matching = conditions(q);
        let kits = self.kit_docs();
        let mut page: Vec<Kit> = Vec::new();
        for (stretch, sort) in stretches(q.after.as_ref()) {
            let left = i64::from(q.limit) - page.len() as i64;
            if left <= 0 {
                break;
            }
            let mut find = kits.find(both(matching.clone(), stretch)).sort(sort).limit(left);
            if q.light {
                find = find.projection(doc! { "assets.templates": 0 });
            }
            page.extend(find.await?.map_ok(Kit::from).try_collect::<Vec<_>>().await?);
        }
        Ok(page)
    }

    /// How many kits the query finds on all pages.
    pub async fn count_kits(&self, q: &KitQuery) -> Result<u64, StoreError> {
        Ok(self.kit_docs().count_documents(conditions(q)).await?)
    }

    /// Inserts the kit (`insert_only`), or inserts or replaces it, together with the events. `Duplicate` when its id (on
    /// inserting) or its key is taken.
    pub async fn save_kit(&self, kit: &Kit, insert_only: bool, events: &[Event]) -> Result<Saved, StoreError> {
        let guard = if insert_only { Guard::New } else { Guard::Any };
        self.save(names::KITS, kit.id.as_str(), &KitDoc::from(kit), guard, events).await
    }
}

fn conditions(q: &KitQuery) -> Document {
    let mut all: Vec<Document> = search_conditions(q.search.as_deref());
    if let Some(at) = q.published_at {
        all.push(doc! { "published_at": { "$lte": date(at) } });
        all.push(doc! { "$or": [{ "expires_at": Bson::Null }, { "expires_at": { "$gt": date(at) } }] });
    }
    if !q.languages.is_empty() {
        all.push(doc! { "language": { "$in": &q.languages } });
    }
    if !q.verticals.is_empty() {
        all.push(doc! { "$or": [{ "verticals": { "$in": &q.verticals } }, { "verticals": { "$size": 0 } }] });
    }
    if !q.kinds.is_empty() {
        let kinds: Vec<Bson> = q.kinds.iter().filter_map(|k| bson::serialize_to_bson(k).ok()).collect();
        all.push(doc! { "assets.kind": { "$in": kinds } });
    }
    if all.is_empty() {
        Document::new()
    } else {
        doc! { "$and": all }
    }
}

/// What follows `after`, newest published first: the rest of the same moment, earlier ones, drafts.
fn stretches(after: Option<&(Option<Timestamp>, KitId)>) -> Vec<(Document, Document)> {
    let by_id = || doc! { "_id": -1 };
    let by_time = || doc! { "published_at": -1, "_id": -1 };
    let drafts = (doc! { "published_at": Bson::Null }, by_id());
    match after {
        None => vec![(doc! { "published_at": { "$ne": Bson::Null } }, by_time()), drafts],
        Some((Some(at), id)) => vec![
            (doc! { "published_at": date(*at), "_id": { "$lt": id.as_str() } }, by_id()),
            (doc! { "published_at": { "$lt": date(*at) } }, by_time()),
            drafts,
        ],
        Some((None, id)) => vec![(doc! { "published_at": Bson::Null, "_id": { "$lt": id.as_str() } }, by_id())],
    }
}
