//! Reading people.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result};
use entente_app::user::UserListQuery;
use futures::future::OptionFuture;

use super::object::UserConnection;
use super::{Role, User};
use crate::context::Ask as _;
use crate::page::{Rows, id_in_list, keys, list_cost, search};
use crate::problem::Problem;

/// Which people. What is left out or empty does not narrow; the entries of one list are alternatives, at most 100.
#[derive(Debug, Clone, Default, InputObject)]
pub(crate) struct UserFilter {
    /// Partners they work for, by id.
    partners: Option<Vec<ID>>,
    /// Roles, any of them.
    roles: Option<Vec<Role>>,
    /// Whether they may sign in.
    active: Option<bool>,
}

impl UserFilter {
    /// The query of a list with this filter.
    pub(crate) fn query(filter: Option<Self>, text: Option<String>) -> Result<UserListQuery, Problem> {
        let filter = filter.unwrap_or_default();
        Ok(UserListQuery {
            search: search(text)?,
            partners: id_in_list("part", &keys("partners", filter.partners)?),
            roles: keys("roles", filter.roles)?.into_iter().map(Into::into).collect(),
            active: filter.active,
        })
    }
}

/// Root fields of people.
#[derive(Default)]
pub(crate) struct UserQuery;

#[Object]
impl UserQuery {
    /// People, by name: administrators of the vendor see all, partner administrators their own partner's; FORBIDDEN for
    /// everybody else.
    #[graphql(complexity = "list_cost(first, child_complexity)")]
    async fn users(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Beginning of words of name or e-mail, at most 200 characters.")] search: Option<String>,
        #[graphql(desc = "Which people.")] filter: Option<UserFilter>,
        #[graphql(desc = "Rows of the page, 1 to 100; 25 if left out.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<UserConnection> {
        let (app, actor) = (ctx.app()?, ctx.signed_in()?);
        let first = entente_app::page::first(first).map_err(Problem::from)?;
        let query = UserFilter::query(filter, search)?;
        let selected = ctx.look_ahead();
        let count: OptionFuture<_> = selected.field("totalCount").exists().then(|| entente_app::user::count(app, actor, &query)).into();
        let (page, total) = futures::join!(entente_app::user::list(app, actor, &query, first, after.as_deref()), count);
        let page = page.map_err(Problem::from)?;
        if Rows::of(&selected).select("partner") {
            let partners = page.rows.iter().filter_map(|(_, u)| u.partner_id.clone()).collect();
            ctx.relations()?.preload(partners, Vec::new()).await?;
        }
        Ok(UserConnection::of(page.map(|u| User(Arc::new(u))), total.transpose().map_err(Problem::from)?))
    }
}
