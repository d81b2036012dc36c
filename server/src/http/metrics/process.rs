//! What the process itself takes: memory, open files, CPU. Under the names that every Prometheus dashboard knows.
//!
//! Read from `/proc`; where there is none, the lines are left out.

use std::fs;
use std::time::SystemTime;

use prometheus_client::encoding::EncodeMetric;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Metric, Registry};

/// Ticks of `/proc/self/stat` in a second: part of Linux's interface, 100 on every machine this runs on.
const TICKS: f64 = 100.0;

/// Registers everything about the process as it is now; `started` is when it began.
pub(super) fn register(registry: &mut Registry, started: SystemTime) {
    registry.register("entente_build", "The version that runs", Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]));
    let mut gauge = |name: &str, help: &str, value: Option<f64>| add(registry, name, help, value.map(ConstGauge::new));
    let since = started.duration_since(SystemTime::UNIX_EPOCH).ok();
    gauge("process_start_time_seconds", "When the process began, in seconds since 1970", since.map(|s| s.as_secs_f64()));
    gauge("process_resident_memory_bytes", "Memory of the process that is in RAM", resident());
    gauge("process_open_fds", "Open files and sockets", open_files());
    gauge("process_max_fds", "Most files and sockets that may be open", open_files_max());
    add(registry, "process_cpu_seconds", "CPU time, user and system", cpu().map(ConstCounter::new));
}

fn add<M: Metric + EncodeMetric>(registry: &mut Registry, name: &str, help: &str, metric: Option<M>) {
    if let Some(metric) = metric {
        registry.register(name, help, metric);
    }
}

fn resident() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1024.0)
}

fn open_files() -> Option<f64> {
    // One of them is the folder that is read here.
    Some(fs::read_dir("/proc/self/fd").ok()?.count().saturating_sub(1) as f64)
}

fn open_files_max() -> Option<f64> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn cpu() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The program's name stands in brackets and may hold spaces; user and system time are the 12th and 13th after it.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / TICKS)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn linux_says_what_a_process_takes() {
        assert!(resident().unwrap() > 1_000_000.0);
        assert!(open_files().unwrap() >= 3.0 && open_files().unwrap() <= open_files_max().unwrap());
        let before = cpu().unwrap();
        let mut sum = 0u64;
        while cpu().unwrap() - before < 0.02 {
            sum = (0..1_000_000).fold(sum, |a, b| std::hint::black_box(a ^ b));
        }
        assert!(sum < u64::MAX);
    }
}
