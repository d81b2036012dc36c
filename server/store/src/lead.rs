//! Leads as documents, and reading them: one by one, in pages, counted by status. Every read that somebody asks for carries
//! the asker's scope: a lead without a partner is the vendor's alone.

use std::collections::{BTreeMap, BTreeSet};

use bson::{Bson, Document, doc};
use entente_domain::Timestamp;
use entente_domain::event::Event;
use entente_domain::id::{DealId, EventId, LeadId, PartnerId, ProductId};
use entente_domain::lead::route::Why;
use entente_domain::lead::{Lead, LeadStatus, SourceKind};
use entente_domain::policy::Scope;
use entente_domain::text::words;
use futures::TryStreamExt;
use mongodb::Collection;
use mongodb::options::{Hint, ReadConcern};
use serde::{Deserialize, Serialize};

use crate::bson_as::{date, time, time_option};
use crate::connect::{SCHEMA_VERSION, names};
use crate::deal_match::search_conditions;
use crate::deals::within;
use crate::{Store, StoreError};

/// A lead as it is stored: what indexes and filters need beside what the domain says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct LeadDoc {
    #[serde(rename = "_id")]
    pub(crate) id: LeadId,
    schema_version: i32,
    number: String,
    pub(crate) version: i32,
    status: LeadStatus,
    pub(crate) partner_id: Option<PartnerId>,
    territory: Option<String>,
    product_ids: Vec<ProductId>,
    source_kind: SourceKind,
    campaign: Option<String>,
    import_key: Option<String>,
    #[serde(with = "time_option")]
    follow_up_at: Option<Timestamp>,
    #[serde(with = "time")]
    created_at: Timestamp,
    #[serde(with = "time")]
    updated_at: Timestamp,
    search_words: BTreeSet<String>,
    pub(crate) lead: Lead,
}

impl From<&Lead> for LeadDoc {
    fn from(l: &Lead) -> Self {
        let texts =
            [l.number.as_str(), l.person.name.as_str(), l.person.email.as_str(), l.firm.name.as_str(), l.firm.domain.as_deref().unwrap_or_default()];
        Self {
            id: l.id.clone(),
            schema_version: SCHEMA_VERSION,
            number: l.number.clone(),
            version: l.version,
            status: l.status,
            partner_id: l.partner_id.clone(),
            territory: l.territory.clone(),
            product_ids: l.product_ids.clone(),
            source_kind: l.source.kind,
            campaign: l.source.campaign.clone(),
            import_key: l.import_key.clone(),
            follow_up_at: l.follow_up_at,
            created_at: l.created_at,
            updated_at: l.updated_at,
            search_words: texts.into_iter().flat_map(words).collect(),
            lead: l.clone(),
        }
    }
}

/// Why a lead went where it went, as it is stored: one for each time that it was given away.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct WhyDoc {
    #[serde(rename = "_id")]
    id: String,
    schema_version: i32,
    lead_id: LeadId,
    /// Version of the lead after it.
    version: i32,
    why: Why,
}

impl WhyDoc {
    pub(crate) fn of(lead: &Lead, why: &Why) -> Self {
        let id = format!("{}:{:06}", lead.id, lead.version);
        Self { id, schema_version: SCHEMA_VERSION, lead_id: lead.id.clone(), version: lead.version, why: why.clone() }
    }
}

/// What leads are ordered by; ties are broken by id in the same direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LeadSort {
    /// Coming in.
    CreatedAt,
    /// Last change.
    UpdatedAt,
    /// The deadline of the next step; leads without one are left out.
    FollowUpAt,
}

impl LeadSort {
    fn field(self) -> &'static str {
        match self {
            Self::CreatedAt => "created_at",
            Self::UpdatedAt => "updated_at",
            Self::FollowUpAt => "follow_up_at",
        }
    }
}

/// Which leads. Empty lists do not filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadFilter {
    /// What the asker may see.
    pub scope: Scope,
    /// Words of number, person, firm or address, each from its beginning.
    pub search: Option<String>,
    /// Statuses.
    pub statuses: Vec<LeadStatus>,
    /// Partners that have them.
    pub partners: Vec<PartnerId>,
    /// Territory keys.
    pub territories: Vec<String>,
    /// Kinds of sources.
    pub sources: Vec<SourceKind>,
    /// Name of a campaign, exactly.
    pub campaign: Option<String>,
}

/// A lead's place in an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadKey {
    /// The moment that it is ordered by.
    pub at: Timestamp,
    /// The lead.
    pub id: LeadId,
}

/// The place of a lead in an order.
pub fn lead_key(lead: &Lead, sort: LeadSort) -> LeadKey {
    let at = match sort {
        LeadSort::CreatedAt => lead.created_at,
        LeadSort::UpdatedAt => lead.updated_at,
        LeadSort::FollowUpAt => lead.follow_up_at.unwrap_or(lead.updated_at),
    };
    LeadKey { at, id: lead.id.clone() }
}

/// A page of leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadQuery {
    /// Which leads.
    pub filter: LeadFilter,
    /// In which order.
    pub sort: LeadSort,
    /// Latest first.
    pub descending: bool,
    /// The last lead of the page before; none for the first page.
    pub after: Option<LeadKey>,
    /// Most leads to answer.
    pub limit: u32,
}

fn one_of<T: Into<Bson>>(values: impl IntoIterator<Item = T>) -> Option<Bson> {
    let values: Vec<Bson> = values.into_iter().map(Into::into).collect();
    (!values.is_empty()).then(|| Bson::Document(doc! { "$in": values }))
}

/// The conditions of a filter; none when no row can fulfil them.
fn conditions(f: &LeadFilter) -> Option<Document> {
    let mut all = Document::new();
    let mut put = |field: &str, value: Option<Bson>| {
        if let Some(value) = value {
            all.insert(field, value);
        }
    };
    put("status", one_of(f.statuses.iter().map(|s| s.name())));
    put("partner_id", one_of(f.partners.iter().map(|p| p.as_str())));
    put("territory", one_of(f.territories.iter().map(String::as_str)));
    put("source_kind", one_of(f.sources.iter().map(|s| s.name())));
    put("campaign", f.campaign.clone().map(Bson::String));
    let words = search_conditions(f.search.as_deref());
    if !words.is_empty() {
        all.insert("$and", words);
    }
    match &f.scope {
        Scope::Partner(own) if !f.partners.is_empty() && !f.partners.contains(own) => None,
        scope => within(all, scope),
    }
}

/// The index that serves a filter in an order; none for a search, which the database weighs itself.
fn index_for(f: &LeadFilter, sort: LeadSort) -> Option<String> {
    if !search_conditions(f.search.as_deref()).is_empty() {
        return None;
    }
    let one_partner = matches!(f.scope, Scope::Partner(_)) || !f.partners.is_empty();
    let prefix = match (one_partner, f.statuses.is_empty()) {
        (true, _) => "partner",
        (false, false) => "status",
        (false, true) => "all",
    };
    Some(format!("{prefix}_{}", sort.field()))
}

impl Store {
    pub(crate) fn lead_docs(&self) -> Collection<LeadDoc> {
        self.of(names::LEADS)
    }

    pub(crate) fn why_docs(&self) -> Collection<WhyDoc> {
        self.of(names::LEAD_WHYS)
    }

    /// The lead, if it is within the scope.
    pub async fn lead(&self, id: &LeadId, scope: &Scope) -> Result<Option<Lead>, StoreError> {
        let Some(filter) = within(doc! { "_id": id.as_str() }, scope) else { return Ok(None) };
        Ok(self.lead_docs().find_one(filter).await?.map(|d| d.lead))
    }

    /// As [`Store::lead`], and never from before a change that was acknowledged.
    pub async fn lead_for_certain(&self, id: &LeadId, scope: &Scope) -> Result<Option<Lead>, StoreError> {
        let Some(filter) = within(doc! { "_id": id.as_str() }, scope) else { return Ok(None) };
        let certain = std::time::Duration::from_secs(15);
        let found = self.lead_docs().find_one(filter).read_concern(ReadConcern::linearizable()).max_time(certain).await?;
        Ok(found.map(|d| d.lead))
    }

    /// Those of the leads that are within the scope, in any order.
    pub async fn leads_by_ids(&self, ids: &[LeadId], scope: &Scope) -> Result<Vec<Lead>, StoreError> {
        let ids: Vec<&str> = ids.iter().map(LeadId::as_str).collect();
        let Some(filter) = within(doc! { "_id": { "$in": &ids } }, scope).filter(|_| !ids.is_empty()) else { return Ok(Vec::new()) };
        Ok(self.lead_docs().find(filter).await?.map_ok(|d| d.lead).try_collect().await?)
    }

    /// Those of these import keys that a lead has.
    pub async fn lead_import_keys(&self, keys: &[String]) -> Result<BTreeSet<String>, StoreError> {
        #[derive(Deserialize)]
        struct Key {
            import_key: String,
        }
        if keys.is_empty() {
            return Ok(BTreeSet::new());
        }
        let leads = self.of::<Key>(names::LEADS);
        let found = leads.find(doc! { "import_key": { "$in": keys, "$type": "string" } });
        Ok(found.projection(doc! { "import_key": 1, "_id": 0 }).await?.map_ok(|k| k.import_key).try_collect().await?)
    }

    /// A page of leads: up to `q.limit` that follow `q.after`.
    pub async fn leads(&self, q: &LeadQuery) -> Result<Vec<Lead>, StoreError> {
        let Some(matching) = conditions(&q.filter) else { return Ok(Vec::new()) };
        let (field, hint) = (q.sort.field(), index_for(&q.filter, q.sort).map(Hint::Name));
        let (direction, beyond) = if q.descending { (-1, "$lt") } else { (1, "$gt") };
        let stretches = match &q.after {
            None if q.sort == LeadSort::FollowUpAt => vec![doc! { field: { "$type": "date" } }],
            None => vec![Document::new()],
            Some(key) => {
                vec![doc! { field: date(key.at), "_id": { beyond: key.id.as_str() } }, doc! { field: { beyond: date(key.at), "$type": "date" } }]
            }
        };
        let leads = self.lead_docs();
        let mut page: Vec<Lead> = Vec::new();
        for stretch in stretches {
            let left = q.limit.saturating_sub(u32::try_from(page.len()).unwrap_or(u32::MAX));
            if left == 0 {
                break;
            }
            let filter = matching.clone().into_iter().chain(stretch).collect::<Document>();
            let mut find = leads.find(filter).sort(doc! { field: direction, "_id": direction }).limit(left.into()).batch_size(left);
            if let Some(hint) = hint.clone() {
                find = find.hint(hint);
            }
            page.extend(find.await?.map_ok(|d| d.lead).try_collect::<Vec<_>>().await?);
        }
        Ok(page)
    }

    /// How many leads there are by status; statuses without a lead are left out.
    pub async fn lead_counts(&self, f: &LeadFilter) -> Result<BTreeMap<LeadStatus, u64>, StoreError> {
        #[derive(Deserialize)]
        struct Row {
            #[serde(rename = "_id")]
            status: LeadStatus,
            count: i64,
        }
        let Some(matching) = conditions(f) else { return Ok(BTreeMap::new()) };
        let group = doc! { "_id": "$status", "count": { "$sum": 1 } };
        let leads = self.lead_docs();
        let mut counting = leads.aggregate([doc! { "$match": &matching }, doc! { "$group": group }]);
        if matching.is_empty() {
            counting = counting.hint(Hint::Name("status_partner".to_owned()));
        }
        let rows: Vec<Row> = counting.with_type::<Row>().await?.try_collect().await?;
        Ok(rows.into_iter().map(|r| (r.status, r.count.unsigned_abs())).collect())
    }

    /// How many leads within the scope a partner has or had at the end, and how many won deals came of leads.
    pub async fn lead_to_close(&self, scope: &Scope) -> Result<(u64, u64), StoreError> {
        let with_partner = match scope {
            Scope::Nothing => return Ok((0, 0)),
            Scope::All => doc! { "partner_id": { "$type": "string" } },
            Scope::Partner(own) => doc! { "partner_id": own.as_str() },
        };
        let mut won = doc! { "origin.lead_id": { "$type": "string" }, "stage_category": "WON" };
        if let Scope::Partner(own) = scope {
            won.insert("partner_id", own.as_str());
        }
        let leads = self.lead_docs().count_documents(with_partner).hint(Hint::Name("partner_created_at".to_owned())).await?;
        let deals = self.deal_docs().count_documents(won).hint(Hint::Name("lead".to_owned())).await?;
        Ok((leads, deals))
    }

    /// How many leads each partner has that it has to answer or follow up.
    pub async fn open_leads(&self) -> Result<BTreeMap<PartnerId, i64>, StoreError> {
        #[derive(Deserialize)]
        struct Row {
            #[serde(rename = "_id")]
            partner: PartnerId,
            count: i64,
        }
        let open = doc! { "status": { "$in": ["ASSIGNED", "ACCEPTED"] }, "partner_id": { "$type": "string" } };
        let group = doc! { "_id": "$partner_id", "count": { "$sum": 1 } };
        let leads = self.lead_docs();
        let counting = leads.aggregate([doc! { "$match": open }, doc! { "$group": group }]).hint(Hint::Name("status_partner".to_owned()));
        let rows: Vec<Row> = counting.with_type::<Row>().await?.try_collect().await?;
        Ok(rows.into_iter().map(|r| (r.partner, r.count)).collect())
    }

    /// When something last happened to a deal or a lead of each partner; those with neither are left out.
    pub async fn partner_activity(&self) -> Result<BTreeMap<PartnerId, Timestamp>, StoreError> {
        #[derive(Deserialize)]
        struct Row {
            #[serde(rename = "_id")]
            partner: Option<PartnerId>,
            #[serde(with = "time")]
            at: Timestamp,
        }
        let mut latest: BTreeMap<PartnerId, Timestamp> = BTreeMap::new();
        for collection in [names::DEALS, names::LEADS] {
            // Sorted like the index, so that the database jumps from partner to partner in it.
            let sort = doc! { "partner_id": -1, "updated_at": -1, "_id": -1 };
            let group = doc! { "_id": "$partner_id", "at": { "$first": "$updated_at" } };
            let rows = self.of::<Document>(collection);
            let asked = rows.aggregate([doc! { "$sort": sort }, doc! { "$group": group }]).hint(Hint::Name("partner_updated_at".to_owned()));
            let found: Vec<Row> = asked.with_type::<Row>().await?.try_collect().await?;
            for row in found {
                let Some(partner) = row.partner else { continue };
                let at = latest.entry(partner).or_insert(row.at);
                *at = (*at).max(row.at);
            }
        }
        Ok(latest)
    }

    /// Why a lead went where it went, oldest first; the last `limit` times.
    pub async fn lead_whys(&self, lead: &LeadId, limit: u32) -> Result<Vec<Why>, StoreError> {
        let rows = self.why_docs().find(doc! { "lead_id": lead.as_str() }).sort(doc! { "lead_id": -1, "version": -1 }).limit(limit.into()).await?;
        let mut whys: Vec<Why> = rows.map_ok(|d| d.why).try_collect().await?;
        whys.reverse();
        Ok(whys)
    }

    /// What happened to a lead, newest first, up to `limit`. For a partner only what concerns nobody or itself: `own`.
    pub async fn lead_timeline(
        &self,
        lead: &LeadId,
        own: Option<&PartnerId>,
        after: Option<(Timestamp, EventId)>,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        let mut filter = doc! { "subject.id": lead.as_str() };
        if let Some(own) = own {
            filter.insert("subject.partner_id", doc! { "$in": [Bson::Null, Bson::String(own.to_string())] });
            filter.insert("visibility", "SHARED");
        }
        if let Some((at, id)) = after {
            filter.insert("occurred_at", doc! { "$lte": date(at) });
            filter.insert("$or", vec![doc! { "occurred_at": { "$lt": date(at) } }, doc! { "_id": { "$lt": id.as_str() } }]);
        }
        let rows = self.event_docs().find(filter).sort(doc! { "occurred_at": -1, "_id": -1 }).limit(limit.into()).await?;
        Ok(rows.map_ok(Event::from).try_collect().await?)
    }

    /// The deal that came of a lead.
    pub async fn deal_of_lead(&self, lead: &LeadId) -> Result<Option<DealId>, StoreError> {
        #[derive(Deserialize)]
        struct Found {
            #[serde(rename = "_id")]
            id: DealId,
        }
        let found = self.of::<Found>(names::DEALS).find_one(doc! { "origin.lead_id": { "$eq": lead.as_str(), "$type": "string" } }).await?;
        Ok(found.map(|d| d.id))
    }
}
