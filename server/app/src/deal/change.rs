//! Changes of one deal: load, decide by the domain's rules, commit on the version that was decided on.

use std::sync::Arc;

use entente_domain::deal::claim::ClaimKey;
use entente_domain::deal::stage::StageMove;
use entente_domain::deal::update::DealUpdate;
use entente_domain::deal::{Cause, Deal, DealError, Decision, decide, expire, note, stage, update as updating};
use entente_domain::event::Visibility;
use entente_domain::id::DealId;
use entente_domain::policy::{Action, Actor, scope};
use entente_domain::record::reason::{RejectionReason, with_reason};
use entente_store::{Committed, IdempotencyRecord};

use super::deadline::settle;
use super::protection::with_news;
use crate::idempotency::{KeyRefusal, Once};
use crate::program::ProgramView;
use crate::{App, AppError, Refused};

type Changed = Result<Deal, Refused<DealError>>;

/// Loads within the actor's scope, decides, commits. A race that is lost to another change is answered as stale.
pub(crate) async fn change(
    app: &App,
    actor: &Actor,
    id: &str,
    decide: impl Fn(&Deal, &ProgramView, Cause) -> Result<Decision, DealError>,
) -> Changed {
    match change_once(app, actor, id, decide, None).await? {
        Ended::Changed(deal) => Ok(*deal),
        Ended::Replayed(_) => Err(Refused::Failed(AppError::internal("no idempotency key was written"))),
    }
}

/// How a change ended that was not refused.
enum Ended {
    Changed(Box<Deal>),
    /// The key of the record has been used; this is what it says.
    Replayed(IdempotencyRecord),
}

/// As [`change`], with the record of an idempotency key in the same transaction.
async fn change_once(
    app: &App,
    actor: &Actor,
    id: &str,
    decide: impl Fn(&Deal, &ProgramView, Cause) -> Result<Decision, DealError>,
    once: Option<&IdempotencyRecord>,
) -> Result<Ended, Refused<DealError>> {
    let program = app.program().await?;
    let id: DealId = id.parse().map_err(|_| Refused::Refused(DealError::NotFound))?;
    let scope = scope(actor, Action::SeeDeals);
    let mut deal = app.store.deal(&id, &scope).await?;
    // A refusal is only given on what is certain: after a change of primary a read, or the transaction's own, may show the deal
    // as it was before a change that somebody was told of.
    for _ in 0..TRIES {
        let (refusal, lost) = match attempt(app, &program, actor, deal.as_ref(), &decide, once).await? {
            Attempt::Ended(ended) => return Ok(ended),
            Attempt::Refused(refusal) => (refusal, false),
            Attempt::Lost => (stale(deal.as_ref()), true),
        };
        let now = app.store.deal_for_certain(&id, &scope).await?;
        let same = now.as_ref().map(|d| d.version) == deal.as_ref().map(|d| d.version);
        if same && !lost {
            return Err(Refused::Refused(refusal));
        }
        deal = now;
    }
    Err(Refused::Refused(stale(deal.as_ref())))
}

/// How a change by a link in a letter ended that was not refused.
pub(crate) enum Linked {
    /// It was made.
    Done,
    /// The link was used before.
    UsedBefore,
}

/// As [`change`], for the person of a link in a letter; `used` is written in the same transaction and lets one use in.
pub(crate) async fn change_by_link(
    app: &App,
    actor: &Actor,
    id: &DealId,
    used: &IdempotencyRecord,
    decide: impl Fn(&Deal, &ProgramView, Cause) -> Result<Decision, DealError>,
) -> Result<Linked, Refused<DealError>> {
    match change_once(app, actor, id.as_str(), decide, Some(used)).await? {
        Ended::Changed(_) => Ok(Linked::Done),
        Ended::Replayed(_) => Ok(Linked::UsedBefore),
    }
}

/// How often a change is decided on, when the deal turns out to be another one than was read.
const TRIES: usize = 3;

fn stale(deal: Option<&Deal>) -> DealError {
    deal.map_or(DealError::NotFound, |d| DealError::StaleVersion { current: d.version })
}

/// How one attempt at a change ended.
enum Attempt {
    Ended(Ended),
    Refused(DealError),
    /// The deal is not what was decided on.
    Lost,
}

async fn attempt(
    app: &App,
    program: &Arc<ProgramView>,
    actor: &Actor,
    deal: Option<&Deal>,
    decide: &impl Fn(&Deal, &ProgramView, Cause) -> Result<Decision, DealError>,
    once: Option<&IdempotencyRecord>,
) -> Result<Attempt, AppError> {
    let Some(deal) = deal else { return Ok(Attempt::Refused(DealError::NotFound)) };
    let view = program.under(deal)?;
    let cause = app.cause(actor).covering(crate::routing::covers(app, &view, actor, deal).await?);
    let decision = match decide(deal, &view, cause) {
        Ok(decision) => decision,
        Err(refusal) => return Ok(Attempt::Refused(refusal)),
    };
    if !decision.take.is_empty() {
        expire_stale_claims(app, &decision.deal).await?;
    }
    let writes = with_news(app, decision.clone()).await?;
    Ok(match app.store.commit(&writes, once).await? {
        Committed::Done => {
            // A note moves it in the store alone, for it counts no version.
            let last = decision.events.iter().map(|e| e.occurred_at).max();
            let updated_at = last.map_or(decision.deal.updated_at, |last| last.max(decision.deal.updated_at));
            Attempt::Ended(Ended::Changed(Box::new(Deal { updated_at, ..decision.deal })))
        }
        Committed::Replayed(record) => Attempt::Ended(Ended::Replayed(record)),
        Committed::ClaimTaken(_) => Attempt::Refused(DealError::ClaimTaken),
        Committed::Stale | Committed::Duplicate => Attempt::Lost,
    })
}

/// Claims whose protection has ended do not stand in the way, even when their timer is late: their deals expire first.
pub(super) async fn expire_stale_claims(app: &App, deal: &Deal) -> Result<(), AppError> {
    for holder in app.store.expired_claim_holders(&deal.claim_keys(), app.now()).await? {
        if holder != deal.id {
            expire_one(app, &holder).await?;
        }
    }
    Ok(())
}

/// The same for anything that must not meet a claim.
pub(crate) async fn expire_claims_on(app: &App, keys: &[ClaimKey]) -> Result<(), AppError> {
    for holder in app.store.expired_claim_holders(keys, app.now()).await? {
        expire_one(app, &holder).await?;
    }
    Ok(())
}

/// Expires the deal when its protection has ended.
pub(crate) async fn expire_one(app: &App, id: &DealId) -> Result<(), AppError> {
    settle(app, id, expire::expire).await
}

/// Approves: takes the claims and protects for the program's days.
#[tracing::instrument(level = "debug", name = "deal.approve", skip_all)]
pub async fn approve(app: &App, actor: &Actor, id: &str, expected_version: i32, note: Option<&str>) -> Changed {
    change(app, actor, id, |d, v, c| decide::approve(d, actor, expected_version, note, &v.program, c)).await
}

/// Rejects with a reason, and what kind of reason it is.
#[tracing::instrument(level = "debug", name = "deal.reject", skip_all)]
pub async fn reject(app: &App, actor: &Actor, id: &str, expected_version: i32, reason: &str, kind: Option<RejectionReason>) -> Changed {
    change(app, actor, id, |d, _, c| Ok(with_reason(decide::reject(d, actor, expected_version, reason, c)?, kind))).await
}

/// Asks the partner; the vendor's clock stands still.
#[tracing::instrument(level = "debug", name = "deal.request_info", skip_all)]
pub async fn request_info(app: &App, actor: &Actor, id: &str, expected_version: i32, question: &str) -> Changed {
    change(app, actor, id, |d, v, c| decide::request_info(d, actor, expected_version, question, &v.program, &v.zone, c)).await
}

/// Answers; the vendor's clock goes on.
#[tracing::instrument(level = "debug", name = "deal.provide_info", skip_all)]
pub async fn provide_info(app: &App, actor: &Actor, id: &str, expected_version: i32, answer: &str) -> Changed {
    change(app, actor, id, |d, v, c| decide::provide_info(d, actor, expected_version, answer, &v.program, &v.zone, c)).await
}

/// Takes the registration back.
#[tracing::instrument(level = "debug", name = "deal.withdraw", skip_all)]
pub async fn withdraw(app: &App, actor: &Actor, id: &str, expected_version: i32, reason: Option<&str>) -> Changed {
    change(app, actor, id, |d, _, c| decide::withdraw(d, actor, expected_version, reason, c)).await
}

/// Moves the stage of the sale.
#[tracing::instrument(level = "debug", name = "deal.move_stage", skip_all)]
pub async fn move_stage(app: &App, actor: &Actor, id: &str, expected_version: i32, to: &str, note: Option<&str>) -> Changed {
    change(app, actor, id, |d, v, c| {
        let today = v.date(c.now);
        stage::move_stage(d, actor, expected_version, StageMove { stage: to, note }, &v.program, today, c)
    })
    .await
}

/// Why a note is refused.
#[derive(Debug, PartialEq, Eq)]
pub enum NoteRefusal {
    /// By the rules of deals.
    Deal(DealError),
    /// The idempotency key cannot be used.
    Key(KeyRefusal),
}

impl From<KeyRefusal> for NoteRefusal {
    fn from(refusal: KeyRefusal) -> Self {
        Self::Key(refusal)
    }
}

impl From<DealError> for NoteRefusal {
    fn from(error: DealError) -> Self {
        Self::Deal(error)
    }
}

/// Adds a note. The same `key` (see [`crate::idempotency`]) answers the deal, with the note once.
#[tracing::instrument(level = "debug", name = "deal.add_note", skip_all)]
pub async fn add_note(
    app: &App,
    actor: &Actor,
    id: &str,
    text: &str,
    visibility: Visibility,
    key: Option<&str>,
) -> Result<Deal, Refused<NoteRefusal>> {
    let once = Once::new(actor, "dealAddNote", key, &(id, text, visibility))?;
    change_with_key(app, actor, id, &once, |d, _, c| note::add_note(d, actor, text, visibility, c)).await
}

/// As [`change`]; the same request answers the deal as it is by then, changed once.
pub(super) async fn change_with_key<E: From<KeyRefusal> + From<DealError>>(
    app: &App,
    actor: &Actor,
    id: &str,
    once: &Once,
    decide: impl Fn(&Deal, &ProgramView, Cause) -> Result<Decision, DealError>,
) -> Result<Deal, Refused<E>> {
    let again = async || {
        let none = || Refused::Refused(E::from(DealError::NotFound));
        let id: DealId = id.parse().map_err(|_| none())?;
        app.store.deal(&id, &scope(actor, Action::SeeDeals)).await?.ok_or_else(none)
    };
    if once.earlier::<E>(app).await?.is_some() {
        return again().await;
    }
    let record = once.record(id, String::new());
    match change_once(app, actor, id, decide, record.as_ref()).await {
        Ok(Ended::Changed(deal)) => Ok(*deal),
        Ok(Ended::Replayed(record)) => {
            once.same::<E>(record)?;
            again().await
        }
        // The same request at the same time may have made the version that this one is too late for.
        Err(Refused::Refused(refusal)) => match once.earlier::<E>(app).await? {
            Some(_) => again().await,
            None => Err(Refused::Refused(refusal.into())),
        },
        Err(Refused::Failed(error)) => Err(Refused::Failed(error)),
    }
}

/// Changes title, next step, expected close date.
#[tracing::instrument(level = "debug", name = "deal.update", skip_all)]
pub async fn update(app: &App, actor: &Actor, id: &str, expected_version: i32, new: &DealUpdate) -> Changed {
    change(app, actor, id, |d, v, c| {
        let today = v.date(c.now);
        updating::update(d, actor, expected_version, new, today, c)
    })
    .await
}
