//! Signing in with e-mail and password, rotating the refresh token, signing out.

use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use entente_domain::Timestamp;
use entente_domain::id::SessionId;
use entente_domain::policy::Actor;
use entente_domain::user::{PASSWORD_MAX, User};
use entente_store::SessionRecord;
use jiff::SignedDuration;

use super::password;
use crate::{App, AppError, Refused};

/// How long a refresh token holds, in seconds: 14 days from its last use.
pub const REFRESH_SECONDS: i64 = 14 * 24 * 3600;
/// The window in which attempts are counted, in seconds.
const WINDOW_SECONDS: i64 = 900;
/// Failed attempts in a window on one account.
const ATTEMPTS_PER_ACCOUNT: i64 = 10;
/// Failed attempts in a window from one address.
const ATTEMPTS_PER_ADDRESS: i64 = 100;

/// Why a session is not given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionRefusal {
    /// The e-mail or the password is wrong, or the account is switched off; which of them is not told.
    WrongCredentials,
    /// Too many failures; try again later.
    TooManyAttempts,
    /// No refresh token, or it has ended, was revoked or was used before.
    Expired,
}

/// A session.
#[derive(Debug)]
pub struct SessionTokens {
    /// For the `Authorization` header.
    pub access_token: String,
    /// When the access token ends.
    pub expires_at: Timestamp,
    /// For the cookie.
    pub refresh_token: String,
    /// How long the cookie holds, in seconds.
    pub refresh_seconds: i64,
    /// Who signed in.
    pub actor: Actor,
}

type Outcome = Result<SessionTokens, Refused<SessionRefusal>>;

/// Signs in. Failures are counted per account and per address.
#[tracing::instrument(level = "debug", name = "session.create", skip_all)]
pub async fn create(app: &App, email: &str, password: &str, from: Option<IpAddr>) -> Outcome {
    let email = email.trim().to_lowercase();
    let now = app.now();
    let refuse = |r| Err(Refused::Refused(r));
    if email.len() > 254 || password.chars().count() > PASSWORD_MAX {
        return refuse(SessionRefusal::WrongCredentials);
    }
    let account = format!("login account {email}");
    let address = from.map(|ip| format!("login address {ip}"));
    // The attempt is counted before the password is looked at, so that attempts side by side cannot slip past the limit.
    let mut over = app.store.bump(&account, WINDOW_SECONDS, now).await? > ATTEMPTS_PER_ACCOUNT;
    if let Some(address) = &address {
        over |= app.store.peek(address, WINDOW_SECONDS, now).await? >= ATTEMPTS_PER_ADDRESS;
    }
    if over {
        return refuse(SessionRefusal::TooManyAttempts);
    }
    let found = app.store.user_by_email(&email).await?;
    let (user, hash) = match found {
        Some((user, hash)) if user.active => (Some(user), Some(hash)),
        _ => (None, None),
    };
    let right = password::verify(app, password.to_owned(), hash).await?;
    let Some(user) = user.filter(|_| right) else {
        if let Some(address) = &address {
            app.store.bump(address, WINDOW_SECONDS, now).await?;
        }
        return refuse(SessionRefusal::WrongCredentials);
    };
    app.store.reset(&account).await?;
    let (token, token_hash, id) = refresh_token(SessionId::new(app.ulid()));
    let session = SessionRecord {
        id: id.clone(),
        user_id: user.id.clone(),
        token_hash,
        previous_hash: None,
        created_at: now,
        rotated_at: now,
        expires_at: ends(now)?,
        revoked_at: None,
    };
    app.store.create_session(&session).await?;
    tokens(app, &user, &id, token, now)
}

/// Rotates: a new access token and a new refresh token for the old one. A refresh token that was used before revokes its
/// whole family, because one of the two who have it is a thief.
#[tracing::instrument(level = "debug", name = "session.refresh", skip_all)]
pub async fn refresh(app: &App, token: Option<&str>) -> Outcome {
    let expired = || Refused::Refused(SessionRefusal::Expired);
    let now = app.now();
    let token = token.ok_or_else(expired)?;
    let id: SessionId = token.split_once('.').and_then(|(id, _)| id.parse().ok()).ok_or_else(expired)?;
    let session = app.store.session(&id).await?.ok_or_else(expired)?;
    let (next, next_hash, _) = refresh_token(id.clone());
    if !app.store.rotate_session(&id, &hash(token), &next_hash, now, ends(now)?).await? {
        app.store.revoke_session(&id, now).await?;
        return Err(expired());
    }
    let user = app.store.user(&session.user_id).await?.filter(|u| u.active).ok_or_else(expired)?;
    tokens(app, &user, &id, next, now)
}

/// Signs out: the family of the refresh token no longer holds. Unknown tokens are no error.
#[tracing::instrument(level = "debug", name = "session.revoke", skip_all)]
pub async fn revoke(app: &App, token: Option<&str>) -> Result<(), AppError> {
    let Some(token) = token else { return Ok(()) };
    let Some(id) = token.split_once('.').and_then(|(id, _)| id.parse::<SessionId>().ok()) else { return Ok(()) };
    let ours = app.store.session(&id).await?.is_some_and(|s| s.token_hash == hash(token));
    if ours {
        app.store.revoke_session(&id, app.now()).await?;
    }
    Ok(())
}

fn tokens(app: &App, user: &User, session: &SessionId, refresh_token: String, now: Timestamp) -> Outcome {
    let (access_token, expires_at) = app.keys.issue(&user.id, session, now)?;
    Ok(SessionTokens { access_token, expires_at, refresh_token, refresh_seconds: REFRESH_SECONDS, actor: super::authenticate::actor_of(user) })
}

fn ends(now: Timestamp) -> Result<Timestamp, AppError> {
    now.checked_add(SignedDuration::from_secs(REFRESH_SECONDS)).map_err(AppError::internal)
}

fn hash(token: &str) -> String {
    blake3::hash(token.as_bytes()).to_hex().to_string()
}

fn refresh_token(id: SessionId) -> (String, String, SessionId) {
    let token = format!("{id}.{}", B64.encode(rand::random::<[u8; 32]>()));
    let hash = hash(&token);
    (token, hash, id)
}
