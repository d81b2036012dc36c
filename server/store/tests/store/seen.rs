//! What an operator is told: what waits and since when, and what the connections do.

use std::time::Duration;

use entente_store::{EventNumberer, Lateness, Numbering, Store, StoreOptions};
use prometheus_client::encoding::text;
use prometheus_client::registry::Registry;
use tokio::time::{Instant, sleep};

use crate::support::*;

#[test]
fn what_waits_is_told_with_its_age() {
    with_store(|f| async move {
        let none = f.store.lateness(minutes(60), 0).await.unwrap();
        assert_eq!(none, Lateness::default());
        let deals: Vec<_> = (1..=3).map(deal).collect();
        for d in &deals {
            f.store.commit(&[insert(d)], None).await.unwrap();
        }
        f.store.commit(&[approve(&deals[2], minutes(30))], None).await.unwrap();
        let late = |handed_out, now| f.store.lateness(minutes(now), handed_out);
        let committed = late(0, 20).await.unwrap();
        assert_eq!((committed.events_unnumbered, committed.oldest_event), (4, Some(minutes(1))));
        assert_eq!((committed.timers_due, committed.oldest_timer), (0, None));

        let mut numberer = EventNumberer::new(&f.store, "numberer", 60_000);
        let numbered = numberer.step(minutes(20), Duration::from_secs(5)).await.unwrap();
        assert_eq!(numbered, Numbering::Numbered { last: 4, count: 4 });
        let behind = late(1, 20).await.unwrap();
        assert_eq!((behind.events_unnumbered, behind.oldest_event), (0, Some(minutes(2))));
        assert_eq!(late(4, 20).await.unwrap(), Lateness::default());

        let due = late(4, 45).await.unwrap();
        assert_eq!((due.timers_due, due.oldest_timer), (1, Some(minutes(30))));
        // In somebody's hands it is not late.
        f.store.claim_timer("somebody", minutes(45), 600_000).await.unwrap().unwrap();
        assert_eq!(late(4, 45).await.unwrap().timers_due, 0);
    });
}

fn gauge(registry: &Registry, name: &str) -> i64 {
    let mut lines = String::new();
    text::encode(&mut lines, registry).unwrap();
    let line = lines.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {name} in {lines}")).parse().unwrap()
}

#[test]
fn the_pool_is_told_right_also_when_those_who_wait_go_away() {
    with_store(|f| async move {
        let store = Store::connect(&StoreOptions { max_pool: 1, ..f.options.clone() }).await.unwrap();
        let mut registry = Registry::default();
        store.stats().register(&mut registry);
        let asking: Vec<_> = (0..200)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move { store.ping().await })
            })
            .collect();
        let since = Instant::now();
        while gauge(&registry, "database_connections_waiting") < 10 {
            assert!(since.elapsed() < Duration::from_secs(60), "two hundred wait for one connection");
            sleep(Duration::from_millis(1)).await;
        }
        assert!(gauge(&registry, "database_connections_in_use") <= 1);
        asking.iter().skip(100).for_each(|task| task.abort());
        for task in asking {
            let _ = task.await;
        }
        while gauge(&registry, "database_connections_in_use") > 0 {
            assert!(since.elapsed() < Duration::from_secs(60), "the connection is given back");
            sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(gauge(&registry, "database_connections_waiting"), 0);
        assert_eq!(gauge(&registry, "database_checkout_failures_total"), 0);
        assert!(gauge(&registry, "database_command_duration_seconds_count{command=\"ping\"}") >= 100);
    });
}
