//! Reading disputes.

use async_graphql::{Context, ID, Object, Result};
use entente_app::dispute::{self as app, DisputeListQuery};

use super::object::{Dispute, DisputeConnection};
use super::types::DisputeStatus;
use crate::context::Ask as _;
use crate::page::{keys, list_cost};
use crate::problem::Problem;

/// Root fields of disputes.
#[derive(Default)]
pub(crate) struct DisputeQuery;

#[Object]
impl DisputeQuery {
    /// Disputes that the viewer may see, the last opened first: the vendor's staff all, a partner's people those in which their
    /// partner is a side. Empty for roles that see none.
    #[graphql(complexity = "list_cost(first, child_complexity)")]
    async fn disputes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Statuses; all if left out or empty.")] statuses: Option<Vec<DisputeStatus>>,
        #[graphql(desc = "Rows of the page, 1 to 100; 25 if left out.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<DisputeConnection> {
        let actor = ctx.signed_in()?;
        let first = entente_app::page::first(first).map_err(Problem::from)?;
        let query = DisputeListQuery { statuses: keys("statuses", statuses)?.into_iter().map(Into::into).collect() };
        let page = app::list(ctx.app()?, actor, &query, first, after.as_deref()).await.map_err(Problem::from)?;
        Ok(DisputeConnection::of(page.map(Dispute)))
    }

    /// A dispute; null when there is none or the viewer may not see it.
    async fn dispute(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Result<Option<Dispute>> {
        Ok(app::get(ctx.app()?, ctx.signed_in()?, &id).await.map_err(Problem::from)?.map(Dispute))
    }
}
