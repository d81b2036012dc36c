//! The real program as a process of its own, for what a server inside the test cannot show: its log, its traces, its
//! subcommands.

use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command as AsyncCommand};
use tokio::time::{sleep, timeout};

use crate::support::PATIENCE;

const PROGRAM: &str = env!("CARGO_BIN_EXE_entente");

/// A server that runs beside the test, and everything that it has said.
pub struct Program {
    child: Child,
    pub address: String,
    log: Arc<Mutex<Vec<String>>>,
}

impl Program {
    /// Starts `entente serve` with these arguments and variables; returns when it serves.
    pub async fn serve(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = AsyncCommand::new(PROGRAM);
        command.args(["serve", "--listen", "127.0.0.1:0", "--env", "development", "--log-format", "json"]).args(arguments);
        command.envs(variables.iter().copied()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let log = Arc::new(Mutex::new(Vec::new()));
        let serving = async {
            loop {
                let line = lines.next_line().await.unwrap().unwrap_or_else(|| panic!("it did not start: {:?}", log.lock().unwrap()));
                let value: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
                log.lock().unwrap().push(line);
                if value["message"] == "serving" {
                    return value["address"].as_str().unwrap().to_owned();
                }
            }
        };
        let address = timeout(PATIENCE * 3, serving).await.expect("it serves in time");
        let kept = log.clone();
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                kept.lock().unwrap().push(line);
            }
        });
        Self { child, address, log }
    }

    /// The log lines so far.
    pub fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    /// The first line that is as wanted; what was just said may still be on its way.
    pub async fn logged(&self, wanted: impl Fn(&str) -> bool) -> String {
        let since = Instant::now();
        loop {
            if let Some(line) = self.log().into_iter().find(|line| wanted(line)) {
                return line;
            }
            assert!(since.elapsed() < PATIENCE, "not among {:?}", self.log());
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Kills it at once, as a power failure would.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Tells it to stop, and waits.
    pub async fn stop(mut self) {
        let pid = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        // It may take ten seconds by itself.
        assert!(timeout(PATIENCE * 3, self.child.wait()).await.expect("it stops in time").unwrap().success());
    }
}

/// Runs a subcommand to its end.
pub async fn run(arguments: &[&str]) -> Output {
    AsyncCommand::new(PROGRAM).args(arguments).output().await.unwrap()
}
