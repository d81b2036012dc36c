//! What is checked without running anything: formatting, clippy on both targets, arrows and lengths.

use anyhow::Result;

use super::Report;
use super::host::PACKAGES;
use crate::process::Program;
use crate::step::run_logged;
use crate::{layering, lengths, paths, tools, web};

const WEB: [&str; 2] = ["entente-web", "entente-web-api"];

/// Runs them all.
pub fn run(report: &mut Report) {
    report.step("formatting", || run_logged("cargo fmt", Program::cargo().args(["fmt", "--all", "--check", "--", "--color", "never"])));
    report.step("who may know whom", layering::check);
    report.step("file lengths", lengths::check);
    report.step("licences, sources and advisories of what we depend on", tools::deny::check);
    report.step("clippy", || run_logged("clippy", clippy(PACKAGES.iter().chain(&["xtask"]), &[])?));
    report.step("clippy of the front end", || {
        tools::rust::install_wasm_target()?;
        let target = ["--target", "wasm32-unknown-unknown"];
        run_logged("clippy web", clippy(WEB.iter(), &target)?.env("CARGO_TARGET_DIR", paths::target_web()?))
    });
}

fn clippy<'a>(packages: impl Iterator<Item = &'a &'a str>, more: &[&str]) -> Result<Program> {
    let (name, value) = web::dist_env();
    let mut clippy = Program::cargo().args(["clippy", "--keep-going", "--all-targets"]).args(more).env(&name, value);
    for package in packages {
        clippy = clippy.args(["-p", package]);
    }
    Ok(clippy.args(["--", "-D", "warnings"]))
}
