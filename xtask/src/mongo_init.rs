//! Makes a running `mongod` the primary of its own one-node replica set, without the mongo shell.
//!
//! Safe to repeat: a set that exists is left alone, and one that was made under another port is given the new one.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::bson::{Document, Value};

/// The name of the set.
pub const REPLICA_SET: &str = "rs0";

const OP_MSG: i32 = 2013;
const NOT_YET_INITIALIZED: i64 = 94;
const LIMIT: Duration = Duration::from_secs(60);

/// Brings the server on that port of 127.0.0.1 to the state "primary". `alive` says whether it still runs.
pub fn make_primary(port: u16, alive: impl Fn() -> Result<()>) -> Result<()> {
    let since = Instant::now();
    let mut last = String::from("it does not accept connections");
    while since.elapsed() < LIMIT {
        alive()?;
        match advance(port) {
            Ok(None) => return Ok(()),
            Ok(Some(state)) => last = state,
            Err(error) => last = format!("{error:#}"),
        }
        std::thread::sleep(Duration::from_millis(30));
    }
    bail!("mongod on port {port} did not become primary within {} s: {last}", LIMIT.as_secs())
}

/// One step towards it: `None` when it is primary, else what is still amiss.
fn advance(port: u16) -> Result<Option<String>> {
    let host = format!("127.0.0.1:{port}");
    let mut connection = Connection::open(port)?;
    let config = connection.command(Document::default().with("replSetGetConfig", 1))?;
    if config.number("code") == Some(NOT_YET_INITIALIZED) {
        let answer = connection.command(Document::default().with("replSetInitiate", set(&host, 1)))?;
        return Ok(Some(format!("initiating: {answer:?}")));
    }
    let Some(Value::Document(config)) = config.get("config") else {
        return Ok(Some(format!("no configuration: {config:?}")));
    };
    if member_host(config) != Some(&host) {
        let version = i32::try_from(config.number("version").unwrap_or(1) + 1)?;
        let answer = connection.command(Document::default().with("replSetReconfig", set(&host, version)).with("force", true))?;
        return Ok(Some(format!("moving to {host}: {answer:?}")));
    }
    let hello = connection.command(Document::default().with("hello", 1))?;
    Ok(if hello.is_true("isWritablePrimary") { None } else { Some("waiting for the election".to_owned()) })
}

fn set(host: &str, version: i32) -> Document {
    let member = Document::default().with("_id", 0).with("host", host);
    Document::default().with("_id", REPLICA_SET).with("version", version).with("protocolVersion", 1).with("members", vec![Value::Document(member)])
}

fn member_host(config: &Document) -> Option<&str> {
    match config.get("members") {
        Some(Value::Array(members)) => match members.as_slice() {
            [Value::Document(member)] => member.text("host"),
            _ => None,
        },
        _ => None,
    }
}

struct Connection {
    stream: TcpStream,
}

impl Connection {
    fn open(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).context("it does not accept connections")?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream })
    }

    /// Sends one command to the database `admin` and returns the answer, which may be an error of the server's.
    fn command(&mut self, command: Document) -> Result<Document> {
        let body = command.with("$db", "admin").encode();
        let length = i32::try_from(16 + 4 + 1 + body.len())?;
        let mut message = Vec::new();
        for number in [length, 1, 0, OP_MSG, 0] {
            message.extend_from_slice(&number.to_le_bytes());
        }
        message.push(0);
        message.extend_from_slice(&body);
        self.stream.write_all(&message)?;

        let mut header = [0_u8; 16];
        self.stream.read_exact(&mut header)?;
        let length = i32::from_le_bytes([header[0], header[1], header[2], header[3]]);
        let length = usize::try_from(length)?.checked_sub(16).context("an answer without a header")?;
        ensure!((6..48_000_000).contains(&length), "an answer of {length} bytes");
        let mut answer = vec![0_u8; length];
        self.stream.read_exact(&mut answer)?;
        Document::decode(&answer[5..])
    }
}
