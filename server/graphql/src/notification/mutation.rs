//! Marking notifications, and choosing how one is told.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use entente_app::Refused;
use entente_domain::notification::preference::PreferenceError;

use super::preference::{NotificationPreferences, NotificationPreferencesInput};
use crate::context::Ask as _;
use crate::page::{count, keys};
use crate::problem::Problem;
use crate::scalar::DateTime;
use crate::user_error::{NotificationPreferencesError, NotificationPreferencesErrorCode as Code, UserError};

/// What became of marking notifications.
#[derive(SimpleObject)]
pub(crate) struct NotificationMarkPayload {
    /// How many of the viewer's notifications that changed.
    changed: i32,
    /// How many are unread now, counted up to 100.
    unread: i32,
    /// What the caller can mend; empty when it is done.
    errors: Vec<UserError>,
}

/// What became of the viewer's choices.
#[derive(SimpleObject)]
pub(crate) struct NotificationPreferencesPayload {
    /// What is wanted now; null when there are errors.
    preferences: Option<NotificationPreferences>,
    /// What the caller can mend; empty when it is done.
    errors: Vec<UserError>,
}

/// Mutations of notifications.
#[derive(Default)]
pub(crate) struct NotificationMutation;

#[Object]
impl NotificationMutation {
    /// Marks some of the viewer's own notifications as read or unread. Others' ids and unknown ones change nothing. People
    /// only; FORBIDDEN for API keys.
    async fn notifications_mark(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Their ids, at most 100.")] ids: Vec<ID>,
        #[graphql(desc = "Read, or unread.")] read: bool,
    ) -> Result<NotificationMarkPayload> {
        let (app, actor) = (ctx.app()?, ctx.signed_in()?);
        let ids: Vec<String> = keys("ids", Some(ids))?.into_iter().map(|id| id.0).collect();
        let changed = entente_app::notification::mark(app, actor, &ids, read).await.map_err(Problem::from)?;
        marked(ctx, changed).await
    }

    /// Marks every notification of the viewer's that happened until then as read; what comes later stays unread. People only;
    /// FORBIDDEN for API keys.
    async fn notifications_mark_all(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The moment of the newest notification that the viewer has seen.")] until: DateTime,
    ) -> Result<NotificationMarkPayload> {
        let changed = entente_app::notification::mark_all(ctx.app()?, ctx.signed_in()?, until.0).await.map_err(Problem::from)?;
        marked(ctx, changed).await
    }

    /// Keeps what the viewer wants to be told how. People only; FORBIDDEN for API keys.
    async fn notification_preferences_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is wanted.")] input: NotificationPreferencesInput,
    ) -> Result<NotificationPreferencesPayload> {
        let (app, actor) = (ctx.app()?, ctx.signed_in()?);
        if actor.api_key.is_some() {
            return Err(Problem::forbidden().into());
        }
        let refused = |code, field: &str, message: String| NotificationPreferencesPayload {
            preferences: None,
            errors: vec![NotificationPreferencesError::of(code, &["input", field], message)],
        };
        let new = match input.read(actor.user_id.clone()) {
            Ok(new) => new,
            Err(field) => return Ok(refused(Code::InvalidInput, field, format!("input.{field} cannot be read; see its description."))),
        };
        match entente_app::notification::choose(app, actor, new).await {
            Ok(kept) => Ok(NotificationPreferencesPayload { preferences: Some(NotificationPreferences::of(ctx, kept).await?), errors: Vec::new() }),
            Err(Refused::Failed(error)) => Err(Problem::from(error).into()),
            Err(Refused::Refused(error)) => {
                let (code, field) = match error {
                    PreferenceError::AlwaysShown => (Code::AlwaysShown, "choices"),
                    PreferenceError::TimeZoneUnknown => (Code::TimeZoneUnknown, "timeZone"),
                    PreferenceError::QuietHoursEmpty => (Code::QuietHoursEmpty, "quietUntil"),
                    PreferenceError::Stale => (Code::StaleVersion, "expectedVersion"),
                };
                Ok(refused(code, field, error.to_string()))
            }
        }
    }
}

async fn marked(ctx: &Context<'_>, changed: u64) -> Result<NotificationMarkPayload> {
    let unread = entente_app::notification::unread(ctx.app()?, ctx.signed_in()?).await.map_err(Problem::from)?;
    Ok(NotificationMarkPayload { changed: count(changed), unread: count(unread), errors: Vec::new() })
}
