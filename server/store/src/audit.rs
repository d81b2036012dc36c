//! Proving the log of events: every number there once, every link of the chain right, the last one as the relay knows it.

use std::io;

use bson::{Bson, Document, doc};
use futures::TryStreamExt;
use serde::Serialize;

use crate::chain::{GENESIS, link};
use crate::connect::names;
use crate::number_batch::RelayDoc;
use crate::{Store, StoreError, TransferError};

/// An event and its link as somebody wrote it down elsewhere: proves that nothing up to it was written anew as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Anchor {
    /// Number of the event.
    pub seq: i64,
    /// Its link, 64 hexadecimal digits.
    pub hash: String,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditReport {
    /// Events whose links were recomputed and are right.
    pub verified: u64,
    /// The last of them: the anchor to write down.
    pub last: Option<Anchor>,
    /// Numbered events that the chain has not reached yet; a running server does so within seconds.
    pub unchained: u64,
    /// Events that are committed and not numbered yet.
    pub pending: u64,
    /// The first thing that is wrong; none when the log is whole.
    pub problem: Option<AuditProblem>,
}

/// What is wrong with the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AuditProblem {
    /// A number is missing.
    #[error("event {seq} is missing: it was taken out, or its number was changed")]
    Missing {
        /// The number.
        seq: i64,
    },
    /// A number is there twice.
    #[error("event {seq} is there twice: {id} was put in")]
    Doubled {
        /// The number.
        seq: i64,
        /// The event that was read second.
        id: String,
    },
    /// An event is not what was hashed when it got its number.
    #[error("event {seq} ({id}) is not what it was when it was written: its text, its place or its link was changed")]
    Changed {
        /// The number.
        seq: i64,
        /// The event.
        id: String,
    },
    /// The log ends before the last number that was given, or goes on after it.
    #[error("the log ends with event {found}, and {given} numbers were given: events were taken from its end or put there")]
    End {
        /// The last number found.
        found: i64,
        /// The last number given.
        given: i64,
    },
    /// An event has no number and waits for none.
    #[error("event {id} has no number and waits for none: it was put in")]
    Stray {
        /// The event.
        id: String,
    },
    /// The chain is right in itself and is another one than it was.
    #[error("event {seq} has another link than the anchor: the log was written anew up to there or before")]
    Anchor {
        /// The number of the anchor.
        seq: i64,
    },
}

impl Store {
    /// Looks through all events from number `from` (1 is the first) on. Reads in order, a batch at a time; servers go on meanwhile,
    /// and what they number after the beginning is not looked at.
    pub async fn audit(&self, from: i64, anchor: Option<&Anchor>) -> Result<AuditReport, StoreError> {
        let relay = self.of::<RelayDoc>(names::RELAY).find_one(doc! { "_id": names::EVENTS }).await?;
        let (given, chained) = relay.map_or((0, 0), |r| (r.last_seq, r.chained_seq));
        let from = from.max(1);
        let mut walk =
            Walk { next: from, before: GENESIS.to_owned(), verified: 0, anchor, anchored: false, chained, bare: None, linked_after: false };
        let mut problem = None;
        if from > 1 {
            match self.events_raw().find_one(doc! { "seq": from - 1 }).await? {
                None => problem = Some(AuditProblem::Missing { seq: from - 1 }),
                Some(event) => match event.get_str("hash") {
                    Ok(hash) => walk.before = hash.to_owned(),
                    Err(_) if from - 1 > chained => walk.bare = Some((from - 1, id(&event))),
                    Err(_) => problem = Some(AuditProblem::Changed { seq: from - 1, id: id(&event) }),
                },
            }
        }
        let mut rows = self.events_raw().find(doc! { "seq": { "$gte": from, "$lte": given } }).sort(doc! { "seq": 1 }).batch_size(1_000).await?;
        while let (None, Some(event)) = (&problem, rows.try_next().await?) {
            problem = walk.step(&event);
        }
        if problem.is_none() {
            problem = self.ends(&walk, given).await?;
        }
        let last = (walk.verified > 0).then(|| Anchor { seq: from + i64::try_from(walk.verified).unwrap_or(0) - 1, hash: walk.before.clone() });
        let unchained = walk.bare.as_ref().map_or(0, |(first, _)| walk.next - from.max(*first));
        let pending = self.events_raw().count_documents(doc! { "pending": true }).await?;
        Ok(AuditReport { verified: walk.verified, last, unchained: u64::try_from(unchained).unwrap_or(0), pending, problem })
    }

    /// Gives every numbered event from number `from` on, in order, as one line of JSON (MongoDB's extended form, in which dates are
    /// dates) with its number and its link; answers how many they were.
    pub async fn export_events(&self, from: i64, take: &mut (dyn FnMut(&str) -> io::Result<()> + Send)) -> Result<u64, TransferError> {
        let mut rows = self.events_raw().find(doc! { "seq": { "$gte": from } }).sort(doc! { "seq": 1 }).batch_size(1_000).await?;
        let mut count = 0;
        while let Some(event) = rows.try_next().await? {
            take(&Bson::Document(event).into_relaxed_extjson().to_string())?;
            count += 1;
        }
        Ok(count)
    }

    /// What is wrong with the end of the log, and with what has no place in it.
    async fn ends(&self, walk: &Walk<'_>, given: i64) -> Result<Option<AuditProblem>, StoreError> {
        let found = walk.next - 1;
        if found < given {
            return Ok(Some(AuditProblem::End { found, given }));
        }
        // First the event, then the number: numbering goes on while this runs, and writes both at once.
        let highest = self.events_raw().find_one(doc! { "seq": { "$gt": given } }).sort(doc! { "seq": -1 }).await?;
        if let Some(found) = highest.and_then(|event| event.get_i64("seq").ok()) {
            let given = self.last_seq().await?;
            if found > given {
                return Ok(Some(AuditProblem::End { found, given }));
            }
        }
        // Every number that the walk does not pass: none, none that counts, or one beside a wait for another.
        let unnumbered = doc! { "pending": { "$ne": true }, "seq": { "$not": { "$type": "long" } } };
        let waiting_twice = doc! { "pending": true, "seq": { "$exists": true } };
        let stray = doc! { "$or": [unnumbered, { "seq": { "$lt": 1 } }, waiting_twice] };
        if let Some(event) = self.events_raw().find_one(stray).await? {
            return Ok(Some(AuditProblem::Stray { id: id(&event) }));
        }
        if let (Some((seq, bare)), true) = (&walk.bare, walk.linked_after) {
            // Links are written in order: who has one has every one before, by now at the latest.
            let again = self.events_raw().find_one(doc! { "_id": bare }).await?;
            if again.is_none_or(|event| !event.contains_key("hash")) {
                return Ok(Some(AuditProblem::Changed { seq: *seq, id: bare.clone() }));
            }
        }
        match walk.anchor {
            Some(anchor) if anchor.seq > found => Ok(Some(AuditProblem::End { found, given: anchor.seq })),
            // Its event has no link any more that could be compared.
            Some(anchor) if !walk.anchored => Ok(Some(AuditProblem::Anchor { seq: anchor.seq })),
            _ => Ok(None),
        }
    }

    fn events_raw(&self) -> mongodb::Collection<Document> {
        self.of(names::EVENTS)
    }
}

struct Walk<'a> {
    next: i64,
    before: String,
    verified: u64,
    anchor: Option<&'a Anchor>,
    /// Whether the anchor's event has come by with the anchor's link.
    anchored: bool,
    /// How far the relay's row says that the chain goes.
    chained: i64,
    /// The first event without a link behind that: a server of an older version numbered it.
    bare: Option<(i64, String)>,
    /// Whether one with a link came after it.
    linked_after: bool,
}

impl Walk<'_> {
    fn step(&mut self, event: &Document) -> Option<AuditProblem> {
        let Some(Bson::Int64(seq)) = event.get("seq") else { return Some(AuditProblem::Stray { id: id(event) }) };
        if *seq > self.next {
            return Some(AuditProblem::Missing { seq: self.next });
        }
        if *seq < self.next {
            return Some(AuditProblem::Doubled { seq: *seq, id: id(event) });
        }
        self.next += 1;
        // What has a link is held to it, wherever the relay's row says that the chain ends.
        let linked = event.contains_key("hash");
        if self.bare.is_some() || (*seq > self.chained && !linked) {
            self.linked_after |= linked;
            self.bare.get_or_insert_with(|| (*seq, id(event)));
            return None;
        }
        let expected = link(&self.before, *seq, event);
        if event.get_str("hash").ok() != Some(expected.as_str()) {
            return Some(AuditProblem::Changed { seq: *seq, id: id(event) });
        }
        if let Some(anchor) = self.anchor.filter(|anchor| anchor.seq == *seq) {
            self.anchored = anchor.hash.eq_ignore_ascii_case(&expected);
            if !self.anchored {
                return Some(AuditProblem::Anchor { seq: *seq });
            }
        }
        self.before = expected;
        self.verified += 1;
        None
    }
}

fn id(event: &Document) -> String {
    event.get_str("_id").unwrap_or("without an id").to_owned()
}
