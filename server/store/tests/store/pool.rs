//! Callers that go away while they wait for a connection hold up nobody who comes after them.

use std::time::{Duration, Instant};

use entente_store::{Store, StoreOptions};
use tokio::time::timeout;

use crate::support::with_store;

#[test]
fn a_crowd_that_went_away_holds_up_nobody() {
    with_store(async |fresh| {
        let store = Store::connect(&StoreOptions { max_pool: 2, ..fresh.options.clone() }).await.unwrap();
        store.ping().await.unwrap();
        let keeper = {
            let store = store.clone();
            tokio::spawn(async move { store.keep_pool_moving().await })
        };
        let crowd: Vec<_> = (0..400)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move { store.last_seq().await })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(5)).await;
        for one in &crowd {
            one.abort();
        }
        let since = Instant::now();
        timeout(Duration::from_secs(30), store.ping()).await.expect("the pool is stuck").unwrap();
        println!("answered {:?} after the crowd had gone", since.elapsed());
        keeper.abort();
    });
}
