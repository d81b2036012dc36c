//! R5: subscribers are cut again and again, a thousand times each, and resume.
//!
//! Passes when each sees every change once and in order, and a gap too old is answered with `ResyncRequired`, never with
//! silence: after more notes than are told one by one, and for a cursor beyond the end of the log.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use entente_bench_common::socket::{Heard, Socket};
use entente_bench_common::subscriber::{LEAN, Subscriber, cursor, seq_of};
use futures::future::{join_all, try_join_all};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};

use crate::ledger::{Action, Entry, Tried};
use crate::load::{Hand, MANAGER, SELLERS, registration};
use crate::report::Report;
use crate::scene::{Scale, Scene};
use crate::world::World;

/// How many of the subscribers are cut; the others show that they are not disturbed.
const CUT: usize = 4;
/// More changes than are told one by one.
const MANY: usize = 2_100;

pub async fn run(world: &mut World, scale: Scale, report: &mut Report) -> Result<()> {
    let scene = Scene::begin(world, scale, "r5").await?;
    let cuts: u64 = scale.of(1_000, 60);
    let before = world.last_seq().await?;
    let members = &scene.crowd.members;
    let cut = join_all(members.iter().take(CUT).enumerate().map(|(n, (subscriber, _))| cut(subscriber, cuts, scale.seed + n as u64))).await;
    report.rounds = cut.iter().sum();
    report.figure("cuts of each", format!("{cut:?}"));
    report.must(cut.iter().all(|done| *done == cuts), || format!("subscribers did not come back: {cut:?} cuts of {cuts}"));
    scene.crowd.wait_connected(Duration::from_secs(20)).await?;
    scene.end(world, report).await?;
    too_old(world, before, report).await
}

/// Cuts that often, each time at a random moment after the line was opened again; answers how often it was cut.
async fn cut(subscriber: &Subscriber, cuts: u64, seed: u64) -> u64 {
    let mut rng = StdRng::seed_from_u64(seed);
    for done in 0..cuts {
        let since = Instant::now();
        while subscriber.local_port().is_none() {
            if since.elapsed() > Duration::from_secs(20) {
                return done;
            }
            sleep(Duration::from_millis(1)).await;
        }
        sleep(Duration::from_millis(rng.random_range(0..40))).await;
        let before = subscriber.log().breaks.len();
        subscriber.cut();
        while subscriber.log().breaks.len() == before && since.elapsed() < Duration::from_secs(20) {
            sleep(Duration::from_millis(1)).await;
        }
    }
    cuts
}

/// Makes a gap that is too long to be told, and asks to resume before it.
async fn too_old(world: &mut World, before: i64, report: &mut Report) -> Result<()> {
    let from = world.last_seq().await?.max(before);
    let each = MANY.div_ceil(SELLERS.len());
    try_join_all((0..SELLERS.len()).map(|number| notes(world, number, from, each))).await?;
    let token = world.accounts.token(MANAGER).await?;
    for (name, after) in [("long ago", from), ("beyond the end", i64::MAX / 2)] {
        let mut socket = Socket::introduced(world.servers[0].address, &token, None).await?;
        socket.subscribe("late", LEAN, json!({ "after": cursor(after) })).await?;
        let heard = timeout(Duration::from_secs(10), socket.hear()).await;
        let Ok(Heard::Text(text)) = heard else {
            report.fail(format!("a cursor of {name} is answered with silence: {heard:?}"));
            continue;
        };
        let message: Value = serde_json::from_str(&text)?;
        let told = &message["payload"]["data"]["dealChanges"];
        let to = told["cursor"].as_str().and_then(seq_of);
        let resync = told["__typename"] == "ResyncRequired" && to.is_some_and(|to| to >= from);
        report.must(resync, || format!("a cursor of {name} is answered with {text}"));
        live_after(world, &mut socket, name, report).await?;
    }
    Ok(())
}

/// A stream that began with `ResyncRequired` goes on.
async fn live_after(world: &World, socket: &mut Socket, name: &str, report: &mut Report) -> Result<()> {
    let deal = register(world, 0, &format!("r5-after-{}", world.last_seq().await?)).await?;
    // What was still on its way when the stream began comes first.
    let told = timeout(Duration::from_secs(10), async {
        loop {
            match socket.hear().await {
                Heard::Text(text) if text.contains(&deal) => return Ok(()),
                Heard::Text(_) => {}
                other => return Err(other),
            }
        }
    });
    let told = told.await;
    report.must(matches!(told, Ok(Ok(()))), || format!("after ResyncRequired for {name}, the next change did not come: {told:?}"));
    Ok(())
}

async fn register(world: &World, number: usize, key: &str) -> Result<String> {
    let mut entry = Entry {
        key: key.to_owned(),
        email: SELLERS[number].0.to_owned(),
        action: Action::Register,
        deal: String::new(),
        version: 0,
        input: registration(key, &world.products[0], None),
        attempts: Vec::new(),
    };
    let mut hand = Hand::new(world, number);
    hand.attempt(&mut entry).await;
    match entry.outcome() {
        Some(Tried::Done { deal, .. }) => Ok(deal.clone()),
        _ => anyhow::bail!("a deal for the notes was not registered: {:?}", entry.attempts),
    }
}

/// Writes that many notes on a deal of its own, thirty with each request.
async fn notes(world: &World, number: usize, tag: i64, count: usize) -> Result<()> {
    let deal = register(world, number, &format!("r5-notes-{tag}-{number}")).await?;
    let token = world.accounts.token(SELLERS[number].0).await?;
    let server = world.servers[number % world.servers.len()].address;
    let patient = entente_bench_common::api::Api::new(Duration::from_secs(30))?;
    let mut written = 0;
    while written < count {
        let some = (count - written).min(25);
        let fields: String = (0..some)
            .map(|n| format!(" n{n}: dealAddNote(id: $id, text: \"note {}\", visibility: SHARED) {{ errors {{ message }} }}", written + n))
            .collect();
        let answer = patient.ask(server, Some(&token), &format!("mutation($id: ID!) {{{fields} }}"), json!({ "id": deal })).await;
        let answer = answer.map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
        let data = answer.data().with_context(|| format!("notes are refused: {}", answer.body))?;
        ensure!(data["n0"]["errors"].as_array().is_some_and(Vec::is_empty), "notes are refused: {data}");
        written += some;
    }
    Ok(())
}
