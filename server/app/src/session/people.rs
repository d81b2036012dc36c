//! People as authentication reads them: kept for a short time, forgotten at once when an event says that they changed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use entente_domain::id::UserId;
use entente_domain::user::User;

use crate::live::Principal;
use crate::{App, AppError};

/// How long a person is kept should an event be late.
const KEEP: Duration = Duration::from_secs(20);
/// Most people kept.
const MOST: usize = 10_000;

/// Holds people between events.
#[derive(Default)]
pub struct People(Mutex<HashMap<UserId, (Arc<User>, Instant)>>);

impl People {
    /// Forgets a person, so that the next one to ask reads it again.
    pub fn forget(&self, id: &UserId) {
        if let Ok(mut held) = self.0.lock() {
            held.remove(id);
        }
    }

    fn held(&self, id: &UserId) -> Option<Arc<User>> {
        let held = self.0.lock().ok()?;
        held.get(id).filter(|(_, since)| since.elapsed() < KEEP).map(|(user, _)| user.clone())
    }

    fn hold(&self, user: Arc<User>) {
        if let Ok(mut held) = self.0.lock() {
            if held.len() >= MOST {
                held.clear();
            }
            held.insert(user.id.clone(), (user, Instant::now()));
        }
    }
}

impl App {
    /// Forgets what is held of a person, and has everyone who holds a stream in that name ask for the rights again.
    pub(crate) fn person_changed(&self, id: &UserId) {
        self.people.forget(id);
        self.standings.touch(&Principal::Person(id.clone()));
    }

    /// The person with that account, perhaps a few seconds old where nothing told of a change.
    pub(crate) async fn person(&self, id: &UserId) -> Result<Option<Arc<User>>, AppError> {
        if let Some(user) = self.people.held(id) {
            return Ok(Some(user));
        }
        let Some(user) = self.store.user(id).await? else { return Ok(None) };
        let user = Arc::new(user);
        self.people.hold(user.clone());
        Ok(Some(user))
    }
}
