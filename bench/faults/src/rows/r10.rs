//! R10: two servers on one database, one dies while timers fire, and comes back seconds later.
//!
//! Passes when the other one's subscribers miss nothing and keep their lines, and every timer fires once: each deal whose
//! protection ends has one event that says so, none too few when a server died with a timer in its hands, none twice.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use bson::{DateTime, Document, doc};
use entente_bench_common::stats::Samples;
use entente_bench_common::subscriber::{Subscriber, now_us};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::ledger::{Action, Entry, Tried};
use crate::load::{Hand, MANAGER, SELLERS, registration};
use crate::report::Report;
use crate::scene::{Scale, Scene};
use crate::world::{START_LIMIT, World};

/// Timers that are due in one round.
const TIMERS: usize = 8;
/// A timer in the hands of a dead server is given to another one after its lease of 30 s.
const FIRED_LIMIT: Duration = Duration::from_secs(60);

pub async fn run(world: &mut World, scale: Scale, report: &mut Report) -> Result<()> {
    let mut rng = StdRng::seed_from_u64(scale.seed);
    let scene = Scene::begin(world, scale, "r10").await?;
    let started = world.last_seq().await?;
    let (mut due, mut kept, mut gaps) = (Vec::new(), 0, Samples::default());
    for round in 0..scale.kills() {
        let deals = protected(world, &format!("r10-timer-{started}-{round}")).await?;
        end_protection(world, &deals).await?;
        wait_expired(world, &deals, 1).await.context("no timer fired")?;
        sleep(Duration::from_millis(rng.random_range(0..40))).await;
        let victim = rng.random_range(0..world.servers.len());
        let survivor = world.servers[1 - victim].address;
        let on_survivor: Vec<(&Subscriber, u64)> =
            scene.crowd.members.iter().map(|(s, _)| s).filter(|s| s.server() == Some(survivor)).map(|s| (s, s.log().lines)).collect();
        let at_us = now_us();
        world.servers[victim].kill();
        let resumed = scene.load.next_acknowledged(at_us, START_LIMIT).await?;
        gaps.add(resumed.saturating_sub(at_us) as f64 / 1e6);
        sleep(Duration::from_millis(rng.random_range(1500..4000))).await;
        for (subscriber, lines) in &on_survivor {
            kept += 1;
            report.must(subscriber.log().lines == *lines, || format!("round {round}: {} lost its line to the other server", subscriber.plan.email));
        }
        world.servers[victim].start()?;
        world.servers[victim].wait_ready(START_LIMIT).await?;
        due.extend(deals);
        report.rounds += 1;
    }
    report.figure("lines to the other server that were kept", kept);
    report.figure("first write acknowledged after the death, p50 / p95 / p99 / max in s", gaps.line());
    let since = Instant::now();
    wait_expired(world, &due, due.len()).await?;
    report.figure("timers fired", format!("{}, the last one {:.0} s after the last death", due.len(), since.elapsed().as_secs_f64()));
    once(world, &due, report).await?;
    scene.end(world, report).await?;
    Ok(())
}

/// Deals that are approved and so have a timer.
async fn protected(world: &World, key: &str) -> Result<Vec<String>> {
    let mut hand = Hand::new(world, 0);
    let mut deals = Vec::new();
    for number in 0..TIMERS {
        let key = format!("{key}-{number}");
        let mut entry = Entry {
            key: key.clone(),
            email: SELLERS[number % SELLERS.len()].0.to_owned(),
            action: Action::Register,
            deal: String::new(),
            version: 0,
            input: registration(&key, &world.products[0], None),
            attempts: Vec::new(),
        };
        let (deal, version) = insist(&mut hand, &mut entry).await?;
        let mut entry = Entry {
            key: format!("{key} approved"),
            email: MANAGER.to_owned(),
            action: Action::Approve,
            deal,
            version,
            input: Value::Null,
            attempts: Vec::new(),
        };
        deals.push(insist(&mut hand, &mut entry).await?.0);
    }
    Ok(deals)
}

async fn insist(hand: &mut Hand, entry: &mut Entry) -> Result<(String, i32)> {
    for _ in 0..20 {
        hand.attempt(entry).await;
        match entry.outcome() {
            Some(Tried::Done { deal, version }) => return Ok((deal.clone(), *version)),
            Some(Tried::Refused(_)) if entry.was_in_doubt() => return Ok((entry.deal.clone(), entry.version + 1)),
            Some(other) => bail!("{}: {other:?}", entry.key),
            None => {}
        }
    }
    bail!("{} could not be done: {:?}", entry.key, entry.attempts.last())
}

/// Lets the time pass for these deals: their protection ends now.
async fn end_protection(world: &World, deals: &[String]) -> Result<()> {
    let (now, deals) = (DateTime::now(), deals.to_vec());
    let set = |name: &str| world.db.collection::<Document>(name);
    set("deals").update_many(doc! { "_id": { "$in": &deals } }, doc! { "$set": { "protected_until": now } }).await?;
    set("claims").update_many(doc! { "deal_id": { "$in": &deals } }, doc! { "$set": { "protected_until": now } }).await?;
    set("timers").update_many(doc! { "subject": { "$in": &deals } }, doc! { "$set": { "due_at": now, "available_at": now } }).await?;
    Ok(())
}

/// Waits until that many of them have expired.
async fn wait_expired(world: &World, deals: &[String], count: usize) -> Result<()> {
    let since = Instant::now();
    let filter = doc! { "_id": { "$in": deals.to_vec() }, "status": "EXPIRED" };
    loop {
        let expired = world.db.collection::<Document>("deals").count_documents(filter.clone()).await?;
        if usize::try_from(expired)? >= count {
            return Ok(());
        }
        if since.elapsed() > FIRED_LIMIT {
            bail!("{expired} of {count} timers fired within {} s", FIRED_LIMIT.as_secs());
        }
        sleep(Duration::from_millis(10)).await;
    }
}

/// Each has exactly one event of its end, and nothing left of claim and timer.
async fn once(world: &World, deals: &[String], report: &mut Report) -> Result<()> {
    let since = Instant::now();
    let timers = doc! { "subject": { "$in": deals.to_vec() } };
    // A server that died after the change and before it removed the row leaves the row to the next one.
    while world.db.collection::<Document>("timers").count_documents(timers.clone()).await? > 0 && since.elapsed() < FIRED_LIMIT {
        sleep(Duration::from_millis(50)).await;
    }
    for deal in deals {
        let told = doc! { "subject.id": deal, "kind": "DEAL_EXPIRED" };
        let events = world.db.collection::<Document>("events").count_documents(told).await?;
        report.must(events == 1, || format!("{deal}: {events} events of its end"));
    }
    Ok(())
}
