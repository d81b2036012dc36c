//! What is told live of deals: every change of a deal that the viewer may see and asked for.

use std::sync::Arc;

use entente_domain::deal::Deal;
use entente_domain::event::{Event, EventKind, Visibility};
use entente_domain::policy::{Action, Actor, Resource, can, scope};
use entente_store::DealFilter;

use super::DealListQuery;
use crate::live::{Change, Feed};

/// A change of a deal.
#[derive(Debug, Clone)]
pub struct DealNews {
    /// What happened.
    pub event: Event,
    /// The deal as it is now.
    pub deal: Arc<Deal>,
}

/// Changes of the deals of a list. Its statuses and stages do not hold back a change *of* status or stage, nor whether an answer
/// is owed a question or an answer, so that a list can drop what left it.
#[derive(Debug, Clone)]
pub struct DealFeed {
    filter: DealFilter,
}

impl DealFeed {
    /// The feed of that list, as this actor sees it.
    pub fn new(query: &DealListQuery, actor: &Actor) -> Self {
        Self { filter: query.filter(actor) }
    }
}

impl Feed for DealFeed {
    type Item = DealNews;

    fn tell(&self, actor: &Actor, change: &Change) -> Option<DealNews> {
        let deal = change.deal.as_ref()?;
        let event = &change.numbered.event;
        let hidden = event.visibility == Visibility::Internal && !can(actor, Action::InternalNotes, Resource::OfPartner(&deal.partner_id));
        if hidden || !scope(actor, Action::SeeDeals).admits(&deal.partner_id) || !wanted(&self.filter, deal, event.kind) {
            return None;
        }
        Some(DealNews { event: event.clone(), deal: deal.clone() })
    }
}
/// Whether a deal is in the filter, for the stream.
fn wanted(filter: &DealFilter, deal: &Deal, kind: EventKind) -> bool {
    fn one_of<T: PartialEq>(wanted: &[T], value: Option<&T>) -> bool {
        wanted.is_empty() || value.is_some_and(|v| wanted.contains(v))
    }
    let moved = matches!(
        kind,
        EventKind::DealApproved
            | EventKind::DealRejected
            | EventKind::DealInfoRequested
            | EventKind::DealInfoProvided
            | EventKind::DealWithdrawn
            | EventKind::DealStageMoved
            | EventKind::DealExpired
            | EventKind::DealInactive
            | EventKind::DealReleased
            | EventKind::DealStepApproved
            | EventKind::DealRerouted
    );
    let asked = matches!(
        kind,
        EventKind::DealVendorAsked
            | EventKind::DealPartnerAnswered
            | EventKind::DealExtensionRequested
            | EventKind::DealExtensionGranted
            | EventKind::DealExtensionDeclined
    );
    (moved || (one_of(&filter.statuses, Some(&deal.status)) && one_of(&filter.stages, Some(&deal.stage))))
        && (moved || asked || filter.answer_owed.is_none_or(|owed| owed == deal.protection.vendor_owes()))
        && one_of(&filter.partners, Some(&deal.partner_id))
        && one_of(&filter.managers, deal.manager_id.as_ref())
        && one_of(&filter.territories, deal.territory.as_ref())
        && one_of(&filter.sources, Some(&deal.source))
        && (filter.products.is_empty() || deal.all_products().any(|p| filter.products.contains(p)))
        && filter.created_from.is_none_or(|t| deal.created_at >= t)
        && filter.created_to.is_none_or(|t| deal.created_at < t)
        && (filter.closed_from.is_none() || deal.closed_on >= filter.closed_from)
        && filter.closed_to.is_none_or(|d| deal.closed_on.is_some_and(|c| c <= d))
}
