//! Re-routing: by hand, and by itself when an owner can no longer decide.

use entente_domain::deal::{Deal, DealError, Decision, RegistrationStatus};
use entente_domain::id::{DealId, UserId};
use entente_domain::policy::{Action, Actor, Scope, scope};
use entente_domain::routing::steps::{self, Handing};
use entente_store::{DealFilter, DealQuery, DealSort};

use super::{Routed, computed};
use crate::{App, AppError, Refused, deal};

/// Registrations that are handed on in one go.
const BATCH: u32 = 100;
/// Most registrations of one owner that are handed on; more than that wait for a hand.
const ROUNDS: usize = 50;

/// Hands the decision to another person, with a reason for the vendor to read.
#[tracing::instrument(level = "debug", name = "routing.reroute", skip_all)]
pub async fn reroute(app: &App, actor: &Actor, id: &str, expected_version: i32, to: &str, reason: &str) -> Result<Deal, Refused<DealError>> {
    let routing = app.routing().await?;
    let to = to.parse::<UserId>().ok();
    let person = to.as_ref().and_then(|to| routing.people.iter().find(|p| p.id == *to)).cloned();
    // The owner's name is for the timeline; what is decided on is read again below.
    let known = match id.parse::<DealId>() {
        Ok(id) => app.store.deal(&id, &scope(actor, Action::SeeDeals)).await?,
        Err(_) => None,
    };
    let owner = known.and_then(|d| d.manager_id);
    let from = match &owner {
        Some(owner) => app.store.user(owner).await?.map(|u| u.name),
        None => None,
    };
    let nobody = UserId::new(ulid::Ulid::nil());
    deal::change(app, actor, id, |d, _, c| {
        let handing = Handing {
            to: person.as_ref().map_or(&nobody, |p| &p.id),
            to_name: person.as_ref().map_or("", |p| p.name.as_str()),
            from_name: from.as_deref().filter(|_| d.manager_id == owner),
            able: person.is_some(),
        };
        steps::reroute(d, actor, expected_version, handing, reason, &c)
    })
    .await
}

/// Hands on what waits for somebody who can no longer decide: by the table as it is now, to the owner whom it names for the
/// step, or to the fallback. A registration that changes meanwhile is left to whoever changed it. Answers how many went on.
#[tracing::instrument(level = "debug", name = "routing.reroute_all_of", skip_all)]
pub async fn reroute_all_of(app: &App, gone: &UserId) -> Result<usize, AppError> {
    app.forget_routing();
    let (routing, view) = (app.routing().await?, app.program().await?);
    if routing.may_decide(gone) {
        return Ok(0);
    }
    let filter = DealFilter {
        scope: Scope::All,
        statuses: vec![RegistrationStatus::Submitted, RegistrationStatus::InReview, RegistrationStatus::InfoRequested],
        managers: vec![gone.clone()],
        ..DealFilter::default()
    };
    let from = app.store.user(gone).await?.map(|u| u.name);
    let today = view.date(app.now());
    let mut handed = 0;
    for _ in 0..ROUNDS {
        let query = DealQuery { filter: filter.clone(), sort: DealSort::DecisionDueAt, descending: false, after: None, limit: BATCH };
        let deals = app.store.deals(&query).await?;
        let mut decisions: Vec<Decision> = Vec::new();
        for deal in &deals {
            let Some(partner) = app.store.partner(&deal.partner_id).await? else { continue };
            let route = computed(&view, &routing, &Routed { partner: &partner, deal, base_value: deal.base_value.amount }, today);
            let free = |u: &UserId| deal.route.steps.iter().all(|s| s.owner != *u);
            let next = route.steps.into_iter().map(|s| s.owner).find(free).or_else(|| routing.table.fallback.clone().filter(free));
            let Some(person) = next.as_ref().and_then(|id| routing.people.iter().find(|p| p.id == *id)) else { continue };
            let handing = Handing { to: &person.id, to_name: &person.name, from_name: from.as_deref(), able: true };
            let why = "The owner can no longer decide registrations.";
            decisions.extend(steps::reroute_by_itself(deal, handing, why, &app.cause_of("Entente")));
        }
        if decisions.is_empty() {
            break;
        }
        for decision in &decisions {
            app.store.commit(std::slice::from_ref(decision), None).await?;
        }
        handed += decisions.len();
    }
    Ok(handed)
}
