//! Following deals live. Every event is authorised again by the use case; relations are read anew for each.

use async_graphql::{Context, Result, SimpleObject, Subscription, Union};
use entente_app::live::{LiveItem, subscribe};
use futures::{Stream, StreamExt as _};

use super::DealFilter;
use super::timeline::DealChange;
use crate::context::Ask as _;
use crate::page::{read_seq_cursor, seq_cursor};
use crate::problem::Problem;
use crate::relations::Cell;

/// The changes since a cursor can no longer be told one by one.
#[derive(SimpleObject)]
pub(crate) struct ResyncRequired {
    /// Read the list again, and go on from this cursor.
    cursor: String,
    /// Why.
    reason: String,
}

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
        #[graphql(desc = "Which deals. A change of status or stage is told even when it takes the deal out of these.")] filter: Option<DealFilter>,
        #[graphql(desc = "The cursor of the last change that the client has; left out, the stream begins now.")] after: Option<String>,
    ) -> Result<impl Stream<Item = DealChangeEvent> + 'ctx> {
        let actor = ctx.signed_in()?;
        if !ctx.may(entente_domain::policy::Action::SeeDeals, entente_domain::policy::Resource::Any) {
            return Err(Problem::forbidden().into());
        }
        let query = DealFilter::query(filter, None, None)?;
        let after = after.as_deref().map(read_seq_cursor).transpose()?;
        let stream = subscribe(ctx.app()?, actor.clone(), query, after);
        let relations = ctx.data_opt::<Cell>();
        Ok(stream.map(move |item| {
            if let Some(relations) = relations {
                relations.renew();
            }
            match item {
                LiveItem::Change { seq, change, deal } => DealChangeEvent::Change(Box::new(DealChange {
                    cursor: seq_cursor(seq),
                    event: change.numbered.event.clone(),
                    deal: (*deal).clone(),
                })),
                LiveItem::Resync { seq, reason } => DealChangeEvent::Resync(ResyncRequired { cursor: seq_cursor(seq), reason }),
            }
        }))
    }
}
