//! Reading rooms.

use async_graphql::{Context, ID, Object, Result};
use entente_app::cosell as app;

use super::object::{DealRoom, DealRoomConnection};
use crate::context::Ask as _;
use crate::page::list_cost;
use crate::problem::Problem;

/// Root fields of rooms.
#[derive(Default)]
pub(crate) struct CosellQuery;

#[Object]
impl CosellQuery {
    /// The room of a deal, for the vendor, the deal's own partner and those who take part; null for everybody else. Without a session:
    /// UNAUTHENTICATED.
    async fn deal_room(&self, ctx: &Context<'_>, #[graphql(desc = "The deal.")] deal_id: ID) -> Result<Option<DealRoom>> {
        let found = app::get(ctx.app()?, ctx.signed_in()?, &deal_id).await.map_err(Problem::from)?;
        Ok(found.map(DealRoom))
    }

    /// Rooms that the viewer sees and in which something was written, the latest changed first.
    #[graphql(complexity = "list_cost(first, child_complexity)")]
    async fn deal_rooms(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1 to 100; 25 if left out.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<DealRoomConnection> {
        let actor = ctx.signed_in()?;
        let first = entente_app::page::first(first).map_err(Problem::from)?;
        let page = app::list(ctx.app()?, actor, first, after.as_deref()).await.map_err(Problem::from)?;
        Ok(DealRoomConnection::of(page.map(DealRoom)))
    }
}
