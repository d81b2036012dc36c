//! Registrations: volume, approval, conversion, conflicts, in all, by dimension and by month; and how long decisions took.

use entente_domain::Decimal;
use entente_domain::deal::verdict::VerdictOutcome;
use entente_domain::policy::Actor;
use entente_domain::program::StageCategory;
use entente_domain::report::period::{Period, month, start_of};
use entente_domain::report::record::Decided;
use entente_domain::report::{Dimension, Lacking, MetricKind, RegistrationCounts, ratio};
use entente_store::ReportGroup;

use super::{Metric, Report};
use crate::deal::DealListQuery;
use crate::{App, AppError};

/// The five figures of some registrations.
#[derive(Debug, Clone)]
pub struct Registrations {
    /// Submitted.
    pub volume: Metric,
    /// Approved of submitted.
    pub approval_rate: Metric,
    /// Approved of decided.
    pub approval_rate_of_decided: Metric,
    /// Won of approved.
    pub conversion: Metric,
    /// Flagged of submitted.
    pub conflict_rate: Metric,
}

impl Registrations {
    fn of(counts: RegistrationCounts, rows: &DealListQuery) -> Self {
        let decided = |decisions: &[Decided]| DealListQuery { decisions: decisions.to_vec(), ..rows.clone() };
        let approved = || decided(&[Decided::Approved]);
        let won = DealListQuery { categories: vec![StageCategory::Won], ..approved() };
        // What was blocked is a deal where a dispute made it one.
        let flagged = DealListQuery { verdicts: vec![VerdictOutcome::PossibleConflict, VerdictOutcome::Blocked], ..rows.clone() };
        let submitted = || (counts.submitted, rows.clone());
        Self {
            volume: Metric::count(MetricKind::Volume, counts.submitted, rows.clone()),
            approval_rate: Metric::share(MetricKind::ApprovalRate, (counts.approved, approved()), submitted()),
            approval_rate_of_decided: Metric::share(
                MetricKind::ApprovalRateOfDecided,
                (counts.approved, approved()),
                (counts.decided, decided(&[Decided::Approved, Decided::Rejected])),
            ),
            conversion: Metric::share(MetricKind::Conversion, (counts.won, won), (counts.approved, approved())),
            conflict_rate: Metric::share(MetricKind::ConflictRate, (counts.flagged, flagged), submitted()),
        }
    }
}

/// The figures for one value of a dimension.
#[derive(Debug, Clone)]
pub struct Group {
    /// Partner id, territory key or product id; none for registrations that have none.
    pub key: Option<String>,
    /// The figures.
    pub figures: Registrations,
}

/// The figures of one month.
#[derive(Debug, Clone)]
pub struct MonthOf {
    /// The month, as `2026-11`.
    pub month: String,
    /// The figures, of the days of the month that lie in the period.
    pub figures: Registrations,
}

/// How long decisions took.
#[derive(Debug, Clone)]
pub struct TimeToDecide {
    /// Middle, in hours.
    pub median: Metric,
    /// Within which nine of ten were decided, in hours.
    pub p90: Metric,
}

impl Report {
    /// All registrations of the period together.
    #[tracing::instrument(level = "debug", name = "report.registrations", skip_all)]
    pub async fn registrations(&self, app: &App, actor: &Actor) -> Result<Registrations, AppError> {
        let rows = self.submitted();
        Ok(Registrations::of(app.store.report_counts(&rows.filter(actor)).await?, &rows))
    }

    /// Registrations by a dimension, the most submitted first, at most `limit`; and whether there are more. FORBIDDEN for a partner's
    /// people by partner.
    #[tracing::instrument(level = "debug", name = "report.by", skip_all)]
    pub async fn by(&self, app: &App, actor: &Actor, dimension: Dimension, limit: u32) -> Result<(Vec<Group>, bool), AppError> {
        if !Self::may_split(actor, dimension) {
            return Err(AppError::Forbidden);
        }
        let rows = self.submitted();
        let mut found = app.store.report_groups(&rows.filter(actor), dimension, limit + 1).await?;
        let more = found.len() > limit as usize;
        found.truncate(limit as usize);
        let group = |g: ReportGroup| Group { figures: Registrations::of(g.counts, &within(&rows, dimension, g.key.as_deref())), key: g.key };
        Ok((found.into_iter().map(group).collect(), more))
    }

    /// Registrations by month, every month of the period.
    #[tracing::instrument(level = "debug", name = "report.months", skip_all)]
    pub async fn months(&self, app: &App, actor: &Actor) -> Result<Vec<MonthOf>, AppError> {
        let rows = self.submitted();
        let found = app.store.report_months(&rows.filter(actor), self.zone()).await?;
        let mut all = Vec::new();
        let mut first = self.period.from.first_of_month();
        while first <= self.period.to {
            let name = format!("{:04}-{:02}", first.year(), first.month());
            let counts = found.iter().find(|g| g.key.as_deref() == Some(&name)).map(|g| g.counts).unwrap_or_default();
            let Some(days) = month(&name) else { break };
            all.push(MonthOf { month: name, figures: Registrations::of(counts, &self.in_days(&rows, days)?) });
            first = days.to.tomorrow().map_err(AppError::internal)?;
        }
        Ok(all)
    }

    /// The registrations that were submitted on those days of the period.
    fn in_days(&self, rows: &DealListQuery, days: Period) -> Result<DealListQuery, AppError> {
        let begins = start_of(days.from, &self.view.zone).map_err(AppError::internal)?.max(self.begins);
        let after = days.to.tomorrow().map_err(AppError::internal)?;
        let ends = start_of(after, &self.view.zone).map_err(AppError::internal)?.min(self.ends);
        Ok(DealListQuery { created_from: Some(begins), created_to: Some(ends), ..rows.clone() })
    }

    /// How long the decisions of the period took.
    #[tracing::instrument(level = "debug", name = "report.time_to_decide", skip_all)]
    pub async fn time_to_decide(&self, app: &App, actor: &Actor) -> Result<TimeToDecide, AppError> {
        let rows = self.decided();
        let minutes = app.store.report_minutes_to_decide(&rows.filter(actor)).await?;
        let hours = |m: Option<Decimal>| m.and_then(|m| ratio(m, Decimal::from(60)));
        let place = |kind, value| Metric::place(kind, hours(value), minutes.count(), rows.clone());
        Ok(TimeToDecide {
            median: place(MetricKind::TimeToDecideMedian, minutes.median()),
            p90: place(MetricKind::TimeToDecideP90, minutes.percentile(90)),
        })
    }
}

/// Those of the rows that have that value of the dimension.
fn within(rows: &DealListQuery, dimension: Dimension, key: Option<&str>) -> DealListQuery {
    let mut rows = rows.clone();
    match (dimension, key) {
        (Dimension::Partner, Some(key)) => rows.partners = key.parse().into_iter().collect(),
        (Dimension::Territory, Some(key)) => rows.territories = vec![key.to_owned()],
        (Dimension::Territory, None) => {
            rows.territories = Vec::new();
            rows.lacking = vec![Lacking::Territory];
        }
        (Dimension::Product, Some(key)) => rows.products = key.parse().into_iter().collect(),
        // Every deal has a partner and a product.
        (Dimension::Partner | Dimension::Product, None) => {}
    }
    rows
}
