//! The subcommands of `entente`.

/// A line for the person at the terminal; one who has stopped reading, as `head` does, is no reason to stop working.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($text)*);
    }};
}

mod admin;
mod audit;
mod backup;
mod healthcheck;
mod import;
mod migrate;
mod seed;
mod serve;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use entente_app::App;

use crate::config::Settings;
use crate::{logging, server};

/// Entente: one live system for a company and the partners it sells through.
#[derive(Debug, Parser)]
#[command(name = "entente", version, disable_help_subcommand = true)]
pub struct Cli {
    /// What to do; without a word, serve.
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve: the API, the app and the background work
    Serve,
    /// Bring the database to the state that this version needs
    Migrate {
        /// Delete the whole database first
        #[arg(long)]
        drop: bool,
    },
    /// Load the demo program into an empty database
    Seed {
        /// Do nothing, and succeed, when the database is not empty
        #[arg(long)]
        if_empty: bool,
        /// Folder of the demo program
        #[arg(long, default_value = "seed-data")]
        dir: PathBuf,
    },
    /// Import data of other systems
    Import {
        #[command(subcommand)]
        from: import::From,
    },
    /// Write the whole database at one moment, and every file, into a folder; servers go on meanwhile
    Backup {
        /// Folder to write to; it is empty or not there yet
        dir: PathBuf,
    },
    /// Put a backup into an empty database and compare what came of it
    Restore {
        /// Folder that `entente backup` wrote
        dir: PathBuf,
    },
    /// Print the GraphQL schema
    Schema,
    /// Ask the server at the own address whether it is ready; the exit code says so
    Healthcheck,
    /// Prove that the log of events is the one that was written
    Audit {
        #[command(subcommand)]
        action: audit::Action,
    },
    /// Look after administrators
    Admin {
        #[command(subcommand)]
        action: admin::Action,
    },
}

/// Runs the program: parses the command line, does what it says, and says what went wrong.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("entente: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<()> {
    let settings = cli.settings.check()?;
    let command = cli.command.unwrap_or(Command::Serve);
    if let Command::Schema = command {
        return print_schema();
    }
    let telemetry = logging::start(&settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no runtime")?;
    let result = runtime.block_on(async {
        match command {
            Command::Serve => serve::run(&settings).await,
            Command::Migrate { drop } => migrate::run(&settings, drop).await,
            Command::Seed { if_empty, dir } => seed::run(&settings, if_empty, &dir).await,
            Command::Import { from } => import::run(&settings, from).await,
            Command::Backup { dir } => backup::take(&settings, &dir).await,
            Command::Restore { dir } => backup::restore(&settings, &dir).await,
            Command::Healthcheck => healthcheck::run(settings.listen).await,
            Command::Audit { action } => audit::run(&settings, action).await,
            Command::Admin { action } => admin::run(&settings, action).await,
            Command::Schema => Ok(()),
        }
    });
    // What still runs, a password hash or a picture, has nobody left to answer to.
    runtime.shutdown_background();
    telemetry.finish();
    result
}

fn print_schema() -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(entente_graphql::sdl().as_bytes())?;
    Ok(out.flush()?)
}

/// The application for a subcommand: connected to a migrated database, without background work.
async fn connect(settings: &Settings) -> Result<App> {
    let store = server::connect(settings).await?;
    store.migrate().await.context("the database could not be migrated")?;
    App::start(settings.app(false)?).await.map_err(server::explain)
}
