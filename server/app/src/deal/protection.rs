//! Protection of approved deals: the partner's questions, extensions, release at the customer's request, reminders, and telling
//! those who waited that the way is free.

use entente_domain::deal::claim::{Claim, ClaimKey};
use entente_domain::deal::evidence::MoreEvidence;
use entente_domain::deal::{Cause, Deal, DealError, Decision, evidence as proof, protection};
use entente_domain::id::{DealId, EventId};
use entente_domain::policy::Actor;

use super::change::{change, change_with_key};
use super::deadline::settle;
use super::evidence::{AddEvidenceRefusal, EvidenceInput, EvidenceRefusal, more};
use crate::idempotency::Once;
use crate::program::ProgramView;
use crate::{App, AppError, Refused};

/// Most registrations that are told at once that the way is free.
const WAITING_MAX: u32 = 100;

type Changed = Result<Deal, Refused<DealError>>;

/// Asks the vendor; protection stands still until the answer.
#[tracing::instrument(level = "debug", name = "deal.ask_vendor", skip_all)]
pub async fn ask_vendor(app: &App, actor: &Actor, id: &str, expected_version: i32, question: &str) -> Changed {
    change(app, actor, id, |d, _, c| protection::ask_vendor(d, actor, expected_version, question, c)).await
}

/// Answers the partner; protection goes on with what was left.
#[tracing::instrument(level = "debug", name = "deal.answer_partner", skip_all)]
pub async fn answer_partner(app: &App, actor: &Actor, id: &str, expected_version: i32, answer: &str) -> Changed {
    change(app, actor, id, |d, _, c| protection::answer_partner(d, actor, expected_version, answer, c)).await
}

/// Asks for an extension, with new evidence in the same change where there is some.
#[tracing::instrument(level = "debug", name = "deal.request_extension", skip_all)]
pub async fn request_extension(
    app: &App,
    actor: &Actor,
    id: &str,
    expected_version: i32,
    reason: &str,
    evidence: Option<&EvidenceInput>,
) -> Result<Deal, Refused<EvidenceRefusal>> {
    let added = match evidence {
        Some(input) => Some(more(app, actor, input).await?),
        None => None,
    };
    let changed = change(app, actor, id, |d, v, c| {
        let Some(added) = &added else { return protection::request_extension(d, actor, expected_version, reason, c) };
        // Judged first on the deal as it is, so that evidence is never the reason of a refusal that is another's.
        protection::request_extension(d, actor, expected_version, reason, c.clone())?;
        let first = proof::add(d, actor, expected_version, added.clone(), v.date(c.now), c.clone())?;
        let next = protection::request_extension(&first.deal, actor, first.deal.version, reason, c.second())?;
        Ok(first.then(next))
    });
    changed.await.map_err(EvidenceRefusal::of)
}

/// Grants or declines an extension.
#[tracing::instrument(level = "debug", name = "deal.decide_extension", skip_all)]
pub async fn decide_extension(app: &App, actor: &Actor, id: &str, expected_version: i32, granted: bool, note: Option<&str>) -> Changed {
    change(app, actor, id, |d, _, c| protection::decide_extension(d, actor, expected_version, granted, note, c)).await
}

/// Gives a deal free at the customer's request.
#[tracing::instrument(level = "debug", name = "deal.release", skip_all)]
pub async fn release(app: &App, actor: &Actor, id: &str, expected_version: i32, requested_by: &str, proof: &str) -> Changed {
    change(app, actor, id, |d, _, c| protection::release(d, actor, expected_version, requested_by, proof, c)).await
}

/// Adds evidence to a registration that waits or a deal that is approved. The same `key` (see [`crate::idempotency`]) answers
/// the deal, with the evidence once.
#[tracing::instrument(level = "debug", name = "deal.add_evidence", skip_all)]
pub async fn add_evidence(
    app: &App,
    actor: &Actor,
    id: &str,
    expected_version: i32,
    input: &EvidenceInput,
    key: Option<&str>,
) -> Result<Deal, Refused<AddEvidenceRefusal>> {
    let once = Once::new(actor, "dealAddEvidence", key, &(id, expected_version, input))?;
    // Files that went to a deal are no longer uploads: the second time there is nothing to look up.
    let added = match once.earlier::<AddEvidenceRefusal>(app).await? {
        Some(_) => MoreEvidence::default(),
        None => more(app, actor, input).await.map_err(|e| match e {
            Refused::Refused(e) => Refused::Refused(AddEvidenceRefusal::Evidence(e)),
            Refused::Failed(e) => Refused::Failed(e),
        })?,
    };
    let decide = |d: &Deal, v: &ProgramView, c: Cause| proof::add(d, actor, expected_version, added.clone(), v.date(c.now), c);
    change_with_key(app, actor, id, &once, decide).await
}

/// Reminds of the end of protection when that is due.
pub(crate) async fn remind_one(app: &App, id: &DealId) -> Result<(), AppError> {
    settle(app, id, protection::remind).await
}

/// A decision with news for every registration that waited behind what it gives free and behind nothing else. A decision that
/// moves claims gives nothing free, nor does one on a deal that held none.
pub(crate) async fn with_news(app: &App, decision: Decision) -> Result<Vec<Decision>, AppError> {
    with_news_beside(app, decision, &[]).await
}

/// As [`with_news`], where these claims are taken in the same write: whoever wants one of them waits on.
pub(crate) async fn with_news_beside(app: &App, decision: Decision, taken: &[Claim]) -> Result<Vec<Decision>, AppError> {
    if !decision.release_claims || !decision.take.is_empty() {
        return Ok(vec![decision]);
    }
    let own = &decision.deal.id;
    if app.store.claims_on(&decision.deal.claim_keys()).await?.iter().all(|claim| claim.deal_id != *own) {
        return Ok(vec![decision]);
    }
    let mut waiting = app.store.waiting_behind(&decision.deal, WAITING_MAX).await?;
    let wanted: Vec<ClaimKey> = waiting.iter().flat_map(Deal::claim_keys).collect();
    let others = app.store.claims_on(&wanted).await?;
    let held: Vec<ClaimKey> = others.iter().filter(|claim| claim.deal_id != *own).chain(taken).flat_map(Claim::keys).collect();
    waiting.retain(|w| w.claim_keys().iter().all(|key| !held.contains(key)));
    let cause = app.cause_of("Entente");
    let told = waiting.iter().map(|w| {
        let cause = Cause { event_id: EventId::new(app.ulid()), ..cause.clone() };
        protection::way_freed(w, &cause)
    });
    Ok(std::iter::once(decision.clone()).chain(told).collect())
}
