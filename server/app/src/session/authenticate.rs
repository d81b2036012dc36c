//! Who a bearer token speaks for: an access token for a person, `ent_...` for an integrator's key.

use entente_domain::Timestamp;
use entente_domain::api_key::ApiKey;
use entente_domain::policy::Actor;
use entente_domain::user::{Role, User};

use crate::{App, AppError, api_key};

/// Why a token is not accepted.
#[derive(Debug)]
pub enum AuthError {
    /// Unknown, ended, revoked, or of somebody who may no longer sign in.
    Refused,
    /// Could not be looked up.
    Failed(AppError),
}

impl<E: Into<AppError>> From<E> for AuthError {
    fn from(e: E) -> Self {
        Self::Failed(e.into())
    }
}

pub(super) fn actor_of(user: &User) -> Actor {
    let mut roles = user.roles.clone();
    roles.sort();
    Actor { user_id: user.id.clone(), name: user.name.clone(), roles, partner_id: user.partner_id.clone(), api_key: None }
}

fn actor_of_key(key: &ApiKey) -> Actor {
    Actor {
        user_id: key.created_by.clone(),
        name: key.name.clone(),
        roles: vec![Role::Integration],
        partner_id: key.partner_id.clone(),
        api_key: Some((key.id.clone(), key.scopes.clone())),
    }
}

impl App {
    /// The actor of a bearer token (without `Bearer `).
    #[tracing::instrument(level = "debug", name = "session.authenticate", skip_all)]
    pub async fn authenticate(&self, bearer: &str) -> Result<Actor, AuthError> {
        if bearer.starts_with(api_key::SECRET_PREFIX) {
            let key = self.store.api_key_by_hash(&api_key::hash(bearer)).await?.filter(|k| k.revoked_at.is_none()).ok_or(AuthError::Refused)?;
            let stale = key.last_used_at.is_none_or(|t| self.now().as_second() - t.as_second() >= 60);
            if stale {
                self.store.touch_api_key(&key.id, self.now()).await?;
            }
            return Ok(actor_of_key(&key));
        }
        let claims = self.keys.read(bearer, self.now()).ok_or(AuthError::Refused)?;
        let user = self.person(&claims.sub).await?.filter(|u| u.active).ok_or(AuthError::Refused)?;
        Ok(actor_of(&user))
    }

    /// When an access token ends; none for an integrator's key, which ends when it is revoked, and for what is no token of ours.
    pub fn token_end(&self, bearer: &str) -> Option<Timestamp> {
        let claims = self.keys.read(bearer, self.now())?;
        Timestamp::from_second(claims.exp).ok()
    }

    /// The actor with the rights of this moment; none when it has lost its account or key.
    #[tracing::instrument(level = "debug", name = "session.refresh_actor", skip_all)]
    pub async fn refresh_actor(&self, actor: &Actor) -> Result<Option<Actor>, AppError> {
        if let Some((id, _)) = &actor.api_key {
            let key = self.store.api_key(id).await?.filter(|k| k.revoked_at.is_none());
            return Ok(key.map(|k| actor_of_key(&k)));
        }
        Ok(self.person(&actor.user_id).await?.filter(|u| u.active).map(|u| actor_of(&u)))
    }
}
