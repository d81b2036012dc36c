//! Which core does what: the server under test has one for itself, everything else shares another.

use std::fs;

use anyhow::{Context, Result, ensure};
use rustix::process::Pid;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Two cores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cores {
    /// The server's.
    pub server: usize,
    /// That of the load, the database and Redis.
    pub load: usize,
}

impl Cores {
    /// The first two cores that this process may use.
    pub fn choose() -> Result<Self> {
        let allowed = sched_getaffinity(None)?;
        let mut cores = (0..CpuSet::MAX_CPU).filter(|core| allowed.is_set(*core));
        let load = cores.next().context("no core")?;
        let server = cores.next().context("the measurement needs two cores: one for the server, one for the load")?;
        Ok(Self { server, load })
    }

    /// Binds this thread, and with it every process it starts, to the load's core. Call it before other threads are made.
    pub fn bind_self(self) -> Result<()> {
        Ok(sched_setaffinity(None, &only(self.load))?)
    }

    /// Moves a process that was started here, with all its threads, to the server's core. It counted the cores when it
    /// started, so it has as many threads as one core wants.
    pub fn give_server_core(self, pid: u32) -> Result<()> {
        let folder = format!("/proc/{pid}/task");
        let mut moved = 0;
        for entry in fs::read_dir(&folder).with_context(|| format!("there is no process {pid}"))?.flatten() {
            let thread = entry.file_name().to_string_lossy().parse().ok().and_then(Pid::from_raw);
            // A thread may have ended meanwhile; a new one inherits from one that was moved.
            moved += usize::from(thread.is_some_and(|thread| sched_setaffinity(Some(thread), &only(self.server)).is_ok()));
        }
        ensure!(moved > 0, "process {pid} could not be moved to core {}", self.server);
        Ok(())
    }
}

fn only(core: usize) -> CpuSet {
    let mut set = CpuSet::new();
    set.set(core);
    set
}

/// Time that a core has spent working so far, in seconds.
pub fn busy_seconds(core: usize) -> f64 {
    let text = fs::read_to_string("/proc/stat").unwrap_or_default();
    let name = format!("cpu{core} ");
    let line = text.lines().find_map(|line| line.strip_prefix(&name)).unwrap_or_default();
    let ticks: Vec<f64> = line.split_whitespace().filter_map(|text| text.parse().ok()).collect();
    // user nice system [idle iowait] irq softirq steal
    [0, 1, 2, 5, 6, 7].iter().filter_map(|at| ticks.get(*at)).sum::<f64>() / 100.0
}
