//! Reading deals.

use async_graphql::{Context, ID, Object, Result};
use entente_app::deal as app;

use super::connection::preload;
use super::input::{DealOrder, DealRegisterInput};
use super::timeline::{DealChange, DealChangeConnection};
use super::types::{AttentionItem, DealVerdict, StageSummary};
use super::{Deal, DealConnection, DealFilter, deal_page, error};
use crate::context::Ask as _;
use crate::page::{Rows, list_cost, seq_cursor};
use crate::problem::Problem;
use crate::program::{DealStage, Money};
use crate::scalar::DateTime;

/// Root fields of deals.
#[derive(Default)]
pub(crate) struct DealQuery;

#[Object]
impl DealQuery {
    /// Deals that the viewer may see: the vendor's staff all, a partner's people their own partner's. Empty for roles that see no
    /// deals.
    #[graphql(complexity = "list_cost(first, child_complexity)")]
    async fn deals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Beginnings of words of title, number or customer, at most 200 characters.")] search: Option<String>,
        #[graphql(desc = "Which deals.")] filter: Option<DealFilter>,
        #[graphql(desc = "The order; last changed first if left out.")] order_by: Option<DealOrder>,
        #[graphql(desc = "Rows of the page, 1 to 100; 25 if left out.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<DealConnection> {
        ctx.signed_in()?;
        deal_page(ctx, &DealFilter::query(filter, search, order_by)?, first, after.as_deref()).await
    }

    /// A deal; null when there is none or the viewer may not see it.
    async fn deal(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id.")] id: ID,
        #[graphql(
            desc = "The deal as the viewer could see it at that moment, with its timeline up to then; nothing can be done with it. Null when it was not there yet."
        )]
        as_of: Option<DateTime>,
    ) -> Result<Option<Deal>> {
        let (app, actor) = (ctx.app()?, ctx.signed_in()?);
        let found = match as_of {
            None => app::get(app, actor, &id).await,
            Some(moment) => {
                ctx.show(moment.0)?;
                app::as_of(app, actor, &id, moment.0).await
            }
        };
        let found = found.map_err(Problem::from)?;
        preload(ctx, &Rows::only(ctx.look_ahead()), found.iter()).await?;
        Ok(found.map(Deal))
    }

    /// Count and value per stage over everything the viewer may see, not over one page. Every stage of the program, in the order
    /// of the sale.
    #[graphql(complexity = "20 + child_complexity")]
    async fn pipeline_summary(&self, ctx: &Context<'_>, #[graphql(desc = "Which deals.")] filter: Option<DealFilter>) -> Result<Vec<StageSummary>> {
        let actor = ctx.signed_in()?;
        let query = DealFilter::query(filter, None, None)?;
        let found = app::summary(ctx.app()?, actor, &query).await.map_err(Problem::from)?;
        let view = ctx.program().await?;
        let row = |(key, count, value): (String, u64, _)| {
            let stage = DealStage::of(view.program.stage(&key)?);
            Some(StageSummary { stage, count: crate::page::count(count), value: Money::of_program(value, &view.program) })
        };
        Ok(found.into_iter().filter_map(row).collect())
    }

    /// Dry run of dealRegister: the verdict, and nothing is written. A draft that breaks a rule is blocked, with a failed rule for
    /// each violation.
    #[graphql(complexity = "20 + child_complexity")]
    async fn deal_check(&self, ctx: &Context<'_>, #[graphql(desc = "The registration.")] input: DealRegisterInput) -> Result<DealVerdict> {
        match app::check(ctx.app()?, ctx.signed_in()?, &input.into()).await {
            Ok(verdict) => Ok(verdict.into()),
            Err(entente_app::Refused::Refused(app::RegisterRefusal::NotAllowed)) => Err(Problem::forbidden().into()),
            Err(refused) => Ok(error::blocked(error::register_errors(refused)?)),
        }
    }

    /// What needs the viewer, most urgent first: decisions due, answers owed, protections that end soon, close dates that passed.
    #[graphql(complexity = "list_cost(first, child_complexity)")]
    async fn attention(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Most entries, 1 to 100; 25 if left out.")] first: Option<i32>,
    ) -> Result<Vec<AttentionItem>> {
        let actor = ctx.signed_in()?;
        let first = entente_app::page::first(first).map_err(Problem::from)?;
        let found = app::attention(ctx.app()?, actor, first).await.map_err(Problem::from)?;
        preload(ctx, &Rows::only(ctx.look_ahead().field("deal")), found.iter().map(|item| &item.deal)).await?;
        let of = |i: app::Attention| AttentionItem { kind: i.kind.into(), deal: Deal(i.deal), due_at: i.due_at.map(DateTime) };
        Ok(found.into_iter().map(of).collect())
    }

    /// What changed on deals that the viewer may see, newest first.
    #[graphql(complexity = "list_cost(first, child_complexity)")]
    async fn recent_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1 to 100; 25 if left out.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<DealChangeConnection> {
        let actor = ctx.signed_in()?;
        let first = entente_app::page::first(first).map_err(Problem::from)?;
        let page = app::recent_changes(ctx.app()?, actor, first, after.as_deref()).await.map_err(Problem::from)?;
        let rows = Rows::of(&ctx.look_ahead()).field("deal");
        preload(ctx, &rows, page.rows.iter().map(|(_, (_, deal))| deal)).await?;
        Ok(DealChangeConnection::of(page.map(|(numbered, deal)| DealChange { cursor: seq_cursor(numbered.seq), event: numbered.event, deal })))
    }
}
