//! The watch over subscribers' rights: whoever holds a stream open learns at once when the account or key behind it
//! changed, before any later event is told, and asks for the rights again then and not with every event.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::Context;

use entente_domain::api_key::ApiScope;
use entente_domain::id::{ApiKeyId, PartnerId, UserId};
use entente_domain::policy::Actor;
use entente_domain::user::Role;
use futures::task::AtomicWaker;
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
/// same roles: what is told to one of an audience may be told to all of it. A personal audience is one person's alone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Audience {
    roles: Vec<Role>,
    partner_id: Option<PartnerId>,
    scopes: Option<Vec<ApiScope>>,
    person: Option<UserId>,
}

impl Audience {
    /// The audience of an actor.
    pub fn of(actor: &Actor) -> Self {
        let scopes = actor.api_key.as_ref().map(|(_, scopes)| scopes.clone());
        Self { roles: actor.roles.clone(), partner_id: actor.partner_id.clone(), scopes, person: None }
    }

    /// The audience of this person alone, for what is somebody's own.
    pub fn personal(actor: &Actor) -> Self {
        Self { person: Some(actor.user_id.clone()), ..Self::of(actor) }
    }

    /// An actor with exactly the rights of the audience. Unless the audience is personal it has no account: whatever is somebody's
    /// own stays hidden from it.
    pub fn actor(&self) -> Actor {
        Actor {
            user_id: self.person.clone().unwrap_or_else(|| UserId::new(Ulid::nil())),
            name: String::new(),
            roles: self.roles.clone(),
            partner_id: self.partner_id.clone(),
            api_key: self.scopes.clone().map(|scopes| (ApiKeyId::new(Ulid::nil()), scopes)),
        }
    }
}

/// Everybody who holds a stream open.
#[derive(Default)]
pub(crate) struct Standings(Mutex<HashMap<Principal, Vec<Weak<Watch>>>>);

#[derive(Debug, Default)]
struct Watch {
    changed: AtomicBool,
    waker: AtomicWaker,
}

impl Standings {
    /// Says that the account or key changed.
    pub(crate) fn touch(&self, principal: &Principal) {
        let watched = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for watch in watched.get(principal).into_iter().flatten().filter_map(Weak::upgrade) {
            watch.changed.store(true, Ordering::SeqCst);
            watch.waker.wake();
        }
    }
}

/// The watch over one subscriber's rights.
pub struct Standing {
    app: App,
    principal: Principal,
    watch: Arc<Watch>,
}

impl Standing {
    /// Whether the account or key changed since this was last asked. Costs no more than a look at a number.
    pub fn has_changed(&self) -> bool {
        self.watch.changed.load(Ordering::SeqCst) && self.watch.changed.swap(false, Ordering::SeqCst)
    }

    /// The same, and wakes the task once it changes.
    pub fn poll_changed(&self, context: &mut Context<'_>) -> bool {
        self.watch.waker.register(context.waker());
        self.has_changed()
    }
}

impl Drop for Standing {
    fn drop(&mut self) {
        let mut watched = self.app.standings.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(watches) = watched.get_mut(&self.principal) {
            watches.retain(|watch| !std::ptr::eq(watch.as_ptr(), Arc::as_ptr(&self.watch)));
            if watches.is_empty() {
                watched.remove(&self.principal);
            }
        }
    }
}

impl App {
    /// Watches over the rights of this actor. Ask for the rights once more after this call: what changed before it is not told.
    pub fn standing(&self, actor: &Actor) -> Standing {
        let (principal, watch) = (Principal::of(actor), Arc::<Watch>::default());
        let mut watched = self.standings.0.lock().unwrap_or_else(PoisonError::into_inner);
        watched.entry(principal.clone()).or_default().push(Arc::downgrade(&watch));
        Standing { app: self.clone(), principal, watch }
    }
}
