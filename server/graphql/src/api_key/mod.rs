//! Integrators' keys on the wire: made by an administrator, shown once, revoked at any time.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use entente_app::Refused;
use entente_app::api_key::ApiKeyRefusal;
use entente_app::idempotency::KeyRefusal;
use entente_domain::api_key as domain;
use futures::future::OptionFuture;

use crate::context::Ask as _;
use crate::page::{Rows, connection, list_cost};
use crate::partner::Partner;
use crate::problem::Problem;
use crate::scalar::DateTime;
use crate::user::User;
use crate::user_error::{ApiKeyError, ApiKeyErrorCode as Code, KEY_INVALID, KEY_REUSED, UserError};

/// What is said of a key that was made before.
const ALREADY_CREATED: &str = "This key was made by an earlier request with this idempotencyKey. Its secret was in that answer only; \
     if it was lost, revoke the key and make another.";

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ApiScope")]
pub(crate) enum ApiScope {
    /// Queries and subscriptions.
    Read,
    /// Mutations.
    Write,
}

/// An integrator's identity.
pub(crate) struct ApiKey(pub(crate) domain::ApiKey);

/// An integrator's identity. It sees what its side sees: a partner's key that partner's data only. Seen by the administrators of
/// its side.
#[Object]
impl ApiKey {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// What it is for, in the words of who made it.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The first characters of the secret, to tell keys apart.
    async fn prefix(&self) -> &str {
        &self.0.prefix
    }

    /// What it may do.
    async fn scopes(&self) -> Vec<ApiScope> {
        self.0.scopes.iter().copied().map(Into::into).collect()
    }

    /// The partner whose data it sees; null for the vendor's.
    async fn partner(&self, ctx: &Context<'_>) -> Result<Option<Partner>> {
        Ok(ctx.relations()?.partner_opt(self.0.partner_id.as_ref()).await?.map(Partner))
    }

    /// Who made it.
    async fn created_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.relations()?.user_opt(Some(&self.0.created_by)).await?.map(User))
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was last used, to the minute.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.0.last_used_at.map(DateTime)
    }

    /// Since when it no longer holds.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(DateTime)
    }
}

connection!(counted ApiKeyConnection, ApiKeyEdge, ApiKey, "key");

/// Root fields of keys.
#[derive(Default)]
pub(crate) struct ApiKeyQuery;

#[Object]
impl ApiKeyQuery {
    /// API keys of the viewer's side, newest first. Administrators only; FORBIDDEN for everybody else.
    #[graphql(complexity = "list_cost(first, child_complexity)")]
    async fn api_keys(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1 to 100; 25 if left out.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page begins.")] after: Option<String>,
    ) -> Result<ApiKeyConnection> {
        let (app, actor) = (ctx.app()?, ctx.signed_in()?);
        let first = entente_app::page::first(first).map_err(Problem::from)?;
        let selected = ctx.look_ahead();
        let count: OptionFuture<_> = selected.field("totalCount").exists().then(|| entente_app::api_key::count(app, actor)).into();
        let (page, total) = futures::join!(entente_app::api_key::list(app, actor, first, after.as_deref()), count);
        let page = page.map_err(Problem::from)?;
        let rows = Rows::of(&selected);
        let partners = if rows.select("partner") { page.rows.iter().filter_map(|(_, k)| k.partner_id.clone()).collect() } else { Vec::new() };
        let users = if rows.select("createdBy") { page.rows.iter().map(|(_, k)| k.created_by.clone()).collect() } else { Vec::new() };
        ctx.relations()?.preload(partners, users).await?;
        Ok(ApiKeyConnection::of(page.map(ApiKey), total.transpose().map_err(Problem::from)?))
    }
}

/// A new key.
#[derive(Debug, Clone, InputObject)]
pub(crate) struct ApiKeyCreateInput {
    /// What it is for, at most 80 characters.
    name: String,
    /// What it may do, at least one.
    scopes: Vec<ApiScope>,
    /// Made once per form, 1 to 200 printable characters: for 24 hours the same key with the same input answers the API key that
    /// was made, without its secret and with the error `ALREADY_CREATED`; with other input it is an error.
    idempotency_key: Option<String>,
}

/// What became of the making of a key.
#[derive(SimpleObject)]
pub(crate) struct ApiKeyCreatePayload {
    /// The key; null when there are errors, except with `ALREADY_CREATED`.
    api_key: Option<ApiKey>,
    /// The secret, for the `Authorization: Bearer` header: here once and never again. Null when there are errors.
    secret: Option<String>,
    /// What the caller can mend; empty when it is done. `ALREADY_CREATED` when an earlier request with this idempotency key has
    /// made the key: its secret was in that answer only.
    errors: Vec<UserError>,
}

/// What became of a mutation of a key.
#[derive(SimpleObject)]
pub(crate) struct ApiKeyPayload {
    /// The key; null when there are errors.
    api_key: Option<ApiKey>,
    /// What the caller can mend; empty when it is done.
    errors: Vec<UserError>,
}

/// Mutations of keys.
#[derive(Default)]
pub(crate) struct ApiKeyMutation;

#[Object]
impl ApiKeyMutation {
    /// Makes an integrator's key for the viewer's own side. The secret is in the answer once and never again. Administrators
    /// only.
    async fn api_key_create(&self, ctx: &Context<'_>, #[graphql(desc = "The key.")] input: ApiKeyCreateInput) -> Result<ApiKeyCreatePayload> {
        let scopes: Vec<_> = input.scopes.into_iter().map(Into::into).collect();
        let key = input.idempotency_key.as_deref();
        match entente_app::api_key::create(ctx.app()?, ctx.signed_in()?, &input.name, &scopes, key).await {
            Ok((key, secret)) => {
                let errors = if secret.is_some() { Vec::new() } else { vec![ApiKeyError::of(Code::AlreadyCreated, &[], ALREADY_CREATED)] };
                Ok(ApiKeyCreatePayload { api_key: Some(ApiKey(key)), secret, errors })
            }
            Err(refused) => Ok(ApiKeyCreatePayload { api_key: None, secret: None, errors: errors(refused)? }),
        }
    }

    /// Revokes a key of the viewer's own side, at once and for good. Administrators only.
    async fn api_key_revoke(&self, ctx: &Context<'_>, #[graphql(desc = "The key.")] id: ID) -> Result<ApiKeyPayload> {
        match entente_app::api_key::revoke(ctx.app()?, ctx.signed_in()?, &id).await {
            Ok(key) => Ok(ApiKeyPayload { api_key: Some(ApiKey(key)), errors: Vec::new() }),
            Err(refused) => Ok(ApiKeyPayload { api_key: None, errors: errors(refused)? }),
        }
    }
}

fn errors(refused: Refused<ApiKeyRefusal>) -> Result<Vec<UserError>, Problem> {
    let refusal = match refused {
        Refused::Failed(error) => return Err(error.into()),
        Refused::Refused(refusal) => refusal,
    };
    let (code, path, message): (_, &[&str], String) = match &refusal {
        ApiKeyRefusal::NotFound => (Code::NotFound, &["id"], "There is no such key.".into()),
        ApiKeyRefusal::NotAllowed => (Code::NotAllowed, &[], "Only administrators make and revoke keys.".into()),
        ApiKeyRefusal::Key(KeyRefusal::Reused) => (Code::IdempotencyKeyReused, &["input", "idempotencyKey"], KEY_REUSED.into()),
        ApiKeyRefusal::Key(KeyRefusal::Invalid) => (Code::InvalidInput, &["input", "idempotencyKey"], KEY_INVALID.into()),
        ApiKeyRefusal::Required(field) => (Code::Required, &["input", field], format!("{field} must not be empty.")),
        ApiKeyRefusal::TooLong(field, max) => (Code::TooLong, &["input", field], format!("{field} must have at most {max} characters.")),
    };
    Ok(vec![ApiKeyError::of(code, path, message)])
}
