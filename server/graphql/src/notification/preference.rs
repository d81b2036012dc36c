//! What a person wants to be told how, on the wire.

use std::collections::BTreeMap;

use async_graphql::{Context, Enum, InputObject, SimpleObject};
use entente_domain::notification::NotificationKind;
use entente_domain::notification::preference as domain;
use jiff::civil::Time;

use crate::context::Ask as _;
use crate::problem::Problem;

/// How a kind of notification is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::Channel")]
pub(crate) enum NotificationChannel {
    /// Not at all; refused for what asks for an answer.
    Off,
    /// In the app only.
    InApp,
    /// In the app, and in the next digest.
    Digest,
    /// In the app, and by e-mail at once. More than 5 letters within 15 minutes fold into a digest.
    Email,
}

/// How often digests are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum DigestRhythm {
    /// Every full hour.
    Hourly,
    /// Every day at a time of the person's choice.
    Daily,
}

/// How one kind of notification is told.
#[derive(SimpleObject)]
pub(crate) struct NotificationChoice {
    /// The kind, as `DECISION_OWED`.
    kind: String,
    /// Whether it asks for an answer, so that it is always in the app.
    asks: bool,
    /// How it is told.
    channel: NotificationChannel,
    /// How it is told to somebody who never chose.
    usual: NotificationChannel,
}

/// What the viewer wants to be told how.
#[derive(SimpleObject)]
pub(crate) struct NotificationPreferences {
    /// Counts changes; 0 before the first one.
    version: i32,
    /// Every kind of which people of the viewer's side are told.
    choices: Vec<NotificationChoice>,
    /// IANA name of the time zone in which the hours are; the program's where none was chosen.
    time_zone: String,
    /// Beginning of the hours in which no letter comes, as `20:00`; null when there are none.
    quiet_from: Option<String>,
    /// Their end, as `07:00`.
    quiet_until: Option<String>,
    /// How often digests are sent.
    digest: DigestRhythm,
    /// When daily digests are sent, as `08:00`; null for hourly ones.
    digest_at: Option<String>,
}

/// How one kind is to be told.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct NotificationChoiceInput {
    /// The kind, as `DECISION_OWED`.
    kind: String,
    /// How it is to be told.
    channel: NotificationChannel,
}

/// What the viewer wants to be told how. Everything is replaced.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct NotificationPreferencesInput {
    /// The version that the choices were made from.
    expected_version: i32,
    /// Kinds that are not told as usual, each once, at most 100.
    choices: Vec<NotificationChoiceInput>,
    /// IANA name of the time zone, as `Europe/Berlin`; the program's if left out.
    time_zone: Option<String>,
    /// Beginning of the hours in which no letter comes, as `20:00`; none if left out.
    quiet_from: Option<String>,
    /// Their end, as `07:00`.
    quiet_until: Option<String>,
    /// How often digests are sent.
    digest: DigestRhythm,
    /// When daily digests are sent, as `08:00`; required for daily ones.
    digest_at: Option<String>,
}

fn shown(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

fn read(text: &str) -> Option<Time> {
    Time::strptime("%H:%M", text).ok().filter(|t| shown(*t) == text)
}

impl NotificationPreferences {
    /// Of what was chosen, as far as it concerns the viewer's side.
    pub(super) async fn of(ctx: &Context<'_>, p: domain::Preferences) -> Result<Self, Problem> {
        let vendor = ctx.signed_in()?.is_vendor();
        let choice = |kind: &NotificationKind| NotificationChoice {
            kind: kind.name().to_owned(),
            asks: kind.asks(),
            channel: p.channel(*kind).into(),
            usual: kind.usual().into(),
        };
        let (digest, digest_at) = match p.digest {
            domain::DigestTime::Hourly => (DigestRhythm::Hourly, None),
            domain::DigestTime::Daily { at } => (DigestRhythm::Daily, Some(shown(at))),
        };
        let time_zone = match &p.time_zone {
            Some(zone) => zone.clone(),
            None => ctx.program().await?.program.calendar.time_zone.clone(),
        };
        Ok(Self {
            version: p.version,
            choices: NotificationKind::ALL.iter().filter(|k| k.is_for(vendor)).map(choice).collect(),
            time_zone,
            quiet_from: p.quiet.map(|q| shown(q.from)),
            quiet_until: p.quiet.map(|q| shown(q.until)),
            digest,
            digest_at,
        })
    }
}

impl NotificationPreferencesInput {
    /// As the domain knows it; the name of the field that cannot be read otherwise.
    pub(super) fn read(self, user: entente_domain::id::UserId) -> Result<domain::Preferences, &'static str> {
        if self.choices.len() > 100 {
            return Err("choices");
        }
        let mut chosen = BTreeMap::new();
        for choice in self.choices {
            let kind = NotificationKind::ALL.iter().find(|k| k.name() == choice.kind).ok_or("choices")?;
            chosen.insert(*kind, choice.channel.into());
        }
        let quiet = match (self.quiet_from.as_deref(), self.quiet_until.as_deref()) {
            (None, None) => None,
            (from, until) => {
                Some(domain::QuietHours { from: from.and_then(read).ok_or("quietFrom")?, until: until.and_then(read).ok_or("quietUntil")? })
            }
        };
        let digest = match self.digest {
            DigestRhythm::Hourly => domain::DigestTime::Hourly,
            DigestRhythm::Daily => domain::DigestTime::Daily { at: self.digest_at.as_deref().and_then(read).ok_or("digestAt")? },
        };
        Ok(domain::Preferences { user_id: user, version: self.expected_version, chosen, time_zone: self.time_zone, quiet, digest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_has_hours_and_minutes() {
        assert_eq!(read("07:30").map(shown).as_deref(), Some("07:30"));
        for bad in ["7:30", "24:00", "07:60", "07:30:00", "", "ab:cd"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
