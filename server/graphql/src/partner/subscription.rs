//! Following partners' profiles live.

use async_graphql::{Context, ID, Result, SimpleObject, Subscription, Union};
use entente_app::partner::PartnerFeed;
use futures::{Stream, StreamExt as _};

use super::Partner;
use crate::context::Ask as _;
use crate::live::{Live, ResyncRequired, live};
use crate::page::{id_in_list, keys};
use crate::scalar::DateTime;

/// A partner was added, or its profile changed.
#[derive(SimpleObject)]
pub(crate) struct PartnerChange {
    /// Where this change lies in the order of all changes; `partnerChanges` goes on from it.
    cursor: String,
    /// When.
    occurred_at: DateTime,
    /// The partner as it is now.
    partner: Partner,
}

/// What `partnerChanges` tells.
#[derive(Union)]
pub(crate) enum PartnerChangeEvent {
    Change(PartnerChange),
    Resync(ResyncRequired),
}

/// Subscriptions of partners.
#[derive(Default)]
pub(crate) struct PartnerSubscription;

#[Subscription]
impl PartnerSubscription {
    /// Changes of partners' profiles that the viewer may see, in one order, each once.
    async fn partner_changes<'ctx>(
        &self,
        ctx: &Context<'ctx>,
        #[graphql(desc = "Which partners, at most 100; all if left out or empty.")] ids: Option<Vec<ID>>,
        #[graphql(desc = "The cursor of the last change that the client has; left out, the stream begins now.")] after: Option<String>,
    ) -> Result<impl Stream<Item = PartnerChangeEvent> + 'ctx> {
        ctx.signed_in()?;
        let feed = PartnerFeed { ids: id_in_list("partner", &keys("ids", ids)?) };
        Ok(live(ctx, feed, after.as_deref())?.map(|told| match told {
            Live::Item(cursor, news) => {
                PartnerChangeEvent::Change(PartnerChange { cursor, occurred_at: DateTime(news.occurred_at), partner: Partner(news.partner) })
            }
            Live::Resync(resync) => PartnerChangeEvent::Resync(resync),
        }))
    }
}
