//! `cargo xtask faults`: builds the server and the harness that breaks it on purpose (`bench/faults`), and runs the harness.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use clap::Args;

use crate::process::{self, Program};
use crate::step::{log_file, run_logged, say, step};
use crate::tools::{self, mongod, redis};
use crate::{paths, web};

/// What to break and how often.
#[derive(Args)]
pub struct Wishes {
    /// Rows of the table "What must survive", as R4; all of them if none is named
    rows: Vec<String>,
    /// Where random moments come from; made up and printed if it is left out
    #[arg(long)]
    seed: Option<u64>,
    /// A few injections of each row, in seconds
    #[arg(long)]
    short: bool,
    /// Test this server instead of building one
    #[arg(long, value_name = "FILE")]
    server: Option<PathBuf>,
    /// Also write the table to FILE.md and FILE.json
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Builds and runs.
pub fn run(wishes: &Wishes) -> Result<()> {
    process::on_signal(|| ())?;
    tools::install_services(true, true)?;
    let server = match &wishes.server {
        Some(server) => server.clone(),
        None => build_server()?,
    };
    step("building the fault harness", true, || {
        run_logged("cargo build faults", Program::cargo().args(["build", "--release", "-p", "entente-faults"]))
    })?;
    let mut harness = harness(&paths::target()?.join("release/entente-faults"), &server)?.args(&wishes.rows);
    if wishes.short {
        harness = harness.args(["--short"]);
    }
    if let Some(seed) = wishes.seed {
        harness = harness.args(["--seed", &seed.to_string()]);
    }
    if let Some(out) = &wishes.out {
        harness = harness.args(["--out"]).args([out]);
    }
    let status = harness.run("the fault harness")?;
    ensure!(status.success(), "not every row passed");
    Ok(())
}

/// The short run that belongs to the tests: every row, a few injections of each.
pub fn short(program: &Path, server: &Path) -> Result<()> {
    tools::install_services(true, true)?;
    let done = run_logged("faults", harness(program, server)?.args(["--short"]));
    for line in fs::read_to_string(log_file("faults")).unwrap_or_default().lines().filter(|line| line.starts_with('R') || line.starts_with("Seed")) {
        say(&format!("    {line}"));
    }
    done
}

fn harness(program: &Path, server: &Path) -> Result<Program> {
    let harness = Program::new(program).dir(paths::root()).args(["--server"]).args([server]);
    Ok(harness.env("MONGOD", mongod::find()?).env("REDIS_SERVER", redis::find()?))
}

/// The release server, with the front end as far as there is one: nothing here looks at it.
fn build_server() -> Result<PathBuf> {
    fs::create_dir_all(web::dist())?;
    let (name, value) = web::dist_env();
    step("building the server", true, || {
        run_logged("cargo build server", Program::cargo().args(["build", "--release", "-p", "entente-server"]).env(&name, value))
    })?;
    Ok(paths::target()?.join("release/entente"))
}
