//! The relay: numbers events while it holds the lease, and reads every numbered event once, in order, into the hub.
//!
//! Three tasks that do not wait for each other: numbering, reading, and the line to Redis (see [`crate::wake`]).

use std::sync::Arc;
use std::time::Duration;

use entente_domain::event::NumberedEvent;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::hub::Hub;
use crate::log::{EventLog, LogError, Numbered, Prepare};
use crate::status::RelayStatus;
use crate::wake;

/// How long one numbering step may wait for events; also the longest an orderly stop waits for it to finish.
const STEP: Duration = Duration::from_millis(500);
/// How often a server that does not hold the lease tries to take it.
const LEASE_RETRY: Duration = Duration::from_millis(300);
const BACK_OFF: [Duration; 4] = [Duration::from_millis(50), Duration::from_millis(200), Duration::from_millis(500), Duration::from_secs(1)];
/// How long a hole in the numbers may last before it is taken for good.
const HOLE_PATIENCE: Duration = Duration::from_secs(2);

/// How the relay works.
#[derive(Debug, Clone)]
pub struct RelayOptions {
    /// `redis://...`; without it the log is polled.
    pub redis_url: Option<String>,
    /// The database's name; servers on the same Redis and database wake each other.
    pub database: String,
    /// How many events are read and prepared at once.
    pub batch: u32,
    /// How many payloads are kept for slow subscribers.
    pub capacity: usize,
    /// The time between polls while Redis wakes us.
    pub poll: Duration,
    /// The time between polls while it does not.
    pub poll_without_redis: Duration,
}

impl RelayOptions {
    /// The usual figures: batches of 256, a queue of 4,096, polls each second, or five times a second without Redis.
    pub fn new(database: impl Into<String>, redis_url: Option<String>) -> Self {
        Self {
            redis_url,
            database: database.into(),
            batch: 256,
            capacity: 4096,
            poll: Duration::from_secs(1),
            poll_without_redis: Duration::from_millis(200),
        }
    }

    pub(crate) fn channel(&self) -> String {
        format!("entente:{}:seq", self.database)
    }
}

/// A relay that knows its place in the log and waits to be run.
pub struct Relay<P: Prepare> {
    log: Arc<dyn EventLog>,
    prepare: Arc<P>,
    options: RelayOptions,
    hub: Arc<Hub<P::Payload>>,
    status: Arc<RelayStatus>,
}

impl<P: Prepare> Relay<P> {
    /// Stands at the end of the log: subscribers receive what is numbered from here on. Fails when the log does not answer.
    pub async fn new(log: Arc<dyn EventLog>, prepare: Arc<P>, options: RelayOptions) -> Result<Self, LogError> {
        let last = log.last().await?;
        let hub = Arc::new(Hub::new(last, options.capacity));
        let status = Arc::new(RelayStatus::default());
        status.saw(last);
        Ok(Self { log, prepare, options, hub, status })
    }

    /// Where subscribers come in.
    pub fn hub(&self) -> Arc<Hub<P::Payload>> {
        self.hub.clone()
    }

    /// How it is doing.
    pub fn status(&self) -> Arc<RelayStatus> {
        self.status.clone()
    }

    /// Works until `shutdown` turns true or its sender is gone, then finishes the step under way and gives the lease back.
    /// No outage of the database or of Redis ends it.
    pub async fn run(self, mut shutdown: watch::Receiver<bool>) {
        let (numbered, news) = watch::channel(0);
        let mut tasks = JoinSet::new();
        if let Some(url) = self.options.redis_url.clone() {
            tasks.spawn(wake::run(url, self.options.channel(), self.status.clone(), news));
        }
        let reader = Reader { log: self.log.clone(), prepare: self.prepare, options: self.options, hub: self.hub, status: self.status.clone() };
        tasks.spawn(reader.run());
        let numbering = tokio::spawn(number(self.log.clone(), self.status, numbered, shutdown.clone()));
        let _ = shutdown.wait_for(|stop| *stop).await;
        if timeout(STEP * 3, numbering).await.is_ok() {
            let _ = timeout(STEP, self.log.resign()).await;
        }
        tasks.shutdown().await;
    }
}

async fn number(log: Arc<dyn EventLog>, status: Arc<RelayStatus>, numbered: watch::Sender<i64>, mut shutdown: watch::Receiver<bool>) {
    let mut failures = 0;
    let stopping = |shutdown: &watch::Receiver<bool>| *shutdown.borrow() || shutdown.has_changed().is_err();
    while !stopping(&shutdown) {
        let pause = match log.number(STEP).await {
            Ok(Numbered::Last { seq, new }) => {
                failures = 0;
                if !status.set_leader(true) {
                    tracing::info!(seq, "this server numbers the events");
                }
                status.heard(seq);
                if new {
                    numbered.send_replace(seq);
                }
                // A log that answers at once with nothing new must not make this spin.
                tokio::task::yield_now().await;
                continue;
            }
            Ok(Numbered::NotLeader) => {
                failures = 0;
                if status.set_leader(false) {
                    tracing::info!("another server numbers the events");
                }
                LEASE_RETRY
            }
            Err(error) => {
                status.set_leader(false);
                tracing::warn!(%error, "numbering events failed, trying again");
                back_off(&mut failures)
            }
        };
        let _ = timeout(pause, shutdown.wait_for(|stop| *stop)).await;
    }
}

fn back_off(failures: &mut usize) -> Duration {
    let pause = BACK_OFF[(*failures).min(BACK_OFF.len() - 1)];
    *failures += 1;
    pause
}

struct Reader<P: Prepare> {
    log: Arc<dyn EventLog>,
    prepare: Arc<P>,
    options: RelayOptions,
    hub: Arc<Hub<P::Payload>>,
    status: Arc<RelayStatus>,
}

impl<P: Prepare> Reader<P> {
    async fn run(self) {
        let mut failures = 0;
        let mut hole_since = None;
        loop {
            match self.read(&mut hole_since).await {
                Ok(true) => failures = 0,
                Ok(false) => {
                    failures = 0;
                    self.status.set_caught_up(hole_since.is_none());
                    let poll = if hole_since.is_some() { BACK_OFF[0] } else { self.poll() };
                    let _ = timeout(poll, self.status.woken()).await;
                }
                Err(error) => {
                    self.status.set_caught_up(false);
                    tracing::warn!(%error, "reading events failed, trying again");
                    sleep(back_off(&mut failures)).await;
                }
            }
        }
    }

    fn poll(&self) -> Duration {
        if self.status.redis_connected() { self.options.poll } else { self.options.poll_without_redis }
    }

    /// Reads, prepares and hands out one batch; false when there was nothing.
    async fn read(&self, hole_since: &mut Option<Instant>) -> Result<bool, LogError> {
        let last = self.hub.last_seq();
        let mut events = self.log.read_after(last, self.options.batch.max(1)).await?;
        let Some(first) = events.first() else {
            *hole_since = None;
            return Ok(false);
        };
        if first.seq != last + 1 {
            return Ok(self.hole(hole_since, last, first.seq));
        }
        *hole_since = None;
        // Only what follows without a hole; the rest is read again.
        let whole = events.iter().zip(last + 1..).take_while(|(event, expected)| event.seq == *expected).count();
        events.truncate(whole);
        self.deliver(events).await?;
        Ok(true)
    }

    /// The numbers have no holes by construction; one that stays means that the log was cut, and every subscriber is told.
    fn hole(&self, since: &mut Option<Instant>, last: i64, next: i64) -> bool {
        if since.get_or_insert_with(Instant::now).elapsed() < HOLE_PATIENCE {
            return false;
        }
        tracing::error!(after = last, before = next, "events are missing from the log; subscribers have to read again");
        self.hub.publish_gap(next - 1);
        *since = None;
        true
    }

    async fn deliver(&self, events: Vec<NumberedEvent>) -> Result<(), LogError> {
        let numbers: Vec<i64> = events.iter().map(|event| event.seq).collect();
        let payloads = self.prepare.prepare(events).await?;
        if payloads.len() != numbers.len() {
            return Err(LogError(format!("{} payloads were made of {} events", payloads.len(), numbers.len())));
        }
        for (seq, payload) in numbers.into_iter().zip(payloads) {
            self.status.saw(seq);
            self.hub.publish(seq, payload);
        }
        Ok(())
    }
}
