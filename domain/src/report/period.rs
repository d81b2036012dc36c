//! The period of a report: days of the program's calendar, both ends within, as moments in its time zone. Also the months
//! of a chart and the ages of a pipeline.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, civil::Date};

/// Most days of a period: twenty years.
pub const DAYS_MAX: i32 = 7_320;
/// Days of a period that nobody chose.
pub const DAYS_DEFAULT: i32 = 365;
/// Most bounds between ages.
pub const AGES_MAX: usize = 12;
/// Bounds between ages that nobody chose, in days.
pub const AGES_DEFAULT: [i32; 4] = [30, 90, 180, 365];

/// Days, both ends within.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// Why a period or a list of ages cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// It ends before it begins.
    #[error("to must not be before from")]
    Backwards,
    /// It is longer than twenty years.
    #[error("a period has at most {DAYS_MAX} days")]
    TooLong,
    /// The days are not those of any calendar.
    #[error("from and to must lie within the years 1 to 9998")]
    OutOfRange,
    /// The bounds do not rise, or are too many.
    #[error("ageDays must be 1 to {AGES_MAX} rising numbers of days, each from 1 to 36500")]
    Ages,
}

impl Period {
    /// The period of these days. Without a last day it ends today, without a first one it is 365 days long.
    pub fn new(from: Option<Date>, to: Option<Date>, today: Date) -> Result<Self, PeriodError> {
        let to = to.unwrap_or(today);
        let from = match from {
            Some(from) => from,
            None => to.checked_sub(Span::new().days(DAYS_DEFAULT - 1)).map_err(|_| PeriodError::OutOfRange)?,
        };
        if to < from {
            return Err(PeriodError::Backwards);
        }
        let days = from.until(to).map_err(|_| PeriodError::OutOfRange)?.get_days();
        if days >= DAYS_MAX {
            return Err(PeriodError::TooLong);
        }
        let period = Self { from, to };
        if from.year() < 1 || to.year() > 9_998 { Err(PeriodError::OutOfRange) } else { Ok(period) }
    }

    /// The moments at which it begins and at which it is over, in that zone.
    pub fn moments(&self, zone: &TimeZone) -> Result<(Timestamp, Timestamp), PeriodError> {
        let after = self.to.tomorrow().map_err(|_| PeriodError::OutOfRange)?;
        Ok((start_of(self.from, zone)?, start_of(after, zone)?))
    }
}

/// The moment at which a day begins in that zone.
pub fn start_of(day: Date, zone: &TimeZone) -> Result<Timestamp, PeriodError> {
    day.to_zoned(zone.clone()).map(|z| z.timestamp()).map_err(|_| PeriodError::OutOfRange)
}

/// First and last day of a month written `2026-11`; none when it is none.
pub fn month(text: &str) -> Option<Period> {
    let from: Date = format!("{text}-01").parse().ok()?;
    Some(Period { from, to: from.last_of_month() })
}

/// One stretch of ages: deals that began at `from` or later and before `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age {
    /// Least age in days.
    pub days_from: i32,
    /// Greatest age in days; none for the oldest.
    pub days_to: Option<i32>,
    /// They began at this moment or later; none for the oldest.
    pub from: Option<Timestamp>,
    /// They began before this moment; none for the youngest.
    pub to: Option<Timestamp>,
}

/// The ages between these bounds, youngest first: 0 to the first bound, one more to the next, and older than the last. A deal's age
/// is the days of the calendar from its beginning to today.
pub fn ages(bounds: &[i32], today: Date, zone: &TimeZone) -> Result<Vec<Age>, PeriodError> {
    let rising = bounds.windows(2).all(|w| matches!(w, [a, b] if a < b));
    let in_range = bounds.iter().all(|d| (1..=36_500).contains(d));
    if bounds.is_empty() || bounds.len() > AGES_MAX || !rising || !in_range {
        return Err(PeriodError::Ages);
    }
    let mut all = Vec::with_capacity(bounds.len() + 1);
    let (mut days_from, mut to) = (0, None);
    for bound in bounds {
        let day = today.checked_sub(Span::new().days(*bound)).map_err(|_| PeriodError::OutOfRange)?;
        let from = Some(start_of(day, zone)?);
        all.push(Age { days_from, days_to: Some(*bound), from, to });
        (days_from, to) = (bound + 1, from);
    }
    all.push(Age { days_from, days_to: None, from: None, to });
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    #[test]
    fn a_period_is_whole_days_where_the_program_is() {
        let period = Period::new(Some(date(2026, 3, 29)), Some(date(2026, 3, 29)), date(2026, 11, 21)).unwrap();
        let (from, to) = period.moments(&berlin()).unwrap();
        assert_eq!((from.to_string().as_str(), to.to_string().as_str()), ("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"), "a day of 23 hours");
    }

    #[test]
    fn what_nobody_chose_is_the_last_year() {
        let period = Period::new(None, None, date(2026, 11, 21)).unwrap();
        assert_eq!((period.from, period.to), (date(2025, 11, 22), date(2026, 11, 21)));
        assert_eq!(Period::new(Some(date(2026, 2, 2)), Some(date(2026, 2, 1)), date(2026, 11, 21)), Err(PeriodError::Backwards));
        assert_eq!(Period::new(Some(date(1990, 1, 1)), None, date(2026, 11, 21)), Err(PeriodError::TooLong));
        assert!(Period::new(Some(date(2006, 11, 26)), None, date(2026, 11, 21)).is_ok());
    }

    #[test]
    fn ages_touch_and_do_not_overlap() {
        let ages = ages(&[30, 90], date(2026, 11, 21), &berlin()).unwrap();
        let said: Vec<_> = ages.iter().map(|a| (a.days_from, a.days_to)).collect();
        assert_eq!(said, [(0, Some(30)), (31, Some(90)), (91, None)]);
        assert!(ages.windows(2).all(|w| w[0].from == w[1].to && w[0].from.is_some()));
        assert_eq!((ages[0].to, ages[2].from), (None, None));
        for bad in [&[][..], &[30, 30], &[0], &[90, 30]] {
            assert_eq!(super::ages(bad, date(2026, 11, 21), &berlin()), Err(PeriodError::Ages));
        }
    }

    #[test]
    fn a_month_ends_with_its_last_day() {
        assert_eq!(month("2024-02"), Some(Period { from: date(2024, 2, 1), to: date(2024, 2, 29) }));
        assert_eq!(month("2024-13"), None);
    }
}
