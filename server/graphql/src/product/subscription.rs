//! Following the program live.

use async_graphql::{Context, Result, SimpleObject, Subscription, Union};
use entente_app::product::ProgramFeed;
use futures::{Stream, StreamExt as _};

use crate::context::Ask as _;
use crate::live::{Live, ResyncRequired, live};
use crate::scalar::DateTime;

/// That the program's names, products or rules changed: read `program` again.
#[derive(SimpleObject)]
pub(crate) struct ProgramChange {
    /// Where this change lies in the order of all changes; `programChanges` goes on from it.
    cursor: String,
    /// When.
    occurred_at: DateTime,
}

/// What `programChanges` tells.
#[derive(Union)]
pub(crate) enum ProgramChangeEvent {
    Change(ProgramChange),
    Resync(ResyncRequired),
}

/// Subscriptions of the program.
#[derive(Default)]
pub(crate) struct ProgramSubscription;

#[Subscription]
impl ProgramSubscription {
    /// Changes of the program, in one order, each once. Everybody who is signed in.
    async fn program_changes<'ctx>(
        &self,
        ctx: &Context<'ctx>,
        #[graphql(desc = "The cursor of the last change that the client has; left out, the stream begins now.")] after: Option<String>,
    ) -> Result<impl Stream<Item = ProgramChangeEvent> + 'ctx> {
        ctx.signed_in()?;
        Ok(live(ctx, ProgramFeed, after.as_deref())?.map(|told| match told {
            Live::Item(cursor, news) => ProgramChangeEvent::Change(ProgramChange { cursor, occurred_at: DateTime(news.occurred_at) }),
            Live::Resync(resync) => ProgramChangeEvent::Resync(resync),
        }))
    }
}
