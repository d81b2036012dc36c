//! The database and the live channel on this machine: a one-node MongoDB replica set and Redis on free ports.
//!
//! With `MONGODB_URI` or `REDIS_URL` set, that one is used and nothing is started in its place.

use std::env;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::mongo_init::{self, REPLICA_SET};
use crate::net;
use crate::process::{self, Life, Program};
use crate::state::State;
use crate::step::{step, tail};
use crate::tools::{mongod, redis};

/// Where the two are reached.
pub struct Services {
    /// `MONGODB_URI`.
    pub mongodb_uri: String,
    /// `REDIS_URL`.
    pub redis_url: String,
    /// Whether the database is one we were given, not one we started.
    pub mongodb_is_external: bool,
}

impl Services {
    /// The environment that names them.
    pub fn env(&self) -> Vec<(String, String)> {
        vec![("MONGODB_URI".to_owned(), self.mongodb_uri.clone()), ("REDIS_URL".to_owned(), self.redis_url.clone())]
    }
}

/// A variable that is set and not empty.
pub fn given(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Starts what was not given, with its data below the folder, and notes the processes in the state.
pub fn start(data: &Path, life: Life, state: &mut State) -> Result<Services> {
    fs::create_dir_all(data).with_context(|| format!("cannot make the folder {}", data.display()))?;
    let given_mongo = given("MONGODB_URI");
    let given_redis = given("REDIS_URL");
    let mut ports = Ports::load(data);
    let mongodb_is_external = given_mongo.is_some();
    let redis_url = match given_redis {
        Some(url) => url,
        None => step("starting Redis", false, || start_redis(data, life, &mut ports, state))?,
    };
    let mongodb_uri = match given_mongo {
        Some(uri) => uri,
        None => step("starting MongoDB", false, || start_mongo(data, life, &mut ports, state))?,
    };
    Ok(Services { mongodb_uri, redis_url, mongodb_is_external })
}

/// Files of dropped collections are closed within seconds instead of ten minutes: a run of the tests makes and drops so many
/// databases that the server would come to the limit of open files, and end.
const CLOSE_FILES: &str = "file_manager=(close_idle_time=5,close_scan_interval=2,close_handle_minimum=500)";

fn start_mongo(data: &Path, life: Life, ports: &mut Ports, state: &mut State) -> Result<String> {
    let folder = data.join("mongo");
    fs::create_dir_all(&folder)?;
    let log = data.join("mongod.log");
    let port = net::free_port_like(ports.mongo)?;
    ports.mongo = Some(port);
    ports.save(data)?;
    let program = Program::new(mongod::find()?)
        .args(["--replSet", REPLICA_SET, "--bind_ip", "127.0.0.1", "--nounixsocket", "--wiredTigerCacheSizeGB", "1"])
        .args(["--wiredTigerEngineConfigString", CLOSE_FILES])
        .args(["--setParameter", "diagnosticDataCollectionEnabled=false", "--port", &port.to_string(), "--dbpath"])
        .args([&folder])
        .log_to(&log)?;
    let pid = program.start("mongod", life)?;
    state.add("mongod", pid)?;
    mongo_init::make_primary(port, || still_running("mongod", pid, &log))?;
    Ok(format!("mongodb://127.0.0.1:{port}/?replicaSet={REPLICA_SET}"))
}

fn start_redis(data: &Path, life: Life, ports: &mut Ports, state: &mut State) -> Result<String> {
    let folder = data.join("redis");
    fs::create_dir_all(&folder)?;
    let log = data.join("redis.log");
    let port = net::free_port_like(ports.redis)?;
    ports.redis = Some(port);
    ports.save(data)?;
    let program = Program::new(redis::find()?)
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--daemonize", "no", "--dir"])
        .args([&folder])
        .log_to(&log)?;
    let pid = program.start("redis-server", life)?;
    state.add("redis-server", pid)?;
    net::wait_until("redis-server", Duration::from_secs(20), || {
        still_running("redis-server", pid, &log)?;
        Ok(redis_answers(port).unwrap_or(false))
    })?;
    Ok(format!("redis://127.0.0.1:{port}"))
}

fn redis_answers(port: u16) -> Result<bool> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    stream.write_all(b"PING\r\n")?;
    let mut answer = [0_u8; 5];
    stream.read_exact(&mut answer)?;
    Ok(&answer == b"+PONG")
}

fn still_running(name: &str, pid: u32, log: &Path) -> Result<()> {
    match process::ended(pid)? {
        None => Ok(()),
        Some(status) => bail!("{name} ended with {status} while it started:\n{}", tail(log)?),
    }
}

/// The ports of the last time, kept with the data: a replica set remembers its own address.
#[derive(Default)]
struct Ports {
    mongo: Option<u16>,
    redis: Option<u16>,
}

impl Ports {
    fn file(data: &Path) -> PathBuf {
        data.join("ports.json")
    }

    fn load(data: &Path) -> Self {
        let text = fs::read_to_string(Self::file(data)).unwrap_or_default();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        let port = |name: &str| value[name].as_u64().and_then(|port| u16::try_from(port).ok());
        Self { mongo: port("mongo"), redis: port("redis") }
    }

    fn save(&self, data: &Path) -> Result<()> {
        let text = serde_json::json!({"mongo": self.mongo, "redis": self.redis}).to_string();
        fs::write(Self::file(data), text).with_context(|| format!("cannot write below {}", data.display()))
    }
}
