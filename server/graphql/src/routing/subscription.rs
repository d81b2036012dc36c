//! Following the routing live.

use async_graphql::{Context, Result, SimpleObject, Subscription, Union};
use entente_app::routing::RoutingFeed;
use entente_domain::policy::{Action, Resource};
use futures::{Stream, StreamExt as _};

use crate::context::Ask as _;
use crate::live::{Live, ResyncRequired, live};
use crate::problem::Problem;
use crate::scalar::DateTime;

/// That the routing table, somebody's absence or somebody's right to decide changed: read what is shown of them again.
#[derive(SimpleObject)]
pub(crate) struct RoutingChange {
    /// Where this change lies in the order of all changes; `routingChanges` goes on from it.
    cursor: String,
    /// When.
    occurred_at: DateTime,
}

/// What `routingChanges` tells.
#[derive(Union)]
pub(crate) enum RoutingChangeEvent {
    Change(RoutingChange),
    Resync(ResyncRequired),
}

/// Subscriptions of routing.
#[derive(Default)]
pub(crate) struct RoutingSubscription;

#[Subscription]
impl RoutingSubscription {
    /// Changes of the routing, in one order, each once. The vendor's administrators and channel managers.
    async fn routing_changes<'ctx>(
        &self,
        ctx: &Context<'ctx>,
        #[graphql(desc = "The cursor of the last change that the client has; left out, the stream begins now.")] after: Option<String>,
    ) -> Result<impl Stream<Item = RoutingChangeEvent> + 'ctx> {
        ctx.signed_in()?;
        if !ctx.may(Action::SeeRouting, Resource::OfVendor) {
            return Err(Problem::forbidden().into());
        }
        Ok(live(ctx, RoutingFeed, after.as_deref())?.map(|told| match told {
            Live::Item(cursor, news) => RoutingChangeEvent::Change(RoutingChange { cursor, occurred_at: DateTime(news.occurred_at) }),
            Live::Resync(resync) => RoutingChangeEvent::Resync(resync),
        }))
    }
}
