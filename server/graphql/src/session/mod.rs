//! Signing in, renewing, signing out. The refresh token travels in a cookie only; the access token in the answer only.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use entente_app::Refused;
use entente_app::session::{SessionRefusal, SessionTokens};

use crate::context::Ask as _;
use crate::problem::Problem;
use crate::scalar::DateTime;
use crate::user_error::{SessionError, SessionErrorCode as Code, UserError};
use crate::viewer::{Viewer, viewer_of};

/// Who wants to sign in.
#[derive(Clone, InputObject)]
pub(crate) struct SessionCreateInput {
    /// Address of the account; case does not matter.
    email: String,
    /// Its password.
    password: String,
}

/// A session, or why there is none.
#[derive(SimpleObject)]
pub(crate) struct SessionPayload {
    /// For the `Authorization: Bearer` header; holds for ten minutes.
    access_token: Option<String>,
    /// When the access token ends.
    expires_at: Option<DateTime>,
    /// Who signed in.
    viewer: Option<Viewer>,
    /// What the caller can mend; empty when there is a session.
    errors: Vec<UserError>,
}

/// The end of a session.
#[derive(SimpleObject)]
pub(crate) struct SessionRevokePayload {
    /// What the caller can mend; empty when it is done.
    errors: Vec<UserError>,
}

/// Mutations of sessions.
#[derive(Default)]
pub(crate) struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Signs in with e-mail and password. The refresh token comes in an HttpOnly cookie. Attempts are limited per account and
    /// address.
    #[graphql(complexity = "100 + child_complexity")]
    async fn session_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who wants to sign in.")] input: SessionCreateInput,
    ) -> Result<SessionPayload> {
        let from = ctx.request()?.client_ip;
        begun(ctx, entente_app::session::create(ctx.app()?, &input.email, &input.password, from).await).await
    }

    /// Rotates the refresh token that the cookie carries and gives a new access token. A refresh token that was used before
    /// ends its whole family.
    async fn session_refresh(&self, ctx: &Context<'_>) -> Result<SessionPayload> {
        let token = ctx.request()?.refresh_cookie.incoming().map(str::to_owned);
        begun(ctx, entente_app::session::refresh(ctx.app()?, token.as_deref()).await).await
    }

    /// Signs out: the refresh token no longer holds and the cookie goes. Without a session, nothing happens.
    async fn session_revoke(&self, ctx: &Context<'_>) -> Result<SessionRevokePayload> {
        let cookie = &ctx.request()?.refresh_cookie;
        entente_app::session::revoke(ctx.app()?, cookie.incoming()).await.map_err(Problem::from)?;
        cookie.clear();
        Ok(SessionRevokePayload { errors: Vec::new() })
    }
}

/// Sets the cookie and shows the viewer, or says why there is no session.
async fn begun(ctx: &Context<'_>, outcome: Result<SessionTokens, Refused<SessionRefusal>>) -> Result<SessionPayload> {
    let cookie = &ctx.request()?.refresh_cookie;
    let (code, path, message): (_, &[&str], _) = match outcome {
        Ok(tokens) => {
            cookie.set(tokens.refresh_token, tokens.refresh_seconds);
            let viewer = viewer_of(ctx, &tokens.actor).await?;
            ctx.acting()?.sign_in(tokens.actor);
            return Ok(SessionPayload {
                access_token: Some(tokens.access_token),
                expires_at: Some(DateTime(tokens.expires_at)),
                viewer: Some(viewer),
                errors: Vec::new(),
            });
        }
        Err(Refused::Failed(error)) => return Err(Problem::from(error).into()),
        Err(Refused::Refused(SessionRefusal::WrongCredentials)) => (Code::WrongCredentials, &["input"], "E-mail or password is wrong."),
        Err(Refused::Refused(SessionRefusal::TooManyAttempts)) => {
            (Code::TooManyAttempts, &[], "Too many attempts; wait a quarter of an hour and try again.")
        }
        Err(Refused::Refused(SessionRefusal::Expired)) => {
            cookie.clear();
            (Code::SessionExpired, &[], "The session is over; sign in again.")
        }
    };
    Ok(SessionPayload { access_token: None, expires_at: None, viewer: None, errors: vec![SessionError::of(code, path, message)] })
}
