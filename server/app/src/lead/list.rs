//! Reading leads within the actor's scope: lists, one lead, its timeline and the reasons of its ways.

use std::collections::BTreeMap;

use entente_domain::Timestamp;
use entente_domain::event::Event;
use entente_domain::id::{EventId, LeadId, PartnerId};
use entente_domain::lead::route::{Why, for_partner};
use entente_domain::lead::{Lead, LeadStatus, SourceKind};
use entente_domain::policy::{Action, Actor, Resource, can, scope};
use entente_store::{LeadFilter, LeadKey, LeadQuery, LeadSort, lead_key};
use serde::{Deserialize, Serialize};

use crate::page::{self, Page};
use crate::{App, AppError};

/// Most reasons of one lead that are read: there are no more offers to partners by rule than this.
const WHYS_MAX: u32 = 50;

/// Which leads, in which order. Empty lists do not filter.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LeadListQuery {
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
    /// Sort key.
    pub sort: LeadSort,
    /// Latest first.
    pub descending: bool,
}

impl Default for LeadListQuery {
    fn default() -> Self {
        Self {
            search: None,
            statuses: Vec::new(),
            partners: Vec::new(),
            territories: Vec::new(),
            sources: Vec::new(),
            campaign: None,
            sort: LeadSort::CreatedAt,
            descending: true,
        }
    }
}

impl LeadListQuery {
    /// The filter with the actor's scope in it.
    pub fn filter(&self, actor: &Actor) -> LeadFilter {
        LeadFilter {
            scope: scope(actor, Action::SeeLeads),
            search: self.search.clone(),
            statuses: self.statuses.clone(),
            partners: self.partners.clone(),
            territories: self.territories.clone(),
            sources: self.sources.clone(),
            campaign: self.campaign.clone(),
        }
    }
}

/// One page of leads.
#[tracing::instrument(level = "debug", name = "lead.list", skip_all)]
pub async fn list(app: &App, actor: &Actor, query: &LeadListQuery, first: u32, after: Option<&str>) -> Result<Page<Lead>, AppError> {
    let name = page::list_name("leads", query)?;
    let key: Option<LeadKey> = page::decode(&name, after)?;
    let read = LeadQuery { filter: query.filter(actor), sort: query.sort, descending: query.descending, after: key, limit: first + 1 };
    let rows = app.store.leads(&read).await?;
    Page::of(rows, first, after.is_some(), &name, |l| lead_key(l, query.sort))
}

/// Numbers over the leads that an actor may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadMetrics {
    /// By status; statuses without a lead are left out.
    pub by_status: BTreeMap<LeadStatus, u64>,
    /// Leads that a partner has, or had when they ended.
    pub with_partner: u64,
    /// Won deals that came of leads.
    pub won: u64,
}

impl LeadMetrics {
    /// Won deals from partner leads in per cent of those leads, in hundredths; none without a lead.
    pub fn lead_to_close(&self) -> Option<entente_domain::Decimal> {
        (self.with_partner > 0).then(|| {
            (entente_domain::Decimal::from(self.won) * entente_domain::Decimal::ONE_HUNDRED / entente_domain::Decimal::from(self.with_partner))
                .round_dp(2)
        })
    }
}

/// How many leads of a filter there are by status, and how many became deals that were won (of all that the actor may see).
#[tracing::instrument(level = "debug", name = "lead.metrics", skip_all)]
pub async fn metrics(app: &App, actor: &Actor, query: &LeadListQuery) -> Result<LeadMetrics, AppError> {
    let filter = query.filter(actor);
    let (by_status, (with_partner, won)) = futures::try_join!(app.store.lead_counts(&filter), app.store.lead_to_close(&filter.scope))?;
    Ok(LeadMetrics { by_status, with_partner, won })
}

/// A lead; none when it is not there or hidden.
#[tracing::instrument(level = "debug", name = "lead.get", skip_all)]
pub async fn get(app: &App, actor: &Actor, id: &str) -> Result<Option<Lead>, AppError> {
    let Ok(id) = id.parse::<LeadId>() else { return Ok(None) };
    Ok(app.store.lead(&id, &scope(actor, Action::SeeLeads)).await?)
}

/// Those of the leads that the actor may see, in any order.
pub async fn get_many(app: &App, actor: &Actor, ids: &[LeadId]) -> Result<Vec<Lead>, AppError> {
    Ok(app.store.leads_by_ids(ids, &scope(actor, Action::SeeLeads)).await?)
}

/// One page of what happened to a lead that the actor may see, newest first. A partner reads what concerns itself or nobody.
#[tracing::instrument(level = "debug", name = "lead.timeline", skip_all)]
pub async fn timeline(app: &App, actor: &Actor, lead: &Lead, first: u32, after: Option<&str>) -> Result<Page<Event>, AppError> {
    let name = page::list_name("leadTimeline", &lead.id)?;
    let key: Option<(Timestamp, EventId)> = page::decode(&name, after)?;
    let rows = app.store.lead_timeline(&lead.id, actor.partner_id.as_ref(), key, first + 1).await?;
    Page::of(rows, first, after.is_some(), &name, |e| (e.occurred_at, e.id.clone()))
}

/// Why a lead that the actor may see went where it went, oldest first. The vendor reads everything; a partner reads why the
/// lead came to itself, and nothing of others.
#[tracing::instrument(level = "debug", name = "lead.whys", skip_all)]
pub async fn whys(app: &App, actor: &Actor, lead: &Lead) -> Result<Vec<Why>, AppError> {
    let all = app.store.lead_whys(&lead.id, WHYS_MAX).await?;
    match &actor.partner_id {
        None if can(actor, Action::SeeLeadRouting, Resource::OfVendor) => Ok(all),
        None => Ok(Vec::new()),
        Some(own) => Ok(all.iter().filter(|w| w.partner_id.as_ref() == Some(own)).map(|w| for_partner(w, own)).collect()),
    }
}
