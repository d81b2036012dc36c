//! Pages of deals: the rows with everything of one relation level that was selected, read with one query per relation.

use async_graphql::{Context, Result};
use entente_app::deal::DealListQuery;
use entente_domain::deal as domain;
use futures::future::OptionFuture;

use super::{Deal, DealFilter};
use crate::context::Ask as _;
use crate::page::{Rows, connection};
use crate::problem::Problem;

connection!(counted DealConnection, DealEdge, Deal, "deal");

/// One page of deals that the viewer may see, with their relations and, where it was selected, the count.
pub(crate) async fn deal_page(ctx: &Context<'_>, query: &DealListQuery, first: Option<i32>, after: Option<&str>) -> Result<DealConnection> {
    let (app, actor) = (ctx.app()?, ctx.signed_in()?);
    let first = entente_app::page::first(first).map_err(Problem::from)?;
    let selected = ctx.look_ahead();
    let count: OptionFuture<_> = selected.field("totalCount").exists().then(|| entente_app::deal::count(app, actor, query)).into();
    let rows = entente_app::deal::list(app, actor, query, first, after);
    let (page, total) = futures::join!(rows, count);
    let page = page.map_err(Problem::from)?;
    preload(ctx, &Rows::of(&selected), page.rows.iter().map(|(_, deal)| deal)).await?;
    Ok(DealConnection::of(page.map(Deal), total.transpose().map_err(Problem::from)?))
}

/// Loads partners and people of these deals, where the selection asks for them.
pub(crate) async fn preload<'a>(ctx: &Context<'_>, rows: &Rows<'_>, deals: impl Iterator<Item = &'a domain::Deal> + Clone) -> Result<()> {
    let mut partners = Vec::new();
    if rows.select("partner") {
        partners.extend(deals.clone().map(|d| d.partner_id.clone()));
    }
    let mut users = Vec::new();
    if rows.select("manager") {
        users.extend(deals.clone().filter_map(|d| d.manager_id.clone()));
    }
    if rows.select("route") {
        users.extend(deals.clone().flat_map(|d| d.route.steps.iter().map(|s| s.owner.clone())));
    }
    if rows.select("registeredBy") {
        users.extend(deals.filter_map(|d| d.registered_by.clone()));
    }
    ctx.relations()?.preload(partners, users).await?;
    Ok(())
}

impl DealFilter {
    /// The page of one partner's deals with this filter on top.
    pub(crate) async fn page_of_partner(
        ctx: &Context<'_>,
        filter: Option<Self>,
        partner: &entente_domain::id::PartnerId,
        first: Option<i32>,
        after: Option<&str>,
    ) -> Result<DealConnection> {
        let mut query = Self::query(filter, None, None)?;
        let in_filter = query.partners.is_empty() || query.partners.contains(partner);
        let may = ctx.may(entente_domain::policy::Action::SeeDeals, entente_domain::policy::Resource::OfPartner(partner));
        if !in_filter || !may {
            entente_app::page::first(first).map_err(Problem::from)?;
            return Ok(DealConnection::of(entente_app::page::Page::empty(), Some(0)));
        }
        query.partners = vec![partner.clone()];
        deal_page(ctx, &query, first, after).await
    }
}
