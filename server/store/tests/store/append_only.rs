//! Nothing in the store edits an event: the database tells what was done to `events`, and the source says who may.

use std::path::Path;
use std::time::Duration;

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::event::EventKind;
use entente_store::{Committed, EventNumberer, Numbering};
use futures::TryStreamExt;

use crate::support::*;

/// Where the collection may be named: reading, inserting, numbering with the chain, indexes, the stream, the backup.
const NAMING: [&str; 11] = [
    "audit.rs",
    "connect.rs",
    "events.rs",
    "feed.rs",
    "indexes.rs",
    "lateness.rs",
    "number_batch.rs",
    "numberer.rs",
    "snapshot.rs",
    "states.rs",
    "number_waiting.rs",
];
/// What would edit or remove, as a call on a collection.
const EDITS: [&str; 10] = [
    ".update_one(",
    ".update_many(",
    ".replace_one(",
    ".delete_one(",
    ".delete_many(",
    ".find_one_and_update(",
    ".find_one_and_replace(",
    ".find_one_and_delete(",
    ".bulk_write(",
    ".drop(",
];

#[test]
fn the_source_edits_events_in_one_place_only() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut seen, mut numbering) = (0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let source = std::fs::read_to_string(&path).unwrap();
        // Calls that rustfmt broke over lines are one line again.
        let source: String = source.lines().map(str::trim).collect::<Vec<_>>().join("\n").replace("\n.", ".");
        seen += 1;
        if source.contains("names::EVENTS") {
            assert!(NAMING.contains(&name.as_str()), "{name} names the collection of events");
        }
        for line in source.lines().filter(|line| EDITS.iter().any(|edit| line.contains(edit))) {
            let on_events = ["event_docs()", "event_docs.", "events_raw()", "events.", "of(names::EVENTS)", "rows(store)"];
            if on_events.iter().any(|events| line.contains(events)) {
                assert_eq!(name, "number_batch.rs", "an edit of events: {line}");
                numbering += 1;
                assert!(line.starts_with("b.events.update_many(") && (line.contains("number)") || line.contains("\"hash\": hash")), "{line}");
            }
        }
    }
    assert!(seen > 30, "the sources were read");
    assert_eq!(numbering, 2, "numbers with links, and links of what was numbered without");
}

#[test]
fn the_database_saw_inserts_and_numbers_and_nothing_else() {
    with_store(|f| async move {
        let raw = f.raw().await;
        raw.run_command(doc! { "profile": 2 }).await.unwrap();
        let mut d = deal(1);
        assert_eq!(f.store.commit(&[insert(&d)], None).await.unwrap(), Committed::Done);
        for edit in 0..5 {
            let next = change(&d, EventKind::DealUpdated, |d| d.title = format!("title {edit}"));
            assert_eq!(f.store.commit(std::slice::from_ref(&next), None).await.unwrap(), Committed::Done);
            d = next.deal;
        }
        f.store.insert_deals(&[insert(&deal(2)), insert(&deal(3))]).await.unwrap();
        let mut numberer = EventNumberer::new(&f.store, "a", 5_000);
        while numberer.step(Timestamp::now(), Duration::from_millis(50)).await.unwrap() != (Numbering::Idle { last: 8 }) {}
        numberer.release().await.unwrap();
        f.store.migrate().await.unwrap();
        raw.run_command(doc! { "profile": 0 }).await.unwrap();

        let of_events = doc! { "ns": format!("{}.events", f.options.database), "op": { "$in": ["insert", "update", "remove", "command"] } };
        let profile: Vec<Document> = raw.collection::<Document>("system.profile").find(of_events).await.unwrap().try_collect().await.unwrap();
        let mut inserts = 0;
        for entry in &profile {
            let command = entry.get_document("command").unwrap();
            match entry.get_str("op").unwrap() {
                "insert" => inserts += 1,
                // Only what an event does not say itself is set: a pipeline of one $set of number and link and one $unset.
                "update" => {
                    let stages = command.get_array("u").unwrap();
                    let set = stages[0].as_document().unwrap().get_document("$set").unwrap();
                    assert!(set.keys().all(|field| field == "seq" || field == "hash"), "{command}");
                    let unset = stages.get(1).map(|stage| stage.as_document().unwrap().get_str("$unset").unwrap().to_owned());
                    assert!(stages.len() <= 2 && unset.is_none_or(|field| field == "pending"), "{command}");
                }
                "command" => assert!(!command.contains_key("findAndModify") && !command.contains_key("drop"), "{command}"),
                other => panic!("{other} on events: {command}"),
            }
        }
        let updates = profile.iter().filter(|entry| entry.get_str("op").ok() == Some("update")).count();
        assert!(inserts >= 7 && updates >= 1, "the profile was read: {inserts} inserts, {updates} updates");
    });
}
