//! The HTTP side of the client and the only holder of the access token, which lives in memory and nowhere else.
//! Renews the session before it runs out and once when the server says it has; one renewal at a time in this tab
//! and, through the browser's lock manager, across tabs, because a refresh token used twice ends the whole family.

use std::{cell::RefCell, rc::Rc};

use cynic::{MutationBuilder, Operation, QueryBuilder};
use futures::{
    FutureExt,
    future::{LocalBoxFuture, Shared},
};
use gloo_net::http::Request;
use gloo_timers::callback::Timeout;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use web_sys::{AbortSignal, RequestCredentials};

use crate::{
    ApiError, DateTime, FieldError,
    error::field_errors,
    session::{SessionCreate, SessionCreateInput, SessionCreateVariables, SessionPayload, SessionRefresh, SessionRevoke},
    viewer::{LiveCursorQuery, Viewer},
};

/// A request that takes longer than this counts as the server not being reached.
const REQUEST_TIMEOUT_MS: u32 = 30_000;
/// The session is renewed this long before its token runs out.
const RENEW_BEFORE_MS: f64 = 60_000.0;

/// The access token and when it runs out.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// The JWT.
    pub access: String,
    /// In milliseconds since 1970, by this machine's clock.
    pub expires_at_ms: f64,
}

/// What happened to the session outside of a call by the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionChange {
    /// A new access token is in use.
    Renewed,
    /// The session ended: signed out, revoked, or its refresh token ran out.
    Ended,
}

/// The answer to a sign-in.
#[derive(Clone, Debug)]
pub enum SignIn {
    /// Signed in.
    Done(Box<Viewer>),
    /// Refused, with what to tell the person.
    Refused(Vec<FieldError>),
}

type Renewal = Shared<LocalBoxFuture<'static, Result<Option<Box<Viewer>>, ApiError>>>;
type Listener = Rc<dyn Fn(SessionChange)>;

#[derive(Default)]
struct Inner {
    tokens: RefCell<Option<Tokens>>,
    renewal: RefCell<Option<Renewal>>,
    timer: RefCell<Option<Timeout>>,
    listeners: RefCell<Vec<Listener>>,
    /// A place in the one order of changes: what is read from now on has everything up to there.
    reached: RefCell<Option<String>>,
}

/// A handle that is cheap to clone; all clones share one session.
#[derive(Clone, Default)]
pub struct Client(Rc<Inner>);

impl PartialEq for Client {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Client {
    /// A client for the server that served the page, with nobody signed in.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Calls back whenever the session is renewed or ends. Listeners live as long as the client.
    pub fn listen(&self, listener: impl Fn(SessionChange) + 'static) {
        self.0.listeners.borrow_mut().push(Rc::new(listener));
    }

    /// Whether a token is held; it may be about to run out.
    #[must_use]
    pub fn has_session(&self) -> bool {
        self.0.tokens.borrow().is_some()
    }

    /// Sends one typed operation. Renews the session first when it is about to end, and once more when the server says
    /// that it has.
    ///
    /// # Errors
    /// See [`ApiError`]; what the caller can mend is not here but in the payload's own `errors`.
    pub async fn run<Data, Variables>(&self, operation: Operation<Data, Variables>) -> Result<Data, ApiError>
    where
        Data: DeserializeOwned + 'static,
        Variables: Serialize,
    {
        decode(self.exchange(encode(&operation)?).await?)
    }

    /// The same without types: the text of an encoded operation for its `data`. What is shared by all operations goes
    /// through here, so that it is compiled once and not once for each.
    ///
    /// # Errors
    /// As [`Client::run`].
    pub async fn exchange(&self, body: String) -> Result<Value, ApiError> {
        let token = self.fresh_token().await;
        let first = post(&body, token.as_deref()).await;
        match first {
            Err(ApiError::Unauthenticated) if token.is_some() => match self.renew().await? {
                Some(_) => post(&body, self.token().as_deref()).await,
                None => Err(ApiError::Unauthenticated),
            },
            other => other,
        }
    }

    /// Sends an encoded mutation as the page goes away: the browser finishes it when nothing of us is left, and nobody hears
    /// the answer. At most some 60 kB, which is the browser's bound for all that is left behind.
    pub fn leave_behind(&self, body: &str) {
        let Some(window) = web_sys::window() else { return };
        let init = web_sys::RequestInit::new();
        init.set_method("POST");
        init.set_credentials(RequestCredentials::SameOrigin);
        init.set_body(&body.into());
        let headers = js_sys::Object::new();
        let set = |object: &js_sys::Object, name: &str, value: wasm_bindgen::JsValue| {
            let _ = js_sys::Reflect::set(object, &name.into(), &value);
        };
        set(&headers, "content-type", "application/json".into());
        if let Some(token) = self.token() {
            set(&headers, "authorization", format!("Bearer {token}").into());
        }
        init.set_headers(&headers);
        set(init.as_ref(), "keepalive", true.into());
        let _ = window.fetch_with_str_and_init("/graphql", &init);
    }

    /// Takes up the session of an earlier visit, from the refresh cookie. `None` when there is none.
    ///
    /// # Errors
    /// [`ApiError`] when the server could not say.
    pub async fn restore(&self) -> Result<Option<Box<Viewer>>, ApiError> {
        self.renew().await
    }

    /// Signs in.
    ///
    /// # Errors
    /// [`ApiError`] when the server could not say; a wrong password is [`SignIn::Refused`].
    pub async fn sign_in(&self, email: String, password: String) -> Result<SignIn, ApiError> {
        let operation = SessionCreate::build(SessionCreateVariables { input: SessionCreateInput { email, password } });
        let data: SessionCreate = decode(post(&encode(&operation)?, None).await?)?;
        let payload = data.session_create;
        if let Some(viewer) = self.accept(&payload) {
            return Ok(SignIn::Done(viewer));
        }
        Ok(SignIn::Refused(field_errors(payload.errors)))
    }

    /// Where a stream begins so that with what is read from now on nothing is missed; none before anybody has signed in.
    pub(crate) fn reached(&self) -> Option<String> {
        self.0.reached.borrow().clone()
    }

    /// Keeps that everything up to this cursor has happened. An older one than is known does no harm.
    pub(crate) fn reach(&self, cursor: &str) {
        *self.0.reached.borrow_mut() = Some(cursor.to_owned());
    }

    /// Asks where the streams stand now.
    ///
    /// # Errors
    /// As [`Client::run`]; [`ApiError::Unauthenticated`] when nobody is signed in.
    pub(crate) async fn live_cursor(&self) -> Result<String, ApiError> {
        let viewer = self.run(<LiveCursorQuery as QueryBuilder<_>>::build(())).await?.viewer;
        viewer.map(|viewer| viewer.live_cursor).ok_or(ApiError::Unauthenticated)
    }

    /// Ends the session here and on the server. The tokens are forgotten even when the server is not reached.
    pub async fn sign_out(&self) {
        // The server first: who sees the sign-in screen and goes on at once must not be found signed in still.
        let operation = SessionRevoke::build(());
        if let Ok(body) = encode(&operation) {
            let _ = post(&body, self.token().as_deref()).await;
        }
        self.forget();
    }

    /// A token that is good for at least some seconds, renewed if need be. `None` when nobody is signed in.
    pub async fn fresh_token(&self) -> Option<String> {
        let about_to_end = self.0.tokens.borrow().as_ref().is_some_and(|tokens| tokens.expires_at_ms - js_sys::Date::now() < 10_000.0);
        if about_to_end {
            // Where this fails the old token goes out and the server says what is wrong with it.
            let _ = self.renew().await;
        }
        self.token()
    }

    /// Renews the session now; joins a renewal that is under way.
    ///
    /// # Errors
    /// [`ApiError`] when the server could not say; an ended session is `Ok(None)`.
    pub async fn renew(&self) -> Result<Option<Box<Viewer>>, ApiError> {
        let running = self.0.renewal.borrow().clone();
        let renewal = running.unwrap_or_else(|| {
            let client = self.clone();
            let renewal = async move { client.renew_alone().await }.boxed_local().shared();
            *self.0.renewal.borrow_mut() = Some(renewal.clone());
            renewal
        });
        let outcome = renewal.await;
        self.0.renewal.borrow_mut().take();
        outcome
    }

    async fn renew_alone(&self) -> Result<Option<Box<Viewer>>, ApiError> {
        let had_session = self.has_session();
        let body = encode(&SessionRefresh::build(()))?;
        let answer = crate::lock::exclusively("entente-session", async move { post(&body, None).await }).await;
        let payload = match answer.and_then(decode::<SessionRefresh>) {
            Ok(data) => data.session_refresh,
            Err(ApiError::Unauthenticated | ApiError::Forbidden) => return Ok(self.ended(had_session)),
            Err(error) => {
                self.retry_renewal_in(5_000);
                return Err(error);
            }
        };
        let Some(viewer) = self.accept(&payload) else { return Ok(self.ended(had_session)) };
        if had_session {
            self.tell(SessionChange::Renewed);
        }
        Ok(Some(viewer))
    }

    fn token(&self) -> Option<String> {
        self.0.tokens.borrow().as_ref().map(|tokens| tokens.access.clone())
    }

    fn accept(&self, payload: &SessionPayload) -> Option<Box<Viewer>> {
        let (access, viewer) = (payload.access_token.clone()?, payload.viewer.clone()?);
        let lifetime = lifetime_ms(payload.expires_at.as_ref());
        self.reach(&viewer.live_cursor);
        *self.0.tokens.borrow_mut() = Some(Tokens { access, expires_at_ms: js_sys::Date::now() + lifetime });
        self.retry_renewal_in((lifetime - RENEW_BEFORE_MS).max(20_000.0) as u32);
        Some(Box::new(viewer))
    }

    fn retry_renewal_in(&self, delay_ms: u32) {
        if !self.has_session() {
            return;
        }
        let client = self.clone();
        let timer = Timeout::new(delay_ms, move || {
            // A tab that nobody looks at costs nothing: what it asks first, once it is shown, renews.
            if crate::presence::is_hidden() {
                return;
            }
            wasm_bindgen_futures::spawn_local(async move {
                // A failure has already set the next attempt or told the listeners.
                let _ = client.renew().await;
            });
        });
        *self.0.timer.borrow_mut() = Some(timer);
    }

    fn ended(&self, had_session: bool) -> Option<Box<Viewer>> {
        if had_session {
            self.forget();
        }
        None
    }

    fn forget(&self) {
        self.0.tokens.borrow_mut().take();
        self.0.timer.borrow_mut().take();
        self.0.reached.borrow_mut().take();
        self.tell(SessionChange::Ended);
    }

    fn tell(&self, change: SessionChange) {
        let listeners = self.0.listeners.borrow().clone();
        for listener in listeners {
            listener(change);
        }
    }
}

/// How long a token is good for. A clock that is wrong here must not make a renewal loop, so at least half a minute.
fn lifetime_ms(expires_at: Option<&DateTime>) -> f64 {
    let until = expires_at.map_or(f64::NAN, |moment| js_sys::Date::parse(moment.as_str()));
    let lifetime = until - js_sys::Date::now();
    if lifetime.is_finite() { lifetime.clamp(30_000.0, 3_600_000.0) } else { 300_000.0 }
}

/// An operation as it is sent.
///
/// # Errors
/// [`ApiError::Server`] for variables that are no JSON, which none of ours are.
pub fn encode<Data, Variables: Serialize>(operation: &Operation<Data, Variables>) -> Result<String, ApiError> {
    serde_json::to_string(operation).map_err(|error| ApiError::Server { message: error.to_string(), request_id: None })
}

/// What every operation ends in. From a tree and not from the text, so that each type's reading is compiled once for
/// answers and live events alike: it is the larger part of the download.
///
/// # Errors
/// [`ApiError::Server`] when the answer does not have the shape that was asked for.
pub fn decode<Data: DeserializeOwned>(data: Value) -> Result<Data, ApiError> {
    serde_json::from_value(data).map_err(unreadable)
}

fn unreadable(error: serde_json::Error) -> ApiError {
    ApiError::Server { message: format!("unreadable answer: {error}"), request_id: None }
}

/// The beginning of a trace (W3C trace context), which the server goes on with: its log lines and, where it sends traces,
/// its spans have this id. Chance is enough for it; it opens nothing.
fn traceparent() -> String {
    let part = || (js_sys::Math::random() * 4_294_967_296.0) as u32;
    // Neither id may be zero.
    format!("00-{:08x}{:08x}{:08x}{:08x}-{:08x}{:08x}-01", part(), part(), part(), part() | 1, part(), part() | 1)
}

/// The `data` of the answer.
async fn post(body: &str, token: Option<&str>) -> Result<Value, ApiError> {
    let mut request = Request::post("/graphql")
        .credentials(RequestCredentials::SameOrigin)
        .header("content-type", "application/json")
        .header("accept", "application/graphql-response+json, application/json")
        .header("traceparent", &traceparent())
        .abort_signal(Some(&AbortSignal::timeout_with_u32(REQUEST_TIMEOUT_MS)));
    if let Some(token) = token {
        request = request.header("authorization", &format!("Bearer {token}"));
    }
    let request = request.body(body).map_err(|_| ApiError::Offline)?;
    let response = request.send().await.map_err(|_| ApiError::Offline)?;
    let status = response.status();
    let text = response.text().await.map_err(|_| ApiError::Offline)?;
    match serde_json::from_str::<Value>(&text) {
        Ok(answer) => unwrap_answer(answer, status),
        Err(error) => Err(from_status(status).unwrap_or_else(|| ApiError::Server {
            message: format!("unreadable answer: {error}"),
            request_id: response.headers().get("x-request-id"),
        })),
    }
}

pub(crate) fn unwrap_answer(mut answer: Value, status: u16) -> Result<Value, ApiError> {
    if let Some(error) = answer.pointer_mut("/errors/0").map(Value::take) {
        return Err(ApiError::from_top_level(&error));
    }
    match answer.get_mut("data").map(Value::take) {
        Some(data) if !data.is_null() => Ok(data),
        _ => Err(from_status(status).unwrap_or_else(|| ApiError::Server { message: "an answer without data".to_owned(), request_id: None })),
    }
}

fn from_status(status: u16) -> Option<ApiError> {
    match status {
        401 => Some(ApiError::Unauthenticated),
        403 => Some(ApiError::Forbidden),
        429 => Some(ApiError::RateLimited),
        502..=504 => Some(ApiError::Offline),
        _ => None,
    }
}
