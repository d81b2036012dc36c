//! What a request brings along: who asks, from where, with which cookie.

use std::net::IpAddr;
use std::sync::Arc;

use entente_app::session::AuthError;
use entente_app::{App, AppError};
use entente_domain::policy::Actor;
use entente_graphql::{RefreshCookie, RequestContext};
use poem::Request;
use poem::http::header::{self, HeaderName};
use poem::web::RemoteAddr;

use super::{Edge, RequestId};

/// The cookie of the refresh token.
pub(crate) const COOKIE: &str = "entente_refresh";
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// A token longer than this is not one of ours.
const TOKEN_MAX: usize = 4096;

/// Who a token speaks for.
#[derive(Debug, Clone)]
pub(crate) enum Caller {
    /// No token came.
    Nobody,
    /// A token came and does not hold.
    Refused,
    /// The token holds.
    Known(Actor),
}

/// Looks up a token, given as `Bearer TOKEN`. An error means that it could not be looked up.
pub(crate) async fn caller(app: &App, authorization: Option<&str>) -> Result<Caller, AppError> {
    let Some(authorization) = authorization else { return Ok(Caller::Nobody) };
    let Some(token) = bearer(authorization) else { return Ok(Caller::Refused) };
    match app.authenticate(token).await {
        Ok(actor) => Ok(Caller::Known(actor)),
        Err(AuthError::Refused) => Ok(Caller::Refused),
        Err(AuthError::Failed(error)) => Err(error),
    }
}

/// The token of `Bearer TOKEN`.
pub(crate) fn bearer(authorization: &str) -> Option<&str> {
    let (_, token) = authorization.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))?;
    Some(token.trim()).filter(|token| !token.is_empty() && token.len() <= TOKEN_MAX)
}

/// The `Authorization` header, where it is text.
pub(crate) fn authorization(request: &Request) -> Option<&str> {
    request.headers().get(header::AUTHORIZATION).map(|value| value.to_str().unwrap_or_default())
}

/// What the resolvers are told of an HTTP request.
pub(crate) async fn context(edge: &Edge, request: &Request) -> Result<RequestContext, AppError> {
    let caller = caller(&edge.app, authorization(request)).await?;
    Ok(described(caller, request_id(request), client_ip(edge, request), refresh_token(request)))
}

/// The same from its parts, for an operation on a socket.
pub(crate) fn described(caller: Caller, request_id: String, client_ip: Option<IpAddr>, refresh_token: Option<String>) -> RequestContext {
    let auth_error = matches!(caller, Caller::Refused);
    let actor = if let Caller::Known(actor) = caller { Some(actor) } else { None };
    RequestContext { actor, auth_error, request_id, client_ip, refresh_cookie: Arc::new(RefreshCookie::new(refresh_token)) }
}

/// The id of the request.
pub(crate) fn request_id(request: &Request) -> String {
    request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}

/// Where the request comes from. A header says so only when the operator trusts it; a proxy appends the address it saw,
/// so the last one counts.
pub(crate) fn client_ip(edge: &Edge, request: &Request) -> Option<IpAddr> {
    let named = edge.options.proxy_header.as_ref().and_then(|name| request.headers().get_all(name.as_str()).iter().next_back());
    if let Some(named) = named {
        let last = named.to_str().ok()?.rsplit(',').next()?.trim();
        return last.parse().ok().or_else(|| last.parse::<std::net::SocketAddr>().ok().map(|address| address.ip()));
    }
    let RemoteAddr(address) = request.remote_addr();
    address.as_socket_addr().map(|address| address.ip().to_canonical())
}

/// Whether a browser says that a page of another site sends this with our cookie. The cookie is `SameSite=Strict`, so that no
/// such request should have it; a browser that does not know that, or a neighbour below the same domain, is refused here.
pub(crate) fn is_foreign(edge: &Edge, request: &Request) -> bool {
    if refresh_token(request).is_none() {
        return false;
    }
    let header = |name| request.headers().get(name).map(|value| value.to_str().unwrap_or_default());
    if header(SEC_FETCH_SITE).is_some_and(|site| site == "cross-site") {
        return true;
    }
    let Some(origin) = header(header::ORIGIN) else { return false };
    let host = origin.split_once("://").map(|(_, host)| host);
    let own = origin == edge.options.public_url || (host.is_some() && host == header(header::HOST));
    !own
}

fn refresh_token(request: &Request) -> Option<String> {
    let cookies = request.headers().get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, value)| *name == COOKIE && !value.is_empty() && value.len() <= TOKEN_MAX).map(|(_, value)| value.to_owned())
}
