//! What a request brings along: who asks, the refresh cookie, the request id; and the short words by which resolvers ask
//! for them. Knows no HTTP: the server fills it in and reads the cookie back.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use async_graphql::{Context, QueryPathSegment};
use entente_app::App;
use entente_app::program::ProgramView;
use entente_domain::Timestamp;
use entente_domain::policy::{Action, Actor, Resource, can};

use crate::problem::Problem;
use crate::relations::Relations;

/// Who asks and how; the server puts it into the data of every request.
#[derive(Clone, Debug, Default)]
pub struct RequestContext {
    /// The person or key that asks; none when nobody signed in.
    pub actor: Option<Actor>,
    /// A token came along and does not hold; everything but the session mutations is then refused as UNAUTHENTICATED.
    pub auth_error: bool,
    /// Found again in the server's log; comes back in the extensions of every top-level error.
    pub request_id: String,
    /// Address of the client, where it is known; sign-in attempts are counted by it.
    pub client_ip: Option<IpAddr>,
    /// The refresh token that came, and the one that is to go back.
    pub refresh_cookie: Arc<RefreshCookie>,
}

/// What the response is to do with the refresh cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CookieChange {
    /// Set it to this token for so many seconds.
    Set {
        /// The new refresh token.
        token: String,
        /// Its life in seconds.
        max_age_seconds: i64,
    },
    /// Remove it.
    Clear,
}

/// The refresh cookie of one request: the token that came, and what a resolver made of it.
#[derive(Debug, Default)]
pub struct RefreshCookie {
    incoming: Option<String>,
    change: Mutex<Option<CookieChange>>,
}

impl RefreshCookie {
    /// The cookie as it came; none when there was none.
    pub fn new(incoming: Option<String>) -> Self {
        Self { incoming, change: Mutex::new(None) }
    }

    /// The token that came.
    pub fn incoming(&self) -> Option<&str> {
        self.incoming.as_deref()
    }

    /// Has the response set the cookie.
    pub fn set(&self, token: String, max_age_seconds: i64) {
        *self.change.lock().unwrap_or_else(PoisonError::into_inner) = Some(CookieChange::Set { token, max_age_seconds });
    }

    /// Has the response remove the cookie.
    pub fn clear(&self) {
        *self.change.lock().unwrap_or_else(PoisonError::into_inner) = Some(CookieChange::Clear);
    }

    /// What the response is to do, once; none leaves the cookie alone.
    pub fn take(&self) -> Option<CookieChange> {
        self.change.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Who acts in a request: who came with it, or who signed in with it.
#[derive(Debug, Default)]
pub(crate) struct Acting {
    came: Option<Actor>,
    signed_in: OnceLock<Actor>,
}

impl Acting {
    pub(crate) fn of(came: Option<Actor>) -> Self {
        Self { came, signed_in: OnceLock::new() }
    }

    /// From here on the request acts for the one who just signed in, so that the answer can show what they may see.
    pub(crate) fn sign_in(&self, actor: Actor) {
        // A second sign-in in one document changes nothing: the first one stays.
        let _ = self.signed_in.set(actor);
    }

    pub(crate) fn actor(&self) -> Option<&Actor> {
        self.signed_in.get().or(self.came.as_ref())
    }
}

/// The words by which resolvers ask for what a request brings along.
pub(crate) trait Ask {
    /// The use cases; UNAVAILABLE in a schema that was only made to be printed.
    fn app(&self) -> Result<&App, Problem>;
    /// What came with the request.
    fn request(&self) -> Result<&RequestContext, Problem>;
    /// Loaders and caches that live as long as the request.
    fn relations(&self) -> Result<Arc<Relations>, Problem>;
    /// The earlier moment that everything below the root field shows; none for now.
    fn moment(&self) -> Option<Timestamp>;
    /// Has everything below the root field show that moment.
    fn show(&self, at: Timestamp) -> Result<(), Problem>;
    /// Who acts in this request.
    fn acting(&self) -> Result<&Acting, Problem>;
    /// Who asks; none when nobody signed in.
    fn actor(&self) -> Option<&Actor>;
    /// Who asks; UNAUTHENTICATED when nobody signed in.
    fn signed_in(&self) -> Result<&Actor, Problem>;
    /// The program in force.
    fn program(&self) -> impl Future<Output = Result<Arc<ProgramView>, Problem>> + Send;
    /// Whether the one who asks may do this to that.
    fn may(&self, action: Action, resource: Resource<'_>) -> bool {
        self.actor().is_some_and(|actor| can(actor, action, resource))
    }
}

/// The response key of the root field below which this is resolved: two root fields of a request never have the same.
fn root<'a>(ctx: &'a Context<'_>) -> Option<&'a str> {
    let mut node = ctx.path_node.as_ref()?;
    while let Some(parent) = node.parent {
        node = parent;
    }
    match node.segment {
        QueryPathSegment::Name(name) => Some(name),
        QueryPathSegment::Index(_) => None,
    }
}

impl Ask for Context<'_> {
    fn app(&self) -> Result<&App, Problem> {
        self.data_opt::<App>().ok_or_else(|| Problem::unavailable("schema without use cases"))
    }

    fn request(&self) -> Result<&RequestContext, Problem> {
        self.data_opt::<RequestContext>().ok_or_else(|| Problem::internal("request without its context"))
    }

    fn relations(&self) -> Result<Arc<Relations>, Problem> {
        let cell = self.data_opt::<crate::relations::Cell>();
        cell.map(crate::relations::Cell::current).ok_or_else(|| Problem::internal("request without its loaders"))
    }

    fn moment(&self) -> Option<Timestamp> {
        self.relations().ok()?.moment(root(self)?)
    }

    fn show(&self, at: Timestamp) -> Result<(), Problem> {
        let root = root(self).ok_or_else(|| Problem::internal("a root field without a path"))?;
        self.relations()?.keep_moment(root.to_owned(), at);
        Ok(())
    }

    fn acting(&self) -> Result<&Acting, Problem> {
        let acting = self.data_opt::<Arc<Acting>>().map(Arc::as_ref);
        acting.ok_or_else(|| Problem::internal("request without its actor"))
    }

    fn actor(&self) -> Option<&Actor> {
        self.data_opt::<Arc<Acting>>()?.actor()
    }

    fn signed_in(&self) -> Result<&Actor, Problem> {
        self.actor().ok_or_else(Problem::unauthenticated)
    }

    async fn program(&self) -> Result<Arc<ProgramView>, Problem> {
        Ok(self.app()?.program().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_on_the_cookie_counts_and_is_read_once() {
        let cookie = RefreshCookie::new(Some("old".into()));
        assert_eq!(cookie.incoming(), Some("old"));
        assert_eq!(cookie.take(), None);
        cookie.clear();
        cookie.set("new".into(), 60);
        assert_eq!(cookie.take(), Some(CookieChange::Set { token: "new".into(), max_age_seconds: 60 }));
        assert_eq!(cookie.take(), None);
    }
}
