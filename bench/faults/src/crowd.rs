//! The subscribers: people of several partners and of the vendor, spread over the servers, who follow and come back.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use entente_bench_common::accounts::{Person, people};
use entente_bench_common::subscriber::{LEAN, Plan, Subscriber};
use tokio::time::{Instant, sleep};

use crate::check::streams::{self, Audience, Event, compare};
use crate::load::{MANAGER, SELLERS};
use crate::report::Report;
use crate::world::World;

/// Longest wait until everybody has heard everything, once the world is whole.
const QUIET_LIMIT: Duration = Duration::from_secs(40);

/// Subscribers, each with what it may see.
pub struct Crowd {
    /// All of them.
    pub members: Vec<(Subscriber, Audience)>,
}

impl Crowd {
    /// So many subscribers that start after the last event there is.
    pub async fn start(world: &World, count: usize) -> Result<Self> {
        let after = world.last_seq().await?;
        let cast = cast()?;
        let mut members = Vec::new();
        for (number, person) in cast.iter().cycle().take(count).enumerate() {
            world.accounts.token(&person.email).await?;
            let mut servers = world.addresses();
            servers.rotate_left(number % world.servers.len());
            let plan = Plan { email: person.email.clone(), servers, query: LEAN.to_owned(), after, receive_buffer: None };
            members.push((Subscriber::start(world.accounts.clone(), plan), Audience::of(person, &world.partners)));
        }
        let crowd = Self { members };
        crowd.wait_connected(Duration::from_secs(60)).await?;
        Ok(crowd)
    }

    /// Adds subscribers of the vendor's who ask for this operation, with a small buffer for what they have not read.
    pub async fn add_slow(&mut self, world: &World, count: usize, query: &str) -> Result<()> {
        let after = world.last_seq().await?;
        let manager = people()?.into_iter().find(|person| person.email == MANAGER).context("the demo program has no manager")?;
        for number in 0..count {
            let mut servers = world.addresses();
            servers.rotate_left(number % world.servers.len());
            let plan = Plan { email: manager.email.clone(), servers, query: query.to_owned(), after, receive_buffer: Some(65_536) };
            self.members.push((Subscriber::start(world.accounts.clone(), plan), Audience::of(&manager, &world.partners)));
        }
        self.wait_connected(Duration::from_secs(60)).await
    }

    /// Waits until everybody has an open line.
    pub async fn wait_connected(&self, limit: Duration) -> Result<()> {
        let since = Instant::now();
        loop {
            let missing: Vec<&Subscriber> = self.members.iter().map(|(s, _)| s).filter(|s| s.local_port().is_none()).collect();
            if let Some(complaint) = self.members.iter().find_map(|(subscriber, _)| subscriber.log().complaints.first().cloned()) {
                bail!("a subscriber was told: {complaint}");
            }
            let Some(first) = missing.first() else { return Ok(()) };
            if since.elapsed() > limit {
                bail!("{} subscribers have no line within {} s, as {}", missing.len(), limit.as_secs(), first.plan.email);
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until everybody has heard the last event for them, or for too long: what is missing then is missing.
    pub async fn wait_quiet(&self, events: &[Event]) {
        let since = Instant::now();
        while since.elapsed() < QUIET_LIMIT && self.members.iter().any(|(s, audience)| s.log().last() < audience.last(events)) {
            sleep(Duration::from_millis(20)).await;
        }
        // What is told twice comes after it was told once.
        sleep(Duration::from_millis(300)).await;
    }

    /// Compares what everybody heard with the events; notes figures and failures.
    pub fn check(&self, events: &[Event], report: &mut Report) {
        let (mut lags, mut lines, mut resyncs) = (entente_bench_common::stats::Samples::default(), 0, 0);
        for (subscriber, audience) in &self.members {
            let log = subscriber.log();
            let who = format!("{} (prefers {})", subscriber.plan.email, subscriber.plan.servers.first().map_or(0, |address| address.port()));
            report.fail_all(compare(&log, audience, events).into_iter().map(|failure| format!("{who}: {failure}")));
            report.fail_all(log.complaints.iter().map(|complaint| format!("{who} was told: {complaint}")));
            lags.extend(streams::lags(&log, events, (0, u64::MAX)));
            lines += log.lines;
            resyncs += log.resyncs.len();
        }
        report.figure("subscribers", format!("{} on {lines} lines, {resyncs} times ResyncRequired", self.members.len()));
        report.figure("changes told", lags.len());
        report.figure("from the change to the screen, p50 / p95 / p99 / max in ms", lags.line());
    }
}

/// Those who follow: the partners that write, one that does not, and the vendor's staff.
fn cast() -> Result<Vec<Person>> {
    let all = people()?;
    let extra = [MANAGER, "admin@entente.test", "marketing@entente.test", "finance@entente.test", "yuri.takanashi@minato-bridge.test"];
    let wanted = |person: &&Person| extra.contains(&person.email.as_str()) || SELLERS.iter().any(|(email, _)| *email == person.email);
    let cast: Vec<Person> = all.iter().filter(wanted).cloned().collect();
    ensure!(cast.len() == extra.len() + SELLERS.len(), "the demo program lacks somebody of {extra:?} and {SELLERS:?}");
    Ok(cast)
}
