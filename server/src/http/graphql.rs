//! GraphQL over HTTP: POST with JSON, GET for queries only, and the way to the socket.

use std::time::{Duration, Instant};

use async_graphql::{Request as Operation, Variables};
use bytes::Bytes;
use entente_app::AppError;
use entente_graphql::{CookieChange, RefreshCookie};
use futures::StreamExt;
use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::{Body, Request, Response};
use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::time::timeout;
use tracing::Instrument;

use super::metrics::Outcome;
use super::negotiate::{self, Format};
use super::operation::{self, Kind};
use super::{Edge, request, socket, wire};

/// Most bytes of a request's body.
pub(crate) const BODY_MAX: usize = 256 * 1024;
/// What is read and thrown away of a body that is too long, so that the caller hears the answer.
const DRAIN_MAX: usize = 16 * 1024 * 1024;
const DRAIN_LIMIT: Duration = Duration::from_secs(2);
/// What is reserved for a body on its length's word alone; one that does not come then costs little.
const BODY_TRUST: usize = 8 * 1024;
/// How long an operation may take.
const OPERATION_LIMIT: Duration = Duration::from_secs(30);

/// What a request asks for, as it was sent.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Params {
    query: Option<String>,
    operation_name: Option<String>,
    variables: Option<Map<String, Value>>,
    extensions: Option<Map<String, Value>>,
}

impl Params {
    /// Whether there is a document, be it an empty one.
    pub(crate) fn names_a_query(&self) -> bool {
        self.query.is_some()
    }
}

/// Why a request is not understood.
pub(crate) struct Misunderstood {
    status: StatusCode,
    pub(crate) message: String,
}

fn bad(message: impl Into<String>) -> Misunderstood {
    Misunderstood { status: StatusCode::BAD_REQUEST, message: message.into() }
}

/// Answers `/graphql`.
pub(crate) async fn serve(edge: &std::sync::Arc<Edge>, mut request: Request) -> Response {
    if request.method() == Method::GET && request.headers().contains_key(header::UPGRADE) {
        return socket::upgrade(edge.clone(), &request);
    }
    let since = Instant::now();
    let id = request::request_id(&request);
    let Some(format) = negotiate::format(request.headers()) else {
        let message = "Responses are application/graphql-response+json or application/json; accept one of them.";
        return wire::refuse(StatusCode::NOT_ACCEPTABLE, "BAD_REQUEST", message, &id, Format::Json);
    };
    let refuse = |why: Misunderstood| {
        edge.metrics.operation(Kind::Unknown, Outcome::Refused, since.elapsed());
        let mut response = wire::refuse(why.status, "BAD_REQUEST", &why.message, &id, format);
        if why.status == StatusCode::METHOD_NOT_ALLOWED {
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
        }
        response
    };
    if request::is_foreign(edge, &request) {
        let message = "This request comes from a page of another site.";
        return wire::refuse(StatusCode::FORBIDDEN, "FORBIDDEN", message, &id, format);
    }
    let mut operation = match read(&mut request, edge.options.limits.patience()).await {
        Ok(operation) => operation,
        Err(why) => return refuse(why),
    };
    // Before anybody looks up who asks: what is beyond the limits costs the database nothing.
    if let Err(answer) = edge.schema.screen(&mut operation, &id) {
        let kind = operation::kind(&operation.query, operation.operation_name.as_deref());
        edge.metrics.operation(kind, Outcome::Refused, since.elapsed());
        return wire::respond(&answer, format);
    }
    let context = match request::context(edge, &request).await {
        Ok(context) => context,
        Err(error) => return unavailable(&error, &id, format),
    };
    let kind = operation::kind(&operation.query, operation.operation_name.as_deref());
    let cookie = context.refresh_cookie.clone();
    let name = operation.operation_name.clone();
    let span = operation::span(kind, name.as_deref());
    let schema = edge.schema.clone();
    // A task of its own: a client that goes away must not leave a change half-way, nor a request in the way of the database's pool.
    let executed = tokio::spawn(async move { schema.execute(operation.data(context)).await }.instrument(span.clone()));
    let Ok(Ok(answer)) = timeout(OPERATION_LIMIT, executed).await else {
        edge.metrics.operation(kind, Outcome::Error, since.elapsed());
        edge.metrics.slow(kind, name.as_deref(), Outcome::Error, since.elapsed(), &id);
        // It goes on without us: nobody knows how it ends.
        let message = "The operation took too long; it may still be done. A mutation that has an idempotencyKey can be sent again as it was.";
        return wire::refuse(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message, &id, format);
    };
    let outcome = match answer.errors.is_empty() {
        true => Outcome::Ok,
        false if wire::was_refused(&answer) => Outcome::Refused,
        false => Outcome::Error,
    };
    if outcome == Outcome::Refused && wire::code(&answer) == Some("RATE_LIMITED") {
        edge.limited("operations");
    }
    edge.metrics.operation(kind, outcome, since.elapsed());
    edge.metrics.slow(kind, name.as_deref(), outcome, since.elapsed(), &id);
    span.record("graphql.outcome", outcome.name());
    let mut response = wire::respond(&answer, format);
    set_cookie(&mut response, &cookie, edge.options.public_url.starts_with("https://"));
    response
}

fn unavailable(error: &AppError, id: &str, format: Format) -> Response {
    tracing::warn!(%error, "the caller's token could not be looked up");
    wire::refuse(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", "The server cannot do this right now; try again in a moment.", id, format)
}

async fn read(request: &mut Request, patience: Duration) -> Result<Operation, Misunderstood> {
    match *request.method() {
        Method::GET => {
            let operation = of(from_query(request.uri().query().unwrap_or_default())?)?;
            if operation::only_reads(&operation.query, operation.operation_name.as_deref()) {
                return Ok(operation);
            }
            Err(Misunderstood { status: StatusCode::METHOD_NOT_ALLOWED, message: "A GET only reads; send this operation with POST.".into() })
        }
        Method::POST => {
            if !negotiate::is_json(request.headers()) {
                let message = "Send the request as application/json in UTF-8.".into();
                return Err(Misunderstood { status: StatusCode::UNSUPPORTED_MEDIA_TYPE, message });
            }
            let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
            let body = collect(request.take_body(), length, patience).await?;
            // Which of the members is wrong is in serde's words, with line and column.
            of(serde_json::from_slice(&body).map_err(|error| bad(format!("The body is not a GraphQL request in JSON: {error}.")))?)
        }
        _ => Err(Misunderstood { status: StatusCode::METHOD_NOT_ALLOWED, message: "Send operations with POST, or queries with GET.".into() }),
    }
}

/// The whole body, or why not.
async fn collect(body: Body, length: Option<usize>, patience: Duration) -> Result<Bytes, Misunderstood> {
    let mut stream = body.into_bytes_stream();
    let mut whole = Vec::with_capacity(length.unwrap_or(0).min(BODY_TRUST));
    let collected = timeout(patience, async {
        while let Some(part) = stream.next().await {
            let part = part.map_err(|_| bad("The body broke off."))?;
            if whole.len() + part.len() > BODY_MAX || length.is_some_and(|length| length > BODY_MAX) {
                return Err(Misunderstood {
                    status: StatusCode::PAYLOAD_TOO_LARGE,
                    message: format!("A request's body has at most {} kB ({BODY_MAX} bytes).", BODY_MAX / 1024),
                });
            }
            whole.extend_from_slice(&part);
        }
        Ok(())
    });
    match collected.await {
        Ok(Ok(())) => Ok(whole.into()),
        Ok(Err(why)) => {
            // A connection closed on unread bytes is reset, and the caller would never read why.
            let _ = timeout(DRAIN_LIMIT, async {
                let mut drained = 0;
                while let Some(Ok(part)) = stream.next().await {
                    drained += part.len();
                    if drained > DRAIN_MAX {
                        break;
                    }
                }
            })
            .await;
            Err(why)
        }
        Err(_) => Err(Misunderstood { status: StatusCode::REQUEST_TIMEOUT, message: "The body took too long to arrive.".into() }),
    }
}

/// The parameters of a GET.
fn from_query(query: &str) -> Result<Params, Misunderstood> {
    let mut params = Params { query: None, operation_name: None, variables: None, extensions: None };
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = decode(value).ok_or_else(|| bad(format!("The parameter `{name}` is not well encoded.")))?;
        let map = |value: &str| match value {
            "" => Ok(None),
            text => serde_json::from_str(text).map_err(|_| bad(format!("The parameter `{name}` is not a JSON object."))),
        };
        match name {
            "query" => params.query = Some(value),
            "operationName" => params.operation_name = Some(value).filter(|name| !name.is_empty()),
            "variables" => params.variables = map(&value)?,
            "extensions" => params.extensions = map(&value)?,
            _ => {}
        }
    }
    Ok(params)
}

/// Takes back percent-encoding; none when it is wrong or no UTF-8.
pub(crate) fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok().filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?, 16).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

/// The operation that the parameters describe.
pub(crate) fn of(params: Params) -> Result<Operation, Misunderstood> {
    let query = params.query.filter(|query| !query.trim().is_empty()).ok_or_else(|| bad("The member `query` is missing."))?;
    let mut operation = Operation::new(query);
    operation.operation_name = params.operation_name;
    if let Some(variables) = params.variables {
        operation.variables = serde_json::from_value::<Variables>(Value::Object(variables))
            .map_err(|_| bad("The member `variables` has a name that GraphQL does not know."))?;
    }
    if let Some(extensions) = params.extensions {
        operation.extensions = serde_json::from_value(Value::Object(extensions)).map_err(|_| bad("The member `extensions` is not understood."))?;
    }
    Ok(operation)
}

/// Does with the refresh cookie what a resolver asked for.
fn set_cookie(response: &mut Response, cookie: &RefreshCookie, secure: bool) {
    let Some(change) = cookie.take() else { return };
    let (token, age) = match change {
        CookieChange::Set { token, max_age_seconds } => (token, max_age_seconds),
        CookieChange::Clear => (String::new(), 0),
    };
    let secure = if secure { "; Secure" } else { "" };
    let value = format!("{}={token}; Path=/graphql; Max-Age={age}; HttpOnly; SameSite=Strict{secure}", request::COOKIE);
    if let Ok(value) = HeaderValue::from_str(&value) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}
