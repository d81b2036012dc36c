//! The lines people see: what is being done, how long it took, and the end of the log when it failed.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::process::Program;

/// How much of a failed program's output is shown.
const TAIL_LINES: usize = 120;

/// Does something and prints a line with its time. `slow` steps are announced when they begin.
pub fn step<T>(label: &str, slow: bool, work: impl FnOnce() -> Result<T>) -> Result<T> {
    if slow {
        say(&format!("  {label} ..."));
    }
    let since = Instant::now();
    let result = work();
    let seconds = since.elapsed().as_secs_f64();
    match &result {
        Ok(_) => say(&format!("  {label}: {seconds:.1} s")),
        Err(_) => say(&format!("  {label}: failed after {seconds:.1} s")),
    }
    result
}

/// Prints one line at once, whole even when several threads print.
pub fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

/// The log file of a step.
pub fn log_file(name: &str) -> PathBuf {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
    paths::local("log").join(format!("{plain}.log"))
}

/// Runs a program to its end with its output in a log. An unsuccessful end is an error with the log's last lines.
pub fn run_logged(name: &str, program: Program) -> Result<()> {
    let log = log_file(name);
    let status = program.log_to(&log)?.run(name)?;
    if status.success() {
        return Ok(());
    }
    bail!("{name} ended with {status}\n{}\n(all of it: {})", tail(&log)?, log.display())
}

/// The last lines of a file.
pub fn tail(file: &Path) -> Result<String> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    Ok(lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n"))
}
