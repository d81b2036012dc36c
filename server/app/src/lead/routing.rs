//! The rules by which leads find a partner: the version in force, the versions before it, and saving the next one.

use std::collections::BTreeSet;

use entente_domain::Timestamp;
use entente_domain::event::{Event, EventActor, EventKind, FieldChange, Subject, Visibility};
use entente_domain::id::LeadRoutingId;
use entente_domain::lead::LeadError;
use entente_domain::lead::routing::{Known, LeadRouting, RoutingSet, VERSIONS_MAX, check, note};
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_store::Committed;
use serde::Serialize;

use super::LeadRefusal;
use super::give::is_active;
use crate::clock::ulid_of;
use crate::idempotency::Once;
use crate::page::{self, Page};
use crate::{App, AppError, Refused};

/// The next version as it was asked for.
#[derive(Debug, Clone, Serialize)]
pub struct RoutingProposal {
    /// What it says.
    pub set: RoutingSet,
    /// Why.
    pub note: Option<String>,
    /// Number of the version that it was made from.
    pub expected_number: i32,
}

/// What holds before anybody saved a version.
fn unsaved() -> LeadRouting {
    let by = EventActor { user_id: None, name: "Entente".into() };
    LeadRouting {
        id: LeadRoutingId::new(ulid_of("the lead routing that a program begins with")),
        number: 0,
        set: RoutingSet::default(),
        note: None,
        by,
        at: Timestamp::UNIX_EPOCH,
    }
}

/// The version in force.
pub(super) async fn in_force(app: &App) -> Result<LeadRouting, AppError> {
    Ok(app.store.lead_routing(None).await?.unwrap_or_else(unsaved))
}

fn may_see(actor: &Actor) -> Result<(), AppError> {
    if can(actor, Action::SeeLeadRouting, Resource::OfVendor) { Ok(()) } else { Err(AppError::Forbidden) }
}

/// The version in force, for the vendor's staff.
#[tracing::instrument(level = "debug", name = "lead.routing", skip_all)]
pub async fn current(app: &App, actor: &Actor) -> Result<LeadRouting, AppError> {
    may_see(actor)?;
    in_force(app).await
}

/// The version of that number; none when there is none.
#[tracing::instrument(level = "debug", name = "lead.routing_at", skip_all)]
pub async fn routing_at(app: &App, actor: &Actor, number: i32) -> Result<Option<LeadRouting>, AppError> {
    may_see(actor)?;
    Ok(app.store.lead_routing(Some(number)).await?.or_else(|| (number == 0).then(unsaved)))
}

/// One page of versions, newest first.
#[tracing::instrument(level = "debug", name = "lead.routing_versions", skip_all)]
pub async fn versions(app: &App, actor: &Actor, first: u32, after: Option<&str>) -> Result<Page<LeadRouting>, AppError> {
    may_see(actor)?;
    let name = page::list_name("leadRoutings", &())?;
    let before: Option<i32> = page::decode(&name, after)?;
    let rows = app.store.lead_routings(before, first + 1).await?;
    Page::of(rows, first, after.is_some(), &name, |r| r.number)
}

/// Saves the next version; it is in force at once, for leads that come or go on from then.
#[tracing::instrument(level = "debug", name = "lead.routing_save", skip_all)]
pub async fn save(app: &App, actor: &Actor, proposal: &RoutingProposal, key: Option<&str>) -> Result<LeadRouting, Refused<LeadRefusal>> {
    if !can(actor, Action::ManageLeadRouting, Resource::OfVendor) {
        return Err(Refused::Refused(LeadError::NotAllowed.into()));
    }
    let once = Once::new(actor, "leadRoutingSave", key, proposal)?;
    once.or(app, Box::pin(save_once(app, actor, proposal, &once)), |record| async move { saved(app, &record.result).await }).await
}

/// The version that was saved the first time.
async fn saved(app: &App, number: &str) -> Result<LeadRouting, Refused<LeadRefusal>> {
    let number: i32 = number.parse().map_err(AppError::internal)?;
    let found = app.store.lead_routing(Some(number)).await?;
    found.ok_or_else(|| Refused::Failed(AppError::internal("an idempotency record names no version of lead routing")))
}

async fn save_once(app: &App, actor: &Actor, proposal: &RoutingProposal, once: &Once) -> Result<LeadRouting, Refused<LeadRefusal>> {
    let last = in_force(app).await?;
    if last.number != proposal.expected_number || last.number >= VERSIONS_MAX {
        return Err(Refused::Refused(LeadRefusal::RoutingStale(last.number)));
    }
    let view = app.program().await?;
    let mut partners = BTreeSet::new();
    app.store.all_partners(|some| partners.extend(some.into_iter().filter(is_active).map(|p| p.id))).await?;
    let users = vendor_people(app, &proposal.set).await?;
    let known = Known { program: &view.program, partners: &partners, users: &users };
    let set = check(proposal.set.clone(), known).map_err(|wrong| Refused::Refused(LeadRefusal::Routing(wrong)))?;
    let note = note(proposal.note.as_deref()).map_err(|wrong| Refused::Refused(LeadRefusal::Routing(vec![wrong])))?;
    let by = EventActor { user_id: Some(actor.user_id.clone()), name: actor.name.clone() };
    let version = LeadRouting { id: LeadRoutingId::new(app.ulid()), number: last.number + 1, set, note, by, at: app.now() };
    let cause = app.cause(actor);
    let change = FieldChange { field: "leadRouting".into(), before: Some(last.number.to_string()), after: Some(version.number.to_string()) };
    let told = Event {
        id: cause.event_id,
        kind: EventKind::ProgramChanged,
        subject: Subject::Program { id: view.program.id.clone() },
        occurred_at: cause.now,
        actor: cause.actor,
        visibility: Visibility::Internal,
        text: version.note.clone(),
        changes: vec![change],
    };
    let record = once.record(version.id.as_str(), version.number.to_string());
    match app.store.add_lead_routing(&version, &[told], record.as_ref()).await? {
        Committed::Done => Ok(version),
        Committed::Replayed(record) => saved(app, &once.same::<LeadRefusal>(record)?.result).await,
        _ => Err(Refused::Refused(LeadRefusal::RoutingStale(in_force(app).await?.number))),
    }
}

/// The vendor's active people among those that the rules name.
async fn vendor_people(app: &App, set: &RoutingSet) -> Result<BTreeSet<entente_domain::id::UserId>, AppError> {
    let Some(id) = &set.fallback_user else { return Ok(BTreeSet::new()) };
    let found = app.store.users_by_ids(std::slice::from_ref(id)).await?;
    Ok(found.into_iter().filter(|u| u.active && u.partner_id.is_none()).map(|u| u.id).collect())
}
