//! P11 and P12: the product, a bare socket server and the Node peer by turns, round after round.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use entente_bench_common::accounts::Accounts;
use entente_bench_common::api::Api;
use entente_bench_common::stats::Samples;
use serde_json::Value;

use crate::push::{Key, Pusher, Writer, key_of};
use crate::say;
use crate::scene::{self, Process, Scene};
use crate::tap::Crowd;
use crate::window::{Load, Window, measure, measure_alone, settle};

/// Read buffer of the bare sockets: what the product's sockets have.
pub const BARE_BUFFER: usize = 1024;
/// How much of its core the Node peer may be given to do: one that cannot keep up measures its own queue.
const PEER_SHARE: f64 = 0.6;

/// What is measured.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Subscribers, changes and seconds of a window.
    pub load: Load,
    /// Rounds.
    pub rounds: usize,
    /// Whether the Node peer takes part.
    pub node: bool,
}

/// One side in one round.
#[derive(Debug)]
pub struct Turn {
    /// With subscribers.
    pub window: Window,
    /// The same writes without subscribers, in seconds of processor time.
    pub alone: f64,
    /// Changes a second.
    pub rate: f64,
}

impl Turn {
    /// Processor time per delivered message without what the writes cost, in microseconds.
    pub fn net_us(&self) -> f64 {
        (self.window.cpu - self.alone) * 1e6 / self.window.delivered.max(1) as f64
    }
}

/// All sides in one round.
#[derive(Debug)]
pub struct Round {
    /// The product.
    pub entente: Turn,
    /// Bare sockets.
    pub bare: Turn,
    /// Mercurius.
    pub node: Option<Turn>,
    /// What the check of the messages said.
    pub same: String,
}

/// A side: where it is and how it is told changes.
pub struct Side {
    /// Its process.
    pub process: Process,
    /// How changes are made.
    pub pusher: Pusher,
    /// The subscribers' token.
    pub token: String,
}

impl Side {
    /// A window with subscribers of its own.
    pub async fn window(&mut self, scene: &Scene, load: Load) -> Result<Window> {
        let greeting = scene::greeting(self.process.address(), &self.token);
        let crowd = Crowd::open(&greeting, load.subscribers).await?;
        settle(&self.pusher, &crowd).await?;
        measure(scene.cores, &mut self.process, &self.pusher, &crowd, load).await
    }

    async fn turn(&mut self, scene: &Scene, load: Load) -> Result<Turn> {
        let window = self.window(scene, load).await?;
        let alone = measure_alone(&mut self.process, &self.pusher, load).await?;
        Ok(Turn { window, alone, rate: load.rate })
    }
}

/// The product's side, signed in.
pub async fn entente(scene: &mut Scene) -> Result<(Side, Accounts)> {
    let process = scene.entente().await?;
    let accounts = scene::accounts(process.address()).await?;
    let writer = Writer::new(process.address(), accounts.clone()).await?;
    let token = accounts.token(scene::VIEWER).await?;
    Ok((Side { process, pusher: Pusher::Entente(Arc::new(writer)), token }, accounts))
}

/// Bare sockets, told these messages.
pub async fn bare(scene: &mut Scene, buffer: usize, texts: Arc<Vec<String>>) -> Result<Side> {
    let process = scene.bare(buffer).await?;
    let redis = redis::Client::open(scene.redis_url.as_str())?.get_multiplexed_async_connection().await?;
    Ok(Side { process, pusher: Pusher::Bare(redis, texts), token: "none".repeat(100) })
}

/// The Node peer, told these messages.
pub async fn node(scene: &mut Scene, texts: Arc<Vec<String>>) -> Result<Side> {
    let process = scene.node().await?;
    let api = Api::new(std::time::Duration::from_secs(60))?;
    let pusher = Pusher::Node(api, process.address(), texts);
    Ok(Side { process, pusher, token: "none".repeat(100) })
}

/// Runs all rounds after a warm-up.
pub async fn run(scene: &mut Scene, plan: Plan) -> Result<Vec<Round>> {
    let warm = Load { seconds: 3.0, ..plan.load };
    let (mut entente, accounts) = entente(scene).await?;
    let texts = Arc::new(entente.window(scene, warm).await?.texts);
    let mut bare = bare(scene, BARE_BUFFER, texts.clone()).await?;
    bare.window(scene, warm).await?;
    let (mut peer, mut peer_load) = (None, plan.load);
    if plan.node {
        let mut side = node(scene, texts).await?;
        peer_load.rate = affordable(scene, &mut side, plan.load).await?;
        say(&format!("  the Node peer is given {:.1} changes a second", peer_load.rate));
        peer = Some(side);
    }
    let mut rounds = Vec::new();
    for number in 1..=plan.rounds {
        accounts.renew().await;
        entente.token = accounts.token(scene::VIEWER).await?;
        let ours = entente.turn(scene, plan.load).await?;
        let texts = Arc::new(ours.window.texts.clone());
        bare.pusher.tell(texts.clone());
        let floor = Turn { window: bare.window(scene, plan.load).await?, alone: 0.0, rate: plan.load.rate };
        let theirs = match &mut peer {
            Some(peer) => {
                peer.pusher.tell(texts);
                Some(peer.turn(scene, peer_load).await?)
            }
            None => None,
        };
        let same = compare(&ours.window, &floor.window, theirs.as_ref().map(|turn| &turn.window))?;
        let round = Round { entente: ours, bare: floor, node: theirs, same };
        say(&format!("  round {number}: {}", line(&round)));
        rounds.push(round);
    }
    Ok(rounds)
}

/// Warms the peer up, and finds a rate at which it keeps up.
async fn affordable(scene: &Scene, peer: &mut Side, load: Load) -> Result<f64> {
    let mut rate = 2.0_f64.min(load.rate);
    for _ in 0..2 {
        let window = peer.window(scene, Load { rate, seconds: 8.0, ..load }).await?;
        rate = (PEER_SHARE * 1e6 / (window.cpu_us() * load.subscribers as f64)).clamp(1.0, load.rate);
    }
    Ok(rate)
}

fn line(round: &Round) -> String {
    let mut text = format!(
        "entente {:.2} us net ({:.2} gross), bare {:.2} us: {:.2}; last p99 {:.1} ms, bare {:.1} ms: {:.2}; lag p99 {:.1} / {:.1} ms",
        round.entente.net_us(),
        round.entente.window.cpu_us(),
        round.bare.net_us(),
        round.entente.net_us() / round.bare.net_us(),
        round.entente.window.last.quantile(0.99),
        round.bare.window.last_since_sent.quantile(0.99),
        round.entente.window.last.quantile(0.99) / round.bare.window.last_since_sent.quantile(0.99),
        round.entente.window.lag.quantile(0.99),
        round.bare.window.lag.quantile(0.99),
    );
    if let Some(node) = &round.node {
        text += &format!("; mercurius {:.1} us net: {:.3}", node.net_us(), round.entente.net_us() / node.net_us());
    }
    text
}

/// Checks that all sides sent the same; says how.
fn compare(ours: &Window, bare: &Window, node: Option<&Window>) -> Result<String> {
    ensure!(ours.texts == bare.texts, "the bare sockets did not send the same texts");
    ensure!(ours.bytes == bare.bytes && ours.delivered == bare.delivered, "the bare sockets did not send the same number of bytes");
    let size = ours.bytes / ours.delivered.max(1);
    let Some(node) = node else { return Ok(format!("{size} bytes a message; the bare sockets' bytes are the same")) };
    let known: HashMap<Key, (Value, usize)> = messages(&ours.texts)?;
    let mut expected_bytes = 0;
    for (key, (payload, _)) in messages(&node.texts)? {
        let (expected, length) = known.get(&key).context("the Node peer told a change that was none")?;
        ensure!(*expected == payload, "the Node peer sent other JSON: {payload}\ninstead of {expected}");
        expected_bytes += length;
    }
    let sent: usize = node.texts.iter().map(String::len).sum();
    ensure!(sent == expected_bytes, "the Node peer sent {sent} bytes for {expected_bytes}");
    Ok(format!("{size} bytes a message; the bare sockets' bytes are the same, the peer's JSON and its length are the same"))
}

/// The payload of each message and the length of the whole, by the change it tells of.
fn messages(texts: &[String]) -> Result<HashMap<Key, (Value, usize)>> {
    ensure!(!texts.is_empty(), "no message was recorded");
    let read = |text: &String| {
        let mut message: Value = serde_json::from_str(text)?;
        let payload = message["payload"].take();
        Ok((key_of(&payload["data"]["dealChanges"])?, (payload, text.len())))
    };
    texts.iter().map(read).collect()
}

/// The median of the rounds' values, the lowest and the highest.
pub fn spread(values: impl Iterator<Item = f64>) -> (f64, f64, f64) {
    let samples: Samples = values.collect();
    (samples.quantile(0.5), samples.quantile(0.0), samples.max())
}
