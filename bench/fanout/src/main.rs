//! The fan-out benchmark and the soak: what a live message costs, how soon it is there, and what an idle subscriber weighs,
//! beside a bare WebSocket server and a Node server in the same run (targets P11, P12 and P13).
//!
//! Server under test on one core; load, database and Redis on another. It knows the product from outside only.

mod bare;
mod frames;
mod idle;
mod place;
mod push;
mod reads;
mod report;
mod rounds;
mod scene;
mod soak;
mod tap;
mod window;

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::{Args, Parser, Subcommand};
use entente_bench_common::{child, tools};

use place::Cores;
use rounds::Plan;
use scene::Scene;
use window::Load;

/// Files that we open ourselves.
const OPEN_FILES: u64 = 16_000;

/// Measure live delivery.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// CPU per delivered message, time to the last subscriber, memory per idle subscriber
    Fanout {
        #[command(flatten)]
        common: Common,
        /// Subscribers
        #[arg(long, default_value_t = 1000)]
        subscribers: usize,
        /// Changes a second
        #[arg(long, default_value_t = 50.0)]
        rate: f64,
        /// Seconds of a window
        #[arg(long, default_value_t = 10.0)]
        seconds: f64,
        /// Rounds of the windows; none leaves them out
        #[arg(long, default_value_t = 5)]
        rounds: usize,
        /// Idle sockets
        #[arg(long, default_value_t = 2000)]
        idle: usize,
        /// Rounds of the idle sockets; none leaves them out
        #[arg(long, default_value_t = 3)]
        idle_rounds: usize,
        /// Leave the Node peer out
        #[arg(long)]
        no_node: bool,
    },
    /// Mixed load for a long time: memory and open files
    Soak {
        #[command(flatten)]
        common: Common,
        /// How long
        #[arg(long, default_value_t = 30)]
        minutes: usize,
    },
    /// Serve bare WebSockets that repeat what comes through Redis (started by the others)
    #[command(hide = true)]
    Bare {
        #[arg(long)]
        listen: SocketAddr,
        #[arg(long)]
        redis_url: String,
        #[arg(long)]
        read_buffer: usize,
    },
}

#[derive(Args)]
struct Common {
    /// The server's program [default: target/release/entente]
    #[arg(long)]
    server: Option<PathBuf>,
    /// Where to write the tables, as Markdown
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Leave data and logs where they are
    #[arg(long)]
    keep: bool,
}

/// Prints a line at once.
pub fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

fn main() -> ExitCode {
    let done = child::guard().and_then(|()| perform(Arguments::parse().task));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<()> {
    if let Task::Bare { listen, redis_url, read_buffer } = task {
        // As many threads as cores, like the product.
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        return runtime.block_on(bare::serve(listen, &redis_url, read_buffer));
    }
    let heading = report::heading();
    say(&heading);
    let cores = Cores::choose()?;
    cores.bind_self()?;
    ensure!(child::raise_open_files(OPEN_FILES)? >= 4_096, "too few open files are allowed (ulimit -n)");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match task {
            Task::Fanout { common, subscribers, rate, seconds, rounds, idle, idle_rounds, no_node } => {
                let plan = Plan { load: Load { subscribers, rate, seconds }, rounds, node: !no_node };
                within(cores, &heading, &common, async |scene| Ok((fanout(scene, plan, idle, idle_rounds).await?, false))).await
            }
            Task::Soak { common, minutes } => {
                within(cores, &heading, &common, async |scene| {
                    let soak = soak::run(scene, minutes).await?;
                    Ok((report::soak(&soak), !soak.errors.is_empty()))
                })
                .await
            }
            Task::Bare { .. } => Ok(()),
        }
    })
}

async fn fanout(scene: &mut Scene, plan: Plan, sockets: usize, idle_rounds: usize) -> Result<String> {
    let mut text = String::new();
    if plan.rounds > 0 {
        say("messages:");
        text += &report::fanout(plan, &rounds::run(scene, plan).await?);
    }
    if idle_rounds > 0 {
        say("idle sockets:");
        text += "\n";
        text += &report::idle(&idle::run(scene, sockets, idle_rounds, plan.node).await?);
    }
    Ok(text)
}

/// Builds the scene, does the work in it, writes what came of it and tidies up, unless the work says that its logs are wanted.
async fn within(cores: Cores, heading: &str, common: &Common, work: impl AsyncFnOnce(&mut Scene) -> Result<(String, bool)>) -> Result<()> {
    let folder = std::env::temp_dir().join(format!("entente-fanout-{}", std::process::id()));
    let server = common.server.clone().unwrap_or_else(|| tools::root().join("target/release/entente"));
    let worked = in_folder(cores, &server, &folder, work).await;
    if common.keep || worked.as_ref().map_or(true, |(_, wanted)| *wanted) {
        say(&format!("data and logs: {}", folder.display()));
    } else {
        std::fs::remove_dir_all(&folder)?;
    }
    let text = format!("{heading}\n\n{}", worked?.0);
    say(&format!("\n{text}"));
    if let Some(out) = &common.out {
        std::fs::write(out, text)?;
    }
    Ok(())
}

async fn in_folder(
    cores: Cores,
    server: &Path,
    folder: &Path,
    work: impl AsyncFnOnce(&mut Scene) -> Result<(String, bool)>,
) -> Result<(String, bool)> {
    std::fs::create_dir_all(folder)?;
    let mut scene = Scene::build(cores, server, folder).await?;
    work(&mut scene).await
}
