//! `entente migrate`.

use anyhow::{Context, Result};

use crate::config::Settings;
use crate::server;

pub(super) async fn run(settings: &Settings, drop: bool) -> Result<()> {
    let store = server::connect(settings).await?;
    if drop {
        store.drop_database().await.context("the database could not be deleted")?;
        say!("deleted the database {}", settings.database);
    }
    let report = store.migrate().await.context("the database could not be migrated")?;
    for name in &report.applied {
        say!("migrated: {name}");
    }
    say!("the database {} is as this version needs it, with {} indexes", settings.database, report.indexes);
    Ok(())
}
