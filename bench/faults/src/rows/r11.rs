//! R11: ten thousand half-open sockets, slow headers, slow bodies, sockets without an introduction, frames of 1 MB.
//!
//! Passes when all of them are closed by their time limits and an ordinary request's p99 stays within 1.5 of before. A short
//! run opens few, and does not wait for the limits of a minute.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Result;
use entente_bench_common::api::Api;
use entente_bench_common::socket::{Heard, Socket};
use entente_bench_common::stats::Samples;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, interval, sleep, timeout};

use crate::load::MANAGER;
use crate::report::Report;
use crate::scene::{Scale, Scene};
use crate::world::World;

/// How much later than its limit a socket may be closed.
const SLACK: Duration = Duration::from_secs(5);

/// A way to hold a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// Connects and says nothing.
    Silent,
    /// Sends a header, a byte every two seconds.
    SlowHead,
    /// Sends a body, a byte every two seconds.
    SlowBody,
    /// Upgrades and does not introduce itself.
    Unknown,
    /// Introduces itself and sends a frame of 1 MB.
    BigFrame,
}

impl Kind {
    const ALL: [Self; 5] = [Self::Silent, Self::SlowHead, Self::SlowBody, Self::Unknown, Self::BigFrame];

    /// How many of ten thousand.
    fn share(self) -> usize {
        match self {
            Self::Silent => 6_000,
            Self::SlowHead => 2_000,
            Self::SlowBody => 1_000,
            Self::Unknown => 900,
            Self::BigFrame => 100,
        }
    }

    /// The server's time limit.
    fn limit(self) -> Duration {
        Duration::from_secs(match self {
            Self::Silent | Self::SlowHead => 60,
            Self::SlowBody => 22,
            Self::Unknown => 12,
            Self::BigFrame => 2,
        })
    }
}

pub async fn run(world: &mut World, scale: Scale, report: &mut Report) -> Result<()> {
    let scene = Scene::begin(world, scale, "r11").await?;
    let victim = world.servers[0].address;
    let token = world.accounts.token(MANAGER).await?;
    let probe = Probe::start(victim, token.clone())?;
    sleep(scale.of(Duration::from_secs(20), Duration::from_secs(3))).await;
    let before = probe.take();
    let files = world.servers[0].process().map_or(0, |process| process.open_files());
    let mut held = JoinSet::new();
    for kind in Kind::ALL {
        for number in 0..scale.of(kind.share(), kind.share() / 50) {
            held.spawn(hold(kind, victim, token.clone()));
            report.rounds += 1;
            if number % 100 == 99 {
                // The queue of connections that wait to be accepted is short.
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
    sleep(scale.of(Duration::from_secs(2), Duration::from_secs(1))).await;
    let open = world.servers[0].process().map_or(0, |process| process.open_files());
    report.figure("files open at the server, before and at most", format!("{files} and {open}"));
    let patience = scale.of(Duration::from_secs(90), Duration::from_secs(30));
    closed(&mut held, patience, report).await;
    let during = probe.take();
    drop(probe);
    report.figure("an ordinary request before, p50 / p95 / p99 / max in ms", before.line());
    report.figure("an ordinary request meanwhile, p50 / p95 / p99 / max in ms", during.line());
    let ratio = during.quantile(0.99) / before.quantile(0.99).max(0.1);
    report.figure("p99 meanwhile against before", format!("{ratio:.2}"));
    report.must(scale.short || ratio <= 1.5, || format!("an ordinary request's p99 was {ratio:.2} of before"));
    let mut after = usize::MAX;
    let since = Instant::now();
    while after > files + 50 && since.elapsed() < 2 * SLACK {
        sleep(Duration::from_millis(100)).await;
        after = world.servers[0].process().map_or(0, |process| process.open_files());
    }
    report.must(after <= files + 50, || format!("{after} files are open, and {files} were before"));
    scene.end(world, report).await?;
    Ok(())
}

/// Waits for all to be closed, and says which were not in time.
async fn closed(held: &mut JoinSet<(Kind, Result<Duration>)>, patience: Duration, report: &mut Report) {
    let mut times: Vec<(Kind, Samples)> = Kind::ALL.map(|kind| (kind, Samples::default())).to_vec();
    let mut refused = 0;
    let _ = timeout(patience, async {
        while let Some(joined) = held.join_next().await {
            let Ok((kind, took)) = joined else { continue };
            match took {
                Ok(took) => times.iter_mut().filter(|(known, _)| *known == kind).for_each(|(_, samples)| samples.add(took.as_secs_f64())),
                Err(_) => refused += 1,
            }
        }
    })
    .await;
    let left = held.len();
    held.abort_all();
    while held.join_next().await.is_some() {}
    report.figure("not let in", refused);
    // A connection that found the queue full looks open on this side only; what the server has open is counted in the end.
    report.figure("still open here", left);
    for (kind, samples) in &times {
        if kind.limit() > patience {
            continue;
        }
        report.figure(&format!("{kind:?}: {} closed after, p50 / p95 / p99 / max in s", samples.len()), samples.line());
        let limit = (kind.limit() + SLACK).as_secs_f64();
        report.must(samples.max() <= limit, || format!("{kind:?} was closed only after {:.0} s", samples.max()));
        report.must(!samples.is_empty(), || format!("no {kind:?} was closed"));
    }
}

/// Holds a socket until the server closes it; answers how long that took.
async fn hold(kind: Kind, to: SocketAddr, token: String) -> (Kind, Result<Duration>) {
    let held = match kind {
        Kind::Silent => drip(to, "").await,
        Kind::SlowHead => drip(to, "POST /graphql HTTP/1.1\r\nHost: entente\r\nX-Slow: ").await,
        Kind::SlowBody => {
            drip(to, "POST /graphql HTTP/1.1\r\nHost: entente\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n{").await
        }
        Kind::Unknown => unknown(to).await,
        Kind::BigFrame => big_frame(to, &token).await,
    };
    (kind, held)
}

/// Sends that, then a byte every two seconds, until the connection is closed.
async fn drip(to: SocketAddr, head: &str) -> Result<Duration> {
    let mut stream = TcpStream::connect(to).await?;
    let since = Instant::now();
    stream.write_all(head.as_bytes()).await?;
    let mut buffer = [0_u8; 1024];
    loop {
        let wait = if head.is_empty() { Duration::from_secs(600) } else { Duration::from_secs(2) };
        match timeout(wait, stream.read(&mut buffer)).await {
            Ok(Ok(0) | Err(_)) => return Ok(since.elapsed()),
            // An answer that says why; the end comes next.
            Ok(Ok(_)) => {}
            Err(_) if stream.write_all(b"a").await.is_err() => return Ok(since.elapsed()),
            Err(_) => {}
        }
    }
}

async fn unknown(to: SocketAddr) -> Result<Duration> {
    let mut socket = Socket::open(to, None).await?;
    let since = Instant::now();
    until_closed(&mut socket).await;
    Ok(since.elapsed())
}

async fn big_frame(to: SocketAddr, token: &str) -> Result<Duration> {
    let mut socket = Socket::introduced(to, token, None).await?;
    let since = Instant::now();
    // The other end may close before it has taken all of it.
    let _ = socket.say_text(format!("{{\"type\":\"ping\",\"payload\":{{\"a\":\"{}\"}}}}", "a".repeat(1 << 20))).await;
    until_closed(&mut socket).await;
    Ok(since.elapsed())
}

async fn until_closed(socket: &mut Socket) {
    while let Heard::Text(_) = socket.hear().await {}
}

/// Asks something ordinary twenty times a second and takes the time.
struct Probe {
    times: watch::Receiver<Samples>,
    taken: std::cell::Cell<usize>,
    task: JoinHandle<()>,
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Probe {
    fn start(to: SocketAddr, token: String) -> Result<Self> {
        let api = Api::new(Duration::from_secs(10))?;
        let (sender, times) = watch::channel(Samples::default());
        let task = tokio::spawn(async move {
            let mut ticks = interval(Duration::from_millis(50));
            loop {
                ticks.tick().await;
                let since = Instant::now();
                let asked = api.ask(to, Some(&token), "{ viewer { user { name } } deals(first: 10) { nodes { id title status } } }", json!({})).await;
                // What fails took as long as anybody may have to wait.
                let took = if asked.is_ok_and(|answer| answer.data().is_some()) { since.elapsed() } else { Duration::from_secs(10) };
                sender.send_modify(|times| times.add(took.as_secs_f64() * 1000.0));
            }
        });
        Ok(Self { times, taken: std::cell::Cell::new(0), task })
    }

    /// What was taken since the last call.
    fn take(&self) -> Samples {
        let all = self.times.borrow();
        let new = all.since(self.taken.replace(all.len()));
        drop(all);
        new
    }
}
