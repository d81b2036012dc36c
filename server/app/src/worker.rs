//! Timers: rows that are due are claimed, the longest due first, by whichever server is first; a server that dies loses its lease.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use entente_domain::Timestamp;
use entente_domain::timer::TimerKind;
use entente_store::{Store, Timer};
use tokio::sync::watch;
use ulid::Ulid;

use crate::app::WeakApp;
use crate::{App, AppError, deal, dispute, lead, notification};

/// How long a timer is ours to fire, in milliseconds.
const LEASE_MS: i64 = 30_000;
/// How often we look when nothing was due: a timer that another server set for sooner is late by no more than that.
const PAUSE: Duration = Duration::from_secs(1);
/// Most timers that one server has in hand at once.
const BATCH: usize = 16;

/// How often we look for transactions that a dead server left behind, and how long one must have been left alone.
const ORPHANS_EVERY: Duration = Duration::from_millis(500);
const ORPHANED_AFTER: Duration = Duration::from_secs(3);

/// What became of the timers that this process claimed.
#[derive(Debug, Default)]
pub struct TimerCounts {
    fired: AtomicU64,
    failed: AtomicU64,
}

impl TimerCounts {
    /// Timers that were fired since the start.
    pub fn fired(&self) -> u64 {
        self.fired.load(Ordering::Relaxed)
    }

    /// Attempts that failed since the start; a timer that failed comes again.
    pub fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }
}

/// Fires timers until the application stops.
pub(crate) async fn run(app: WeakApp, mut stop: watch::Receiver<bool>) {
    let holder = Ulid::from_parts(0, rand::random()).to_string();
    loop {
        let Some(app) = app.get() else { return };
        let pause = match fire_due(&app, &holder).await {
            Ok(0) => until_next(&app).await,
            Ok(_) => Duration::ZERO,
            Err(e) => {
                tracing::warn!(error = %e, "timers cannot be claimed");
                PAUSE
            }
        };
        drop(app);
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stop.wait_for(|stopped| *stopped) => return,
        }
    }
}

/// How long nothing is due, and no longer than we wait at all: another server may set a timer meanwhile.
async fn until_next(app: &App) -> Duration {
    let Ok(Some(next)) = app.store.next_timer_at().await else { return PAUSE };
    let ahead = next.as_millisecond().saturating_sub(app.now().as_millisecond()).max(1);
    Duration::from_millis(ahead.unsigned_abs()).min(PAUSE)
}

/// Fires what is due, up to [`BATCH`] timers: those of one subject in their order, those of different ones beside each other. Answers
/// how many were claimed. One that fails holds up nobody: it comes again when its lease is over, behind whatever is due by then.
#[tracing::instrument(level = "debug", name = "timer.fire_due", skip_all)]
async fn fire_due(app: &App, holder: &str) -> Result<usize, AppError> {
    let mut subjects: Vec<Vec<Timer>> = Vec::new();
    let mut claimed = 0;
    while claimed < BATCH {
        let timer = match app.store.claim_timer(holder, app.now(), LEASE_MS).await {
            Ok(Some(timer)) => timer,
            Ok(None) => break,
            Err(e) if claimed == 0 => return Err(e.into()),
            Err(_) => break,
        };
        claimed += 1;
        match subjects.iter_mut().find(|timers| timers.first().is_some_and(|t| t.subject == timer.subject)) {
            Some(timers) => timers.push(timer),
            None => subjects.push(vec![timer]),
        }
    }
    let of_one = |timers: Vec<Timer>| async move {
        for timer in timers {
            if let Err(e) = fire_claimed(app, &timer).await {
                app.timers.failed.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(error = %e, timer = timer.id, attempts = timer.attempts, "a timer could not be fired; it comes again");
                return;
            }
            app.timers.fired.fetch_add(1, Ordering::Relaxed);
        }
    };
    futures::future::join_all(subjects.into_iter().map(of_one)).await;
    Ok(claimed)
}

/// Ends the transactions that a server left behind when it died, whichever server finds them first: what they had written
/// would stay locked for a minute.
pub(crate) async fn end_orphans(store: Store, mut stop: watch::Receiver<bool>) {
    loop {
        match store.end_orphans(ORPHANED_AFTER).await {
            Ok(0) => {}
            Ok(count) => tracing::warn!(count, "ended transactions that a server left behind"),
            // Without the right to look, they end by the database's own time limit.
            Err(error) => tracing::debug!(%error, "transactions that were left behind cannot be looked for"),
        }
        tokio::select! {
            () = tokio::time::sleep(ORPHANS_EVERY) => {}
            _ = stop.wait_for(|stopped| *stopped) => return,
        }
    }
}

/// Looks after the connections to the database until the application stops.
pub(crate) async fn keep_pool_moving(store: Store, mut stop: watch::Receiver<bool>) {
    tokio::select! {
        () = store.keep_pool_moving() => {}
        _ = stop.wait_for(|stopped| *stopped) => {}
    }
}

/// Fires one timer that is due; false when none was.
#[tracing::instrument(level = "debug", name = "timer.fire_next", skip_all)]
pub async fn fire_next(app: &App, holder: &str, now: Timestamp) -> Result<bool, AppError> {
    let Some(timer) = app.store.claim_timer(holder, now, LEASE_MS).await? else { return Ok(false) };
    fire_claimed(app, &timer).await?;
    Ok(true)
}

async fn fire_claimed(app: &App, timer: &Timer) -> Result<(), AppError> {
    fire(app, timer).await?;
    Ok(app.store.finish_timer(timer).await?)
}

/// Does what is due. What has been done already, or is no longer wanted, is left as it is: a timer may come twice when the
/// server that had it died.
async fn fire(app: &App, timer: &Timer) -> Result<(), AppError> {
    match timer.kind {
        TimerKind::ProtectionEnd | TimerKind::ProtectionInactive => deal::expire_one(app, &timer.subject.parse().map_err(AppError::internal)?).await,
        TimerKind::ProtectionReminder => deal::remind_one(app, &timer.subject.parse().map_err(AppError::internal)?).await,
        TimerKind::DecisionWarning | TimerKind::DecisionDeadline | TimerKind::DecisionEscalation => {
            deal::clock_one(app, &timer.subject.parse().map_err(AppError::internal)?, timer.kind).await
        }
        TimerKind::NotificationDigest => notification::send_digest(app, timer).await,
        TimerKind::DisputeDeadline => dispute::miss_one(app, &timer.subject.parse().map_err(AppError::internal)?).await,
        TimerKind::LeadWindow => lead::lapse_one(app, &timer.subject.parse().map_err(AppError::internal)?).await,
        TimerKind::LeadFollowUp => lead::miss_one(app, &timer.subject.parse().map_err(AppError::internal)?).await,
    }
}
