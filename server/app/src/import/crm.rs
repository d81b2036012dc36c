//! One import of CRM files from beginning to end.

use std::sync::Arc;
use std::time::Instant;

use entente_domain::Decimal;
use entente_domain::event::{EventActor, EventKind, Subject};
use entente_domain::id::ImportRunId;
use entente_domain::import::stage;
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_store::Saved;

use super::deals;
use super::files::CrmFiles;
use super::mapping::{Alias, Mapping};
use super::people::Importer;
use super::plan::{Plan, Tables, plan};
use super::refusal::ImportRefusal;
use super::report::{ImportReport, StageTotal};
use super::runs;
use crate::program::ProgramView;
use crate::{App, AppError, Refused};

pub use super::files::SourceFile;
pub use super::mapping::parse_alias;

/// How often the program is read again when somebody else changes it meanwhile.
const TRIES: usize = 5;

/// How to import.
#[derive(Debug, Clone, Default)]
pub struct CrmOptions {
    /// What values stand for.
    pub aliases: Vec<Alias>,
    /// What columns and values are called, as TOML: `[columns]` with `sales_pipeline.opportunity_id = "Opp ID"`, and
    /// `[values.product]` with `"GTXPro" = "GTX Pro"`.
    pub mapping: Option<String>,
    /// Whether to write nothing and only say what would happen.
    pub dry_run: bool,
}

/// Imports and waits for the end. `by` is who asks, none for the command line. `progress` hears how many rows are done
/// and how many there are. Unless it is a dry run the run is kept, and shown in the app like any other.
#[tracing::instrument(level = "debug", name = "import.crm.run", skip_all)]
pub async fn run(
    app: &App,
    by: Option<&Actor>,
    files: CrmFiles,
    options: CrmOptions,
    progress: &(dyn Fn(u64, u64) + Send + Sync),
) -> Result<ImportReport, Refused<ImportRefusal>> {
    if by.is_some_and(|actor| !can(actor, Action::Import, Resource::Any)) {
        return Err(Refused::Refused(ImportRefusal::NotAllowed));
    }
    let dry_run = options.dry_run;
    let tables = Arc::new(decode(files, options).await?);
    let mut record = runs::begin(app, by, &tables);
    let result = execute(app, by, &tables, dry_run, record.id.clone(), progress).await;
    if !dry_run {
        runs::finish(app, &mut record, &result).await?;
    }
    Ok(result?)
}

/// Reads the mapping and the files.
pub(super) async fn decode(files: CrmFiles, options: CrmOptions) -> Result<Tables, Refused<ImportRefusal>> {
    let read = move || {
        let mapping = Mapping::new(&options.aliases, options.mapping.as_deref())?;
        Tables::read(&files, mapping)
    };
    tokio::task::spawn_blocking(read).await.map_err(AppError::internal)?.map_err(Refused::Refused)
}

/// Does what the files say.
pub(super) async fn execute(
    app: &App,
    by: Option<&Actor>,
    tables: &Arc<Tables>,
    dry_run: bool,
    run_id: ImportRunId,
    progress: &(dyn Fn(u64, u64) + Send + Sync),
) -> Result<ImportReport, AppError> {
    let begun = Instant::now();
    let rows = tables.rows();
    progress(0, rows);
    let actor = match by {
        Some(actor) => EventActor { user_id: Some(actor.user_id.clone()), name: actor.name.clone() },
        None => EventActor { user_id: None, name: "Import".to_owned() },
    };
    let importer = Importer { app, actor, dry_run };
    let (mut plan, view) = planned(&importer, tables).await?;
    let partners = importer.partners(&mut plan).await?;
    let rejected = plan.rejected;
    let done = |tally: deals::Tally| progress(rejected + tally.created + tally.unchanged, rows);
    let tally = deals::write(&importer, tables, &mut plan, &view, &partners, &done).await?;
    let stages = totals(&plan);
    plan.issues.sort_by_key(|(role, issue)| (*role, issue.line));
    Ok(ImportReport {
        run_id,
        dry_run,
        rows,
        created: tally.created,
        unchanged: tally.unchanged,
        rejected,
        stages,
        currency: plan.program.currency,
        added: plan.added,
        issues: plan.issues.into_iter().map(|(_, issue)| issue).collect(),
        elapsed: begun.elapsed(),
    })
}

/// Works out the plan and gives the program what it lacks; once more when somebody else changed the program meanwhile.
async fn planned(importer: &Importer<'_>, tables: &Arc<Tables>) -> Result<(Plan, Arc<ProgramView>), AppError> {
    let app = importer.app;
    for _ in 0..TRIES {
        let (view, now, held) = (app.program().await?, app.now(), tables.clone());
        let held_view = view.clone();
        let plan = tokio::task::spawn_blocking(move || plan(&held, &held_view, now)).await.map_err(AppError::internal)?;
        if importer.dry_run || plan.program == view.program {
            return Ok((plan, view));
        }
        let subject = Subject::Program { id: plan.program.id.clone() };
        let event = importer.event(EventKind::ProgramChanged, subject, "Products, territories or stages added by an import");
        let saved = app.store.save_program(&plan.program, Some(view.program.version), &[event]).await?;
        app.forget_program();
        if saved == Saved::Done {
            return Ok((plan, view));
        }
    }
    Err(AppError::Unavailable("the program kept changing while an import began".into()))
}

/// Rows and value of each stage.
fn totals(plan: &Plan) -> Vec<StageTotal> {
    let mut totals: Vec<StageTotal> =
        plan.program.stages.iter().map(|s| StageTotal { key: s.key.clone(), name: s.name.clone(), count: 0, value: Decimal::ZERO }).collect();
    for (_, row) in &plan.rows {
        let key = stage::find(&plan.program, &row.stage).map(|s| s.key.as_str());
        if let Some(total) = totals.iter_mut().find(|t| Some(t.key.as_str()) == key) {
            total.count += 1;
            total.value += row.value;
        }
    }
    totals.retain(|t| t.count > 0);
    totals
}
