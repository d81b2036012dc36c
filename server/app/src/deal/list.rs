//! Lists of deals and their totals, within the actor's scope.

use entente_domain::deal::verdict::VerdictOutcome;
use entente_domain::deal::{Deal, DealSource, RegistrationStatus};
use entente_domain::id::{PartnerId, ProductId, UserId};
use entente_domain::policy::{Action, Actor, scope};
use entente_domain::program::StageCategory;
use entente_domain::report::Lacking;
use entente_domain::report::record::Decided;
use entente_domain::{Date, Decimal, Timestamp};
use entente_store::{DealFilter, DealKey, DealQuery, DealSort, deal_key};
use serde::{Deserialize, Serialize};

use crate::page::{self, Page};
use crate::{App, AppError};

/// Which deals, in which order. Empty lists do not filter.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DealListQuery {
    /// Words of title, number or customer, each from its beginning.
    pub search: Option<String>,
    /// Registration statuses.
    pub statuses: Vec<RegistrationStatus>,
    /// Stage keys.
    pub stages: Vec<String>,
    /// Partners.
    pub partners: Vec<PartnerId>,
    /// The vendor's managers.
    pub managers: Vec<UserId>,
    /// Territory keys.
    pub territories: Vec<String>,
    /// Products, named or within a bundle.
    pub products: Vec<ProductId>,
    /// Created at or after.
    pub created_from: Option<Timestamp>,
    /// Created before.
    pub created_to: Option<Timestamp>,
    /// Closed on or after.
    pub closed_from: Option<Date>,
    /// Closed on or before.
    pub closed_to: Option<Date>,
    /// Where they came from.
    pub sources: Vec<DealSource>,
    /// What their stages are.
    pub categories: Vec<StageCategory>,
    /// What the vendor decided, whatever became of them since.
    pub decisions: Vec<Decided>,
    /// The verdict when they were registered.
    pub verdicts: Vec<VerdictOutcome>,
    /// Decided at or after.
    pub decided_from: Option<Timestamp>,
    /// Decided before.
    pub decided_to: Option<Timestamp>,
    /// Expected to close on or after.
    pub expected_from: Option<Date>,
    /// Expected to close on or before.
    pub expected_to: Option<Date>,
    /// What they lack, all of it.
    pub lacking: Vec<Lacking>,
    /// Whether the vendor owes the partner an answer on an approved deal.
    // Left out where nobody asks, so that cursors and lists kept from before stay what they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_owed: Option<bool>,
    /// Sort key.
    pub sort: DealSort,
    /// Largest or newest first.
    pub descending: bool,
}

impl Default for DealListQuery {
    fn default() -> Self {
        Self {
            search: None,
            statuses: Vec::new(),
            stages: Vec::new(),
            partners: Vec::new(),
            managers: Vec::new(),
            territories: Vec::new(),
            products: Vec::new(),
            created_from: None,
            created_to: None,
            closed_from: None,
            closed_to: None,
            sources: Vec::new(),
            categories: Vec::new(),
            decisions: Vec::new(),
            verdicts: Vec::new(),
            decided_from: None,
            decided_to: None,
            expected_from: None,
            expected_to: None,
            lacking: Vec::new(),
            answer_owed: None,
            sort: DealSort::UpdatedAt,
            descending: true,
        }
    }
}

impl DealListQuery {
    /// The filter with the actor's scope in it.
    pub fn filter(&self, actor: &Actor) -> DealFilter {
        DealFilter {
            scope: scope(actor, Action::SeeDeals),
            search: self.search.clone(),
            statuses: self.statuses.clone(),
            stages: self.stages.clone(),
            partners: self.partners.clone(),
            managers: self.managers.clone(),
            territories: self.territories.clone(),
            products: self.products.clone(),
            created_from: self.created_from,
            created_to: self.created_to,
            closed_from: self.closed_from,
            closed_to: self.closed_to,
            sources: self.sources.clone(),
            categories: self.categories.clone(),
            decisions: self.decisions.clone(),
            verdicts: self.verdicts.clone(),
            decided_from: self.decided_from,
            decided_to: self.decided_to,
            expected_from: self.expected_from,
            expected_to: self.expected_to,
            lacking: self.lacking.clone(),
            answer_owed: self.answer_owed,
        }
    }
}

/// One page of deals.
#[tracing::instrument(level = "debug", name = "deal.list", skip_all)]
pub async fn list(app: &App, actor: &Actor, query: &DealListQuery, first: u32, after: Option<&str>) -> Result<Page<Deal>, AppError> {
    let name = page::list_name("deals", query)?;
    let key: Option<DealKey> = page::decode(&name, after)?;
    let filter = query.filter(actor);
    let read = DealQuery { filter, sort: query.sort, descending: query.descending, after: key, limit: first + 1 };
    let rows = app.store.deals(&read).await?;
    Page::of(rows, first, after.is_some(), &name, |d| deal_key(d, query.sort))
}

/// How many deals there are in all.
#[tracing::instrument(level = "debug", name = "deal.count", skip_all)]
pub async fn count(app: &App, actor: &Actor, query: &DealListQuery) -> Result<u64, AppError> {
    Ok(app.store.count_deals(&query.filter(actor)).await?)
}

/// Count and value (program's currency) of every stage of the program, in the order of the sale, empty ones too.
#[tracing::instrument(level = "debug", name = "deal.summary", skip_all)]
pub async fn summary(app: &App, actor: &Actor, query: &DealListQuery) -> Result<Vec<(String, u64, Decimal)>, AppError> {
    let found = app.store.stage_summary(&query.filter(actor)).await?;
    let view = app.program().await?;
    Ok(view
        .program
        .stages
        .iter()
        .map(|s| match found.iter().find(|(key, _, _)| *key == s.key) {
            Some((_, count, value)) => (s.key.clone(), *count, *value),
            None => (s.key.clone(), 0, Decimal::ZERO),
        })
        .collect())
}
