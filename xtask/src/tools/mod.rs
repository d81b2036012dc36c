//! The tools the product is built and run with: found where they are, installed into `.local/` where they are not.
//!
//! Each tool is one file with `find` (where it is, or what to do about it) and `install` (nothing to do if it is there).

pub mod chromium;
pub mod deny;
pub mod mongod;
pub mod redis;
pub mod rust;
pub mod wasm_opt;
pub mod wheel;

use anyhow::{Result, bail};

use crate::paths;
use crate::process::Program;
use crate::step::run_logged;

/// Whether system packages can be installed from here.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Installs system packages with apt-get; only root may.
pub fn apt_install(packages: &[&str]) -> Result<()> {
    if !is_root() || paths::on_path("apt-get").is_none() {
        bail!("no root, or no apt-get");
    }
    let quiet = |arguments: &[&str]| {
        // The run level keeps a package's own service from being started.
        Program::new("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive").env("RUNLEVEL", "1")
    };
    run_logged("apt-get update", quiet(&["update"]))?;
    run_logged("apt-get install", quiet(&["install", "--yes", "--no-install-recommends"]).args(packages))
}

/// Installs what the services need.
pub fn install_services(mongo: bool, redis: bool) -> Result<()> {
    std::thread::scope(|scope| {
        let database = scope.spawn(|| if mongo { mongod::install() } else { Ok(()) });
        let live = if redis { redis::install() } else { Ok(()) };
        joined(database.join())?;
        live
    })
}

/// Installs what the front end is built with. What is downloaded comes while something else compiles.
pub fn install_web() -> Result<()> {
    std::thread::scope(|scope| {
        let optimizer = scope.spawn(wasm_opt::install);
        let compiled = rust::install();
        joined(optimizer.join())?;
        compiled
    })
}

/// The result of a thread; a panic in it is an error here.
pub fn joined<T>(result: std::thread::Result<Result<T>>) -> Result<T> {
    result.unwrap_or_else(|_| bail!("a step of the installation broke off"))
}
