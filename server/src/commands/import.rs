//! `entente import crm`: files of a CRM into partners, customers and deals.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use clap::Subcommand;
use entente_app::import::crm::{self, CrmOptions};
use entente_app::import::{CrmFiles, ImportReport, parse_alias};
use entente_app::{Refused, seed};
use indicatif::{ProgressBar, ProgressStyle};

use crate::config::Settings;
use crate::server::explain;

/// What to import from.
#[derive(Debug, Subcommand)]
pub(super) enum From {
    /// Accounts, products, sales teams and the pipeline of a CRM, as CSV files
    Crm {
        /// Folder with accounts.csv, products.csv, sales_teams.csv and sales_pipeline.csv
        #[arg(long)]
        dir: PathBuf,
        /// TOML file that says what columns and values are called
        #[arg(long, value_name = "FILE")]
        map: Option<PathBuf>,
        /// What a value stands for, as 'product:GTXPro=GTX Pro'; may be repeated
        #[arg(long, value_name = "FIELD:VALUE=MEANING")]
        alias: Vec<String>,
        /// Where the report goes, a CSV file [default: import-ID.csv in the data folder]
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
        /// Say what would be done and write nothing
        #[arg(long)]
        dry_run: bool,
    },
}

pub(super) async fn run(settings: &Settings, from: From) -> Result<()> {
    let From::Crm { dir, map, alias, report, dry_run } = from;
    let aliases = alias.iter().map(|text| parse_alias(text)).collect::<Result<Vec<_>, _>>().context("--alias")?;
    let mapping = map.as_deref().map(read_mapping).transpose()?;
    let files = CrmFiles::read_dir(&dir).context("--dir")?;
    let app = super::connect(settings).await?;
    seed::ensure_program(&app).await.map_err(explain)?;
    let bar = ProgressBar::no_length().with_style(style()?).with_message("rows");
    let progress = |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    };
    let result = crm::run(&app, None, files, CrmOptions { aliases, mapping, dry_run }, &progress).await;
    bar.finish_and_clear();
    let imported = result.map_err(|refused| match refused {
        Refused::Refused(why) => anyhow!("the import was refused and nothing written: {why}"),
        Refused::Failed(error) => explain(error),
    })?;
    summarise(&imported);
    let path = report.unwrap_or_else(|| settings.data_dir.join(format!("import-{}.csv", imported.run_id)));
    write_report(&imported, &path)?;
    app.shutdown().await;
    Ok(())
}

fn read_mapping(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("--map: cannot read {}", path.display()))
}

fn style() -> Result<ProgressStyle> {
    Ok(ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}, {per_sec}, {elapsed}")?)
}

fn summarise(report: &ImportReport) {
    let done = if report.dry_run { "would be" } else { "were" };
    say!("{} rows in {:.1} s:", report.rows, report.elapsed.as_secs_f64());
    say!("  {:>7} deals {done} created", report.created);
    say!("  {:>7} were there already and {done} left as they are", report.unchanged);
    say!("  {:>7} rows {done} left out", report.rejected);
    let added = &report.added;
    say!(
        "  added: {} partners, {} managers, {} products, {} territories, {} stages",
        added.partners,
        added.managers,
        added.products,
        added.territories,
        added.stages
    );
    say!("by stage:");
    for stage in &report.stages {
        say!("  {:>7} {:<24} {:>16} {}", stage.count, stage.name, stage.value, report.currency.as_str());
    }
    let counts = report.counts();
    if !counts.is_empty() {
        say!("errors and warnings:");
    }
    for count in counts {
        say!("  {:>7} {:<8} {}: {}", count.count, count.severity.name(), count.code, count.message);
    }
}

fn write_report(report: &ImportReport, path: &Path) -> Result<()> {
    if report.issues.is_empty() {
        say!("nothing to report");
        return Ok(());
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).with_context(|| format!("--report: cannot make {}", folder.display()))?;
    }
    let csv = report.to_csv().map_err(explain)?;
    fs::write(path, csv).with_context(|| format!("--report: cannot write {}", path.display()))?;
    say!("report: {}", path.display());
    Ok(())
}
