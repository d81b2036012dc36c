//! A figure on the wire.

use async_graphql::{Enum, Object};
use entente_app::report as app;
use entente_domain::report as domain;

use super::rows::ReportRows;
use crate::scalar::Decimal;

/// A metric with one definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::MetricKind")]
pub(crate) enum ReportMetricKind {
    /// How many registrations were submitted.
    Volume,
    /// Approved of those that were submitted.
    ApprovalRate,
    /// Approved of those that were decided.
    ApprovalRateOfDecided,
    /// Won of those that were approved.
    Conversion,
    /// Flagged as a conflict, a possible one or one that a dispute decided for it, of those that were submitted.
    ConflictRate,
    /// Middle of the hours from submission to the first decision.
    TimeToDecideMedian,
    /// The hours within which nine of ten were decided.
    TimeToDecideP90,
    /// How many deals are open.
    PipelineCount,
    /// What they are worth.
    PipelineValue,
    /// What they are worth by the chance of their stage.
    Forecast,
    /// Won of those that were won or lost.
    WinRate,
    /// What a won deal is worth on average.
    AverageDealSize,
    /// Mean days from the beginning to the win.
    CycleTimeMean,
    /// Middle of the days from the beginning to the win.
    CycleTimeMedian,
}

/// In what a metric is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Unit")]
pub(crate) enum ReportUnit {
    /// A number of deals.
    Count,
    /// Per cent.
    Percent,
    /// Units of the program's currency.
    Money,
    /// Hours by the clock on the wall.
    Hours,
    /// Days of the calendar.
    Days,
}

/// A figure of a report.
pub(crate) struct ReportMetric(pub(super) app::Metric);

/// A figure of a report with everything that it is made of.
#[Object]
impl ReportMetric {
    /// Which one.
    async fn kind(&self) -> ReportMetricKind {
        self.0.kind.into()
    }

    /// Its definition, in English.
    async fn formula(&self) -> &str {
        self.0.kind.formula()
    }

    /// In what it is measured.
    async fn unit(&self) -> ReportUnit {
        self.0.kind.unit().into()
    }

    /// The figure, rates and times with two decimals; null where it would be of nothing.
    async fn value(&self) -> Option<Decimal> {
        self.0.value.map(Into::into)
    }

    /// What is divided; null where nothing is, as for a median.
    async fn numerator(&self) -> Option<Decimal> {
        self.0.numerator.map(Into::into)
    }

    /// By what it is divided, or over how many deals it was taken; null for a count or a sum.
    async fn denominator(&self) -> Option<Decimal> {
        self.0.denominator.map(Into::into)
    }

    /// The deals of the numerator; of a count, a sum or a median all that it is of.
    async fn rows(&self) -> ReportRows {
        ReportRows(self.0.rows.clone())
    }

    /// The deals of the denominator, where they are others.
    async fn denominator_rows(&self) -> Option<ReportRows> {
        self.0.of.clone().map(ReportRows)
    }
}
