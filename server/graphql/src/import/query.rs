//! Reading runs of imports.

use async_graphql::{Context, ID, Object, Result};
use entente_app::import as app;
use futures::future::OptionFuture;

use super::ImportRun;
use super::object::ImportRunConnection;
use crate::context::Ask as _;
use crate::page::{Rows, list_cost};
use crate::problem::Problem;

/// Root fields of imports.
#[derive(Default)]
pub(crate) struct ImportQuery;

#[Object]
impl ImportQuery {
    /// One run of an import; null when there is none. Administrators of the vendor only; FORBIDDEN for everybody else.
    async fn import_run(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Result<Option<ImportRun>> {
        let found = app::get(ctx.app()?, ctx.signed_in()?, &id).await.map_err(Problem::from)?;
        Ok(found.map(ImportRun))
    }

    /// Past and running imports, newest first. Administrators of the vendor only; FORBIDDEN for everybody else.
    #[graphql(complexity = "list_cost(first, child_complexity)")]
    async fn import_runs(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1 to 100; 25 if left out.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<ImportRunConnection> {
        let (entente, actor) = (ctx.app()?, ctx.signed_in()?);
        let first = entente_app::page::first(first).map_err(Problem::from)?;
        let selected = ctx.look_ahead();
        let count: OptionFuture<_> = selected.field("totalCount").exists().then(|| app::count(entente, actor)).into();
        let (page, total) = futures::join!(app::list(entente, actor, first, after.as_deref()), count);
        let page = page.map_err(Problem::from)?;
        if Rows::of(&selected).select("startedBy") {
            let people = page.rows.iter().filter_map(|(_, run)| run.started_by.clone()).collect();
            ctx.relations()?.preload(Vec::new(), people).await?;
        }
        Ok(ImportRunConnection::of(page.map(ImportRun), total.transpose().map_err(Problem::from)?))
    }
}
