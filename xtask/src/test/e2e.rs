//! The product in a real browser: the server with the front end inside, its demo program, and a second server on
//! the same database; then Playwright, which finds them by `E2E_BASE_URL` and `E2E_SECOND_URL`.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::{Report, Surroundings};
use crate::process::{self, Life, Program};
use crate::run::wait_ready;
use crate::step::{log_file, run_logged, say, tail};
use crate::tools::chromium;
use crate::{net, paths, tools, web};

const DATABASE: &str = "entente_e2e";

/// Prepares and runs the browser tests.
pub fn run(report: &mut Report, surroundings: &Surroundings) {
    let mut servers = Vec::new();
    let mut own = Vec::new();
    report.step("preparing the browser tests", || {
        ensure!(paths::root().join("e2e-tests/package-lock.json").is_file(), "e2e-tests/ holds no browser tests");
        chromium::install()?;
        tools::install_web()?;
        web::build()?;
        npm_ci()
    });
    report.step("starting two servers with the demo program", || start(surroundings, &mut servers, &mut own));
    report.step("browser tests", || {
        let [(_, first), (_, second)] = servers.as_slice() else { anyhow::bail!("there are no servers to test") };
        playwright(&own, *first, *second)
    });
    for (pid, _) in servers {
        process::stop(pid);
    }
}

/// Installs what `e2e-tests/package-lock.json` names, if that has changed.
fn npm_ci() -> Result<()> {
    let folder = paths::root().join("e2e-tests");
    let lock = fs::read_to_string(folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules/.entente-lock");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let npm = Program::new("npm").args(["ci", "--no-audit", "--no-fund"]).dir(&folder);
    run_logged("npm ci", npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))?;
    fs::write(&stamp, lock).context("cannot write below e2e-tests/node_modules")
}

/// Starts the servers; `own` is what a test needs to start one more on the same database, which it may kill.
fn start(surroundings: &Surroundings, servers: &mut Vec<(u32, SocketAddr)>, own: &mut Vec<(String, String)>) -> Result<()> {
    // Built again if need be: the front end may be newer than the tests' build.
    let built = super::host::build_with(surroundings)?;
    let mut env = surroundings.services()?.env();
    let setting = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    env.push(setting("ENTENTE_DATABASE", DATABASE));
    env.push(setting("ENTENTE_ENV", "development"));
    env.push(setting("ENTENTE_DATA_DIR", &surroundings.folder.join("entente").to_string_lossy()));
    let once = |arguments: &[&str]| {
        let name = format!("e2e {}", arguments[0]);
        run_logged(&name, Program::new(&built).args(arguments).envs(&env).dir(paths::root()))
    };
    once(&["migrate", "--drop"])?;
    once(&["seed", "--if-empty", "--dir", "seed-data"])?;
    for number in ["first", "second"] {
        servers.push(serve(&built, &env, number)?);
    }
    env.push(setting("E2E_SERVER", &built.to_string_lossy()));
    *own = env;
    Ok(())
}

fn serve(binary: &Path, env: &[(String, String)], name: &str) -> Result<(u32, SocketAddr)> {
    let address = SocketAddr::from(([127, 0, 0, 1], net::free_port()?));
    let log = log_file(&format!("e2e {name} server"));
    let server = Program::new(binary)
        .args(["serve"])
        .envs(env)
        .env("ENTENTE_LISTEN", address.to_string())
        .env("ENTENTE_PUBLIC_URL", format!("http://{address}"))
        .dir(paths::root())
        .log_to(&log)?;
    let pid = server.start(&format!("the {name} server"), Life::Bound)?;
    wait_ready(pid, address, &log)?;
    Ok((pid, address))
}

fn playwright(own: &[(String, String)], first: SocketAddr, second: SocketAddr) -> Result<()> {
    let log = log_file("playwright");
    let status = Program::new("npx")
        .args(["--no-install", "playwright", "test"])
        .dir(paths::root().join("e2e-tests"))
        .envs(own)
        .env("CI", "1")
        .env("CHROMIUM_PATH", chromium::find()?)
        .env("E2E_BASE_URL", format!("http://{first}"))
        .env("E2E_SECOND_URL", format!("http://{second}"))
        .log_to(&log)?
        .run("playwright")?;
    let text = tail(&log)?;
    ensure!(status.success(), "{text}\n(all of it: {})", log.display());
    // What the tests measured and how many there were.
    for line in text.lines().filter(|line| line.contains("measured:") || line.trim_end().ends_with(')') && line.contains(" passed")) {
        say(&format!("    {}", line.trim()));
    }
    Ok(())
}
