//! What needs the actor: decisions and answers owed, protections that end soon, close dates that have passed.

use entente_domain::Timestamp;
use entente_domain::deal::{Deal, RegistrationStatus};
use entente_domain::policy::{Action, Actor, Resource, can, scope};
use entente_domain::user::Role;

use crate::routing::desk;
use crate::{App, AppError};

/// Why a deal needs somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttentionKind {
    /// The vendor owes a decision.
    DecisionDue,
    /// The partner owes an answer.
    AnswerOwed,
    /// Protection ends soon.
    ProtectionEnding,
    /// It was expected to close before today.
    CloseDatePassed,
    /// The vendor owes an answer on an approved deal, whose protection stands still until then.
    PartnerWaits,
}

/// A deal that needs the actor.
#[derive(Debug, Clone)]
pub struct Attention {
    /// Why.
    pub kind: AttentionKind,
    /// The deal.
    pub deal: Deal,
    /// By when; none when no clock runs.
    pub due_at: Option<Timestamp>,
}

/// Most urgent first; what has no clock comes last.
#[tracing::instrument(level = "debug", name = "deal.attention", skip_all)]
pub async fn attention(app: &App, actor: &Actor, first: u32) -> Result<Vec<Attention>, AppError> {
    let scope = scope(actor, Action::SeeDeals);
    let vendor = actor.is_vendor();
    if vendor && !can(actor, Action::DecideDeal, Resource::Any) {
        return Ok(Vec::new());
    }
    // A channel manager's desk holds the manager's own deals and those of whom the manager covers; an administrator's all of them.
    let own_desk = actor.has(&[Role::ChannelManager]) && !actor.has(&[Role::Admin]);
    let owners = if vendor && own_desk { Some(desk(app, actor).await?.owners) } else { None };
    let now = app.now();
    let today = app.program().await?.date(now);
    let deals = app.store.attention(&scope, vendor, owners.as_deref(), now, today, first).await?;
    let mut items: Vec<Attention> = deals
        .into_iter()
        .map(|deal| {
            let (kind, due_at) = match deal.status {
                s if s.awaits_vendor() => (AttentionKind::DecisionDue, deal.decision_due_at),
                RegistrationStatus::InfoRequested => (AttentionKind::AnswerOwed, None),
                _ if vendor => (AttentionKind::PartnerWaits, None),
                _ if deal.expected_close_on.is_some_and(|d| d < today) => (AttentionKind::CloseDatePassed, deal.protected_until),
                _ => (AttentionKind::ProtectionEnding, deal.protected_until),
            };
            Attention { kind, deal, due_at }
        })
        .collect();
    // What a partner asked counts as due since then: it is in front of every decision that is not late.
    let by_when = |i: &Attention| i.due_at.or_else(|| i.deal.protection.owed_since().filter(|_| i.kind == AttentionKind::PartnerWaits));
    items.sort_by_key(|i| (i.kind != AttentionKind::AnswerOwed && by_when(i).is_none(), by_when(i), i.deal.id.clone()));
    Ok(items)
}
