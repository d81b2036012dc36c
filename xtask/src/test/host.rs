//! The Rust tests: built in one go, so that all share one choice of features and nothing compiles twice, then run
//! package by package.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::{Report, Surroundings};
use crate::process::Program;
use crate::step::{log_file, run_logged, say, tail};
use crate::tools::redis;
use crate::{paths, web};

/// The packages whose tests need nothing.
const UNIT: [&str; 8] = [
    "entente-domain",
    "entente-mail",
    "entente-render",
    "entente-search",
    "entente-web-api",
    "entente-bench-common",
    "entente-fanout",
    "entente-faults",
];
/// The packages whose tests talk to MongoDB and Redis.
const INTEGRATION: [&str; 5] = ["entente-store", "entente-live", "entente-app", "entente-graphql", "entente-server"];
/// All packages that build for this machine.
pub const PACKAGES: [&str; 13] = [
    "entente-domain",
    "entente-mail",
    "entente-render",
    "entente-search",
    "entente-web-api",
    "entente-store",
    "entente-live",
    "entente-app",
    "entente-graphql",
    "entente-server",
    "entente-bench-common",
    "entente-fanout",
    "entente-faults",
];

/// One test program.
struct TestProgram {
    package: String,
    target: String,
    file: PathBuf,
    folder: PathBuf,
}

/// The result of the build.
pub struct Built {
    programs: Vec<TestProgram>,
    /// The server of the same build.
    server: Option<PathBuf>,
    /// The fault harness of the same build.
    faults: Option<PathBuf>,
    /// What did not build, as the compiler says it.
    errors: Option<String>,
}

impl Built {
    /// The server's program.
    pub fn server(&self) -> Result<&Path> {
        self.server.as_deref().context("the server does not build")
    }
}

/// Builds all test programs and the server. What fails to build leaves the rest usable.
pub fn build() -> Result<Built> {
    // The server's build asks for the folder; without a front end it is empty.
    fs::create_dir_all(web::dist())?;
    let answer = paths::local_dir("log")?.join("tests.json");
    let log = log_file("cargo build tests");
    let (name, value) = web::dist_env();
    let mut cargo =
        Program::cargo().args(["build", "--keep-going", "--tests", "--bins", "--message-format", "json-render-diagnostics"]).env(&name, value);
    for package in PACKAGES {
        cargo = cargo.args(["-p", package]);
    }
    let status = cargo.log_to(&log)?.stdout_to(&answer)?.run("cargo build")?;
    let errors = if status.success() { None } else { Some(tail(&log)?) };
    let mut built = Built { programs: Vec::new(), server: None, faults: None, errors };
    for line in fs::read_to_string(&answer)?.lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
        let Some(file) = message["executable"].as_str().map(PathBuf::from) else { continue };
        let target = message["target"]["name"].as_str().unwrap_or_default().to_owned();
        if message["profile"]["test"] == true {
            let manifest = PathBuf::from(message["manifest_path"].as_str().unwrap_or_default());
            let folder = manifest.parent().context("a manifest without a folder")?.to_path_buf();
            built.programs.push(TestProgram { package: package_name(&message), target, file, folder });
        } else if target == "entente" {
            built.server = Some(file);
        } else if target == "entente-faults" {
            built.faults = Some(file);
        }
    }
    built.programs.sort_by(|one, other| one.target.cmp(&other.target));
    Ok(built)
}

/// The server of the tests' build, with the front end as it is now: built again if that has changed since.
pub fn build_with(surroundings: &Surroundings) -> Result<PathBuf> {
    surroundings.tests()?.server()?;
    Ok(build()?.server()?.to_path_buf())
}

/// The debug server alone.
pub fn build_server() -> Result<PathBuf> {
    fs::create_dir_all(web::dist())?;
    let (name, value) = web::dist_env();
    run_logged("cargo build server", Program::cargo().args(["build", "-p", "entente-server"]).env(&name, value))?;
    Ok(paths::target()?.join("debug/entente"))
}

/// The name in a package id such as `path+file:///x/server/store#entente-store@0.1.0`.
fn package_name(message: &Value) -> String {
    let id = message["package_id"].as_str().unwrap_or_default();
    let name = id.rsplit('#').next().unwrap_or_default();
    name.split('@').next().unwrap_or_default().to_owned()
}

/// The build as a step of its own, once, and the tests that need nothing.
pub fn unit(report: &mut Report, surroundings: &Surroundings) {
    built(report, surroundings);
    run(report, surroundings, &UNIT, &[]);
    report.step("tests of xtask", || run_logged("test xtask", Program::cargo().args(["test", "-p", "xtask"])));
}

/// The tests on a real MongoDB and a real Redis.
pub fn integration(report: &mut Report, surroundings: &Surroundings) {
    built(report, surroundings);
    match surroundings.services() {
        Ok(services) => {
            let mut env = services.env();
            env.push(("ENTENTE_TEST".to_owned(), "1".to_owned()));
            // Some tests kill and stall a Redis of their own; it may have come out of a wheel and not be on PATH.
            if let Ok(program) = redis::find() {
                env.push(("ENTENTE_REDIS_SERVER".to_owned(), program.display().to_string()));
            }
            run(report, surroundings, &INTEGRATION, &env);
        }
        Err(error) => report.step("MongoDB and Redis for the tests", || Err(error)),
    }
}

/// A short run of the fault harness against the server of the tests.
pub fn faults(report: &mut Report, surroundings: &Surroundings) {
    built(report, surroundings);
    report.step("what must survive, in short", || {
        let tests = surroundings.tests()?;
        crate::faults::short(tests.faults.as_deref().context("the fault harness does not build")?, tests.server()?)
    });
}

fn built(report: &mut Report, surroundings: &Surroundings) {
    if surroundings.tests.get().is_none() {
        report.step("building the tests", || match &surroundings.tests()?.errors {
            Some(errors) => bail!("{errors}"),
            None => Ok(()),
        });
    }
}

fn run(report: &mut Report, surroundings: &Surroundings, packages: &[&str], env: &[(String, String)]) {
    for package in packages {
        report.step(&format!("tests of {package}"), || {
            let programs: Vec<_> = surroundings.tests()?.programs.iter().filter(|program| program.package == *package).collect();
            if programs.is_empty() {
                bail!("they were not built");
            }
            let mut count = 0;
            let mut failures = Vec::new();
            for program in programs {
                match run_one(program, env) {
                    Ok(passed) => count += passed,
                    Err(error) => failures.push(format!("{error:#}")),
                }
            }
            say(&format!("    {count} tests passed"));
            if failures.is_empty() { Ok(()) } else { bail!("{}", failures.join("\n")) }
        });
    }
}

fn run_one(test: &TestProgram, env: &[(String, String)]) -> Result<usize> {
    let name = format!("test {} {}", test.package, test.target);
    let program = Program::new(&test.file).dir(&test.folder).env("CARGO_MANIFEST_DIR", &test.folder).envs(env);
    run_logged(&name, program)?;
    count_passed(&log_file(&name))
}

/// Adds up what the test programs say they passed.
fn count_passed(log: &Path) -> Result<usize> {
    let text = fs::read(log)?;
    let text = String::from_utf8_lossy(&text);
    let results = text.lines().filter_map(|line| line.strip_prefix("test result: ok. "));
    Ok(results.filter_map(|rest| rest.split_whitespace().next()?.parse::<usize>().ok()).sum())
}

/// The front end's tests that run on this machine.
pub fn web() -> Result<()> {
    run_logged("test web", Program::cargo().args(["test", "-p", "entente-web"]))?;
    say(&format!("    {} tests passed", count_passed(&log_file("test web"))?));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_crate_goes_untested() {
        let tested = |name: &str| UNIT.contains(&name) || INTEGRATION.contains(&name) || ["entente-web", "xtask"].contains(&name);
        assert!(crate::layering::ARROWS.iter().all(|(name, _)| tested(name)));
        assert!(UNIT.iter().chain(&INTEGRATION).all(|name| PACKAGES.contains(name)));
    }
}
