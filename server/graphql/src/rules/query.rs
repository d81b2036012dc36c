//! Reading the rules.

use async_graphql::{Context, Object, Result};

use super::input::RulesInput;
use super::object::{RulesVersion, RulesVersionConnection, shown};
use super::trial::RulesTrial;
use crate::context::Ask as _;
use crate::page::list_cost;
use crate::problem::Problem;
use crate::scalar::{Date, DateTime};

/// Root fields of the rules.
#[derive(Default)]
pub(crate) struct RulesQuery;

#[Object]
impl RulesQuery {
    /// The program's rules in force. Anyone may read them.
    async fn program_rules(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The moment at which they are in force, past or announced; now if left out.")] at: Option<DateTime>,
    ) -> Result<RulesVersion> {
        let (version, _) = entente_app::rules::at(ctx.app()?, at.map(|at| at.0)).await.map_err(Problem::from)?;
        shown(ctx, version).await
    }

    /// Versions of the program's rules, newest first. Anyone may read those that stand; the vendor's staff reads withdrawn ones
    /// too.
    #[graphql(complexity = "list_cost(first, child_complexity)")]
    async fn rules_versions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1 to 100; 25 if left out.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<RulesVersionConnection> {
        let app = ctx.app()?;
        let first = entente_app::page::first(first).map_err(Problem::from)?;
        let page = entente_app::rules::list(app, ctx.actor(), first, after.as_deref()).await.map_err(Problem::from)?;
        let (view, now) = (ctx.program().await?, app.now());
        Ok(RulesVersionConnection::of(page.map(|version| RulesVersion { version, view: view.clone(), now })))
    }

    /// The earliest day on which a version that is proposed today may begin, by the notice that the rules in force ask for.
    /// Anyone may read it.
    async fn rules_earliest_change(&self, ctx: &Context<'_>) -> Result<Date> {
        let (app, view) = (ctx.app()?, ctx.program().await?);
        Ok(Date(entente_domain::rules::propose::earliest(&view.rules, view.date(app.now()))))
    }

    /// Judges the registrations of the last 365 days, at most 50,000, under a draft of the rules, and writes nothing. Partners
    /// count as they are today, with those of their certificates that were valid on the day of submission; evidence counts as it is
    /// today. Administrators of the vendor only; FORBIDDEN for everybody else.
    #[graphql(complexity = "200 + list_cost(first, child_complexity)")]
    async fn rules_try(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft.")] input: RulesInput,
        #[graphql(desc = "Rows of the page, 1 to 100; 25 if left out.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<RulesTrial> {
        let (app, actor) = (ctx.app()?, ctx.signed_in()?);
        let first = entente_app::page::first(first).map_err(Problem::from)?;
        RulesTrial::of(ctx, app, actor, input, first, after.as_deref()).await
    }
}
