//! Edits by somebody who knows how the audit works and covers the traces: found all the same.

use std::time::Duration;

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::event::EventKind;
use entente_store::{Anchor, AuditProblem, Committed, EventNumberer, Numbering, Store};
use mongodb::Collection;

use crate::support::*;

const EVENTS: i64 = 30;

/// Steps until everything is numbered and in the chain.
async fn number(store: &Store, last: i64) {
    let mut numberer = EventNumberer::new(store, "audit", 5_000);
    while numberer.step(Timestamp::now(), Duration::from_millis(50)).await.unwrap() != (Numbering::Idle { last }) {}
    numberer.release().await.unwrap();
}

/// A chained log, and the collections as a program beside ours sees them.
async fn log(f: &Fresh) -> (Collection<Document>, Collection<Document>) {
    let mut d = deal(1);
    assert_eq!(f.store.commit(&[insert(&d)], None).await.unwrap(), Committed::Done);
    for _ in 1..EVENTS {
        let next = change(&d, EventKind::DealUpdated, |_| {});
        assert_eq!(f.store.commit(std::slice::from_ref(&next), None).await.unwrap(), Committed::Done);
        d = next.deal;
    }
    number(&f.store, EVENTS).await;
    let raw = f.raw().await;
    (raw.collection("events"), raw.collection("relay"))
}

async fn problem(store: &Store, anchor: Option<&Anchor>) -> Option<AuditProblem> {
    store.audit(1, anchor).await.unwrap().problem
}

async fn event(events: &Collection<Document>, seq: i64) -> (String, String) {
    let event = events.find_one(doc! { "seq": seq }).await.unwrap().unwrap();
    (event.get_str("_id").unwrap().to_owned(), event.get_str("hash").unwrap().to_owned())
}

#[test]
fn setting_the_end_of_the_chain_back_hides_nothing() {
    with_store(|f| async move {
        let (events, relay) = log(&f).await;
        let ((id, _), (_, hash)) = (event(&events, 12).await, event(&events, 20).await);
        let anchor = Anchor { seq: 20, hash };
        let (_, eleventh) = event(&events, 11).await;
        relay.update_one(doc! {}, doc! { "$set": { "chained_seq": 11_i64, "chained_hash": eleventh } }).await.unwrap();
        assert_eq!(problem(&f.store, Some(&anchor)).await, None, "nothing was edited yet");
        events.update_one(doc! { "seq": 12_i64 }, doc! { "$set": { "text": "edited" } }).await.unwrap();
        let changed = Some(AuditProblem::Changed { seq: 12, id });
        assert_eq!(problem(&f.store, None).await, changed);
        // A server that goes over it mends no link that is there.
        number(&f.store, EVENTS).await;
        assert_eq!(problem(&f.store, None).await, changed);
        // Without its own link, what follows tells that it had one.
        relay.update_one(doc! {}, doc! { "$set": { "chained_seq": 11_i64 } }).await.unwrap();
        events.update_one(doc! { "seq": 12_i64 }, doc! { "$unset": { "hash": "" } }).await.unwrap();
        assert_eq!(problem(&f.store, None).await, changed);
        // Without any link it looks like what an older server numbered, and the anchor tells.
        events.update_many(doc! { "seq": { "$gte": 12_i64 } }, doc! { "$unset": { "hash": "" } }).await.unwrap();
        let report = f.store.audit(1, None).await.unwrap();
        assert_eq!((report.unchained, report.problem), (EVENTS as u64 - 11, None));
        assert_eq!(problem(&f.store, Some(&anchor)).await, Some(AuditProblem::Anchor { seq: 20 }));
    });
}

#[test]
fn what_hides_behind_a_strange_number_is_found() {
    with_store(|f| async move {
        let (events, _) = log(&f).await;
        let mut forged = events.find_one(doc! { "seq": 5_i64 }).await.unwrap().unwrap();
        forged.insert("_id", "event_00000000000000000000000000");
        for seq in [bson::Bson::Int64(-1), bson::Bson::Int64(0), bson::Bson::String("5".into()), bson::Bson::Null, bson::Bson::Double(5.5)] {
            forged.insert("seq", seq.clone());
            events.insert_one(&forged).await.unwrap();
            let found = problem(&f.store, None).await;
            assert_eq!(found, Some(AuditProblem::Stray { id: "event_00000000000000000000000000".into() }), "{seq:?}");
            events.delete_one(doc! { "_id": "event_00000000000000000000000000" }).await.unwrap();
        }
        assert_eq!(problem(&f.store, None).await, None);
    });
}

#[test]
fn an_event_that_has_a_number_gets_no_other() {
    with_store(|f| async move {
        let (events, relay) = log(&f).await;
        let (id, _) = event(&events, 9).await;
        events.update_one(doc! { "seq": 9_i64 }, doc! { "$set": { "pending": true } }).await.unwrap();
        assert_eq!(problem(&f.store, None).await, Some(AuditProblem::Stray { id }));
        // Not even where the place in the stream is lost, and what waits is looked for.
        relay.update_one(doc! {}, doc! { "$set": { "resume_token": null } }).await.unwrap();
        number(&f.store, EVENTS).await;
        events.update_one(doc! { "seq": 9_i64 }, doc! { "$unset": { "pending": "" } }).await.unwrap();
        assert_eq!(problem(&f.store, None).await, None);
    });
}
