//! R6: 50 of 1,000 subscribers stop reading and keep their lines open.
//!
//! Passes when they are closed within 10 s, counted from the moment when the kernel takes no more for them: before that, no
//! server can know. The others' p99 is at most 1.2 of before, the server's memory stays within bounds, and those who were
//! closed come back and have every change once.

use std::time::Duration;

use anyhow::{Context, Result};
use entente_bench_common::net::{self, End};
use entente_bench_common::stats::Samples;
use entente_bench_common::subscriber::{Subscriber, Wish, now_us};
use tokio::time::{Instant, sleep};

use crate::report::Report;
use crate::scene::{Scale, Scene};
use crate::world::World;

const CLOSED_WITHIN: f64 = 10.0;
/// A buffer that has not moved for so long is full.
const FULL_AFTER: Duration = Duration::from_millis(700);
/// How much more memory a server may take meanwhile: as much as three quarters of the full buffers of those who do not read.
const GROWTH: u64 = 3 * 1024 * 1024;

pub async fn run(world: &mut World, scale: Scale, report: &mut Report) -> Result<()> {
    let (all, deaf) = scale.of((1_000, 50), (40, 4));
    let mut scene = Scene::begin_with(world, scale, "r6", all - deaf).await?;
    scene.crowd.add_slow(world, deaf, &heavy()).await?;
    let listening = all - deaf;
    let from = now_us();
    sleep(scale.of(Duration::from_secs(20), Duration::from_secs(3))).await;
    let (stopped_us, memory) = (now_us(), memory(world));
    let slow: Vec<&Subscriber> = scene.crowd.members[listening..].iter().map(|(subscriber, _)| subscriber).collect();
    for subscriber in &slow {
        subscriber.wish(Wish::Ignore);
    }
    let mut watch = slow.iter().map(|subscriber| Watch::of(subscriber)).collect::<Result<Vec<_>>>()?;
    let most = watch_them(world, &mut watch, memory, Duration::from_secs(60)).await;
    let closed_us = now_us();
    told(&watch, report);
    report.rounds = deaf as u64;
    for subscriber in slow {
        subscriber.wish(Wish::Follow);
    }
    let before = scene.lags(world, |place| place < listening, (from, stopped_us)).await?;
    let during = scene.lags(world, |place| place < listening, (stopped_us, closed_us)).await?;
    report.figure("the others before, p50 / p95 / p99 / max in ms", before.line());
    report.figure("the others meanwhile, p50 / p95 / p99 / max in ms", during.line());
    let ratio = during.quantile(0.99) / before.quantile(0.99).max(1.0);
    report.figure("p99 meanwhile against before", format!("{ratio:.2}"));
    report.must(scale.short || ratio <= 1.2, || format!("the others' p99 was {ratio:.2} of before"));
    report.figure("most memory of both servers, before and meanwhile in MB", format!("{} and {}", memory >> 20, most >> 20));
    let bound = memory + GROWTH * deaf as u64 + memory / 4;
    report.must(most <= bound, || format!("the servers took {} MB, and {} MB before", most >> 20, memory >> 20));
    scene.end(world, report).await?;
    Ok(())
}

/// An operation that asks for so much of each change that a buffer is full soon.
fn heavy() -> String {
    let partner = "id slug name summary description website city country competencies verticals languages logoUrl territories { name }";
    let many: String = (0..8).map(|n| format!(" p{n}: partner {{ {partner} }}")).collect();
    format!(
        "subscription($after: String) {{ dealChanges(after: $after) {{ __typename ... on DealChange {{ cursor kind deal {{ id version {many} }} }} ... on ResyncRequired {{ cursor reason }} }} }}"
    )
}

fn memory(world: &mut World) -> u64 {
    world.servers.iter_mut().filter_map(|server| server.process()).map(|process| process.resident()).sum()
}

/// One line whose end is not read, seen from the kernel's table.
struct Watch {
    server: u16,
    port: u16,
    unsent: u64,
    moved: Instant,
    full: Option<Instant>,
    closed: Option<Instant>,
    since: Instant,
}

impl Watch {
    fn of(subscriber: &Subscriber) -> Result<Self> {
        let (server, port) = (subscriber.server().context("no line")?.port(), subscriber.local_port().context("no line")?);
        let now = Instant::now();
        Ok(Self { server, port, unsent: 0, moved: now, full: None, closed: None, since: now })
    }

    fn look(&mut self, end: Option<End>) {
        let now = Instant::now();
        let Some(end) = end.filter(|end| end.established) else {
            self.closed.get_or_insert(now);
            return;
        };
        if end.unsent != self.unsent {
            (self.unsent, self.moved) = (end.unsent, now);
            self.full = None;
        } else if end.unsent > 0 && self.moved.elapsed() > FULL_AFTER {
            self.full.get_or_insert(self.moved);
        }
    }
}

/// Watches until all are closed or for too long; answers the most memory that both servers had.
async fn watch_them(world: &mut World, watch: &mut [Watch], before: u64, limit: Duration) -> u64 {
    let (since, mut most) = (Instant::now(), before);
    while since.elapsed() < limit && watch.iter().any(|watched| watched.closed.is_none()) {
        for server in world.addresses() {
            let ends = net::ends_of(server.port());
            for watched in watch.iter_mut().filter(|watched| watched.server == server.port() && watched.closed.is_none()) {
                watched.look(ends.iter().find(|(peer, _)| *peer == watched.port).map(|(_, end)| *end));
            }
        }
        most = most.max(memory(world));
        sleep(Duration::from_millis(100)).await;
    }
    most
}

fn told(watch: &[Watch], report: &mut Report) {
    let (mut from_full, mut from_stop) = (Samples::default(), Samples::default());
    for watched in watch {
        let Some(closed) = watched.closed else {
            report.fail(format!("a line that is not read stays open, {} bytes unsent", watched.unsent));
            continue;
        };
        from_stop.add((closed - watched.since).as_secs_f64());
        // A line that was closed before it was seen to be full was closed early enough.
        from_full.add(watched.full.map_or(0.0, |full| (closed - full).as_secs_f64()));
    }
    report.figure("closed after the line was full, p50 / p95 / p99 / max in s", from_full.line());
    report.figure("closed after the reading stopped, p50 / p95 / p99 / max in s", from_stop.line());
    report.must(from_full.max() <= CLOSED_WITHIN, || format!("a full line was closed only after {:.1} s", from_full.max()));
}
