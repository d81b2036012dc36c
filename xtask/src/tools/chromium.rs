//! The browser of the browser tests: Chromium or Chrome from the system. Only `cargo xtask test` needs it.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::{apt_install, is_root};
use crate::paths;
use crate::services::given;
use crate::step::step;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const ADVICE: &str = "the browser tests need Chromium: install the package chromium, or name a Chromium or Chrome with CHROMIUM_PATH";

/// Where the browser is.
pub fn find() -> Result<PathBuf> {
    if let Some(path) = given("CHROMIUM_PATH") {
        let path = PathBuf::from(path);
        return paths::is_executable(&path).then_some(path).context("CHROMIUM_PATH names no program");
    }
    NAMES.iter().find_map(|name| paths::on_path(name)).context(ADVICE)
}

/// Installs the browser if there is none.
pub fn install() -> Result<()> {
    if given("CHROMIUM_PATH").is_some() || find().is_ok() {
        return find().map(|_| ());
    }
    anyhow::ensure!(is_root(), ADVICE);
    step("installing Chromium (apt-get)", true, || apt_install(&["chromium"])).context(ADVICE)?;
    find().map(|_| ())
}
