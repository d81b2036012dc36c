//! Following disputes live.

use async_graphql::{Context, ID, Result, SimpleObject, Subscription, Union};
use entente_app::dispute::DisputeFeed;
use entente_domain::policy::{Action, Resource};
use futures::{Stream, StreamExt as _};

use super::object::Dispute;
use crate::context::Ask as _;
use crate::live::{Live, ResyncRequired, live};
use crate::page::id_in_list;
use crate::problem::Problem;
use crate::scalar::DateTime;

/// A change of a dispute.
#[derive(SimpleObject)]
pub(crate) struct DisputeChange {
    /// Where this change lies in the order of all changes; `disputeChanges` goes on from it.
    cursor: String,
    /// What happened, as `DISPUTE_DECIDED`; new kinds may come.
    kind: String,
    /// When.
    occurred_at: DateTime,
    /// The dispute as it is now.
    dispute: Dispute,
}

/// What `disputeChanges` tells.
#[derive(Union)]
pub(crate) enum DisputeChangeEvent {
    Change(Box<DisputeChange>),
    Resync(ResyncRequired),
}

/// Subscriptions of disputes.
#[derive(Default)]
pub(crate) struct DisputeSubscription;

#[Subscription]
impl DisputeSubscription {
    /// Changes of disputes that the viewer may see, in one order, each once. What is said to or by the other side alone is not
    /// told. FORBIDDEN for roles that see no disputes.
    async fn dispute_changes<'ctx>(
        &self,
        ctx: &Context<'ctx>,
        #[graphql(desc = "One dispute; all that the viewer may see if left out.")] id: Option<ID>,
        #[graphql(desc = "The cursor of the last change that the client has; left out, the stream begins now.")] after: Option<String>,
    ) -> Result<impl Stream<Item = DisputeChangeEvent> + 'ctx> {
        ctx.signed_in()?;
        if !ctx.may(Action::SeeDisputes, Resource::Any) {
            return Err(Problem::forbidden().into());
        }
        let feed = DisputeFeed { id: id.and_then(|id| id_in_list("disp", &[id]).pop()) };
        Ok(live(ctx, feed, after.as_deref())?.map(|told| match told {
            Live::Item(cursor, news) => DisputeChangeEvent::Change(Box::new(DisputeChange {
                cursor,
                kind: news.event.kind.name().to_owned(),
                occurred_at: DateTime(news.event.occurred_at),
                dispute: Dispute((*news.dispute).clone()),
            })),
            Live::Resync(resync) => DisputeChangeEvent::Resync(resync),
        }))
    }
}
