//! Reading and changing the routing table. Two changes at once: the number of the version is unique, and one of them is stale.

use std::collections::BTreeSet;

use entente_domain::event::{EventActor, EventKind, FieldChange, Subject};
use entente_domain::id::UserId;
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_domain::routing::check::{CheckFacts, RoutingViolation, check};
use entente_domain::routing::{RoutingTable, StepOwner};
use entente_store::Saved;

use super::event;
use crate::{App, AppError, Refused};

/// Why the table is not changed.
#[derive(Debug)]
pub enum RoutingRefusal {
    /// The actor's role may not do this.
    NotAllowed,
    /// It was decided on another version; this is the current one.
    StaleVersion(i32),
    /// The table breaks these rules.
    Invalid(Vec<RoutingViolation>),
}

/// A change of the table as it was asked for: what it is to say, and the version that it was decided on.
#[derive(Debug, Clone)]
pub struct Update {
    /// The version that the change was decided on; 0 before the first.
    pub expected_version: i32,
    /// What it is to say. Version and author are ours to write.
    pub table: RoutingTable,
}

/// The table: the newest version, or that one. None when there is no such version.
#[tracing::instrument(level = "debug", name = "routing.at", skip_all)]
pub async fn at(app: &App, actor: &Actor, version: Option<i32>) -> Result<Option<RoutingTable>, AppError> {
    if !can(actor, Action::SeeRouting, Resource::OfVendor) {
        return Err(AppError::Forbidden);
    }
    match version {
        None => Ok(Some(app.routing().await?.table.clone())),
        Some(version) => Ok(app.store.routing_table(Some(version)).await?),
    }
}

/// Changes the table: registrations from now on are routed by it; those that wait keep their route.
#[tracing::instrument(level = "debug", name = "routing.update", skip_all)]
pub async fn update(app: &App, actor: &Actor, update: Update) -> Result<RoutingTable, Refused<RoutingRefusal>> {
    if !can(actor, Action::ManageRouting, Resource::OfVendor) {
        return Err(Refused::Refused(RoutingRefusal::NotAllowed));
    }
    app.forget_routing();
    let known = app.routing().await?;
    let stale = |current| Err(Refused::Refused(RoutingRefusal::StaleVersion(current)));
    if known.table.version != update.expected_version {
        return stale(known.table.version);
    }
    let cause = app.cause(actor);
    let table = RoutingTable {
        version: update.expected_version + 1,
        changed_by: Some(EventActor { user_id: Some(actor.user_id.clone()), name: actor.name.clone() }),
        changed_at: Some(cause.now),
        ..update.table
    };
    let wrong = judged(app, &table).await?;
    if !wrong.is_empty() {
        return Err(Refused::Refused(RoutingRefusal::Invalid(wrong)));
    }
    let program = app.program().await?;
    let change = FieldChange { field: "routing".into(), before: Some(update.expected_version.to_string()), after: Some(table.version.to_string()) };
    let told = event(app, actor, EventKind::ProgramChanged, Subject::Program { id: program.program.id.clone() }, change);
    let saved = app.store.add_routing_table(&table, &[told]).await?;
    app.forget_routing();
    match saved {
        Saved::Done => Ok(table),
        Saved::Duplicate | Saved::Stale => stale(app.routing().await?.table.version),
    }
}

/// Everything wrong with a table, with the people whom it names.
async fn judged(app: &App, table: &RoutingTable) -> Result<Vec<RoutingViolation>, AppError> {
    let routing = app.routing().await?;
    let owners = table.rules.iter().flat_map(|r| &r.steps).filter_map(|s| match &s.owner {
        StepOwner::Person(id) => Some(id.clone()),
        StepOwner::PartnerManager => None,
    });
    let named: BTreeSet<UserId> = owners.chain(table.fallback.clone()).collect();
    let found = app.store.users_by_ids(&named.into_iter().collect::<Vec<_>>()).await?;
    // A partner's person is as unknown here as one that never was.
    let known = found.into_iter().filter(|u| u.partner_id.is_none()).map(|u| u.id).collect();
    let view = app.program().await?;
    Ok(check(table, CheckFacts { program: &view.program, known: &known, deciders: &routing.deciders }))
}

/// Writes the first table of the demo program.
pub async fn seed_table(app: &App, actor: &Actor, table: RoutingTable) -> Result<RoutingTable, AppError> {
    app.forget_routing();
    update(app, actor, Update { expected_version: 0, table }).await.map_err(|e| match e {
        Refused::Failed(e) => e,
        Refused::Refused(refusal) => AppError::BadRequest(format!("routing: {refusal:?}")),
    })
}
