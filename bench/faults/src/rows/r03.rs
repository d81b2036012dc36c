//! R3: `kill -9` of a server under load, and between commit and publish.
//!
//! Passes when it serves again within 2 s, and every subscriber that resumes sees each change once, in order. Every other
//! kill hits the server that numbers the events at a moment when a committed event has no number yet.

use std::time::Duration;

use anyhow::Result;
use entente_bench_common::stats::Samples;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::report::Report;
use crate::scene::{Scale, Scene};
use crate::world::{START_LIMIT, World};

const SERVES_AGAIN: Duration = Duration::from_secs(2);

pub async fn run(world: &mut World, scale: Scale, report: &mut Report) -> Result<()> {
    let mut rng = StdRng::seed_from_u64(scale.seed);
    let scene = Scene::begin(world, scale, "r3").await?;
    let mut back = Samples::default();
    let mut between = 0;
    for round in 0..scale.kills() {
        sleep(Duration::from_millis(rng.random_range(300..1500))).await;
        let victim = match world.leader().await {
            Some(leader) if round % 2 == 0 => {
                wait_unnumbered(world).await?;
                leader
            }
            _ => rng.random_range(0..world.servers.len()),
        };
        world.servers[victim].kill();
        let killed = Instant::now();
        between += usize::from(world.pending().await? > 0);
        world.servers[victim].start()?;
        first_answer(world, victim).await?;
        back.add(killed.elapsed().as_secs_f64());
        report.rounds += 1;
        world.servers[victim].wait_ready(START_LIMIT).await?;
    }
    report.figure("serves again after, p50 / p95 / p99 / max in s", back.line());
    report.figure("kills while an event was committed and not numbered", between);
    report.must(between > 0, || "no kill came between commit and publish".into());
    report.must(back.max() <= SERVES_AGAIN.as_secs_f64(), || format!("it served again only after {:.1} s", back.max()));
    scene.end(world, report).await?;
    Ok(())
}

/// Waits for an event that is committed and has no number.
async fn wait_unnumbered(world: &World) -> Result<()> {
    let since = Instant::now();
    while world.pending().await? == 0 && since.elapsed() < Duration::from_secs(5) {}
    Ok(())
}

/// Waits until the server answers a query out of the database.
async fn first_answer(world: &mut World, server: usize) -> Result<()> {
    let since = Instant::now();
    loop {
        let asked = world.api.ask(world.servers[server].address, None, "{ program { name } }", json!({})).await;
        if asked.is_ok_and(|answer| answer.data().is_some()) {
            return Ok(());
        }
        if since.elapsed() > START_LIMIT {
            world.servers[server].wait_ready(Duration::ZERO).await?;
        }
        sleep(Duration::from_millis(5)).await;
    }
}
