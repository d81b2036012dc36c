//! What notifications and links are about, as it is now: deals, leads, disputes and rooms, read together.

use std::collections::HashMap;

use entente_domain::cosell::Room;
use entente_domain::deal::Deal;
use entente_domain::dispute::{Dispute, Side};
use entente_domain::id::{DealId, DisputeId, LeadId, PartnerId};
use entente_domain::lead::Lead;
use entente_domain::notification::{About, Matter};
use entente_domain::policy::{Action, Actor, Scope, scope};

use crate::{App, AppError};

/// Deals, leads and disputes by their ids, rooms by those of their deals.
#[derive(Debug, Default)]
pub(crate) struct Matters {
    deals: HashMap<DealId, Deal>,
    leads: HashMap<LeadId, Lead>,
    /// With the side on which they are seen.
    disputes: HashMap<DisputeId, (Dispute, Side)>,
    /// With the partner as whose they are seen; none for the vendor.
    rooms: HashMap<DealId, (Room, Option<PartnerId>)>,
}

/// In whose eyes something is read.
#[derive(Clone, Copy)]
pub(crate) enum Eyes<'a> {
    /// Everything.
    All,
    /// What the actor may see now.
    Of(&'a Actor),
}

impl Eyes<'_> {
    fn scope(self, right: Action) -> Scope {
        match self {
            Self::All => Scope::All,
            Self::Of(actor) => scope(actor, right),
        }
    }

    /// As whose partner it is read; none as the vendor's.
    fn party(self) -> Option<PartnerId> {
        match self {
            Self::All => None,
            Self::Of(actor) => actor.partner_id.clone(),
        }
    }
}

/// Each once.
fn each<T: Ord>(mut ids: Vec<T>) -> Vec<T> {
    ids.sort();
    ids.dedup();
    ids
}

impl Matters {
    /// Reads them, with one query for each kind.
    pub(crate) async fn read<'a>(app: &App, eyes: Eyes<'_>, all: impl Iterator<Item = &'a About>) -> Result<Self, AppError> {
        let (mut deals, mut leads, mut disputes, mut rooms) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for about in all {
            match about {
                About::Deal { id } => deals.push(id.clone()),
                About::Lead { id } => leads.push(id.clone()),
                About::Dispute { id } => disputes.push(id.clone()),
                About::Room { deal_id } => rooms.push(deal_id.clone()),
            }
        }
        // None of a kind asks the database for nothing.
        let deals = app.store.deals_by_ids(&each(deals), &eyes.scope(Action::SeeDeals)).await?;
        let leads = app.store.leads_by_ids(&each(leads), &eyes.scope(Action::SeeLeads)).await?;
        let on = eyes.scope(Action::SeeDisputes);
        let disputes = app.store.disputes_by_ids(&each(disputes), &on).await?;
        let rooms = app.store.rooms_of(&each(rooms), &eyes.scope(Action::SeeDeals)).await?;
        let seen = |dispute: Dispute| dispute.side_of(&on).map(|side| (dispute.id.clone(), (dispute, side)));
        Ok(Self {
            deals: deals.into_iter().map(|d| (d.id.clone(), d)).collect(),
            leads: leads.into_iter().map(|l| (l.id.clone(), l)).collect(),
            disputes: disputes.into_iter().filter_map(seen).collect(),
            rooms: rooms.into_iter().map(|r| (r.deal_id.clone(), (r, eyes.party()))).collect(),
        })
    }

    /// One of them; none when it is not there, or hidden.
    pub(crate) fn get(&self, about: &About) -> Option<Matter<'_>> {
        match about {
            About::Deal { id } => self.deals.get(id).map(Matter::Deal),
            About::Lead { id } => self.leads.get(id).map(Matter::Lead),
            About::Dispute { id } => self.disputes.get(id).map(|(dispute, side)| Matter::Dispute(dispute, *side)),
            About::Room { deal_id } => self.rooms.get(deal_id).map(|(room, party)| Matter::Room(room, party.as_ref())),
        }
    }

    /// All deals.
    pub(crate) fn deals(&self) -> impl Iterator<Item = &Deal> {
        self.deals.values()
    }

    /// All leads.
    pub(crate) fn leads(&self) -> impl Iterator<Item = &Lead> {
        self.leads.values()
    }

    /// All disputes.
    pub(crate) fn disputes(&self) -> impl Iterator<Item = &Dispute> {
        self.disputes.values().map(|(dispute, _)| dispute)
    }

    /// All rooms.
    pub(crate) fn rooms(&self) -> impl Iterator<Item = &Room> {
        self.rooms.values().map(|(room, _)| room)
    }
}
