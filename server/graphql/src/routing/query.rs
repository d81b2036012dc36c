//! Reading the routing and the viewer's desk.

use async_graphql::{Context, Object, Result};
use entente_app::routing as app;

use super::object::{Desk, Routing, shown};
use crate::context::Ask as _;
use crate::problem::Problem;

/// Root fields of routing.
#[derive(Default)]
pub(crate) struct RoutingQuery;

#[Object]
impl RoutingQuery {
    /// How registrations find the people who decide them. The vendor's administrators and channel managers; null when there is no
    /// such version.
    #[graphql(complexity = "20 + child_complexity")]
    async fn routing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The version; the one in force if left out.")] version: Option<i32>,
    ) -> Result<Option<Routing>> {
        let table = app::at(ctx.app()?, ctx.signed_in()?, version).await.map_err(Problem::from)?;
        match table {
            Some(table) => Ok(Some(shown(ctx, table).await?)),
            None => Ok(None),
        }
    }

    /// Whose registrations the viewer decides today, and how many wait. The vendor's administrators and channel managers.
    #[graphql(complexity = "10 + child_complexity")]
    async fn desk(&self, ctx: &Context<'_>) -> Result<Desk> {
        Ok(Desk(app::desk(ctx.app()?, ctx.signed_in()?).await.map_err(Problem::from)?))
    }
}
