//! A figure with everything that it is made of.

use entente_domain::Decimal;
use entente_domain::report::{MetricKind, percent, ratio};

use crate::deal::DealListQuery;

/// A figure of a report.
#[derive(Debug, Clone)]
pub struct Metric {
    /// Which one.
    pub kind: MetricKind,
    /// The figure; none where it would be of nothing.
    pub value: Option<Decimal>,
    /// What is divided; none where nothing is (a median).
    pub numerator: Option<Decimal>,
    /// By what it is divided, or over how many it was taken; none for a count or a sum.
    pub denominator: Option<Decimal>,
    /// The deals of the numerator; of a count, sum or median all that it is of.
    pub rows: DealListQuery,
    /// The deals of the denominator, where they are others.
    pub of: Option<DealListQuery>,
}

impl Metric {
    pub(super) fn count(kind: MetricKind, n: u64, rows: DealListQuery) -> Self {
        Self { kind, value: Some(n.into()), numerator: Some(n.into()), denominator: None, rows, of: None }
    }

    pub(super) fn sum(kind: MetricKind, value: Decimal, rows: DealListQuery) -> Self {
        Self { kind, value: Some(value), numerator: Some(value), denominator: None, rows, of: None }
    }

    /// `part` of `whole` in per cent.
    pub(super) fn share(kind: MetricKind, (part, rows): (u64, DealListQuery), (whole, of): (u64, DealListQuery)) -> Self {
        Self { kind, value: percent(part, whole), numerator: Some(part.into()), denominator: Some(whole.into()), rows, of: Some(of) }
    }

    /// A sum over `count` deals divided by their number.
    pub(super) fn mean(kind: MetricKind, sum: Decimal, count: u64, rows: DealListQuery) -> Self {
        Self { kind, value: ratio(sum, count.into()), numerator: Some(sum), denominator: Some(count.into()), rows, of: None }
    }

    /// A place in the order of `count` deals.
    pub(super) fn place(kind: MetricKind, value: Option<Decimal>, count: u64, rows: DealListQuery) -> Self {
        Self { kind, value, numerator: None, denominator: Some(count.into()), rows, of: None }
    }
}
