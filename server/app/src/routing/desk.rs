//! A desk: whose registrations somebody decides today, the own ones and those of whom they cover.

use entente_domain::id::UserId;
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_domain::routing::cover;

use crate::{App, AppError};

/// Most people whose registrations lie on one desk: the bound of a list's filter.
const OWNERS_MAX: usize = 100;

/// Whose registrations lie on a desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// The desk's owner first, then those whom the owner covers today.
    pub owners: Vec<UserId>,
}

/// The actor's desk.
#[tracing::instrument(level = "debug", name = "routing.desk", skip_all)]
pub async fn desk(app: &App, actor: &Actor) -> Result<Desk, AppError> {
    if !can(actor, Action::DecideDeal, Resource::OfVendor) {
        return Err(AppError::Forbidden);
    }
    let (view, program) = (app.routing().await?, app.program().await?);
    let people = view.people_on(program.date(app.now()));
    // Whoever is there has a desk of their own: only the others' owners can lie on this one.
    let somebody_away = people.absences.iter().any(|a| a.on(people.today));
    let fallback = view.table.fallback.as_ref();
    let mut owners = vec![actor.user_id.clone()];
    if somebody_away || fallback == Some(&actor.user_id) {
        let mut pending = app.store.pending_owners().await?;
        pending.sort();
        owners.extend(cover::stands_in_for(&actor.user_id, &pending, &people, fallback));
        owners.truncate(OWNERS_MAX);
    }
    Ok(Desk { owners })
}
