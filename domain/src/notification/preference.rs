//! What a person wants to be told how: for each kind in the app, by e-mail at once, in a digest, or not at all; hours in which
//! no letter comes; and the flood that folds into a digest by itself. Pure: the time zone and the time come in.

use std::collections::BTreeMap;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};
use serde::{Deserialize, Serialize};

use super::NotificationKind;
use crate::id::UserId;

/// So many letters at once within [`FLOOD_MINUTES`] are a flood: what comes after them folds into a digest.
pub const FLOOD_LETTERS: u64 = 5;
/// The minutes in which letters are counted, and after which what was folded is sent.
pub const FLOOD_MINUTES: i64 = 15;

/// How a kind is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Channel {
    /// Not at all.
    Off,
    /// In the app only.
    InApp,
    /// In the app, and in the next digest.
    Digest,
    /// In the app, and by e-mail at once.
    Email,
}

/// When digests are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DigestTime {
    /// Every full hour.
    Hourly,
    /// Every day.
    Daily {
        /// At this time where the person is.
        at: Time,
    },
}

impl Default for DigestTime {
    fn default() -> Self {
        Self::Daily { at: Time::constant(8, 0, 0, 0) }
    }
}

/// Hours in which no letter comes; over midnight when `from` is later than `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct QuietHours {
    /// Their beginning where the person is.
    pub from: Time,
    /// Their end.
    pub until: Time,
}

/// What a person wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preferences {
    /// Whose they are.
    pub user_id: UserId,
    /// Counts changes; 0 before the first one.
    pub version: i32,
    /// What was chosen; a kind that is not here is told as usual.
    pub chosen: BTreeMap<NotificationKind, Channel>,
    /// IANA name of the person's time zone; the program's when none is chosen.
    pub time_zone: Option<String>,
    /// Hours in which no letter comes.
    pub quiet: Option<QuietHours>,
    /// When digests are sent.
    pub digest: DigestTime,
}

/// What is wrong with a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PreferenceError {
    /// What asks for an answer cannot be switched off.
    #[error("What waits for your answer is always shown in the app.")]
    AlwaysShown,
    /// The time zone is unknown.
    #[error("There is no such time zone; use an IANA name such as Europe/Berlin.")]
    TimeZoneUnknown,
    /// Quiet hours that begin when they end.
    #[error("Quiet hours must not end when they begin.")]
    QuietHoursEmpty,
    /// They have changed since.
    #[error("Your preferences have changed since you looked; look again and repeat.")]
    Stale,
}

impl Preferences {
    /// Those of somebody who never chose anything.
    pub fn usual(user_id: UserId) -> Self {
        Self { user_id, version: 0, chosen: BTreeMap::new(), time_zone: None, quiet: None, digest: DigestTime::default() }
    }

    /// How a kind is told.
    pub fn channel(&self, kind: NotificationKind) -> Channel {
        self.chosen.get(&kind).copied().unwrap_or(kind.usual())
    }

    /// Whether they can be kept. `zone` is the chosen time zone, where it is known.
    pub fn check(&self, zone: Option<&TimeZone>) -> Result<(), PreferenceError> {
        if self.chosen.iter().any(|(kind, channel)| kind.asks() && *channel == Channel::Off) {
            return Err(PreferenceError::AlwaysShown);
        }
        if self.time_zone.is_some() && zone.is_none() {
            return Err(PreferenceError::TimeZoneUnknown);
        }
        match self.quiet {
            Some(quiet) if quiet.from == quiet.until => Err(PreferenceError::QuietHoursEmpty),
            _ => Ok(()),
        }
    }
}

/// What becomes of a notification beside the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Letters {
    /// Nothing.
    None,
    /// A letter of its own, not before this moment.
    At(Timestamp),
    /// It stands in the digest that is sent at this moment.
    Digest(Timestamp),
}

/// How one notification reaches one person: whether it is in the app, and what is sent. `lately` is how many letters were made
/// for the person at once within the last [`FLOOD_MINUTES`].
pub fn deliver(preferences: &Preferences, kind: NotificationKind, zone: &TimeZone, now: Timestamp, lately: u64) -> (bool, Letters) {
    let letters = match preferences.channel(kind) {
        Channel::Off => return (kind.asks(), Letters::None),
        Channel::InApp => Letters::None,
        Channel::Digest => Letters::Digest(after_quiet(preferences, zone, next_digest(preferences.digest, zone, now))),
        Channel::Email if lately >= FLOOD_LETTERS => {
            let folded = now.checked_add(SignedDuration::from_mins(FLOOD_MINUTES)).unwrap_or(now);
            Letters::Digest(after_quiet(preferences, zone, folded))
        }
        Channel::Email => Letters::At(after_quiet(preferences, zone, now)),
    };
    (true, letters)
}

/// The next moment at that time of day, strictly later.
fn next_at(zone: &TimeZone, now: Timestamp, at: Time) -> Timestamp {
    let today = now.to_zoned(zone.clone());
    let on = |day: jiff::civil::Date| day.to_datetime(at).to_zoned(zone.clone()).map(|z| z.timestamp());
    let first = on(today.date()).ok().filter(|t| *t > now);
    first.or_else(|| today.date().checked_add(1.day()).ok().and_then(|day| on(day).ok())).unwrap_or(now)
}

/// When the next digest is sent, strictly later than `now`.
pub fn next_digest(digest: DigestTime, zone: &TimeZone, now: Timestamp) -> Timestamp {
    match digest {
        DigestTime::Daily { at } => next_at(zone, now, at),
        DigestTime::Hourly => {
            let left = 3_600_000 - now.as_millisecond().rem_euclid(3_600_000);
            now.checked_add(SignedDuration::from_millis(left)).unwrap_or(now)
        }
    }
}

/// The moment itself, or the end of the quiet hours in which it lies.
pub fn after_quiet(preferences: &Preferences, zone: &TimeZone, at: Timestamp) -> Timestamp {
    let Some(quiet) = preferences.quiet else { return at };
    let here: Zoned = at.to_zoned(zone.clone());
    let time = here.time();
    let within = if quiet.from <= quiet.until { quiet.from <= time && time < quiet.until } else { time >= quiet.from || time < quiet.until };
    if within { next_at(zone, at, quiet.until) } else { at }
}
