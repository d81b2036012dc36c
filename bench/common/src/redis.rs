//! A Redis without persistence: what it forgets is gone, as after a crash.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use crate::child::{Child, Spec};
use crate::{net, tools};

/// A Redis on the loopback that keeps its port over restarts.
#[derive(Debug)]
pub struct RedisServer {
    port: u16,
    spec: Spec,
    child: Option<Child>,
}

impl RedisServer {
    /// Starts one, with its log below the folder.
    pub async fn start(folder: &Path) -> Result<Self> {
        let port = net::free_port()?;
        let spec = Spec::new("redis-server", &tools::redis_server()?, &folder.join("redis.log"));
        let spec = spec.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--daemonize", "no", "--save", "", "--appendonly", "no"]);
        let mut server = Self { port, spec, child: None };
        server.restart().await?;
        Ok(server)
    }

    /// `REDIS_URL`.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        self.child = None;
    }

    /// Stands still with its connections open.
    pub fn stop(&self) {
        if let Some(child) = &self.child {
            child.stop();
        }
    }

    /// Goes on.
    pub fn go_on(&self) {
        if let Some(child) = &self.child {
            child.go_on();
        }
    }

    /// Starts it again, empty, on the same port, and waits until it answers.
    pub async fn restart(&mut self) -> Result<()> {
        self.child = None;
        self.child = Some(self.spec.start()?);
        let since = Instant::now();
        while self.command("PING").await.is_err() {
            if since.elapsed() > Duration::from_secs(20) {
                bail!("redis-server does not answer:\n{}", self.child.as_ref().map(Child::tail).unwrap_or_default());
            }
            sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// Sends a command as one types it, as `CLIENT KILL TYPE pubsub`; answers its first line.
    pub async fn command(&self, line: &str) -> Result<String> {
        timeout(Duration::from_secs(2), async {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
            stream.write_all(format!("{line}\r\n").as_bytes()).await?;
            let mut answer = Vec::new();
            while !answer.ends_with(b"\r\n") {
                let mut byte = [0_u8];
                stream.read_exact(&mut byte).await?;
                answer.extend_from_slice(&byte);
            }
            let answer = String::from_utf8_lossy(&answer).trim().to_owned();
            if answer.starts_with('-') { bail!("{line}: {answer}") } else { Ok(answer) }
        })
        .await
        .context("Redis does not answer in time")?
    }
}
