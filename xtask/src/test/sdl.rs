//! `schema.graphql`: written from the code by `cargo xtask schema`, compared with it by the tests.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::Surroundings;
use crate::paths;
use crate::process::Program;
use crate::step::{log_file, run_logged, tail};

/// A check of the schema against outside promises, where somebody keeps one beside the checkout.
const CONTRACT_CHECK: &str = "../shared/tools/check_contract.py";

/// Fails if the committed schema is not the code's, or breaks the contract.
pub fn check(surroundings: &Surroundings) -> Result<()> {
    let root = paths::root();
    let code = printed_by(surroundings.tests()?.server()?)?;
    let committed = fs::read_to_string(root.join("schema.graphql")).context("cannot read schema.graphql")?;
    if code != committed {
        let file = paths::local_dir("log")?.join("schema.graphql");
        fs::write(&file, &code)?;
        let diff = Program::new("diff").args(["-u", "schema.graphql"]).args([&file]).dir(&root);
        let log = log_file("schema diff");
        diff.log_to(&log)?.run("diff")?;
        anyhow::bail!("schema.graphql differs from the code; `cargo xtask schema` writes it anew\n{}", tail(&log)?);
    }
    if root.join(CONTRACT_CHECK).is_file() {
        let check = Program::new("python3").args([CONTRACT_CHECK, "schema.graphql"]).dir(&root);
        run_logged("contract", check).context("schema.graphql falls short of the contract")?;
    }
    Ok(())
}

/// The schema as the program prints it.
pub fn printed_by(server: &Path) -> Result<String> {
    let file = paths::local_dir("log")?.join("entente-schema.out");
    let log = log_file("entente schema");
    let program = Program::new(server).args(["schema"]).dir(paths::root());
    let status = program.log_to(&log)?.stdout_to(&file)?.run("entente schema")?;
    ensure!(status.success(), "entente schema ended with {status}:\n{}", tail(&log)?);
    fs::read_to_string(&file).context("entente schema printed nothing readable")
}

/// `cargo xtask schema`.
pub fn write() -> Result<()> {
    let built = super::host::build_server()?;
    let path = paths::root().join("schema.graphql");
    fs::write(&path, printed_by(&built)?).with_context(|| format!("cannot write {}", path.display()))
}
