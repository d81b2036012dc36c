//! One window: so many subscribers, so many changes a second for so long, and what it cost.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use entente_bench_common::stats::Samples;
use serde_json::Value;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

use crate::place::{Cores, busy_seconds};
use crate::push::{Key, Made, Pusher, key_of};
use crate::scene::Process;
use crate::tap::Crowd;

/// How long the last message may take.
const DELIVERY_LIMIT: Duration = Duration::from_secs(60);
/// How often the generator looks how late it is.
const TICK: Duration = Duration::from_millis(5);

/// How much is done in a window.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Subscribers.
    pub subscribers: usize,
    /// Changes a second.
    pub rate: f64,
    /// Seconds.
    pub seconds: f64,
}

impl Load {
    /// Changes in a window.
    pub fn changes(self) -> usize {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of changes")]
        let count = (self.rate * self.seconds).round() as usize;
        count.max(1)
    }
}

/// Nothing came for five times this long: it is quiet.
const QUIET: Duration = Duration::from_millis(100);

/// What a window told.
#[derive(Debug, Default)]
pub struct Window {
    /// Processor time of the server, in seconds.
    pub cpu: f64,
    /// Messages that were delivered, and their bytes.
    pub delivered: u64,
    /// Bytes of the delivered messages.
    pub bytes: u64,
    /// The messages as one subscriber had them.
    pub texts: Vec<String>,
    /// From the answer to a change until its last subscriber had it, in milliseconds.
    pub last: Samples,
    /// The same from the moment it was sent.
    pub last_since_sent: Samples,
    /// From the answer until each single subscriber had it, in milliseconds, for a sample of the changes.
    pub each: Samples,
    /// How long the changes took to be answered, in milliseconds.
    pub answered: Samples,
    /// How late the changes were sent, in milliseconds.
    pub late: Samples,
    /// How late the generator's own clock was, in milliseconds.
    pub lag: Samples,
    /// Part of the time that each core worked: the server's, the load's.
    pub busy: (f64, f64),
}

impl Window {
    /// Processor time per delivered message, in microseconds.
    pub fn cpu_us(&self) -> f64 {
        self.cpu * 1e6 / self.delivered.max(1) as f64
    }
}

/// Makes the changes and waits until every subscriber has had all of them.
pub async fn measure(cores: Cores, server: &mut Process, pusher: &Pusher, crowd: &Crowd, load: Load) -> Result<Window> {
    crowd.forget();
    let (had, bytes) = crowd.sums();
    let clock = Clock::start();
    let begun = Instant::now();
    let (cpu, busy) = (server.child()?.cpu_seconds(), (busy_seconds(cores.server), busy_seconds(cores.load)));
    let pushed = pusher.push(load.changes(), load.rate).await?;
    crowd.wait_for(load.changes() as u64, DELIVERY_LIMIT).await?;
    let cpu = server.child()?.cpu_seconds() - cpu;
    let passed = begun.elapsed().as_secs_f64();
    let busy = ((busy_seconds(cores.server) - busy.0) / passed, (busy_seconds(cores.load) - busy.1) / passed);
    let lag = clock.stop().await?;
    let (had_now, bytes_now) = crowd.sums();
    let mut window =
        Window { cpu, delivered: had_now - had, bytes: bytes_now - bytes, late: pushed.late.into_iter().collect(), lag, busy, ..Window::default() };
    window.answered = pushed.made.iter().map(|made| ms(made.sent, made.answered)).collect();
    window.texts = crowd.texts();
    ensure!(window.delivered == (load.changes() * crowd.len()) as u64, "messages were delivered more than once");
    window.tell(crowd, &pushed.made)?;
    Ok(window)
}

/// Makes changes until every subscriber had one, and waits until no more come: from here on all are told the same.
pub async fn settle(pusher: &Pusher, crowd: &Crowd) -> Result<()> {
    crowd.forget();
    let since = Instant::now();
    while crowd.wait_for(1, Duration::from_millis(500)).await.is_err() {
        ensure!(since.elapsed() < DELIVERY_LIMIT, "not every subscriber hears of changes");
        pusher.push(1, 1.0).await?;
    }
    let mut before = crowd.sums();
    let mut quiet = 0;
    while quiet < 5 {
        tokio::time::sleep(QUIET).await;
        let now = crowd.sums();
        quiet = if now == before { quiet + 1 } else { 0 };
        before = now;
    }
    crowd.forget();
    Ok(())
}

/// The same changes with nobody to tell: what the writes cost alone, in seconds of processor time.
pub async fn measure_alone(server: &mut Process, pusher: &Pusher, load: Load) -> Result<f64> {
    let cpu = server.child()?.cpu_seconds();
    pusher.push(load.changes(), load.rate).await?;
    Ok(server.child()?.cpu_seconds() - cpu)
}

fn ms(from: Instant, to: Instant) -> f64 {
    // A message may come before the answer.
    if to >= from { (to - from).as_secs_f64() * 1e3 } else { -(from - to).as_secs_f64() * 1e3 }
}

impl Window {
    /// Reckons when each change was where. All subscribers get the same messages in the same order.
    fn tell(&mut self, crowd: &Crowd, made: &[Made]) -> Result<()> {
        let made: HashMap<&Key, &Made> = made.iter().map(|made| (&made.key, made)).collect();
        let stamps = crowd.stamps();
        for (place, text) in self.texts.iter().enumerate() {
            let change = key_of(&serde_json::from_str::<Value>(text)?["payload"]["data"]["dealChanges"])?;
            let made = made.get(&change).with_context(|| format!("a change that nobody made was told: {change:?}"))?;
            let came = |stamps: &Vec<u32>| stamps.get(place).map(|us| crowd.epoch() + Duration::from_micros(u64::from(*us)));
            let last = stamps.iter().filter_map(came).max().context("a subscriber missed a message")?;
            self.last.add(ms(made.answered, last));
            self.last_since_sent.add(ms(made.sent, last));
            if place % 10 == 0 {
                self.each.extend(stamps.iter().filter_map(came).map(|at| ms(made.answered, at)));
            }
        }
        Ok(())
    }
}

/// Looks how late this process is woken, until it is stopped.
struct Clock {
    stop: oneshot::Sender<()>,
    task: JoinHandle<Samples>,
}

impl Clock {
    fn start() -> Self {
        let (stop, mut stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            let (mut ticks, mut late) = (tokio::time::interval(TICK), Samples::default());
            ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
            loop {
                tokio::select! {
                    due = ticks.tick() => late.add(due.elapsed().as_secs_f64() * 1e3),
                    _ = &mut stopped => return late,
                }
            }
        });
        Self { stop, task }
    }

    async fn stop(self) -> Result<Samples> {
        let _ = self.stop.send(());
        Ok(self.task.await?)
    }
}
