//! Keeping absences. All of them are one list with a version: a change that loses to another is judged again.

use entente_domain::Date;
use entente_domain::event::{EventKind, FieldChange, Subject};
use entente_domain::id::{AbsenceId, UserId};
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_domain::routing::absence::{Absence, AbsenceCode, AbsenceError, remove, save};
use entente_store::Committed;
use serde::Serialize;

use super::event;
use crate::idempotency::{KeyRefusal, Once};
use crate::{App, AppError, Refused};

/// Why an absence is not kept.
#[derive(Debug)]
pub enum AbsenceRefusal {
    /// By the rules of absences.
    Absence(AbsenceError),
    /// The idempotency key cannot be used.
    Key(KeyRefusal),
}

impl From<KeyRefusal> for AbsenceRefusal {
    fn from(refusal: KeyRefusal) -> Self {
        Self::Key(refusal)
    }
}

/// An absence as it was asked for.
#[derive(Debug, Clone, Serialize)]
pub struct AbsenceInput {
    /// The absence to change; none for a new one.
    pub id: Option<String>,
    /// Who is away; none for the actor.
    pub user_id: Option<String>,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// Who acts meanwhile.
    pub cover_id: String,
}

/// How often a change is judged when another one came first.
const TRIES: usize = 5;

fn refused<T>(code: AbsenceCode, field: &'static str, message: &'static str) -> Result<T, Refused<AbsenceRefusal>> {
    Err(Refused::Refused(AbsenceRefusal::Absence(AbsenceError { field, code, message })))
}

/// Adds an absence, or changes one.
#[tracing::instrument(level = "debug", name = "routing.save_absence", skip_all)]
pub async fn save_absence(app: &App, actor: &Actor, input: &AbsenceInput, key: Option<&str>) -> Result<Absence, Refused<AbsenceRefusal>> {
    may(actor)?;
    let once = Once::new(actor, "absenceSave", key, input)?;
    once.or(app, Box::pin(save_once(app, actor, input, &once)), |record| async move { there(app, &record.result_id).await }).await
}

async fn save_once(app: &App, actor: &Actor, input: &AbsenceInput, once: &Once) -> Result<Absence, Refused<AbsenceRefusal>> {
    let user_id = match input.user_id.as_deref().map(str::parse::<UserId>) {
        None => actor.user_id.clone(),
        Some(Ok(id)) => id,
        Some(Err(_)) => return refused(AbsenceCode::PersonUnknown, "userId", "There is no such person on the vendor's side."),
    };
    let Ok(cover) = input.cover_id.parse::<UserId>() else {
        return refused(AbsenceCode::PersonUnknown, "coverId", "There is no such person on the vendor's side.");
    };
    let id = match input.id.as_deref().map(str::parse::<AbsenceId>) {
        None => AbsenceId::new(app.ulid()),
        Some(Ok(id)) => id,
        Some(Err(_)) => return refused(AbsenceCode::NotFound, "id", "There is no such absence."),
    };
    let absence = Absence { id, user_id, from: input.from, until: input.until, cover };
    for _ in 0..TRIES {
        app.forget_routing();
        let (view, program) = (app.routing().await?, app.program().await?);
        let before = view.absences.iter().find(|a| a.id == absence.id);
        if input.id.is_some() && before.is_none() {
            return refused(AbsenceCode::NotFound, "id", "There is no such absence.");
        }
        let people = view.people_on(program.date(app.now()));
        let all = save(absence.clone(), actor, &people).map_err(|e| Refused::Refused(AbsenceRefusal::Absence(e)))?;
        let change = FieldChange { field: "absence".into(), before: before.map(said), after: Some(said(&absence)) };
        let told = event(app, actor, EventKind::UserChanged, Subject::User { id: absence.user_id.clone() }, change);
        let record = once.record(absence.id.as_str(), String::new());
        let committed = app.store.save_absences(view.absences_version, &all, &[told], record.as_ref()).await?;
        app.forget_routing();
        match committed {
            Committed::Done => return Ok(absence),
            Committed::Replayed(record) => return there(app, &once.same::<AbsenceRefusal>(record)?.result_id).await,
            Committed::Stale | Committed::Duplicate | Committed::ClaimTaken(_) => {}
        }
    }
    Err(Refused::Failed(AppError::Unavailable("an absence lost its race five times".into())))
}

/// Removes an absence: the person is there again.
#[tracing::instrument(level = "debug", name = "routing.remove_absence", skip_all)]
pub async fn remove_absence(app: &App, actor: &Actor, id: &str) -> Result<Absence, Refused<AbsenceRefusal>> {
    may(actor)?;
    let Ok(id) = id.parse::<AbsenceId>() else { return refused(AbsenceCode::NotFound, "id", "There is no such absence.") };
    for _ in 0..TRIES {
        app.forget_routing();
        let (view, program) = (app.routing().await?, app.program().await?);
        let all = remove(&id, actor, &view.people_on(program.date(app.now()))).map_err(|e| Refused::Refused(AbsenceRefusal::Absence(e)))?;
        let Some(gone) = view.absences.iter().find(|a| a.id == id).cloned() else { continue };
        let change = FieldChange { field: "absence".into(), before: Some(said(&gone)), after: None };
        let told = event(app, actor, EventKind::UserChanged, Subject::User { id: gone.user_id.clone() }, change);
        let committed = app.store.save_absences(view.absences_version, &all, &[told], None).await?;
        app.forget_routing();
        if committed == Committed::Done {
            return Ok(gone);
        }
    }
    Err(Refused::Failed(AppError::Unavailable("an absence lost its race five times".into())))
}

fn may(actor: &Actor) -> Result<(), Refused<AbsenceRefusal>> {
    if can(actor, Action::DecideDeal, Resource::OfVendor) && actor.api_key.is_none() {
        return Ok(());
    }
    refused(AbsenceCode::NotAllowed, "", "Only people who decide registrations keep absences.")
}

fn said(a: &Absence) -> String {
    format!("{} to {}, covered by {}", a.from, a.until, a.cover)
}

async fn there(app: &App, id: &str) -> Result<Absence, Refused<AbsenceRefusal>> {
    app.forget_routing();
    let found = app.routing().await?.absences.iter().find(|a| a.id.as_str() == id).cloned();
    match found {
        Some(absence) => Ok(absence),
        None => refused(AbsenceCode::NotFound, "id", "There is no such absence any more."),
    }
}
