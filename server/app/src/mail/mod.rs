//! Sending letters: a worker on every server takes one at a time from the outbox, writes it in the reader's language, and sends
//! it; what fails comes again with pauses that grow, and is laid aside in the end.
//!
//! What a letter says is checked once more when it is sent: whoever may no longer see a deal gets no letter about it, and what
//! has been answered meanwhile is not asked for again.

mod write;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use entente_domain::Timestamp;
pub use entente_mail::WrittenLetter;
use entente_mail::{Letter, MailOptions, Mailer, SendError};
use entente_store::TakenLetter;
use jiff::SignedDuration;
use tokio::sync::{Notify, watch};
use ulid::Ulid;

use crate::app::WeakApp;
use crate::{App, AppError};

/// How long a letter is ours to send, in milliseconds; longer than sending may take.
const LEASE_MS: i64 = 120_000;
/// How long sending may take.
const SENDING: Duration = Duration::from_secs(60);
/// How often we look when nothing wakes us.
const PAUSE: Duration = Duration::from_secs(2);
/// So often a letter is tried before it is laid aside.
pub const ATTEMPTS_MAX: i32 = 8;
/// The first pause before a letter is tried again, in seconds; each further one is four times as long, up to six hours.
const BACK_OFF_SECONDS: i64 = 30;
const BACK_OFF_MAX_SECONDS: i64 = 6 * 3600;

/// The way out, and what went it.
pub struct Mail {
    mailer: Mailer,
    wake: Notify,
    sent: AtomicU64,
    failed: AtomicU64,
}

impl Mail {
    /// Prepares sending; fails on settings that cannot be used.
    pub(crate) fn new(options: &MailOptions, public_url: &str) -> Result<Self, AppError> {
        let mailer = Mailer::new(options, public_url).map_err(AppError::internal)?;
        Ok(Self { mailer, wake: Notify::new(), sent: AtomicU64::new(0), failed: AtomicU64::new(0) })
    }

    /// Whether any letter can leave; none is written otherwise.
    pub fn is_on(&self) -> bool {
        self.mailer.is_on()
    }

    /// The folder into which letters are written; none when they are sent.
    pub fn folder(&self) -> Option<&std::path::Path> {
        self.mailer.folder()
    }

    /// Letters that this process sent.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Attempts of this process that failed.
    pub fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }

    /// Has the worker look at once.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }
}

/// The newest letters of the folder, newest first; none when letters are sent. For a screen of development.
pub async fn written(app: &App, most: usize) -> Vec<WrittenLetter> {
    match app.mail.folder() {
        Some(folder) => entente_mail::written(folder, most).await,
        None => Vec::new(),
    }
}

/// Sends letters until the application stops.
pub(crate) async fn run(app: WeakApp, mut stop: watch::Receiver<bool>) {
    let holder = Ulid::from_parts(0, rand::random()).to_string();
    loop {
        let Some(app) = app.get() else { return };
        if !app.mail.is_on() || *stop.borrow() {
            return;
        }
        let worked = send_next(&app, &holder).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the outbox could not be worked on; it is tried again");
            false
        });
        if worked {
            continue;
        }
        tokio::select! {
            () = app.mail.wake.notified() => {}
            () = tokio::time::sleep(PAUSE) => {}
            _ = stop.wait_for(|stopped| *stopped) => return,
        }
    }
}

/// Takes one letter and sends it; false when none is due.
#[tracing::instrument(level = "debug", name = "mail.send_next", skip_all)]
pub async fn send_next(app: &App, holder: &str) -> Result<bool, AppError> {
    let Some(taken) = app.store.take_letter(holder, app.now(), LEASE_MS).await? else { return Ok(false) };
    let Some(letter) = write::letter(app, &taken).await? else {
        app.store.letter_done(&taken.id, holder, false, app.now()).await?;
        return Ok(true);
    };
    match sent(app, &letter).await {
        Ok(()) => {
            app.mail.sent.fetch_add(1, Ordering::Relaxed);
            app.store.letter_done(&taken.id, holder, true, app.now()).await?;
        }
        Err(error) => {
            app.mail.failed.fetch_add(1, Ordering::Relaxed);
            let again = again(&taken, &error, app.now());
            tracing::warn!(letter = %taken.id, attempts = taken.attempts, %error, laid_aside = again.is_none(), "a letter was not sent");
            app.store.letter_failed(&taken.id, holder, again, &error.to_string()).await?;
        }
    }
    Ok(true)
}

async fn sent(app: &App, letter: &Letter) -> Result<(), SendError> {
    match tokio::time::timeout(SENDING, app.mail.mailer.send(letter)).await {
        Ok(done) => done,
        Err(_) => Err(SendError::Later("sending took too long".to_owned())),
    }
}

/// When a letter is tried again; none when it is laid aside.
fn again(taken: &TakenLetter, error: &SendError, now: Timestamp) -> Option<Timestamp> {
    if matches!(error, SendError::Never(_)) || taken.attempts >= ATTEMPTS_MAX {
        return None;
    }
    let doublings = u32::try_from(taken.attempts.saturating_sub(1)).unwrap_or_default().min(8);
    let seconds = BACK_OFF_SECONDS.saturating_mul(4_i64.saturating_pow(doublings)).min(BACK_OFF_MAX_SECONDS);
    Some(now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(now))
}

#[cfg(test)]
mod tests {
    use entente_store::LetterBody;

    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        let now = Timestamp::UNIX_EPOCH;
        let taken = |attempts| TakenLetter {
            id: entente_domain::id::LetterId::new(Ulid::from_parts(1, 1)),
            user_id: entente_domain::id::UserId::new(Ulid::from_parts(1, 1)),
            body: LetterBody::Digest { notifications: Vec::new(), more: 0 },
            attempts,
        };
        let later = SendError::Later("x".into());
        let pauses: Vec<i64> = (1..ATTEMPTS_MAX).map(|n| again(&taken(n), &later, now).unwrap().as_second()).collect();
        assert_eq!(pauses, [30, 120, 480, 1920, 7680, 21_600, 21_600]);
        assert_eq!(again(&taken(ATTEMPTS_MAX), &later, now), None);
        assert_eq!(again(&taken(1), &SendError::Never("x".into()), now), None);
    }
}
