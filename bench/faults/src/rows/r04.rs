//! R4: Redis is killed without persistence, stalls for 20 s, is flushed, and loses its clients, in turns.
//!
//! Passes when mutations go on, no change is lost, doubled or out of order, and no request waits more than 250 ms for Redis:
//! none takes longer while Redis is broken than the longest one without a fault and 250 ms (in a short run: the median).

use std::time::Duration;

use anyhow::Result;
use entente_bench_common::stats::Samples;
use entente_bench_common::subscriber::now_us;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::time::sleep;

use crate::report::Report;
use crate::scene::{Scale, Scene};
use crate::world::World;

/// How much longer a request may take, in milliseconds.
const WAIT: f64 = 250.0;

pub async fn run(world: &mut World, scale: Scale, report: &mut Report) -> Result<()> {
    let mut rng = StdRng::seed_from_u64(scale.seed);
    let scene = Scene::begin(world, scale, "r4").await?;
    let stall = scale.of(Duration::from_secs(20), Duration::from_secs(4));
    let (from, _) = scene.before();
    let mut whole_since = from;
    let (mut whole, mut broken) = (Samples::default(), Samples::default());
    for round in 0..scale.of(20, 4) {
        sleep(Duration::from_millis(rng.random_range(500..2500))).await;
        let at_us = now_us();
        whole.extend_from(scene.load.latencies(whole_since, at_us));
        let acknowledged = scene.load.acknowledged();
        match round % 4 {
            0 => {
                world.redis.kill();
                sleep(Duration::from_millis(rng.random_range(1000..4000))).await;
                world.redis.restart().await?;
            }
            1 => {
                world.redis.stop();
                sleep(stall).await;
                world.redis.go_on();
            }
            2 => drop(world.redis.command("FLUSHALL").await?),
            _ => {
                world.redis.command("CLIENT KILL TYPE normal SKIPME yes").await?;
                world.redis.command("CLIENT KILL TYPE pubsub").await?;
            }
        }
        sleep(Duration::from_secs(1)).await;
        whole_since = now_us();
        broken.extend_from(scene.load.latencies(at_us, whole_since));
        report.must(scene.load.acknowledged() > acknowledged, || format!("no mutation went on in round {round}"));
        report.rounds += 1;
    }
    report.figure("answers without a fault, p50 / p95 / p99 / max in ms", whole.line());
    report.figure("answers while Redis is broken, p50 / p95 / p99 / max in ms", broken.line());
    // One request on a busy machine may take any time; in a short run the middle one has to do.
    let part = scale.of(1.0, 0.5);
    let (now, usual) = (broken.quantile(part), whole.quantile(part));
    report.must(now <= usual + WAIT, || format!("requests took {now:.0} ms while Redis was broken, and {usual:.0} ms without"));
    scene.end(world, report).await?;
    Ok(())
}
