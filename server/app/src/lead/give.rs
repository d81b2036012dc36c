//! Giving leads to partners: what is known of the partners, the ledger that it was known at, and what it is after each lead.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

use entente_domain::Timestamp;
use entente_domain::deal::Cause;
use entente_domain::event::EventActor;
use entente_domain::id::{EventId, PartnerId};
use entente_domain::lead::decide::Terms;
use entente_domain::lead::route::{Candidate, Facts, Routed, Wanted, route};
use entente_domain::lead::routing::LeadRouting;
use entente_domain::partner::Partner;
use entente_store::LeadLedger;

use super::routing::in_force;
use crate::program::ProgramView;
use crate::{App, AppError};

/// Whether a partner takes leads: it is in the program and shown to the world.
pub(super) fn is_active(partner: &Partner) -> bool {
    partner.published
}

/// Everything that decides who gets a lead, as it was at one state of the ledger.
pub(super) struct Field {
    pub program: Arc<ProgramView>,
    pub routing: LeadRouting,
    pub ledger: LeadLedger,
    pub candidates: Vec<Candidate>,
}

impl Field {
    /// Reads it. The ledger first: whatever is given away after that moves it on, and the commit is refused.
    pub async fn read(app: &App) -> Result<Self, AppError> {
        let ledger = app.store.lead_ledger().await?;
        let program = app.program().await?;
        let routing = in_force(app).await?;
        let by_activity = routing.set.rules.iter().any(|r| r.active_days.is_some());
        let open = app.store.open_leads().await?;
        let activity = if by_activity { app.store.partner_activity().await? } else { Default::default() };
        let mut candidates = Vec::new();
        let candidate = |p: Partner| Candidate {
            active: is_active(&p),
            open_leads: open.get(&p.id).copied().unwrap_or_default(),
            last_active: activity.get(&p.id).copied(),
            id: p.id,
            tier: p.tier,
            territories: p.territories,
            verticals: p.verticals,
            competencies: p.competencies,
        };
        app.store.all_partners(|some| candidates.extend(some.into_iter().map(candidate))).await?;
        Ok(Self { program, routing, ledger, candidates })
    }

    /// By what deadlines are counted.
    pub fn terms(&self) -> Terms<'_> {
        Terms { calendar: &self.program.program.calendar, zone: &self.program.zone, routing: &self.routing }
    }

    /// Who gets it.
    pub fn route(&self, wanted: &Wanted, now: Timestamp) -> Routed {
        let facts = Facts { routing: &self.routing, candidates: &self.candidates, credits: &self.ledger.credits, now, random: rand::random() };
        route(wanted, facts)
    }

    /// What is known after a lead went that way: the next one of the same batch sees it.
    pub fn take(&mut self, routed: &Routed) {
        if let Some(shares) = &routed.shares {
            self.ledger.credits.insert(shares.rule.clone(), shares.credits.clone());
        }
        let Some(partner) = &routed.partner_id else { return };
        if let Some(candidate) = self.candidates.iter_mut().find(|c| c.id == *partner) {
            candidate.open_leads += 1;
        }
    }

    /// The ledger to be written when something was offered. Shares of rules that are no more are forgotten.
    pub fn ledger_after(&self, offered: bool) -> Option<LeadLedger> {
        let names: BTreeSet<&String> = self.routing.set.rules.iter().map(|r| &r.name).collect();
        let credits = self.ledger.credits.iter().filter(|(rule, _)| names.contains(rule)).map(|(r, c)| (r.clone(), c.clone())).collect();
        offered.then_some(LeadLedger { version: self.ledger.version, credits })
    }

    /// The partner of that id; none when there is none.
    pub fn candidate(&self, id: &PartnerId) -> Option<&Candidate> {
        self.candidates.iter().find(|c| c.id == *id)
    }
}

/// Causes of one change: the same actor and moment, with ids that follow each other.
pub(super) fn causes(app: &App, actor: EventActor) -> impl Fn() -> Cause {
    let (now, next) = (app.now(), Cell::new(app.ulid()));
    move || {
        let id = next.get();
        next.set(id.increment().unwrap_or(id));
        Cause { actor: actor.clone(), now, event_id: EventId::new(id), covers: Vec::new() }
    }
}
