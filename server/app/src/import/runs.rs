//! Runs of imports: started in the app and done in the background, kept with their issues, and read again later.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use entente_domain::Timestamp;
use entente_domain::id::{FileId, ImportRunId};
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_store::{Begun, IdempotencyRecord, ImportIssueRecord, ImportRunRecord};
use jiff::SignedDuration;
use serde::Serialize;

use super::crm::{CrmOptions, decode, execute};
use super::files::{CrmFiles, FileRole, SourceFile};
use super::mapping::Alias;
use super::plan::Tables;
use super::refusal::ImportRefusal;
use super::report::{self, ImportReport};
use crate::idempotency::Once;
use crate::page::{self, Page};
use crate::{App, AppError, Refused};

/// The counter that lets one import at a time begin in the app.
pub(crate) const GATE: &str = "import";

/// After how many seconds a run that has not ended counts as interrupted (the server went down), and the gate opens.
pub(crate) const GIVE_UP_SECONDS: i64 = 1_800;

/// How often the progress of a run is kept.
const TICK: Duration = Duration::from_millis(500);

/// Issues written or read at once.
const CHUNK: usize = 1_000;

/// An import of uploaded files. The files are ids that the upload answered.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CrmImportInput {
    /// Customers.
    pub accounts: Option<String>,
    /// Products.
    pub products: Option<String>,
    /// Teams.
    pub sales_teams: Option<String>,
    /// The deals.
    pub sales_pipeline: String,
    /// What values stand for.
    pub aliases: Vec<Alias>,
    /// See [`CrmOptions::mapping`].
    pub mapping: Option<String>,
    /// Whether to write nothing; the run says what would have happened.
    pub dry_run: bool,
    /// Made once per form; see [`crate::idempotency`].
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

/// Starts an import in the background and answers its run at once. Refused while another one runs.
pub async fn start(app: &App, actor: &Actor, input: CrmImportInput) -> Result<ImportRunRecord, Refused<ImportRefusal>> {
    if !can(actor, Action::Import, Resource::Any) {
        return Err(Refused::Refused(ImportRefusal::NotAllowed));
    }
    let once = Once::new(actor, "crmImport", input.idempotency_key.as_deref(), &input)?;
    if let Some(record) = once.earlier(app).await? {
        return replay(app, actor, &record).await;
    }
    let optional = async |role, id: Option<&String>| match id {
        Some(id) => upload(app, role, id).await.map(Some),
        None => Ok(None),
    };
    let files = CrmFiles {
        accounts: optional(FileRole::Accounts, input.accounts.as_ref()).await?,
        products: optional(FileRole::Products, input.products.as_ref()).await?,
        sales_teams: optional(FileRole::SalesTeams, input.sales_teams.as_ref()).await?,
        sales_pipeline: upload(app, FileRole::SalesPipeline, &input.sales_pipeline).await?,
    };
    let options = CrmOptions { aliases: input.aliases, mapping: input.mapping, dry_run: input.dry_run };
    let tables = Arc::new(decode(files, options).await?);
    let record = begin(app, Some(actor), &tables);
    let answer = once.record(record.id.as_str(), String::new());
    match app.store.begin_import_run(&record, (GATE, GIVE_UP_SECONDS), answer.as_ref()).await? {
        Begun::Now => {}
        Begun::GateClosed => return Err(Refused::Refused(ImportRefusal::AlreadyRunning)),
        Begun::Before(first) => return replay(app, actor, &once.same(first)?).await,
    }
    app.spawn(work(app.clone(), actor.clone(), tables, input.dry_run, record.clone()));
    Ok(record)
}

/// The answer of the first time: the run as it is now.
async fn replay(app: &App, actor: &Actor, record: &IdempotencyRecord) -> Result<ImportRunRecord, Refused<ImportRefusal>> {
    let run = get(app, actor, &record.result_id).await?;
    run.ok_or_else(|| Refused::Failed(AppError::internal("an idempotency record names no run of an import")))
}

async fn upload(app: &App, role: FileRole, id: &str) -> Result<SourceFile, Refused<ImportRefusal>> {
    let missing = || Refused::Refused(ImportRefusal::FileNotFound { role, name: id.chars().take(60).collect() });
    let file: FileId = id.parse().map_err(|_| missing())?;
    let bytes = app.files.upload(&file).await?.ok_or_else(missing)?;
    Ok(SourceFile { name: format!("{}.csv", role.key()), bytes })
}

/// Does the work and keeps its progress. When the server stops, the run ends where it is; rows that are in stay in.
async fn work(app: App, actor: Actor, tables: Arc<Tables>, dry_run: bool, mut record: ImportRunRecord) {
    let seen = AtomicU64::new(0);
    let progress = |done: u64, _: u64| seen.store(done, Ordering::Relaxed);
    let result = {
        let run = execute(&app, Some(&actor), &tables, dry_run, record.id.clone(), &progress);
        tokio::pin!(run);
        let mut stopping = app.stopping();
        let mut tick = tokio::time::interval(TICK);
        loop {
            tokio::select! {
                result = &mut run => break result,
                _ = async { stopping.wait_for(|stop| *stop).await.is_ok() } => break Err(AppError::Unavailable("the server stops".into())),
                _ = tick.tick() => {
                    record.processed = count_of(seen.load(Ordering::Relaxed));
                    if let Err(e) = app.store.save_import_run(&record).await {
                        tracing::warn!(run = %record.id, error = %e, "the progress of an import was not kept");
                    }
                }
            }
        }
    };
    record.processed = count_of(seen.load(Ordering::Relaxed));
    if let Err(e) = finish(&app, &mut record, &result).await {
        tracing::error!(run = %record.id, error = %e, "the end of an import was not kept");
    }
    if let Err(e) = app.store.reset(GATE).await {
        tracing::error!(error = %e, "the next import has to wait");
    }
}

fn count_of(rows: u64) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// The record of a run that begins now.
pub(super) fn begin(app: &App, by: Option<&Actor>, tables: &Tables) -> ImportRunRecord {
    ImportRunRecord {
        id: ImportRunId::new(app.ulid()),
        status: "RUNNING".to_owned(),
        started_at: app.now(),
        finished_at: None,
        started_by: by.map(|a| a.user_id.clone()),
        processed: 0,
        total: count_of(tables.rows()),
        created: 0,
        unchanged: 0,
        rejected: 0,
        failure: None,
        issue_counts: Vec::new(),
        kind: "CRM".to_owned(),
    }
}

/// Keeps how a run ended: its issues first, so that a run that is done has them all.
pub(super) async fn finish(app: &App, record: &mut ImportRunRecord, result: &Result<ImportReport, AppError>) -> Result<(), AppError> {
    record.finished_at = Some(app.now());
    match result {
        Ok(report) => {
            for (n, chunk) in report.issues.chunks(CHUNK).enumerate() {
                let records: Vec<ImportIssueRecord> = chunk.iter().map(report::record).collect();
                app.store.add_import_issues(&record.id, count_of((n * CHUNK) as u64), &records).await?;
            }
            record.status = "DONE".to_owned();
            record.processed = count_of(report.rows);
            (record.created, record.unchanged, record.rejected) = (count_of(report.created), count_of(report.unchanged), count_of(report.rejected));
            let counts = report.counts().into_iter();
            record.issue_counts =
                counts.map(|c| (c.severity.name().to_owned(), c.code.to_owned(), c.message.to_owned(), count_of(c.count))).collect();
        }
        Err(e) => {
            tracing::error!(run = %record.id, error = %e, "an import failed");
            record.status = "FAILED".to_owned();
            record.failure = Some(failure(e).to_owned());
        }
    }
    app.store.save_import_run(record).await?;
    Ok(())
}

/// Why a run failed, in words that give nothing of the inside away.
fn failure(e: &AppError) -> &'static str {
    match e {
        AppError::Unavailable(_) => "The import was interrupted. Rows that are in stay in; import the same files again to go on.",
        _ => "The import failed through a fault of the server; its log tells more. Rows that are in stay in.",
    }
}

fn allowed(actor: &Actor) -> Result<(), AppError> {
    if can(actor, Action::Import, Resource::Any) { Ok(()) } else { Err(AppError::Forbidden) }
}

/// A run that nobody will end any more is a failed one.
fn as_seen(mut record: ImportRunRecord, now: Timestamp) -> ImportRunRecord {
    if record.status == "RUNNING" && now.duration_since(record.started_at) > SignedDuration::from_secs(GIVE_UP_SECONDS) {
        record.status = "FAILED".to_owned();
        record.failure = Some(failure(&AppError::Unavailable(String::new())).to_owned());
    }
    record
}

/// A run; none when there is none of that id.
pub async fn get(app: &App, actor: &Actor, id: &str) -> Result<Option<ImportRunRecord>, AppError> {
    allowed(actor)?;
    let Ok(id) = id.parse::<ImportRunId>() else { return Ok(None) };
    Ok(app.store.import_run(&id).await?.map(|r| as_seen(r, app.now())))
}

/// One page of runs, newest first.
pub async fn list(app: &App, actor: &Actor, first: u32, after: Option<&str>) -> Result<Page<ImportRunRecord>, AppError> {
    allowed(actor)?;
    let name = page::list_name("importRuns", &())?;
    let key: Option<(Timestamp, ImportRunId)> = page::decode(&name, after)?;
    let rows = app.store.import_runs(key, first + 1).await?;
    let page = Page::of(rows, first, after.is_some(), &name, |r| (r.started_at, r.id.clone()))?;
    Ok(page.map(|r| as_seen(r, app.now())))
}

/// How many runs there are.
pub async fn count(app: &App, actor: &Actor) -> Result<u64, AppError> {
    allowed(actor)?;
    Ok(app.store.count_import_runs().await?)
}

/// One page of a run's issues, in file order.
pub async fn issues(app: &App, actor: &Actor, run: &ImportRunId, first: u32, after: Option<&str>) -> Result<Page<ImportIssueRecord>, AppError> {
    allowed(actor)?;
    let name = page::list_name("importIssues", run)?;
    let key: Option<i64> = page::decode(&name, after)?;
    let rows = app.store.import_issues(run, key.unwrap_or(-1), first + 1).await?;
    Ok(Page::of(rows, first, after.is_some(), &name, |(ordinal, _)| *ordinal)?.map(|(_, issue)| issue))
}

/// How many issues a run has.
pub async fn count_issues(app: &App, actor: &Actor, run: &ImportRunId) -> Result<u64, AppError> {
    allowed(actor)?;
    Ok(app.store.count_import_issues(run).await?)
}

/// Every issue of a run as CSV; none when there is no such run. Asks for no right: whoever serves it has checked the
/// actor or a signed address.
pub async fn report_csv(app: &App, run: &ImportRunId) -> Result<Option<Vec<u8>>, AppError> {
    if app.store.import_run(run).await?.is_none() {
        return Ok(None);
    }
    let mut all: Vec<ImportIssueRecord> = Vec::new();
    let mut last = -1;
    loop {
        let rows = app.store.import_issues(run, last, CHUNK as u32).await?;
        match rows.last() {
            Some((ordinal, _)) => last = *ordinal,
            None => break,
        }
        all.extend(rows.into_iter().map(|(_, issue)| issue));
    }
    Ok(Some(report::to_csv(&all)?))
}
