//! R1: `kill -9` of the primary of the replica set, restarted later. R2: the primary stands still for 30 s and goes on.
//!
//! Passes when nothing acknowledged is lost, nothing is doubled per key, deals, claims and events agree, and writes resume
//! within the election and 3 s: counted from the moment another member takes writes to the first acknowledged write that was
//! sent after the fault.

use std::time::Duration;

use anyhow::{Context, Result};
use entente_bench_common::stats::Samples;
use entente_bench_common::subscriber::now_us;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::time::{Instant, sleep};

use crate::report::Report;
use crate::scene::{Scale, Scene};
use crate::world::{START_LIMIT, World};

/// How long after the election writes may take to resume, in seconds.
const RESUMES: f64 = 3.0;

/// What happens to the primary.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// `kill -9`, and a restart some seconds after the others elected another one.
    Killed,
    /// SIGSTOP for this long, then SIGCONT.
    Stopped(Duration),
}

pub async fn run(world: &mut World, scale: Scale, report: &mut Report) -> Result<()> {
    lose_primaries(world, scale, report, "r1", Fault::Killed).await
}

/// R2.
pub async fn run_stopped(world: &mut World, scale: Scale, report: &mut Report) -> Result<()> {
    let pause = scale.of(Duration::from_secs(30), Duration::from_secs(8));
    lose_primaries(world, scale, report, "r2", Fault::Stopped(pause)).await
}

async fn lose_primaries(world: &mut World, scale: Scale, report: &mut Report, tag: &str, fault: Fault) -> Result<()> {
    let mut rng = StdRng::seed_from_u64(scale.seed);
    let scene = Scene::begin(world, scale, tag).await?;
    let (mut elections, mut resumed) = (Samples::default(), Samples::default());
    for _ in 0..scale.of(20, 1) {
        sleep(Duration::from_millis(rng.random_range(500..2500))).await;
        let primary = world.set.primary().await.context("there is no primary")?;
        let (since, at_us) = (Instant::now(), now_us());
        match fault {
            Fault::Killed => world.set.kill(primary),
            Fault::Stopped(_) => world.set.stop(primary),
        }
        let (_, election) = world.set.wait_primary(Some(primary), START_LIMIT).await?;
        let elected_us = now_us();
        elections.add(election.as_secs_f64());
        let written_us = scene.load.next_acknowledged(at_us, START_LIMIT).await?;
        resumed.add(written_us.saturating_sub(elected_us) as f64 / 1e6);
        match fault {
            Fault::Killed => {
                sleep(Duration::from_millis(rng.random_range(500..3000))).await;
                world.set.restart(primary)?;
            }
            Fault::Stopped(pause) => {
                sleep(pause.saturating_sub(since.elapsed())).await;
                world.set.go_on(primary);
            }
        }
        world.set.wait_healthy(START_LIMIT).await?;
        report.rounds += 1;
    }
    report.figure("election, p50 / p95 / p99 / max in s", elections.line());
    report.figure("first write acknowledged after the election, p50 / p95 / p99 / max in s", resumed.line());
    report.must(resumed.max() <= RESUMES, || format!("writes resumed only {:.1} s after the election", resumed.max()));
    scene.end(world, report).await?;
    Ok(())
}
