//! Taking a backup while servers serve: first the database at one moment, then the files, of which documents name only
//! such as were there before.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use entente_app::files::Files;
use entente_store::{Snapshot, Store, StoreError, TransferError};

use super::parts::{self, Writer};
use super::{FORMAT, Manifest, Part};
use crate::server::explain;

/// What the database answers when the moment is further back than it remembers.
const TOO_OLD: &str = "SnapshotTooOld";

/// Writes a backup into a folder that is not there yet, or is empty; `say` hears of every part.
pub(crate) async fn take(store: &Store, database: &str, files: &Files, folder: &Path, say: &dyn Fn(&Part)) -> Result<Manifest> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let empty = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?.next().is_none();
    ensure!(empty, "{} is not empty; a backup goes into a folder of its own", folder.display());
    let mut snapshot = store.snapshot().await?;
    let migrations = snapshot.migrations().await?;
    if migrations.is_empty() {
        bail!("the database {database} was never migrated: there is nothing to keep");
    }
    let mut collections = Vec::new();
    for name in snapshot.collections().await? {
        let part = documents(&mut snapshot, folder, &name).await?;
        say(&part);
        collections.push(part);
    }
    let mut kept = Vec::new();
    for name in files.names().await.map_err(explain)? {
        // One that is gone since the list was made was needed by nobody.
        let Some(bytes) = files.named(&name).await.map_err(explain)? else { continue };
        kept.push(parts::write_file(&parts::file(folder, &name), &name, &bytes)?);
    }
    let manifest = Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        database: database.to_owned(),
        taken_at: snapshot.taken_at(),
        migrations,
        collections,
        files: kept,
    };
    manifest.write(folder)?;
    Ok(manifest)
}

async fn documents(snapshot: &mut Snapshot, folder: &Path, name: &str) -> Result<Part> {
    let mut writer = Writer::create(&parts::collection(folder, name))?;
    let read = snapshot.read(name, &mut |document| writer.document(document)).await;
    let count = read.map_err(|error| match &error {
        TransferError::Store(StoreError::Internal(text)) if text.contains(TOO_OLD) => anyhow::anyhow!(
            "the database does not remember the moment of the backup any more: it took too long. Raise MongoDB's parameter \
             minSnapshotHistoryWindowInSeconds and take it again"
        ),
        _ => anyhow::Error::new(error).context(format!("the collection {name} could not be read")),
    })?;
    writer.finish(name, count)
}
