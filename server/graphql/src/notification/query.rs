//! Reading notifications and preferences.

use async_graphql::{Context, Object, Result};
use entente_domain::id::DealId;
use entente_domain::notification::About;

use super::object::{Notification, NotificationConnection};
use super::preference::NotificationPreferences;
use crate::context::Ask as _;
use crate::page::{Rows, count, list_cost};
use crate::problem::Problem;

/// Root fields of notifications.
#[derive(Default)]
pub(crate) struct NotificationQuery;

#[Object]
impl NotificationQuery {
    /// The viewer's own notifications, newest first, kept for 180 days. One about what the viewer may not see any more is not
    /// there. People only; FORBIDDEN for API keys.
    #[graphql(complexity = "list_cost(first, child_complexity)")]
    async fn notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that were not read.")] unread: Option<bool>,
        #[graphql(desc = "Rows of the page, 1 to 100; 25 if left out.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<NotificationConnection> {
        let (app, actor) = (ctx.app()?, ctx.signed_in()?);
        let first = entente_app::page::first(first).map_err(Problem::from)?;
        let page = entente_app::notification::list(app, actor, unread.unwrap_or_default(), first, after.as_deref()).await.map_err(Problem::from)?;
        if Rows::of(&ctx.look_ahead()).select("deal") {
            let of = |about: &About| if let About::Deal { id } = about { Some(id.clone()) } else { None };
            let ids: Vec<DealId> = page.rows.iter().filter_map(|(_, seen)| of(&seen.notification.about)).collect();
            let found = entente_app::deal::get_many(app, actor, &ids).await.map_err(Problem::from)?;
            ctx.relations()?.keep_deals(&ids, found);
        }
        Ok(NotificationConnection::of(page.map(Notification)))
    }

    /// How many of the viewer's notifications are unread, counted up to 100. People only; FORBIDDEN for API keys.
    async fn notifications_unread(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(count(entente_app::notification::unread(ctx.app()?, ctx.signed_in()?).await.map_err(Problem::from)?))
    }

    /// What the viewer wants to be told how. People only; FORBIDDEN for API keys.
    async fn notification_preferences(&self, ctx: &Context<'_>) -> Result<NotificationPreferences> {
        let (app, actor) = (ctx.app()?, ctx.signed_in()?);
        let preferences = entente_app::notification::preferences(app, actor).await.map_err(Problem::from)?;
        Ok(NotificationPreferences::of(ctx, preferences).await?)
    }
}
