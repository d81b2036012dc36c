//! Following leads live.

use async_graphql::{Context, ID, Result, SimpleObject, Subscription, Union};
use entente_app::lead::LeadFeed;
use entente_domain::policy::{Action, Resource};
use futures::{Stream, StreamExt as _};

use super::object::{Lead, LeadTimelineEntry};
use crate::context::Ask as _;
use crate::live::{Live, ResyncRequired, live};
use crate::page::id_in_list;
use crate::problem::Problem;

/// A change of a lead.
#[derive(SimpleObject)]
pub(crate) struct LeadChange {
    /// Where this change lies in the order of all changes; `leadChanges` goes on from it.
    cursor: String,
    /// What happened.
    entry: LeadTimelineEntry,
    /// The lead's id.
    lead_id: ID,
    /// The lead as it is now; null when it has left what the viewer may see.
    lead: Option<Lead>,
}

/// What `leadChanges` tells.
#[derive(Union)]
pub(crate) enum LeadChangeEvent {
    Change(Box<LeadChange>),
    Resync(ResyncRequired),
}

/// Subscriptions of leads.
#[derive(Default)]
pub(crate) struct LeadSubscription;

#[Subscription]
impl LeadSubscription {
    /// Changes of leads that the viewer may see, in one order, each once. A lead that leaves the viewer's partner is told of once
    /// more, without what it is. Ends when the viewer loses the right to see leads.
    async fn lead_changes<'ctx>(
        &self,
        ctx: &Context<'ctx>,
        #[graphql(desc = "One lead; all that the viewer may see if left out.")] id: Option<ID>,
        #[graphql(desc = "The cursor of the last change that the client has; left out, the stream begins now.")] after: Option<String>,
    ) -> Result<impl Stream<Item = LeadChangeEvent> + 'ctx> {
        ctx.signed_in()?;
        if !ctx.may(Action::SeeLeads, Resource::Any) {
            return Err(Problem::forbidden().into());
        }
        let feed = LeadFeed { id: id.and_then(|id| id_in_list("lead", &[id]).pop()) };
        Ok(live(ctx, feed, after.as_deref())?.map(|told| match told {
            Live::Item(cursor, news) => LeadChangeEvent::Change(Box::new(LeadChange {
                cursor,
                lead_id: ID(news.id.to_string()),
                lead: news.lead.map(|lead| Lead((*lead).clone())),
                entry: LeadTimelineEntry(news.event),
            })),
            Live::Resync(resync) => LeadChangeEvent::Resync(resync),
        }))
    }
}
