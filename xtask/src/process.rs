//! Starting programs so that none of them outlives this one by accident.
//!
//! Each child runs in its own process group and is kept in one registry, which is stopped in reverse order at the
//! end, on a signal and on an error. A child that shall not survive is started through the hidden `guard` command,
//! which asks the kernel to end it when this process dies in whatever way, `kill -9` included.

use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal};

/// How long a program may take to end after it was asked to, before it is killed.
const PATIENCE: Duration = Duration::from_secs(20);

struct Managed {
    name: String,
    child: Child,
}

static RUNNING: Mutex<Vec<Managed>> = Mutex::new(Vec::new());
static STOPPING: AtomicBool = AtomicBool::new(false);

fn running() -> MutexGuard<'static, Vec<Managed>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What becomes of a child when this process ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// It ends with this process, however that ends.
    Bound,
    /// It stays, in a session of its own, once [`release_all`] was called.
    Detached,
}

/// A program to start: the command line, its environment and folder.
pub struct Program {
    program: OsString,
    args: Vec<OsString>,
    command: Command,
}

impl Program {
    /// A program by path or by name on `PATH`. Its standard input is empty.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        // The running file, even if cargo has replaced it on disk since.
        let itself = if cfg!(target_os = "linux") { "/proc/self/exe".into() } else { std::env::current_exe().unwrap_or_default() };
        let mut command = Command::new(itself);
        command.stdin(Stdio::null());
        Self { program: program.as_ref().to_owned(), args: Vec::new(), command }
    }

    /// Cargo, without the variables that `cargo run` set for this process: build scripts that watch them would
    /// otherwise run again each time somebody calls cargo directly.
    pub fn cargo() -> Self {
        Self::cargo_like("cargo")
    }

    /// Another program that calls cargo, in the same surroundings.
    pub fn cargo_like(program: &str) -> Self {
        let mut cargo = Self::new(program).dir(crate::paths::root());
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            let set_by_run = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"];
            if set_by_run.iter().any(|prefix| text.starts_with(prefix)) {
                cargo.command.env_remove(&name);
            }
        }
        cargo
    }

    /// Adds arguments.
    pub fn args<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(mut self, args: I) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Sets one variable of the environment.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Sets many variables of the environment.
    pub fn envs<'a>(mut self, pairs: impl IntoIterator<Item = &'a (String, String)>) -> Self {
        self.command.envs(pairs.into_iter().map(|(name, value)| (name, value)));
        self
    }

    /// Sets the working folder.
    pub fn dir(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Sends standard output and standard error to a file, which is made anew.
    pub fn log_to(mut self, file: &Path) -> Result<Self> {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        }
        let log = std::fs::File::create(file).with_context(|| format!("cannot write {}", file.display()))?;
        self.command.stdout(log.try_clone()?).stderr(log);
        Ok(self)
    }

    /// Sends standard output to a file of its own, which is made anew.
    pub fn stdout_to(mut self, file: &Path) -> Result<Self> {
        self.command.stdout(std::fs::File::create(file).with_context(|| format!("cannot write {}", file.display()))?);
        Ok(self)
    }

    /// Starts the program and puts it under supervision. Returns its process id.
    pub fn start(mut self, name: &str, life: Life) -> Result<u32> {
        self.command.arg("guard").arg("--parent").arg(std::process::id().to_string());
        match life {
            Life::Bound => self.command.process_group(0),
            // The guard makes the session, and with it the group.
            Life::Detached => self.command.arg("--session"),
        };
        self.command.arg("--").arg(&self.program).args(&self.args);
        let mut list = running();
        if STOPPING.load(Ordering::SeqCst) {
            drop(list);
            wait_for_the_end();
        }
        let child = self.command.spawn().with_context(|| format!("cannot start {name}"))?;
        let pid = child.id();
        list.push(Managed { name: name.to_owned(), child });
        Ok(pid)
    }

    /// Runs the program to its end.
    pub fn run(self, name: &str) -> Result<ExitStatus> {
        let pid = self.start(name, Life::Bound)?;
        loop {
            if let Some(status) = ended(pid)? {
                return Ok(status);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// The status of a supervised program that has ended; `None` while it runs.
pub fn ended(pid: u32) -> Result<Option<ExitStatus>> {
    let mut list = running();
    let Some(place) = list.iter().position(|managed| managed.child.id() == pid) else {
        drop(list);
        if STOPPING.load(Ordering::SeqCst) {
            wait_for_the_end();
        }
        bail!("process {pid} is not supervised");
    };
    let status = list[place].child.try_wait()?;
    if status.is_some() {
        list.remove(place);
    }
    drop(list);
    // Its end is our doing: the thread that stops everything also ends this process.
    if STOPPING.load(Ordering::SeqCst) {
        wait_for_the_end();
    }
    Ok(status)
}

/// Waits until any of the supervised programs ends by itself; returns its name and status.
pub fn wait_for_any() -> Result<(String, ExitStatus)> {
    loop {
        let pids: Vec<(String, u32)> = running().iter().map(|managed| (managed.name.clone(), managed.child.id())).collect();
        for (name, pid) in pids {
            if let Some(status) = ended(pid)? {
                return Ok((name, status));
            }
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Stops every supervised program, the youngest first.
pub fn stop_all() {
    loop {
        let Some(mut managed) = running().pop() else { return };
        stop_child(&mut managed.child);
    }
}

/// Stops one supervised program.
pub fn stop(pid: u32) {
    let mut list = running();
    let Some(place) = list.iter().position(|managed| managed.child.id() == pid) else { return };
    let mut managed = list.remove(place);
    drop(list);
    stop_child(&mut managed.child);
}

/// Lets every supervised program live on after this process.
pub fn release_all() {
    running().clear();
}

fn stop_child(child: &mut Child) {
    let pid = child.id();
    signal_group(pid, Signal::TERM);
    let since = Instant::now();
    while since.elapsed() < PATIENCE {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    signal_group(pid, Signal::KILL);
    let _ = child.wait();
}

fn signal_group(pid: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ = rustix::process::kill_process_group(pid, signal);
    }
}

/// Asks a process that is not a child of ours to end, then makes it.
pub fn stop_foreign(pid: u32, alive: impl Fn() -> bool) {
    let Some(id) = i32::try_from(pid).ok().and_then(Pid::from_raw) else { return };
    let _ = rustix::process::kill_process(id, Signal::TERM);
    let since = Instant::now();
    while alive() {
        if since.elapsed() > PATIENCE {
            let _ = rustix::process::kill_process(id, Signal::KILL);
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Stops everything and ends this process when it is interrupted, terminated or loses its terminal.
pub fn on_signal(clean_up: impl Fn() + Send + 'static) -> Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            STOPPING.store(true, Ordering::SeqCst);
            stop_all();
            clean_up();
            std::process::exit(128 + signal);
        }
    });
    Ok(())
}

fn wait_for_the_end() -> ! {
    loop {
        std::thread::sleep(Duration::from_secs(1));
    }
}

/// The hidden `guard` command: binds this process to its parent (or gives it a session of its own) and becomes the program.
pub fn guard(parent: u32, session: bool, command: &[OsString]) -> Result<()> {
    let (program, args) = command.split_first().context("guard needs a command")?;
    if session {
        rustix::process::setsid()?;
    } else {
        #[cfg(target_os = "linux")]
        rustix::process::set_parent_process_death_signal(Some(Signal::TERM))?;
        let alive = rustix::process::getppid().is_some_and(|pid| pid.as_raw_nonzero().get().unsigned_abs() == parent);
        anyhow::ensure!(alive, "the parent has ended");
    }
    let error = Command::new(program).args(args).exec();
    Err(error).with_context(|| format!("cannot start {}", program.to_string_lossy()))
}
