//! Whatever is done to the log behind the program's back, the audit finds it and names it.

use std::time::Duration;

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::event::EventKind;
use entente_store::{Anchor, AuditProblem, AuditReport, Committed, EventNumberer, Numbering, Store};
use mongodb::Collection;

use crate::support::*;

const EVENTS: i64 = 40;

/// Steps until everything is numbered and in the chain.
async fn number(store: &Store, all: i64) {
    let mut numberer = EventNumberer::new(store, "audit", 5_000);
    while numberer.step(Timestamp::now(), Duration::from_millis(50)).await.unwrap() != (Numbering::Idle { last: all }) {}
    numberer.release().await.unwrap();
}

async fn write(store: &Store) {
    let mut d = deal(1);
    assert_eq!(store.commit(&[insert(&d)], None).await.unwrap(), Committed::Done);
    for _ in 1..EVENTS {
        let next = change(&d, EventKind::DealUpdated, |_| {});
        assert_eq!(store.commit(std::slice::from_ref(&next), None).await.unwrap(), Committed::Done);
        d = next.deal;
    }
}

async fn verify(store: &Store) -> AuditReport {
    store.audit(1, None).await.unwrap()
}

/// A log of forty events and what a program beside ours sees of it.
async fn log(f: &Fresh) -> Collection<Document> {
    write(&f.store).await;
    number(&f.store, EVENTS).await;
    f.raw().await.collection("events")
}

async fn event(events: &Collection<Document>, seq: i64) -> Document {
    events.find_one(doc! { "seq": seq }).await.unwrap().unwrap()
}

async fn put(events: &Collection<Document>, event: &Document) {
    events.replace_one(doc! { "_id": event.get_str("_id").unwrap() }, event).await.unwrap();
}

fn id(event: &Document) -> String {
    event.get_str("_id").unwrap().to_owned()
}

#[test]
fn a_whole_log_is_verified_and_anchored() {
    with_store(|f| async move {
        assert_eq!(verify(&f.store).await, AuditReport { verified: 0, last: None, unchained: 0, pending: 0, problem: None });
        let events = log(&f).await;
        let report = verify(&f.store).await;
        assert_eq!((report.verified, &report.problem, report.unchained, report.pending), (EVENTS as u64, &None, 0, 0));
        let last = report.last.unwrap();
        assert_eq!((last.seq, last.hash.as_str()), (EVENTS, event(&events, EVENTS).await.get_str("hash").unwrap()));

        let part = f.store.audit(31, Some(&last)).await.unwrap();
        assert_eq!((part.verified, part.last, part.problem), (10, Some(last), None));
        write_one_more(&f.store).await;
        let waiting = verify(&f.store).await;
        assert_eq!((waiting.verified, waiting.pending, waiting.problem), (EVENTS as u64, 1, None));
    });
}

async fn write_one_more(store: &Store) {
    assert_eq!(store.commit(&[insert(&deal(2))], None).await.unwrap(), Committed::Done);
}

#[test]
fn every_way_to_edit_is_found() {
    with_store(|f| async move {
        let events = log(&f).await;
        let (twelve, thirteen, last) = (event(&events, 12).await, event(&events, 13).await, event(&events, EVENTS).await);
        let changed = |event: &Document| AuditProblem::Changed { seq: event.get_i64("seq").unwrap(), id: id(event) };

        let edits =
            [("text", doc! { "text": "something else" }), ("actor.name", doc! { "actor.name": "Nobody" }), ("hash", doc! { "hash": "0".repeat(64) })];
        for (what, edit) in edits {
            events.update_one(doc! { "seq": 12_i64 }, doc! { "$set": edit }).await.unwrap();
            assert_eq!(verify(&f.store).await.problem, Some(changed(&twelve)), "{what}");
            put(&events, &twelve).await;
        }
        events.update_one(doc! { "seq": 12_i64 }, doc! { "$unset": { "visibility": "" } }).await.unwrap();
        assert_eq!(verify(&f.store).await.problem, Some(changed(&twelve)), "a field is gone");
        put(&events, &twelve).await;
        assert_eq!(verify(&f.store).await.problem, None, "put back");

        events.delete_one(doc! { "seq": 12_i64 }).await.unwrap();
        assert_eq!(verify(&f.store).await.problem, Some(AuditProblem::Missing { seq: 12 }));
        events.insert_one(&twelve).await.unwrap();

        events.delete_one(doc! { "seq": EVENTS }).await.unwrap();
        assert_eq!(verify(&f.store).await.problem, Some(AuditProblem::End { found: EVENTS - 1, given: EVENTS }));
        events.insert_one(&last).await.unwrap();

        // Two that trade their places.
        events.update_one(doc! { "_id": id(&twelve) }, doc! { "$set": { "seq": -1_i64 } }).await.unwrap();
        events.update_one(doc! { "_id": id(&thirteen) }, doc! { "$set": { "seq": 12_i64 } }).await.unwrap();
        events.update_one(doc! { "_id": id(&twelve) }, doc! { "$set": { "seq": 13_i64 } }).await.unwrap();
        assert_eq!(verify(&f.store).await.problem, Some(AuditProblem::Changed { seq: 12, id: id(&thirteen) }));
        events.update_one(doc! { "_id": id(&twelve) }, doc! { "$set": { "seq": -1_i64 } }).await.unwrap();
        put(&events, &thirteen).await;
        put(&events, &twelve).await;

        let mut forged = last.clone();
        forged.insert("_id", "event_00000000000000000000000000");
        forged.insert("seq", EVENTS + 1);
        events.insert_one(&forged).await.unwrap();
        assert_eq!(verify(&f.store).await.problem, Some(AuditProblem::End { found: EVENTS + 1, given: EVENTS }));
        forged.remove("seq");
        put(&events, &forged).await;
        assert_eq!(verify(&f.store).await.problem, Some(AuditProblem::Stray { id: id(&forged) }));
        events.delete_one(doc! { "_id": id(&forged) }).await.unwrap();
        assert_eq!(verify(&f.store).await.problem, None);
    });
}

#[test]
fn a_log_that_was_written_anew_as_a_whole_is_found_by_its_anchor() {
    with_store(|f| async move {
        let events = log(&f).await;
        let anchor = Anchor { seq: 20, hash: event(&events, 20).await.get_str("hash").unwrap().to_owned() };
        assert_eq!(f.store.audit(1, Some(&anchor)).await.unwrap().problem, None);
        // Somebody edits an event and has the program chain everything again, as an upgrade from before the chain would.
        let relay = f.raw().await.collection::<Document>("relay");
        events.update_one(doc! { "seq": 12_i64 }, doc! { "$set": { "text": "something else" } }).await.unwrap();
        events.update_many(doc! {}, doc! { "$unset": { "hash": "" } }).await.unwrap();
        relay.update_one(doc! {}, doc! { "$unset": { "chained_seq": "", "chained_hash": "" } }).await.unwrap();
        assert_eq!(verify(&f.store).await.unchained, EVENTS as u64, "as in a database from before the chain");
        number(&f.store, EVENTS).await;
        let report = verify(&f.store).await;
        assert_eq!((report.verified, report.unchained, report.problem), (EVENTS as u64, 0, None), "right in itself");
        assert_eq!(f.store.audit(1, Some(&anchor)).await.unwrap().problem, Some(AuditProblem::Anchor { seq: 20 }));
    });
}

#[test]
fn what_an_older_server_numbered_joins_the_chain() {
    with_store(|f| async move {
        let events = log(&f).await;
        write_one_more(&f.store).await;
        // As a server of the version before numbers: no link, and the relay's row knows nothing of one.
        let relay = f.raw().await.collection::<Document>("relay");
        events.update_one(doc! { "pending": true }, doc! { "$set": { "seq": EVENTS + 1 }, "$unset": { "pending": "" } }).await.unwrap();
        relay.update_one(doc! {}, doc! { "$inc": { "last_seq": 1_i64 } }).await.unwrap();
        let report = verify(&f.store).await;
        assert_eq!((report.verified, report.unchained, report.problem), (EVENTS as u64, 1, None));
        let after = f.store.audit(EVENTS + 2, None).await.unwrap();
        assert_eq!((after.verified, after.unchained, after.problem), (0, 0, None), "what has no link yet is not missing");
        assert_eq!(f.store.commit(&[insert(&deal(3))], None).await.unwrap(), Committed::Done);
        number(&f.store, EVENTS + 2).await;
        let report = verify(&f.store).await;
        assert_eq!((report.verified, report.unchained, report.problem), (EVENTS as u64 + 2, 0, None));
    });
}

#[test]
fn the_log_goes_out_line_by_line_with_numbers_and_links() {
    with_store(|f| async move {
        let events = log(&f).await;
        write_one_more(&f.store).await;
        let mut lines = Vec::new();
        let mut take = |line: &str| {
            lines.push(line.to_owned());
            Ok(())
        };
        assert_eq!(f.store.export_events(31, &mut take).await.unwrap(), 10, "what has no number yet is not in it");
        let last = event(&events, EVENTS).await;
        let (hash, number) = (last.get_str("hash").unwrap(), format!("\"seq\":{EVENTS}"));
        assert!(lines.len() == 10 && lines[9].contains(hash) && lines[9].contains(&number) && lines[9].contains("\"$date\":\""), "{}", lines[9]);
        let mut full = |_: &str| Err(std::io::Error::other("no room"));
        assert!(f.store.export_events(1, &mut full).await.is_err(), "whoever takes them can end it");
    });
}
