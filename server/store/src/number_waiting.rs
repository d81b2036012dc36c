//! Events that wait for their number, found without the stream: when its place is lost, and when it is silent.

use std::collections::BTreeMap;

use bson::{Document, doc};
use entente_domain::event::Subject;
use entente_domain::id::EventId;
use futures::TryStreamExt;
use mongodb::Collection;
use serde::{Deserialize, Serialize};

use crate::{Store, StoreError};

#[derive(Debug, Serialize, Deserialize)]
struct Row {
    #[serde(rename = "_id")]
    id: EventId,
    subject: Subject,
}

fn rows(store: &Store) -> Collection<Row> {
    store.event_docs().clone_with_type()
}

fn without_number() -> Document {
    doc! { "pending": true, "seq": { "$exists": false } }
}

fn by_time() -> Document {
    doc! { "occurred_at": 1, "_id": 1 }
}

fn fields() -> Document {
    doc! { "_id": 1, "subject": 1 }
}

/// The oldest events that wait, at most `limit`, in the order of their commits as far as that can be known: by their moments, and
/// among one deal's by its versions.
pub(crate) async fn waiting(store: &Store, limit: usize) -> Result<Vec<EventId>, StoreError> {
    // What was written before the stream begins must be seen here, also what the majority had not confirmed by then:
    // the session has seen the database's present time, so its reads wait until the majority is there.
    let mut session = store.client.start_session().causal_consistency(true).await?;
    store.db.run_command(doc! { "ping": 1 }).session(&mut session).await?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut oldest = rows(store).find(without_number()).projection(fields()).sort(by_time()).limit(limit).session(&mut session).await?;
    Ok(in_order(oldest.stream(&mut session).try_collect().await?))
}

/// The oldest event that waits.
pub(crate) async fn first_waiting(store: &Store) -> Result<Option<EventId>, StoreError> {
    Ok(rows(store).find_one(without_number()).projection(fields()).sort(by_time()).await?.map(|row| row.id))
}

/// Events of one deal trade their places so that they come by its versions: each was decided on the one before, whatever the
/// clocks of the servers said. A note has the version of the change before it and keeps its place after that.
fn in_order(rows: Vec<Row>) -> Vec<EventId> {
    let mut deals: BTreeMap<String, Vec<(usize, i32)>> = BTreeMap::new();
    for (place, row) in rows.iter().enumerate() {
        if let Subject::Deal { id, version, .. } = &row.subject {
            deals.entry(id.to_string()).or_default().push((place, *version));
        }
    }
    let mut ids: Vec<EventId> = rows.iter().map(|row| row.id.clone()).collect();
    for places in deals.into_values() {
        let mut by_version = places.clone();
        by_version.sort_by_key(|(_, version)| *version);
        for ((to, _), (from, _)) in places.iter().zip(&by_version) {
            ids[*to] = rows[*from].id.clone();
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use entente_domain::id::{DealId, PartnerId};
    use ulid::Ulid;

    use super::*;

    fn row(n: u32, deal: u32, version: i32) -> Row {
        let subject = match deal {
            0 => Subject::Partner { id: PartnerId::new(Ulid::from_parts(0, 1)) },
            d => Subject::Deal { id: DealId::new(Ulid::from_parts(0, d.into())), partner_id: PartnerId::new(Ulid::from_parts(0, 1)), version },
        };
        Row { id: EventId::new(Ulid::from_parts(0, n.into())), subject }
    }

    #[test]
    fn each_deals_events_come_by_version_in_the_places_that_they_had_together() {
        let rows = vec![row(1, 1, 3), row(2, 2, 1), row(3, 0, 0), row(4, 1, 1), row(5, 2, 2), row(6, 1, 2), row(7, 1, 2)];
        let expected = [4, 2, 3, 6, 5, 7, 1].map(|n: u32| EventId::new(Ulid::from_parts(0, n.into())));
        assert_eq!(in_order(rows), expected);
    }
}
