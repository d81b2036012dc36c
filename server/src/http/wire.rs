//! GraphQL responses as bytes: with or without `data`, with the right status, and errors that the edge itself makes.

use async_graphql::{Response as Answer, ServerError, Value};
use poem::Response;
use poem::http::{StatusCode, header};
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

/// The status of an answer in that form.
pub(crate) fn status(answer: &Answer, format: Format) -> StatusCode {
    if format == Format::Json || !was_refused(answer) {
        return StatusCode::OK;
    }
    match code(answer) {
        Some("UNAUTHENTICATED") => StatusCode::UNAUTHORIZED,
        Some("FORBIDDEN") => StatusCode::FORBIDDEN,
        Some("RATE_LIMITED") => StatusCode::TOO_MANY_REQUESTS,
        Some("UNAVAILABLE") => StatusCode::SERVICE_UNAVAILABLE,
        Some("INTERNAL") => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// An answer as an HTTP response. Nothing of it may be kept by a cache: it is for one person.
pub(crate) fn respond(answer: &Answer, format: Format) -> Response {
    Response::builder()
        .status(status(answer, format))
        .header(header::CONTENT_TYPE, format.content_type())
        .header(header::CACHE_CONTROL, "no-store")
        .body(encode(answer))
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
