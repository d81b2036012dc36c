//! Opening a dispute: from a verdict, which the server gives again itself, or from a deal of one's own.

use entente_domain::deal::evidence::EvidenceFile;
use entente_domain::deal::verdict::VerdictOutcome;
use entente_domain::deal::{Deal, RegistrationStatus};
use entente_domain::dispute::act::{self, Facts};
use entente_domain::dispute::{Contested, Dispute, DisputeError, Party};
use entente_domain::id::{DealId, DisputeId, LeadId};
use entente_domain::lead::{LeadAction, Origin, decide as lead_rules};
use entente_domain::policy::{Action, Actor, Resource, Scope, can, scope};
use entente_store::{Conflicts, DisputeCommitted};
use serde::Serialize;

use super::{DisputeRefusal, Outcome, TRIES, lost, refused, seen};
use crate::deal::{self, EvidenceRefusal, RegisterInput};
use crate::idempotency::Once;
use crate::program::ProgramView;
use crate::{App, AppError, Refused};

/// A dispute as it was asked for: about a registration, or about a deal.
#[derive(Debug, Clone, Default)]
pub struct OpenInput {
    /// The registration that the verdict stopped or may stop.
    pub registration: Option<RegisterInput>,
    /// The lead that the registration is to come of.
    pub lead_id: Option<String>,
    /// The deal, where it is about one.
    pub deal_id: Option<String>,
    /// Why.
    pub statement: String,
    /// Ids that uploads answered.
    pub file_ids: Vec<String>,
    /// Made once per form; see [`crate::idempotency`].
    pub idempotency_key: Option<String>,
}

#[derive(Serialize)]
struct Hashed<'a> {
    draft: Option<&'a entente_domain::deal::register::DraftInput>,
    files: Option<&'a Vec<String>>,
    /// Left out where there is none, as by servers that did not know it: their keys are met again.
    #[serde(skip_serializing_if = "Option::is_none")]
    lead: Option<&'a str>,
    deal: &'a Option<String>,
    statement: &'a str,
    file_ids: &'a [String],
}

/// What it is about, as it was found.
struct About {
    complainant: Party,
    respondent: Option<Party>,
    customer: entente_domain::customer::Customer,
    products: Vec<entente_domain::id::ProductId>,
    contested: Option<Contested>,
}

/// Opens a dispute. The same key with the same input answers the first one again.
#[tracing::instrument(level = "debug", name = "dispute.open", skip_all)]
pub async fn open(app: &App, actor: &Actor, input: &OpenInput) -> Outcome<Dispute> {
    if !can(actor, Action::OpenDispute, Resource::Any) {
        return Err(refused(DisputeError::NotAllowed));
    }
    let registration = input.registration.as_ref();
    let hashed = Hashed {
        draft: registration.map(|r| &r.draft),
        files: registration.map(|r| &r.file_ids),
        lead: input.lead_id.as_deref(),
        deal: &input.deal_id,
        statement: &input.statement,
        file_ids: &input.file_ids,
    };
    let once = Once::new(actor, "disputeOpen", input.idempotency_key.as_deref(), &hashed)?;
    once.or(app, Box::pin(open_once(app, actor, input, &once)), |record| async move { seen(app, actor, &record.result_id).await }).await
}

async fn open_once(app: &App, actor: &Actor, input: &OpenInput, once: &Once) -> Outcome<Dispute> {
    let registration = input.registration.as_ref();
    let view = app.program().await?;
    let files = files_of(app, actor, &input.file_ids).await?;
    for _ in 0..TRIES {
        let about = match (registration, &input.deal_id) {
            (Some(registration), None) => of_verdict(app, actor, registration, input.lead_id.as_deref(), &view).await?,
            (None, Some(id)) if input.lead_id.is_none() => of_deal(app, actor, id).await?,
            _ => return Err(refused(DisputeError::Required { field: "registration" })),
        };
        let counted = app.store.next_number("dispute", 1).await?;
        let facts = Facts {
            program: &view.program,
            zone: &view.zone,
            id: DisputeId::new(app.ulid()),
            number: format!("S-{counted}"),
            complainant: about.complainant,
            respondent: about.respondent,
            customer: about.customer,
            product_ids: about.products,
            contested: about.contested,
        };
        let decision = act::open(actor, facts, &input.statement, files.clone(), app.cause(actor)).map_err(refused)?;
        let record = once.record(decision.dispute.id.as_str(), String::new());
        match app.store.commit_dispute(&decision, record.as_ref()).await? {
            DisputeCommitted::Done => return Ok(decision.dispute),
            DisputeCommitted::AlreadyOpen => return Err(refused(DisputeError::AlreadyOpen)),
            DisputeCommitted::Replayed(record) => {
                let record = once.same::<DisputeRefusal>(record)?;
                return seen(app, actor, &record.result_id).await;
            }
            DisputeCommitted::Stale | DisputeCommitted::Deals(_) => {}
        }
    }
    Err(lost())
}

pub(super) async fn files_of(app: &App, actor: &Actor, ids: &[String]) -> Outcome<Vec<EvidenceFile>> {
    deal::files(app, actor, ids).await.map_err(|e| match e {
        Refused::Failed(e) => Refused::Failed(e),
        Refused::Refused(EvidenceRefusal::File(file)) => Refused::Refused(DisputeRefusal::File(file)),
        Refused::Refused(EvidenceRefusal::Deal(_)) => refused(DisputeError::TooMany),
    })
}

/// The registration is judged again, by the same check as when it is registered: nothing of the verdict comes from the client.
async fn of_verdict(app: &App, actor: &Actor, registration: &RegisterInput, lead: Option<&str>, view: &ProgramView) -> Outcome<About> {
    let origin = match lead {
        Some(lead) => of_lead(app, actor, lead).await?,
        None => registration.origin.clone(),
    };
    let checked = deal::checked(app, actor, registration, view).await.map_err(|e| match e {
        Refused::Failed(e) => Refused::Failed(e),
        Refused::Refused(refusal) => Refused::Refused(DisputeRefusal::Register(refusal)),
    })?;
    let disputable = checked.verdict.outcome != VerdictOutcome::Clear && checked.verdict.rules.iter().any(|r| r.appeal.is_some());
    if !disputable {
        return Err(refused(DisputeError::NothingToDispute));
    }
    let respondent = rival(app, &checked.found).await?;
    Ok(About {
        complainant: Party { partner_id: checked.partner.id, deal_id: None },
        respondent,
        products: checked.draft.product_ids.clone(),
        customer: checked.customer,
        contested: Some(Contested { draft: checked.draft, verdict: checked.verdict, terms: checked.terms, rules: view.rules.number, origin }),
    })
}

/// The lead that the registration is to come of, which the actor could make a deal of but for the verdict.
async fn of_lead(app: &App, actor: &Actor, id: &str) -> Outcome<Origin> {
    let missing = || refused(DisputeError::LeadNotFound);
    let id: LeadId = id.parse().map_err(|_| missing())?;
    let lead = app.store.lead(&id, &scope(actor, Action::SeeLeads)).await?.ok_or_else(missing)?;
    lead_rules::check(&lead, actor, LeadAction::Convert, None).map_err(|_| missing())?;
    Ok(Origin { source: Some(lead.source), lead_id: Some(id) })
}

/// A deal of one's own: what stands in its way now, or what was decided about it.
async fn of_deal(app: &App, actor: &Actor, id: &str) -> Outcome<About> {
    let missing = || refused(DisputeError::DealNotFound);
    let id: DealId = id.parse().map_err(|_| missing())?;
    let deal = app.store.deal(&id, &scope(actor, Action::SeeDeals)).await?.ok_or_else(missing)?;
    let customer = deal.customer.clone().ok_or_else(|| refused(DisputeError::NothingToDispute))?;
    let found = deal::conflicts_of(app, &[&deal]).await?.remove(&deal.id).unwrap_or_default();
    let respondent = rival(app, &found).await?;
    let against = matches!(deal.status, RegistrationStatus::Rejected | RegistrationStatus::Expired | RegistrationStatus::Released);
    if respondent.is_none() && found.direct.is_empty() && !against {
        return Err(refused(DisputeError::NothingToDispute));
    }
    Ok(About {
        complainant: Party { partner_id: deal.partner_id, deal_id: Some(deal.id) },
        respondent,
        products: deal.product_ids,
        customer,
        contested: None,
    })
}

/// Whose deal stands in the way most heavily; none when it is the vendor's own opportunity, or nothing.
async fn rival(app: &App, found: &Conflicts) -> Result<Option<Party>, AppError> {
    let lists = [&found.protected, &found.waiting, &found.line, &found.related, &found.similar];
    let Some(ids) = lists.into_iter().find(|list| !list.is_empty()) else { return Ok(None) };
    let mut deals: Vec<Deal> = app.store.deals_by_ids(ids, &Scope::All).await?;
    deals.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    Ok(deals.into_iter().next().map(|d| Party { partner_id: d.partner_id, deal_id: Some(d.id) }))
}
