//! The relay on a real Redis and a log in memory: order, no gap, no repeat, whatever happens to Redis or to the leader.

// Helpers beside the tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod memory;
mod redis_server;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use entente_live::{RecvError, RelayOptions};
use memory::{Running, SharedLog, start};
use redis_server::RedisServer;
use tokio::time::{Instant, sleep, timeout};

const PATIENCE: Duration = Duration::from_secs(10);

fn options(redis: Option<String>) -> RelayOptions {
    RelayOptions::new(format!("live_test_{}", std::process::id()), redis)
}

async fn until(what: &str, condition: impl Fn() -> bool) {
    let since = Instant::now();
    while !condition() {
        assert!(since.elapsed() < PATIENCE, "waited in vain until {what}");
        sleep(Duration::from_millis(5)).await;
    }
}

async fn expect(receiver: &mut entente_live::Receiver<Arc<i64>>, numbers: impl IntoIterator<Item = i64>) {
    for expected in numbers {
        let (seq, payload) = timeout(PATIENCE, receiver.recv()).await.expect("an event in time").expect("an event");
        assert_eq!((seq, *payload), (expected, expected));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_hear_everything_once_in_order_and_quickly() {
    let redis = RedisServer::start();
    let log = SharedLog::default();
    let first = start(&log, "a", options(Some(redis.url()))).await;
    let second = start(&log, "b", options(Some(redis.url()))).await;
    let (mut here, mut there) = (first.hub.subscribe(), second.hub.subscribe());
    until("both hear Redis", || first.status.redis_connected() && second.status.redis_connected()).await;
    until("one leads", || first.status.is_leader() != second.status.is_leader()).await;

    let mut medians = Vec::new();
    for series in 0..3 {
        let mut waits = Vec::new();
        for seq in 50 * series + 1..=50 * series + 50 {
            let since = Instant::now();
            log.append(1);
            expect(&mut here, [seq]).await;
            expect(&mut there, [seq]).await;
            waits.push(since.elapsed());
        }
        waits.sort();
        println!("commit to both processes: median {:?}, worst {:?}", waits[25], waits[49]);
        medians.push(waits[25]);
    }
    // One of three, for other work on the machine may fall into the others.
    assert!(medians.iter().any(|median| *median < Duration::from_millis(50)), "medians {medians:?}");

    log.append(3000);
    expect(&mut here, 151..=3150).await;
    expect(&mut there, 151..=3150).await;
    assert_eq!(first.hub.relayed(), 3150);
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_killed_and_back_costs_nothing_but_time() {
    let mut redis = RedisServer::start();
    let log = SharedLog::default();
    let first = start(&log, "a", options(Some(redis.url()))).await;
    let second = start(&log, "b", options(Some(redis.url()))).await;
    let (mut here, mut there) = (first.hub.subscribe(), second.hub.subscribe());
    until("both hear Redis", || first.status.redis_connected() && second.status.redis_connected()).await;
    log.append(10);
    expect(&mut here, 1..=10).await;
    expect(&mut there, 1..=10).await;

    redis.kill();
    log.append(10);
    expect(&mut here, 11..=20).await;
    expect(&mut there, 11..=20).await;
    until("the loss is noticed", || !first.status.redis_connected() && !second.status.redis_connected()).await;

    redis.restart();
    until("both are back", || first.status.redis_connected() && second.status.redis_connected()).await;
    log.append(10);
    expect(&mut here, 21..=30).await;
    expect(&mut there, 21..=30).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stalled_redis_is_noticed_and_delays_nobody_for_long() {
    let redis = RedisServer::start();
    let log = SharedLog::default();
    let first = start(&log, "a", options(Some(redis.url()))).await;
    let second = start(&log, "b", options(Some(redis.url()))).await;
    let (mut here, mut there) = (first.hub.subscribe(), second.hub.subscribe());
    until("both hear Redis", || first.status.redis_connected() && second.status.redis_connected()).await;

    redis.signal("STOP");
    let since = Instant::now();
    log.append(5);
    expect(&mut here, 1..=5).await;
    expect(&mut there, 1..=5).await;
    assert!(since.elapsed() < Duration::from_millis(2500), "{:?}", since.elapsed());
    until("the stall is noticed", || !first.status.redis_connected() && !second.status.redis_connected()).await;
    redis.signal("CONT");
    until("both are back", || first.status.redis_connected() && second.status.redis_connected()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_the_log_is_polled() {
    let log = SharedLog::default();
    let first = start(&log, "a", options(None)).await;
    let second = start(&log, "b", options(None)).await;
    let (mut here, mut there) = (first.hub.subscribe(), second.hub.subscribe());
    log.append(600);
    expect(&mut here, 1..=600).await;
    expect(&mut there, 1..=600).await;
    until("caught up", || first.status.caught_up() && second.status.caught_up()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lease_moves_and_failures_skip_nothing() {
    let log = SharedLog::default();
    let first = start(&log, "a", options(None)).await;
    until("the first leads", || first.status.is_leader()).await;
    let second = start(&log, "b", options(None)).await;
    let mut there = second.hub.subscribe();
    log.append(5);
    expect(&mut there, 1..=5).await;

    first.stop().await;
    log.fail_next(3);
    second.prepare.fail_next(2);
    log.append(5);
    expect(&mut there, 6..=10).await;
    until("the second leads", || second.status.is_leader()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_subscriber_is_told_and_the_others_are_not_held_up() {
    let log = SharedLog::default();
    let running: Running = start(&log, "a", RelayOptions { capacity: 64, ..options(None) }).await;
    let (mut slow, mut quick) = (running.hub.subscribe(), running.hub.subscribe());
    log.append(1000);
    // The hub's number runs ahead of its queue by one.
    loop {
        match timeout(PATIENCE, quick.recv()).await.expect("an event in time") {
            Ok((1000, _)) => break,
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => panic!("closed"),
        }
    }
    drop(quick);
    assert_eq!(running.hub.last_seq(), 1000);
    let RecvError::Lagged(missed) = slow.recv().await.expect_err("told") else { panic!("closed") };
    assert_eq!(missed, 1000 - 64);
    expect(&mut slow, 937..=1000).await;
    assert_eq!(running.hub.subscribers(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn subscribing_while_events_flow_misses_none_after_the_start() {
    let log = SharedLog::default();
    let running = start(&log, "a", options(None)).await;
    let writer = tokio::spawn({
        let log = log.clone();
        async move {
            loop {
                log.append(3);
                sleep(Duration::from_millis(1)).await;
            }
        }
    });
    let mut seen = HashMap::new();
    for _ in 0..100 {
        let mut receiver = running.hub.subscribe();
        let (seq, _) = timeout(PATIENCE, receiver.recv()).await.expect("an event in time").expect("an event");
        assert_eq!(seq, receiver.start() + 1);
        *seen.entry(seq).or_insert(0) += 1;
    }
    writer.abort();
    assert!(seen.len() > 10, "{} places seen", seen.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_log_is_told_as_a_gap() {
    let log = SharedLog::default();
    let running = start(&log, "a", options(None)).await;
    let mut receiver = running.hub.subscribe();
    log.append(2);
    expect(&mut receiver, 1..=2).await;
    log.cut(3, 10);
    assert_eq!(timeout(PATIENCE, receiver.recv()).await.expect("in time"), Err(RecvError::Lagged(8)));
    log.append(1);
    expect(&mut receiver, [11, 12]).await;
    running.stop().await;
    assert_eq!(timeout(PATIENCE, receiver.recv()).await.expect("in time"), Err(RecvError::Closed));
}
