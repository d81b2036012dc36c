//! Following the vendor's own opportunities live.

use async_graphql::{Context, ID, Result, SimpleObject, Subscription, Union};
use entente_app::direct::DirectFeed;
use entente_domain::policy::{Action, Resource};
use futures::{Stream, StreamExt as _};

use crate::context::Ask as _;
use crate::live::{Live, ResyncRequired, live};
use crate::problem::Problem;
use crate::scalar::DateTime;

/// An opportunity of the vendor's own was recorded or closed.
#[derive(SimpleObject)]
pub(crate) struct DirectChange {
    /// Where this change lies in the order of all changes; `directChanges` goes on from it.
    cursor: String,
    /// When.
    occurred_at: DateTime,
    /// Which opportunity.
    id: ID,
    /// Its version after that.
    version: i32,
}

/// What `directChanges` tells.
#[derive(Union)]
pub(crate) enum DirectChangeEvent {
    Change(DirectChange),
    Resync(ResyncRequired),
}

/// Subscriptions of the vendor's own opportunities.
#[derive(Default)]
pub(crate) struct DirectSubscription;

#[Subscription]
impl DirectSubscription {
    /// Changes of the vendor's own opportunities, in one order, each once. Only for who may see them.
    async fn direct_changes<'ctx>(
        &self,
        ctx: &Context<'ctx>,
        #[graphql(desc = "The cursor of the last change that the client has; left out, the stream begins now.")] after: Option<String>,
    ) -> Result<impl Stream<Item = DirectChangeEvent> + 'ctx> {
        ctx.signed_in()?;
        if !ctx.may(Action::SeeDirects, Resource::OfVendor) {
            return Err(Problem::forbidden().into());
        }
        Ok(live(ctx, DirectFeed, after.as_deref())?.map(|told| match told {
            Live::Item(cursor, news) => DirectChangeEvent::Change(DirectChange {
                cursor,
                occurred_at: DateTime(news.occurred_at),
                id: ID(news.id.to_string()),
                version: news.version,
            }),
            Live::Resync(resync) => DirectChangeEvent::Resync(resync),
        }))
    }
}
