//! `cargo xtask test`: every check there is, in parts. All steps run, whatever fails; the last line counts them.

mod e2e;
mod host;
mod lint;
pub mod sdl;

use std::cell::OnceCell;

use anyhow::Result;
use clap::ValueEnum;

use crate::process::{self, Life};
use crate::services::{self, Services, given};
use crate::state::State;
use crate::step::{say, step};
use crate::{paths, tools, web};

/// The parts of the tests.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Formatting, clippy, who may know whom, file lengths
    Lint,
    /// Tests that need nothing but the code
    Unit,
    /// Tests on a real MongoDB and Redis, and the SDL check
    Integration,
    /// The front end: its build and its own tests
    Web,
    /// A short run of the fault harness
    Faults,
    /// The product in a real browser
    E2e,
}

const ALL: [Part; 6] = [Part::Lint, Part::Unit, Part::Web, Part::Integration, Part::Faults, Part::E2e];

/// Counts the steps and keeps going after a failure.
#[derive(Default)]
struct Report {
    passed: usize,
    failed: Vec<String>,
}

impl Report {
    fn step(&mut self, label: &str, work: impl FnOnce() -> Result<()>) {
        match step(label, true, work) {
            Ok(()) => self.passed += 1,
            Err(error) => {
                say(&format!("--- {label}\n{error:#}\n---"));
                self.failed.push(label.to_owned());
            }
        }
    }
}

/// What several parts use, made when the first one asks.
pub struct Surroundings {
    folder: std::path::PathBuf,
    services: OnceCell<Services>,
    tests: OnceCell<host::Built>,
}

impl Surroundings {
    /// A replica set and a Redis for these tests alone.
    fn services(&self) -> Result<&Services> {
        if let Some(services) = self.services.get() {
            return Ok(services);
        }
        tools::install_services(given("MONGODB_URI").is_none(), given("REDIS_URL").is_none())?;
        let mut state = State::new("test", false);
        let started = services::start(&self.folder, Life::Bound, &mut state)?;
        Ok(self.services.get_or_init(|| started))
    }

    /// The test programs and the server, built once with one choice of features for all parts.
    fn tests(&self) -> Result<&host::Built> {
        if let Some(built) = self.tests.get() {
            return Ok(built);
        }
        let built = host::build()?;
        Ok(self.tests.get_or_init(|| built))
    }
}

/// Runs the parts, or all of them if none is named.
pub fn run(parts: &[Part]) -> Result<()> {
    let folder = paths::local_dir(&format!("test/{}", std::process::id()))?;
    let clean = {
        let folder = folder.clone();
        move || {
            crate::state::forget("test");
            let _ = std::fs::remove_dir_all(&folder);
        }
    };
    process::on_signal(clean.clone())?;
    let surroundings = Surroundings { folder, services: OnceCell::new(), tests: OnceCell::new() };
    let mut report = Report::default();
    let chosen = |part: Part| parts.is_empty() || parts.contains(&part);
    for part in ALL.into_iter().filter(|part| chosen(*part)) {
        match part {
            Part::Lint => lint::run(&mut report),
            Part::Unit => host::unit(&mut report, &surroundings),
            Part::Web => front_end(&mut report),
            Part::Integration => {
                host::integration(&mut report, &surroundings);
                report.step("schema.graphql is what the code says", || sdl::check(&surroundings));
            }
            Part::Faults => host::faults(&mut report, &surroundings),
            Part::E2e => e2e::run(&mut report, &surroundings),
        }
    }
    process::stop_all();
    clean();
    let failed = report.failed.len();
    if failed > 0 {
        say(&format!("\nfailed: {}", report.failed.join(", ")));
    }
    say(&format!("{} passed, {failed} failed", report.passed));
    if failed > 0 {
        std::process::exit(1);
    }
    Ok(())
}

fn front_end(report: &mut Report) {
    report.step("the front end builds", || {
        tools::install_web()?;
        web::build()
    });
    report.step("tests of the front end", host::web);
}
