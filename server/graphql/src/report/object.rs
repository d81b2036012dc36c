//! A report and its parts.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use entente_app::report as app;
use entente_domain::id::PartnerId;
use entente_domain::report::Dimension;

use super::input::ReportDimension;
use super::metric::ReportMetric;
use crate::context::Ask as _;
use crate::page::list_cost;
use crate::problem::Problem;
use crate::program::DealStage;
use crate::scalar::{CurrencyCode, Date};

/// The five figures of some registrations.
#[derive(SimpleObject)]
pub(crate) struct RegistrationFigures {
    /// Submitted.
    volume: ReportMetric,
    /// Approved of submitted.
    approval_rate: ReportMetric,
    /// Approved of decided, so that those that wait do not count against it.
    approval_rate_of_decided: ReportMetric,
    /// Won of approved.
    conversion: ReportMetric,
    /// Flagged as a conflict of submitted: a possible one, or one that a dispute decided for it.
    conflict_rate: ReportMetric,
}

impl From<app::Registrations> for RegistrationFigures {
    fn from(r: app::Registrations) -> Self {
        Self {
            volume: ReportMetric(r.volume),
            approval_rate: ReportMetric(r.approval_rate),
            approval_rate_of_decided: ReportMetric(r.approval_rate_of_decided),
            conversion: ReportMetric(r.conversion),
            conflict_rate: ReportMetric(r.conflict_rate),
        }
    }
}

/// The figures for one partner, territory or product.
#[derive(SimpleObject)]
pub(crate) struct ReportGroup {
    /// Partner id, territory key or product id; null for registrations that have none.
    key: Option<ID>,
    /// Its name; null for registrations that have none.
    name: Option<String>,
    /// The figures.
    figures: RegistrationFigures,
}

/// The figures by one dimension.
#[derive(SimpleObject)]
pub(crate) struct ReportBreakdown {
    /// The groups, the most submitted first.
    groups: Vec<ReportGroup>,
    /// Whether there are more groups than were asked for; the export has them all.
    has_more: bool,
}

/// The figures of one month.
#[derive(SimpleObject)]
pub(crate) struct ReportMonth {
    /// The month, as `2026-11`.
    month: String,
    /// The figures, of the days of the month that lie in the period.
    figures: RegistrationFigures,
}

/// How long the vendor's decisions took.
#[derive(SimpleObject)]
pub(crate) struct TimeToDecide {
    /// Middle, in hours.
    median: ReportMetric,
    /// Within which nine of ten were decided, in hours.
    p90: ReportMetric,
}

/// Count and value of some open deals.
#[derive(SimpleObject)]
pub(crate) struct OpenPipeline {
    /// How many.
    count: ReportMetric,
    /// What they are worth, in the program's currency.
    value: ReportMetric,
}

impl From<app::Pipeline> for OpenPipeline {
    fn from(p: app::Pipeline) -> Self {
        Self { count: ReportMetric(p.count), value: ReportMetric(p.value) }
    }
}

/// What is open in one stage.
#[derive(SimpleObject)]
pub(crate) struct StagePipeline {
    /// The stage.
    stage: DealStage,
    /// Count and value.
    pipeline: OpenPipeline,
}

/// What is open of one age: days of the calendar from the beginning to today.
#[derive(SimpleObject)]
pub(crate) struct AgePipeline {
    /// Least age in days.
    days_from: i32,
    /// Greatest age in days; null for the oldest.
    days_to: Option<i32>,
    /// Count and value.
    pipeline: OpenPipeline,
}

/// What is expected to close in one month.
#[derive(SimpleObject)]
pub(crate) struct ForecastMonth {
    /// The month, as `2026-11`; null for deals without an expected close date.
    month: Option<String>,
    /// Value by the chance of the stage, in the program's currency.
    forecast: ReportMetric,
    /// Count and value without the chance.
    pipeline: OpenPipeline,
}

/// What was won and lost.
#[derive(SimpleObject)]
pub(crate) struct ClosedFigures {
    /// Won of won and lost.
    win_rate: ReportMetric,
    /// Mean value of won deals, in the program's currency.
    average_deal_size: ReportMetric,
    /// Mean days from the beginning to the win.
    cycle_time_mean: ReportMetric,
    /// Middle of the days from the beginning to the win.
    cycle_time_median: ReportMetric,
}

/// A report.
pub(crate) struct Report(pub(super) app::Report);

/// Reports over the deals that the viewer may see. Registrations count in the period in which they were submitted, decisions and
/// closed deals in the period in which that happened; what is open is open now.
#[Object]
impl Report {
    /// First day of the period.
    async fn from(&self) -> Date {
        Date(self.0.period.from)
    }

    /// Last day of the period.
    async fn to(&self) -> Date {
        Date(self.0.period.to)
    }

    /// The time zone of the program's calendar, in which days begin.
    async fn time_zone(&self) -> &str {
        &self.0.view.program.calendar.time_zone
    }

    /// The program's currency, in which all money is, by the rate stored with each deal.
    async fn currency(&self) -> CurrencyCode {
        CurrencyCode(self.0.view.program.currency.as_str().to_owned())
    }

    /// All registrations of the period together.
    #[graphql(complexity = "20 + child_complexity")]
    async fn registrations(&self, ctx: &Context<'_>) -> Result<RegistrationFigures> {
        Ok(self.0.registrations(ctx.app()?, ctx.signed_in()?).await.map_err(Problem::from)?.into())
    }

    /// Registrations by partner, territory or product. By partner FORBIDDEN for a partner's people.
    #[graphql(complexity = "20 + list_cost(first, child_complexity)")]
    async fn breakdown(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "By what.")] by: ReportDimension,
        #[graphql(desc = "Most groups, 1 to 100; 25 if left out.")] first: Option<i32>,
    ) -> Result<ReportBreakdown> {
        let (app, dimension) = (ctx.app()?, Dimension::from(by));
        let first = entente_app::page::first(first).map_err(Problem::from)?;
        let (groups, has_more) = self.0.by(app, ctx.signed_in()?, dimension, first).await.map_err(Problem::from)?;
        let ids: Vec<PartnerId> = match dimension {
            Dimension::Partner => groups.iter().filter_map(|g| g.key.as_deref()?.parse().ok()).collect(),
            Dimension::Territory | Dimension::Product => Vec::new(),
        };
        let partners = entente_app::partner::of_deals(app, &ids).await.map_err(Problem::from)?;
        let program = &self.0.view.program;
        let name = |key: &str| match dimension {
            Dimension::Partner => partners.iter().find(|p| p.id.as_str() == key).map(|p| p.name.clone()),
            Dimension::Territory => program.territories.iter().find(|t| t.key == key).map(|t| t.name.clone()),
            Dimension::Product => program.products.iter().find(|p| p.id.as_str() == key).map(|p| p.name.clone()),
        };
        let group = |g: app::Group| ReportGroup {
            name: g.key.as_deref().map(|key| name(key).unwrap_or_else(|| key.to_owned())),
            key: g.key.map(ID),
            figures: g.figures.into(),
        };
        Ok(ReportBreakdown { groups: groups.into_iter().map(group).collect(), has_more })
    }

    /// Registrations by month of submission, every month of the period, earliest first.
    #[graphql(complexity = "20 + 24 * child_complexity")]
    async fn months(&self, ctx: &Context<'_>) -> Result<Vec<ReportMonth>> {
        let months = self.0.months(ctx.app()?, ctx.signed_in()?).await.map_err(Problem::from)?;
        Ok(months.into_iter().map(|m| ReportMonth { month: m.month, figures: m.figures.into() }).collect())
    }

    /// How long the decisions of the period took.
    #[graphql(complexity = "20 + child_complexity")]
    async fn time_to_decide(&self, ctx: &Context<'_>) -> Result<TimeToDecide> {
        let found = self.0.time_to_decide(ctx.app()?, ctx.signed_in()?).await.map_err(Problem::from)?;
        Ok(TimeToDecide { median: ReportMetric(found.median), p90: ReportMetric(found.p90) })
    }

    /// Everything that is open now.
    #[graphql(complexity = "20 + child_complexity")]
    async fn pipeline(&self, ctx: &Context<'_>) -> Result<OpenPipeline> {
        Ok(self.0.pipeline(ctx.app()?, ctx.signed_in()?).await.map_err(Problem::from)?.into())
    }

    /// What is open now by stage, every open stage of the program in the order of the sale.
    #[graphql(complexity = "20 + 10 * child_complexity")]
    async fn pipeline_by_stage(&self, ctx: &Context<'_>) -> Result<Vec<StagePipeline>> {
        let stages = self.0.stages(ctx.app()?, ctx.signed_in()?).await.map_err(Problem::from)?;
        let program = &self.0.view.program;
        Ok(stages
            .into_iter()
            .filter_map(|s| Some(StagePipeline { stage: DealStage::of(program.stage(&s.stage)?), pipeline: s.pipeline.into() }))
            .collect())
    }

    /// What is open now by age, youngest first.
    #[graphql(complexity = "60 + 10 * child_complexity")]
    async fn pipeline_by_age(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Bounds between ages in days, 1 to 12 rising numbers; 30, 90, 180 and 365 if left out.")] age_days: Option<Vec<i32>>,
    ) -> Result<Vec<AgePipeline>> {
        let ages = self.0.ages(ctx.app()?, ctx.signed_in()?, &age_days.unwrap_or_default()).await.map_err(Problem::from)?;
        let of = |a: app::AgeOf| AgePipeline { days_from: a.age.days_from, days_to: a.age.days_to, pipeline: a.pipeline.into() };
        Ok(ages.into_iter().map(of).collect())
    }

    /// What is open now by month of the expected close date, earliest first, without a date last.
    #[graphql(complexity = "20 + 24 * child_complexity")]
    async fn forecast(&self, ctx: &Context<'_>) -> Result<Vec<ForecastMonth>> {
        let months = self.0.forecast(ctx.app()?, ctx.signed_in()?).await.map_err(Problem::from)?;
        let of = |m: app::ForecastMonth| ForecastMonth { month: m.month, forecast: ReportMetric(m.forecast), pipeline: m.pipeline.into() };
        Ok(months.into_iter().map(of).collect())
    }

    /// What was won and lost in the period.
    #[graphql(complexity = "40 + child_complexity")]
    async fn closed(&self, ctx: &Context<'_>) -> Result<ClosedFigures> {
        let c = self.0.closed_deals(ctx.app()?, ctx.signed_in()?).await.map_err(Problem::from)?;
        Ok(ClosedFigures {
            win_rate: ReportMetric(c.win_rate),
            average_deal_size: ReportMetric(c.average_deal_size),
            cycle_time_mean: ReportMetric(c.cycle_time_mean),
            cycle_time_median: ReportMetric(c.cycle_time_median),
        })
    }
}
