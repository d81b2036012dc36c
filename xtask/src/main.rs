//! `cargo xtask`: everything a developer does with this repository, from the first run to the last test.
//!
//! It installs its tools into `.local/`, starts and stops the services, builds, serves and tests. It knows the
//! product from outside only: its commands, its environment variables and its addresses.

mod bench;
mod bson;
mod faults;
mod layering;
mod lengths;
mod mongo_init;
mod net;
mod paths;
mod process;
mod run;
mod services;
mod state;
mod step;
mod test;
mod tools;
mod web;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use process::Life;
use state::State;
use step::say;

/// Develop, run and test Entente.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what is missing, build, and serve the product with its demo program
    Run {
        /// Start over: drop the data first
        #[arg(long)]
        fresh: bool,
        /// Leave everything running and return when it is ready
        #[arg(long)]
        detach: bool,
        /// Do not load the demo program
        #[arg(long)]
        no_seed: bool,
    },
    /// Run `entente SUBCOMMAND ...` against what is running
    Exec {
        /// The subcommand and its arguments
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        arguments: Vec<OsString>,
    },
    /// Install what builds the front end, and build it into web/dist
    Web,
    /// Write schema.graphql from the code
    Schema,
    /// Run the tests: all of them, or the parts named
    Test {
        /// The parts to run
        #[arg(value_enum)]
        parts: Vec<test::Part>,
    },
    /// Measure: build for release, install the peers, and print tables
    Bench {
        /// What to measure
        #[arg(value_enum)]
        what: bench::Bench,
        /// Arguments of the measurement, as `--rounds 3` (see `--help` behind the name)
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Break the product on purpose, and check from outside that nothing is lost, doubled or reordered
    Faults(faults::Wishes),
    /// Start only MongoDB and Redis, for tests run by hand
    Services {
        /// Leave them running and return
        #[arg(long)]
        detach: bool,
    },
    /// Stop what runs detached
    Stop {
        /// What to stop
        #[arg(value_parser = ["run", "services", "all"], default_value = "run")]
        what: String,
    },
    /// Bind a program's life to another's (used by the other commands)
    #[command(hide = true)]
    Guard {
        #[arg(long)]
        parent: u32,
        #[arg(long)]
        session: bool,
        #[arg(last = true, required = true)]
        command: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    let task = Cli::parse().command;
    let result = perform(task);
    process::stop_all();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<()> {
    match task {
        Task::Run { fresh, detach, no_seed } => run::run(run::Wishes { fresh, detach, seed: !no_seed }),
        Task::Exec { arguments } => run::exec(&arguments),
        Task::Web => {
            process::on_signal(|| ())?;
            tools::install_web()?;
            web::build()
        }
        Task::Schema => test::sdl::write(),
        Task::Test { parts } => test::run(&parts),
        Task::Bench { what, arguments } => bench::run(what, &arguments),
        Task::Faults(wishes) => faults::run(&wishes),
        Task::Services { detach } => only_services(detach),
        Task::Stop { what } => stop(&what),
        Task::Guard { parent, session, command } => process::guard(parent, session, &command),
    }
}

fn only_services(detach: bool) -> Result<()> {
    state::ensure_down("services")?;
    process::on_signal(|| state::forget("services"))?;
    tools::install_services(services::given("MONGODB_URI").is_none(), services::given("REDIS_URL").is_none())?;
    let mut state = State::new("services", detach);
    let life = if detach { Life::Detached } else { Life::Bound };
    let services = services::start(&paths::local_dir("services")?, life, &mut state)?;
    state.env = services.env();
    state.save()?;
    for (name, value) in &state.env {
        say(&format!("export {name}='{value}'"));
    }
    if detach {
        process::release_all();
        return Ok(());
    }
    let ended = process::wait_for_any();
    state::forget("services");
    let (name, status) = ended?;
    anyhow::bail!("{name} ended with {status}; its log lies in {}", paths::local("services").display())
}

fn stop(what: &str) -> Result<()> {
    let groups = if what == "all" { vec!["run", "services"] } else { vec![what] };
    for group in groups {
        match State::load(group)? {
            Some(state) if state.is_up() => {
                state.stop();
                say(&format!("stopped: {group}"));
            }
            _ => {
                state::forget(group);
                say(&format!("not running: {group}"));
            }
        }
    }
    Ok(())
}
