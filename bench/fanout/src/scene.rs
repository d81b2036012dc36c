//! What runs: database and Redis on the load's core, and the servers that are compared, each on the server's core once it
//! is up.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use entente_bench_common::accounts::Accounts;
use entente_bench_common::api::Api;
use entente_bench_common::child::{Child, Spec};
use entente_bench_common::mongo::{ReplicaSet, SetOptions};
use entente_bench_common::product::{Product, Server};
use entente_bench_common::redis::RedisServer;
use entente_bench_common::{net, tools};
use serde_json::json;
use tokio::net::TcpStream;
use tokio::time::sleep;

use crate::place::Cores;
use crate::tap::Greeting;

/// Who looks on: a channel manager sees all deals.
pub const VIEWER: &str = "manager@entente.test";
/// What the app's own board subscribes to.
pub const BOARD: &str = include_str!("board.graphql");
/// The name that every subscriber gives its operation, so that all messages are the same.
const OPERATION_ID: &str = "1";
const START_LIMIT: Duration = Duration::from_secs(60);
const OPEN_FILES: u64 = 16_000;

/// The services, and how to start what is compared.
pub struct Scene {
    /// Who works where.
    pub cores: Cores,
    /// `REDIS_URL`.
    pub redis_url: String,
    mongodb_uri: String,
    folder: PathBuf,
    product: Product,
    started: u32,
    _set: ReplicaSet,
    _redis: RedisServer,
}

/// A server under test.
pub enum Process {
    /// The product.
    Product(Box<Server>),
    /// A peer.
    Peer(Child, SocketAddr),
}

impl Process {
    /// Its process.
    pub fn child(&mut self) -> Result<&mut Child> {
        match self {
            Self::Product(server) => server.process().context("the server was not started"),
            Self::Peer(child, _) => Ok(child),
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        match self {
            Self::Product(server) => server.address,
            Self::Peer(_, address) => *address,
        }
    }
}

impl Scene {
    /// Starts database and Redis, and loads the demo program.
    pub async fn build(cores: Cores, server: &Path, folder: &Path) -> Result<Self> {
        let redis = RedisServer::start(folder).await?;
        // One member: three on the load's core would measure each other.
        let set = ReplicaSet::start(folder, &SetOptions { members: 1, ..SetOptions::default() }).await?;
        let product = Product::new(server, folder, &set.uri(), &redis.url(), &[("ENTENTE_LOG", "warn")])?;
        product.prepare().await?;
        let (redis_url, mongodb_uri) = (redis.url(), set.uri());
        Ok(Self { cores, redis_url, mongodb_uri, folder: folder.to_owned(), product, started: 0, _set: set, _redis: redis })
    }

    fn name(&mut self, kind: &str) -> String {
        self.started += 1;
        format!("{kind}-{}", self.started)
    }

    /// Starts a server of the product.
    pub async fn entente(&mut self) -> Result<Process> {
        let name = self.name("entente");
        let mut server = self.product.server(&name)?;
        server.allow_open_files(OPEN_FILES);
        server.start()?;
        server.wait_ready(START_LIMIT).await?;
        self.moved(Process::Product(Box::new(server)))
    }

    /// Starts a bare socket server with that read buffer.
    pub async fn bare(&mut self, read_buffer: usize) -> Result<Process> {
        let address = SocketAddr::from(([127, 0, 0, 1], net::free_port()?));
        let name = self.name("bare");
        let spec = Spec::new(&name, &std::env::current_exe()?, &self.folder.join(format!("{name}.log")));
        let (listen, buffer) = (address.to_string(), read_buffer.to_string());
        let mut spec = spec.args(["bare", "--listen", &listen, "--redis-url", &self.redis_url, "--read-buffer", &buffer]);
        spec.open_files = Some(OPEN_FILES);
        let child = spec.start()?;
        self.peer(child, address).await
    }

    /// Starts the Node peer.
    pub async fn node(&mut self) -> Result<Process> {
        let address = SocketAddr::from(([127, 0, 0, 1], net::free_port()?));
        let name = self.name("node");
        let folder = tools::root().join("bench/peers");
        let mut spec = Spec::new(&name, Path::new("node"), &self.folder.join(format!("{name}.log"))).args(["fanout.mjs"]);
        spec.env = vec![
            ("MONGODB_URI".to_owned(), self.mongodb_uri.clone()),
            ("REDIS_URL".to_owned(), self.redis_url.clone()),
            ("PORT".to_owned(), address.port().to_string()),
            ("NODE_ENV".to_owned(), "production".to_owned()),
        ];
        spec.dir = folder;
        spec.open_files = Some(OPEN_FILES);
        let child = spec.start()?;
        self.peer(child, address).await
    }

    async fn peer(&self, mut child: Child, address: SocketAddr) -> Result<Process> {
        let since = Instant::now();
        while TcpStream::connect(address).await.is_err() {
            if child.ended().is_some() || since.elapsed() > START_LIMIT {
                bail!("a peer does not start:\n{}", child.tail());
            }
            sleep(Duration::from_millis(20)).await;
        }
        self.moved(Process::Peer(child, address))
    }

    fn moved(&self, mut process: Process) -> Result<Process> {
        let pid = process.child()?.id();
        self.cores.give_server_core(pid)?;
        Ok(process)
    }
}

/// Who is signed in at a server of the product.
pub async fn accounts(address: SocketAddr) -> Result<Accounts> {
    let accounts = Accounts::new(Api::new(START_LIMIT)?, vec![address]);
    accounts.token(VIEWER).await?;
    Ok(accounts)
}

/// What a subscriber of the product or a peer says.
pub fn greeting(address: SocketAddr, token: &str) -> Greeting {
    let payload = json!({ "query": BOARD, "variables": { "filter": null, "after": null } });
    Greeting {
        address,
        path: "/graphql",
        init: json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } }).to_string(),
        subscribe: json!({ "id": OPERATION_ID, "type": "subscribe", "payload": payload }).to_string(),
    }
}
