//! Leads from a file: read row by row in the background, given away batch by batch. A broken row is reported with its line,
//! its column and the rule; the others go in. A row is known by its key, so that the same file twice changes nothing and an
//! import that was interrupted goes on where it ended.

mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use bytes::Bytes;
use entente_domain::event::EventActor;
use entente_domain::id::{FileId, ImportRunId, LeadId};
use entente_domain::lead::decide::{self, New, wanted};
use entente_domain::lead::draft::{LeadTerms, SourceInput};
use entente_domain::lead::{Intake, LeadDecision, duplicate_keys};
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_store::{Begun, IdempotencyRecord, ImportIssueRecord, ImportRunRecord, LeadCommitted, LeadWrite};
use serde::Serialize;

use self::rows::{Header, Row, Rows};
use super::TRIES;
use super::give::{Field, causes};
use super::intake::{joins_since, number_text, pause};
use crate::idempotency::{KeyRefusal, Once};
use crate::import::{GATE, GIVE_UP_SECONDS};
use crate::{App, AppError, Refused};

/// Rows that are given away and written at once.
const BATCH: usize = 500;
/// How often the progress of a run is kept, at most.
const TICK: Duration = Duration::from_millis(500);

/// An import of leads as it was asked for.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LeadImportInput {
    /// The file: the id that the upload answered.
    pub file: String,
    /// Name for the report.
    pub file_name: Option<String>,
    /// Source of rows that name none.
    pub source: SourceInput,
    /// Whether the leads stay with the vendor until somebody lets them go.
    pub hold: bool,
    /// Whether to write nothing; the run says what would have happened.
    pub dry_run: bool,
    /// Made once per form; see [`crate::idempotency`].
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

/// Why an import is refused as a whole. Nothing has been written then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LeadImportRefusal {
    /// The actor's role may not import.
    #[error("Only administrators of the vendor may import.")]
    NotAllowed,
    /// Another import runs.
    #[error("Another import is running; wait until it has ended.")]
    AlreadyRunning,
    /// There is no such upload.
    #[error("There is no such file; upload it first.")]
    FileNotFound,
    /// The file cannot be read as a table at all.
    #[error("The file cannot be read as a table: {0}.")]
    FileBroken(String),
    /// A column is missing in the header.
    #[error("The file has no column `{column}`; its columns are {found}.")]
    ColumnMissing {
        /// The column.
        column: &'static str,
        /// What the header has.
        found: String,
    },
    /// The idempotency key cannot be used.
    #[error("The idempotency key cannot be used.")]
    Key(KeyRefusal),
}

impl From<KeyRefusal> for LeadImportRefusal {
    fn from(refusal: KeyRefusal) -> Self {
        Self::Key(refusal)
    }
}

/// Starts an import in the background and answers its run at once. Refused while another one runs.
#[tracing::instrument(level = "debug", name = "lead.import", skip_all)]
pub async fn import(app: &App, actor: &Actor, input: LeadImportInput) -> Result<ImportRunRecord, Refused<LeadImportRefusal>> {
    let refuse = |r| Err(Refused::Refused(r));
    if !can(actor, Action::Import, Resource::OfVendor) {
        return refuse(LeadImportRefusal::NotAllowed);
    }
    let once = Once::new(actor, "leadImport", input.idempotency_key.as_deref(), &input)?;
    if let Some(record) = once.earlier(app).await? {
        return replay(app, &record).await;
    }
    let Ok(file) = input.file.parse::<FileId>() else { return refuse(LeadImportRefusal::FileNotFound) };
    let Some(bytes) = app.files.upload(&file).await? else { return refuse(LeadImportRefusal::FileNotFound) };
    let header = Header::read(&bytes).map_err(Refused::Refused)?;
    let record = ImportRunRecord {
        id: ImportRunId::new(app.ulid()),
        status: "RUNNING".to_owned(),
        started_at: app.now(),
        finished_at: None,
        started_by: Some(actor.user_id.clone()),
        processed: 0,
        total: header.rows,
        created: 0,
        unchanged: 0,
        rejected: 0,
        failure: None,
        issue_counts: Vec::new(),
        kind: "LEADS".to_owned(),
    };
    let answer = once.record(record.id.as_str(), String::new());
    match app.store.begin_import_run(&record, (GATE, GIVE_UP_SECONDS), answer.as_ref()).await? {
        Begun::Now => {}
        Begun::GateClosed => return refuse(LeadImportRefusal::AlreadyRunning),
        Begun::Before(first) => return replay(app, &once.same(first)?).await,
    }
    let by = EventActor { user_id: Some(actor.user_id.clone()), name: actor.name.clone() };
    app.spawn(work(app.clone(), by, bytes, header, input, record.clone()));
    Ok(record)
}

async fn replay(app: &App, record: &IdempotencyRecord) -> Result<ImportRunRecord, Refused<LeadImportRefusal>> {
    let id: ImportRunId = record.result_id.parse().map_err(AppError::internal)?;
    let run = app.store.import_run(&id).await?;
    run.ok_or_else(|| Refused::Failed(AppError::internal("an idempotency record names no run of an import")))
}

/// Does the work and keeps how it ended.
async fn work(app: App, by: EventActor, bytes: Bytes, header: Header, input: LeadImportInput, record: ImportRunRecord) {
    let mut run = Run { app: app.clone(), by, input, record, counts: BTreeMap::new(), issues: 0, kept: Instant::now(), seen: BTreeSet::new() };
    let result = {
        let work = run.work(&bytes, &header);
        tokio::pin!(work);
        let mut stopping = app.stopping();
        tokio::select! {
            result = &mut work => result,
            _ = async { stopping.wait_for(|stop| *stop).await.is_ok() } => Err(AppError::Unavailable("the server stops".into())),
        }
    };
    run.record.finished_at = Some(app.now());
    match result {
        Ok(()) => run.record.status = "DONE".to_owned(),
        Err(error) => {
            tracing::error!(run = %run.record.id, %error, "an import of leads failed");
            run.record.status = "FAILED".to_owned();
            run.record.failure = Some("The import was interrupted. Rows that are in stay in; import the same file again to go on.".to_owned());
        }
    }
    if let Err(error) = run.keep().await {
        tracing::error!(run = %run.record.id, %error, "the end of an import of leads was not kept");
    }
    if let Err(error) = app.store.reset(GATE).await {
        tracing::error!(%error, "the next import has to wait");
    }
}

struct Run {
    app: App,
    by: EventActor,
    input: LeadImportInput,
    record: ImportRunRecord,
    /// How often each kind of issue came up.
    counts: BTreeMap<(&'static str, &'static str, &'static str), i64>,
    /// Issues that have been written.
    issues: i64,
    /// When the progress was last kept.
    kept: Instant,
    /// In a dry run the keys of rows that would have gone in.
    seen: BTreeSet<String>,
}

impl Run {
    async fn work(&mut self, bytes: &[u8], header: &Header) -> Result<(), AppError> {
        let view = self.app.program().await?;
        let terms = LeadTerms::of(&view.program);
        let name = self.input.file_name.clone().unwrap_or_else(|| "leads.csv".to_owned());
        let source = self.input.source.clone();
        let mut rows = Rows::new(bytes, header, &view.program, &terms, &source, name);
        loop {
            // A batch takes a moment: others run between.
            let mut batch: Vec<Row> = Vec::with_capacity(BATCH);
            let mut issues = Vec::new();
            let mut read = 0;
            while read < BATCH {
                match rows.next() {
                    None => break,
                    Some(Ok(row)) => batch.push(row),
                    Some(Err(found)) => {
                        self.record.rejected += 1;
                        issues.extend(found);
                    }
                }
                read += 1;
            }
            if read == 0 {
                return Ok(());
            }
            self.write(batch, &mut issues).await?;
            self.record.processed += i64::try_from(read).unwrap_or_default();
            self.report(issues).await?;
            if self.kept.elapsed() >= TICK {
                self.kept = Instant::now();
                self.keep().await?;
            }
        }
    }

    /// Writes the rows of a batch that are new. What changed meanwhile is looked at again.
    async fn write(&mut self, batch: Vec<Row>, issues: &mut Vec<Issue>) -> Result<(), AppError> {
        for _ in 0..TRIES {
            let mut found = Vec::new();
            let (field, fresh, unchanged) = self.fresh(&batch, &mut found).await?;
            let created = i64::try_from(fresh.len()).unwrap_or_default();
            if !self.input.dry_run && !fresh.is_empty() {
                let days = field.routing.set.duplicate_days;
                let (decisions, field) = self.decide(&fresh, field).await?;
                let ledger = field.ledger_after(decisions.iter().any(|d| d.lead.window_ends_at.is_some()));
                let write = LeadWrite { decisions: &decisions, ledger: ledger.as_ref(), duplicate_days: days, once: None };
                match self.app.store.commit_leads(write).await? {
                    LeadCommitted::Done => {}
                    _ => {
                        pause().await;
                        continue;
                    }
                }
            }
            self.record.created += created;
            self.record.unchanged += unchanged;
            issues.append(&mut found);
            return Ok(());
        }
        Err(AppError::Unavailable("a batch of leads lost its race too often".into()))
    }

    /// The rows of a batch that no lead has yet, each key and each person with a product once.
    async fn fresh<'a>(&mut self, batch: &'a [Row], issues: &mut Vec<Issue>) -> Result<(Field, Vec<&'a Row>, i64), AppError> {
        let field = Field::read(&self.app).await?;
        let since = joins_since(self.app.now(), field.routing.set.duplicate_days);
        let keys: Vec<String> = batch.iter().map(|r| r.key.clone()).collect();
        let there = self.app.store.lead_import_keys(&keys).await?;
        let people: Vec<String> = batch.iter().flat_map(|r| duplicate_keys(&r.draft.person.email, &r.draft.product_ids)).collect();
        let joins = field.routing.set.duplicate_days > 0;
        let held = if joins { self.app.store.lead_keys(&people, since).await? } else { BTreeMap::new() };
        let (mut fresh, mut unchanged) = (Vec::new(), 0);
        let (mut in_batch, mut asked) = (BTreeSet::new(), BTreeSet::new());
        for row in batch {
            if there.contains(&row.key) || !in_batch.insert(&row.key) || self.seen.contains(&row.key) {
                unchanged += 1;
                continue;
            }
            let person = duplicate_keys(&row.draft.person.email, &row.draft.product_ids);
            if joins && person.iter().any(|k| held.contains_key(k) || asked.contains(k)) {
                unchanged += 1;
                issues.push(row.joins());
                continue;
            }
            asked.extend(person);
            fresh.push(row);
        }
        if self.input.dry_run {
            self.seen.extend(fresh.iter().map(|r| r.key.clone()));
        }
        Ok((field, fresh, unchanged))
    }

    async fn decide(&self, fresh: &[&Row], mut field: Field) -> Result<(Vec<LeadDecision>, Field), AppError> {
        let count = i64::try_from(fresh.len()).unwrap_or_default();
        let first = self.app.store.next_number("lead", count).await?;
        let now = self.app.now();
        let mut decisions = Vec::with_capacity(fresh.len());
        for (n, row) in (first..).zip(fresh) {
            let wanted = wanted(&row.draft, &field.routing.set, None);
            let routed = (!self.input.hold).then(|| field.route(&wanted, now));
            if let Some(routed) = &routed {
                field.take(routed);
            }
            let new = New {
                id: LeadId::new(self.app.ulid()),
                number: number_text(n),
                intake: Intake::Csv,
                consent: None,
                import_key: Some(row.key.clone()),
            };
            let causes = causes(&self.app, self.by.clone());
            let decision = decide::create(row.draft.clone(), new, wanted.territory, routed, field.terms(), &causes).map_err(AppError::internal)?;
            decisions.push(decision);
        }
        Ok((decisions, field))
    }

    /// Writes what was wrong with rows of a batch.
    async fn report(&mut self, issues: Vec<Issue>) -> Result<(), AppError> {
        for issue in &issues {
            *self.counts.entry((issue.severity, issue.code, issue.means)).or_default() += 1;
        }
        let records: Vec<ImportIssueRecord> = issues.into_iter().map(Issue::record).collect();
        self.app.store.add_import_issues(&self.record.id, self.issues, &records).await?;
        self.issues += i64::try_from(records.len()).unwrap_or_default();
        Ok(())
    }

    async fn keep(&mut self) -> Result<(), AppError> {
        let count = |((severity, code, means), n): (&(&str, &str, &str), &i64)| ((*severity).to_owned(), (*code).to_owned(), (*means).to_owned(), *n);
        self.record.issue_counts = self.counts.iter().map(count).collect();
        Ok(self.app.store.save_import_run(&self.record).await?)
    }
}

/// One thing wrong in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Issue {
    severity: &'static str,
    code: &'static str,
    /// What the code means for every row that has it.
    means: &'static str,
    file: String,
    line: u64,
    column: Option<String>,
    value: Option<String>,
    reason: String,
}

impl Issue {
    fn record(self) -> ImportIssueRecord {
        ImportIssueRecord {
            severity: self.severity.to_owned(),
            file: self.file,
            line: i64::try_from(self.line).unwrap_or(i64::MAX),
            column: self.column,
            value: self.value,
            code: self.code.to_owned(),
            reason: self.reason,
        }
    }
}
