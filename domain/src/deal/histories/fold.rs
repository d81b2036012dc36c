//! Every clock of a deal, computed from its events alone and by other means than the product does: hours are counted day by day
//! here, and nothing of `deal::deadline`, `deal::protection` or `calendar` is used.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::event::{Event, EventKind};

/// What the rules of the history say; it does not change within one.
#[derive(Debug, Clone)]
pub struct Said {
    pub zone: TimeZone,
    pub holiday: Date,
    pub decision_hours: i64,
    pub protection_days: i64,
    pub extension_days: i64,
    pub inactivity_days: i64,
    pub reminder_days: Vec<i64>,
}

/// The clocks as the events say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Clocks {
    pub status: &'static str,
    pub open: bool,
    pub due: Option<Timestamp>,
    pub paused_minutes: Option<i64>,
    /// When the deadline that was missed had been due.
    pub missed: Option<Timestamp>,
    pub protected_until: Option<Timestamp>,
    pub left_ms: Option<i64>,
    question: bool,
    extension: bool,
    pub extensions: i32,
    active_at: Option<Timestamp>,
    /// When the partner is next reminded of the end.
    pub reminder: Option<Timestamp>,
    /// When protection ends if nothing happens, by its date or by inactivity.
    end: Option<Timestamp>,
    /// Since when reminders count: since the end was moved, or since the last one.
    counts_from: Option<Timestamp>,
}

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

fn later(at: Timestamp, ms: i64) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond() + ms).unwrap()
}

impl Said {
    /// Opening and closing of a day in seconds since 1970; none when nobody works.
    fn hours(&self, day: Date) -> Option<(i64, i64)> {
        let free = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) || day == self.holiday;
        let at = |hour: i8| day.at(hour, 0, 0, 0).to_zoned(self.zone.clone()).unwrap().timestamp().as_second();
        (!free).then(|| (at(9), at(17)))
    }

    /// The moment at which so many seconds of work have passed.
    fn after_work(&self, from: Timestamp, seconds: i64) -> Timestamp {
        let (mut day, mut rest, mut now) = (from.to_zoned(self.zone.clone()).date(), seconds, from.as_second());
        loop {
            if let Some((opens, closes)) = self.hours(day) {
                now = now.max(opens);
                // At closing time a day has nothing left, not even for no work at all.
                if now < closes {
                    if now + rest <= closes {
                        return Timestamp::from_second(now + rest).unwrap();
                    }
                    rest -= closes - now;
                }
            }
            day = day.checked_add(1.day()).unwrap();
        }
    }

    /// Whole minutes of work between two moments.
    fn worked(&self, from: Timestamp, to: Timestamp) -> i64 {
        let (mut day, mut sum) = (from.to_zoned(self.zone.clone()).date(), 0);
        let last = to.to_zoned(self.zone.clone()).date();
        while day <= last {
            if let Some((opens, closes)) = self.hours(day) {
                sum += (closes.min(to.as_second()) - opens.max(from.as_second())).max(0);
            }
            day = day.checked_add(1.day()).unwrap();
        }
        sum / 60
    }
}

/// The clocks after all of a deal's events, in the order in which they were written.
pub fn fold(events: &[Event], said: &Said) -> Clocks {
    let mut c = Clocks::default();
    for event in events {
        step(&mut c, event, said);
    }
    c
}

fn named<'a>(event: &'a Event, field: &str) -> Option<&'a str> {
    event.changes.iter().find(|c| c.field == field)?.after.as_deref()
}

fn step(c: &mut Clocks, event: &Event, said: &Said) {
    use EventKind::*;
    let now = event.occurred_at;
    if matches!(event.kind, DealNoteAdded | DealWayFreed) {
        return;
    }
    if event.kind == DealProtectionEnding {
        let due = c.reminder.is_some_and(|at| at <= now) && c.end.is_some_and(|end| end > now);
        assert!(due, "reminded too early, or of what has ended: {event:?}");
    }
    if matches!(event.kind, DealInfoRequested | DealApproved | DealRejected | DealWithdrawn) {
        assert!(c.missed.is_some() || c.due.is_none_or(|due| due > now), "a deadline passed and nobody was told: {event:?}");
    }
    if c.active_at.is_some() && event.kind != DealProtectionEnding && !matches!(event.kind, DealExpired | DealInactive) {
        c.active_at = Some(now);
    }
    match event.kind {
        DealRegistered => {
            (c.status, c.open) = ("SUBMITTED", true);
            c.due = Some(said.after_work(now, said.decision_hours * 3_600));
        }
        DealInfoRequested => {
            c.status = "INFO_REQUESTED";
            c.paused_minutes = Some(c.due.map_or(0, |due| said.worked(now, due)));
            c.due = None;
        }
        DealInfoProvided => {
            c.status = "IN_REVIEW";
            c.due = Some(said.after_work(now, c.paused_minutes.unwrap_or_default() * 60));
            c.paused_minutes = None;
        }
        DealDeadlineMissed => {
            let due = c.due.expect("a deadline was missed that was not there");
            assert!(c.missed.is_none() && due <= now, "told twice, or too early: {event:?}");
            assert_eq!(named(event, "dueAt"), Some(due.to_string().as_str()));
            c.missed = Some(due);
        }
        DealApproved => {
            (c.status, c.due, c.paused_minutes) = ("APPROVED", None, None);
            (c.question, c.extension, c.extensions, c.left_ms) = (false, false, 0, None);
            c.protected_until = Some(later(now, said.protection_days * DAY_MS));
            c.active_at = Some(now);
        }
        DealVendorAsked => {
            stand(c, now);
            c.question = true;
        }
        DealExtensionRequested => {
            stand(c, now);
            c.extension = true;
        }
        DealPartnerAnswered => {
            c.question = false;
            go(c, now);
        }
        DealExtensionGranted | DealExtensionDeclined => {
            c.extension = false;
            if event.kind == DealExtensionGranted {
                c.left_ms = c.left_ms.map(|left| left + said.extension_days * DAY_MS);
                c.extensions += 1;
            }
            go(c, now);
        }
        DealStageMoved if matches!(named(event, "stage"), Some("WON" | "LOST")) => {
            c.open = false;
            ends(c);
        }
        DealExpired => {
            assert!(c.protected_until.is_some_and(|end| end <= now), "expired before its end: {event:?}");
            c.status = "EXPIRED";
            ends(c);
        }
        DealInactive => {
            let idle = c.active_at.map(|at| later(at, said.inactivity_days * DAY_MS));
            assert!(idle.is_some_and(|at| at <= now) && c.protected_until.is_some(), "called inactive too early: {event:?}");
            c.status = "EXPIRED";
            ends(c);
        }
        DealRejected | DealWithdrawn | DealReleased => {
            c.status = match event.kind {
                DealRejected => "REJECTED",
                DealWithdrawn => "WITHDRAWN",
                _ => "RELEASED",
            };
            (c.due, c.paused_minutes) = (None, None);
            ends(c);
        }
        _ => {}
    }
    reminders(c, event, said);
}

fn reminders(c: &mut Clocks, event: &Event, said: &Said) {
    let idle = c.active_at.filter(|_| said.inactivity_days > 0).map(|at| later(at, said.inactivity_days * DAY_MS));
    let end = c.protected_until.map(|until| idle.map_or(until, |idle| idle.min(until)));
    if end != c.end || event.kind == EventKind::DealProtectionEnding {
        (c.end, c.counts_from) = (end, Some(event.occurred_at));
    }
    let all = end.into_iter().flat_map(|end| said.reminder_days.iter().map(move |days| later(end, -days * DAY_MS)));
    c.reminder = all.filter(|at| c.counts_from.is_none_or(|from| *at > from)).min();
}

fn stand(c: &mut Clocks, now: Timestamp) {
    if let Some(end) = c.protected_until.take() {
        c.left_ms = Some(end.as_millisecond() - now.as_millisecond());
    }
}

fn go(c: &mut Clocks, now: Timestamp) {
    if !c.question && !c.extension {
        c.protected_until = c.left_ms.take().map(|left| later(now, left));
    }
}

fn ends(c: &mut Clocks) {
    (c.protected_until, c.left_ms, c.question, c.extension, c.active_at) = (None, None, false, false, None);
}
