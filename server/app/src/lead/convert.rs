//! Making a deal of a lead: the ordinary registration, with the lead and its source on the deal. Deal and lead are written in one
//! transaction: a lead that goes on to somebody else has no deal behind it. A lead has one deal at most, by a unique index.

use entente_domain::deal::Deal;
use entente_domain::deal::verdict::Verdict;
use entente_domain::id::{DealId, LeadId};
use entente_domain::lead::decide;
use entente_domain::lead::{Lead, LeadAction, LeadError, LeadStatus, Origin};
use entente_domain::policy::{Action, Actor, scope};
use entente_store::{LeadCommitted, LeadWrite};

use super::LeadRefusal;
use crate::deal::{RegisterInput, RegisterRefusal, Registered, register_lead};
use crate::{App, Refused};

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
    let id: LeadId = id.parse().map_err(|_| missing())?;
    let lead = seen(app, actor, &id).await?;
    if lead.status == LeadStatus::Converted && lead.deal_id.is_some() {
        return before(app, actor, lead).await;
    }
    decide::check(&lead, actor, LeadAction::Convert, Some(expected_version)).map_err(|e| Refused::Refused(e.into()))?;
    let earlier = app.store.deal_of_lead(&id).await?;
    if let Some(deal) = &earlier
        && let Some(deal) = own(app, actor, &lead, deal).await?
    {
        return finish(app, actor, &lead, deal).await;
    }
    input.partner_id = lead.partner_id.as_ref().map(ToString::to_string);
    // Where the lead has the deal of a partner that lost it since, this one keeps the source alone.
    input.origin = Origin { lead_id: earlier.is_none().then(|| id.clone()), source: Some(lead.source.clone()) };
    match register_lead(app, actor, &input, &lead).await {
        Ok(Some(Registered { deal, verdict })) => {
            let lead = seen(app, actor, &id).await?;
            match deal {
                Some(_) => Ok(Converted { lead, deal, verdict: Some(verdict) }),
                // What stands in the way may be the deal that another one made of the lead at the same moment.
                None if lead.status == LeadStatus::Converted => before(app, actor, lead).await,
                None => Ok(Converted { lead, deal: None, verdict: Some(verdict) }),
            }
        }
        Ok(None) => moved(app, actor, &id).await,
        Err(Refused::Failed(failure)) => Err(Refused::Failed(failure)),
        Err(Refused::Refused(refusal)) => Err(Refused::Refused(ConvertRefusal::Register(refusal))),
    }
}

fn missing() -> Refused<ConvertRefusal> {
    Refused::Refused(LeadError::NotFound.into())
}

async fn seen(app: &App, actor: &Actor, id: &LeadId) -> Outcome<Lead> {
    app.store.lead(id, &scope(actor, Action::SeeLeads)).await?.ok_or_else(missing)
}

/// The same once more: what came of it.
async fn before(app: &App, actor: &Actor, lead: Lead) -> Outcome<Converted> {
    let deal = match &lead.deal_id {
        Some(deal) => app.store.deal(deal, &scope(actor, Action::SeeDeals)).await?,
        None => None,
    };
    Ok(Converted { lead, deal, verdict: None })
}

/// The lead is not what was decided on: another one converted it at the same moment, or something else happened to it.
async fn moved(app: &App, actor: &Actor, id: &LeadId) -> Outcome<Converted> {
    let lead = app.store.lead_for_certain(id, &scope(actor, Action::SeeLeads)).await?.ok_or_else(missing)?;
    if lead.status == LeadStatus::Converted {
        return before(app, actor, lead).await;
    }
    Err(Refused::Refused(LeadError::StaleVersion { current: lead.version }.into()))
}

/// The deal of the lead, if it is of the partner that has the lead now.
async fn own(app: &App, actor: &Actor, lead: &Lead, deal: &DealId) -> Outcome<Option<Deal>> {
    let deal = app.store.deal(deal, &scope(actor, Action::SeeDeals)).await?;
    Ok(deal.filter(|d| Some(&d.partner_id) == lead.partner_id.as_ref()))
}

/// Writes on the lead that the deal came of it. Servers of before wrote the deal first, and some of them died then.
async fn finish(app: &App, actor: &Actor, lead: &Lead, deal: Deal) -> Outcome<Converted> {
    let decision = decide::convert(lead, &deal.id, &deal.number, app.cause(actor)).map_err(|e| Refused::Refused(e.into()))?;
    let write = LeadWrite { decisions: std::slice::from_ref(&decision), ledger: None, duplicate_days: 0, once: None };
    match app.store.commit_leads(write).await? {
        LeadCommitted::Done => Ok(Converted { lead: decision.lead, deal: Some(deal), verdict: None }),
        _ => moved(app, actor, &lead.id).await,
    }
}
