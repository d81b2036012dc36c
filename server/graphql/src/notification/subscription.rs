//! Following one's own notifications live.

use async_graphql::{Context, Object, Result, Subscription, Union};
use entente_app::notification::{NotificationFeed, NotificationNews};
use futures::{Stream, StreamExt as _};

use crate::context::Ask as _;
use crate::live::{Live, ResyncRequired, live};
use crate::page::count;
use crate::problem::Problem;
use crate::scalar::DateTime;

/// The viewer's notifications changed.
pub(crate) struct NotificationChange {
    cursor: String,
    news: NotificationNews,
}

/// The viewer's notifications changed: something new, or something was read, here or in another window.
#[Object]
impl NotificationChange {
    /// Where this change lies in the order of all changes; `notificationChanges` goes on from it.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// When.
    async fn occurred_at(&self) -> DateTime {
        DateTime(self.news.occurred_at)
    }

    /// Whether there is something new, and not only something that was read.
    async fn is_new(&self) -> bool {
        self.news.is_new
    }

    /// How many are unread now, counted up to 100.
    async fn unread(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(count(entente_app::notification::unread(ctx.app()?, ctx.signed_in()?).await.map_err(Problem::from)?))
    }
}

/// What `notificationChanges` tells.
#[derive(Union)]
pub(crate) enum NotificationChangeEvent {
    Change(NotificationChange),
    Resync(ResyncRequired),
}

/// Subscriptions of notifications.
#[derive(Default)]
pub(crate) struct NotificationSubscription;

#[Subscription]
impl NotificationSubscription {
    /// Changes of the viewer's own notifications, in one order, each once. People only; FORBIDDEN for API keys.
    async fn notification_changes<'ctx>(
        &self,
        ctx: &Context<'ctx>,
        #[graphql(desc = "The cursor of the last change that the client has; left out, the stream begins now.")] after: Option<String>,
    ) -> Result<impl Stream<Item = NotificationChangeEvent> + 'ctx> {
        if ctx.signed_in()?.api_key.is_some() {
            return Err(Problem::forbidden().into());
        }
        Ok(live(ctx, NotificationFeed, after.as_deref())?.map(|told| match told {
            Live::Item(cursor, news) => NotificationChangeEvent::Change(NotificationChange { cursor, news }),
            Live::Resync(resync) => NotificationChangeEvent::Resync(resync),
        }))
    }
}
