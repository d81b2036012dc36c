//! Saved views: each person's own. All of a person's are one list with a version: a change that loses to another of the same
//! person's is judged again.

use entente_domain::event::{Event, EventKind, FieldChange, Subject, Visibility};
use entente_domain::id::SavedViewId;
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_domain::saved_view::{SavedView, SavedViews, ViewChange, ViewError, ViewList};
use entente_store::Committed;
use serde::Serialize;

use crate::idempotency::{KeyRefusal, Once};
use crate::{App, AppError, Refused};

/// Why a view is not kept.
#[derive(Debug)]
pub enum ViewRefusal {
    /// Keys and roles that see no deals keep no views.
    NotAllowed,
    /// By the rules of views.
    View(ViewError),
    /// The idempotency key cannot be used.
    Key(KeyRefusal),
}

impl From<KeyRefusal> for ViewRefusal {
    fn from(refusal: KeyRefusal) -> Self {
        Self::Key(refusal)
    }
}

/// A new view as it was asked for.
#[derive(Debug, Clone, Serialize)]
pub struct NewView {
    /// What it is a view of.
    pub list: ViewList,
    /// What it is called.
    pub name: String,
    /// The filters.
    pub query: String,
    /// Whether the screen begins with it.
    pub default: bool,
}

/// How often a change is judged when another one came first.
const TRIES: usize = 5;

fn may(actor: &Actor) -> bool {
    can(actor, Action::KeepViews, Resource::Any) && actor.api_key.is_none()
}

/// The actor's views of a list, in the order of their making; at most 50.
#[tracing::instrument(level = "debug", name = "saved_view.list", skip_all)]
pub async fn list(app: &App, actor: &Actor, list: ViewList) -> Result<Vec<SavedView>, AppError> {
    if !may(actor) {
        return Ok(Vec::new());
    }
    Ok(app.store.saved_views(&actor.user_id).await?.views.into_iter().filter(|v| v.list == list).collect())
}

/// Keeps a new view.
#[tracing::instrument(level = "debug", name = "saved_view.create", skip_all)]
pub async fn create(app: &App, actor: &Actor, new: &NewView, key: Option<&str>) -> Result<SavedView, Refused<ViewRefusal>> {
    let id = SavedViewId::new(app.ulid());
    let once = Once::new(actor, "savedViewCreate", key, new)?;
    if !may(actor) {
        return Err(Refused::Refused(ViewRefusal::NotAllowed));
    }
    let create = async {
        let changed = change(app, actor, &id, Some(&once), |all| all.create(id.clone(), new.list, &new.name, &new.query, new.default)).await?;
        match changed {
            Some(all) => found(&all, id.as_str()),
            None => {
                let record = once.earlier(app).await?;
                there(app, actor, &record.map(|r| r.result_id).unwrap_or_default()).await
            }
        }
    };
    once.or(app, Box::pin(create), |record| async move { there(app, actor, &record.result_id).await }).await
}

/// Changes a view.
#[tracing::instrument(level = "debug", name = "saved_view.update", skip_all)]
pub async fn update(app: &App, actor: &Actor, id: &str, new: &ViewChange) -> Result<SavedView, Refused<ViewRefusal>> {
    let id = known(id)?;
    let all = change(app, actor, &id, None, |all| all.update(&id, new)).await?.unwrap_or_default();
    found(&all, id.as_str())
}

/// Removes a view; answers what it was.
#[tracing::instrument(level = "debug", name = "saved_view.delete", skip_all)]
pub async fn delete(app: &App, actor: &Actor, id: &str) -> Result<SavedView, Refused<ViewRefusal>> {
    let id = known(id)?;
    let before = if may(actor) { app.store.saved_views(&actor.user_id).await? } else { SavedViews::default() };
    change(app, actor, &id, None, |all| all.delete(&id)).await?;
    found(&before, id.as_str())
}

fn known(id: &str) -> Result<SavedViewId, Refused<ViewRefusal>> {
    id.parse().map_err(|_| Refused::Refused(ViewRefusal::View(ViewError::NotFound)))
}

fn found(all: &SavedViews, id: &str) -> Result<SavedView, Refused<ViewRefusal>> {
    all.views.iter().find(|v| v.id.as_str() == id).cloned().ok_or(Refused::Refused(ViewRefusal::View(ViewError::NotFound)))
}

async fn there(app: &App, actor: &Actor, id: &str) -> Result<SavedView, Refused<ViewRefusal>> {
    found(&app.store.saved_views(&actor.user_id).await?, id)
}

/// Changes the actor's views; none when the key of `once` has been used meanwhile.
async fn change(
    app: &App,
    actor: &Actor,
    id: &SavedViewId,
    once: Option<&Once>,
    make: impl Fn(&SavedViews) -> Result<SavedViews, ViewError>,
) -> Result<Option<SavedViews>, Refused<ViewRefusal>> {
    if !may(actor) {
        return Err(Refused::Refused(ViewRefusal::NotAllowed));
    }
    for _ in 0..TRIES {
        let before = app.store.saved_views(&actor.user_id).await?;
        let after = make(&before).map_err(|e| Refused::Refused(ViewRefusal::View(e)))?;
        let name = |all: &SavedViews| all.views.iter().find(|v| v.id == *id).map(|v| v.name.clone());
        let cause = app.cause(actor);
        let told = Event {
            id: cause.event_id,
            kind: EventKind::UserChanged,
            subject: Subject::User { id: actor.user_id.clone() },
            occurred_at: cause.now,
            actor: cause.actor,
            visibility: Visibility::Internal,
            text: None,
            changes: vec![FieldChange { field: "savedView".into(), before: name(&before), after: name(&after) }],
        };
        let record = once.and_then(|o| o.record(id.as_str(), String::new()));
        match app.store.save_views(&actor.user_id, &after, &[told], record.as_ref()).await? {
            Committed::Done => return Ok(Some(after)),
            Committed::Replayed(record) => {
                if let Some(once) = once {
                    once.same::<ViewRefusal>(record)?;
                }
                return Ok(None);
            }
            Committed::Stale | Committed::Duplicate | Committed::ClaimTaken(_) => {}
        }
    }
    Err(Refused::Failed(AppError::Unavailable("a saved view lost its race five times".into())))
}
