//! P13: what a subscriber costs that does nothing. Each side starts anew, is warmed up, and is then given sockets.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::rounds::{self, BARE_BUFFER, Side};
use crate::say;
use crate::scene::{self, Scene};
use crate::tap::Crowd;
use crate::window::settle;

/// What the library gives a socket unless told otherwise.
const DEFAULT_BUFFER: usize = 128 * 1024;
/// Memory stands still when it changed by less than this between two looks.
const STILL: u64 = 128 * 1024;
const LOOK_EVERY: Duration = Duration::from_secs(2);
const LOOK_LIMIT: Duration = Duration::from_secs(60);

/// Memory of each side in one round, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    /// Resident without sockets.
    pub empty: u64,
    /// Resident with them.
    pub full: u64,
    /// Sockets.
    pub sockets: usize,
}

impl Memory {
    /// Per socket, in KiB.
    pub fn each_kib(self) -> f64 {
        self.full.saturating_sub(self.empty) as f64 / self.sockets.max(1) as f64 / 1024.0
    }
}

/// All sides in one round.
#[derive(Debug, Clone, Copy)]
pub struct Round {
    /// The product.
    pub entente: Memory,
    /// Bare sockets with the product's buffers.
    pub bare: Memory,
    /// Bare sockets with the library's own buffers.
    pub bare_default: Memory,
    /// Mercurius.
    pub node: Option<Memory>,
}

/// Runs the rounds.
pub async fn run(scene: &mut Scene, sockets: usize, count: usize, with_node: bool) -> Result<Vec<Round>> {
    let mut rounds = Vec::new();
    for number in 1..=count {
        let (mut side, _) = rounds::entente(scene).await?;
        let entente = memory(&mut side, sockets).await?;
        let texts = Arc::new(recorded(&side).await?);
        drop(side);
        let bare = memory(&mut rounds::bare(scene, BARE_BUFFER, texts.clone()).await?, sockets).await?;
        let bare_default = memory(&mut rounds::bare(scene, DEFAULT_BUFFER, texts.clone()).await?, sockets).await?;
        let node = if with_node { Some(memory(&mut rounds::node(scene, texts).await?, sockets).await?) } else { None };
        let round = Round { entente, bare, bare_default, node };
        say(&format!(
            "  round {number}: entente {:.1} KiB, bare {:.1} KiB ({:.1} with the library's buffers), mercurius {:.1} KiB",
            entente.each_kib(),
            bare.each_kib(),
            bare_default.each_kib(),
            node.map_or(f64::NAN, Memory::each_kib)
        ));
        rounds.push(round);
    }
    Ok(rounds)
}

/// One message, for the peers to repeat.
async fn recorded(side: &Side) -> Result<Vec<String>> {
    let crowd = Crowd::open(&scene::greeting(side.process.address(), &side.token), 1).await?;
    settle(&side.pusher, &crowd).await?;
    side.pusher.push(1, 1.0).await?;
    crowd.wait_for(1, LOOK_LIMIT).await?;
    Ok(crowd.texts())
}

async fn memory(side: &mut Side, sockets: usize) -> Result<Memory> {
    let greeting = scene::greeting(side.process.address(), &side.token);
    let warm = Crowd::open(&greeting, 20).await?;
    settle(&side.pusher, &warm).await?;
    drop(warm);
    let empty = still(side).await?;
    let crowd = Crowd::open(&greeting, sockets).await?;
    // Everybody is there when everybody has heard of a change.
    settle(&side.pusher, &crowd).await?;
    Ok(Memory { empty, full: still(side).await?, sockets: crowd.len() })
}

/// Resident memory once it stands still.
async fn still(side: &mut Side) -> Result<u64> {
    let since = Instant::now();
    let mut before = side.process.child()?.resident();
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let now = side.process.child()?.resident();
        if now.abs_diff(before) < STILL || since.elapsed() > LOOK_LIMIT {
            return Ok(now);
        }
        before = now;
    }
}
