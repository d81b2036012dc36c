//! The fault harness: starts a three-member replica set, Redis and two servers on the loopback, runs writers and subscribers,
//! breaks things on purpose at random moments, heals, and checks from outside that nothing was lost, doubled or reordered.
//!
//! `entente-faults R3 R5 --seed 7` runs two rows, without names all of them. The exit code tells whether all passed.

mod check;
mod crowd;
mod ledger;
mod load;
mod report;
mod rows;
mod scene;
mod world;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use entente_bench_common::mongo::SetOptions;
use entente_bench_common::{child, machine, tools};

use report::Report;
use rows::{ROWS, Row};
use scene::Scale;
use world::{Blueprint, World};

/// Files that a server may open, and we: R11 opens ten thousand sockets.
const OPEN_FILES: u64 = 24_000;

/// Break the product on purpose and see that it survives.
#[derive(Parser)]
struct Arguments {
    /// Rows of the table, as R4; all of them if none is named
    rows: Vec<String>,
    /// Where random moments come from; printed when it is made up
    #[arg(long)]
    seed: Option<u64>,
    /// A few injections of each, in seconds
    #[arg(long)]
    short: bool,
    /// The server's program [default: target/release/entente]
    #[arg(long)]
    server: Option<PathBuf>,
    /// Where to write the table: FILE.md and FILE.json
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
    let done = child::guard().and_then(|()| {
        let arguments = Arguments::parse();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(perform(arguments))
    });
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn perform(arguments: Arguments) -> Result<bool> {
    let chosen = choose(&arguments.rows)?;
    let scale = Scale { short: arguments.short, seed: arguments.seed.unwrap_or_else(|| u64::from(rand::random::<u32>())) };
    let files = child::raise_open_files(OPEN_FILES)?;
    let folder = std::env::temp_dir().join(format!("entente-faults-{}", std::process::id()));
    let server = arguments.server.clone().unwrap_or_else(|| tools::root().join("target/release/entente"));
    let set = SetOptions { election_timeout_ms: scale.of(10_000, 2_000), ..SetOptions::default() };
    let blueprint = Blueprint { server, folder: folder.clone(), set, servers: 2, open_files: files };
    let heading = format!(
        "Seed {}, {} run, {}; load of the machine at the start {:.1}; {files} open files allowed.",
        scale.seed,
        scale.of("full", "short"),
        machine::describe(),
        machine::load()
    );
    say(&heading);
    let reports = run(&blueprint, &chosen, scale).await;
    if arguments.keep {
        say(&format!("data and logs: {}", folder.display()));
    } else {
        let _ = std::fs::remove_dir_all(&folder);
    }
    let reports = reports?;
    if let Some(out) = &arguments.out {
        write(out, &heading, &reports)?;
    }
    let passed = reports.iter().filter(|report| report.passed()).count();
    say(&format!("\n{passed} of {} rows passed", reports.len()));
    Ok(passed == reports.len())
}

fn choose(names: &[String]) -> Result<Vec<&'static Row>> {
    for name in names {
        ensure!(ROWS.iter().any(|row| row.id.eq_ignore_ascii_case(name)), "there is no row {name}");
    }
    Ok(ROWS.iter().filter(|row| names.is_empty() || names.iter().any(|name| row.id.eq_ignore_ascii_case(name))).collect())
}

/// Runs the rows in one world; after a failure the next row gets a new one.
async fn run(blueprint: &Blueprint, rows: &[&Row], scale: Scale) -> Result<Vec<Report>> {
    let mut world: Option<World> = None;
    let mut reports = Vec::new();
    for row in rows {
        let since = Instant::now();
        let mut report = Report::new(row.id, row.title, scale.seed);
        let mut now = match world.take() {
            Some(world) => world,
            None => {
                let folder = blueprint.folder.join(row.id);
                World::build(&Blueprint { folder, ..blueprint.clone() }).await.context("the cluster does not start")?
            }
        };
        if let Err(error) = (row.run)(&mut now, scale, &mut report).await {
            report.fail(format!("{error:#}"));
        }
        report.seconds = since.elapsed().as_secs_f64();
        say(&report.text());
        if report.passed() {
            world = Some(now);
        } else {
            say(&keep_logs(&now, row.id)?);
        }
        reports.push(report);
    }
    Ok(reports)
}

/// Saves the logs of a world in which a row failed.
fn keep_logs(world: &World, id: &str) -> Result<String> {
    let to = std::env::temp_dir().join(format!("entente-faults-{id}-logs"));
    std::fs::create_dir_all(&to)?;
    for entry in std::fs::read_dir(world.folder())?.flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "log") {
            std::fs::copy(entry.path(), to.join(entry.file_name()))?;
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(format!("    logs: {}", to.display()))
}

fn write(out: &Path, heading: &str, reports: &[Report]) -> Result<()> {
    std::fs::write(out.with_extension("md"), report::markdown(heading, reports))?;
    std::fs::write(out.with_extension("json"), serde_json::to_string_pretty(&serde_json::json!({ "heading": heading, "rows": reports }))?)?;
    Ok(())
}
