//! Doing an export: one server at a time holds the lease and renews it with every batch; when it dies, another one begins the file
//! again. Old files go after their time.

use std::time::Duration;

use entente_domain::Timestamp;
use entente_domain::id::ExportId;
use entente_domain::policy::Actor;
use entente_domain::report::export::{ExportFailure, ROWS_MAX};
use entente_store::ExportRecord;
use jiff::SignedDuration;
use tokio::sync::watch;
use ulid::Ulid;

use super::rows::Batches;
use super::{ExportRequest, place};
use crate::app::WeakApp;
use crate::{App, AppError};

/// How long a server has for one batch before another may take over.
const LEASE: SignedDuration = SignedDuration::from_secs(30);
/// How often waiting exports of dead servers and old files are looked for.
const PAUSE: Duration = Duration::from_secs(5);
/// Old files removed at a time.
const FORGET: i64 = 100;

fn until(now: Timestamp) -> Timestamp {
    now.checked_add(LEASE).unwrap_or(Timestamp::MAX)
}

/// Looks after exports until the application stops.
pub(crate) async fn run(app: WeakApp, mut stop: watch::Receiver<bool>) {
    loop {
        let Some(app) = app.get() else { return };
        let worked = tokio::select! {
            worked = round(&app) => worked,
            _ = stop.wait_for(|stopped| *stopped) => return,
        };
        drop(app);
        let pause = match worked {
            Ok(true) => Duration::ZERO,
            Ok(false) => PAUSE,
            Err(error) => {
                tracing::warn!(%error, "exports could not be looked after; another attempt follows");
                PAUSE
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stop.wait_for(|stopped| *stopped) => return,
        }
    }
}

/// One look: whether there was something to do.
async fn round(app: &App) -> Result<bool, AppError> {
    app.store.give_up_exports(app.now()).await?;
    for id in app.store.exports_to_forget(app.now(), FORGET).await? {
        app.files.remove_named(&place(&id)).await?;
        app.store.forget_export(&id).await?;
    }
    one(app, None).await
}

/// Does one export, that one or any that waits; false when there was none that nobody works on.
pub(super) async fn one(app: &App, id: Option<&ExportId>) -> Result<bool, AppError> {
    let holder = Ulid::from_parts(0, rand::random()).to_string();
    let now = app.now();
    let Some(record) = app.store.claim_export(id, &holder, now, until(now)).await? else { return Ok(false) };
    let end = match write(app, &record, &holder).await? {
        Written::Lost => return Ok(true),
        Written::Not(why) => Err(why),
        Written::File(rows, bytes) => {
            let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
            app.files.put_named(&place(&record.id), bytes.into()).await?;
            Ok((rows, size))
        }
    };
    app.store.finish_export(&record.id, &holder, end, app.now()).await?;
    Ok(true)
}

enum Written {
    File(i64, Vec<u8>),
    Not(ExportFailure),
    /// Somebody else works on it by now.
    Lost,
}

async fn write(app: &App, record: &ExportRecord, holder: &str) -> Result<Written, AppError> {
    let request: ExportRequest = serde_json::from_str(&record.request).map_err(AppError::internal)?;
    let api_key = record.api_key_id.clone().map(|id| (id, Vec::new()));
    let asked = Actor { user_id: record.user_id.clone(), name: String::new(), roles: Vec::new(), partner_id: None, api_key };
    let mut batches = Batches::new(&request)?;
    loop {
        // Before every batch: rights that were taken away meanwhile end it.
        let Some(actor) = app.refresh_actor(&asked).await?.filter(|a| request.list.allowed(a)) else {
            return Ok(Written::Not(ExportFailure::NotAllowed));
        };
        let more = batches.next(app, &actor, &request.list).await?;
        if batches.rows.unsigned_abs() > ROWS_MAX {
            return Ok(Written::Not(ExportFailure::TooLarge));
        }
        if !more {
            break;
        }
        if !app.store.keep_export(&record.id, holder, batches.rows, until(app.now())).await? {
            return Ok(Written::Lost);
        }
    }
    let rows = batches.rows;
    Ok(Written::File(rows, batches.end()?))
}
