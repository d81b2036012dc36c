//! Reports: what each metric means (formula, unit, when it has no value), the period that it is of, and the arithmetic that
//! turns counts into it. Where the counts come from is the store's; which rows stand behind a number is the application's.

pub mod export;
pub mod period;
pub mod record;
pub mod spread;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// In what a metric is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A number of deals.
    Count,
    /// Hundredths.
    Percent,
    /// Units of the program's currency.
    Money,
    /// Hours by the clock on the wall.
    Hours,
    /// Days of the calendar.
    Days,
}

/// A metric with one definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MetricKind {
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
    /// Middle of the times to a decision.
    TimeToDecideMedian,
    /// The time within which nine of ten were decided.
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

impl MetricKind {
    /// In what it is measured.
    pub fn unit(self) -> Unit {
        match self {
            Self::Volume | Self::PipelineCount => Unit::Count,
            Self::ApprovalRate | Self::ApprovalRateOfDecided | Self::Conversion | Self::ConflictRate | Self::WinRate => Unit::Percent,
            Self::PipelineValue | Self::Forecast | Self::AverageDealSize => Unit::Money,
            Self::TimeToDecideMedian | Self::TimeToDecideP90 => Unit::Hours,
            Self::CycleTimeMean | Self::CycleTimeMedian => Unit::Days,
        }
    }

    /// The formula, as people and integrators read it.
    pub fn formula(self) -> &'static str {
        match self {
            Self::Volume => "count of registrations submitted in the period",
            Self::ApprovalRate => "approved ÷ submitted × 100, of registrations submitted in the period",
            Self::ApprovalRateOfDecided => "approved ÷ decided × 100, of registrations submitted in the period",
            Self::Conversion => "won registrations ÷ approved registrations × 100, of registrations submitted in the period",
            Self::ConflictRate => {
                "flagged as a possible conflict, or blocked and won by a dispute, ÷ submitted × 100, of registrations submitted in the period"
            }
            Self::TimeToDecideMedian => "median of hours from submission to the first decision, of registrations decided in the period",
            Self::TimeToDecideP90 => {
                "90th percentile (nearest rank) of hours from submission to the first decision, of registrations decided in the period"
            }
            Self::PipelineCount => "count of open deals now",
            Self::PipelineValue => "Σ value of open deals now, by the rate stored with each",
            Self::Forecast => "Σ (value × probability of the stage ÷ 100) of open deals now, by expected close",
            Self::WinRate => "won ÷ (won + lost) × 100, of deals closed in the period",
            Self::AverageDealSize => "Σ value of won deals ÷ won deals, of deals closed in the period",
            Self::CycleTimeMean => "Σ days from the beginning to the win ÷ won deals, of deals closed in the period",
            Self::CycleTimeMedian => "median of days from the beginning to the win, of deals closed in the period",
        }
    }
}

/// By what registrations are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Dimension {
    /// Whose deal it is.
    Partner,
    /// The partner's territory when it was registered.
    Territory,
    /// What is sold; a deal counts under each of its products, and under each of those within its bundles.
    Product,
}

/// What a deal may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Lacking {
    /// A territory.
    Territory,
    /// An expected close date.
    ExpectedCloseOn,
}

/// What was counted of the registrations submitted in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RegistrationCounts {
    /// Submitted.
    pub submitted: u64,
    /// Of those: approved, whatever became of them since.
    pub approved: u64,
    /// Of those: approved or rejected.
    pub decided: u64,
    /// Of the approved: won.
    pub won: u64,
    /// Of those submitted: a possible conflict when they came in, or blocked and won by a dispute.
    pub flagged: u64,
}

/// Decimals of a rate, a mean or a time: two.
const DECIMALS: u32 = 2;

/// Rounded half to even, as all money is.
pub fn rounded(value: Decimal, decimals: u32) -> Decimal {
    value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointNearestEven)
}

/// `part` of `whole` in per cent with two decimals; none when the whole is nothing.
pub fn percent(part: u64, whole: u64) -> Option<Decimal> {
    ratio(Decimal::from(part) * Decimal::ONE_HUNDRED, Decimal::from(whole))
}

/// The quotient with two decimals; none when it would be of nothing.
pub fn ratio(numerator: Decimal, denominator: Decimal) -> Option<Decimal> {
    numerator.checked_div(denominator).map(|q| rounded(q, DECIMALS))
}

/// What deals of a stage worth `value` are expected to bring, at a probability in per cent. Not rounded: sums are.
pub fn expected(value: Decimal, probability: i32) -> Decimal {
    value * Decimal::from(probability.clamp(0, 100)) / Decimal::ONE_HUNDRED
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(s: &str) -> Decimal {
        s.parse().unwrap()
    }

    #[test]
    fn a_share_of_nothing_has_no_value() {
        assert_eq!(percent(0, 0), None);
        assert_eq!(percent(0, 7), Some(d("0")));
        assert_eq!(percent(1, 3), Some(d("33.33")));
        assert_eq!(percent(2, 3), Some(d("66.67")));
        assert_eq!(ratio(d("10"), Decimal::ZERO), None);
    }

    #[test]
    fn the_sourced_pipeline_of_the_fixture_is_expected_to_bring_a_fifth() {
        assert_eq!(expected(d("500000"), 20), d("100000"));
        assert_eq!(expected(d("10"), 0), Decimal::ZERO);
        assert_eq!(expected(d("10"), 250), d("10"), "a chance is at most certain");
    }
}
