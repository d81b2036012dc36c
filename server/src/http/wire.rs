//! GraphQL responses as bytes: with or without `data`, with the right status, and errors that the edge itself makes.

use std::time::Duration;

use async_graphql::{Response as Answer, ServerError, Value};
use poem::Response;
use poem::http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::json;

use super::negotiate::Format;

/// A response that never ran: its errors only, without a `data` entry.
#[derive(Serialize)]
struct ErrorsOnly<'a> {
    errors: &'a [ServerError],
}

/// Whether the operation was refused before it ran: no data, and no error that names a field.
pub(crate) fn was_refused(answer: &Answer) -> bool {
    answer.data == Value::Null && !answer.errors.is_empty() && answer.errors.iter().all(|error| error.path.is_empty())
}

/// The code of the first error.
pub(crate) fn code(answer: &Answer) -> Option<&str> {
    match answer.errors.first()?.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code),
        _ => None,
    }
}

/// The response as JSON.
pub(crate) fn encode(answer: &Answer) -> Vec<u8> {
    let bytes = if was_refused(answer) { serde_json::to_vec(&ErrorsOnly { errors: &answer.errors }) } else { serde_json::to_vec(answer) };
    bytes.unwrap_or_else(|_| br#"{"errors":[{"message":"The answer could not be written."}]}"#.to_vec())
}

/// After how many seconds trying again makes sense, where the answer says so.
fn retry_after(answer: &Answer) -> Option<u64> {
    match answer.errors.first()?.extensions.as_ref()?.get("retryAfter")? {
        Value::Number(seconds) => seconds.as_u64(),
        _ => None,
    }
}

/// The status of an answer in that form. Too often is too often in any form: whatever is between the client and us knows 429.
pub(crate) fn status(answer: &Answer, format: Format) -> StatusCode {
    if was_refused(answer) && code(answer) == Some("RATE_LIMITED") {
        return StatusCode::TOO_MANY_REQUESTS;
    }
    if format == Format::Json || !was_refused(answer) {
        return StatusCode::OK;
    }
    match code(answer) {
        Some("UNAUTHENTICATED") => StatusCode::UNAUTHORIZED,
        Some("FORBIDDEN") => StatusCode::FORBIDDEN,
        Some("UNAVAILABLE") => StatusCode::SERVICE_UNAVAILABLE,
        Some("INTERNAL") => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// An answer as an HTTP response. Nothing of it may be kept by a cache: it is for one person.
pub(crate) fn respond(answer: &Answer, format: Format) -> Response {
    let mut response = Response::builder()
        .status(status(answer, format))
        .header(header::CONTENT_TYPE, format.content_type())
        .header(header::CACHE_CONTROL, "no-store")
        .body(encode(answer));
    if let Some(seconds) = retry_after(answer) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// A request that came too early: when to come back, as a header and as a GraphQL error.
pub(crate) fn slow_down(what: &str, wait: Duration, request_id: &str) -> Response {
    let seconds = entente_graphql::retry_after(wait);
    let mut response = refuse(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", &format!("{what}; try again in {seconds} s."), request_id, Format::Json);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// A refusal by the edge, shaped like every other GraphQL error.
pub(crate) fn refuse(status: StatusCode, code: &str, message: &str, request_id: &str, format: Format) -> Response {
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, format.content_type())
        .header(header::CACHE_CONTROL, "no-store")
        .body(error_body(code, message, request_id).to_string())
}

/// `{"errors": [...]}` with one error.
pub(crate) fn error_body(code: &str, message: &str, request_id: &str) -> serde_json::Value {
    json!({ "errors": [{ "message": message, "extensions": { "code": code, "requestId": request_id } }] })
}
