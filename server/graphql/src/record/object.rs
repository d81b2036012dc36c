//! The vendor's own record: figures with their formulas, numerators and denominators.

use async_graphql::{Enum, SimpleObject};
use entente_domain::Decimal as Number;
use entente_domain::record::reason::RejectionReason as Domain;
use entente_domain::record::{self as domain, Quarter, Share};

use crate::scalar::{DateTime, Decimal};

/// What kind of reason a rejection was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Domain")]
pub(crate) enum RejectionReason {
    /// Another registration or a sale of the vendor's own stands in the way.
    AlreadyTaken,
    /// What the partner brought does not show that it works the deal.
    EvidenceMissing,
    /// A rule of the program is not met: product, territory, value.
    RuleNotMet,
    /// The customer does not fit, or wants no partner.
    CustomerUnsuitable,
    /// Something is wrong or missing in what was registered.
    Incomplete,
    /// Anything else; the words say what.
    Other,
}

/// A figure that anybody can check.
#[derive(SimpleObject)]
pub(crate) struct VendorRecordFigure {
    /// How it is computed, in English.
    formula: &'static str,
    /// The value: hours with two decimals, or per cent with one; null where there is nothing to compute it of.
    value: Option<Decimal>,
    /// Above the line; null for a median.
    numerator: Option<i32>,
    /// Below the line; for a median how many values it is the middle of.
    denominator: i32,
}

/// How often a kind of reason was given.
#[derive(SimpleObject)]
pub(crate) struct VendorRecordReason {
    /// The kind.
    reason: RejectionReason,
    /// How many rejections were given it.
    count: i32,
}

/// The vendor's own record over a stretch of time.
#[derive(SimpleObject)]
pub(crate) struct VendorRecordPeriod {
    /// The quarter, as `2026-Q4`; null for days.
    quarter: Option<String>,
    /// From when.
    from: DateTime,
    /// Up to when, not included; in the future for a time that is not over.
    to: DateTime,
    /// Registrations that the vendor decided.
    decided: i32,
    /// How long the vendor took: business hours on its clock, without what the partner took to answer.
    median_hours: VendorRecordFigure,
    /// How long it took in all: business hours from submission to decision, with what the partner took to answer.
    median_hours_in_all: VendorRecordFigure,
    /// Decisions within their deadline.
    within_deadline: VendorRecordFigure,
    /// Deadlines that passed without a decision.
    breaches: i32,
    /// Rejections that were given a reason.
    with_reason: VendorRecordFigure,
    /// Which kinds of reasons, the most frequent first; rejections without a kind are in none.
    reasons: Vec<VendorRecordReason>,
}

/// Counts are bounded far below what the wire can say.
fn int(n: i64) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

fn text(n: Number) -> Decimal {
    Decimal(entente_domain::money::format_decimal(n))
}

fn hours(formula: &'static str, minutes: Option<Number>, of: i64) -> VendorRecordFigure {
    VendorRecordFigure { formula, value: minutes.map(domain::hours).map(text), numerator: None, denominator: int(of) }
}

fn share(formula: &'static str, share: Share) -> VendorRecordFigure {
    VendorRecordFigure { formula, value: share.percent().map(text), numerator: Some(int(share.numerator)), denominator: int(share.denominator) }
}

impl VendorRecordPeriod {
    pub(super) fn of(record: domain::VendorRecord, quarter: Option<Quarter>) -> Self {
        let mut reasons: Vec<_> = record.reasons.iter().map(|(reason, count)| (*reason, *count)).collect();
        reasons.sort_by_key(|(reason, count)| (-count, *reason));
        Self {
            quarter: quarter.map(Quarter::name),
            from: DateTime(record.from),
            to: DateTime(record.to),
            decided: int(record.decided),
            median_hours: hours(
                "median of the business hours on the vendor's clock from submission to decision, without the time in which the partner owed an answer",
                record.median_minutes,
                record.decided,
            ),
            median_hours_in_all: hours("median of the business hours from submission to decision", record.median_minutes_in_all, record.decided),
            within_deadline: share(
                "decisions before their deadline ÷ decisions due (decided in the time, or still owed when their deadline passed in it) × 100",
                record.in_time,
            ),
            breaches: int(record.breaches),
            with_reason: share("rejections with a reason ÷ rejections × 100", record.reasoned),
            reasons: reasons.into_iter().map(|(reason, count)| VendorRecordReason { reason: reason.into(), count: int(count) }).collect(),
        }
    }
}
