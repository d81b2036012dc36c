//! The vendor's own record, for both sides to read: figures over all registrations, never a word of a single one.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use entente_domain::Timestamp;
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_domain::record::{Quarter, VendorRecord, record};
use entente_domain::rules::RulesVersion;
use jiff::ToSpan;
use jiff::tz::TimeZone;
use tokio::sync::Mutex;

use crate::{App, AppError};

/// Days of the record that everybody sees first.
pub const DAYS: i64 = 90;
/// Most quarters at once.
pub const QUARTERS_MAX: i32 = 12;
/// How long a record is told again before it is computed anew.
const FRESH: Duration = Duration::from_secs(2);
/// Most records that are kept.
const KEPT: usize = 64;

/// Records that were computed of late; one at a time is computed, for many people look at the same.
#[derive(Default)]
pub struct RecordCache(Mutex<HashMap<(Timestamp, Timestamp), (Instant, VendorRecord)>>);

/// The record of the last 90 days, today among them.
#[tracing::instrument(level = "debug", name = "record.last_days", skip_all)]
pub async fn last_days(app: &App, actor: &Actor) -> Result<VendorRecord, AppError> {
    may_read(actor)?;
    let view = app.program().await?;
    let today = view.date(app.now());
    let day = |shift: i64| -> Result<Timestamp, AppError> {
        let date = today.checked_add(shift.days()).map_err(AppError::internal)?;
        Ok(date.to_zoned(view.zone.clone()).map_err(AppError::internal)?.timestamp())
    };
    of(app, day(1 - DAYS)?, day(1)?).await
}

/// The records of this quarter and those before it, newest first; at most 12.
#[tracing::instrument(level = "debug", name = "record.quarters", skip_all)]
pub async fn quarters(app: &App, actor: &Actor, count: i32) -> Result<Vec<(Quarter, VendorRecord)>, AppError> {
    may_read(actor)?;
    if !(1..=QUARTERS_MAX).contains(&count) {
        return Err(AppError::BadRequest(format!("count must be from 1 to {QUARTERS_MAX}")));
    }
    let view = app.program().await?;
    let mut quarter = Quarter::of(view.date(app.now()));
    let mut all = Vec::new();
    for _ in 0..count {
        let from = quarter.starts_at(&view.zone).map_err(AppError::internal)?;
        let to = quarter.after().starts_at(&view.zone).map_err(AppError::internal)?;
        all.push((quarter, of(app, from, to).await?));
        quarter = quarter.before();
    }
    Ok(all)
}

fn may_read(actor: &Actor) -> Result<(), AppError> {
    if can(actor, Action::SeeVendorRecord, Resource::Any) { Ok(()) } else { Err(AppError::Forbidden) }
}

async fn of(app: &App, from: Timestamp, to: Timestamp) -> Result<VendorRecord, AppError> {
    let mut kept = app.records.0.lock().await;
    if let Some((_, fresh)) = kept.get(&(from, to)).filter(|(at, _)| at.elapsed() < FRESH) {
        return Ok(fresh.clone());
    }
    let rows = app.store.record_rows(from, to).await?;
    let view = app.program().await?;
    let zone = |version: &RulesVersion| TimeZone::get(&version.rules.calendar.time_zone).unwrap_or_else(|_| view.zone.clone());
    let zones: HashMap<i32, TimeZone> = view.versions.iter().map(|version| (version.number, zone(version))).collect();
    let hours = |number: i32| {
        let version = view.versions.iter().find(|v| v.number == number).unwrap_or(&view.rules);
        (&version.rules.calendar, zones.get(&version.number).unwrap_or(&view.zone))
    };
    let made = record(&rows, from, to, hours).map_err(AppError::internal)?;
    if kept.len() >= KEPT {
        kept.retain(|_, (at, _)| at.elapsed() < FRESH);
    }
    kept.insert((from, to), (Instant::now(), made.clone()));
    Ok(made)
}
