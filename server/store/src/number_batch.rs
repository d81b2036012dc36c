//! One transaction of numbering: the numbers, the chain of hashes, the last number and the place in the stream, all guarded by
//! the lease.

use std::collections::HashMap;

use bson::{Bson, Document, doc};
use entente_domain::Timestamp;
use entente_domain::id::EventId;
use futures::TryStreamExt;
use mongodb::change_stream::event::ResumeToken;
use mongodb::error::Error;
use mongodb::{ClientSession, Collection};
use serde::{Deserialize, Serialize};

use crate::bson_as::time;
use crate::chain::{GENESIS, link};
use crate::connect::names;
use crate::transaction::refuse;

/// The row that says who numbers, how far, and where in the stream.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct RelayDoc {
    #[serde(rename = "_id")]
    pub id: String,
    pub schema_version: i32,
    pub holder: String,
    #[serde(with = "time")]
    pub until: Timestamp,
    pub last_seq: i64,
    pub resume_token: Option<ResumeToken>,
    /// The last event that is in the chain of hashes; behind `last_seq` while a server of an older version numbered.
    #[serde(default)]
    pub chained_seq: i64,
    /// Its link; none before the first.
    #[serde(default)]
    pub chained_hash: Option<String>,
}

impl RelayDoc {
    pub(crate) fn head(&self) -> Head {
        Head { last: self.last_seq, chained: self.chained_seq, hash: self.chained_hash.clone().unwrap_or_else(|| GENESIS.to_owned()) }
    }
}

/// Where numbering and the chain stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    /// The last number given.
    pub last: i64,
    /// The last event in the chain.
    pub chained: i64,
    /// Its link.
    pub hash: String,
}

pub(crate) struct Batch {
    pub relay: Collection<RelayDoc>,
    pub events: Collection<Document>,
    pub holder: String,
    /// How long the lease holds from now on, in milliseconds.
    pub lease_ms: i64,
    pub token: Option<Bson>,
    pub ids: Vec<EventId>,
    pub head: Head,
}

#[derive(Debug, Clone)]
pub(crate) enum Written {
    Done { head: Head, count: usize },
    NotLeader,
}

/// Numbers those of the events that have no number yet, in the order given, and hangs them onto the chain when it reaches
/// up to them.
pub(crate) async fn write(s: &mut ClientSession, b: &Batch) -> Result<Written, Error> {
    let fresh = fresh(s, b).await?;
    let count = fresh.len();
    let mut head = b.head.clone();
    let whole = head.chained == head.last;
    let (mut ids, mut links) = (Vec::with_capacity(count), Vec::with_capacity(count));
    for (id, event) in fresh {
        head.last += 1;
        if whole {
            head.hash = link(&head.hash, head.last, &event);
            head.chained = head.last;
            links.push(head.hash.clone());
        }
        ids.push(id);
    }
    // A pipeline, for the database's own time; what comes from outside is taken as it is.
    let mut set = doc! { "until": { "$add": ["$$NOW", b.lease_ms] }, "last_seq": head.last };
    if whole && count > 0 {
        set.extend(doc! { "chained_seq": head.chained, "chained_hash": &head.hash });
    }
    if let Some(token) = &b.token {
        set.insert("resume_token", doc! { "$literal": token });
    }
    // Whoever numbered since we looked has moved the last number; then we are not the one who numbers.
    let mine = doc! { "_id": names::EVENTS, "holder": &b.holder, "last_seq": b.head.last };
    if b.relay.update_one(mine, vec![doc! { "$set": set }]).session(&mut *s).await?.matched_count == 0 {
        return Err(refuse(Written::NotLeader));
    }
    if count > 0 {
        let place = doc! { "$indexOfArray": [&ids, "$_id"] };
        let mut given = doc! { "seq": { "$add": [b.head.last + 1, place.clone()] } };
        if whole {
            given.insert("hash", doc! { "$arrayElemAt": [links, place] });
        }
        let number = vec![doc! { "$set": given }, doc! { "$unset": "pending" }];
        b.events.update_many(doc! { "_id": { "$in": &ids } }, number).session(&mut *s).await?;
    }
    Ok(Written::Done { head, count })
}

/// Those of the events that have no number yet, whole, in the order given.
async fn fresh(s: &mut ClientSession, b: &Batch) -> Result<Vec<(String, Document)>, Error> {
    if b.ids.is_empty() {
        return Ok(Vec::new());
    }
    let asked: Vec<&str> = b.ids.iter().map(EventId::as_str).collect();
    let mut rows = b.events.find(doc! { "_id": { "$in": &asked }, "pending": true, "seq": { "$exists": false } }).session(&mut *s).await?;
    let mut found = HashMap::new();
    while let Some(event) = rows.stream(&mut *s).try_next().await? {
        if let Ok(id) = event.get_str("_id") {
            found.insert(id.to_owned(), event);
        }
    }
    Ok(asked.into_iter().filter_map(|id| found.remove_entry(id)).collect())
}

/// What a server of an older version numbered, or this one before it knew of the chain.
pub(crate) struct Backlog {
    pub relay: Collection<RelayDoc>,
    pub events: Collection<Document>,
    pub holder: String,
    pub head: Head,
}

/// Most events hung onto the chain at once.
const BACKLOG: i64 = 1_000;

/// Hangs the next numbered events onto the chain, in one transaction guarded by the lease and by where the chain ends.
pub(crate) async fn chain(s: &mut ClientSession, b: &Backlog) -> Result<Written, Error> {
    let mut head = b.head.clone();
    let range = doc! { "seq": { "$gt": head.chained, "$lte": head.last.min(head.chained + BACKLOG) } };
    let mut rows = b.events.find(range.clone()).sort(doc! { "seq": 1 }).session(&mut *s).await?;
    let events: Vec<Document> = rows.stream(&mut *s).try_collect().await?;
    let (mut ids, mut links) = (Vec::with_capacity(events.len()), Vec::with_capacity(events.len()));
    for event in &events {
        // A hole is for the audit to find; the chain goes over it, and the number before the hole tells.
        head.chained = event.get_i64("seq").map_err(Error::custom)?;
        // A link that is there stays, right or wrong: to make it right would hide that the event was edited.
        if let Ok(there) = event.get_str("hash") {
            head.hash = there.to_owned();
            continue;
        }
        head.hash = link(&head.hash, head.chained, event);
        ids.push(event.get_str("_id").map_err(Error::custom)?);
        links.push(head.hash.clone());
    }
    if events.is_empty() {
        head.chained = head.last.min(head.chained + BACKLOG);
    }
    let mine = doc! { "_id": names::EVENTS, "holder": &b.holder, "chained_seq": { "$in": [b.head.chained, null_if_first(b.head.chained)] } };
    let set = doc! { "$set": { "chained_seq": head.chained, "chained_hash": &head.hash } };
    if b.relay.update_one(mine, set).session(&mut *s).await?.matched_count == 0 {
        return Err(refuse(Written::NotLeader));
    }
    if !ids.is_empty() {
        let hash = doc! { "$arrayElemAt": [links, { "$indexOfArray": [&ids, "$_id"] }] };
        b.events.update_many(doc! { "_id": { "$in": &ids } }, vec![doc! { "$set": { "hash": hash } }]).session(&mut *s).await?;
    }
    Ok(Written::Done { count: events.len(), head })
}

/// A row of an older version has no such field.
fn null_if_first(chained: i64) -> Bson {
    if chained == 0 { Bson::Null } else { Bson::Int64(chained) }
}
