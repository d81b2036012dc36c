//! The watch over subscribers' rights: whoever holds a stream open learns at once when the account or key behind it
//! changed, before any later event is told, and asks for the rights again then and not with every event.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use entente_domain::api_key::ApiScope;
use entente_domain::id::{ApiKeyId, PartnerId, UserId};
use entente_domain::policy::Actor;
use entente_domain::user::Role;
use tokio::sync::watch;
use ulid::Ulid;

use crate::App;

/// Whose rights an actor has.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Principal {
    /// A person's account.
    Person(UserId),
    /// An integrator's key.
    Key(ApiKeyId),
}

impl Principal {
    /// Whose rights this actor has.
    pub fn of(actor: &Actor) -> Self {
        match &actor.api_key {
            Some((id, _)) => Self::Key(id.clone()),
            None => Self::Person(actor.user_id.clone()),
        }
    }
}

/// Everything that decides what an actor may see of others' changes, and nothing that tells one person from another of the
/// same roles: what is told to one of an audience may be told to all of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Audience {
    roles: Vec<Role>,
    partner_id: Option<PartnerId>,
    scopes: Option<Vec<ApiScope>>,
}

impl Audience {
    /// The audience of an actor.
    pub fn of(actor: &Actor) -> Self {
        let scopes = actor.api_key.as_ref().map(|(_, scopes)| scopes.clone());
        Self { roles: actor.roles.clone(), partner_id: actor.partner_id.clone(), scopes }
    }

    /// An actor with exactly the rights of the audience. It has no account: whatever is somebody's own stays hidden from it.
    pub fn actor(&self) -> Actor {
        Actor {
            user_id: UserId::new(Ulid::nil()),
            name: String::new(),
            roles: self.roles.clone(),
            partner_id: self.partner_id.clone(),
            api_key: self.scopes.clone().map(|scopes| (ApiKeyId::new(Ulid::nil()), scopes)),
        }
    }
}

/// Everybody who holds a stream open.
#[derive(Default)]
pub(crate) struct Standings(Mutex<Watched>);

#[derive(Default)]
struct Watched {
    by_principal: HashMap<Principal, watch::Sender<()>>,
    sweep_at: usize,
}

/// Fewest entries that are worth a sweep.
const SWEEP_MIN: usize = 256;

impl Standings {
    /// Says that the account or key changed.
    pub(crate) fn touch(&self, principal: &Principal) {
        let watched = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = watched.by_principal.get(principal) {
            sender.send_replace(());
        }
    }

    fn watch(&self, principal: Principal) -> watch::Receiver<()> {
        let mut watched = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if watched.by_principal.len() >= watched.sweep_at.max(SWEEP_MIN) {
            watched.by_principal.retain(|_, sender| sender.receiver_count() > 0);
            watched.sweep_at = watched.by_principal.len() * 2;
        }
        watched.by_principal.entry(principal).or_insert_with(|| watch::channel(()).0).subscribe()
    }
}

/// The watch over one subscriber's rights.
#[derive(Debug)]
pub struct Standing(watch::Receiver<()>);

impl Standing {
    /// Whether the account or key changed since this was last asked. Costs no more than a look at a number.
    pub fn has_changed(&mut self) -> bool {
        let changed = self.0.has_changed().unwrap_or(true);
        if changed {
            self.0.mark_unchanged();
        }
        changed
    }

    /// Waits until the account or key changes. Safe to drop while waiting.
    pub async fn changed(&mut self) {
        if self.0.changed().await.is_err() {
            // The application ended, and with it every change.
            std::future::pending::<()>().await;
        }
    }
}

impl App {
    /// Watches over the rights of this actor. Ask for the rights once more after this call: what changed before it is not told.
    pub fn standing(&self, actor: &Actor) -> Standing {
        Standing(self.standings.watch(Principal::of(actor)))
    }
}
