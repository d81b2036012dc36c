//! How fast a log is numbered, chained afterwards and verified. Run it with a replica set:
//! `MONGODB_URI=... cargo run --release -p entente-store --example audit_speed -- 100000`. It makes a database of its own and
//! drops it.

use std::error::Error;
use std::time::{Duration, Instant};

use bson::{Document, doc};
use entente_domain::Timestamp;
use entente_store::{EventNumberer, Numbering, Store, StoreOptions};

const BATCH: u64 = 1_000;

/// An event as the store writes them, of the usual size.
fn event(n: u64) -> Document {
    doc! {
        "_id": format!("evt_{n:026}"),
        "schema_version": 1,
        "kind": "DEAL_STAGE_MOVED",
        "subject": { "type": "DEAL", "id": format!("deal_{:026}", n % 1_000), "partner_id": format!("part_{:026}", n % 50), "version": 3 },
        "occurred_at": bson::DateTime::from_millis(1_790_000_000_000 + i64::try_from(n).unwrap_or(0)),
        "actor": { "user_id": "user_01J00000000000000000000000", "name": "Somebody" },
        "visibility": "SHARED",
        "text": "Met the buying centre; they decide after the summer",
        "changes": [{ "field": "stage", "before": "prospecting", "after": "engaging" }],
        "pending": true,
    }
}

async fn number(store: &Store, last: i64) -> Result<Duration, Box<dyn Error>> {
    let since = Instant::now();
    let mut numberer = EventNumberer::new(store, "speed", 60_000);
    while numberer.step(Timestamp::now(), Duration::from_millis(20)).await? != (Numbering::Idle { last }) {}
    numberer.release().await?;
    Ok(since.elapsed())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let count: u64 = std::env::args().nth(1).map_or(Ok(100_000), |n| n.parse())?;
    let last = i64::try_from(count)?;
    let uri = std::env::var("MONGODB_URI")?;
    let options = StoreOptions { uri, database: format!("audit_speed_{}", std::process::id()), max_pool: 8 };
    let store = Store::connect(&options).await?;
    store.migrate().await?;
    let raw = mongodb::Client::with_uri_str(&options.uri).await?.database(&options.database);
    let events = raw.collection::<Document>("events");
    for first in (0..count).step_by(usize::try_from(BATCH)?) {
        events.insert_many((first..count.min(first + BATCH)).map(event)).await?;
    }
    println!("{count} events");
    println!("numbered and chained in {:.2?}", number(&store, last).await?);
    let since = Instant::now();
    let report = store.audit(1, None).await?;
    println!("verified {} in {:.2?}, problem: {:?}", report.verified, since.elapsed(), report.problem);

    events.update_many(doc! {}, doc! { "$unset": { "hash": "" } }).await?;
    raw.collection::<Document>("relay").update_many(doc! {}, doc! { "$unset": { "chained_seq": "", "chained_hash": "" } }).await?;
    let since = Instant::now();
    let mut numberer = EventNumberer::new(&store, "speed", 60_000);
    while store.audit(last, None).await?.unchained > 0 {
        numberer.step(Timestamp::now(), Duration::from_millis(20)).await?;
    }
    println!("a log from before the chain chained in {:.2?}", since.elapsed());
    let again = store.audit(1, None).await?;
    println!("the same chain as before: {}", again.last == report.last);
    store.drop_database().await?;
    Ok(())
}
