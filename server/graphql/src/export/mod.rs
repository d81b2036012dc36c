//! Exports on the wire: started, followed while they run, downloaded for a day.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use entente_app::Refused;
use entente_app::dispute::DisputeListQuery;
use entente_app::export as app;
use entente_app::idempotency::KeyRefusal;
use entente_domain::report::export as domain;

use crate::context::Ask as _;
use crate::deal::{DealFilter, DealOrder};
use crate::dispute::DisputeStatus;
use crate::lead::LeadFilter;
use crate::page::{keys, search};
use crate::partner::PartnerFilter;
use crate::problem::Problem;
use crate::report::{ReportDimension, ReportInput};
use crate::scalar::{DateTime, Url};
use crate::user::UserFilter;
use crate::user_error::{ExportError, ExportErrorCode as Code, KEY_INVALID, KEY_REUSED, UserError};

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ExportKind")]
pub(crate) enum ExportKind {
    /// Deals of a pipeline, a queue, or behind a number of a report.
    Deals,
    /// Partners of the directory.
    Partners,
    /// Leads.
    Leads,
    /// People.
    Users,
    /// Disputes, as the viewer's side sees them.
    Disputes,
    /// The vendor's own opportunities.
    Directs,
    /// Registrations of a report by partner, territory or product.
    Report,
}

/// How far an export is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ExportState")]
pub(crate) enum ExportState {
    /// Nobody works on it yet.
    Waiting,
    /// Rows are being written.
    Running,
    /// The file is ready.
    Done,
    /// There is no file; failure says why.
    Failed,
}

/// Why there is no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ExportFailure")]
pub(crate) enum ExportFailure {
    /// Who asked may not read this any more.
    NotAllowed,
    /// More rows than one export may have.
    TooLarge,
    /// The server could not finish it, several times.
    Broken,
}

/// A list as a file. Only the filter of the kind that is asked for counts.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct ExportInput {
    /// Which list.
    kind: ExportKind,
    /// What is looked for in the list, as in the list itself, at most 200 characters; not in a report, nor where the list has no
    /// search.
    search: Option<String>,
    /// Which deals.
    deals: Option<DealFilter>,
    /// Which partners.
    partners: Option<PartnerFilter>,
    /// Which leads.
    leads: Option<LeadFilter>,
    /// Which people.
    users: Option<UserFilter>,
    /// Statuses of disputes; all if left out or empty.
    disputes: Option<Vec<DisputeStatus>>,
    /// Of what a report is.
    report: Option<ReportInput>,
    /// By what a report's registrations are told apart; needed for a report.
    by: Option<ReportDimension>,
    /// Whether the file begins with a byte order mark, by which some spreadsheets know UTF-8; not if left out.
    bom: Option<bool>,
    /// Made once per click, 1 to 200 printable characters: for 24 hours the same key with the same input answers the first result
    /// again; with other input it is an error.
    idempotency_key: Option<String>,
}

impl ExportInput {
    /// The list; none when a report does not say by what.
    fn list(self) -> Result<Option<app::ExportList>, Problem> {
        Ok(Some(match self.kind {
            ExportKind::Deals => app::ExportList::Deals(Box::new(DealFilter::query(self.deals, self.search, None::<DealOrder>)?)),
            ExportKind::Partners => {
                app::ExportList::Partners(app::PartnerListQuery::of(search(self.search)?, self.partners.unwrap_or_default().into_app()?))
            }
            ExportKind::Leads => app::ExportList::Leads(LeadFilter::query(self.leads, self.search, None)?),
            ExportKind::Users => app::ExportList::Users(UserFilter::query(self.users, self.search)?),
            ExportKind::Disputes => {
                let statuses = keys("disputes", self.disputes)?.into_iter().map(Into::into).collect();
                app::ExportList::Disputes(DisputeListQuery { statuses })
            }
            ExportKind::Directs => app::ExportList::Directs,
            ExportKind::Report => match self.by {
                Some(by) => app::ExportList::Report(self.report.unwrap_or_default().into_app()?, by.into()),
                None => return Ok(None),
            },
        }))
    }
}

/// An export of a list.
pub(crate) struct Export(entente_app::export::ExportRecord);

fn whole(n: i64) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

/// An export of a list. Seen by who started it.
#[Object]
impl Export {
    /// Its id.
    async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// Which list.
    async fn kind(&self) -> ExportKind {
        self.0.kind.into()
    }

    /// How far it is.
    async fn state(&self) -> ExportState {
        self.0.state.into()
    }

    /// Rows written so far.
    async fn rows_done(&self) -> i32 {
        whole(self.0.done)
    }

    /// Rows in all, as counted at the start; at the end those of the file.
    async fn rows_total(&self) -> i32 {
        whole(self.0.total)
    }

    /// Size of the file in bytes; null until it is ready.
    async fn bytes(&self) -> Option<i32> {
        self.0.bytes.map(whole)
    }

    /// When it was started.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it ended; null while it waits or runs.
    async fn finished_at(&self) -> Option<DateTime> {
        self.0.finished_at.map(DateTime)
    }

    /// When record and file are removed.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.forget_at)
    }

    /// Why there is no file; null unless it failed.
    async fn failure(&self) -> Option<ExportFailure> {
        self.0.failure.map(Into::into)
    }

    /// Where the file is: CSV by RFC 4180, UTF-8, with a head. The address holds for a quarter of an hour and needs no token; null
    /// until it is ready.
    async fn download_url(&self, ctx: &Context<'_>) -> Result<Option<Url>> {
        let ready = self.0.state == domain::ExportState::Done;
        Ok(if ready { Some(Url(ctx.app()?.export_url(&self.0.id))) } else { None })
    }
}

/// What became of the start of an export.
#[derive(SimpleObject)]
pub(crate) struct ExportPayload {
    /// The export, done at once with few rows; null when there are errors.
    export: Option<Export>,
    /// What the caller can mend; empty when it has started.
    errors: Vec<UserError>,
}

/// Root fields of exports.
#[derive(Default)]
pub(crate) struct ExportQuery;

#[Object]
impl ExportQuery {
    /// An export that the viewer started; null when there is none or it is somebody else's.
    async fn export(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Result<Option<Export>> {
        Ok(app::get(ctx.app()?, ctx.signed_in()?, &id).await.map_err(Problem::from)?.map(Export))
    }
}

/// Mutations of exports.
#[derive(Default)]
pub(crate) struct ExportMutation;

#[Object]
impl ExportMutation {
    /// Starts an export of a list with its filters: what the viewer may see of it, as CSV. Up to 1,000 rows are ready at once, up to
    /// 200,000 are written in the background; export shows the progress. At most 60 an hour, and 3 that are not finished.
    #[graphql(complexity = "100 + child_complexity")]
    async fn export_start(&self, ctx: &Context<'_>, #[graphql(desc = "The list.")] input: ExportInput) -> Result<ExportPayload> {
        let (key, bom) = (input.idempotency_key.clone(), input.bom.unwrap_or_default());
        let Some(list) = input.list()? else {
            let error = ExportError::of(Code::InvalidInput, &["input", "by"], "by must say by what the report is told apart.");
            return Ok(ExportPayload { export: None, errors: vec![error] });
        };
        match app::start(ctx.app()?, ctx.signed_in()?, &app::ExportRequest { list, bom }, key.as_deref()).await {
            Ok(record) => Ok(ExportPayload { export: Some(Export(record)), errors: Vec::new() }),
            Err(Refused::Failed(error)) => Err(Problem::from(error).into()),
            Err(Refused::Refused(refusal)) => Ok(ExportPayload { export: None, errors: vec![error(&refusal)] }),
        }
    }
}

fn error(refusal: &app::ExportRefusal) -> UserError {
    let key = ["input", "idempotencyKey"];
    match refusal {
        app::ExportRefusal::NotAllowed => ExportError::of(Code::NotAllowed, &[], "Your role does not let you read this list."),
        app::ExportRefusal::TooLarge(rows) => {
            let message = format!("The list has {rows} rows and one export at most {}; narrow it.", domain::ROWS_MAX);
            ExportError::of(Code::TooLarge, &["input"], message)
        }
        app::ExportRefusal::TooMany => ExportError::of(Code::TooMany, &[], "You have started too many exports within an hour; try again later."),
        app::ExportRefusal::TooManyRunning => {
            let message = format!("{} of your exports are not finished yet; wait for one of them.", domain::RUNNING_MAX);
            ExportError::of(Code::TooManyRunning, &[], message)
        }
        app::ExportRefusal::Key(KeyRefusal::Reused) => ExportError::of(Code::IdempotencyKeyReused, &key, KEY_REUSED),
        app::ExportRefusal::Key(KeyRefusal::Invalid) => ExportError::of(Code::InvalidInput, &key, KEY_INVALID),
    }
}
