//! What compiles the front end: the wasm target, Trunk, and wasm-bindgen at exactly the version of `Cargo.lock`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::process::Program;
use crate::step::{run_logged, step};

/// The version of Trunk that builds with the oldest compiler we support.
const TRUNK: &str = "0.21.14";
const WASM: &str = "wasm32-unknown-unknown";

/// The folder of a tool in the right version: the one on `PATH`, or ours.
pub(super) fn find(program: &str, version: &str) -> Option<PathBuf> {
    let ours = paths::local("tools/bin").join(program);
    let candidates = [paths::on_path(program), Some(ours)];
    let file = candidates.into_iter().flatten().find(|file| paths::is_executable(file) && has_version(file, version))?;
    file.parent().map(Path::to_path_buf)
}

fn has_version(file: &Path, version: &str) -> bool {
    Command::new(file)
        .arg("--version")
        .output()
        .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).split_whitespace().any(|word| word == version))
}

/// The folders of Trunk and wasm-bindgen.
pub fn folders() -> Result<Vec<PathBuf>> {
    let trunk = find("trunk", TRUNK).with_context(|| format!("Trunk {TRUNK} is not installed"))?;
    let version = wasm_bindgen_version()?;
    let bindgen = find("wasm-bindgen", &version).with_context(|| format!("wasm-bindgen {version} is not installed"))?;
    Ok(vec![trunk, bindgen])
}

/// Installs what is missing of the three.
pub fn install() -> Result<()> {
    install_wasm_target()?;
    if find("trunk", TRUNK).is_none() {
        step(&format!("installing Trunk {TRUNK}"), true, || {
            let arguments = ["trunk", "--version", TRUNK, "--locked", "--no-default-features", "--features", "rustls"];
            cargo_install("trunk", &arguments)
        })?;
    }
    let version = wasm_bindgen_version()?;
    if find("wasm-bindgen", &version).is_none() {
        step(&format!("installing wasm-bindgen {version}"), true, || {
            // Without its lock file: that one may name crate versions a registry does not have.
            cargo_install("wasm-bindgen", &["wasm-bindgen-cli", "--version", &version])
        })?;
    }
    Ok(())
}

/// An unoptimised build: the tools run for seconds, and an optimised build of them takes minutes more.
pub(super) fn cargo_install(name: &str, arguments: &[&str]) -> Result<()> {
    let program = Program::cargo()
        .args(["install", "--debug", "--force", "--root"])
        .args([paths::local("tools")])
        .args(arguments)
        .env("CARGO_TARGET_DIR", paths::local("tools/target"))
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_INCREMENTAL", "0");
    run_logged(&format!("cargo install {name}"), program)
        .with_context(|| format!("{name} could not be installed; `cargo install {}` by hand may say more", arguments.join(" ")))?;
    // Some hundred megabytes that nothing needs again.
    let _ = fs::remove_dir_all(paths::local("tools/target"));
    Ok(())
}

/// Asks the compiler, not rustup: a compiler from elsewhere may have the target too.
fn has_wasm_target() -> Result<bool> {
    let output = Command::new("rustc").args(["--print", "target-libdir", "--target", WASM]).current_dir(paths::root()).output();
    let output = output.context("cannot start rustc")?;
    let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    Ok(output.status.success() && folder.is_dir())
}

/// Adds the wasm target to the compiler if it has none.
pub fn install_wasm_target() -> Result<()> {
    if has_wasm_target()? {
        return Ok(());
    }
    if paths::on_path("rustup").is_none() {
        bail!("the compiler has no {WASM} target and there is no rustup to add it; install it with your compiler's packages");
    }
    step("installing the wasm target", true, || run_logged("rustup", Program::new("rustup").args(["target", "add", WASM]).dir(paths::root())))
}

/// The version of the crate, which the tool has to have too.
fn wasm_bindgen_version() -> Result<String> {
    let lock = fs::read_to_string(paths::root().join("Cargo.lock")).context("cannot read Cargo.lock")?;
    version_in_lock(&lock, "wasm-bindgen").context("Cargo.lock names no wasm-bindgen")
}

fn version_in_lock(lock: &str, package: &str) -> Option<String> {
    let mut lines = lock.lines();
    lines.find(|line| *line == format!("name = \"{package}\""))?;
    let version = lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')?;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locked_version_is_found_by_the_whole_name() {
        let lock =
            "[[package]]\nname = \"wasm-bindgen-backend\"\nversion = \"1.0.0\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in_lock(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in_lock(lock, "wasm"), None);
    }
}
