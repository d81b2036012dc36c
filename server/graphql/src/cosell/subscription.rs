//! Following rooms live.

use async_graphql::{Context, ID, Result, SimpleObject, Subscription, Union};
use entente_app::cosell::RoomFeed;
use futures::{Stream, StreamExt as _};

use crate::context::Ask as _;
use crate::live::{Live, ResyncRequired, live};
use crate::page::id_in_list;
use crate::scalar::DateTime;

/// That something happened in a room: read what is shown of it again. A room that is hidden now answers null.
#[derive(SimpleObject)]
pub(crate) struct DealRoomChange {
    /// Where this change lies in the order of all changes; `dealRoomChanges` goes on from it.
    cursor: String,
    /// The deal of the room.
    deal_id: ID,
    /// What happened, as `ROOM_MESSAGE_SENT`; new kinds may come.
    kind: &'static str,
    /// When.
    occurred_at: DateTime,
    /// Who did it, by the name of that time.
    actor_name: String,
}

/// What `dealRoomChanges` tells.
#[derive(Union)]
pub(crate) enum DealRoomChangeEvent {
    Change(DealRoomChange),
    Resync(ResyncRequired),
}

/// Subscriptions of rooms.
#[derive(Default)]
pub(crate) struct CosellSubscription;

#[Subscription]
impl CosellSubscription {
    /// Changes of rooms that the viewer sees, in one order, each once: of one deal's, or of all.
    async fn deal_room_changes<'ctx>(
        &self,
        ctx: &Context<'ctx>,
        #[graphql(desc = "The deal; left out, all rooms that the viewer sees.")] deal_id: Option<ID>,
        #[graphql(desc = "The cursor of the last change that the client has; left out, the stream begins now.")] after: Option<String>,
    ) -> Result<impl Stream<Item = DealRoomChangeEvent> + 'ctx> {
        ctx.signed_in()?;
        // What is no id of a deal matches nothing, and is not left out.
        let deal = deal_id.and_then(|id| id_in_list("deal", &[id]).pop());
        Ok(live(ctx, RoomFeed { deal }, after.as_deref())?.map(|told| match told {
            Live::Item(cursor, news) => DealRoomChangeEvent::Change(DealRoomChange {
                cursor,
                deal_id: ID(news.deal_id.to_string()),
                kind: news.event.kind.name(),
                occurred_at: DateTime(news.event.occurred_at),
                actor_name: news.event.actor.name,
            }),
            Live::Resync(resync) => DealRoomChangeEvent::Resync(resync),
        }))
    }
}
