//! `cargo xtask run`: from a checkout to the running product with its demo program, and back to nothing.

use std::env;
use std::fs;
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process::{self, Life, Program};
use crate::services::{self, Services, given};
use crate::state::{self, State};
use crate::step::{log_file, run_logged, say, step, tail};
use crate::{net, paths, tools, web};

const GROUP: &str = "run";
const LISTEN: &str = "ENTENTE_LISTEN";
/// The password of every demo account in `seed-data/`.
pub const DEMO_PASSWORD: &str = "entente-demo-2026";

/// What `cargo xtask run` was asked for.
#[derive(Clone, Copy)]
pub struct Wishes {
    /// Start over with an empty database.
    pub fresh: bool,
    /// Leave everything running and return.
    pub detach: bool,
    /// Load the demo program into an empty database.
    pub seed: bool,
}

/// Installs, starts, builds, migrates, seeds and serves.
pub fn run(wishes: Wishes) -> Result<()> {
    let since = Instant::now();
    let listen = given(LISTEN).unwrap_or_else(|| "127.0.0.1:8080".to_owned());
    let listen: SocketAddr = listen.parse().with_context(|| format!("{LISTEN}={listen} is not an address and a port like 127.0.0.1:8080"))?;
    state::ensure_down(GROUP)?;
    net::ensure_free(listen, LISTEN)?;
    process::on_signal(|| state::forget(GROUP))?;
    if wishes.fresh {
        drop_data()?;
    }
    let result = start(wishes, listen, since);
    if result.is_err() || !wishes.detach {
        process::stop_all();
        state::forget(GROUP);
    }
    result
}

fn start(wishes: Wishes, listen: SocketAddr, since: Instant) -> Result<()> {
    install()?;
    let life = if wishes.detach { Life::Detached } else { Life::Bound };
    let mut state = State::new(GROUP, wishes.detach);
    let services = services::start(&paths::local_dir("data")?, life, &mut state)?;
    web::build()?;
    let binary = build_server()?;
    state.env = environment(&services, listen);
    state.binary = Some(binary.clone());
    state.save()?;
    prepare(&binary, &state.env, wishes, services.mongodb_is_external)?;
    let address = net::reachable(listen);
    step("starting the server", false, || serve(&binary, &mut state, address, life))?;
    announce(address, &state, wishes.seed, since)?;
    if wishes.detach {
        process::release_all();
        say("\nIt goes on running; `cargo xtask stop` stops it.");
        return Ok(());
    }
    say("\nCtrl+C stops it.");
    let (name, status) = process::wait_for_any()?;
    let log = if name == "entente" { log_file("entente") } else { paths::local("data").join(format!("{}.log", name.trim_end_matches("-server"))) };
    bail!("{name} ended with {status}:\n{}", tail(&log).unwrap_or_default())
}

/// Installs what is missing, the services' tools while the front end's compile.
fn install() -> Result<()> {
    let (mongo, redis) = (given("MONGODB_URI").is_none(), given("REDIS_URL").is_none());
    std::thread::scope(|scope| {
        let servers = scope.spawn(move || tools::install_services(mongo, redis));
        let web = tools::install_web();
        tools::joined(servers.join())?;
        web
    })
}

/// Deletes what earlier runs stored; never anything outside `.local/data`.
fn drop_data() -> Result<()> {
    let data = paths::local("data");
    if data.exists() {
        fs::remove_dir_all(&data).with_context(|| format!("cannot delete {}", data.display()))?;
        say(&format!("  deleted {}", data.display()));
    }
    Ok(())
}

/// Builds the release server around the built front end.
fn build_server() -> Result<PathBuf> {
    let (name, value) = web::dist_env();
    step("building the server", true, || {
        run_logged("cargo build server", Program::cargo().args(["build", "--release", "-p", "entente-server"]).env(&name, value))
    })?;
    Ok(paths::target()?.join("release/entente"))
}

/// The server's settings. What is set outside wins, except that data is always kept here.
fn environment(services: &Services, listen: SocketAddr) -> Vec<(String, String)> {
    let address = net::reachable(listen);
    let mut env = services.env();
    env.push((LISTEN.to_owned(), listen.to_string()));
    let defaults = [
        ("ENTENTE_DATABASE", "entente".to_owned()),
        ("ENTENTE_DATA_DIR", paths::local("data/entente").to_string_lossy().into_owned()),
        ("ENTENTE_ENV", "development".to_owned()),
        ("ENTENTE_PUBLIC_URL", format!("http://{address}")),
    ];
    env.extend(defaults.map(|(name, default)| (name.to_owned(), given(name).unwrap_or(default))));
    env
}

fn prepare(binary: &Path, env: &[(String, String)], wishes: Wishes, external: bool) -> Result<()> {
    let entente = |arguments: &[&str]| Program::new(binary).args(arguments).envs(env).dir(paths::root());
    if wishes.fresh && external {
        say("  the database named by MONGODB_URI is dropped and made anew");
        step("migrating", false, || run_logged("entente migrate", entente(&["migrate", "--drop"])))?;
    } else {
        step("migrating", false, || run_logged("entente migrate", entente(&["migrate"])))?;
    }
    if wishes.seed {
        let arguments = ["seed", "--if-empty", "--dir", "seed-data"];
        step("loading the demo program if the database is empty", false, || run_logged("entente seed", entente(&arguments)))?;
    }
    Ok(())
}

/// Starts the server and waits until it is ready.
fn serve(binary: &Path, state: &mut State, address: SocketAddr, life: Life) -> Result<()> {
    let log = log_file("entente");
    let server = Program::new(binary).args(["serve"]).envs(&state.env).dir(paths::root()).log_to(&log)?;
    let pid = server.start("entente", life)?;
    state.add("entente", pid)?;
    wait_ready(pid, address, &log)
}

/// Waits until `/readyz` answers 200, or the server has ended.
pub fn wait_ready(pid: u32, address: SocketAddr, log: &Path) -> Result<()> {
    net::wait_until("the server's /readyz", Duration::from_secs(60), || {
        if let Some(status) = process::ended(pid)? {
            bail!("the server ended with {status}:\n{}", tail(log)?);
        }
        Ok(net::get_status(address, "/readyz").is_ok_and(|status| status == 200))
    })
    .with_context(|| format!("its log: {}", log.display()))
}

fn announce(address: SocketAddr, state: &State, seeded: bool, since: Instant) -> Result<()> {
    say(&format!("\nEntente serves at http://{address} ({:.1} s)\n", since.elapsed().as_secs_f64()));
    if seeded {
        say(&format!("Demo accounts, all with the password {DEMO_PASSWORD}:"));
        for line in accounts()? {
            say(&line);
        }
    }
    let value = |name: &str| state.env.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let data = if given("MONGODB_URI").is_some() { PathBuf::from(value("ENTENTE_DATA_DIR")) } else { paths::local("data") };
    say(&format!("\nData:     {}", data.display()));
    say(&format!("MongoDB:  {} (database {})", without_password(value("MONGODB_URI")), value("ENTENTE_DATABASE")));
    say(&format!("Redis:    {}", without_password(value("REDIS_URL"))));
    say(&format!("Log:      {}", log_file("entente").display()));
    Ok(())
}

/// One line for each demo account that shows a side of the product: address, roles, who it is. Partners with a
/// single account are alike and only counted.
fn accounts() -> Result<Vec<String>> {
    let file = paths::root().join("seed-data/users.json");
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let users: Value = serde_json::from_str(&text).with_context(|| format!("{} is not JSON", file.display()))?;
    let list = users.as_array().or_else(|| users["users"].as_array()).context("seed-data/users.json holds no list")?;
    let text = |user: &Value, field: &str| user[field].as_str().unwrap_or_default().to_owned();
    let alone = |user: &Value| user["partner"].is_string() && list.iter().filter(|other| other["partner"] == user["partner"]).count() == 1;
    let mut lines: Vec<String> = Vec::new();
    for user in list.iter().filter(|user| !alone(user)) {
        let roles: Vec<&str> = user["roles"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let who = [text(user, "name"), text(user, "partner")].join(", ");
        lines.push(format!("  {:<36} {:<18} {}", text(user, "email"), roles.join(", "), who.trim_end_matches(", ")));
    }
    let others = list.iter().filter(|user| alone(user)).count();
    if others > 0 {
        lines.push(format!("  and one for each of {others} more partners, named in seed-data/users.json"));
    }
    Ok(lines)
}

/// An address fit to be shown.
fn without_password(uri: &str) -> String {
    match (uri.find("://"), uri.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => format!("{}...{}", &uri[..scheme + 3], &uri[at..]),
        _ => uri.to_owned(),
    }
}

/// `cargo xtask exec`: becomes `entente ARGUMENTS` with the settings of what runs, in the folder it was called from.
pub fn exec(arguments: &[std::ffi::OsString]) -> Result<()> {
    let state = State::load(GROUP)?.filter(State::is_up).context("nothing is running; start it with `cargo xtask run`")?;
    let binary = state.binary.context("it is still being started; try again when it serves")?;
    // `cargo run` leaves the caller's folder alone, so relative paths mean what was typed.
    let error = Command::new(&binary).args(arguments).envs(state.env).current_dir(env::current_dir()?).exec();
    Err(error).with_context(|| format!("cannot start {}", binary.display()))
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn passwords_are_not_shown() {
        assert_eq!(without_password("mongodb://anna:secret@db:27017/?replicaSet=rs0"), "mongodb://...@db:27017/?replicaSet=rs0");
        assert_eq!(without_password("redis://127.0.0.1:6379"), "redis://127.0.0.1:6379");
    }
}
