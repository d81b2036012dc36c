//! Searching the directory and reading partners.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use entente_app::partner as app;

use super::Partner;
use super::directory::{PartnerConnection, PartnerSuggestion};
use super::input::{PartnerFilter, PartnerOrder};
use crate::context::Ask as _;
use crate::page::{Rows, list_cost};
use crate::problem::Problem;

/// Root fields of partners.
#[derive(Default)]
pub(crate) struct PartnerQuery;

#[Object]
impl PartnerQuery {
    /// The directory. Without a session: published partners and their public fields only. The vendor's staff finds all.
    #[graphql(complexity = "list_cost(first, child_complexity)")]
    async fn partners(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Words that must all match somewhere; typing errors are forgiven, the last word may be a beginning.")] search: Option<
            String,
        >,
        #[graphql(desc = "Which partners.")] filter: Option<PartnerFilter>,
        #[graphql(desc = "The order; by relevance if left out.")] order_by: Option<PartnerOrder>,
        #[graphql(desc = "Rows of the page, 1 to 100; 25 if left out.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<PartnerConnection> {
        let request = app::SearchRequest {
            text: crate::page::search(search)?,
            filter: filter.unwrap_or_default().into_app()?,
            order: order_by.map(Into::into).unwrap_or_default(),
            first: entente_app::page::first(first).map_err(Problem::from)? as usize,
            after,
            ..app::SearchRequest::default()
        };
        let found = app::search(ctx.app()?, ctx.actor(), request).await.map_err(Problem::from)?;
        if ctx.actor().is_some() && Rows::of(&ctx.look_ahead()).select("manager") {
            let managers = found.page.rows.iter().filter_map(|(_, p)| p.manager_id.clone()).collect();
            ctx.relations()?.preload(Vec::new(), managers).await?;
        }
        Ok(found.into())
    }

    /// A partner by id or by the name in its address; null when there is none or the viewer may not see it.
    async fn partner(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id. Give either this or slug.")] id: Option<ID>,
        #[graphql(desc = "Part of its public address. Give either this or id.")] slug: Option<String>,
    ) -> Result<Option<Partner>> {
        let found = match (id, slug) {
            (Some(id), None) => app::get(ctx.app()?, ctx.actor(), &id).await,
            (None, Some(slug)) => app::by_slug(ctx.app()?, ctx.actor(), &slug).await,
            _ => return Err(Problem::bad_request("partner takes either id or slug.").into()),
        };
        Ok(found.map_err(Problem::from)?.map(|p| Partner(Arc::new(p))))
    }

    /// Completion while typing: partners, competencies, places. Open to anyone, like the directory.
    #[graphql(complexity = "list_cost(first, child_complexity)")]
    async fn partner_suggestions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What was typed, at most 200 characters.")] prefix: String,
        #[graphql(desc = "Most suggestions, 1 to 50; 10 if left out.")] first: Option<i32>,
    ) -> Result<Vec<PartnerSuggestion>> {
        let first = u32::try_from(first.unwrap_or(10)).ok().filter(|n| (1..=50).contains(n));
        let first = first.ok_or_else(|| Problem::bad_request("first must be from 1 to 50."))?;
        let Some(prefix) = crate::page::search(Some(prefix))? else { return Ok(Vec::new()) };
        let found = app::suggest(ctx.app()?, ctx.actor(), &prefix, first).await.map_err(Problem::from)?;
        let of = |(s, partner): (app::Suggestion, Option<_>)| PartnerSuggestion { label: s.label, partner: partner.map(|p| Partner(Arc::new(p))) };
        Ok(found.into_iter().map(of).collect())
    }
}
