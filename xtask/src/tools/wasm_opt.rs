//! wasm-opt, which makes the front end smaller: Binaryen's, through npm, in a fixed version.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::paths;
use crate::process::Program;
use crate::step::{run_logged, step};

/// The npm package; Trunk.toml names the same version.
const PACKAGE: &str = "binaryen@132.0.0";

/// The folder of `wasm-opt`.
pub fn folder() -> Result<PathBuf> {
    let folder = paths::local("npm/node_modules/.bin");
    folder.join("wasm-opt").exists().then_some(folder).context("wasm-opt is not installed")
}

/// Installs `wasm-opt` if it is missing.
pub fn install() -> Result<()> {
    if folder().is_ok() {
        return Ok(());
    }
    step("installing wasm-opt", true, || {
        let folder = paths::local_dir("npm")?;
        let npm = Program::new("npm").args(["install", "--no-audit", "--no-fund", "--no-save", "--prefix"]).args([&folder]).args([PACKAGE]);
        run_logged("npm install binaryen", npm.dir(&folder)).context("wasm-opt comes with npm; is Node with npm installed?")
    })
}
