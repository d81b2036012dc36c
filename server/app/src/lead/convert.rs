//! Making a deal of a lead: the ordinary registration, with the lead and its source on the deal. A lead has one deal at most,
//! by a unique index; whoever repeats a conversion that was interrupted goes on with that deal.

use entente_domain::deal::Deal;
use entente_domain::deal::verdict::Verdict;
use entente_domain::event::EventActor;
use entente_domain::id::LeadId;
use entente_domain::lead::decide;
use entente_domain::lead::{Lead, LeadAction, LeadError, LeadStatus, Origin};
use entente_domain::policy::{Action, Actor, Scope, scope};
use entente_store::{LeadCommitted, LeadWrite};

use super::give::causes;
use super::intake::pause;
use super::{LeadRefusal, TRIES};
use crate::deal::{RegisterInput, RegisterRefusal, register};
use crate::{App, AppError, Refused};

/// What became of a conversion.
#[derive(Debug)]
pub struct Converted {
    /// The lead.
    pub lead: Lead,
    /// The deal; none when the registration is blocked, and the lead stays as it was.
    pub deal: Option<Deal>,
    /// What the rules say of the registration; none when the deal was there already.
    pub verdict: Option<Verdict>,
}

/// Why a lead is not converted.
#[derive(Debug)]
pub enum ConvertRefusal {
    /// By the rules of leads.
    Lead(LeadRefusal),
    /// By the rules of registrations.
    Register(RegisterRefusal),
}

impl From<LeadError> for ConvertRefusal {
    fn from(error: LeadError) -> Self {
        Self::Lead(error.into())
    }
}

type Outcome<T> = Result<T, Refused<ConvertRefusal>>;

/// Converts. `input` is the registration; whose it is and its source follow from the lead.
#[tracing::instrument(level = "debug", name = "lead.convert", skip_all)]
pub async fn convert(app: &App, actor: &Actor, id: &str, expected_version: i32, mut input: RegisterInput) -> Outcome<Converted> {
    let missing = || Refused::Refused(ConvertRefusal::from(LeadError::NotFound));
    let id: LeadId = id.parse().map_err(|_| missing())?;
    let seen = scope(actor, Action::SeeLeads);
    let lead = app.store.lead(&id, &seen).await?.ok_or_else(missing)?;
    if let (LeadStatus::Converted, Some(deal)) = (lead.status, &lead.deal_id) {
        // The same once more: what came of it.
        let deal = app.store.deal(deal, &scope(actor, Action::SeeDeals)).await?;
        return Ok(Converted { lead, deal, verdict: None });
    }
    decide::check(&lead, actor, LeadAction::Convert, Some(expected_version)).map_err(|e| Refused::Refused(e.into()))?;
    if let Some(deal) = deal_of(app, &id).await? {
        return finish(app, actor, &id, deal, None).await;
    }
    input.partner_id = lead.partner_id.as_ref().map(ToString::to_string);
    input.origin = Origin { lead_id: Some(id.clone()), source: Some(lead.source.clone()) };
    match register(app, actor, &input).await {
        Ok(done) => match done.deal {
            Some(deal) => finish(app, actor, &id, deal, Some(done.verdict)).await,
            None => Ok(Converted { lead, deal: None, verdict: Some(done.verdict) }),
        },
        // Another one converted it at the same moment.
        Err(Refused::Failed(failure)) => match deal_of(app, &id).await? {
            Some(deal) => finish(app, actor, &id, deal, None).await,
            None => Err(Refused::Failed(failure)),
        },
        Err(Refused::Refused(refusal)) => Err(Refused::Refused(ConvertRefusal::Register(refusal))),
    }
}

async fn deal_of(app: &App, lead: &LeadId) -> Result<Option<Deal>, AppError> {
    let Some(id) = app.store.deal_of_lead(lead).await? else { return Ok(None) };
    Ok(app.store.deal(&id, &Scope::All).await?)
}

/// Writes on the lead that the deal came of it.
async fn finish(app: &App, actor: &Actor, id: &LeadId, deal: Deal, verdict: Option<Verdict>) -> Outcome<Converted> {
    for _ in 0..TRIES {
        let Some(lead) = app.store.lead(id, &Scope::All).await? else { return Err(Refused::Refused(LeadError::NotFound.into())) };
        if lead.deal_id.as_ref() == Some(&deal.id) {
            return Ok(Converted { lead, deal: Some(deal), verdict });
        }
        let by = EventActor { user_id: Some(actor.user_id.clone()), name: actor.name.clone() };
        let decision = decide::convert(&lead, &deal.id, &deal.number, causes(app, by)()).map_err(|e| Refused::Refused(e.into()))?;
        let write = LeadWrite { decisions: std::slice::from_ref(&decision), ledger: None, duplicate_days: 0, once: None };
        match app.store.commit_leads(write).await? {
            LeadCommitted::Done => return Ok(Converted { lead: decision.lead, deal: Some(deal), verdict }),
            _ => pause().await,
        }
    }
    Err(Refused::Failed(AppError::Unavailable("a conversion lost its race too often".into())))
}
