//! `entente seed`.

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail, ensure};
use entente_app::seed;

use crate::config::Settings;
use crate::server::explain;

pub(super) async fn run(settings: &Settings, if_empty: bool, dir: &Path) -> Result<()> {
    if settings.is_production() {
        bail!("ENTENTE_ENV (--env): the demo program has accounts whose password everybody knows; it is for development only");
    }
    ensure!(dir.is_dir(), "--dir: there is no folder {}", dir.display());
    let app = super::connect(settings).await?;
    let since = Instant::now();
    if !app.store.is_empty().await? {
        if if_empty {
            say!("the database {} has a program already; nothing to do", settings.database);
            return Ok(());
        }
        bail!("the database {} has a program already; the demo goes into an empty one", settings.database);
    }
    let report = seed::load(&app, dir, &|step| say!("loaded: {step}")).await.map_err(explain)?;
    say!(
        "{} partners, {} accounts, {} deals and {} kits in {:.1} s; every account has the password {}",
        report.partners,
        report.users,
        report.deals,
        report.kits,
        since.elapsed().as_secs_f64(),
        seed::DEMO_PASSWORD
    );
    app.shutdown().await;
    Ok(())
}
