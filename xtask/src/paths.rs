//! Where things lie: the checkout, what is installed and stored under `.local/`, and cargo's target folder.
//!
//! Everything the development commands install or store stays below `.local/`, which git ignores.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, Result};

/// The checkout: the folder of the workspace's `Cargo.toml`.
pub fn root() -> PathBuf {
    let manifest = env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    Path::new(&manifest).parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// A path below `.local/`.
pub fn local(relative: &str) -> PathBuf {
    root().join(".local").join(relative)
}

/// A folder below `.local/`, made if it is missing.
pub fn local_dir(relative: &str) -> Result<PathBuf> {
    let path = local(relative);
    std::fs::create_dir_all(&path).with_context(|| format!("cannot make the folder {}", path.display()))?;
    Ok(path)
}

/// Cargo's target folder for host builds, wherever the user's settings put it.
pub fn target() -> Result<PathBuf> {
    static TARGET: OnceLock<PathBuf> = OnceLock::new();
    if let Some(known) = TARGET.get() {
        return Ok(known.clone());
    }
    let folder = metadata()?["target_directory"].as_str().map(PathBuf::from).context("cargo metadata names no target folder")?;
    Ok(TARGET.get_or_init(|| folder).clone())
}

/// Cargo's target folder for the browser's builds, apart so that neither build waits for the other's lock.
pub fn target_web() -> Result<PathBuf> {
    Ok(target()?.join("web"))
}

/// `cargo metadata` of the workspace, without the crates it depends on.
pub fn metadata() -> Result<serde_json::Value> {
    let output =
        Command::new("cargo").args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(root()).output().context("cannot start cargo")?;
    anyhow::ensure!(output.status.success(), "cargo metadata failed:\n{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).context("cargo metadata did not answer with JSON")
}

/// Looks for a program in the folders of `PATH`.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(program)).find(|file| is_executable(file))
}

/// Whether the file exists and somebody may run it.
pub fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}
