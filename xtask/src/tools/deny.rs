//! cargo-deny: what we depend on has a licence that lets us give the product away, comes from the registry, and has no known
//! hole. `deny.toml` says what is allowed and why.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::rust::{cargo_install, find};
use crate::paths;
use crate::process::Program;
use crate::step::{run_logged, say, step};

/// The version that runs with the oldest compiler we support.
const VERSION: &str = "0.20.2";

fn program() -> Result<PathBuf> {
    let folder = find("cargo-deny", VERSION).with_context(|| format!("cargo-deny {VERSION} is not installed"))?;
    Ok(folder.join("cargo-deny"))
}

/// Installs it unless it is there; some two minutes.
fn install() -> Result<()> {
    if find("cargo-deny", VERSION).is_some() {
        return Ok(());
    }
    step(&format!("installing cargo-deny {VERSION}"), true, || {
        cargo_install("cargo-deny", &["cargo-deny", "--version", VERSION, "--locked", "--no-default-features"])
    })
}

/// Checks everything that `Cargo.lock` names. Advisories are left out, and it is said so, where their database cannot be
/// reached.
pub fn check() -> Result<()> {
    install()?;
    let program = program()?;
    let deny = |arguments: &[&str]| Program::new(&program).args(["--log-level", "error"]).args(arguments).dir(paths::root());
    run_logged("cargo deny", deny(&["check", "bans", "licenses", "sources"]))?;
    if run_logged("cargo deny fetch", deny(&["fetch", "db"])).is_err() {
        say("  advisories: not looked up, because their database cannot be reached from here");
        return Ok(());
    }
    run_logged("cargo deny advisories", deny(&["check", "--disable-fetch", "advisories"]))
}
