//! `entente backup` and `entente restore`.

use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use entente_app::files::Files;

use crate::backup::{self, Part};
use crate::config::Settings;
use crate::server::{self, explain};

pub(super) async fn take(settings: &Settings, folder: &Path) -> Result<()> {
    let since = Instant::now();
    let store = server::connect(settings).await?;
    let files = Files::open(&settings.files()).await.map_err(explain)?;
    let manifest = backup::take(&store, &settings.database, &files, folder, &report).await?;
    let at = manifest.taken_at.map_or_else(|| "one moment".to_owned(), |at| at.to_string());
    say!(
        "{} as it was at {at}: {} documents and {} files, {:.1} MB before compression, in {:.1} s",
        settings.database,
        manifest.documents(),
        manifest.files.len(),
        manifest.bytes() as f64 / 1e6,
        since.elapsed().as_secs_f64()
    );
    say!("the signing key is not part of it: keep that apart");
    Ok(())
}

pub(super) async fn restore(settings: &Settings, folder: &Path) -> Result<()> {
    let since = Instant::now();
    let store = server::connect(settings).await?;
    let files = Files::open(&settings.files()).await.map_err(explain)?;
    let manifest = backup::restore(&store, &settings.database, &files, folder, &report).await?;
    say!(
        "{} has what {} had: {} documents and {} files, counted and compared, in {:.1} s",
        settings.database,
        manifest.database,
        manifest.documents(),
        manifest.files.len(),
        since.elapsed().as_secs_f64()
    );
    Ok(())
}

fn report(part: &Part) {
    say!("  {:>9} {}", part.documents.unwrap_or_default(), part.name);
}
