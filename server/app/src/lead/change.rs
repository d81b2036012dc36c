//! Changes of one lead: load within the actor's scope, decide by the domain's rules, commit on the version and the ledger that
//! were decided on.

use entente_domain::event::EventActor;
use entente_domain::id::{LeadId, PartnerId};
use entente_domain::lead::decide::{self, Causes, Freed, wanted_again};
use entente_domain::lead::{CloseCode, DeclineCode, Lead, LeadAction, LeadDecision, LeadError};
use entente_domain::policy::{Action, Actor, Scope, scope};
use entente_store::{IdempotencyRecord, LeadCommitted, LeadLedger, LeadWrite};

use super::TRIES;
use super::give::{Field, causes};
use super::intake::pause;
use crate::idempotency::Once;
use crate::{App, AppError, Refused};

use super::LeadRefusal;

type Changed = Result<Lead, Refused<LeadRefusal>>;

/// What is written: the decision, and the ledger when somebody was offered the lead.
type Decided = Result<(LeadDecision, Option<LeadLedger>), LeadError>;

fn by(actor: &Actor) -> EventActor {
    EventActor { user_id: Some(actor.user_id.clone()), name: actor.name.clone() }
}

/// Loads, decides, commits. A race that is lost to another change of the same lead is answered by what the rules say of the
/// lead as it is then; one that is lost to another lead is decided again.
async fn change(app: &App, actor: &Actor, id: &str, decide: impl Fn(&Lead, &Field, Causes<'_>) -> Decided) -> Changed {
    let id: LeadId = id.parse().map_err(|_| Refused::Refused(LeadError::NotFound.into()))?;
    let scope = scope(actor, Action::SeeLeads);
    for _ in 0..TRIES {
        let field = Field::read(app).await?;
        let Some(lead) = app.store.lead(&id, &scope).await? else { return Err(Refused::Refused(LeadError::NotFound.into())) };
        let causes = causes(app, by(actor));
        let (decision, ledger) = match decide(&lead, &field, &causes) {
            Ok(decided) => decided,
            Err(error) => {
                // A refusal is only given on what is certain.
                let now = app.store.lead_for_certain(&id, &scope).await?;
                if now.as_ref().map(|l| l.version) == Some(lead.version) {
                    return Err(Refused::Refused(error.into()));
                }
                continue;
            }
        };
        match commit(app, &decision, ledger.as_ref()).await? {
            LeadCommitted::Done => return Ok(decision.lead),
            _ => pause().await,
        }
    }
    Err(Refused::Failed(AppError::Unavailable("a change of a lead lost its race too often".into())))
}

async fn commit(app: &App, decision: &LeadDecision, ledger: Option<&LeadLedger>) -> Result<LeadCommitted, AppError> {
    let write = LeadWrite { decisions: std::slice::from_ref(decision), ledger, duplicate_days: 0, once: None };
    Ok(app.store.commit_leads(write).await?)
}

/// Lets the rules find the next partner for a lead that was freed.
fn go_on(freed: Freed, field: &Field, causes: Causes<'_>) -> Decided {
    let routed = field.route(&wanted_again(&freed.lead), causes().now);
    let mut after =
        Field { program: field.program.clone(), routing: field.routing.clone(), ledger: field.ledger.clone(), candidates: field.candidates.clone() };
    after.take(&routed);
    let decision = decide::onward(freed, routed, field.terms(), causes)?;
    let ledger = after.ledger_after(decision.lead.window_ends_at.is_some());
    Ok((decision, ledger))
}

/// The partner takes the lead. Of two at once one wins; the other is told that the lead has changed.
#[tracing::instrument(level = "debug", name = "lead.accept", skip_all)]
pub async fn accept(app: &App, actor: &Actor, id: &str, expected_version: i32) -> Changed {
    change(app, actor, id, |lead, field, causes| Ok((decide::accept(lead, actor, expected_version, field.terms(), causes())?, None))).await
}

/// As [`accept`], for the person of a link in a letter; `used` is written in the same transaction and lets one use in. False
/// when the link was used before.
pub(crate) async fn accept_by_link(app: &App, actor: &Actor, lead: &Lead, used: &IdempotencyRecord) -> Result<bool, Refused<LeadError>> {
    let field = Field::read(app).await?;
    let causes = causes(app, by(actor));
    let decision = decide::accept(lead, actor, lead.version, field.terms(), causes()).map_err(Refused::Refused)?;
    let write = LeadWrite { decisions: std::slice::from_ref(&decision), ledger: None, duplicate_days: 0, once: Some(used) };
    match app.store.commit_leads(write).await? {
        LeadCommitted::Done => Ok(true),
        LeadCommitted::Replayed(_) => Ok(false),
        _ => Err(Refused::Refused(LeadError::StaleVersion { current: lead.version })),
    }
}

/// The partner says no; the lead goes on at once. Who declined no longer sees it.
#[tracing::instrument(level = "debug", name = "lead.decline", skip_all)]
pub async fn decline(app: &App, actor: &Actor, id: &str, expected_version: i32, code: DeclineCode, text: Option<&str>) -> Changed {
    change(app, actor, id, |lead, field, causes| go_on(decide::decline(lead, actor, expected_version, (code, text), causes())?, field, causes)).await
}

/// As [`decline`], for the person of a link in a letter: what was written is the whole reason. `used` as in
/// [`accept_by_link`]. False when the link was used before.
pub(crate) async fn decline_by_link(app: &App, actor: &Actor, lead: &Lead, why: &str, used: &IdempotencyRecord) -> Result<bool, Refused<LeadError>> {
    for _ in 0..TRIES {
        let field = Field::read(app).await?;
        let causes = causes(app, by(actor));
        let freed = decide::decline(lead, actor, lead.version, (DeclineCode::Other, Some(why)), causes()).map_err(Refused::Refused)?;
        let (decision, ledger) = go_on(freed, &field, &causes).map_err(Refused::Refused)?;
        let write = LeadWrite { decisions: std::slice::from_ref(&decision), ledger: ledger.as_ref(), duplicate_days: 0, once: Some(used) };
        match app.store.commit_leads(write).await? {
            LeadCommitted::Done => return Ok(true),
            LeadCommitted::Replayed(_) => return Ok(false),
            // Another lead was given away meanwhile: who comes next is looked up again.
            LeadCommitted::LedgerMoved => pause().await,
            _ => return Err(Refused::Refused(LeadError::StaleVersion { current: lead.version })),
        }
    }
    Err(Refused::Failed(AppError::Unavailable("a lead that was declined lost its race too often".into())))
}

/// Gives the lead to a partner by hand.
#[tracing::instrument(level = "debug", name = "lead.assign", skip_all)]
pub async fn assign(app: &App, actor: &Actor, id: &str, expected_version: i32, partner: &str) -> Changed {
    let partner: Option<PartnerId> = partner.parse().ok();
    change(app, actor, id, |lead, field, causes| {
        decide::check(lead, actor, LeadAction::Assign, Some(expected_version))?;
        let candidate = partner.as_ref().and_then(|p| field.candidate(p)).ok_or(LeadError::PartnerNotFound)?;
        if lead.current().is_some_and(|a| a.partner_id == candidate.id) {
            return Err(LeadError::SamePartner);
        }
        let freed = decide::take_back(lead, actor, expected_version, LeadAction::Assign, causes())?;
        let routed = decide::by_hand(candidate, field.terms(), causes().now)?;
        let decision = decide::onward(freed, routed, field.terms(), causes)?;
        Ok((decision, field.ledger_after(true)))
    })
    .await
}

/// Takes the lead from whoever has it and lets the rules find another partner.
#[tracing::instrument(level = "debug", name = "lead.route", skip_all)]
pub async fn route(app: &App, actor: &Actor, id: &str, expected_version: i32) -> Changed {
    change(app, actor, id, |lead, field, causes| {
        let freed = decide::take_back(lead, actor, expected_version, LeadAction::Route, causes())?;
        go_on(freed, field, causes)
    })
    .await
}

/// Says that the lead came to nothing.
#[tracing::instrument(level = "debug", name = "lead.close", skip_all)]
pub async fn close(app: &App, actor: &Actor, id: &str, expected_version: i32, code: CloseCode, text: Option<&str>) -> Changed {
    change(app, actor, id, |lead, _, causes| Ok((decide::close(lead, actor, expected_version, (code, text), causes())?, None))).await
}

/// Writes a note, or that somebody was in touch with the person. The same `key` (see [`crate::idempotency`]) writes it once.
#[tracing::instrument(level = "debug", name = "lead.note", skip_all)]
pub async fn note(app: &App, actor: &Actor, id: &str, expected_version: i32, text: &str, contacted: bool, key: Option<&str>) -> Changed {
    let once = Once::new(actor, "leadNote", key, &(id, text, contacted))?;
    let again = async || {
        let id: LeadId = id.parse().map_err(|_| Refused::Refused(LeadRefusal::Lead(LeadError::NotFound)))?;
        let found = app.store.lead(&id, &scope(actor, Action::SeeLeads)).await?;
        found.ok_or(Refused::Refused(LeadRefusal::Lead(LeadError::NotFound)))
    };
    if once.earlier::<LeadRefusal>(app).await?.is_some() {
        return again().await;
    }
    let parsed: LeadId = id.parse().map_err(|_| Refused::Refused(LeadError::NotFound.into()))?;
    let Some(lead) = app.store.lead(&parsed, &scope(actor, Action::SeeLeads)).await? else {
        return Err(Refused::Refused(LeadError::NotFound.into()));
    };
    let cause = causes(app, by(actor))();
    let decision = decide::note(&lead, actor, expected_version, text, contacted, cause).map_err(|e| Refused::Refused(LeadRefusal::Lead(e)))?;
    let record = once.record(id, String::new());
    let write = LeadWrite { decisions: std::slice::from_ref(&decision), ledger: None, duplicate_days: 0, once: record.as_ref() };
    match app.store.commit_leads(write).await? {
        LeadCommitted::Done => Ok(decision.lead),
        LeadCommitted::Replayed(record) => {
            once.same::<LeadRefusal>(record)?;
            again().await
        }
        _ => {
            let now = app.store.lead_for_certain(&parsed, &scope(actor, Action::SeeLeads)).await?;
            let error = now.map_or(LeadError::NotFound, |l| LeadError::StaleVersion { current: l.version });
            Err(Refused::Refused(error.into()))
        }
    }
}

/// Gives the lead on when its partner has not answered in time. Losing the race to an answer is no failure.
pub(crate) async fn lapse_one(app: &App, id: &LeadId) -> Result<(), AppError> {
    for _ in 0..TRIES {
        let field = Field::read(app).await?;
        let Some(lead) = app.store.lead(id, &Scope::All).await? else { return Ok(()) };
        let causes = causes(app, EventActor { user_id: None, name: "Entente".into() });
        let Some(freed) = decide::lapse(&lead, causes()) else { return Ok(()) };
        let (decision, ledger) = go_on(freed, &field, &causes).map_err(AppError::internal)?;
        match commit(app, &decision, ledger.as_ref()).await? {
            LeadCommitted::Done => return Ok(()),
            _ => pause().await,
        }
    }
    Err(AppError::Unavailable("a lead's reassignment lost its race too often".into()))
}

/// Writes down that nobody was in touch in time. A lead that was followed up meanwhile needs nothing.
pub(crate) async fn miss_one(app: &App, id: &LeadId) -> Result<(), AppError> {
    for _ in 0..TRIES {
        // After a change of primary a read may show the lead as it was; only what is certain lets the timer go.
        let Some(lead) = app.store.lead_for_certain(id, &Scope::All).await? else { return Ok(()) };
        let Some(decision) = decide::miss(&lead, app.cause_of("Entente")) else { return Ok(()) };
        match commit(app, &decision, None).await? {
            LeadCommitted::Done => return Ok(()),
            _ => pause().await,
        }
    }
    Err(AppError::Unavailable("a lead's missed follow-up lost its race too often".into()))
}
