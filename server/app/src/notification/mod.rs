//! Notifications of a person: the list, what is unread, marking, and what the person wants to be told how. Who is told what
//! is `notifier`'s, what is sent is [`crate::mail`]'s.

mod digest;
mod feed;
pub(crate) mod matter;
pub mod notifier;

use entente_domain::Timestamp;
use entente_domain::event::{Event, EventActor, EventKind, Subject, Visibility};
use entente_domain::id::{EventId, NotificationId};
use entente_domain::notification::preference::{PreferenceError, Preferences};
use entente_domain::notification::{Notification, is_owed};
use entente_domain::policy::{Action, Actor, Scope, scope};
use entente_store::{Marking, NotificationQuery, NotificationScope, Saved};
use jiff::tz::TimeZone;

use crate::page::{self, Page};
use crate::{App, AppError, Refused};

pub(crate) use digest::send_digest;
pub use feed::{NotificationFeed, NotificationNews};
use matter::{Eyes, Matters};

/// Unread notifications are counted up to so many.
pub const UNREAD_MAX: u64 = 100;

/// A notification as its person sees it now.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The notification.
    pub notification: Notification,
    /// Whether what it asks for is still owed.
    pub owed: bool,
}

/// What the actor may see now, of the actor's own. Integrators' keys have no notifications, not even those of who made them.
pub(crate) fn scope_of(actor: &Actor) -> Result<NotificationScope, AppError> {
    if actor.api_key.is_some() {
        return Err(AppError::Forbidden);
    }
    let about = [("DEAL", Action::SeeDeals), ("LEAD", Action::SeeLeads), ("DISPUTE", Action::SeeDisputes), ("ROOM", Action::SeeDeals)];
    let about = about.into_iter().filter(|(_, right)| scope(actor, *right) != Scope::Nothing).map(|(name, _)| name).collect();
    Ok(NotificationScope { user_id: actor.user_id.clone(), partner_id: actor.partner_id.clone(), about })
}

/// One page, newest first.
#[tracing::instrument(level = "debug", name = "notification.list", skip_all)]
pub async fn list(app: &App, actor: &Actor, unread: bool, first: u32, after: Option<&str>) -> Result<Page<Seen>, AppError> {
    let scope = scope_of(actor)?;
    let name = page::list_name("notifications", &(scope.user_id.as_str(), unread))?;
    let key: Option<(i64, NotificationId)> = page::decode(&name, after)?;
    let after_key = match key {
        Some((ms, id)) => Some((Timestamp::from_millisecond(ms).map_err(|_| AppError::BadRequest("after is not a cursor of this list".into()))?, id)),
        None => None,
    };
    let query = NotificationQuery { scope, unread, after: after_key, limit: first + 1 };
    let rows = app.store.notifications(&query).await?;
    let page = Page::of(rows, first, after.is_some(), &name, |n: &Notification| (n.at.as_millisecond(), n.id.clone()))?;
    let asking = page.rows.iter().map(|(_, n)| n).filter(|n| n.kind.asks()).map(|n| &n.about);
    let matters = Matters::read(app, Eyes::Of(actor), asking).await?;
    Ok(page.map(|notification| {
        let owed = matters.get(&notification.about).is_some_and(|matter| is_owed(notification.kind, matter));
        Seen { notification, owed }
    }))
}

/// How many are unread, up to [`UNREAD_MAX`].
#[tracing::instrument(level = "debug", name = "notification.unread", skip_all)]
pub async fn unread(app: &App, actor: &Actor) -> Result<u64, AppError> {
    Ok(app.store.count_unread(&scope_of(actor)?, UNREAD_MAX).await?)
}

/// Marks those of these that are the actor's own as read, or as unread, and answers how many that changed. Others' and those
/// that never were are nothing.
#[tracing::instrument(level = "debug", name = "notification.mark", skip_all)]
pub async fn mark(app: &App, actor: &Actor, ids: &[String], read: bool) -> Result<u64, AppError> {
    let ids: Vec<NotificationId> = ids.iter().filter_map(|id| id.parse().ok()).collect();
    marked(app, actor, &Marking::Ids(ids), read).await
}

/// Marks everything that happened until then as read, and answers how much that changed. What comes after stays unread.
#[tracing::instrument(level = "debug", name = "notification.mark_all", skip_all)]
pub async fn mark_all(app: &App, actor: &Actor, until: Timestamp) -> Result<u64, AppError> {
    marked(app, actor, &Marking::Until(until), true).await
}

async fn marked(app: &App, actor: &Actor, which: &Marking, read: bool) -> Result<u64, AppError> {
    let scope = scope_of(actor)?;
    let event = Event {
        id: EventId::new(app.ulid()),
        kind: EventKind::NotificationsRead,
        subject: Subject::Inbox { people: vec![actor.user_id.clone()] },
        occurred_at: app.now(),
        actor: EventActor { user_id: Some(actor.user_id.clone()), name: actor.name.clone() },
        visibility: Visibility::Internal,
        text: None,
        changes: Vec::new(),
    };
    Ok(app.store.mark_notifications(&scope, which, read.then(|| app.now()), &event).await?)
}

/// What the actor wants to be told how.
#[tracing::instrument(level = "debug", name = "notification.preferences", skip_all)]
pub async fn preferences(app: &App, actor: &Actor) -> Result<Preferences, AppError> {
    let scope = scope_of(actor)?;
    let chosen = app.store.preferences(&scope.user_id).await?;
    Ok(chosen.unwrap_or_else(|| Preferences::usual(actor.user_id.clone())))
}

/// Keeps what the actor chose, if nothing else was chosen since the version that it was made from.
#[tracing::instrument(level = "debug", name = "notification.choose", skip_all)]
pub async fn choose(app: &App, actor: &Actor, new: Preferences) -> Result<Preferences, Refused<PreferenceError>> {
    scope_of(actor)?;
    let based_on = new.version;
    let zone = new.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok());
    new.check(zone.as_ref()).map_err(Refused::Refused)?;
    let new = Preferences { user_id: actor.user_id.clone(), version: based_on.saturating_add(1), ..new };
    let event = Event {
        id: EventId::new(app.ulid()),
        kind: EventKind::UserChanged,
        subject: Subject::User { id: actor.user_id.clone() },
        occurred_at: app.now(),
        actor: EventActor { user_id: Some(actor.user_id.clone()), name: actor.name.clone() },
        visibility: Visibility::Internal,
        text: None,
        changes: vec![entente_domain::event::FieldChange {
            field: "notifications".to_owned(),
            before: None,
            after: serde_json::to_string(&new.chosen).ok(),
        }],
    };
    match app.store.save_preferences(&new, based_on, &[event]).await? {
        Saved::Done => Ok(new),
        Saved::Stale | Saved::Duplicate => Err(Refused::Refused(PreferenceError::Stale)),
    }
}

/// The time zone in which a person's hours are.
pub(crate) fn zone_of(preferences: &Preferences, program: &TimeZone) -> TimeZone {
    preferences.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok()).unwrap_or_else(|| program.clone())
}
