//! Builds the front end into `web/dist`, with a brotli and a gzip twin beside every file worth it.
//!
//! Nothing is built when nothing that goes in has changed; the fingerprint of the last build tells.

use std::collections::hash_map::DefaultHasher;
use std::env;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::paths;
use crate::process::Program;
use crate::step::{run_logged, step};
use crate::tools::{rust, wasm_opt};

/// What the front end is made of.
const INPUTS: [&str; 7] = ["web", "domain", "schema.graphql", "Trunk.toml", "Cargo.toml", "Cargo.lock", "xtask/compress.mjs"];

/// What is made below them by the build itself.
const MADE: [&str; 3] = ["web/dist", "web/generated", "node_modules"];

/// Where the built front end lies.
pub fn dist() -> PathBuf {
    paths::root().join("web/dist")
}

/// The variable that tells the server's build where the front end lies.
pub fn dist_env() -> (String, String) {
    ("ENTENTE_WEB_DIST".to_owned(), dist().to_string_lossy().into_owned())
}

/// Builds the front end if anything has changed since it was built.
pub fn build() -> Result<()> {
    let stamp = paths::local("stamp/web-dist");
    // Taken before the build: what is edited meanwhile is built the next time.
    let fingerprint = fingerprint()?;
    let built = fs::read_to_string(&stamp).unwrap_or_default();
    if built == fingerprint && dist().join("index.html").is_file() {
        return Ok(());
    }
    step("building the front end", true, trunk)?;
    step("compressing the front end", false, || {
        let node = Program::new("node").args(["xtask/compress.mjs"]).args([dist()]).dir(paths::root());
        run_logged("compress", node).context("node compresses the front end; is Node installed?")
    })?;
    paths::local_dir("stamp")?;
    fs::write(&stamp, fingerprint).with_context(|| format!("cannot write {}", stamp.display()))
}

fn trunk() -> Result<()> {
    let mut folders = rust::folders()?;
    folders.push(wasm_opt::folder()?);
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let trunk = Program::cargo_like("trunk")
        .args(["--color", "never", "build", "--offline"])
        .env("PATH", env::join_paths(folders)?)
        .env("CARGO_TARGET_DIR", paths::target_web()?)
        // Trunk prints hundreds of lines of its own inside otherwise.
        .env("RUST_BACKTRACE", "0");
    run_logged("trunk", trunk)
}

fn fingerprint() -> Result<String> {
    let root = paths::root();
    let mut files = Vec::new();
    for input in INPUTS {
        collect(&root.join(input), &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.strip_prefix(&root)?.hash(&mut hasher);
        fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        files.push(path.to_path_buf());
    } else if path.is_dir() && !MADE.iter().any(|made| path.ends_with(made)) {
        for entry in fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))? {
            collect(&entry?.path(), files)?;
        }
    }
    Ok(())
}
