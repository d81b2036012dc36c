//! Timers: rows that are due are claimed one by one, by whichever server is first; a server that dies loses its lease.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use entente_domain::Timestamp;
use entente_domain::timer::TimerKind;
use entente_store::{Store, Timer};
use tokio::sync::watch;
use ulid::Ulid;

use crate::app::WeakApp;
use crate::{App, AppError, deal};

/// How long a timer is ours to fire, in milliseconds.
const LEASE_MS: i64 = 30_000;
/// How often we look when nothing was due.
const PAUSE: Duration = Duration::from_secs(2);

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
        let pause = match fire_next(&app, &holder, app.now()).await {
            Ok(true) => {
                app.timers.fired.fetch_add(1, Ordering::Relaxed);
                Duration::ZERO
            }
            Ok(false) => PAUSE,
            Err(e) => {
                app.timers.failed.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(error = %e, "a timer could not be fired; it comes again");
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
    fire(app, &timer).await?;
    app.store.finish_timer(&timer.id).await?;
    Ok(true)
}

/// Does what is due. What has been done already, or is no longer wanted, is left as it is: a timer may come twice when the
/// server that had it died.
async fn fire(app: &App, timer: &Timer) -> Result<(), AppError> {
    match timer.kind {
        TimerKind::ProtectionEnd => deal::expire_one(app, &timer.subject.parse().map_err(AppError::internal)?).await,
    }
}
