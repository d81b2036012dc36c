//! Where the programs are: named by the environment, on PATH, or installed by `cargo xtask` into `.local/`.

use std::env;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The checkout.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// `mongod`: MONGOD, PATH, `.local/bin`.
pub fn mongod() -> Result<PathBuf> {
    find("MONGOD", "mongod").context("there is no mongod: put it on PATH, name it with MONGOD, or run `cargo xtask services` once")
}

/// `redis-server`: REDIS_SERVER, PATH, `.local/bin`.
pub fn redis_server() -> Result<PathBuf> {
    find("REDIS_SERVER", "redis-server")
        .context("there is no redis-server: put it on PATH, name it with REDIS_SERVER, or run `cargo xtask services` once")
}

fn find(variable: &str, name: &str) -> Option<PathBuf> {
    if let Some(named) = env::var_os(variable).filter(|value| !value.is_empty()) {
        return Some(PathBuf::from(named));
    }
    let path = env::var_os("PATH").unwrap_or_default();
    let local = [root().join(".local/bin")];
    env::split_paths(&path).chain(local).map(|folder| folder.join(name)).find(|file| is_executable(file))
}

fn is_executable(file: &Path) -> bool {
    file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}
