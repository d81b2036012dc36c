//! Business hours: the calendar in which the vendor's deadlines run. Deadlines are counted in minutes of opening time.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use serde::{Deserialize, Serialize};

/// How far ahead a deadline is looked for, in days; a calendar without working days is refused when it is made.
const HORIZON_DAYS: usize = 3_660;

/// When the vendor works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BusinessCalendar {
    /// IANA name, as `Europe/Berlin`.
    pub time_zone: String,
    /// Working days of a week, by ISO number: 1 = Monday to 7 = Sunday.
    pub work_days: Vec<i8>,
    /// Opening time of a working day.
    pub opens_at: Time,
    /// Closing time of a working day, after the opening time.
    pub closes_at: Time,
    /// Days on which nobody works.
    pub holidays: Vec<Date>,
}

/// Why a deadline cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// No working day, or closing is not after opening.
    #[error("the calendar has no working time")]
    NoWorkingTime,
    /// The moment lies outside what a calendar can name.
    #[error("the moment is out of range")]
    OutOfRange,
}

impl BusinessCalendar {
    /// Refuses a calendar in which no deadline would ever come.
    pub fn check(&self) -> Result<(), CalendarError> {
        let some_day = self.work_days.iter().any(|d| (1..=7).contains(d));
        if some_day && self.closes_at > self.opens_at { Ok(()) } else { Err(CalendarError::NoWorkingTime) }
    }

    /// Whether people work on that day.
    pub fn is_working_day(&self, day: Date) -> bool {
        self.work_days.contains(&day.weekday().to_monday_one_offset()) && !self.holidays.contains(&day)
    }

    /// The moment at which `minutes` of business time have passed since `from`. `zone` is this calendar's time zone.
    pub fn add_minutes(&self, zone: &TimeZone, from: Timestamp, minutes: i64) -> Result<Timestamp, CalendarError> {
        let mut left = minutes.max(0) * 60;
        for window in self.windows(zone, from)?.take(HORIZON_DAYS) {
            let (open, close) = window?;
            let start = open.max(from);
            let length = (close.as_second() - start.as_second()).max(0);
            if length == 0 {
                continue;
            }
            if left <= length {
                return Timestamp::from_second(start.as_second() + left).map_err(|_| CalendarError::OutOfRange);
            }
            left -= length;
        }
        Err(CalendarError::NoWorkingTime)
    }

    /// Business minutes between two moments; zero when `to` is not after `from`.
    pub fn minutes_between(&self, zone: &TimeZone, from: Timestamp, to: Timestamp) -> Result<i64, CalendarError> {
        let mut seconds = 0;
        for window in self.windows(zone, from)?.take(HORIZON_DAYS) {
            let (open, close) = window?;
            if open >= to {
                break;
            }
            seconds += (close.min(to).as_second() - open.max(from).as_second()).max(0);
        }
        Ok(seconds / 60)
    }

    /// Opening windows from the day of `from` on, working days only.
    fn windows<'a>(
        &'a self,
        zone: &'a TimeZone,
        from: Timestamp,
    ) -> Result<impl Iterator<Item = Result<(Timestamp, Timestamp), CalendarError>> + 'a, CalendarError> {
        self.check()?;
        let first = Zoned::new(from, zone.clone()).date();
        let at = |day: Date, time: Time| day.to_datetime(time).to_zoned(zone.clone()).map(|z| z.timestamp()).map_err(|_| CalendarError::OutOfRange);
        Ok((0..HORIZON_DAYS as i64).filter_map(move |n| match first.checked_add(n.days()) {
            Err(_) => Some(Err(CalendarError::OutOfRange)),
            Ok(day) if self.is_working_day(day) => Some(at(day, self.opens_at).and_then(|open| at(day, self.closes_at).map(|close| (open, close)))),
            Ok(_) => None,
        }))
    }
}

/// The weekday of an ISO number; Monday for anything out of range.
pub fn weekday(iso: i8) -> Weekday {
    Weekday::from_monday_one_offset(iso).unwrap_or(Weekday::Monday)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn berlin() -> (BusinessCalendar, TimeZone) {
        let calendar = BusinessCalendar {
            time_zone: "Europe/Berlin".into(),
            work_days: vec![1, 2, 3, 4, 5],
            opens_at: jiff::civil::time(9, 0, 0, 0),
            closes_at: jiff::civil::time(17, 0, 0, 0),
            holidays: vec![jiff::civil::date(2026, 12, 25)],
        };
        (calendar, TimeZone::get("Europe/Berlin").unwrap())
    }

    fn at(s: &str) -> Timestamp {
        s.parse().unwrap()
    }

    #[test]
    fn a_deadline_skips_nights_weekends_and_holidays() {
        let (c, z) = berlin();
        // Friday 16:00 in Berlin and 120 minutes: Monday 10:00.
        assert_eq!(c.add_minutes(&z, at("2026-11-20T15:00:00Z"), 120), Ok(at("2026-11-23T09:00:00Z")));
        // Thursday 24 December 16:00, the 25th is a holiday.
        assert_eq!(c.add_minutes(&z, at("2026-12-24T15:00:00Z"), 61), Ok(at("2026-12-28T08:01:00Z")));
        // Across the change to winter time.
        assert_eq!(c.add_minutes(&z, at("2026-10-23T14:30:00Z"), 60), Ok(at("2026-10-26T08:30:00Z")));
        let mut none = c;
        none.work_days.clear();
        assert_eq!(none.add_minutes(&z, at("2026-11-20T15:00:00Z"), 1), Err(CalendarError::NoWorkingTime));
    }

    proptest! {
        #[test]
        fn what_is_added_is_what_lies_between(start in 1_600_000_000i64..1_900_000_000, minutes in 0i64..20_000) {
            let (c, z) = berlin();
            let from = Timestamp::from_second(start - start % 60).unwrap();
            let due = c.add_minutes(&z, from, minutes).unwrap();
            prop_assert_eq!(c.minutes_between(&z, from, due).unwrap(), minutes);
        }
    }
}
