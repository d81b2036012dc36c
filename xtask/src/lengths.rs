//! No source file is longer than a reader can hold: at most 500 lines, generated ones aside.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::paths;

const LIMIT: usize = 500;
const ENDINGS: [&str; 6] = ["rs", "ts", "tsx", "mjs", "js", "css"];
const SKIPPED: [&str; 7] = ["target", "dist", "node_modules", "test-results", "playwright-report", "vendor", "generated"];
/// A generated file says so in its first lines.
const GENERATED: &str = "@generated";

/// Checks every source file of the checkout.
pub fn check() -> Result<()> {
    let mut long = Vec::new();
    walk(&paths::root(), &mut long)?;
    if long.is_empty() {
        return Ok(());
    }
    long.sort();
    let lines: Vec<String> = long.iter().map(|(path, count)| format!("{}: {count} lines, more than {LIMIT}", path.display())).collect();
    bail!("{}", lines.join("\n"))
}

fn walk(folder: &Path, long: &mut Vec<(PathBuf, usize)>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') || SKIPPED.contains(&name.as_ref()) {
            continue;
        }
        if path.is_dir() {
            walk(&path, long)?;
        } else if path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending == *known)) {
            let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let count = text.lines().count();
            let generated = text.lines().take(5).any(|line| line.contains(GENERATED));
            if count > LIMIT && !generated {
                long.push((path.strip_prefix(paths::root())?.to_path_buf(), count));
            }
        }
    }
    Ok(())
}
