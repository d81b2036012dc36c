//! The sale: what is open by stage and age, what it is expected to bring by month, and what was won and lost.

use std::collections::BTreeMap;

use entente_domain::Decimal;
use entente_domain::policy::Actor;
use entente_domain::program::StageCategory;
use entente_domain::report::period::{AGES_DEFAULT, Age, ages, month};
use entente_domain::report::{Lacking, MetricKind, expected, ratio, rounded};
use entente_store::OpenSum;

use super::{Metric, Report};
use crate::deal::DealListQuery;
use crate::{App, AppError};

/// Count and value of some open deals.
#[derive(Debug, Clone)]
pub struct Pipeline {
    /// How many.
    pub count: Metric,
    /// What they are worth.
    pub value: Metric,
}

/// What is open in one stage.
#[derive(Debug, Clone)]
pub struct StageOf {
    /// Stage key.
    pub stage: String,
    /// Count and value.
    pub pipeline: Pipeline,
}

/// What is open of one age.
#[derive(Debug, Clone)]
pub struct AgeOf {
    /// The age.
    pub age: Age,
    /// Count and value.
    pub pipeline: Pipeline,
}

/// What is expected to close in one month.
#[derive(Debug, Clone)]
pub struct ForecastMonth {
    /// The month, as `2026-11`; none for deals that nobody expects to close on a day.
    pub month: Option<String>,
    /// Value by the chance of the stage.
    pub forecast: Metric,
    /// Count and value without the chance.
    pub pipeline: Pipeline,
}

/// What was closed.
#[derive(Debug, Clone)]
pub struct Closed {
    /// Won of won and lost.
    pub win_rate: Metric,
    /// Mean value of won deals.
    pub average_deal_size: Metric,
    /// Mean days to the win.
    pub cycle_time_mean: Metric,
    /// Middle of the days to the win.
    pub cycle_time_median: Metric,
}

impl Pipeline {
    fn of(count: u64, value: Decimal, rows: &DealListQuery) -> Self {
        Self {
            count: Metric::count(MetricKind::PipelineCount, count, rows.clone()),
            value: Metric::sum(MetricKind::PipelineValue, value, rows.clone()),
        }
    }
}

impl Report {
    async fn open_sums(&self, app: &App, actor: &Actor) -> Result<Vec<OpenSum>, AppError> {
        Ok(app.store.report_open(&self.open().filter(actor)).await?)
    }

    /// Everything that is open.
    #[tracing::instrument(level = "debug", name = "report.pipeline", skip_all)]
    pub async fn pipeline(&self, app: &App, actor: &Actor) -> Result<Pipeline, AppError> {
        let sums = self.open_sums(app, actor).await?;
        Ok(Pipeline::of(sums.iter().map(|s| s.count).sum(), sums.iter().map(|s| s.value).sum(), &self.open()))
    }

    /// What is open by stage, every open stage of the program in the order of the sale.
    #[tracing::instrument(level = "debug", name = "report.stages", skip_all)]
    pub async fn stages(&self, app: &App, actor: &Actor) -> Result<Vec<StageOf>, AppError> {
        let sums = self.open_sums(app, actor).await?;
        let stages = self.view.program.stages.iter().filter(|s| s.category == StageCategory::Open);
        let of = |key: &str| {
            let rows = DealListQuery { stages: vec![key.to_owned()], ..self.open() };
            let found = || sums.iter().filter(|s| s.stage == key);
            StageOf { stage: key.to_owned(), pipeline: Pipeline::of(found().map(|s| s.count).sum(), found().map(|s| s.value).sum(), &rows) }
        };
        Ok(stages.map(|s| of(&s.key)).collect())
    }

    /// What is open by age, youngest first. `bounds` are days between ages, 30, 90, 180 and 365 when empty.
    #[tracing::instrument(level = "debug", name = "report.ages", skip_all)]
    pub async fn ages(&self, app: &App, actor: &Actor, bounds: &[i32]) -> Result<Vec<AgeOf>, AppError> {
        let bounds = if bounds.is_empty() { &AGES_DEFAULT[..] } else { bounds };
        let ages = ages(bounds, self.today, &self.view.zone).map_err(|e| AppError::BadRequest(e.to_string()))?;
        let one = async |age: Age| {
            let rows = DealListQuery { created_from: age.from, created_to: age.to, ..self.open() };
            let sums = app.store.report_open(&rows.filter(actor)).await?;
            Ok::<_, AppError>(AgeOf { age, pipeline: Pipeline::of(sums.iter().map(|s| s.count).sum(), sums.iter().map(|s| s.value).sum(), &rows) })
        };
        futures::future::try_join_all(ages.into_iter().map(one)).await
    }

    /// What is open by month of the expected close date, earliest first, without a date last.
    #[tracing::instrument(level = "debug", name = "report.forecast", skip_all)]
    pub async fn forecast(&self, app: &App, actor: &Actor) -> Result<Vec<ForecastMonth>, AppError> {
        let sums = self.open_sums(app, actor).await?;
        let mut months: BTreeMap<(bool, Option<String>), (u64, Decimal, Decimal)> = BTreeMap::new();
        for sum in sums {
            let probability = self.view.program.stage(&sum.stage).map_or(0, |(_, s)| s.probability);
            let entry = months.entry((sum.month.is_none(), sum.month)).or_default();
            entry.0 += sum.count;
            entry.1 += sum.value;
            entry.2 += expected(sum.value, probability);
        }
        let decimals = self.view.program.currency.decimals();
        let of = |((_, name), (count, value, weighted)): ((bool, Option<String>), (u64, Decimal, Decimal))| {
            let days = name.as_deref().and_then(month);
            let rows = match days {
                Some(days) => DealListQuery { expected_from: Some(days.from), expected_to: Some(days.to), ..self.open() },
                None => DealListQuery { lacking: vec![Lacking::ExpectedCloseOn], ..self.open() },
            };
            let forecast = Metric::sum(MetricKind::Forecast, rounded(weighted, decimals), rows.clone());
            ForecastMonth { month: name, forecast, pipeline: Pipeline::of(count, value, &rows) }
        };
        Ok(months.into_iter().map(of).collect())
    }

    /// What was won and lost in the period.
    #[tracing::instrument(level = "debug", name = "report.closed", skip_all)]
    pub async fn closed_deals(&self, app: &App, actor: &Actor) -> Result<Closed, AppError> {
        let (won, ended) = (self.closed(&[StageCategory::Won]), self.closed(&[StageCategory::Won, StageCategory::Lost]));
        let (ended_filter, won_filter) = (ended.filter(actor), won.filter(actor));
        let (sums, days) = futures::try_join!(app.store.report_closed(&ended_filter), app.store.report_days_to_close(&won_filter, self.zone()))?;
        let decimals = self.view.program.currency.decimals();
        let mut size = Metric::mean(MetricKind::AverageDealSize, sums.won_value, sums.won, won.clone());
        size.value = sums.won_value.checked_div(Decimal::from(sums.won)).map(|v| rounded(v, decimals));
        Ok(Closed {
            win_rate: Metric::share(MetricKind::WinRate, (sums.won, won.clone()), (sums.won + sums.lost, ended)),
            average_deal_size: size,
            cycle_time_mean: Metric::mean(MetricKind::CycleTimeMean, days.sum(), days.count(), won.clone()),
            cycle_time_median: Metric::place(MetricKind::CycleTimeMedian, days.median().and_then(|d| ratio(d, Decimal::ONE)), days.count(), won),
        })
    }
}
