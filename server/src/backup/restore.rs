//! Putting a backup into an empty database: everything is checked before anything is written, and again afterwards.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use entente_app::files::Files;
use entente_store::Store;

use super::parts::{self, Reader, Tally};
use super::{Manifest, Part};
use crate::server::explain;

/// Fills an empty database and the object storage from a backup; `say` hears of every part that is in its place.
pub(crate) async fn restore(store: &Store, database: &str, files: &Files, folder: &Path, say: &dyn Fn(&Part)) -> Result<Manifest> {
    let manifest = Manifest::read(folder)?;
    let newer = Store::unknown_migrations(&manifest.migrations);
    ensure!(newer.is_empty(), "the backup was made by Entente {}, which is newer: {} is not known here", manifest.version, newer.join(", "));
    check(&manifest, folder)?;
    ensure!(store.is_blank().await?, "the database {database} is not empty; a backup goes into an empty one (ENTENTE_DATABASE names it)");
    let names: Vec<String> = manifest.collections.iter().map(|part| part.name.clone()).collect();
    store.close_for_filling(&names).await.context("the database cannot be made ready")?;
    if let Err(error) = fill(store, files, &manifest, folder, say).await {
        let left = format!("the database {database} is half filled and no server starts on it; drop it before the next attempt");
        return Err(error.context(left));
    }
    store.open_after_filling().await?;
    store.migrate().await.context("the database could not be migrated")?;
    Ok(manifest)
}

/// Reads the whole backup and compares it with its manifest.
fn check(manifest: &Manifest, folder: &Path) -> Result<()> {
    for part in &manifest.collections {
        let mut reader = Reader::open(&parts::collection(folder, &part.name))?;
        let (mut tally, mut count) = (Tally::default(), 0);
        while let Some(document) = reader.next().with_context(|| format!("the collection {} is damaged", part.name))? {
            tally.add(&document);
            count += 1;
        }
        same(part, &tally.part(&part.name, Some(count)))?;
    }
    for part in &manifest.files {
        let path = parts::file(folder, &part.name);
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        same(part, &parts::tally(&part.name, &bytes))?;
    }
    Ok(())
}

fn same(wanted: &Part, found: &Part) -> Result<()> {
    if wanted != found {
        bail!("{} is not what the manifest says: {found:?} instead of {wanted:?}", wanted.name);
    }
    Ok(())
}

async fn fill(store: &Store, files: &Files, manifest: &Manifest, folder: &Path, say: &dyn Fn(&Part)) -> Result<()> {
    for part in &manifest.files {
        let bytes = fs::read(parts::file(folder, &part.name))?;
        files.put_named(&part.name, bytes.into()).await.map_err(explain)?;
    }
    for part in &manifest.collections {
        let mut reader = Reader::open(&parts::collection(folder, &part.name))?;
        let filled = store.fill(&part.name, &mut || reader.next()).await;
        filled.with_context(|| format!("the collection {} could not be filled", part.name))?;
    }
    // What the database has now, in the order of the ids, as the backup has it.
    let mut snapshot = store.snapshot().await?;
    for part in &manifest.collections {
        let mut tally = Tally::default();
        let mut add = |document: &[u8]| {
            tally.add(document);
            Ok(())
        };
        let count = snapshot.read(&part.name, &mut add).await;
        let count = count.with_context(|| format!("the collection {} could not be read again", part.name))?;
        same(part, &tally.part(&part.name, Some(count)))?;
        say(part);
    }
    for part in &manifest.files {
        let bytes = files.named(&part.name).await.map_err(explain)?.with_context(|| format!("{} is not in object storage", part.name))?;
        same(part, &parts::tally(&part.name, &bytes))?;
    }
    Ok(())
}
