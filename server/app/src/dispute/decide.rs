//! Who decides a dispute, and the decision with what it does to the deals of both sides, in one transaction.

use entente_domain::deal::register::{RegisterFacts, register};
use entente_domain::deal::{Deal, DealError, Decision, arbitrate};
use entente_domain::dispute::{Contested, Dispute, DisputeError, Outcome as Ruled, act, arbiter};
use entente_domain::id::{DealId, UserId};
use entente_domain::lead::{LeadDecision, Origin, decide as lead_rules};
use entente_domain::policy::{Action, Actor, Resource, Scope, can};
use entente_domain::report::record;
use entente_domain::user::User;
use entente_store::{Committed, DisputeCommitted};

use super::{Outcome, Sides, TRIES, lost, refused, seen};
use crate::deal::{expire_claims_on, number_text, with_news_beside};
use crate::{App, AppError, Refused, routing};

/// Somebody who could be named to decide.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The person.
    pub user: User,
    /// What ties the person to a side; none for somebody neutral.
    pub tie: Option<&'static str>,
}

/// Who could decide the dispute, neutral people first; empty for whoever may not name one.
#[tracing::instrument(level = "debug", name = "dispute.candidates", skip_all)]
pub async fn candidates(app: &App, actor: &Actor, dispute: &Dispute) -> Result<Vec<Candidate>, AppError> {
    if !can(actor, Action::DecideDispute, Resource::OfVendor) {
        return Ok(Vec::new());
    }
    let (sides, routing) = futures::try_join!(Sides::read(app, dispute), app.routing())?;
    let mut all: Vec<Candidate> =
        routing.people.iter().map(|user| Candidate { user: user.clone(), tie: arbiter::tie(&user.id, &sides.ties()) }).collect();
    all.sort_by(|a, b| (a.tie.is_some(), &a.user.name).cmp(&(b.tie.is_some(), &b.user.name)));
    Ok(all)
}

/// Names who decides.
#[tracing::instrument(level = "debug", name = "dispute.name_arbiter", skip_all)]
pub async fn name_arbiter(app: &App, actor: &Actor, id: &str, expected_version: i32, user: &str) -> Outcome<Dispute> {
    let dispute = seen(app, actor, id).await?;
    let user: UserId = user.parse().map_err(|_| refused(DisputeError::CannotDecide))?;
    let (person, sides) = futures::try_join!(async { app.store.user(&user).await.map_err(AppError::from) }, Sides::read(app, &dispute))?;
    let Some(person) = person else { return Err(refused(DisputeError::CannotDecide)) };
    let decision = act::name_arbiter(&dispute, actor, expected_version, &person, &sides.ties(), app.cause(actor)).map_err(refused)?;
    match app.store.commit_dispute(&decision, None).await? {
        DisputeCommitted::Done => Ok(decision.dispute),
        _ => Err(stale(app, actor, id).await?),
    }
}

async fn stale(app: &App, actor: &Actor, id: &str) -> Outcome<Refused<super::DisputeRefusal>> {
    Ok(refused(DisputeError::StaleVersion { current: seen(app, actor, id).await?.version }))
}

/// Decides. What the decision does to deals is written with it; when a deal changed meanwhile, everything is judged again.
#[tracing::instrument(level = "debug", name = "dispute.decide", skip_all)]
pub async fn decide(app: &App, actor: &Actor, id: &str, expected_version: i32, outcome: Ruled, reason: &str) -> Outcome<Dispute> {
    for _ in 0..TRIES {
        let dispute = seen(app, actor, id).await?;
        let sides = Sides::read(app, &dispute).await?;
        let decision = act::decide(&dispute, actor, expected_version, (outcome, reason), &sides.ties(), app.cause(actor)).map_err(refused)?;
        let said = decision.dispute.ruling.as_ref().map_or(reason, |r| r.reason.as_str());
        let Transfer { deals, lead, dispute } = match outcome {
            Ruled::Transfer => transfer(app, actor, decision.dispute.clone(), &sides, said).await?,
            Ruled::Uphold | Ruled::Dismiss => Transfer { deals: Vec::new(), lead: None, dispute: decision.dispute.clone() },
        };
        let decision = entente_domain::dispute::DisputeDecision { dispute, ..decision };
        match app.store.commit_ruling(&decision, &deals, lead.as_ref()).await? {
            DisputeCommitted::Done => return Ok(decision.dispute),
            DisputeCommitted::Deals(Committed::ClaimTaken(_)) => {
                return Err(cannot("another approved registration, of neither side, holds the customer and a product"));
            }
            DisputeCommitted::Stale => return Err(stale(app, actor, id).await?),
            _ => {}
        }
    }
    Err(lost())
}

fn cannot(why: &'static str) -> Refused<super::DisputeRefusal> {
    refused(DisputeError::CannotTransfer { why })
}

/// What a transfer writes.
struct Transfer {
    deals: Vec<Decision>,
    /// What becomes of the lead that the new deal comes of.
    lead: Option<LeadDecision>,
    dispute: Dispute,
}

/// The other side gives up what it holds or waits for, and the one who complains is approved. Whoever waited for what is free then
/// is told.
async fn transfer(app: &App, actor: &Actor, dispute: Dispute, sides: &Sides, reason: &str) -> Outcome<Transfer> {
    let deal_of = |id: Option<&DealId>| sides.deals.iter().find(|d| Some(&d.id) == id);
    let view = app.program().await?;
    let theirs = deal_of(dispute.respondent.as_ref().and_then(|r| r.deal_id.as_ref())).filter(|d| arbitrate::can_give_up(d));
    let given_up = theirs.map(|d| arbitrate::give_up(d, &dispute.number, reason, &app.cause(actor))).transpose();
    let given_up = given_up.map_err(|_| cannot("the other side's deal cannot be ended any more"))?;
    let (awarded, lead, dispute) = match (&dispute.complainant.deal_id, &dispute.contested) {
        (Some(id), _) => {
            let own = deal_of(Some(id)).ok_or_else(|| cannot("the deal of the one who complains is not there"))?;
            let view = view.under(own)?;
            (arbitrate::award(own, &dispute.number, reason, &view.program, &app.cause(actor)).map_err(not_awarded)?, None, dispute)
        }
        (None, Some(contested)) => {
            let (awarded, lead) = registered(app, actor, &dispute, contested, sides, reason).await?;
            let complainant = entente_domain::dispute::Party { deal_id: Some(awarded.deal.id.clone()), ..dispute.complainant.clone() };
            (awarded, lead, Dispute { complainant, ..dispute })
        }
        (None, None) => return Err(cannot("it is about no registration")),
    };
    expire_claims_on(app, &awarded.deal.claim_keys()).await?;
    let mut deals = match given_up {
        Some(given_up) => with_news_beside(app, given_up, &awarded.take).await?,
        None => Vec::new(),
    };
    deals.push(awarded);
    Ok(Transfer { deals, lead, dispute })
}

fn not_awarded(error: DealError) -> Refused<super::DisputeRefusal> {
    match error {
        DealError::Calendar => refused(DisputeError::Calendar),
        _ => cannot("the registration of the one who complains was withdrawn, or its sale is over"),
    }
}

/// The deal of the registration that the verdict had kept out, approved, and what becomes of the lead that it comes of.
async fn registered(
    app: &App,
    actor: &Actor,
    dispute: &Dispute,
    contested: &Contested,
    sides: &Sides,
    reason: &str,
) -> Outcome<(Decision, Option<LeadDecision>)> {
    let view = app.program().await?;
    let partner = sides.partners.iter().find(|p| p.id == dispute.complainant.partner_id);
    let partner = partner.ok_or_else(|| cannot("the partner who complains is not there"))?;
    let number = app.store.next_number("deal", 1).await?;
    let facts = RegisterFacts {
        program: &view.program,
        zone: &view.zone,
        id: DealId::new(app.ulid()),
        number: number_text(number),
        partner_id: partner.id.clone(),
        customer: dispute.customer.clone(),
        manager_id: partner.manager_id.clone(),
        territory: partner.territories.first().cloned(),
        terms: contested.terms,
    };
    let cause = app.cause(actor);
    let by = dispute.opened_by.user_id.clone().unwrap_or_else(|| actor.user_id.clone());
    let decision = register(contested.draft.clone(), facts, &by, cause.clone()).map_err(not_awarded)?;
    let (origin, lead) = of_lead(app, actor, &contested.origin, &decision.deal).await?;
    let decision = Decision { deal: Deal { origin, ..decision.deal }, ..decision };
    let decision = routing::assign(&view, &*app.routing().await?, partner, decision, view.date(app.now()));
    // It came in under the verdict that was disputed, and counts in the reports like one that was not kept out by it.
    let decision = record::under(decision, contested.verdict.outcome);
    Ok((arbitrate::award_new(decision, &dispute.number, reason, &view.program, &cause).map_err(not_awarded)?, lead))
}

/// What the new deal keeps of the lead, and the lead converted, if the one who complains has it still and no deal came of it. The
/// marketing source stays with the deal in any case.
async fn of_lead(app: &App, actor: &Actor, origin: &Origin, deal: &Deal) -> Outcome<(Origin, Option<LeadDecision>)> {
    let source_alone = Origin { lead_id: None, source: origin.source.clone() };
    let Some(id) = &origin.lead_id else { return Ok((source_alone, None)) };
    let (lead, taken) = (app.store.lead(id, &Scope::All).await?, app.store.deal_of_lead(id).await?);
    let Some(lead) = lead.filter(|lead| lead.partner_id.as_ref() == Some(&deal.partner_id) && taken.is_none()) else {
        return Ok((source_alone, None));
    };
    Ok(match lead_rules::convert(&lead, &deal.id, &deal.number, app.cause(actor)) {
        Ok(converted) => (origin.clone(), Some(converted)),
        Err(_) => (source_alone, None),
    })
}
