//! Reading leads.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use entente_app::lead as app;
use entente_domain::lead::LeadStatus as DomainStatus;
use entente_domain::policy::{Action, Resource};
use futures::future::OptionFuture;

use super::input::{LeadFilter, LeadOrder};
use super::object::{Lead, LeadConnection, LeadStatus};
use crate::context::Ask as _;
use crate::page::{Rows, count, list_cost};
use crate::problem::Problem;
use crate::scalar::Decimal;

/// How many leads have one status.
#[derive(SimpleObject)]
pub(crate) struct LeadStatusCount {
    /// The status.
    status: LeadStatus,
    /// How many.
    count: i32,
}

/// Numbers over the leads that the viewer may see.
#[derive(SimpleObject)]
pub(crate) struct LeadSummary {
    /// Leads of the filter by status, every status, in the order of the board.
    by_status: Vec<LeadStatusCount>,
    /// Of all leads: those that a partner has, or had when they ended.
    with_partner: i32,
    /// Won deals that came of leads.
    won: i32,
    /// Won deals from partner leads in per cent of those leads, with two decimals; null without a lead.
    lead_to_close: Option<Decimal>,
}

/// Root fields of leads.
#[derive(Default)]
pub(crate) struct LeadQuery;

#[Object]
impl LeadQuery {
    /// Leads that the viewer may see: the vendor's staff all, a partner's people those that their partner has. Empty for roles
    /// that see no leads.
    #[graphql(complexity = "list_cost(first, child_complexity)")]
    async fn leads(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Beginnings of words of number, person, firm or address, at most 200 characters.")] search: Option<String>,
        #[graphql(desc = "Which leads.")] filter: Option<LeadFilter>,
        #[graphql(desc = "The order; newest first if left out.")] order_by: Option<LeadOrder>,
        #[graphql(desc = "Rows of the page, 1 to 100; 25 if left out.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<LeadConnection> {
        let (entente, actor) = (ctx.app()?, ctx.signed_in()?);
        let query = LeadFilter::query(filter, search, order_by)?;
        let first = entente_app::page::first(first).map_err(Problem::from)?;
        let selected = ctx.look_ahead();
        let counted: OptionFuture<_> = selected.field("totalCount").exists().then(|| app::metrics(entente, actor, &query)).into();
        let (page, total) = futures::join!(app::list(entente, actor, &query, first, after.as_deref()), counted);
        let page = page.map_err(Problem::from)?;
        let rows = Rows::of(&selected);
        let leads = || page.rows.iter().map(|(_, lead)| lead);
        let partners = if rows.select("partner") { leads().filter_map(|l| l.partner_id.clone()).collect() } else { Vec::new() };
        let people = if rows.select("vendorPerson") { leads().filter_map(|l| l.vendor_user.clone()).collect() } else { Vec::new() };
        ctx.relations()?.preload(partners, people).await?;
        let total = total.transpose().map_err(Problem::from)?.map(|m| m.by_status.values().sum());
        Ok(LeadConnection::of(page.map(Lead), total))
    }

    /// A lead; null when there is none or the viewer may not see it.
    async fn lead(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Result<Option<Lead>> {
        Ok(app::get(ctx.app()?, ctx.signed_in()?, &id).await.map_err(Problem::from)?.map(Lead))
    }

    /// Counts by status of the leads of a filter, and how many leads became deals that were won. FORBIDDEN for roles that see no
    /// leads.
    #[graphql(complexity = "20 + child_complexity")]
    async fn lead_summary(&self, ctx: &Context<'_>, #[graphql(desc = "Which leads.")] filter: Option<LeadFilter>) -> Result<LeadSummary> {
        let actor = ctx.signed_in()?;
        if !ctx.may(Action::SeeLeads, Resource::Any) {
            return Err(Problem::forbidden().into());
        }
        let found = app::metrics(ctx.app()?, actor, &LeadFilter::query(filter, None, None)?).await.map_err(Problem::from)?;
        let of =
            |status: DomainStatus| LeadStatusCount { status: status.into(), count: count(found.by_status.get(&status).copied().unwrap_or_default()) };
        Ok(LeadSummary {
            by_status: DomainStatus::ALL.into_iter().map(of).collect(),
            with_partner: count(found.with_partner),
            won: count(found.won),
            lead_to_close: found.lead_to_close().map(|d| Decimal(entente_domain::money::format_decimal(d))),
        })
    }
}
