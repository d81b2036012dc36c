//! What notifications and links are about, as it is now: deals and leads, read together.

use std::collections::HashMap;

use entente_domain::deal::Deal;
use entente_domain::id::{DealId, LeadId};
use entente_domain::lead::Lead;
use entente_domain::notification::{About, Matter};
use entente_domain::policy::{Action, Actor, Scope, scope};

use crate::{App, AppError};

/// Deals and leads by their ids.
#[derive(Debug, Default)]
pub(crate) struct Matters {
    deals: HashMap<DealId, Deal>,
    leads: HashMap<LeadId, Lead>,
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
}

impl Matters {
    /// Reads them, with one query for each kind.
    pub(crate) async fn read<'a>(app: &App, eyes: Eyes<'_>, all: impl Iterator<Item = &'a About>) -> Result<Self, AppError> {
        let (mut deals, mut leads) = (Vec::new(), Vec::new());
        for about in all {
            match about {
                About::Deal { id } => deals.push(id.clone()),
                About::Lead { id } => leads.push(id.clone()),
            }
        }
        deals.sort();
        deals.dedup();
        leads.sort();
        leads.dedup();
        let deals = if deals.is_empty() { Vec::new() } else { app.store.deals_by_ids(&deals, &eyes.scope(Action::SeeDeals)).await? };
        let leads = if leads.is_empty() { Vec::new() } else { app.store.leads_by_ids(&leads, &eyes.scope(Action::SeeLeads)).await? };
        Ok(Self { deals: deals.into_iter().map(|d| (d.id.clone(), d)).collect(), leads: leads.into_iter().map(|l| (l.id.clone(), l)).collect() })
    }

    /// One of them; none when it is not there, or hidden.
    pub(crate) fn get(&self, about: &About) -> Option<Matter<'_>> {
        match about {
            About::Deal { id } => self.deals.get(id).map(Matter::Deal),
            About::Lead { id } => self.leads.get(id).map(Matter::Lead),
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
}
