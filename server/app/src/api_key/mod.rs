//! Integrators' keys: made by an administrator, shown once, revoked at any time. Only a hash of the secret is kept.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use entente_domain::Timestamp;
use entente_domain::api_key::{ApiKey, ApiScope};
use entente_domain::event::{Event, EventActor, EventKind, Subject, Visibility};
use entente_domain::id::{ApiKeyId, EventId, PartnerId};
use entente_domain::policy::{Action, Actor, Resource, can};
use entente_domain::text::{self, TextError};
use entente_store::{Committed, IdempotencyRecord};

use crate::idempotency::{KeyRefusal, Once};
use crate::live::Principal;
use crate::page::{self, Page};
use crate::{App, AppError, Refused};

/// How every secret begins.
pub const SECRET_PREFIX: &str = "ent_";
/// Longest name, in characters.
const NAME_MAX: usize = 80;

/// Why a key is not made or revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiKeyRefusal {
    /// No such key on the actor's side.
    NotFound,
    /// The actor is no administrator.
    NotAllowed,
    /// That field is required.
    Required(&'static str),
    /// That field has more characters than this.
    TooLong(&'static str, usize),
    /// The idempotency key cannot be used.
    Key(KeyRefusal),
}

impl From<KeyRefusal> for ApiKeyRefusal {
    fn from(refusal: KeyRefusal) -> Self {
        Self::Key(refusal)
    }
}

pub(crate) fn hash(secret: &str) -> String {
    blake3::hash(secret.as_bytes()).to_hex().to_string()
}

fn event(app: &App, actor: &Actor, id: &ApiKeyId, kind: EventKind) -> Event {
    Event {
        id: EventId::new(app.ulid()),
        kind,
        subject: Subject::ApiKey { id: id.clone() },
        occurred_at: app.now(),
        actor: EventActor { user_id: Some(actor.user_id.clone()), name: actor.name.clone() },
        visibility: Visibility::Internal,
        text: None,
        changes: Vec::new(),
    }
}

fn allowed(actor: &Actor) -> bool {
    match &actor.partner_id {
        Some(own) => can(actor, Action::ManageApiKeys, Resource::OfPartner(own)),
        None => can(actor, Action::ManageApiKeys, Resource::OfVendor),
    }
}

/// Makes a key for the actor's own side. The secret is answered here and nowhere else: a repeat under the same idempotency key
/// (see [`crate::idempotency`]) has the key and no secret, because none is kept.
#[tracing::instrument(level = "debug", name = "api_key.create", skip_all)]
pub async fn create(
    app: &App,
    actor: &Actor,
    name: &str,
    scopes: &[ApiScope],
    idempotency_key: Option<&str>,
) -> Result<(ApiKey, Option<String>), Refused<ApiKeyRefusal>> {
    let refuse = |r| Err(Refused::Refused(r));
    if !allowed(actor) {
        return refuse(ApiKeyRefusal::NotAllowed);
    }
    let name = match text::required(name, NAME_MAX) {
        Ok(name) => name,
        Err(TextError::Empty) => return refuse(ApiKeyRefusal::Required("name")),
        Err(TextError::TooLong { max }) => return refuse(ApiKeyRefusal::TooLong("name", max)),
    };
    if scopes.is_empty() {
        return refuse(ApiKeyRefusal::Required("scopes"));
    }
    let mut scopes: Vec<ApiScope> = scopes.to_vec();
    scopes.sort_by_key(|s| *s == ApiScope::Write);
    scopes.dedup();
    let once = Once::new(actor, "apiKeyCreate", idempotency_key, &(&name, &scopes))?;
    if let Some(record) = once.earlier(app).await? {
        return replay(app, actor, &record).await;
    }
    let secret = format!("{SECRET_PREFIX}{}", B64.encode(rand::random::<[u8; 32]>()));
    let key = ApiKey {
        id: ApiKeyId::new(app.ulid()),
        name,
        prefix: secret.chars().take(10).collect(),
        hash: hash(&secret),
        scopes,
        partner_id: actor.partner_id.clone(),
        created_by: actor.user_id.clone(),
        created_at: app.now(),
        last_used_at: None,
        revoked_at: None,
    };
    let events = [event(app, actor, &key.id, EventKind::ApiKeyCreated)];
    match app.store.create_api_key(&key, &events, once.record(key.id.as_str(), String::new()).as_ref()).await? {
        Committed::Done => Ok((key, Some(secret))),
        Committed::Replayed(record) => replay(app, actor, &once.same(record)?).await,
        Committed::Duplicate | Committed::Stale | Committed::ClaimTaken(_) => Err(Refused::Failed(AppError::internal("the same key was made twice"))),
    }
}

async fn replay(app: &App, actor: &Actor, record: &IdempotencyRecord) -> Result<(ApiKey, Option<String>), Refused<ApiKeyRefusal>> {
    let key = get(app, actor, &record.result_id).await?.ok_or(Refused::Refused(ApiKeyRefusal::NotFound))?;
    Ok((key, None))
}

/// Revokes a key of the actor's own side; one that is revoked already stays so.
#[tracing::instrument(level = "debug", name = "api_key.revoke", skip_all)]
pub async fn revoke(app: &App, actor: &Actor, id: &str) -> Result<ApiKey, Refused<ApiKeyRefusal>> {
    if !allowed(actor) {
        return Err(Refused::Refused(ApiKeyRefusal::NotAllowed));
    }
    let mut key = get(app, actor, id).await?.ok_or(Refused::Refused(ApiKeyRefusal::NotFound))?;
    if key.revoked_at.is_none() {
        app.store.revoke_api_key(&key.id, app.now(), &event(app, actor, &key.id, EventKind::ApiKeyRevoked)).await?;
        app.standings.touch(&Principal::Key(key.id.clone()));
        key.revoked_at = Some(app.now());
    }
    Ok(key)
}

/// A key of the actor's own side; none for others.
#[tracing::instrument(level = "debug", name = "api_key.get", skip_all)]
pub async fn get(app: &App, actor: &Actor, id: &str) -> Result<Option<ApiKey>, AppError> {
    let Ok(id) = id.parse::<ApiKeyId>() else { return Ok(None) };
    if !allowed(actor) {
        return Ok(None);
    }
    Ok(app.store.api_key(&id).await?.filter(|k| k.partner_id == actor.partner_id))
}

/// Keys of the actor's own side, newest first; nothing for those who are no administrators.
#[tracing::instrument(level = "debug", name = "api_key.list", skip_all)]
pub async fn list(app: &App, actor: &Actor, first: u32, after: Option<&str>) -> Result<Page<ApiKey>, AppError> {
    if !allowed(actor) {
        return Err(AppError::Forbidden);
    }
    let name = page::list_name("apiKeys", &actor.partner_id)?;
    let key: Option<(Timestamp, ApiKeyId)> = page::decode(&name, after)?;
    let rows = app.store.api_keys(actor.partner_id.as_ref(), key, first + 1).await?;
    Page::of(rows, first, after.is_some(), &name, |k| (k.created_at, k.id.clone()))
}

/// How many keys the actor's side has.
#[tracing::instrument(level = "debug", name = "api_key.count", skip_all)]
pub async fn count(app: &App, actor: &Actor) -> Result<u64, AppError> {
    let partner: Option<&PartnerId> = actor.partner_id.as_ref();
    if allowed(actor) { Ok(app.store.count_api_keys(partner).await?) } else { Err(AppError::Forbidden) }
}
