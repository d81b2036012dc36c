//! Backups: the whole database at one moment and every file, in a folder that says what belongs in it.
//!
//! A folder without its manifest is no backup: the manifest is written last, and names every part with its size and hash.

mod parts;
mod restore;
mod take;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

pub(crate) use restore::restore;
pub(crate) use take::take;

const MANIFEST: &str = "manifest.json";
/// The layout of the folder.
const FORMAT: u32 = 1;

/// What a backup consists of.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Manifest {
    format: u32,
    /// The version of Entente that made it.
    version: String,
    /// The database's name.
    pub(crate) database: String,
    /// The moment that all documents are of, by the database's clock.
    pub(crate) taken_at: Option<jiff::Timestamp>,
    /// The migrations that the database had seen.
    migrations: Vec<String>,
    /// Documents as BSON, one after the other, sorted by `_id`.
    pub(crate) collections: Vec<Part>,
    /// Everything in object storage.
    pub(crate) files: Vec<Part>,
}

/// One collection or one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    pub(crate) name: String,
    /// How many documents; none for a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) documents: Option<u64>,
    /// Before compression.
    pub(crate) bytes: u64,
    /// SHA-256 of these bytes, in hexadecimal digits.
    pub(crate) sha256: String,
}

impl Manifest {
    fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(MANIFEST);
        let text = fs::read_to_string(&path).with_context(|| format!("{} is no backup: cannot read {}", folder.display(), path.display()))?;
        let manifest: Self = serde_json::from_str(&text).with_context(|| format!("{} is not understood", path.display()))?;
        ensure!(manifest.format == FORMAT, "the backup has format {}, and this version of Entente reads format {FORMAT}", manifest.format);
        for part in manifest.collections.iter().chain(&manifest.files) {
            let plain = !part.name.is_empty() && part.name.split('/').all(|step| !matches!(step, "" | "." | ".."));
            ensure!(plain && !part.name.contains('\\'), "{} names {:?}, which leads out of the folder", path.display(), part.name);
        }
        Ok(manifest)
    }

    fn write(&self, folder: &Path) -> Result<()> {
        let (path, unfinished) = (folder.join(MANIFEST), folder.join("manifest.json.unfinished"));
        fs::write(&unfinished, serde_json::to_vec_pretty(self)?).with_context(|| format!("cannot write {}", unfinished.display()))?;
        fs::rename(&unfinished, &path).with_context(|| format!("cannot write {}", path.display()))
    }

    /// How many documents there are in all.
    pub(crate) fn documents(&self) -> u64 {
        self.collections.iter().filter_map(|part| part.documents).sum()
    }

    /// How many bytes there are in all, before compression.
    pub(crate) fn bytes(&self) -> u64 {
        self.collections.iter().chain(&self.files).map(|part| part.bytes).sum()
    }
}
