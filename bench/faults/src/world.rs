//! Everything that runs: a replica set, Redis, two servers with the demo program, and our own way into the database.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use bson::{Document, doc};
use entente_bench_common::accounts::Accounts;
use entente_bench_common::api::Api;
use entente_bench_common::mongo::{ReplicaSet, SetOptions};
use entente_bench_common::product::{Product, Server};
use entente_bench_common::redis::RedisServer;
use futures::TryStreamExt;
use mongodb::Database;

/// The database's name.
const DATABASE: &str = "faults";
/// How long a client waits for an answer before it tries again with the same key.
pub const CLIENT_LIMIT: Duration = Duration::from_secs(5);
/// How long a start may take, of anything.
pub const START_LIMIT: Duration = Duration::from_secs(60);

/// What a world is built of.
#[derive(Debug, Clone)]
pub struct Blueprint {
    /// The server's program.
    pub server: PathBuf,
    /// Where data and logs go.
    pub folder: PathBuf,
    /// How the replica set is made.
    pub set: SetOptions,
    /// How many servers.
    pub servers: usize,
    /// How many files a server may open.
    pub open_files: u64,
}

/// What runs.
pub struct World {
    /// The database's servers.
    pub set: ReplicaSet,
    /// Redis.
    pub redis: RedisServer,
    /// The product's servers.
    pub servers: Vec<Server>,
    /// Who is signed in.
    pub accounts: Accounts,
    /// The client that writers use.
    pub api: Api,
    /// The database, seen from outside.
    pub db: Database,
    /// Ids of the program's products.
    pub products: Vec<String>,
    /// Ids of partners by slug.
    pub partners: HashMap<String, String>,
    /// What it was built of.
    pub blueprint: Blueprint,
    folder: PathBuf,
}

impl World {
    /// Starts all of it.
    pub async fn build(blueprint: &Blueprint) -> Result<Self> {
        let folder = &blueprint.folder;
        std::fs::create_dir_all(folder)?;
        let redis = RedisServer::start(folder).await?;
        let set = ReplicaSet::start(folder, &blueprint.set).await?;
        let product = Product::new(&blueprint.server, folder, &set.uri(), &redis.url(), &[("ENTENTE_DATABASE", DATABASE)])?;
        product.prepare().await?;
        let mut servers = Vec::new();
        for number in 0..blueprint.servers {
            let mut server = product.server(&format!("server-{number}"))?;
            server.allow_open_files(blueprint.open_files);
            server.start()?;
            server.wait_ready(START_LIMIT).await?;
            servers.push(server);
        }
        let api = Api::new(CLIENT_LIMIT)?;
        // Hashing passwords on a busy machine may take longer than a writer is willing to wait.
        let accounts = Accounts::new(Api::new(START_LIMIT)?, servers.iter().map(|server| server.address).collect());
        let db = set.client().await?.database(DATABASE);
        let (products, partners) = catalog(&db).await?;
        Ok(Self { set, redis, servers, accounts, api, db, products, partners, blueprint: blueprint.clone(), folder: folder.clone() })
    }

    /// Where the servers listen.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.servers.iter().map(|server| server.address).collect()
    }

    /// Where data and logs are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The last number given to an event.
    pub async fn last_seq(&self) -> Result<i64> {
        let relay = self.db.collection::<Document>("relay").find_one(doc! { "_id": "events" }).await?;
        Ok(relay.and_then(|relay| relay.get_i64("last_seq").ok()).unwrap_or(0))
    }

    /// How many events wait for their number.
    pub async fn pending(&self) -> Result<u64> {
        Ok(self.db.collection::<Document>("events").count_documents(doc! { "pending": true }).await?)
    }

    /// The server that numbers the events now; none while none says so.
    pub async fn leader(&self) -> Option<usize> {
        for (number, server) in self.servers.iter().enumerate() {
            if server.metric("entente_relay_leader").await.is_ok_and(|value| value > 0.5) {
                return Some(number);
            }
        }
        None
    }
}

async fn catalog(db: &Database) -> Result<(Vec<String>, HashMap<String, String>)> {
    let program = db.collection::<Document>("program").find_one(doc! {}).await?.context("there is no program")?;
    let products = program.get_array("products")?.iter().filter_map(|product| Some(product.as_document()?.get_str("id").ok()?.to_owned()));
    let products: Vec<String> = products.collect();
    anyhow::ensure!(!products.is_empty(), "the program has no products: {program}");
    let rows: Vec<Document> = db.collection::<Document>("partners").find(doc! {}).await?.try_collect().await?;
    let partner = |row: &Document| Some((row.get_str("slug").ok()?.to_owned(), row.get_str("_id").ok()?.to_owned()));
    Ok((products, rows.iter().filter_map(partner).collect()))
}
