//! What is running, remembered in `.local/run/GROUP.json` so that `stop` and `exec` find it from another terminal.
//!
//! A process is known by its id and its start time, so that a number the system gave to somebody else is never stopped.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::{net, paths, process};

/// One running group: the product (`run`) or the bare services (`services`).
#[derive(Default)]
pub struct State {
    /// The name of the group and of its file.
    pub group: String,
    /// The environment that reaches what runs.
    pub env: Vec<(String, String)>,
    /// The server's program, for `exec`.
    pub binary: Option<PathBuf>,
    /// What was started, oldest first: name, process id, start time.
    pub processes: Vec<(String, u32, u64)>,
    /// The command that stays in the foreground and stops the rest at its end.
    pub owner: Option<(u32, u64)>,
}

fn file(group: &str) -> PathBuf {
    paths::local("run").join(format!("{group}.json"))
}

/// When the process started, in clock ticks since the system did; `None` if there is no such process.
pub fn started(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold anything; the fields are counted after it.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    if fields.first() == Some(&"Z") { None } else { fields.get(19)?.parse().ok() }
}

fn alive(pid: u32, start: u64) -> bool {
    started(pid) == Some(start)
}

impl State {
    /// A group that this process owns while it runs, unless it is detached.
    pub fn new(group: &str, detached: bool) -> Self {
        let me = std::process::id();
        let owner = if detached { None } else { started(me).map(|start| (me, start)) };
        Self { group: group.to_owned(), owner, ..Self::default() }
    }

    /// Adds a process and writes the file.
    pub fn add(&mut self, name: &str, pid: u32) -> Result<()> {
        self.processes.push((name.to_owned(), pid, started(pid).unwrap_or_default()));
        self.save()
    }

    /// Writes the file.
    pub fn save(&self) -> Result<()> {
        paths::local_dir("run")?;
        let processes: Vec<Value> = self.processes.iter().map(|(name, pid, start)| json!({"name": name, "pid": pid, "started": start})).collect();
        let env: BTreeMap<&str, &str> = self.env.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let owner = self.owner.map(|(pid, start)| json!({"pid": pid, "started": start}));
        let text = serde_json::to_string_pretty(&json!({"env": env, "binary": self.binary, "processes": processes, "owner": owner}))?;
        let path = file(&self.group);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Reads what was remembered of a group.
    pub fn load(group: &str) -> Result<Option<Self>> {
        let Ok(text) = fs::read_to_string(file(group)) else { return Ok(None) };
        let value: Value = serde_json::from_str(&text).with_context(|| format!("{} is broken; delete it", file(group).display()))?;
        let process = |entry: &Value| Some((u32::try_from(entry["pid"].as_u64()?).ok()?, entry["started"].as_u64()?));
        let list = value["processes"].as_array().cloned().unwrap_or_default();
        let processes = list
            .iter()
            .filter_map(|entry| process(entry).map(|(pid, start)| (entry["name"].as_str().unwrap_or_default().to_owned(), pid, start)))
            .collect();
        let env = value["env"].as_object().cloned().unwrap_or_default();
        let env = env.into_iter().filter_map(|(name, value)| Some((name, value.as_str()?.to_owned()))).collect();
        let binary = value["binary"].as_str().map(PathBuf::from);
        Ok(Some(Self { group: group.to_owned(), env, binary, processes, owner: process(&value["owner"]) }))
    }

    /// Whether any of it still runs.
    pub fn is_up(&self) -> bool {
        self.owner.is_some_and(|(pid, start)| alive(pid, start)) || self.processes.iter().any(|(_, pid, start)| alive(*pid, *start))
    }

    /// Stops all of it, the youngest first, and forgets it.
    pub fn stop(&self) {
        if let Some((pid, start)) = self.owner {
            process::stop_foreign(pid, || alive(pid, start));
        }
        for (_, pid, start) in self.processes.iter().rev() {
            if alive(*pid, *start) {
                process::stop_foreign(*pid, || alive(*pid, *start));
            }
        }
        forget(&self.group);
    }
}

/// Removes the file of a group.
pub fn forget(group: &str) {
    let _ = fs::remove_file(file(group));
}

/// Refuses to start a group twice. Leftovers of one that was killed are waited for.
pub fn ensure_down(group: &str) -> Result<()> {
    let Some(state) = State::load(group)? else { return Ok(()) };
    let owner_lives = state.owner.is_some_and(|(pid, start)| alive(pid, start));
    if state.owner.is_some() && !owner_lives {
        let _ = net::wait_until("waiting", Duration::from_secs(15), || Ok(!state.is_up()));
    }
    if state.is_up() {
        match group {
            "run" => bail!("Entente is already running; `cargo xtask stop` stops it"),
            other => bail!("{other} already run; `cargo xtask stop {other}` stops them"),
        }
    }
    forget(group);
    Ok(())
}
