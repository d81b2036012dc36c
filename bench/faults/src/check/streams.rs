//! What each subscriber must have heard: every event that it may see, once, in order, unless it was told to read anew.

use std::collections::HashMap;

use anyhow::Result;
use bson::{Document, doc};
use entente_bench_common::accounts::Person;
use entente_bench_common::subscriber::{Heardlog, digest};
use futures::TryStreamExt;
use mongodb::Database;

/// A gap longer than this may be answered with ResyncRequired; a shorter one has to be told.
const GAP_MAX: i64 = 2_000;

/// An event of a deal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its number.
    pub seq: i64,
    /// Whose deal.
    pub partner: String,
    /// Whether only the vendor may see it.
    pub internal: bool,
    /// Kind and deal.
    pub digest: u64,
    /// The deal's version after it.
    pub version: i32,
    /// When it happened, in microseconds since 1970.
    pub at_us: u64,
}

/// The events of deals with numbers above that, in order.
pub async fn load(db: &Database, after: i64) -> Result<Vec<Event>> {
    let filter = doc! { "seq": { "$gt": after }, "subject.type": "DEAL" };
    let mut rows = db.collection::<Document>("events").find(filter).sort(doc! { "seq": 1 }).batch_size(5_000).await?;
    let mut events = Vec::new();
    while let Some(row) = rows.try_next().await? {
        let subject = row.get_document("subject")?;
        events.push(Event {
            seq: row.get_i64("seq")?,
            partner: subject.get_str("partner_id")?.to_owned(),
            internal: row.get_str("visibility")? != "SHARED",
            digest: digest(row.get_str("kind")?, subject.get_str("id")?),
            version: subject.get_i32("version")?,
            at_us: u64::try_from(row.get_datetime("occurred_at")?.timestamp_millis()).unwrap_or(0) * 1000,
        });
    }
    Ok(events)
}

/// What somebody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audience {
    /// Only this partner's deals; none for the vendor's staff.
    partner: Option<String>,
    /// What only the vendor may see.
    internal: bool,
}

impl Audience {
    /// What a demo account may see.
    pub fn of(person: &Person, partners: &HashMap<String, String>) -> Self {
        let partner = person.partner.as_ref().map(|slug| partners.get(slug).cloned().unwrap_or_default());
        Self { partner, internal: ["ADMIN", "CHANNEL_MANAGER", "SALES", "FINANCE"].contains(&person.role.as_str()) }
    }

    fn sees(&self, event: &Event) -> bool {
        (self.internal || !event.internal) && self.partner.as_ref().is_none_or(|own| *own == event.partner)
    }

    /// The number of the last event that it may see; 0 when there is none.
    pub fn last(&self, events: &[Event]) -> i64 {
        events.iter().rev().find(|event| self.sees(event)).map_or(0, |event| event.seq)
    }
}

/// From each change to its arrival, in milliseconds, of what came between two moments.
pub fn lags(log: &Heardlog, events: &[Event], (from_us, to_us): (u64, u64)) -> Vec<f64> {
    let at = |seq: i64| events.binary_search_by_key(&seq, |event| event.seq).ok().map(|at| events[at].at_us);
    let within = log.seen.iter().filter(|seen| (from_us..to_us).contains(&seen.at_us));
    within.filter_map(|seen| Some(seen.at_us.saturating_sub(at(seen.seq)?) as f64 / 1000.0)).collect()
}

/// What is wrong with what somebody heard. `events` are all of them since it started.
pub fn compare(log: &Heardlog, audience: &Audience, events: &[Event]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (last, to) in &log.resyncs {
        if to - last <= GAP_MAX {
            wrong.push(format!("told to read anew for a gap of {} after {last}", to - last));
        }
    }
    let skipped = |seq: i64| log.resyncs.iter().any(|(last, to)| (last + 1..=*to).contains(&seq));
    let mut expected = events.iter().filter(|event| event.seq > log.start && audience.sees(event) && !skipped(event.seq)).peekable();
    let mut last = log.start;
    let mut missing = Vec::new();
    for seen in &log.seen {
        if seen.seq <= last {
            wrong.push(format!("{} came after {last}: {}", seen.seq, if seen.seq == last { "twice" } else { "out of order or again" }));
            continue;
        }
        last = seen.seq;
        while let Some(event) = expected.next_if(|event| event.seq < seen.seq) {
            missing.push(event.seq);
        }
        match expected.next_if(|event| event.seq == seen.seq) {
            Some(event) if event.digest != seen.digest => wrong.push(format!("{} was told as something else than it is", seen.seq)),
            Some(event) if event.version > seen.version => {
                wrong.push(format!("{} was told with version {} and is about version {}", seen.seq, seen.version, event.version));
            }
            Some(_) => {}
            None => wrong.push(format!("{} was told and may not be seen", seen.seq)),
        }
    }
    missing.extend(expected.map(|event| event.seq));
    if let (Some(first), Some(end)) = (missing.first(), missing.last()) {
        wrong.push(format!("{} of the changes {first} to {end} never came (the last that came is {last})", missing.len()));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;
    use entente_bench_common::subscriber::Seen;

    fn event(seq: i64, partner: &str) -> Event {
        Event { seq, partner: partner.into(), internal: false, digest: seq as u64, version: 1, at_us: 0 }
    }

    fn heard(seqs: &[i64]) -> Heardlog {
        let seen = seqs.iter().map(|seq| Seen { seq: *seq, digest: *seq as u64, version: 1, at_us: 0 }).collect();
        Heardlog { seen, ..Heardlog::default() }
    }

    #[test]
    fn each_fault_of_a_stream_is_found() {
        let audience = Audience { partner: Some("a".into()), internal: false };
        let events = [event(1, "a"), event(2, "b"), event(3, "a"), event(4, "a")];
        let check = |seqs: &[i64]| compare(&heard(seqs), &audience, &events);
        assert!(check(&[1, 3, 4]).is_empty());
        assert!(check(&[1, 4])[0].contains("never came"), "a hole");
        assert!(check(&[1, 3])[0].contains("never came"), "the end");
        assert!(check(&[1, 3, 3, 4])[0].contains("twice"));
        assert!(check(&[1, 4, 3]).iter().any(|w| w.contains("out of order")));
        assert!(check(&[1, 2, 3, 4])[0].contains("may not be seen"));
        let mut wrong = heard(&[1, 3, 4]);
        wrong.seen[1].digest = 9;
        assert!(compare(&wrong, &audience, &events)[0].contains("something else"));
    }

    #[test]
    fn a_resync_excuses_a_long_gap_only() {
        let audience = Audience { partner: None, internal: true };
        let events: Vec<Event> = (1..=3000).map(|seq| event(seq, "a")).collect();
        let mut log = heard(&[1, 2900]);
        log.seen.truncate(1);
        log.resyncs.push((1, 2999));
        log.seen.push(Seen { seq: 3000, digest: 3000, version: 1, at_us: 0 });
        assert!(compare(&log, &audience, &events).is_empty());
        let mut log = heard(&[1]);
        log.resyncs.push((1, 3000));
        log.start = 0;
        let few = &events[..3];
        log.resyncs = vec![(1, 3)];
        assert!(compare(&log, &audience, few)[0].contains("read anew"));
    }
}
