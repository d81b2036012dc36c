//! Disputes: opened from a verdict or a deal, decided by somebody who owns neither side, replayed for each side as it could see.

mod decide;
mod feed;
mod open;
mod read;
mod replay;
mod say;

use entente_domain::deal::Deal;
use entente_domain::dispute::arbiter::Ties;
use entente_domain::dispute::{Dispute, DisputeDecision, DisputeError, act};
use entente_domain::id::{DealId, DisputeId, PartnerId, UserId};
use entente_domain::partner::Partner;
use entente_domain::policy::{Action, Actor, Scope, scope};
use entente_store::DisputeCommitted;

use crate::deal::{FileRefusal, RegisterRefusal};
use crate::idempotency::KeyRefusal;
use crate::{App, AppError, Refused};

pub use decide::{Candidate, candidates, decide, name_arbiter};
pub use feed::{DisputeFeed, DisputeNews};
pub use open::{OpenInput, open};
pub use read::{DisputeListQuery, count, get, list, of_deal, side};
pub use replay::replay;
pub use say::{StateInput, state, withdraw};

/// Why something about a dispute is refused.
#[derive(Debug)]
pub enum DisputeRefusal {
    /// By the rules of disputes.
    Dispute(DisputeError),
    /// By the rules of registrations, for what the dispute is to be about.
    Register(RegisterRefusal),
    /// A file.
    File(FileRefusal),
    /// The idempotency key cannot be used.
    Key(KeyRefusal),
}

impl From<KeyRefusal> for DisputeRefusal {
    fn from(refusal: KeyRefusal) -> Self {
        Self::Key(refusal)
    }
}

type Outcome<T> = Result<T, Refused<DisputeRefusal>>;

/// How often a change is decided on, when another one came first.
const TRIES: usize = 3;

fn refused(error: DisputeError) -> Refused<DisputeRefusal> {
    Refused::Refused(DisputeRefusal::Dispute(error))
}

/// The dispute as far as the actor may see it.
async fn seen(app: &App, actor: &Actor, id: &str) -> Outcome<Dispute> {
    let id: DisputeId = id.parse().map_err(|_| refused(DisputeError::NotFound))?;
    app.store.dispute(&id, &scope(actor, Action::SeeDisputes)).await?.ok_or_else(|| refused(DisputeError::NotFound))
}

/// Partners and deals of both sides, and who decided on them.
struct Sides {
    partners: Vec<Partner>,
    deals: Vec<Deal>,
    deciders: Vec<UserId>,
}

impl Sides {
    async fn read(app: &App, dispute: &Dispute) -> Result<Self, AppError> {
        let parties = || std::iter::once(&dispute.complainant).chain(&dispute.respondent);
        let partners: Vec<PartnerId> = parties().map(|p| p.partner_id.clone()).collect();
        let deals: Vec<DealId> = parties().filter_map(|p| p.deal_id.clone()).collect();
        let (partners, deals, deciders) =
            futures::try_join!(app.store.partners_by_ids(&partners), app.store.deals_by_ids(&deals, &Scope::All), app.store.deciders(&deals))?;
        Ok(Self { partners, deals, deciders })
    }

    fn ties(&self) -> Ties<'_> {
        Ties { partners: &self.partners, deals: &self.deals, deciders: &self.deciders }
    }
}

/// Changes a dispute that touches no deal; judged again when another change came first.
async fn change(app: &App, actor: &Actor, id: &str, make: impl Fn(&Dispute) -> Result<DisputeDecision, DisputeError>) -> Outcome<Dispute> {
    for _ in 0..TRIES {
        let dispute = seen(app, actor, id).await?;
        let decision = make(&dispute).map_err(refused)?;
        match app.store.commit_dispute(&decision, None).await? {
            DisputeCommitted::Done => return Ok(decision.dispute),
            DisputeCommitted::Stale => {}
            other => return Err(Refused::Failed(AppError::internal(format!("a change of a dispute ended as {other:?}")))),
        }
    }
    Err(lost())
}

fn lost() -> Refused<DisputeRefusal> {
    Refused::Failed(AppError::Unavailable("a change of a dispute lost its race three times".into()))
}

/// Writes down that the deadline was missed, when it was; a race that is lost brings the timer again or makes it needless.
pub(crate) async fn miss_one(app: &App, id: &DisputeId) -> Result<(), AppError> {
    let Some(dispute) = app.store.dispute(id, &Scope::All).await? else { return Ok(()) };
    let Some(decision) = act::miss(&dispute, app.cause_of("Entente")) else { return Ok(()) };
    match app.store.commit_dispute(&decision, None).await? {
        DisputeCommitted::Done => Ok(()),
        // The timer comes again and looks again.
        _ => Err(AppError::Unavailable("a dispute changed while its deadline passed".into())),
    }
}
