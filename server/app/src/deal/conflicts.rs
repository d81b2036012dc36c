//! What stands beside a registration, for the one who decides: both sides with their dates and evidence.

use entente_domain::deal::{Deal, DealError};
use entente_domain::direct::Direct;
use entente_domain::event::{EventKind, FieldChange, Visibility};
use entente_domain::id::DealId;
use entente_domain::policy::{Action, Actor, Resource, Scope, can, scope};
use entente_domain::rules::RulesVersion;
use entente_domain::text::{LINE_MAX, TextError, optional};

use super::check::conflicts_of;
use crate::{App, AppError, Refused};

/// How something touches a registration; the heaviest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConflictKind {
    /// Protected: same customer, same product.
    Protected,
    /// Waiting: same customer, same product.
    Waiting,
    /// Same customer, another product of the line.
    ProductLine,
    /// A company of the same group.
    Related,
    /// A customer of nearly the same name or domain.
    Similar,
    /// An opportunity of the vendor's own.
    Direct,
}

/// Something that stands beside a registration.
#[derive(Debug, Clone)]
pub struct Conflict {
    /// How it touches the registration.
    pub kind: ConflictKind,
    /// Another partner's deal; none for an opportunity of the vendor's own.
    pub deal: Option<Deal>,
    /// The opportunity of the vendor's own.
    pub direct: Option<Direct>,
}

/// What stands beside the deal now, the heaviest first and of one kind the oldest first. Empty for a partner.
#[tracing::instrument(level = "debug", name = "deal.conflicts", skip_all)]
pub async fn conflicts(app: &App, actor: &Actor, deal: &Deal) -> Result<Vec<Conflict>, AppError> {
    if !can(actor, Action::SeeDirects, Resource::OfVendor) || !deal.is_open() {
        return Ok(Vec::new());
    }
    let found = conflicts_of(app, &[deal]).await?.remove(&deal.id).unwrap_or_default();
    let kinds = [
        (ConflictKind::Protected, &found.protected),
        (ConflictKind::Waiting, &found.waiting),
        (ConflictKind::ProductLine, &found.line),
        (ConflictKind::Related, &found.related),
        (ConflictKind::Similar, &found.similar),
    ];
    let ids: Vec<DealId> = kinds.iter().flat_map(|(_, ids)| ids.iter().cloned()).collect();
    let deals = app.store.deals_by_ids(&ids, &scope(actor, Action::SeeDeals)).await?;
    let kind_of = |d: &Deal| kinds.iter().find(|(_, ids)| ids.contains(&d.id)).map(|(kind, _)| *kind);
    let mut all: Vec<Conflict> = deals.into_iter().filter_map(|d| Some(Conflict { kind: kind_of(&d)?, deal: Some(d), direct: None })).collect();
    let directs = app.store.directs_by_ids(&found.direct).await?;
    all.extend(directs.into_iter().map(|d| Conflict { kind: ConflictKind::Direct, deal: None, direct: Some(d) }));
    let since = |c: &Conflict| c.deal.as_ref().map(|d| d.created_at).or_else(|| c.direct.as_ref().map(|d| d.recorded_at));
    all.sort_by_key(|c| (c.kind, since(c)));
    Ok(all)
}

/// The evidence score of a deal by the rules that it was judged under; none where those do not count it.
pub fn evidence_score(deal: &Deal, versions: &[RulesVersion], in_force: &RulesVersion) -> Option<i32> {
    let version = versions.iter().find(|v| v.number == deal.judged.rules).unwrap_or(in_force);
    let rules = &version.rules.requirements.evidence;
    (rules.counts != entente_domain::deal::evidence::EvidenceUse::Off).then(|| rules.score(&deal.evidence))
}

/// Of which company the deal's customer is a subsidiary; none for a partner, and where nobody said.
#[tracing::instrument(level = "debug", name = "deal.customer_parent", skip_all)]
pub async fn customer_parent(app: &App, actor: &Actor, deal: &Deal) -> Result<Option<String>, AppError> {
    let Some(customer) = deal.customer.as_ref().filter(|_| can(actor, Action::SeeDirects, Resource::OfVendor)) else { return Ok(None) };
    Ok(app.store.customer(&customer.id, &Scope::All).await?.and_then(|c| c.parent))
}

/// Says of which company the deal's customer is a subsidiary, on everybody's record of it; an empty name takes it back.
#[tracing::instrument(level = "debug", name = "deal.set_parent", skip_all)]
pub async fn set_parent(app: &App, actor: &Actor, id: &str, parent: &str) -> Result<Deal, Refused<DealError>> {
    let refuse = |e| Err(Refused::Refused(e));
    let id: DealId = id.parse().map_err(|_| Refused::Refused(DealError::NotFound))?;
    let Some(deal) = app.store.deal(&id, &scope(actor, Action::SeeDeals)).await? else { return refuse(DealError::NotFound) };
    if !can(actor, Action::DecideDeal, Resource::OfPartner(&deal.partner_id)) {
        return refuse(DealError::NotAllowed);
    }
    let parent = optional(Some(parent), LINE_MAX).map_err(|e| match e {
        TextError::TooLong { max } => Refused::Refused(DealError::TooLong { field: "parent", max }),
        TextError::Empty => Refused::Refused(DealError::Required { field: "parent" }),
    })?;
    let Some(customer) = &deal.customer else { return refuse(DealError::WrongStatus { status: deal.status.name() }) };
    let before = app.store.customer(&customer.id, &Scope::All).await?.and_then(|c| c.parent);
    if before == parent {
        return Ok(deal);
    }
    let change = FieldChange { field: "parent".into(), before, after: parent.clone() };
    let mut event = app.cause(actor).event_of(&deal, EventKind::CustomerGrouped, vec![change]);
    event.visibility = Visibility::Internal;
    app.store.set_parent(&customer.key, parent.as_deref(), &event).await?;
    Ok(deal)
}
