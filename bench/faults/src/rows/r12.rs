//! R12: the disk of the database is full; a server runs out of memory.
//!
//! Passes when errors are typed, nothing acknowledged is missing, and all goes on without an operator: a supervisor that
//! starts again what ended, and somebody who makes room on the disk, are all there is. The disk is a small file system in
//! memory where we may mount one, else a limit on the size of the database's files; all members share it. Memory is limited
//! at a random moment to a little more than the server has then.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use entente_bench_common::api::Api;
use entente_bench_common::stats::Samples;
use entente_bench_common::subscriber::now_us;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::load::MANAGER;
use crate::report::Report;
use crate::scene::{Scale, Scene};
use crate::world::{Blueprint, START_LIMIT, World};

/// Size of the disk.
const DISK_MB: u64 = 3_000;
/// How long the database may take to fail once the disk is full, and a server once its memory is used up.
const FAILS_WITHIN: Duration = Duration::from_secs(60);
/// How long everything may take to go on once it can.
const GOES_ON_WITHIN: Duration = Duration::from_secs(60);

pub async fn run(world: &mut World, scale: Scale, report: &mut Report) -> Result<()> {
    out_of_memory(world, scale, report).await?;
    disk_full(&world.blueprint, scale, report).await
}

async fn out_of_memory(world: &mut World, scale: Scale, report: &mut Report) -> Result<()> {
    let mut rng = StdRng::seed_from_u64(scale.seed);
    let scene = Scene::begin(world, scale, "r12m").await?;
    let (mut back, mut deaths) = (Samples::default(), 0);
    for _ in 0..scale.of(20, 1) {
        sleep(Duration::from_millis(rng.random_range(300..1500))).await;
        let victim = rng.random_range(0..world.servers.len());
        let address = world.servers[victim].address;
        let greedy = world.accounts.token(MANAGER).await?;
        let process = world.servers[victim].process().context("no server")?;
        process.limit_memory(Some(process.memory() + (rng.random_range(0..4) << 20)))?;
        let greed = tokio::spawn(devour(address, greedy));
        let ended = process.wait(FAILS_WITHIN).await;
        greed.abort();
        let Ok(status) = ended else {
            // It serves within its limit; there is nothing to recover from.
            process.limit_memory(None)?;
            continue;
        };
        deaths += 1;
        report.must(!status.success(), || "a server without memory ended with success".into());
        let since = Instant::now();
        world.servers[victim].start()?;
        world.servers[victim].wait_ready(START_LIMIT).await?;
        back.add(since.elapsed().as_secs_f64());
        report.rounds += 1;
    }
    report.figure("deaths for want of memory", deaths);
    report.figure("ready again after, p50 / p95 / p99 / max in s", back.line());
    report.must(deaths > 0, || "no server ran out of memory".into());
    scene.end(world, report).await?;
    Ok(())
}

/// Many large requests at once, so that memory is asked for.
async fn devour(to: std::net::SocketAddr, token: String) {
    let Ok(api) = Api::new(Duration::from_secs(5)) else { return };
    let search = "a".repeat(200_000);
    loop {
        let many = (0..200).map(|_| {
            let query = "query($search: String!) { a: __typename partners(first: 100) { nodes { name description summary } } deals(first: 100) { nodes { title } } x: partnerSuggestions(prefix: $search) { __typename } }";
            api.ask(to, Some(&token), query, json!({ "search": search }))
        });
        futures::future::join_all(many).await;
    }
}

async fn disk_full(blueprint: &Blueprint, scale: Scale, report: &mut Report) -> Result<()> {
    let folder = blueprint.folder.join("disk");
    let disk = Disk::make(&folder)?;
    report.figure("disk", if disk.is_mounted() { "a file system of its own" } else { "a limit on the size of files" });
    let mut set = blueprint.set.clone();
    set.data = Some(folder.clone());
    // Small, so that all of it fits beside what is written.
    set.oplog_mb = 200;
    let logs = blueprint.folder.join("disk-logs");
    let mut world = World::build(&Blueprint { set, folder: logs, ..blueprint.clone() }).await?;
    let outcome = fill(&mut world, &disk, scale, report).await;
    // What has the files open goes first.
    drop(world);
    drop(disk);
    outcome
}

async fn fill(world: &mut World, disk: &Disk, scale: Scale, report: &mut Report) -> Result<()> {
    let mut rng = StdRng::seed_from_u64(scale.seed);
    let scene = Scene::begin(world, scale, "r12d").await?;
    let (mut outage, mut resumed) = (Samples::default(), Samples::default());
    for _ in 0..scale.of(5, 1) {
        sleep(Duration::from_millis(rng.random_range(500..1500))).await;
        let since = Instant::now();
        disk.fill(world)?;
        wait_failed(world, &scene).await?;
        let pause = Duration::from_millis(rng.random_range(2000..5000));
        supervise(world, disk, Instant::now() + pause).await?;
        outage.add(since.elapsed().as_secs_f64());
        disk.make_room()?;
        let (room, at_us) = (Instant::now(), now_us());
        while world.set.wait_healthy(Duration::from_millis(500)).await.is_err() {
            supervise(world, disk, Instant::now()).await?;
            if room.elapsed() > GOES_ON_WITHIN {
                bail!("the replica set is not whole again {} s after there was room", GOES_ON_WITHIN.as_secs());
            }
        }
        let written = scene.load.next_acknowledged(at_us, GOES_ON_WITHIN).await?;
        resumed.add(written.saturating_sub(at_us) as f64 / 1e6);
        for server in &mut world.servers {
            report.must(server.process().is_some_and(|process| process.ended().is_none()), || "a server ended because the database was full".into());
        }
        report.rounds += 1;
    }
    report.figure("the disk was full for, p50 / p95 / p99 / max in s", outage.line());
    report.figure("first write acknowledged after there was room, p50 / p95 / p99 / max in s", resumed.line());
    scene.end(world, report).await?;
    Ok(())
}

/// Waits until the database takes no write any more. What it has in memory is sent to the disk, for by itself it does so once
/// a minute.
async fn wait_failed(world: &mut World, scene: &Scene) -> Result<()> {
    let (since, mut last) = (Instant::now(), Instant::now());
    let mut acknowledged = scene.load.acknowledged();
    while last.elapsed() < Duration::from_secs(2) {
        if since.elapsed() > FAILS_WITHIN {
            bail!("the database goes on although its disk is full");
        }
        world.set.flush().await;
        sleep(Duration::from_millis(100)).await;
        let now = scene.load.acknowledged();
        if now > acknowledged {
            (acknowledged, last) = (now, Instant::now());
        }
    }
    Ok(())
}

/// Starts members again that have ended, every second until that moment, and once in any case.
async fn supervise(world: &mut World, disk: &Disk, until: Instant) -> Result<()> {
    loop {
        for member in world.set.ended() {
            world.set.restart(member)?;
        }
        disk.still_full(world)?;
        if Instant::now() >= until {
            return Ok(());
        }
        sleep(Duration::from_secs(1)).await;
    }
}

/// A disk that can be filled.
struct Disk {
    folder: PathBuf,
    mounted: bool,
    full: AtomicBool,
}

impl Disk {
    fn make(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let size = format!("size={DISK_MB}m");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "entente-faults"]).arg(folder).output();
        let mounted = mounted.is_ok_and(|output| output.status.success());
        Ok(Self { folder: folder.to_owned(), mounted, full: AtomicBool::new(false) })
    }

    fn is_mounted(&self) -> bool {
        self.mounted
    }

    fn ballast(&self) -> PathBuf {
        self.folder.join("ballast")
    }

    /// Leaves no byte.
    fn fill(&self, world: &World) -> Result<()> {
        self.full.store(true, Ordering::Relaxed);
        if !self.mounted {
            return self.still_full(world);
        }
        let mut ballast = File::create(self.ballast())?;
        for size in [1 << 20, 1 << 12] {
            let block = vec![1_u8; size];
            while ballast.write_all(&block).is_ok() {}
        }
        Ok(())
    }

    /// Whoever was started meanwhile finds it as full.
    fn still_full(&self, world: &World) -> Result<()> {
        if self.full.load(Ordering::Relaxed) && !self.mounted {
            world.set.limit_files(1 << 16)?;
        }
        Ok(())
    }

    fn make_room(&self) -> Result<()> {
        self.full.store(false, Ordering::Relaxed);
        if self.mounted { Ok(fs::remove_file(self.ballast())?) } else { Ok(()) }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if self.mounted {
            let _ = Command::new("umount").arg(&self.folder).output();
        }
    }
}
