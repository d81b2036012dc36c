//! Events get the numbers 1, 2, 3 ... in the order in which they were committed, whoever numbers and whatever breaks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::event::{EventKind, NumberedEvent, Subject, Visibility};
use entente_domain::policy::Scope;
use entente_store::{Committed, EventNumberer, Numbering, Store};

use crate::support::*;

const WAIT: Duration = Duration::from_millis(300);

/// Steps until everything is numbered.
async fn number_all(numberer: &mut EventNumberer) -> i64 {
    let mut idle = 0;
    loop {
        match numberer.step(Timestamp::now(), WAIT).await.unwrap() {
            Numbering::Idle { last } if idle == 2 => return last,
            Numbering::Idle { .. } => idle += 1,
            Numbering::Numbered { .. } => idle = 0,
            Numbering::NotLeader => panic!("somebody else has the lease"),
        }
    }
}

async fn everything(store: &Store) -> Vec<NumberedEvent> {
    let mut all: Vec<NumberedEvent> = Vec::new();
    loop {
        let page = store.events_after(all.last().map_or(0, |e| e.seq), 100).await.unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

fn without_gaps(all: &[NumberedEvent], count: usize) {
    assert_eq!(all.iter().map(|e| e.seq).collect::<Vec<_>>(), (1..=count as i64).collect::<Vec<_>>());
}

fn version(e: &NumberedEvent) -> i32 {
    match &e.event.subject {
        Subject::Deal { version, .. } => *version,
        other => panic!("{other:?}"),
    }
}

/// Each writer changes its own deal again and again; the moments of the events say the opposite of the truth.
async fn write(store: Store, n: u32, changes: i64) {
    let mut d = deal(n);
    assert_eq!(store.commit(&[insert(&d)], None).await.unwrap(), Committed::Done);
    for i in 0..changes {
        let mut next = change(&d, EventKind::DealUpdated, |_| {});
        next.events[0].occurred_at = minutes(-i);
        assert_eq!(store.commit(std::slice::from_ref(&next), None).await.unwrap(), Committed::Done);
        d = next.deal;
    }
}

#[test]
fn the_order_is_that_of_the_commits_under_concurrent_writers() {
    with_store(|f| async move {
        let mut numberer = EventNumberer::new(&f.store, "a", 5_000);
        assert_eq!(numberer.step(Timestamp::now(), Duration::ZERO).await.unwrap(), Numbering::Idle { last: 0 });
        let writers: Vec<_> = (1..=6).map(|n| tokio::spawn(write(f.store.clone(), n, 40))).collect();
        let numbering =
            tokio::spawn(async move { while numberer.step(Timestamp::now(), WAIT).await.unwrap() != (Numbering::Idle { last: 6 * 41 }) {} });
        futures::future::try_join_all(writers).await.unwrap();
        tokio::time::timeout(Duration::from_secs(30), numbering).await.unwrap().unwrap();
        let all = everything(&f.store).await;
        without_gaps(&all, 6 * 41);
        for n in 1..=6 {
            let of_one: Vec<i32> =
                all.iter().filter(|e| matches!(&e.event.subject, Subject::Deal { id, .. } if *id == deal_id(n))).map(version).collect();
            assert_eq!(of_one, (1..=41).collect::<Vec<_>>(), "deal {n}");
        }
        assert_eq!(f.store.last_seq().await.unwrap(), 6 * 41);
    });
}

#[test]
fn several_numberers_take_turns_and_never_number_twice() {
    with_store(|f| async move {
        // So that the place in the stream is written down before anybody writes.
        let mut before = EventNumberer::new(&f.store, "before", 40);
        number_all(&mut before).await;
        before.release().await.unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let numberers: Vec<_> = ["a", "b", "c"]
            .into_iter()
            .enumerate()
            .map(|(i, holder)| {
                let (store, stop) = (f.store.clone(), stop.clone());
                tokio::spawn(async move {
                    let mut numberer = EventNumberer::new(&store, holder, 250);
                    let mut turns = 0;
                    while !stop.load(Ordering::Relaxed) {
                        match numberer.step(Timestamp::now(), Duration::from_millis(10)).await {
                            Ok(Numbering::NotLeader) => tokio::time::sleep(Duration::from_millis(20)).await,
                            Ok(_) => turns += 1,
                            Err(e) => panic!("{e}"),
                        }
                        // Now and then one sleeps past its lease.
                        if turns % (4 + i) == 3 {
                            tokio::time::sleep(Duration::from_millis(300)).await;
                        }
                    }
                    turns
                })
            })
            .collect();
        futures::future::join_all((1..=4).map(|n| write(f.store.clone(), n, 40))).await;
        let deadline = std::time::Instant::now() + Duration::from_secs(60);
        while f.store.last_seq().await.unwrap() < 4 * 41 && std::time::Instant::now() < deadline {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        stop.store(true, Ordering::Relaxed);
        let turns = futures::future::try_join_all(numberers).await.unwrap();
        assert!(turns.iter().filter(|t| **t > 0).count() > 1, "only one ever had the lease: {turns:?}");
        let all = everything(&f.store).await;
        without_gaps(&all, 4 * 41);
        for n in 1..=4 {
            let of_one: Vec<i32> =
                all.iter().filter(|e| matches!(&e.event.subject, Subject::Deal { id, .. } if *id == deal_id(n))).map(version).collect();
            assert_eq!(of_one, (1..=41).collect::<Vec<_>>(), "deal {n}");
        }
    });
}

#[test]
fn what_exists_is_numbered_first_and_a_successor_goes_on() {
    with_store(|f| async move {
        let decisions: Vec<_> = (1..=1200).map(|n| insert(&deal(n))).collect();
        for batch in decisions.chunks(400) {
            f.store.insert_deals(batch).await.unwrap();
        }
        let mut first = EventNumberer::new(&f.store, "first", 3_000);
        let now = minutes(0);
        assert_eq!(first.step(now, WAIT).await.unwrap(), Numbering::Numbered { last: 500, count: 500 });
        let mut second = EventNumberer::new(&f.store, "second", 60_000);
        assert_eq!(second.step(now, WAIT).await.unwrap(), Numbering::NotLeader);
        // The first one dies in the middle; its lease runs out.
        drop(first);
        let deadline = std::time::Instant::now() + Duration::from_secs(10);
        let next = loop {
            match second.step(now, WAIT).await.unwrap() {
                Numbering::NotLeader if std::time::Instant::now() < deadline => tokio::time::sleep(Duration::from_millis(20)).await,
                other => break other,
            }
        };
        assert_eq!(next, Numbering::Numbered { last: 1000, count: 500 });
        assert_eq!(second.step(now, WAIT).await.unwrap(), Numbering::Numbered { last: 1200, count: 200 });
        assert_eq!(second.step(now, WAIT).await.unwrap(), Numbering::Idle { last: 1200 });
        f.store.commit(&[insert(&deal(1201))], None).await.unwrap();
        second.release().await.unwrap();
        // Nobody was there when this was written; who comes next finds it in the stream.
        let mut third = EventNumberer::new(&f.store, "third", 60_000);
        f.store.commit(&[insert(&deal(1202))], None).await.unwrap();
        assert_eq!(number_all(&mut third).await, 1202);
        let all = everything(&f.store).await;
        without_gaps(&all, 1202);
        let order = all.iter().map(|e| match &e.event.subject {
            Subject::Deal { id, .. } => id.clone(),
            other => panic!("{other:?}"),
        });
        assert_eq!(order.collect::<Vec<_>>(), (1..=1202).map(deal_id).collect::<Vec<_>>());
    });
}

#[test]
fn a_lost_place_in_the_stream_is_healed_without_gaps() {
    with_store(|f| async move {
        let mut numberer = EventNumberer::new(&f.store, "a", 60_000);
        assert_eq!(number_all(&mut numberer).await, 0);
        f.store.commit(&[insert(&deal(1))], None).await.unwrap();
        assert_eq!(number_all(&mut numberer).await, 1);
        drop(numberer);
        for n in [4, 3, 2] {
            f.store.commit(&[insert(&deal(n))], None).await.unwrap();
        }
        // A place in the stream from long before the log begins: the seconds are the eight digits after the type.
        let relay = f.raw().await.collection::<Document>("relay");
        let row = relay.find_one(doc! { "_id": "events" }).await.unwrap().unwrap();
        let token = row.get_document("resume_token").unwrap().get_str("_data").unwrap();
        let old = format!("{}50000000{}", &token[..2], &token[10..]);
        relay.update_one(doc! { "_id": "events" }, doc! { "$set": { "resume_token._data": old } }).await.unwrap();
        let mut numberer = EventNumberer::new(&f.store, "a", 60_000);
        assert_eq!(number_all(&mut numberer).await, 4);
        f.store.commit(&[insert(&deal(5))], None).await.unwrap();
        assert_eq!(number_all(&mut numberer).await, 5);
        let all = everything(&f.store).await;
        without_gaps(&all, 5);
        let order: Vec<_> = all.iter().map(|e| e.event.occurred_at).collect();
        assert_eq!(order, [1, 2, 3, 4, 5].map(minutes), "by time, as the order of the commits is lost");
    });
}

#[test]
fn recent_events_are_of_deals_within_the_scope() {
    with_store(|f| async move {
        for n in 1..=20 {
            let mut decision = insert(&deal_of(n, n % 2 + 1, n));
            if n % 5 == 0 {
                decision.events[0].visibility = Visibility::Internal;
            }
            f.store.commit(&[decision], None).await.unwrap();
        }
        assert!(f.store.recent_events(&Scope::All, true, None, 10).await.unwrap().is_empty(), "not numbered yet");
        let mut numberer = EventNumberer::new(&f.store, "a", 60_000);
        number_all(&mut numberer).await;
        let seqs = |all: Vec<NumberedEvent>| all.into_iter().map(|e| e.seq).collect::<Vec<_>>();
        assert_eq!(seqs(f.store.recent_events(&Scope::All, true, None, 3).await.unwrap()), [20, 19, 18]);
        assert_eq!(seqs(f.store.recent_events(&Scope::All, false, Some(17), 3).await.unwrap()), [16, 14, 13]);
        assert_eq!(seqs(f.store.recent_events(&Scope::Partner(partner_id(2)), false, None, 4).await.unwrap()), [19, 17, 13, 11]);
        assert!(f.store.recent_events(&Scope::Nothing, true, None, 3).await.unwrap().is_empty());
    });
}

#[test]
fn a_step_that_is_broken_off_loses_nothing() {
    with_store(|f| async move {
        let mut numberer = EventNumberer::new(&f.store, "a", 60_000);
        number_all(&mut numberer).await;
        let writer = tokio::spawn(write(f.store.clone(), 1, 60));
        // Broken off anywhere: waiting, reading, in the middle of the transaction.
        for n in 0..150 {
            let _ = tokio::time::timeout(Duration::from_micros(n * 97 % 9_000), numberer.step(Timestamp::now(), WAIT)).await;
        }
        writer.await.unwrap();
        assert_eq!(number_all(&mut numberer).await, 61);
        let all = everything(&f.store).await;
        without_gaps(&all, 61);
        assert_eq!(all.iter().map(version).collect::<Vec<_>>(), (1..=61).collect::<Vec<_>>());
    });
}

#[test]
fn beginning_anew_among_writers_loses_nothing() {
    with_store(|f| async move {
        number_all(&mut EventNumberer::new(&f.store, "0", 60_000)).await;
        let relay = f.raw().await.collection::<Document>("relay");
        let writers: Vec<_> = (1..=4).map(|n| tokio::spawn(write(f.store.clone(), n, 100))).collect();
        let mut round = 0;
        while writers.iter().any(|w| !w.is_finished()) {
            round += 1;
            let forgotten = doc! { "$set": { "resume_token": null, "until": bson::DateTime::from_millis(0) } };
            relay.update_one(doc! { "_id": "events" }, forgotten).await.unwrap();
            let mut numberer = EventNumberer::new(&f.store, &round.to_string(), 60_000);
            for _ in 0..3 {
                numberer.step(Timestamp::now(), Duration::from_millis(5)).await.unwrap();
            }
        }
        futures::future::try_join_all(writers).await.unwrap();
        relay.update_one(doc! { "_id": "events" }, doc! { "$set": { "until": bson::DateTime::from_millis(0) } }).await.unwrap();
        assert_eq!(number_all(&mut EventNumberer::new(&f.store, "last", 60_000)).await, 404, "after {round} rounds");
        without_gaps(&everything(&f.store).await, 404);
    });
}
