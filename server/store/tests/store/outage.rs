//! A database that stops answering without closing anything, servers whose clocks disagree, and places in the stream that mean
//! nothing: answered within a bound, and nothing is lost.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_domain::policy::Scope;
use entente_store::{Committed, EventNumberer, Numbering, Store, StoreError, StoreOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::support::*;

const WAIT: Duration = Duration::from_millis(200);

/// A line to the database that can be frozen: what is sent waits, nothing is closed, as with a process that was stopped.
struct Line {
    address: SocketAddr,
    frozen: watch::Sender<bool>,
}

async fn pass(mut from: tokio::net::tcp::OwnedReadHalf, mut to: tokio::net::tcp::OwnedWriteHalf, mut frozen: watch::Receiver<bool>) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(n @ 1..) = from.read(&mut buffer).await {
        if frozen.wait_for(|frozen| !*frozen).await.is_err() || to.write_all(&buffer[..n]).await.is_err() {
            return;
        }
    }
}

impl Line {
    async fn to(target: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (frozen, state) = watch::channel(false);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (target, state) = (target.clone(), state.clone());
                tokio::spawn(async move {
                    let Ok(server) = TcpStream::connect(&target).await else { return };
                    let ((from_client, to_client), (from_server, to_server)) = (client.into_split(), server.into_split());
                    tokio::spawn(pass(from_client, to_server, state.clone()));
                    pass(from_server, to_client, state).await;
                });
            }
        });
        Self { address, frozen }
    }

    fn freeze(&self, on: bool) {
        self.frozen.send_replace(on);
    }
}

/// The address of the first member that a connection string names.
fn first_member(uri: &str) -> String {
    let rest = uri.split_once("://").unwrap().1;
    rest.split(['/', '?', ',']).next().unwrap().rsplit('@').next().unwrap().to_owned()
}

/// A store on the same database whose every connection goes over the line.
async fn over(line: &Line, f: &Fresh) -> Store {
    let uri = format!("mongodb://{}/?directConnection=true", line.address);
    Store::connect(&StoreOptions { uri, ..f.options.clone() }).await.unwrap()
}

fn unavailable<T: std::fmt::Debug>(done: Result<T, StoreError>) {
    assert!(matches!(done, Err(StoreError::Unavailable(_))), "{done:?}");
}

#[test]
fn a_stopped_database_is_unavailable_within_a_bound_and_used_again_when_it_goes_on() {
    with_store(|f| async move {
        let line = Line::to(first_member(&f.options.uri)).await;
        let store = Arc::new(over(&line, &f).await);
        let d = deal(1);
        assert_eq!(store.commit(&[insert(&d)], None).await.unwrap(), Committed::Done);
        let mut numberer = EventNumberer::new(&store, "a", 1_500);
        while numberer.step(Timestamp::now(), WAIT).await.unwrap() != (Numbering::Idle { last: 1 }) {}

        line.freeze(true);
        let since = Instant::now();
        let timed = |since: Instant| since.elapsed();
        let reads = async {
            unavailable(store.deal(&d.id, &Scope::All).await);
            timed(since)
        };
        let writes = async {
            unavailable(store.commit(&[insert(&deal(2))], None).await);
            timed(since)
        };
        let steps = async {
            while numberer.step(Timestamp::now(), WAIT).await.is_ok() {}
            timed(since)
        };
        let (read, write, step) = futures::join!(reads, writes, steps);
        println!("answered after: read {read:?}, write {write:?}, step {step:?}");
        assert!(read < Duration::from_secs(12), "read after {read:?}");
        assert!(step < Duration::from_secs(12), "step after {step:?}");
        assert!(write < Duration::from_secs(25), "write after {write:?}");

        line.freeze(false);
        let since = Instant::now();
        while store.deal(&d.id, &Scope::All).await.is_err() {
            assert!(since.elapsed() < Duration::from_secs(10), "the database is used again");
        }
        // The write whose outcome was unknown is there or not; whole in either case, and the next one is numbered.
        assert_eq!(store.commit(&[insert(&deal(3))], None).await.unwrap(), Committed::Done);
        let made = 2 + i64::from(store.deal(&deal_id(2), &Scope::All).await.unwrap().is_some());
        let since = Instant::now();
        while store.last_seq().await.unwrap() < made {
            assert!(since.elapsed() < Duration::from_secs(15), "numbering goes on");
            let _ = numberer.step(Timestamp::now(), WAIT).await;
        }
        let all = store.events_after(0, 100).await.unwrap();
        assert_eq!(all.iter().map(|e| e.seq).collect::<Vec<_>>(), (1..=made).collect::<Vec<_>>());
    });
}

async fn server_now(f: &Fresh) -> i64 {
    let hello = f.raw().await.run_command(doc! { "hello": 1 }).await.unwrap();
    hello.get_datetime("localTime").unwrap().timestamp_millis()
}

#[test]
fn the_databases_clock_decides_about_the_lease() {
    with_store(|f| async move {
        // Somebody whose clock is an hour ahead wrote the end of its lease by it, as older versions do, and died.
        let before = server_now(&f).await;
        let mut first = EventNumberer::new(&f.store, "first", 400);
        assert!(matches!(first.step(Timestamp::now(), Duration::ZERO).await.unwrap(), Numbering::Idle { last: 0 }));
        let relay = f.raw().await.collection::<Document>("relay");
        let until = relay.find_one(doc! {}).await.unwrap().unwrap().get_datetime("until").unwrap().timestamp_millis();
        // Some of its clocks stand still for milliseconds.
        assert!((before + 300..=server_now(&f).await + 500).contains(&until), "the lease ends by the database's clock");
        drop(first);
        let mut second = EventNumberer::new(&f.store, "second", 60_000);
        let since = Instant::now();
        while second.step(Timestamp::now(), Duration::ZERO).await.unwrap() == Numbering::NotLeader {
            assert!(since.elapsed() < Duration::from_secs(5), "who died is followed when its lease has run out");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let mut third = EventNumberer::new(&f.store, "third", 60_000);
        assert_eq!(third.step(Timestamp::now(), Duration::ZERO).await.unwrap(), Numbering::NotLeader, "a lease that runs holds");
    });
}

/// A place in the stream as long after (or before) the real one as `seconds` says.
async fn move_place(relay: &mongodb::Collection<Document>, seconds: i64) {
    let row = relay.find_one(doc! { "_id": "events" }).await.unwrap().unwrap();
    let token = row.get_document("resume_token").unwrap().get_str("_data").unwrap();
    // The seconds since 1970 are the eight digits after the type.
    let at = i64::from_str_radix(&token[2..10], 16).unwrap() + seconds;
    let moved = format!("{}{at:08X}{}", &token[..2], &token[10..]);
    relay.update_one(doc! { "_id": "events" }, doc! { "$set": { "resume_token._data": moved } }).await.unwrap();
}

#[test]
fn a_place_from_another_databases_log_is_left_and_nothing_is_lost() {
    with_store(|f| async move {
        let relay = f.raw().await.collection::<Document>("relay");
        let mut all = 0;
        for (round, seconds) in [-1_000_000_000, 3_600, 1_000_000, 20].into_iter().enumerate() {
            let mut numberer = EventNumberer::new(&f.store, &format!("before {round}"), 60_000);
            f.store.commit(&[insert(&deal(10 * round as u32 + 1))], None).await.unwrap();
            all += 1;
            let since = Instant::now();
            while numberer.step(Timestamp::now(), WAIT).await.unwrap() != (Numbering::Idle { last: all }) {
                assert!(since.elapsed() < Duration::from_secs(10));
            }
            numberer.release().await.unwrap();
            f.store.commit(&[insert(&deal(10 * round as u32 + 2))], None).await.unwrap();
            move_place(&relay, seconds).await;
            let mut numberer = EventNumberer::new(&f.store, &format!("after {round}"), 60_000);
            all += 1;
            let since = Instant::now();
            while f.store.last_seq().await.unwrap() < all {
                assert!(since.elapsed() < Duration::from_secs(15), "{seconds} s: an event waits for its number for ever");
                let _ = numberer.step(Timestamp::now(), WAIT).await;
            }
            println!("{seconds} s: healed after {:?}", since.elapsed());
            // And the stream is followed again.
            f.store.commit(&[insert(&deal(10 * round as u32 + 3))], None).await.unwrap();
            all += 1;
            let since = Instant::now();
            while f.store.last_seq().await.unwrap() < all {
                assert!(since.elapsed() < Duration::from_secs(15), "{seconds} s: the stream is not followed");
                let _ = numberer.step(Timestamp::now(), WAIT).await;
            }
            numberer.release().await.unwrap();
        }
        assert_eq!(f.store.events_after(0, 100).await.unwrap().len() as i64, all);
    });
}

#[test]
fn what_is_healed_keeps_each_deals_own_order_whatever_the_clocks_said() {
    with_store(|f| async move {
        let relay = f.raw().await.collection::<Document>("relay");
        let mut d = deal(1);
        f.store.commit(&[insert(&d)], None).await.unwrap();
        for n in 1..=6 {
            let mut next = change(&d, entente_domain::event::EventKind::DealUpdated, |_| {});
            // Written by servers whose clocks disagree: each later change says that it was earlier.
            next.events[0].occurred_at = minutes(-n);
            f.store.commit(std::slice::from_ref(&next), None).await.unwrap();
            d = next.deal;
        }
        assert!(relay.find_one(doc! {}).await.unwrap().is_none(), "nobody has numbered yet");
        let mut numberer = EventNumberer::new(&f.store, "a", 60_000);
        while numberer.step(Timestamp::now(), WAIT).await.unwrap() != (Numbering::Idle { last: 7 }) {}
        let versions: Vec<i32> = f.store.events_after(0, 10).await.unwrap().iter().map(version).collect();
        assert_eq!(versions, [1, 2, 3, 4, 5, 6, 7], "by the deal's versions, which are its commit order");
    });
}

fn version(e: &entente_domain::event::NumberedEvent) -> i32 {
    match &e.event.subject {
        entente_domain::event::Subject::Deal { version, .. } => *version,
        other => panic!("{other:?}"),
    }
}
