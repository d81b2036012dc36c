//! Digests: when a person's timer is due, what waits is folded into one letter.

use entente_domain::id::{LetterId, UserId};
use entente_store::Timer;

use crate::clock::ulid_of;
use crate::{App, AppError};

/// Most lines of one digest; the letter says how many more there are.
const LINES_MAX: usize = 50;

/// Makes the digest that the timer is for. The letter's id follows from person and due time: a timer that comes twice makes
/// one letter.
pub(crate) async fn send_digest(app: &App, timer: &Timer) -> Result<(), AppError> {
    let user: UserId = timer.subject.parse().map_err(AppError::internal)?;
    let id = LetterId::new(ulid_of(&format!("digest {user} {}", timer.due_at.as_millisecond())));
    if app.store.fold_digest(&id, &user, app.now(), LINES_MAX).await? {
        app.mail.wake();
    }
    Ok(())
}
