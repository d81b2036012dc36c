//! What a deal was after each change, read back at every moment, and what the chain says when somebody edits it.

use std::time::Duration;

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::deal::{Deal, Decision, RegistrationStatus};
use entente_domain::event::{EventKind, Visibility};
use entente_store::{AuditProblem, Committed, DealThen, EventNumberer, Numbering, Store};

use crate::support::*;

async fn commit(store: &Store, decision: &Decision) -> Deal {
    assert_eq!(store.commit(std::slice::from_ref(decision), None).await.unwrap(), Committed::Done);
    decision.deal.clone()
}

async fn then(store: &Store, minute: i64) -> DealThen {
    store.deal_then(&deal_id(1), minutes(minute)).await.unwrap()
}

fn recorded(deal: &Deal) -> DealThen {
    DealThen::Recorded(Box::new(deal.clone()))
}

#[test]
fn every_moment_is_what_was_written_then() {
    with_store(|f| async move {
        let store = &f.store;
        let first = commit(store, &insert(&deal(1))).await;
        let second = commit(
            store,
            &change(&first, EventKind::DealInfoRequested, |d| {
                (d.status, d.updated_at, d.open_question) = (RegistrationStatus::InfoRequested, minutes(10), Some("Who?".into()));
                d.evidence.budget = Some("5,000".into());
            }),
        )
        .await;
        // A note leaves the deal as it is and moves the moment of its last change.
        let mut note = event(&second, EventKind::DealNoteAdded);
        (note.occurred_at, note.visibility) = (minutes(20), Visibility::Internal);
        let noted = Decision { deal: second.clone(), based_on: Some(2), take: Vec::new(), release_claims: false, events: vec![note] };
        commit(store, &noted).await;
        // Written by a server whose clock is behind: still the newer version.
        let third = commit(
            store,
            &change(&second, EventKind::DealInfoProvided, |d| {
                (d.status, d.updated_at, d.open_question) = (RegistrationStatus::InReview, minutes(15), None);
            }),
        )
        .await;

        assert_eq!(then(store, 0).await, DealThen::Unknown);
        for (minute, was) in [(1, &first), (9, &first), (10, &second), (14, &second), (15, &third)] {
            assert_eq!(then(store, minute).await, recorded(was), "minute {minute}");
        }
        let later = Deal { updated_at: minutes(20), ..third.clone() };
        assert_eq!(then(store, 30).await, recorded(&later));
        // What is stored now has the moment that the server with the slow clock wrote; everything else is the same.
        assert_eq!(store.deal(&deal_id(1), &entente_domain::policy::Scope::All).await.unwrap(), Some(third.clone()));

        let states = store.deal_states(&deal_id(1), 100).await.unwrap();
        assert_eq!(states.iter().map(|s| (s.at, s.version)).collect::<Vec<_>>(), [(minutes(1), 1), (minutes(10), 2), (minutes(15), 3)]);
        assert_eq!(states.into_iter().filter_map(|s| s.deal).collect::<Vec<_>>(), [first, second, third]);
    });
}

#[test]
fn what_an_older_version_wrote_last_is_not_known() {
    with_store(|f| async move {
        let first = commit(&f.store, &insert(&deal(1))).await;
        commit(&f.store, &change(&first, EventKind::DealUpdated, |d| d.updated_at = minutes(5))).await;
        let events = f.raw().await.collection::<Document>("events");
        events.update_one(doc! { "subject.version": 2 }, doc! { "$unset": { "state": 1 } }).await.unwrap();
        assert_eq!(then(&f.store, 4).await, recorded(&first));
        assert_eq!(then(&f.store, 5).await, DealThen::Unknown);
    });
}

#[test]
fn a_state_is_no_part_of_what_is_told_and_part_of_the_chain() {
    with_store(|f| async move {
        let first = commit(&f.store, &insert(&deal(1))).await;
        commit(&f.store, &change(&first, EventKind::DealUpdated, |d| d.updated_at = minutes(5))).await;
        let events = f.raw().await.collection::<Document>("events");
        // The first is as an older version would have written it.
        events.update_one(doc! { "subject.version": 1 }, doc! { "$unset": { "state": 1 } }).await.unwrap();
        let mut numberer = EventNumberer::new(&f.store, "states", 5_000);
        while numberer.step(Timestamp::now(), Duration::from_millis(50)).await.unwrap() != (Numbering::Idle { last: 2 }) {}
        numberer.release().await.unwrap();
        let report = f.store.audit(1, None).await.unwrap();
        assert_eq!((report.verified, report.problem), (2, None));
        assert_eq!(f.store.events_after(0, 10).await.unwrap().len(), 2);
        events.update_one(doc! { "seq": 2 }, doc! { "$set": { "state.title": "Never said" } }).await.unwrap();
        assert!(matches!(f.store.audit(1, None).await.unwrap().problem, Some(AuditProblem::Changed { seq: 2, .. })));
    });
}
