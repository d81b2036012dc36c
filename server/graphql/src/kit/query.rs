//! Reading kits.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result};
use entente_app::kit::KitListQuery;
use futures::future::OptionFuture;

use super::Kit;
use super::object::{KitAssetKind, KitConnection};
use crate::context::Ask as _;
use crate::page::{keys, list_cost};
use crate::problem::Problem;

/// Which kits. What is left out or empty does not narrow; the entries of one list are alternatives, at most 100.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct KitFilter {
    /// Languages (ISO 639-1).
    languages: Option<Vec<String>>,
    /// Vertical keys; a kit for any vertical always fits.
    verticals: Option<Vec<String>>,
    /// Kinds of assets, any of them.
    kinds: Option<Vec<KitAssetKind>>,
}

/// Root fields of kits.
#[derive(Default)]
pub(crate) struct KitQuery;

#[Object]
impl KitQuery {
    /// Kits that the viewer may see, newest first: partners those published now, the vendor drafts and past ones too. Empty for
    /// a partner's engineers.
    #[graphql(complexity = "list_cost(first, child_complexity)")]
    async fn kits(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Words of title and summary, at most 200 characters.")] search: Option<String>,
        #[graphql(desc = "Which kits.")] filter: Option<KitFilter>,
        #[graphql(desc = "Rows of the page, 1 to 100; 25 if left out.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<KitConnection> {
        let (app, actor) = (ctx.app()?, ctx.signed_in()?);
        let first = entente_app::page::first(first).map_err(Problem::from)?;
        let filter = filter.unwrap_or_default();
        let query = KitListQuery {
            search: crate::page::search(search)?,
            languages: keys("languages", filter.languages)?,
            verticals: keys("verticals", filter.verticals)?,
            kinds: keys("kinds", filter.kinds)?.into_iter().map(Into::into).collect(),
        };
        let count: OptionFuture<_> = ctx.look_ahead().field("totalCount").exists().then(|| entente_app::kit::count(app, actor, &query)).into();
        let (page, total) = futures::join!(entente_app::kit::list(app, actor, &query, first, after.as_deref()), count);
        let page = page.map_err(Problem::from)?.map(|k| Kit(Arc::new(k)));
        Ok(KitConnection::of(page, total.transpose().map_err(Problem::from)?))
    }

    /// A kit; null when there is none or the viewer may not see it.
    async fn kit(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Result<Option<Kit>> {
        let found = entente_app::kit::get(ctx.app()?, ctx.signed_in()?, &id).await.map_err(Problem::from)?;
        Ok(found.map(|k| Kit(Arc::new(k))))
    }
}
