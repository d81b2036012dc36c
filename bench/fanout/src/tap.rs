//! Subscribers that do next to nothing: they note when each message came and how long it was, and answer pings. A thousand of
//! them share one core with the rest of the load.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context as TaskContext, Poll, ready};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use futures::future::try_join_all;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::frames::{Frame, Frames};

/// How many lines are opened at once.
const AT_ONCE: usize = 50;
/// How long a line may take to open.
const OPEN_LIMIT: Duration = Duration::from_secs(30);
/// The answer to a ping: no payload, a mask of nothing.
const PONG: [u8; 6] = [0x8a, 0x80, 0, 0, 0, 0];

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; 128 * 1024]);
}

/// What a subscriber says when it comes.
#[derive(Debug, Clone)]
pub struct Greeting {
    /// Where to.
    pub address: SocketAddr,
    /// The path of the endpoint.
    pub path: &'static str,
    /// `connection_init`.
    pub init: String,
    /// `subscribe`.
    pub subscribe: String,
}

#[derive(Debug, Default)]
struct State {
    count: AtomicU64,
    base: AtomicU64,
    bytes: AtomicU64,
    ended: AtomicBool,
    stamps: Mutex<Vec<u32>>,
    texts: Mutex<Vec<String>>,
}

impl State {
    fn since(&self) -> u64 {
        self.count.load(Ordering::Relaxed) - self.base.load(Ordering::Relaxed)
    }
}

/// One subscriber.
#[derive(Debug)]
struct Tap {
    state: Arc<State>,
    task: JoinHandle<()>,
}

impl Drop for Tap {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// All subscribers of a window.
#[derive(Debug)]
pub struct Crowd {
    epoch: Instant,
    taps: Vec<Tap>,
}

impl Crowd {
    /// Opens so many lines and waits until each is acknowledged. The first one keeps the texts.
    pub async fn open(greeting: &Greeting, count: usize) -> Result<Self> {
        let mut crowd = Self { epoch: Instant::now(), taps: Vec::with_capacity(count) };
        while crowd.taps.len() < count {
            let more = AT_ONCE.min(count - crowd.taps.len());
            let first = crowd.taps.is_empty();
            let opened = (0..more).map(|n| Tap::open(greeting, crowd.epoch, first && n == 0));
            crowd.taps.extend(try_join_all(opened).await?);
        }
        Ok(crowd)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.taps.len()
    }

    /// The moment from which stamps count.
    pub fn epoch(&self) -> Instant {
        self.epoch
    }

    /// Messages that came to all of them together, and their bytes.
    pub fn sums(&self) -> (u64, u64) {
        let counts = self.taps.iter().map(|tap| tap.state.count.load(Ordering::Relaxed));
        let bytes = self.taps.iter().map(|tap| tap.state.bytes.load(Ordering::Relaxed));
        (counts.sum(), bytes.sum())
    }

    /// Waits until every one has had that many messages since the last [`Crowd::forget`]. A line that ended is an error.
    pub async fn wait_for(&self, count: u64, limit: Duration) -> Result<()> {
        let since = Instant::now();
        loop {
            let ended = self.taps.iter().filter(|tap| tap.state.ended.load(Ordering::Relaxed)).count();
            ensure!(ended == 0, "{ended} of {} lines have ended", self.taps.len());
            let counts = || self.taps.iter().map(|tap| tap.state.since());
            if counts().all(|had| had >= count) {
                return Ok(());
            }
            if since.elapsed() > limit {
                let (least, most) = (counts().min().unwrap_or(0), counts().max().unwrap_or(0));
                bail!("after {} s the subscribers had {least} to {most} of {count} messages", limit.as_secs());
            }
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// Forgets what came so far, but not how much.
    pub fn forget(&self) {
        for tap in &self.taps {
            tap.state.base.store(tap.state.count.load(Ordering::Relaxed), Ordering::Relaxed);
            lock(&tap.state.stamps).clear();
            lock(&tap.state.texts).clear();
        }
    }

    /// The messages that came to the first one since the last [`Crowd::forget`].
    pub fn texts(&self) -> Vec<String> {
        self.taps.first().map(|tap| lock(&tap.state.texts).clone()).unwrap_or_default()
    }

    /// For each subscriber, when its messages came since the last [`Crowd::forget`], in microseconds since the epoch.
    pub fn stamps(&self) -> Vec<Vec<u32>> {
        self.taps.iter().map(|tap| lock(&tap.state.stamps).clone()).collect()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Tap {
    async fn open(greeting: &Greeting, epoch: Instant, keep: bool) -> Result<Self> {
        let mut line = timeout(OPEN_LIMIT, Line::open(greeting)).await.context("a socket does not open in time")??;
        line.frames.keep = keep;
        let state = Arc::new(State::default());
        let task = tokio::spawn(line.run(state.clone(), epoch));
        Ok(Self { state, task })
    }
}

/// A frame of a client whose mask changes nothing.
fn frame(text: &str) -> Vec<u8> {
    let mut bytes = vec![0x81];
    match u16::try_from(text.len()) {
        Ok(short) if short < 126 => bytes.push(0x80 | u8::try_from(short).unwrap_or_default()),
        Ok(medium) => {
            bytes.push(0x80 | 126);
            bytes.extend(medium.to_be_bytes());
        }
        Err(_) => {
            bytes.push(0x80 | 127);
            bytes.extend((text.len() as u64).to_be_bytes());
        }
    }
    bytes.extend([0; 4]);
    bytes.extend(text.as_bytes());
    bytes
}

struct Line {
    stream: TcpStream,
    frames: Frames,
}

impl Line {
    async fn open(greeting: &Greeting) -> Result<Self> {
        let mut stream = TcpStream::connect(greeting.address).await?;
        stream.set_nodelay(true)?;
        let head = format!(
            "GET {} HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n",
            greeting.path, greeting.address
        );
        stream.write_all(head.as_bytes()).await?;
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(stream.read_u8().await.context("the server closed the connection instead of upgrading it")?);
        }
        ensure!(answer.starts_with(b"HTTP/1.1 101"), "the server does not upgrade: {}", String::from_utf8_lossy(&answer));
        let mut line = Self { stream, frames: Frames::new(true) };
        line.stream.write_all(&frame(&greeting.init)).await?;
        line.acknowledged().await?;
        line.stream.write_all(&frame(&greeting.subscribe)).await?;
        Ok(line)
    }

    async fn acknowledged(&mut self) -> Result<()> {
        let mut buffer = [0; 512];
        let mut heard = None;
        while heard.is_none() {
            let got = self.stream.read(&mut buffer).await?;
            ensure!(got > 0, "the server closed the connection before it acknowledged");
            self.frames.feed(&buffer[..got], |frame| heard = Some(frame));
        }
        match heard {
            Some(Frame::Text(_, Some(text))) if text.contains("connection_ack") => Ok(()),
            other => bail!("no acknowledgement: {other:?}"),
        }
    }

    async fn run(mut self, state: Arc<State>, epoch: Instant) {
        loop {
            let heard = std::future::poll_fn(|task| self.poll_hear(task, &state, epoch)).await;
            let answered = match heard {
                Ok(Heard { ended: false, pings: 0 }) => continue,
                Ok(Heard { ended: false, pings }) => self.stream.write_all(&PONG.repeat(pings)).await.is_ok(),
                Ok(Heard { ended: true, .. }) | Err(_) => false,
            };
            if !answered {
                state.ended.store(true, Ordering::Relaxed);
                return;
            }
        }
    }

    fn poll_hear(&mut self, task: &mut TaskContext<'_>, state: &State, epoch: Instant) -> Poll<std::io::Result<Heard>> {
        BUFFER.with_borrow_mut(|buffer| {
            let mut buffer = ReadBuf::new(buffer);
            ready!(Pin::new(&mut self.stream).poll_read(task, &mut buffer))?;
            let mut heard = Heard { ended: buffer.filled().is_empty(), pings: 0 };
            let now = u32::try_from(epoch.elapsed().as_micros()).unwrap_or(u32::MAX);
            self.frames.feed(buffer.filled(), |frame| match frame {
                Frame::Text(length, text) => {
                    state.bytes.fetch_add(length, Ordering::Relaxed);
                    lock(&state.stamps).push(now);
                    if let Some(text) = text {
                        lock(&state.texts).push(text);
                    }
                    state.count.fetch_add(1, Ordering::Relaxed);
                }
                Frame::Ping => heard.pings += 1,
                Frame::Close => heard.ended = true,
            });
            Poll::Ready(Ok(heard))
        })
    }
}

struct Heard {
    ended: bool,
    pings: usize,
}
