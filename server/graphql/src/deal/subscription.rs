//! Following deals live.

use async_graphql::{Context, Result, Subscription, Union};
use entente_app::deal::DealFeed;
use entente_domain::policy::{Action, Resource};
use futures::{Stream, StreamExt as _};

use super::DealFilter;
use super::timeline::DealChange;
use crate::context::Ask as _;
use crate::live::{Live, ResyncRequired, live};
use crate::problem::Problem;

/// What `dealChanges` tells.
#[derive(Union)]
pub(crate) enum DealChangeEvent {
    Change(Box<DealChange>),
    Resync(ResyncRequired),
}

/// Subscriptions of deals.
#[derive(Default)]
pub(crate) struct DealSubscription;

#[Subscription]
impl DealSubscription {
    /// Changes of deals that the viewer may see, in one order, each once. Ends when the viewer loses the right to see deals.
    async fn deal_changes<'ctx>(
        &self,
        ctx: &Context<'ctx>,
        #[graphql(desc = "Which deals. A change of status or stage, and an answer, is told even when it takes the deal out of these.")]
        filter: Option<DealFilter>,
        #[graphql(desc = "The cursor of the last change that the client has; left out, the stream begins now.")] after: Option<String>,
    ) -> Result<impl Stream<Item = DealChangeEvent> + 'ctx> {
        let actor = ctx.signed_in()?;
        if !ctx.may(Action::SeeDeals, Resource::Any) {
            return Err(Problem::forbidden().into());
        }
        let feed = DealFeed::new(&DealFilter::query(filter, None, None)?, actor);
        Ok(live(ctx, feed, after.as_deref())?.map(|told| match told {
            Live::Item(cursor, news) => DealChangeEvent::Change(Box::new(DealChange { cursor, event: news.event, deal: (*news.deal).clone() })),
            Live::Resync(resync) => DealChangeEvent::Resync(resync),
        }))
    }
}
