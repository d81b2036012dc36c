//! The product as its operator meets it: `entente migrate`, `entente seed`, and servers that serve.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use reqwest::Client;
use tokio::time::{Instant, sleep};

use crate::child::{Child, Spec};
use crate::net;
use crate::tools;

/// The password of every demo account.
pub const DEMO_PASSWORD: &str = "entente-demo-2026";

/// The program and what it is told.
#[derive(Debug, Clone)]
pub struct Product {
    binary: PathBuf,
    folder: PathBuf,
    env: Vec<(String, String)>,
}

impl Product {
    /// A server's program, with the data and logs of all servers below the folder. What `env` names wins over our own choice
    /// (development, a database called `bench`), which wins over the environment of this process.
    pub fn new(binary: &Path, folder: &Path, mongodb_uri: &str, redis_url: &str, env: &[(&str, &str)]) -> Result<Self> {
        let binary = binary.canonicalize().with_context(|| format!("there is no server at {}", binary.display()))?;
        let data = folder.join("entente");
        let mut all: Vec<(String, String)> = [
            ("MONGODB_URI", mongodb_uri),
            ("REDIS_URL", redis_url),
            ("ENTENTE_DATABASE", "bench"),
            ("ENTENTE_ENV", "development"),
            ("ENTENTE_LOG", "info,entente_server::http=warn"),
            ("ENTENTE_DATA_DIR", &data.to_string_lossy()),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
        for (name, value) in env {
            all.retain(|(known, _)| known != name);
            all.push(((*name).to_owned(), (*value).to_owned()));
        }
        Ok(Self { binary, folder: folder.to_owned(), env: all })
    }

    fn spec(&self, name: &str) -> Spec {
        let mut spec = Spec::new(name, &self.binary, &self.folder.join(format!("{name}.log")));
        spec.env.clone_from(&self.env);
        spec.dir = tools::root();
        spec
    }

    /// Empties the database, brings it to this version's state and loads the demo program.
    pub async fn prepare(&self) -> Result<()> {
        self.spec("migrate").args(["migrate", "--drop"]).run().await?;
        self.spec("seed").args(["seed", "--if-empty", "--dir", "seed-data"]).run().await
    }

    /// A server that is not started yet; it keeps its address over restarts.
    pub fn server(&self, name: &str) -> Result<Server> {
        let address = SocketAddr::from(([127, 0, 0, 1], net::free_port()?));
        let mut spec = self.spec(name).args(["serve"]);
        spec.env.push(("ENTENTE_LISTEN".to_owned(), address.to_string()));
        spec.env.push(("ENTENTE_PUBLIC_URL".to_owned(), format!("http://{address}")));
        Ok(Server { address, spec, child: None, http: Client::builder().timeout(Duration::from_secs(2)).pool_max_idle_per_host(0).build()? })
    }
}

/// A server.
#[derive(Debug)]
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    spec: Spec,
    child: Option<Child>,
    http: Client,
}

impl Server {
    /// Starts it, and does not wait.
    pub fn start(&mut self) -> Result<()> {
        self.child = None;
        self.child = Some(self.spec.start()?);
        Ok(())
    }

    /// How many files it may open; before [`Server::start`].
    pub fn allow_open_files(&mut self, count: u64) {
        self.spec.open_files = Some(count);
    }

    /// Its process, while there is one.
    pub fn process(&mut self) -> Option<&mut Child> {
        self.child.as_mut()
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.child = None;
    }

    /// Waits until `/readyz` says yes; answers how long that took.
    pub async fn wait_ready(&mut self, limit: Duration) -> Result<Duration> {
        self.wait(limit, "/readyz").await
    }

    /// Waits until it answers `path` with 200; answers how long that took.
    pub async fn wait(&mut self, limit: Duration, path: &str) -> Result<Duration> {
        let since = Instant::now();
        loop {
            if self.get(path).await == Some(200) {
                return Ok(since.elapsed());
            }
            let child = self.child.as_mut().context("the server was not started")?;
            if let Some(status) = child.ended() {
                bail!("the server ended with {status}:\n{}", child.tail());
            }
            if since.elapsed() > limit {
                bail!("the server does not answer {path} with 200 within {} s:\n{}", limit.as_secs(), child.tail());
            }
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// The status of a GET; none when there is no answer.
    pub async fn get(&self, path: &str) -> Option<u16> {
        let response = self.http.get(net::url(self.address, path)).send().await.ok()?;
        Some(response.status().as_u16())
    }

    /// The text of a GET.
    pub async fn text(&self, path: &str) -> Result<String> {
        Ok(self.http.get(net::url(self.address, path)).send().await?.text().await?)
    }

    /// One figure of `/metrics`, by its whole name.
    pub async fn metric(&self, name: &str) -> Result<f64> {
        let text = self.text("/metrics").await?;
        let line = text.lines().find(|line| line.split_whitespace().next() == Some(name));
        line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).with_context(|| format!("/metrics has no {name}"))
    }
}
