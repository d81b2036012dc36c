//! `cargo xtask bench`: builds the product and a load generator for release, installs the peers, and measures.

use std::ffi::OsString;
use std::path::Path;

use anyhow::{Result, ensure};

use crate::process::Program;
use crate::step::{run_logged, say, step};
use crate::{paths, process, tools};

/// What can be measured.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Bench {
    /// CPU per delivered message, time to the last subscriber, memory per idle subscriber (P11, P12, P13)
    Fanout,
    /// Mixed load for half an hour: memory and open files
    Soak,
}

/// Builds what is missing and runs the measurement with these arguments of its own. `--server PATH` among them measures that
/// program instead of one built here.
pub fn run(bench: Bench, arguments: &[OsString]) -> Result<()> {
    process::on_signal(|| ())?;
    tools::install_services(true, true)?;
    let built = arguments.iter().any(|argument| argument.to_string_lossy().starts_with("--server"));
    if !built {
        tools::install_web()?;
        crate::web::build()?;
        step("the server, for release", true, || cargo_build("entente-server"))?;
    }
    step("the load generator, for release", true, || cargo_build("entente-fanout"))?;
    let wants_peers = bench == Bench::Fanout && !arguments.iter().any(|argument| argument == "--no-node");
    if wants_peers {
        step("the Node peers", true, || peers(&paths::root().join("bench/peers")))?;
    }
    let name = if bench == Bench::Fanout { "fanout" } else { "soak" };
    let program = paths::target()?.join("release/entente-fanout");
    let mut measured = Program::new(program).args([name]).args(arguments).dir(paths::root());
    if !built {
        measured = measured.args([OsString::from("--server"), paths::target()?.join("release/entente").into()]);
    }
    let status = measured.run(name)?;
    ensure!(status.success(), "{name} ended with {status}");
    Ok(())
}

fn cargo_build(package: &str) -> Result<()> {
    run_logged(&format!("cargo build {package}"), Program::cargo().args(["build", "--release", "--package", package]))
}

fn peers(folder: &Path) -> Result<()> {
    if paths::on_path("node").is_none() {
        say("  there is no node on PATH: leave the peer out with --no-node");
    }
    run_logged("npm ci", Program::new("npm").args(["ci", "--no-audit", "--no-fund"]).dir(folder))
}
