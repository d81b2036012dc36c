//! Business hours: the calendar in which the vendor's deadlines run. Deadlines are counted in minutes of opening time.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use serde::{Deserialize, Serialize};

/// How far ahead a deadline is looked for, in days; a calendar without working days is refused when it is made.
const HORIZON_DAYS: usize = 3_660;

/// When people work on one day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkingHours {
    /// ISO number: 1 = Monday to 7 = Sunday.
    pub weekday: i8,
    /// Opening time.
    pub opens_at: Time,
    /// Closing time, after the opening time.
    pub closes_at: Time,
}

/// A day on which nobody works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// The day.
    pub date: Date,
    /// What it is called, where somebody said.
    pub name: Option<String>,
}

/// When the vendor works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Shape")]
pub struct BusinessCalendar {
    /// IANA name, as `Europe/Berlin`.
    pub time_zone: String,
    /// Working days of a week with their hours; a day that is not listed is free.
    pub hours: Vec<WorkingHours>,
    /// Days on which nobody works.
    pub holidays: Vec<Holiday>,
}

/// A calendar as it may be stored: with hours for each day, or as before, with the same hours on every working day.
#[derive(Deserialize)]
#[serde(untagged)]
enum Shape {
    Daily { time_zone: String, hours: Vec<WorkingHours>, holidays: Vec<Holiday> },
    Same { time_zone: String, work_days: Vec<i8>, opens_at: Time, closes_at: Time, holidays: Vec<Date> },
}

impl From<Shape> for BusinessCalendar {
    fn from(shape: Shape) -> Self {
        match shape {
            Shape::Daily { time_zone, hours, holidays } => Self { time_zone, hours, holidays },
            Shape::Same { time_zone, work_days, opens_at, closes_at, holidays } => {
                Self::weekly(time_zone, &work_days, (opens_at, closes_at), holidays)
            }
        }
    }
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
    /// The calendar with the same hours (opening, closing) on all of these days (ISO numbers), and holidays without names.
    pub fn weekly(time_zone: String, days: &[i8], (opens_at, closes_at): (Time, Time), holidays: Vec<Date>) -> Self {
        let hours = days.iter().map(|weekday| WorkingHours { weekday: *weekday, opens_at, closes_at }).collect();
        Self { time_zone, hours, holidays: holidays.into_iter().map(|date| Holiday { date, name: None }).collect() }
    }

    /// Refuses a calendar in which no deadline would ever come, and one whose day closes before it opens.
    pub fn check(&self) -> Result<(), CalendarError> {
        let some_day = self.hours.iter().any(|h| (1..=7).contains(&h.weekday));
        if some_day && self.hours.iter().all(|h| h.closes_at > h.opens_at) { Ok(()) } else { Err(CalendarError::NoWorkingTime) }
    }

    /// The hours of that day; none when nobody works.
    pub fn hours_of(&self, day: Date) -> Option<&WorkingHours> {
        let weekday = day.weekday().to_monday_one_offset();
        self.hours.iter().find(|h| h.weekday == weekday).filter(|_| self.holidays.iter().all(|h| h.date != day))
    }

    /// Whether people work on that day.
    pub fn is_working_day(&self, day: Date) -> bool {
        self.hours_of(day).is_some()
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
            Ok(day) => self.hours_of(day).map(|h| at(day, h.opens_at).and_then(|open| at(day, h.closes_at).map(|close| (open, close)))),
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
        let day = (jiff::civil::time(9, 0, 0, 0), jiff::civil::time(17, 0, 0, 0));
        let calendar = BusinessCalendar::weekly("Europe/Berlin".into(), &[1, 2, 3, 4, 5], day, vec![jiff::civil::date(2026, 12, 25)]);
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
        none.hours.clear();
        assert_eq!(none.add_minutes(&z, at("2026-11-20T15:00:00Z"), 1), Err(CalendarError::NoWorkingTime));
    }

    #[test]
    fn each_day_has_its_own_hours_and_old_calendars_are_read() {
        let (mut c, z) = berlin();
        c.hours[4].closes_at = jiff::civil::time(12, 0, 0, 0);
        // Friday closes at noon: the second hour is Monday's.
        assert_eq!(c.add_minutes(&z, at("2026-11-20T10:00:00Z"), 120), Ok(at("2026-11-23T09:00:00Z")));
        c.hours[0].closes_at = c.hours[0].opens_at;
        assert_eq!(c.check(), Err(CalendarError::NoWorkingTime));
        let old = r#"{"time_zone":"Europe/Berlin","work_days":[1,2,3,4,5],"opens_at":"09:00:00","closes_at":"17:00:00","holidays":["2026-12-25"]}"#;
        let read: BusinessCalendar = serde_json::from_str(old).unwrap();
        assert_eq!(read, berlin().0);
        assert_eq!(serde_json::from_str::<BusinessCalendar>(&serde_json::to_string(&read).unwrap()).unwrap(), read);
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
