//! One transaction of numbering: the numbers, the last number and the place in the stream, all guarded by the lease.

use std::collections::BTreeSet;

use bson::{Bson, doc};
use entente_domain::Timestamp;
use entente_domain::id::EventId;
use futures::TryStreamExt;
use mongodb::change_stream::event::ResumeToken;
use mongodb::error::Error;
use mongodb::{ClientSession, Collection};
use serde::{Deserialize, Serialize};

use crate::bson_as::{date, time};
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
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PendingRow {
    #[serde(rename = "_id")]
    pub id: EventId,
    #[serde(default)]
    pub pending: bool,
}

pub(crate) struct Batch {
    pub relay: Collection<RelayDoc>,
    pub events: Collection<PendingRow>,
    pub holder: String,
    pub until: Timestamp,
    pub token: Option<Bson>,
    pub ids: Vec<EventId>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Written {
    Done { last: i64, count: usize },
    NotLeader,
}

/// Numbers those of the events that have no number yet, in the order given.
pub(crate) async fn write(s: &mut ClientSession, b: &Batch) -> Result<Written, Error> {
    let asked: Vec<&str> = b.ids.iter().map(EventId::as_str).collect();
    let mut fresh = Vec::new();
    if !asked.is_empty() {
        let mut rows = b.events.find(doc! { "_id": { "$in": &asked } }).projection(doc! { "_id": 1, "pending": 1 }).session(&mut *s).await?;
        let rows: Vec<PendingRow> = rows.stream(&mut *s).try_collect().await?;
        let pending: BTreeSet<&str> = rows.iter().filter(|r| r.pending).map(|r| r.id.as_str()).collect();
        fresh = asked.into_iter().filter(|id| pending.contains(id)).collect();
    }
    let count = fresh.len();
    let mut set = doc! { "until": date(b.until) };
    if let Some(token) = &b.token {
        set.insert("resume_token", token);
    }
    let step = i64::try_from(count).map_err(Error::custom)?;
    let mine = doc! { "_id": names::EVENTS, "holder": &b.holder };
    let update = doc! { "$set": set, "$inc": { "last_seq": step } };
    let before = b.relay.find_one_and_update(mine, update).session(&mut *s).await?;
    let Some(before) = before else { return Err(refuse(Written::NotLeader)) };
    if count > 0 {
        let seq = doc! { "$add": [before.last_seq + 1, { "$indexOfArray": [&fresh, "$_id"] }] };
        let number = vec![doc! { "$set": { "seq": seq } }, doc! { "$unset": "pending" }];
        b.events.update_many(doc! { "_id": { "$in": &fresh } }, number).session(&mut *s).await?;
    }
    Ok(Written::Done { last: before.last_seq + step, count })
}
