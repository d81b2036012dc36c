//! Reading disputes within the actor's scope.

use entente_domain::Timestamp;
use entente_domain::deal::Deal;
use entente_domain::dispute::{Dispute, DisputeStatus, Side};
use entente_domain::id::DisputeId;
use entente_domain::policy::{Action, Actor, scope};
use entente_store::DisputeQuery;
use serde::{Deserialize, Serialize};

use crate::page::{self, Page};
use crate::{App, AppError};

/// Which disputes.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct DisputeListQuery {
    /// Statuses; empty for all.
    pub statuses: Vec<DisputeStatus>,
}

/// Disputes of a deal that are told at once.
const OF_DEAL_MAX: u32 = 20;

/// One page of disputes, the last opened first.
#[tracing::instrument(level = "debug", name = "dispute.list", skip_all)]
pub async fn list(app: &App, actor: &Actor, query: &DisputeListQuery, first: u32, after: Option<&str>) -> Result<Page<Dispute>, AppError> {
    let name = page::list_name("disputes", query)?;
    let key: Option<(Timestamp, DisputeId)> = page::decode(&name, after)?;
    let scope = scope(actor, Action::SeeDisputes);
    let rows = app.store.disputes(&DisputeQuery { scope, statuses: query.statuses.clone(), deal: None, after: key, limit: first + 1 }).await?;
    Page::of(rows, first, after.is_some(), &name, |d| (d.opened_at, d.id.clone()))
}

/// How many disputes the query finds on all pages.
#[tracing::instrument(level = "debug", name = "dispute.count", skip_all)]
pub async fn count(app: &App, actor: &Actor, query: &DisputeListQuery) -> Result<u64, AppError> {
    let scope = scope(actor, Action::SeeDisputes);
    let read = DisputeQuery { scope, statuses: query.statuses.clone(), deal: None, after: None, limit: 0 };
    Ok(app.store.count_disputes(&read).await?)
}

/// The disputes about a deal that the actor may see, the last opened first, at most 20.
#[tracing::instrument(level = "debug", name = "dispute.of_deal", skip_all)]
pub async fn of_deal(app: &App, actor: &Actor, deal: &Deal) -> Result<Vec<Dispute>, AppError> {
    let scope = scope(actor, Action::SeeDisputes);
    let query = DisputeQuery { scope, statuses: Vec::new(), deal: Some(deal.id.clone()), after: None, limit: OF_DEAL_MAX };
    Ok(app.store.disputes(&query).await?)
}

/// The dispute; none when it is not there or hidden from the actor.
#[tracing::instrument(level = "debug", name = "dispute.get", skip_all)]
pub async fn get(app: &App, actor: &Actor, id: &str) -> Result<Option<Dispute>, AppError> {
    let Ok(id) = id.parse::<DisputeId>() else { return Ok(None) };
    Ok(app.store.dispute(&id, &scope(actor, Action::SeeDisputes)).await?)
}

/// The side on which the actor sees it; none when it is hidden.
pub fn side(actor: &Actor, dispute: &Dispute) -> Option<Side> {
    dispute.side_of(&scope(actor, Action::SeeDisputes))
}
