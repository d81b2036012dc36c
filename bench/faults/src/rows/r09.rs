//! R9: SIGTERM under load.
//!
//! Passes when nothing accepted is dropped (a request that was sent before the signal has its answer), sockets are closed with
//! a code that means "come back", and the server is out within 10 s, with success.

use std::time::Duration;

use anyhow::Result;
use entente_bench_common::stats::Samples;
use entente_bench_common::subscriber::{Subscriber, now_us};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use tokio::time::{Instant, sleep};

use crate::ledger::{Entry, Tried};
use crate::report::Report;
use crate::scene::{Scale, Scene};
use crate::world::{START_LIMIT, World};

const OUT: Duration = Duration::from_secs(10);
/// Going away, restart, try again later: the codes after which a client comes back.
const COME_BACK: [u16; 3] = [1001, 1012, 1013];
/// A request that was sent so long before the signal, in microseconds, has been read by the server.
const READ_US: u64 = 50_000;

pub async fn run(world: &mut World, scale: Scale, report: &mut Report) -> Result<()> {
    let mut rng = StdRng::seed_from_u64(scale.seed);
    let scene = Scene::begin(world, scale, "r9").await?;
    let (mut out, mut signals, mut closed) = (Samples::default(), Vec::new(), 0);
    for round in 0..scale.kills() {
        sleep(Duration::from_millis(rng.random_range(500..1500))).await;
        let victim = round % world.servers.len();
        let address = world.servers[victim].address;
        let there: Vec<(&Subscriber, usize)> =
            scene.crowd.members.iter().map(|(s, _)| s).filter(|s| s.server() == Some(address)).map(|s| (s, s.log().breaks.len())).collect();
        let Some(process) = world.servers[victim].process() else { continue };
        let since = Instant::now();
        signals.push((victim, now_us()));
        process.terminate();
        match process.wait(OUT * 2).await {
            Ok(status) => report.must(status.success(), || format!("round {round}: the server ended with {status}")),
            Err(error) => report.fail(format!("round {round}: {error}")),
        }
        out.add(since.elapsed().as_secs_f64());
        // The other end may read of it only now.
        let told = Instant::now() + OUT;
        while Instant::now() < told && there.iter().any(|(subscriber, breaks)| subscriber.log().breaks.len() <= *breaks) {
            sleep(Duration::from_millis(10)).await;
        }
        for (subscriber, breaks) in there {
            closed += 1;
            let log = subscriber.log();
            let told = log.breaks.get(breaks).and_then(|told| told.code);
            report.must(told.is_some_and(|code| COME_BACK.contains(&code)), || {
                format!("round {round}: {} was told {:?}", subscriber.plan.email, log.breaks.get(breaks))
            });
        }
        world.servers[victim].start()?;
        world.servers[victim].wait_ready(START_LIMIT).await?;
        report.rounds += 1;
    }
    report.figure("out after, p50 / p95 / p99 / max in s", out.line());
    report.figure("sockets that were told to come back", closed);
    report.must(out.max() <= OUT.as_secs_f64(), || format!("the server was out only after {:.1} s", out.max()));
    report.must(closed > 0, || "no socket was open when a server stopped".into());
    let entries = scene.end(world, report).await?;
    dropped(&entries, &signals, report);
    Ok(())
}

/// No request that was on its way when the signal came was left without an answer.
fn dropped(entries: &[Entry], signals: &[(usize, u64)], report: &mut Report) {
    let mut under_way = 0;
    for attempt in entries.iter().flat_map(|entry| &entry.attempts) {
        let caught = signals.iter().any(|(server, at)| *server == attempt.server && attempt.sent_us + READ_US < *at && attempt.done_us > *at);
        under_way += usize::from(caught);
        if caught && attempt.tried == Tried::NoAnswer {
            report.fail(format!("a request that was accepted before SIGTERM was dropped: {attempt:?}"));
        }
    }
    report.figure("requests under way when SIGTERM came (sent 50 ms before or earlier)", under_way);
}
