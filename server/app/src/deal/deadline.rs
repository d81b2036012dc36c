//! What timers of deals do: each loads the deal, decides by the domain's rules and commits on the version that was decided on. A race
//! that is lost to another change is run again: the change may have left the timer as it is.

use entente_domain::deal::{Cause, Deal, Decision, deadline};
use entente_domain::id::{DealId, UserId};
use entente_domain::policy::Scope;
use entente_domain::routing::cover;
use entente_domain::routing::steps::Handing;
use entente_domain::timer::TimerKind;
use entente_domain::user::{Role, User};
use entente_store::Committed;

use super::protection::with_news;
use crate::{App, AppError};

/// How often a timer is run when the deal changes meanwhile; after that it comes again by its lease.
const TRIES: usize = 5;

/// Decides on the deal as it is and commits, until nothing is left to do. A deal that is gone needs nothing.
pub(super) async fn settle(app: &App, id: &DealId, decide: impl Fn(&Deal, Cause) -> Option<Decision>) -> Result<(), AppError> {
    let mut deal = app.store.deal(id, &Scope::All).await?;
    for _ in 0..TRIES {
        let decision = match deal.as_ref().and_then(|deal| decide(deal, app.cause_of("Entente"))) {
            Some(decision) => decision,
            // After a change of primary a read may show the deal as it was; only what is certain lets the timer go.
            None => {
                let certain = app.store.deal_for_certain(id, &Scope::All).await?;
                match certain.as_ref().and_then(|deal| decide(deal, app.cause_of("Entente"))) {
                    Some(decision) => decision,
                    None => return Ok(()),
                }
            }
        };
        match app.store.commit(&with_news(app, decision).await?, None).await? {
            Committed::Done => return Ok(()),
            Committed::Stale => deal = app.store.deal_for_certain(id, &Scope::All).await?,
            other => return Err(AppError::internal(format!("a timer of {id} could not be written: {other:?}"))),
        }
    }
    Err(AppError::Unavailable(format!("a timer of {id} lost its race {TRIES} times")))
}

/// Warns, tells of a missed deadline, or hands on what is late.
pub(crate) async fn clock_one(app: &App, id: &DealId, kind: TimerKind) -> Result<(), AppError> {
    let next = match kind {
        TimerKind::DecisionEscalation => next_owner(app, id).await?,
        _ => None,
    };
    settle(app, id, |deal, cause| {
        let of = next.as_ref().filter(|n| n.of == deal.manager_id);
        let handing = of.map(|n| Handing { to: &n.to.id, to_name: &n.to.name, from_name: n.from.as_deref(), able: true });
        deadline::fire(deal, kind, handing, &cause)
    })
    .await
}

/// Who takes over, from whom.
struct Next {
    of: Option<UserId>,
    from: Option<String>,
    to: User,
}

/// Whoever the rules name, else the fallback owner of the routing table, else an administrator; whoever acts for them today. Not
/// who has it already, nor who has another step of it. None when nobody is left.
async fn next_owner(app: &App, id: &DealId) -> Result<Option<Next>, AppError> {
    let Some(deal) = app.store.deal(id, &Scope::All).await? else { return Ok(None) };
    let (routing, view) = (app.routing().await?, app.program().await?);
    let people = routing.people_on(view.date(app.now()));
    let named = deal.deadline.terms.escalation.as_ref().and_then(|e| e.to.as_ref());
    let administrators = routing.people.iter().filter(|p| p.roles.contains(&Role::Admin)).map(|p| &p.id);
    let candidates = named.into_iter().chain(routing.table.fallback.as_ref()).chain(administrators);
    let free = |id: &&UserId| deal.manager_id.as_ref() != Some(*id) && deal.route.steps.iter().all(|s| s.owner != **id);
    let to = candidates.filter_map(|id| cover::acting(id, &people, None, &[])).find(free);
    let Some(to) = to.and_then(|id| routing.people.iter().find(|p| p.id == *id)).cloned() else { return Ok(None) };
    let from = match &deal.manager_id {
        Some(owner) => app.store.user(owner).await?.map(|u| u.name),
        None => None,
    };
    Ok(Some(Next { of: deal.manager_id, from, to }))
}
