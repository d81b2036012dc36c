//! Exports of lists as CSV: small ones at once, large ones in the background by whichever server is free. Who asked must still be
//! allowed to read the list when it runs, and gets the rows and columns that the list itself would show.

mod desk_rows;
mod rows;
mod sheet;
mod work;

use bytes::Bytes;
use entente_domain::id::ExportId;
use entente_domain::policy::{Actor, Resource, can};
use entente_domain::report::Dimension;
use entente_domain::report::export::{ExportKind, ExportState, KEPT_HOURS, ROWS_AT_ONCE, ROWS_MAX, RUNNING_MAX};
use entente_search::PartnerFilter;
use entente_store::{ExportLimits, ExportStarted};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::deal::DealListQuery;
use crate::dispute::DisputeListQuery;
use crate::idempotency::{KeyRefusal, Once};
use crate::lead::LeadListQuery;
use crate::report::{Report, ReportQuery};
use crate::user::UserListQuery;
use crate::{App, AppError, Refused};

pub use entente_store::ExportRecord;
pub(crate) use work::run;

/// Most exports that one person may start within an hour, and have unfinished at once.
const LIMITS: ExportLimits = ExportLimits { most: 60, seconds: 3_600, running: RUNNING_MAX };

/// Partners of the directory.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct PartnerListQuery {
    /// Words that must all match somewhere.
    pub search: Option<String>,
    /// Tier keys.
    pub tiers: Vec<String>,
    /// Type keys.
    pub types: Vec<String>,
    /// Country codes.
    pub countries: Vec<String>,
    /// Territory keys.
    pub territories: Vec<String>,
    /// Vertical keys.
    pub verticals: Vec<String>,
    /// Competency keys.
    pub competencies: Vec<String>,
    /// Language tags.
    pub languages: Vec<String>,
}

impl PartnerListQuery {
    /// The query of a search of the directory.
    pub fn of(search: Option<String>, f: PartnerFilter) -> Self {
        Self {
            search,
            tiers: f.tiers,
            types: f.types,
            countries: f.countries,
            territories: f.territories,
            verticals: f.verticals,
            competencies: f.competencies,
            languages: f.languages,
        }
    }

    fn filter(&self) -> PartnerFilter {
        let q = self.clone();
        PartnerFilter {
            tiers: q.tiers,
            types: q.types,
            countries: q.countries,
            territories: q.territories,
            verticals: q.verticals,
            competencies: q.competencies,
            languages: q.languages,
        }
    }
}

/// Which list, with its filters.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum ExportList {
    /// Deals.
    Deals(Box<DealListQuery>),
    /// Partners.
    Partners(PartnerListQuery),
    /// Leads.
    Leads(LeadListQuery),
    /// People.
    Users(UserListQuery),
    /// Disputes.
    Disputes(DisputeListQuery),
    /// The vendor's own opportunities.
    Directs,
    /// Registrations of a report.
    Report(ReportQuery, Dimension),
}

impl ExportList {
    /// Which kind of list.
    pub fn kind(&self) -> ExportKind {
        match self {
            Self::Deals(_) => ExportKind::Deals,
            Self::Partners(_) => ExportKind::Partners,
            Self::Leads(_) => ExportKind::Leads,
            Self::Users(_) => ExportKind::Users,
            Self::Disputes(_) => ExportKind::Disputes,
            Self::Directs => ExportKind::Directs,
            Self::Report(..) => ExportKind::Report,
        }
    }

    /// Whether the actor may have it.
    fn allowed(&self, actor: &Actor) -> bool {
        let fits = match self {
            Self::Report(_, dimension) => Report::may_split(actor, *dimension),
            _ => true,
        };
        fits && can(actor, self.kind().right(), Resource::Any)
    }
}

/// What is asked for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportRequest {
    /// The list.
    pub list: ExportList,
    /// Whether the file begins with the mark by which some spreadsheets know UTF-8.
    pub bom: bool,
}

/// Why an export is not started.
#[derive(Debug)]
pub enum ExportRefusal {
    /// The actor may not read the list.
    NotAllowed,
    /// It would have this many rows, more than [`ROWS_MAX`].
    TooLarge(u64),
    /// The actor has started too many within an hour.
    TooMany,
    /// [`RUNNING_MAX`] of the actor's exports are not finished yet.
    TooManyRunning,
    /// The idempotency key cannot be used.
    Key(KeyRefusal),
}

impl From<KeyRefusal> for ExportRefusal {
    fn from(refusal: KeyRefusal) -> Self {
        Self::Key(refusal)
    }
}

/// Starts an export. With few rows it is done when this answers; else it goes on in the background.
#[tracing::instrument(level = "debug", name = "export.start", skip_all)]
pub async fn start(app: &App, actor: &Actor, request: &ExportRequest, key: Option<&str>) -> Result<ExportRecord, Refused<ExportRefusal>> {
    if !request.list.allowed(actor) {
        return Err(Refused::Refused(ExportRefusal::NotAllowed));
    }
    let once = Once::new(actor, "exportStart", key, request)?;
    if let Some(record) = once.earlier(app).await? {
        return Ok(replay(app, actor, &record.result_id).await?);
    }
    let total = rows::count(app, actor, &request.list).await?;
    if total > ROWS_MAX {
        return Err(Refused::Refused(ExportRefusal::TooLarge(total)));
    }
    let record = new(app, actor, request, total)?;
    match app.store.start_export(&record, LIMITS, once.record(record.id.as_str(), String::new()).as_ref()).await? {
        ExportStarted::Now => {}
        ExportStarted::TooMany => return Err(Refused::Refused(ExportRefusal::TooMany)),
        ExportStarted::TooManyRunning => return Err(Refused::Refused(ExportRefusal::TooManyRunning)),
        ExportStarted::Before(first) => return Ok(replay(app, actor, &once.same(first)?.result_id).await?),
    }
    if total <= ROWS_AT_ONCE {
        work::one(app, Some(&record.id)).await?;
        return Ok(replay(app, actor, record.id.as_str()).await?);
    }
    let (weak, id) = (app.weak(), record.id.clone());
    app.spawn(async move {
        let Some(app) = weak.get() else { return };
        if let Err(error) = work::one(&app, Some(&id)).await {
            tracing::warn!(%error, export = %id, "an export did not end; another attempt follows");
        }
    });
    Ok(record)
}

fn new(app: &App, actor: &Actor, request: &ExportRequest, total: u64) -> Result<ExportRecord, AppError> {
    let now = app.now();
    Ok(ExportRecord {
        id: ExportId::new(app.ulid()),
        kind: request.list.kind(),
        state: ExportState::Waiting,
        user_id: actor.user_id.clone(),
        api_key_id: actor.api_key.as_ref().map(|(id, _)| id.clone()),
        request: serde_json::to_string(request).map_err(AppError::internal)?,
        done: 0,
        total: i64::try_from(total).unwrap_or(i64::MAX),
        bytes: None,
        failure: None,
        attempts: 0,
        created_at: now,
        finished_at: None,
        lease_until: now,
        holder: None,
        forget_at: now.checked_add(SignedDuration::from_hours(KEPT_HOURS)).map_err(AppError::internal)?,
    })
}

async fn replay(app: &App, actor: &Actor, id: &str) -> Result<ExportRecord, AppError> {
    get(app, actor, id).await?.ok_or_else(|| AppError::internal("an export is gone"))
}

/// An export of the actor's own; none when there is none, or it is somebody else's.
#[tracing::instrument(level = "debug", name = "export.get", skip_all)]
pub async fn get(app: &App, actor: &Actor, id: &str) -> Result<Option<ExportRecord>, AppError> {
    let Ok(id) = id.parse::<ExportId>() else { return Ok(None) };
    let key = actor.api_key.as_ref().map(|(id, _)| id);
    let own = |e: &ExportRecord| e.user_id == actor.user_id && e.api_key_id.as_ref() == key;
    Ok(app.store.export(&id).await?.filter(own))
}

/// Where the file lies in object storage.
fn place(id: &ExportId) -> String {
    format!("exports/{id}.csv")
}

/// Name of the file of an export, as `deals-2026-11-21.csv`.
fn file_name(app_date: entente_domain::Date, kind: ExportKind) -> String {
    format!("{}-{app_date}.csv", kind.file_name())
}

/// The file of an export that is done, and its name. Asks for no right: whoever serves it has checked a signed address, which only
/// the one who asked was given.
pub(crate) async fn file(app: &App, id: &ExportId) -> Result<Option<(Bytes, String)>, AppError> {
    let Some(record) = app.store.export(id).await?.filter(|e| e.state == ExportState::Done) else { return Ok(None) };
    let view = app.program().await?;
    Ok(app.files.named(&place(id)).await?.map(|bytes| (bytes, file_name(view.date(record.created_at), record.kind))))
}
