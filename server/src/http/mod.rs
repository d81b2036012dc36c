//! The HTTP edge: which path leads where, and what every request and every response gets.
//!
//! Knows poem and the wire formats, and nothing of what the operations mean.

mod admission;
mod assets;
mod dev_mail;
mod graphql;
mod health;
mod media;
mod metrics;
mod negotiate;
mod operation;
mod request;
mod security;
mod socket;
mod uploads;
mod wire;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use entente_app::App;
use entente_app::clock::ulid_at;
use entente_graphql::EntenteSchema;
use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, Request, Response};
use tokio::sync::watch;
use tracing::Instrument;

use crate::config::LimitSettings;
use crate::telemetry;
use admission::Admission;
pub(crate) use admission::{ConnectionPermit, Full};
use metrics::{Counted, LimitLabel, Metrics};
use security::SecurityHeaders;

/// The name of the header that carries the request's id.
pub const REQUEST_ID: &str = "x-request-id";

/// How the edge behaves.
#[derive(Debug, Clone)]
pub struct EdgeOptions {
    /// Address under which people reach the server, without a slash at the end.
    pub public_url: String,
    /// Whether `/graphiql` is served.
    pub graphiql: bool,
    /// Whether letters that went into a folder are shown below `/dev/mail`; in development only.
    pub dev_mail: bool,
    /// The header in which a proxy names the client, where one is trusted.
    pub proxy_header: Option<String>,
    /// What opens `/metrics` to other machines; without it only this machine reads them.
    pub metrics_token: Option<String>,
    /// An operation that takes so long is counted and logged as slow.
    pub slow_operation: Duration,
    /// How long a WebSocket may take to introduce itself.
    pub socket_init: std::time::Duration,
    /// How much one client may have open and ask for.
    pub limits: LimitSettings,
    /// How many files the process may have open, where it is known.
    pub open_files: Option<u64>,
}

/// What every request handler shares.
pub struct Edge {
    app: App,
    schema: EntenteSchema,
    options: EdgeOptions,
    metrics: Metrics,
    security: SecurityHeaders,
    admission: Admission,
    stopping: watch::Receiver<bool>,
}

/// The endpoint of everything.
#[derive(Clone)]
pub struct Front(Arc<Edge>);

/// What a request's id is found under in its extensions.
#[derive(Debug, Clone)]
struct RequestId(String);

impl Front {
    /// Serves this application. When `stopping` turns true the sockets are told to come back later.
    pub fn new(app: App, schema: EntenteSchema, options: EdgeOptions, stopping: watch::Receiver<bool>) -> Self {
        let security = SecurityHeaders::new(&options.public_url);
        let metrics = Metrics::new(options.slow_operation);
        let admission = Admission::new(&options.limits, options.proxy_header.is_some(), options.open_files);
        Self(Arc::new(Edge { app, schema, options, metrics, security, admission, stopping }))
    }

    /// A place for a connection from there; refusals are counted.
    pub(crate) fn connection(&self, from: IpAddr) -> Result<ConnectionPermit, Full> {
        let place = self.0.admission.connection(from);
        if place.is_err() {
            self.0.limited("connections");
        }
        place
    }

    /// How long a client may take over what it sends and takes.
    pub(crate) fn patience(&self) -> Duration {
        self.0.options.limits.patience()
    }

    /// How many WebSockets are open.
    pub fn open_sockets(&self) -> i64 {
        self.0.metrics.sockets.get()
    }
}

impl Edge {
    /// Counts something that a limit turned away.
    fn limited(&self, kind: &'static str) {
        self.metrics.rate_limited.get_or_create(&LimitLabel { kind }).inc();
    }
}

impl Endpoint for Front {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let edge = &self.0;
        let since = Instant::now();
        let id = ulid_at(jiff::Timestamp::now()).to_string();
        let route = Route::of(request.uri().path(), &edge.options);
        let is_link = is_link(request.uri().path());
        let (method, path) = (request.method().clone(), route.logged(request.uri().path()));
        // An error's level, so that lines of every level have it.
        let span = tracing::error_span!("request", id = %id, trace_id = tracing::field::Empty);
        let traced = traced(&id, &method, route);
        if let Some(trace) = telemetry::join(&traced, request.headers()) {
            span.record("trace_id", trace);
        }
        request.extensions_mut().insert(RequestId(id.clone()));
        let under_way = Counted::new(&edge.metrics.in_flight);
        let mut response = answer(edge, route, request).instrument(traced.clone()).instrument(span.clone()).await;
        drop(under_way);
        if is_link {
            // The address is the secret: no page that is gone to from here learns it.
            response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        }
        edge.security.apply(response.headers_mut(), route == Route::Web);
        if let Ok(value) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, value);
        }
        let status = response.status().as_u16();
        edge.metrics.response(route.name(), status);
        traced.record("http.response.status_code", status);
        let ms = since.elapsed().as_micros() as f64 / 1000.0;
        span.in_scope(|| match route {
            _ if status >= 500 => tracing::warn!(%method, path, status, ms, "answered"),
            Route::GraphQl | Route::Uploads | Route::Media => tracing::info!(%method, path, status, ms, "answered"),
            _ => tracing::debug!(%method, path, status, ms, "answered"),
        });
        Ok(response)
    }
}

/// The request's span in traces; it has the id by which the log lines are found.
fn traced(id: &str, method: &Method, route: Route) -> tracing::Span {
    tracing::debug_span!(
        "http",
        otel.name = format!("{method} {}", route.name()),
        otel.kind = "server",
        http.request.method = %method,
        http.route = route.name(),
        http.response.status_code = tracing::field::Empty,
        request.id = id,
    )
}

/// Where a path leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    GraphQl,
    Health,
    Ready,
    Metrics,
    GraphiQl,
    Uploads,
    Media,
    DevMail,
    Web,
}

impl Route {
    fn of(path: &str, options: &EdgeOptions) -> Self {
        match path {
            "/graphql" => Self::GraphQl,
            "/healthz" => Self::Health,
            "/readyz" => Self::Ready,
            "/metrics" => Self::Metrics,
            "/graphiql" if options.graphiql => Self::GraphiQl,
            "/uploads" => Self::Uploads,
            _ if path.starts_with("/media/") => Self::Media,
            _ if options.dev_mail && path.starts_with(dev_mail::PATH) => Self::DevMail,
            _ => Self::Web,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::GraphQl => "graphql",
            Self::Health => "healthz",
            Self::Ready => "readyz",
            Self::Metrics => "metrics",
            Self::GraphiQl => "graphiql",
            Self::Uploads => "uploads",
            Self::Media => "media",
            Self::DevMail => "dev_mail",
            Self::Web => "web",
        }
    }

    /// The path as the log may know it: never a query, which carries signatures, and never the secret of a link in a letter.
    fn logged(self, path: &str) -> String {
        if is_link(path) {
            return LINK.to_owned();
        }
        path.chars().filter(|c| !c.is_control()).take(200).collect()
    }
}

/// Where links in letters lead; what follows is their secret.
const LINK: &str = "/act/";

fn is_link(path: &str) -> bool {
    path.starts_with(LINK)
}

async fn answer(edge: &Arc<Edge>, route: Route, request: Request) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if matches!(route, Route::GraphQl | Route::Uploads | Route::Media)
        && let Err(wait) = edge.admission.request(request::client_ip(edge, &request))
    {
        edge.limited("requests_per_address");
        return wire::slow_down("Too many requests from your network", wait, &request::request_id(&request));
    }
    match route {
        Route::GraphQl => graphql::serve(edge, request).await,
        Route::Uploads => uploads::serve(edge, request).await,
        Route::Web => assets::serve(request.method(), request.uri().path(), request.headers()),
        _ if !reads => Response::builder().status(StatusCode::METHOD_NOT_ALLOWED).header(header::ALLOW, "GET, HEAD").finish(),
        Route::Health => health::alive(),
        Route::Ready => health::ready(edge).await,
        Route::Metrics => health::metrics(edge, &request).await,
        Route::GraphiQl => health::graphiql(),
        Route::Media => media::serve(edge, &request).await,
        Route::DevMail => dev_mail::serve(edge, request.uri().path()).await,
    }
}
