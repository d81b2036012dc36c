//! What is told live of leads: every change of a lead that the viewer may see, and that one has left the viewer's partner.

use std::sync::Arc;

use entente_domain::event::{Event, Subject, Visibility};
use entente_domain::id::LeadId;
use entente_domain::lead::Lead;
use entente_domain::policy::{Action, Actor, Scope, scope};

use crate::live::{Change, Feed};

/// A change of a lead.
#[derive(Debug, Clone)]
pub struct LeadNews {
    /// What happened.
    pub event: Event,
    /// The lead.
    pub id: LeadId,
    /// The lead as it is now; none when the viewer no longer sees it.
    pub lead: Option<Arc<Lead>>,
}

/// Changes of leads; of one when it is named.
#[derive(Debug, Clone, Default)]
pub struct LeadFeed {
    /// Which lead.
    pub id: Option<LeadId>,
}

impl Feed for LeadFeed {
    type Item = LeadNews;

    fn tell(&self, actor: &Actor, change: &Change) -> Option<LeadNews> {
        let event = &change.numbered.event;
        let Subject::Lead { id, partner_id, .. } = &event.subject else { return None };
        if self.id.as_ref().is_some_and(|wanted| wanted != id) {
            return None;
        }
        let seen = scope(actor, Action::SeeLeads);
        if event.visibility == Visibility::Internal && !actor.is_vendor() {
            return None;
        }
        let lead = change.lead.clone().filter(|lead| match &lead.partner_id {
            Some(partner) => seen.admits(partner),
            None => seen == Scope::All,
        });
        // What concerns another partner is told to nobody else, even of a lead that has come to the viewer since.
        let concerns = match (&seen, partner_id) {
            (Scope::Nothing, _) => false,
            (Scope::All, _) => true,
            (Scope::Partner(own), Some(partner)) => own == partner,
            (Scope::Partner(_), None) => lead.is_some(),
        };
        concerns.then(|| LeadNews { event: event.clone(), id: id.clone(), lead })
    }
}
