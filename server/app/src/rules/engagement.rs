//! Accepting the rules of engagement for a partner, and whether that has been done.

use entente_domain::event::{EventActor, EventKind, FieldChange, Subject};
use entente_domain::id::PartnerId;
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_domain::rules::engagement::{Acceptance, accepted};
use entente_store::Committed;

use super::event;
use crate::idempotency::{KeyRefusal, Once};
use crate::{App, AppError, Refused};

/// Why the rules of engagement are not accepted.
#[derive(Debug)]
pub enum EngagementRefusal {
    /// Only an administrator of the partner accepts for it.
    NotAllowed,
    /// The rules in force are of another version than the one that was read.
    OtherVersion(i32),
    /// The rules in force have no rules of engagement.
    NothingToAccept,
    /// The idempotency key cannot be used.
    Key(KeyRefusal),
}

/// Accepts the rules of engagement of the version in force, which must be the one that was read. What has been accepted
/// before stays as it was.
#[tracing::instrument(level = "debug", name = "rules.accept", skip_all)]
pub async fn accept(app: &App, actor: &Actor, number: i32, key: Option<&str>) -> Result<Acceptance, Refused<EngagementRefusal>> {
    let refused = |refusal| Err(Refused::Refused(refusal));
    let Some(partner_id) = actor.partner_id.clone() else { return refused(EngagementRefusal::NotAllowed) };
    if !can(actor, Action::AcceptEngagement, Resource::OfPartner(&partner_id)) {
        return refused(EngagementRefusal::NotAllowed);
    }
    let once = Once::new(actor, "engagementAccept", key, &number)?;
    if once.earlier(app).await?.is_some() {
        return there(app, &partner_id, number).await;
    }
    let view = app.program().await?;
    if view.rules.number != number {
        return refused(EngagementRefusal::OtherVersion(view.rules.number));
    }
    if view.rules.rules.requirements.engagement.is_none() {
        return refused(EngagementRefusal::NothingToAccept);
    }
    let before = app.store.acceptances(&partner_id).await?;
    if let Some(known) = accepted(&view.versions, &view.rules, &before) {
        return Ok(known.clone());
    }
    let by = EventActor { user_id: Some(actor.user_id.clone()), name: actor.name.clone() };
    let acceptance = Acceptance { partner_id: partner_id.clone(), rules: number, by, at: app.now() };
    let change = FieldChange { field: "engagementAccepted".into(), before: None, after: Some(number.to_string()) };
    let told = event(app, actor, EventKind::PartnerChanged, Subject::Partner { id: partner_id.clone() }, None, change);
    let record = once.record(&format!("{partner_id} {number}"), String::new());
    match app.store.accept_engagement(&acceptance, &[told], record.as_ref()).await? {
        Committed::Done => Ok(acceptance),
        Committed::Replayed(record) => {
            once.same(record)?;
            there(app, &partner_id, number).await
        }
        // A colleague was first: what is there counts.
        _ => there(app, &partner_id, number).await,
    }
}

/// The acceptance of that version that is known to be there.
async fn there(app: &App, partner_id: &PartnerId, number: i32) -> Result<Acceptance, Refused<EngagementRefusal>> {
    let known = app.store.acceptances(partner_id).await?.into_iter().find(|a| a.rules == number);
    known.ok_or_else(|| Refused::Failed(AppError::internal("an acceptance is neither new nor there")))
}

impl From<KeyRefusal> for EngagementRefusal {
    fn from(refusal: KeyRefusal) -> Self {
        Self::Key(refusal)
    }
}

/// The acceptance that counts for a partner under the rules in force; none when it has not accepted. A partner's people ask
/// for their own; the vendor's staff names one. Hidden from everybody else.
#[tracing::instrument(level = "debug", name = "rules.engagement", skip_all)]
pub async fn engagement(app: &App, actor: &Actor, partner: Option<&str>) -> Result<Option<Acceptance>, AppError> {
    let asked = partner.map(|id| id.parse::<PartnerId>().ok());
    let partner_id = match (&actor.partner_id, asked) {
        (Some(own), None) => own.clone(),
        (Some(own), Some(Some(id))) if id == *own => id,
        (None, Some(Some(id))) if can(actor, Action::SeeWholeDirectory, Resource::OfVendor) => id,
        _ => return Ok(None),
    };
    let view = app.program().await?;
    let known = app.store.acceptances(&partner_id).await?;
    Ok(accepted(&view.versions, &view.rules, &known).cloned())
}
