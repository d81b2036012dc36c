//! Starting an import.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use entente_app::Refused;
use entente_app::idempotency::KeyRefusal;
use entente_app::import::{self as app, ImportRefusal};

use super::ImportRun;
use crate::context::Ask as _;
use crate::page::keys;
use crate::user_error::{ImportError, ImportErrorCode as Code, UserError};

/// A value in the files and what it stands for, as product: GTXPro = GTX Pro.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct ImportAliasInput {
    /// Kind of value: product, stage, country, account, sector, sales_agent, manager or regional_office.
    field: String,
    /// The value in the files, exactly.
    from: String,
    /// What it stands for.
    to: String,
}

/// Files by role: ids that POST /uploads answered.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct CrmImportInput {
    /// Customers; without it they have neither country nor industry.
    accounts: Option<ID>,
    /// Products; without it only the program's are known.
    products: Option<ID>,
    /// Teams; without it partners have neither manager nor territory.
    sales_teams: Option<ID>,
    /// The deals.
    sales_pipeline: ID,
    /// What values stand for, at most 100.
    aliases: Option<Vec<ImportAliasInput>>,
    /// What columns and values are called, as TOML.
    mapping: Option<String>,
    /// Whether to write nothing; the run says what would have happened.
    dry_run: Option<bool>,
    /// Made once per form, 1 to 200 printable characters: for 24 hours the same key with the same input answers the first result
    /// again; with other input it is an error.
    idempotency_key: Option<String>,
}

/// What became of the start of an import.
#[derive(SimpleObject)]
pub(crate) struct ImportPayload {
    /// The run, which goes on in the background; null when there are errors.
    run: Option<ImportRun>,
    /// What the caller can mend; empty when it has started.
    errors: Vec<UserError>,
}

impl ImportPayload {
    /// The payload of a start.
    pub(crate) fn of(started: Result<ImportRun, UserError>) -> Self {
        match started {
            Ok(run) => Self { run: Some(run), errors: Vec::new() },
            Err(error) => Self { run: None, errors: vec![error] },
        }
    }
}

/// Mutations of imports.
#[derive(Default)]
pub(crate) struct ImportMutation;

#[Object]
impl ImportMutation {
    /// Starts an import of uploaded CRM files (POST /uploads gives the ids) and answers at once; importRun shows the progress.
    /// Administrators of the vendor only.
    #[graphql(complexity = "100 + child_complexity")]
    async fn crm_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The files and how to read them.")] input: CrmImportInput,
    ) -> Result<ImportPayload> {
        let alias = |a: ImportAliasInput| app::Alias { field: a.field, from: a.from, to: a.to };
        let input = app::CrmImportInput {
            accounts: input.accounts.map(|id| id.0),
            products: input.products.map(|id| id.0),
            sales_teams: input.sales_teams.map(|id| id.0),
            sales_pipeline: input.sales_pipeline.0,
            aliases: keys("aliases", input.aliases)?.into_iter().map(alias).collect(),
            mapping: input.mapping,
            dry_run: input.dry_run.unwrap_or_default(),
            idempotency_key: input.idempotency_key,
        };
        match app::start(ctx.app()?, ctx.signed_in()?, input).await {
            Ok(run) => Ok(ImportPayload { run: Some(ImportRun(run)), errors: Vec::new() }),
            Err(Refused::Failed(error)) => Err(crate::problem::Problem::from(error).into()),
            Err(Refused::Refused(refusal)) => Ok(ImportPayload { run: None, errors: vec![error(&refusal)] }),
        }
    }
}

fn error(refusal: &ImportRefusal) -> UserError {
    let code = match refusal {
        ImportRefusal::NotAllowed => Code::NotAllowed,
        ImportRefusal::Key(KeyRefusal::Reused) => Code::IdempotencyKeyReused,
        ImportRefusal::Key(KeyRefusal::Invalid) => Code::InvalidInput,
        ImportRefusal::AlreadyRunning => Code::AlreadyRunning,
        ImportRefusal::FileNotFound { .. } => Code::NotFound,
        ImportRefusal::FileBroken { .. } => Code::FileBroken,
        ImportRefusal::ColumnMissing { .. } => Code::ColumnMissing,
        ImportRefusal::MappingInvalid { .. } => Code::MappingInvalid,
    };
    let path = refusal.path();
    ImportError::of(code, &path.iter().map(String::as_str).collect::<Vec<_>>(), refusal.to_string())
}
