//! The record against figures that were worked out by hand.

use super::*;

/// Monday to Friday, 09:00 to 17:00 UTC.
fn office() -> BusinessCalendar {
    let day = (jiff::civil::time(9, 0, 0, 0), jiff::civil::time(17, 0, 0, 0));
    BusinessCalendar::weekly("UTC".into(), &[1, 2, 3, 4, 5], day, Vec::new())
}

fn at(text: &str) -> Timestamp {
    format!("2026-{text}:00Z").parse().unwrap()
}

/// Submitted and decided at these moments, the clock running all the while.
fn row(submitted: &str, answered: Option<(&str, bool)>) -> Row {
    let submitted_at = at(submitted);
    let answered = answered.map(|(text, approved)| (at(text), approved));
    Row {
        rules: 1,
        submitted_at,
        answered,
        runs: vec![Run { from: submitted_at, to: answered.map(|(at, _)| at) }],
        missed: None,
        reasoned: answered.is_some_and(|(_, approved)| !approved),
        reason: None,
    }
}

fn late(mut row: Row, due: &str) -> Row {
    row.missed = Some(Fired { due_at: at(due), at: at(due) });
    row
}

fn of_october(rows: &[Row]) -> VendorRecord {
    let (calendar, utc) = (office(), TimeZone::UTC);
    record(rows, at("10-01T00:00"), at("11-01T00:00"), |_| (&calendar, &utc)).unwrap()
}

#[test]
fn every_figure_is_the_one_worked_out_by_hand() {
    let mut asked = row("10-05T09:00", Some(("10-07T11:00", false)));
    // Monday 09:00 to 10:00, then the partner answered on Wednesday at 09:00: one hour and two hours.
    asked.runs = vec![Run { from: at("10-05T09:00"), to: Some(at("10-05T10:00")) }, Run { from: at("10-07T09:00"), to: Some(at("10-07T11:00")) }];
    asked.reason = Some(RejectionReason::EvidenceMissing);
    let mut silent = row("10-12T09:00", Some(("10-12T10:00", false)));
    silent.reasoned = false;
    let rows = [
        // Friday 16:00 to Monday 10:00: two business hours.
        row("10-02T16:00", Some(("10-05T10:00", true))),
        // Three of its 18 business hours are the vendor's.
        asked,
        // One business hour, rejected without a word.
        silent,
        // Monday 09:00 to Thursday 09:00 is three days of eight hours; it was due after two.
        late(row("10-19T09:00", Some(("10-22T09:00", true))), "10-20T17:00"),
        // Still owed, and late since October.
        late(row("10-26T09:00", None), "10-28T09:00"),
        // Late in September, decided in October: no breach of October, and no decision in time.
        late(row("09-21T09:00", Some(("10-01T10:00", true))), "09-23T09:00"),
        // Late in October, decided in November: a breach of October, a decision of November.
        late(row("10-28T09:00", Some(("11-03T09:00", true))), "10-30T09:00"),
        // Decided before October.
        row("09-28T09:00", Some(("09-30T10:00", true))),
    ];
    let made = of_october(&rows);
    assert_eq!(made.decided, 5);
    // 60, 120, 180, 1440 and, of eight whole days and an hour, 3900 minutes.
    assert_eq!(made.median_minutes, Some(Decimal::from(180)));
    // 60, 120, 1080, 1440, 3900.
    assert_eq!(made.median_minutes_in_all, Some(Decimal::from(1_080)));
    // Five decided, three of them in time, and one that is still owed.
    assert_eq!(made.in_time, Share { numerator: 3, denominator: 6 });
    assert_eq!(made.in_time.percent(), Some(Decimal::from(50)));
    assert_eq!(made.breaches, 3);
    assert_eq!(made.reasoned, Share { numerator: 1, denominator: 2 });
    assert_eq!(made.reasons, BTreeMap::from([(RejectionReason::EvidenceMissing, 1)]));
}

#[test]
fn nothing_is_no_figure() {
    let made = of_october(&[]);
    assert_eq!((made.decided, made.median_minutes, made.in_time.percent(), made.reasoned.percent()), (0, None, None, None));
}

#[test]
fn a_calendar_without_working_days_is_refused() {
    let mut none = office();
    none.hours.clear();
    let rows = [row("10-05T09:00", Some(("10-05T10:00", true)))];
    let utc = TimeZone::UTC;
    let refused = record(&rows, at("10-01T00:00"), at("11-01T00:00"), |_| (&none, &utc));
    assert_eq!(refused, Err(CalendarError::NoWorkingTime));
}

#[test]
fn a_median_is_the_middle_or_the_mean_of_the_middle_two() {
    assert_eq!(median(vec![9, 1, 5]), Some(Decimal::from(5)));
    assert_eq!(median(vec![4, 1, 2, 9]), Some(Decimal::from(3)));
    assert_eq!(median(vec![2, 1]), Some(Decimal::new(15, 1)));
    assert_eq!(Share { numerator: 2, denominator: 3 }.percent(), Some(Decimal::new(667, 1)));
}

#[test]
fn quarters_follow_each_other() {
    let fourth = Quarter::of(jiff::civil::date(2026, 11, 21));
    assert_eq!((fourth.name().as_str(), fourth.after().name().as_str()), ("2026-Q4", "2027-Q1"));
    assert_eq!(Quarter::of(jiff::civil::date(2026, 1, 1)).before().name(), "2025-Q4");
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    assert_eq!(fourth.starts_at(&berlin).map(|t| t.to_string()).as_deref(), Ok("2026-09-30T22:00:00Z"));
}
