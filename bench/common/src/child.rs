//! Child processes that can be killed, stopped and continued, and that never outlive this process.
//!
//! A child is started through this program's own file (see [`guard`]), which asks the kernel to end it when the thread that
//! started it goes. So start children from the runtime's own threads, never from `spawn_blocking`.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Resource, Rlimit, Signal};

const GUARD: &str = "--guard-child";

/// A program to start.
#[derive(Debug, Clone)]
pub struct Spec {
    /// Its name in messages.
    pub name: String,
    /// Its file.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Its environment beside ours.
    pub env: Vec<(String, String)>,
    /// Its folder.
    pub dir: PathBuf,
    /// Where its output goes; what is there already stays.
    pub log: PathBuf,
    /// Most open files; ours if none is named.
    pub open_files: Option<u64>,
}

impl Spec {
    /// A program without arguments, that writes into a log.
    pub fn new(name: &str, program: &Path, log: &Path) -> Self {
        Self {
            name: name.to_owned(),
            program: program.to_owned(),
            args: Vec::new(),
            env: Vec::new(),
            dir: PathBuf::from("."),
            log: log.to_owned(),
            open_files: None,
        }
    }

    /// Adds arguments.
    pub fn args<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(mut self, args: I) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    fn command(&self) -> Result<Command> {
        if let Some(folder) = self.log.parent() {
            fs::create_dir_all(folder)?;
        }
        let log: File =
            OpenOptions::new().create(true).append(true).open(&self.log).with_context(|| format!("cannot write {}", self.log.display()))?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(GUARD).arg(std::process::id().to_string()).arg(self.open_files.unwrap_or(0).to_string());
        command.arg(&self.program).args(&self.args).envs(self.env.iter().map(|(name, value)| (name, value)));
        command.current_dir(&self.dir).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).process_group(0);
        Ok(command)
    }

    /// Starts it.
    pub fn start(&self) -> Result<Child> {
        let child = self.command()?.spawn().with_context(|| format!("cannot start {}", self.name))?;
        Ok(Child { name: self.name.clone(), log: self.log.clone(), child, since: Instant::now() })
    }

    /// Runs it to its end; an unsuccessful end is an error with the end of its log.
    pub async fn run(&self) -> Result<()> {
        let mut child = self.start()?;
        let status = child.wait(Duration::from_secs(300)).await?;
        ensure!(status.success(), "{} ended with {status}:\n{}", self.name, child.tail());
        Ok(())
    }
}

/// Call it first in `main`. In a process that was started as somebody's child it binds its life to the parent's, sets its
/// limits and becomes the program; in any other it does nothing.
pub fn guard() -> Result<()> {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let [first, parent, open_files, program, rest @ ..] = arguments.as_slice() else { return Ok(()) };
    if first != GUARD {
        return Ok(());
    }
    let number = |text: &OsString| text.to_string_lossy().parse::<u64>().context("not a number");
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    let alive = rustix::process::getppid().is_some_and(|pid| pid.as_raw_nonzero().get().unsigned_abs() as u64 == number(parent).unwrap_or(0));
    ensure!(alive, "the parent has ended");
    let files = number(open_files)?;
    if files > 0 {
        raise_open_files(files)?;
    }
    let error = Command::new(program).args(rest).exec();
    Err(error).with_context(|| format!("cannot start {}", program.to_string_lossy()))
}

/// Lets this process (and children that name no limit of their own) open that many files, or as many as the system allows;
/// answers how many it is now.
pub fn raise_open_files(wanted: u64) -> Result<u64> {
    let now = rustix::process::getrlimit(Resource::Nofile);
    let allowed = now.maximum.unwrap_or(u64::MAX);
    let new = wanted.min(allowed).max(now.current.unwrap_or(0).min(allowed));
    rustix::process::setrlimit(Resource::Nofile, Rlimit { current: Some(new), maximum: now.maximum })?;
    Ok(new)
}

/// A process that runs, or has ended. Killed when dropped.
#[derive(Debug)]
pub struct Child {
    name: String,
    log: PathBuf,
    child: std::process::Child,
    since: Instant,
}

impl Child {
    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// When it was started.
    pub fn since(&self) -> Instant {
        self.since
    }

    /// How it ended; none while it runs.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        if let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            let _ = rustix::process::kill_process(pid, signal);
        }
    }

    /// `kill -9`, and its end.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// SIGSTOP: it stands still with all its connections open.
    pub fn stop(&self) {
        self.signal(Signal::STOP);
    }

    /// SIGCONT: it goes on.
    pub fn go_on(&self) {
        self.signal(Signal::CONT);
    }

    /// SIGTERM.
    pub fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    /// Waits for its end.
    pub async fn wait(&mut self, limit: Duration) -> Result<ExitStatus> {
        let since = Instant::now();
        loop {
            if let Some(status) = self.ended() {
                return Ok(status);
            }
            if since.elapsed() > limit {
                bail!("{} did not end within {} s", self.name, limit.as_secs());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Lets it have that much writable memory of its own from now on, in bytes: what needs more fails inside it. None takes
    /// the limit away.
    pub fn limit_memory(&self, bytes: Option<u64>) -> Result<()> {
        self.limit(Resource::Data, bytes)
    }

    /// Lets no file that it writes grow beyond that, in bytes.
    pub fn limit_file_size(&self, bytes: u64) -> Result<()> {
        self.limit(Resource::Fsize, Some(bytes))
    }

    fn limit(&self, resource: Resource, current: Option<u64>) -> Result<()> {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        rustix::process::prlimit(pid, resource, Rlimit { current, maximum: None })?;
        Ok(())
    }

    /// The last lines of its log.
    pub fn tail(&self) -> String {
        let bytes = fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }

    /// Memory it has in RAM now, in bytes.
    pub fn resident(&self) -> u64 {
        status_kb(self.id(), "VmRSS:") * 1024
    }

    /// Writable memory of its own, in bytes, whether or not it is in RAM: what [`Child::limit_memory`] limits.
    pub fn memory(&self) -> u64 {
        status_kb(self.id(), "VmData:") * 1024
    }

    /// How many files and sockets it has open.
    pub fn open_files(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.id())).map_or(0, Iterator::count)
    }

    /// Processor time it has used so far, in seconds.
    pub fn cpu_seconds(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.id())).unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().collect();
        let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
        (ticks(11) + ticks(12)) / 100.0
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        if self.ended().is_none() {
            self.go_on();
            self.kill();
        }
    }
}

fn status_kb(pid: u32, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.split_whitespace().next().and_then(|text| text.parse().ok()).unwrap_or(0)
}
