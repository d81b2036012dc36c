//! What every row has in common: subscribers, writers, a fault in between, healing, quiet, and the checks.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result;
use entente_bench_common::stats::Samples;
use entente_bench_common::subscriber::now_us;
use tokio::time::{Instant, sleep};

use crate::check::{data, streams};
use crate::crowd::Crowd;
use crate::ledger::{Action, Entry, Tried};
use crate::load::{Ledger, Load};
use crate::report::Report;
use crate::world::{START_LIMIT, World};

/// The load that the table asks for, in registrations and moves a second.
const RATE: f64 = 50.0;

/// How large a run is.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// A few injections and subscribers, so that a row takes seconds.
    pub short: bool,
    /// Where all random choices come from.
    pub seed: u64,
}

impl Scale {
    /// One figure for a full run, another for a short one.
    pub fn of<T>(self, full: T, short: T) -> T {
        if self.short { short } else { full }
    }

    /// How many kills.
    pub fn kills(self) -> usize {
        self.of(20, 2)
    }

    /// How many subscribers.
    pub fn subscribers(self) -> usize {
        self.of(104, 26)
    }

    /// Changes a second of all writers; more than are counted, as approvals come on top.
    pub fn rate(self) -> f64 {
        self.of(75.0, 24.0)
    }

    /// How long the writers work before the first fault.
    pub fn warm_up(self) -> Duration {
        self.of(Duration::from_secs(5), Duration::from_millis(1500))
    }
}

/// Subscribers and writers at work.
pub struct Scene {
    /// Those who follow.
    pub crowd: Crowd,
    /// Those who write.
    pub load: Load,
    scale: Scale,
    first: i64,
    warm: (u64, u64),
}

impl Scene {
    /// Begins and lets them work for a while without a fault.
    pub async fn begin(world: &World, scale: Scale, tag: &str) -> Result<Self> {
        Self::begin_with(world, scale, tag, scale.subscribers()).await
    }

    /// With so many subscribers.
    pub async fn begin_with(world: &World, scale: Scale, tag: &str, subscribers: usize) -> Result<Self> {
        let first = world.last_seq().await?;
        let crowd = Crowd::start(world, subscribers).await?;
        let load = Load::start(world, tag, scale.seed, scale.rate()).await?;
        let from = now_us();
        sleep(scale.warm_up()).await;
        Ok(Self { crowd, load, scale, first, warm: (from, now_us()) })
    }

    /// From each change to its arrival at those of the subscribers whom `whom` names by place, between two moments, in
    /// milliseconds.
    pub async fn lags(&self, world: &World, whom: impl Fn(usize) -> bool, span: (u64, u64)) -> Result<Samples> {
        let events = streams::load(&world.db, self.first).await?;
        let members = self.crowd.members.iter().enumerate().filter(|(place, _)| whom(*place));
        Ok(members.flat_map(|(_, (subscriber, _))| streams::lags(&subscriber.log(), &events, span)).collect())
    }

    /// The time before the first fault, from and to in microseconds since 1970.
    pub fn before(&self) -> (u64, u64) {
        self.warm
    }

    /// Ends it once the world is whole again: stops the writers, settles what is in doubt, waits for quiet and checks.
    /// Answers everything that was tried.
    pub async fn end(self, world: &mut World, report: &mut Report) -> Result<Vec<Entry>> {
        world.set.wait_healthy(START_LIMIT).await?;
        for server in &mut world.servers {
            server.wait_ready(START_LIMIT).await?;
        }
        let took = self.load.since.elapsed().as_secs_f64();
        let ledger = self.load.finish(world).await?;
        wait_numbered(world, report).await?;
        let events = streams::load(&world.db, self.first).await?;
        self.crowd.wait_quiet(&events).await;
        report.fail_all(data::check(&world.db, &ledger.entries).await?);
        tell(&ledger, took, report);
        rate(&ledger, self.warm, self.scale, report);
        self.crowd.check(&events, report);
        Ok(ledger.entries)
    }
}

/// Waits until every event has its number.
async fn wait_numbered(world: &World, report: &mut Report) -> Result<()> {
    let since = Instant::now();
    while world.pending().await? > 0 {
        if since.elapsed() > Duration::from_secs(30) {
            report.fail("events wait for their numbers although everything has run for 30 s");
            break;
        }
        sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// Counts outcomes and problems.
fn tell(ledger: &Ledger, took: f64, report: &mut Report) {
    let (mut acknowledged, mut refused, mut doubted, mut problems) = (0, 0, 0, BTreeMap::<String, usize>::new());
    for entry in &ledger.entries {
        match entry.outcome() {
            Some(Tried::Done { .. }) => acknowledged += 1,
            _ => refused += 1,
        }
        doubted += usize::from(entry.was_in_doubt());
        for attempt in &entry.attempts {
            if let Tried::Problem(code) = &attempt.tried {
                *problems.entry(code.clone()).or_default() += 1;
            }
        }
    }
    report.figure(
        "writes",
        format!(
            "{acknowledged} acknowledged, {refused} refused, {doubted} unknown and repeated with their key, {:.0} a second over all",
            f64::from(acknowledged) / took
        ),
    );
    if !problems.is_empty() {
        report.figure("top-level errors", format!("{problems:?}"));
    }
    for (code, count) in problems {
        report.must(["UNAVAILABLE", "RATE_LIMITED"].contains(&code.as_str()), || format!("{count} answers were {code}"));
    }
}

/// The load before the fault has to be what the table asks for.
fn rate(ledger: &Ledger, (from, to): (u64, u64), scale: Scale, report: &mut Report) {
    let counted = |entry: &&Entry| matches!(entry.action, Action::Register | Action::Move(_) | Action::Withdraw);
    let done =
        ledger.entries.iter().filter(counted).flat_map(|entry| entry.attempts.last()).filter(|attempt| (from..to).contains(&attempt.done_us)).count();
    let rate = done as f64 / (to.saturating_sub(from) as f64 / 1e6);
    report.figure("registrations and moves a second before the fault", format!("{rate:.0}"));
    report.must(scale.short || rate >= RATE, || format!("the load was {rate:.0} registrations and moves a second; the row asks for {RATE:.0}"));
}
