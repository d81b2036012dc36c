//! The vendor's own record: how long it takes to decide, how often it is late, and what reasons it gives. Every figure comes with its
//! numerator and denominator, so that anybody can check it.

pub mod reason;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use crate::calendar::{BusinessCalendar, CalendarError};
use crate::deal::Deal;
use crate::deal::deadline::{Fired, Run};
use reason::RejectionReason;

/// What one registration adds to the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The version of the rules that it was judged under, whose calendar counts its hours.
    pub rules: i32,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// When the vendor decided, and whether it approved; none while it has not.
    pub answered: Option<(Timestamp, bool)>,
    /// When the vendor's clock ran.
    pub runs: Vec<Run>,
    /// Set when the deadline was missed.
    pub missed: Option<Fired>,
    /// Whether a rejection came with a reason.
    pub reasoned: bool,
    /// What kind of reason.
    pub reason: Option<RejectionReason>,
}

impl Row {
    /// What a deal adds to the record.
    pub fn of(deal: &Deal) -> Self {
        let d = &deal.deadline;
        Self {
            rules: deal.judged.rules,
            submitted_at: deal.created_at,
            answered: d.answered.map(|a| (a.at, a.approved)),
            runs: d.runs.clone(),
            missed: d.missed,
            reasoned: deal.decision_reason.as_ref().is_some_and(|r| !r.trim().is_empty()),
            reason: d.reason,
        }
    }
}

/// A share: so many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// So many.
    pub numerator: i64,
    /// Of so many.
    pub denominator: i64,
}

impl Share {
    /// In per cent with one decimal; none of nothing.
    pub fn percent(self) -> Option<Decimal> {
        let whole = (self.denominator > 0).then(|| Decimal::from(self.denominator))?;
        Some((Decimal::from(self.numerator * 100) / whole).round_dp_with_strategy(1, rust_decimal::RoundingStrategy::MidpointAwayFromZero))
    }
}

/// The vendor's record over a stretch of time: from the first moment up to, not including, the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorRecord {
    /// From when.
    pub from: Timestamp,
    /// Up to when.
    pub to: Timestamp,
    /// Registrations that the vendor decided.
    pub decided: i64,
    /// Median business minutes on the vendor's clock from submission to decision; what the partner took to answer is left out.
    pub median_minutes: Option<Decimal>,
    /// Median business minutes from submission to decision, with what the partner took to answer.
    pub median_minutes_in_all: Option<Decimal>,
    /// Decisions within the deadline, of those that were due: decided in the time, or still owed when their deadline passed in it.
    pub in_time: Share,
    /// Deadlines that passed in the time without a decision.
    pub breaches: i64,
    /// Rejections with a reason, of all rejections.
    pub reasoned: Share,
    /// How many rejections were given which kind of reason; none of a kind is left out, and so are those without a kind.
    pub reasons: BTreeMap<RejectionReason, i64>,
}

/// The calendar by which a version of the rules counts hours.
pub type Hours<'a> = (&'a BusinessCalendar, &'a TimeZone);

/// The record of that time. `rows` are the registrations that were decided or whose deadline was missed in it, each once; others do
/// not count. `hours` gives the calendar of a version of the rules.
pub fn record<'a>(rows: &[Row], from: Timestamp, to: Timestamp, hours: impl Fn(i32) -> Hours<'a>) -> Result<VendorRecord, CalendarError> {
    let within = |at: Timestamp| from <= at && at < to;
    let mut made = VendorRecord {
        from,
        to,
        decided: 0,
        median_minutes: None,
        median_minutes_in_all: None,
        in_time: Share::default(),
        breaches: 0,
        reasoned: Share::default(),
        reasons: BTreeMap::new(),
    };
    let (mut owed, mut in_all) = (Vec::new(), Vec::new());
    for row in rows {
        let missed = row.missed.filter(|m| within(m.due_at));
        made.breaches += i64::from(missed.is_some());
        let Some((at, approved)) = row.answered.filter(|(at, _)| within(*at)) else {
            // Late and decided in another stretch of time: that one counts it among its decisions.
            made.in_time.denominator += i64::from(missed.is_some() && row.answered.is_none());
            continue;
        };
        made.decided += 1;
        made.in_time.denominator += 1;
        made.in_time.numerator += i64::from(row.missed.is_none());
        let (calendar, zone) = hours(row.rules);
        let mut minutes = 0;
        for run in &row.runs {
            minutes += calendar.minutes_between(zone, run.from, run.to.unwrap_or(at))?;
        }
        owed.push(minutes);
        in_all.push(calendar.minutes_between(zone, row.submitted_at, at)?);
        if !approved {
            made.reasoned.denominator += 1;
            made.reasoned.numerator += i64::from(row.reasoned);
            if let Some(reason) = row.reason {
                *made.reasons.entry(reason).or_default() += 1;
            }
        }
    }
    made.median_minutes = median(owed);
    made.median_minutes_in_all = median(in_all);
    Ok(made)
}

/// Minutes in hours with two decimals.
pub fn hours(minutes: Decimal) -> Decimal {
    (minutes / Decimal::from(60)).round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
}

/// The middle one, or the mean of the two in the middle; none of none.
pub fn median(mut values: Vec<i64>) -> Option<Decimal> {
    values.sort_unstable();
    let upper = *values.get(values.len() / 2)?;
    let lower = if values.len().is_multiple_of(2) { *values.get(values.len() / 2 - 1)? } else { upper };
    Some((Decimal::from(lower) + Decimal::from(upper)) / Decimal::TWO)
}

/// A quarter of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    /// The year.
    pub year: i16,
    /// 1 to 4.
    pub number: i8,
}

impl Quarter {
    /// The quarter of a day.
    pub fn of(day: Date) -> Self {
        Self { year: day.year(), number: (day.month() - 1) / 3 + 1 }
    }

    /// The one before.
    pub fn before(self) -> Self {
        if self.number > 1 { Self { number: self.number - 1, ..self } } else { Self { year: self.year - 1, number: 4 } }
    }

    /// The one after.
    pub fn after(self) -> Self {
        if self.number < 4 { Self { number: self.number + 1, ..self } } else { Self { year: self.year + 1, number: 1 } }
    }

    /// The moment at which it begins in that time zone.
    pub fn starts_at(self, zone: &TimeZone) -> Result<Timestamp, CalendarError> {
        let day = Date::new(self.year, (self.number - 1) * 3 + 1, 1).map_err(|_| CalendarError::OutOfRange)?;
        day.to_zoned(zone.clone()).map(|z| z.timestamp()).map_err(|_| CalendarError::OutOfRange)
    }

    /// As `2026-Q4`.
    pub fn name(self) -> String {
        format!("{}-Q{}", self.year, self.number)
    }
}

#[cfg(test)]
mod tests;
