//! One deal, its timeline, and what changed lately.

use entente_domain::Timestamp;
use entente_domain::customer::Customer;
use entente_domain::deal::Deal;
use entente_domain::event::{Event, NumberedEvent, Subject};
use entente_domain::id::{CustomerId, DealId, EventId};
use entente_domain::policy::{Action, Actor, Resource, can, scope};

use crate::page::{self, Page};
use crate::{App, AppError};

/// The deal; none when it is not there or hidden from the actor.
#[tracing::instrument(level = "debug", name = "deal.get", skip_all)]
pub async fn get(app: &App, actor: &Actor, id: &str) -> Result<Option<Deal>, AppError> {
    let Ok(id) = id.parse::<DealId>() else { return Ok(None) };
    Ok(app.store.deal(&id, &scope(actor, Action::SeeDeals)).await?)
}

/// Those of the deals that the actor may see, in any order.
#[tracing::instrument(level = "debug", name = "deal.get_many", skip_all)]
pub async fn get_many(app: &App, actor: &Actor, ids: &[DealId]) -> Result<Vec<Deal>, AppError> {
    Ok(app.store.deals_by_ids(ids, &scope(actor, Action::SeeDeals)).await?)
}

/// A customer; none when it is not there or hidden from the actor.
#[tracing::instrument(level = "debug", name = "deal.customer", skip_all)]
pub async fn customer(app: &App, actor: &Actor, id: &str) -> Result<Option<Customer>, AppError> {
    let Ok(id) = id.parse::<CustomerId>() else { return Ok(None) };
    Ok(app.store.customer(&id, &scope(actor, Action::SeeDeals)).await?)
}

/// Whether the actor sees what only the vendor sees.
pub(crate) fn sees_internal(actor: &Actor) -> bool {
    can(actor, Action::InternalNotes, Resource::Any)
}

/// The deal's timeline, newest first. The deal must have been read for this actor.
#[tracing::instrument(level = "debug", name = "deal.timeline", skip_all)]
pub async fn timeline(app: &App, actor: &Actor, deal: &Deal, first: u32, after: Option<&str>) -> Result<Page<Event>, AppError> {
    timeline_until(app, actor, deal, first, after, None).await
}

/// The deal's timeline as it was at a moment, or as it is.
#[tracing::instrument(level = "debug", name = "deal.timeline_until", skip_all)]
pub async fn timeline_until(
    app: &App,
    actor: &Actor,
    deal: &Deal,
    first: u32,
    after: Option<&str>,
    until: Option<Timestamp>,
) -> Result<Page<Event>, AppError> {
    let name = page::list_name("timeline", &deal.id)?;
    let mut key: Option<(Timestamp, EventId)> = page::decode(&name, after)?;
    if let Some(until) = until.filter(|until| key.as_ref().is_none_or(|(at, _)| at > until)) {
        // After the last event that the moment can have.
        key = Some((until, EventId::new(ulid::Ulid::from(u128::MAX))));
    }
    let rows = app.store.timeline(&deal.id, sees_internal(actor), key, first + 1).await?;
    Page::of(rows, first, after.is_some(), &name, |e| (e.occurred_at, e.id.clone()))
}

/// What changed on deals that the actor may see, newest first, each with the deal as it is now.
#[tracing::instrument(level = "debug", name = "deal.recent_changes", skip_all)]
pub async fn recent_changes(app: &App, actor: &Actor, first: u32, after: Option<&str>) -> Result<Page<(NumberedEvent, Deal)>, AppError> {
    let scope = scope(actor, Action::SeeDeals);
    let name = page::list_name("recentChanges", &())?;
    let before: Option<i64> = page::decode(&name, after)?;
    let mut events = app.store.recent_events(&scope, sees_internal(actor), before, first + 1).await?;
    let has_next = events.len() > first as usize;
    events.truncate(first as usize);
    let mut ids: Vec<DealId> = events.iter().filter_map(|e| deal_of(&e.event)).cloned().collect();
    ids.sort();
    ids.dedup();
    let deals = app.store.deals_by_ids(&ids, &scope).await?;
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        if let Some(deal) = deal_of(&event.event).and_then(|id| deals.iter().find(|d| d.id == *id)) {
            rows.push((page::encode(&name, &event.seq)?, (event, deal.clone())));
        }
    }
    Ok(Page { rows, has_next, has_previous: after.is_some() })
}

fn deal_of(event: &Event) -> Option<&DealId> {
    match &event.subject {
        Subject::Deal { id, .. } => Some(id),
        _ => None,
    }
}
