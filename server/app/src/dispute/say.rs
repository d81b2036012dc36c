//! What a side says in a dispute, with its files; and taking a dispute back.

use entente_domain::dispute::{Audience, Dispute, act};
use entente_domain::policy::Actor;
use entente_store::DisputeCommitted;

use super::open::files_of;
use super::{DisputeRefusal, Outcome, TRIES, change, lost, refused, seen};
use crate::App;
use crate::idempotency::Once;

/// A statement as it was given.
#[derive(Debug, Clone, Default)]
pub struct StateInput {
    /// The words.
    pub text: String,
    /// Ids that uploads answered.
    pub file_ids: Vec<String>,
    /// Who reads it; only the vendor chooses.
    pub audience: Option<Audience>,
    /// Made once per form; see [`crate::idempotency`].
    pub idempotency_key: Option<String>,
}

/// Says something. The same key with the same input says it once.
#[tracing::instrument(level = "debug", name = "dispute.state", skip_all)]
pub async fn state(app: &App, actor: &Actor, id: &str, input: &StateInput) -> Outcome<Dispute> {
    let once = Once::new(actor, "disputeState", input.idempotency_key.as_deref(), &(id, &input.text, &input.file_ids, input.audience))?;
    // Before the files are looked for, so that a dispute that is hidden or over says so first.
    let dispute = seen(app, actor, id).await?;
    if once.earlier::<DisputeRefusal>(app).await?.is_some() {
        return Ok(dispute);
    }
    act::state(&dispute, actor, &input.text, Vec::new(), input.audience, app.cause(actor)).map_err(refused)?;
    let files = files_of(app, actor, &input.file_ids).await?;
    for _ in 0..TRIES {
        let dispute = seen(app, actor, id).await?;
        let decision = act::state(&dispute, actor, &input.text, files.clone(), input.audience, app.cause(actor)).map_err(refused)?;
        let record = once.record(id, String::new());
        match app.store.commit_dispute(&decision, record.as_ref()).await? {
            DisputeCommitted::Done => return Ok(decision.dispute),
            DisputeCommitted::Replayed(record) => {
                once.same::<DisputeRefusal>(record)?;
                return seen(app, actor, id).await;
            }
            DisputeCommitted::Stale | DisputeCommitted::AlreadyOpen | DisputeCommitted::Deals(_) => {}
        }
    }
    Err(lost())
}

/// Takes a dispute back.
#[tracing::instrument(level = "debug", name = "dispute.withdraw", skip_all)]
pub async fn withdraw(app: &App, actor: &Actor, id: &str, expected_version: i32, reason: Option<&str>) -> Outcome<Dispute> {
    change(app, actor, id, |d| act::take_back(d, actor, expected_version, reason, app.cause(actor))).await
}
